"""What a listing looks like to people: words and hours, a line each, nothing that only programs read."""

import pytest

from callcenter import language
from callcenter.command_table import print_table

REQUEST = {
    "number": "A-1124-001",
    "opened_at": "2026-11-24T17:40:00+09:00",
    "state": "accepted",
    "channel": "platform",
    "region": "41110",
    "service": None,
    "children": [
        {"name": "박*봄", "birth": "2018-**-**", "school": "elementary"},
        {"name": "박*움", "birth": "2020-**-**", "school": None},
    ],
    "restricted": True,
}


def columns(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def test_codes_are_words_and_moments_hours(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([REQUEST])
    children = "박*봄 2018-**-** elementary school, 박*움 2020-**-**"
    assert columns(capsys.readouterr().out) == [
        ["Number", "Since", "State", "Channel", "City", "Service", "Child", "Restricted"],
        ["A-1124-001", "2026-11-24 17:40", "accepted", "platform", "Suwon", "-", children, "yes"],
    ]


def test_only_the_fields_that_people_want(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([REQUEST, REQUEST | {"number": "A-1124-002", "restricted": False}], ("number", "restricted"))
    assert columns(capsys.readouterr().out) == [
        ["Number", "Restricted"],
        ["A-1124-001", "yes"],
        ["A-1124-002"],
    ]


def test_what_is_not_known_of_a_group_stays_open(capsys: pytest.CaptureFixture[str]) -> None:
    groups = [{"label": "6-35m", "places": 3, "months_min": 6}, {"label": "36-83m", "places": None, "months_min": 36}]
    print_table([{"id": "daycare-bucheon-aram", "groups": groups, "odd": "\x1b[31mred"}])
    out = capsys.readouterr().out
    assert columns(out)[1][:2] == ["daycare-bucheon-aram", "6-35m: 3, 36-83m: ?"]
    assert "\x1b" not in out


def test_in_korean(capsys: pytest.CaptureFixture[str]) -> None:
    language.use("ko")
    print_table([REQUEST], ("number", "state", "region"))
    assert columns(capsys.readouterr().out) == [["접수번호", "상태", "시군"], ["A-1124-001", "수락", "수원"]]


def test_an_hour_is_told_as_it_is_in_seoul(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"at": "2026-11-24T08:40:00.123+00:00"}])
    assert columns(capsys.readouterr().out) == [["At"], ["2026-11-24 17:40"]]


MESSAGE = {"number": "A-1124-001", "occasion": "offer_made", "to": "provider", "state": "failed", "result": "timeout"}
INCIDENT = {"what": "injury", "told": ["119", "guardian"], "raised_by": "김상담"}
CHOICE = {"rank": 1, "taken": True, "points": {"distance": -3.5, "free": 6.0}, "why": None}
TO_CONFIRM = {"service": "gyeonggi.elementary", "minutes": 200}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (MESSAGE, ["A-1124-001", "offer", "provider", "not sent", "no answer"]),
        (INCIDENT, ["Hurt", "119, The guardian", "김상담"]),
        (CHOICE, ["1", "yes", "distance -3.5, free +6.0", "-"]),
        (TO_CONFIRM, ["Elementary", "3 h 20 min"]),
    ],
)
def test_codes_of_every_list_are_words(
    row: dict[str, object], shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    print_table([row])
    assert columns(capsys.readouterr().out)[1] == shown
    language.use("ko")
    print_table([row])
    heading = capsys.readouterr().out.splitlines()[0]
    assert not any(letter.isascii() and letter.isalpha() for letter in heading), heading
