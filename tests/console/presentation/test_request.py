"""The selected request: everything is there, nobody is named unless revealed, no line is too wide."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.provider_record import ProviderRecord, row_of
from callcenter.console.presentation import glyphs, request
from callcenter.desk.permission import PLATFORM
from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.store.reads import ProviderRow, RequestRow
from tests.conftest import NOW
from tests.console.presentation.rows import (
    CHILD,
    CHILD_ROW,
    GUARDIAN,
    GUARDIAN_ROW,
    OFFER_ROW,
    PHONE,
    REQUEST_ROW,
    SECRETS,
    assert_fits,
    at,
    note,
    page,
    stamp,
    view,
)

SICK = CHILD_ROW._replace(
    id="c2",
    birth="2025-09-10",
    school=None,
    registered=None,
    symptoms="fever",
    needs="allergy",
    care_note=f"땅콩 알레르기, {GUARDIAN} 010 0000 1234 먼저",
)
FULL = view(
    REQUEST_ROW._replace(
        state="offered",
        urgency="urgent",
        channel="platform",
        residence="41190",
        service="gyeonggi.daycare",
        promised_at=stamp(at(24, 17, 55)),
    ),
    guardian=GUARDIAN_ROW._replace(language="vi", relation="grandparent"),
    children=[CHILD_ROW._replace(registered=False), SICK],
    history=[REQUEST_ROW._replace(id="r0", state="cancelled", start_at=stamp(at(20, 9)))],
    offers=[OFFER_ROW._replace(state="declined", answer="full"), OFFER_ROW._replace(id="o2")],
    notes=[
        note("세 번째로 오래된 메모", 30),
        note(f"{GUARDIAN} 님이 01000001234 로 {CHILD} 문의", 36),
        note("+82 10-0000-1234 부재중"),
    ],
)


def shown(data: Reference, found: RequestView = FULL, width: int = 60, *, revealed: bool = False) -> str:
    return page(request.lines(found, data, NOW, width, revealed))


def test_a_simple_request_is_five_lines(data: Reference) -> None:
    assert shown(data, view(), 44).splitlines() == [
        "A-1124-007 ∙ received",
        "Suwon ∙ today 20:00-23:00 (3 h)",
        "Night or weekend work",
        "고*별 (mother) ∙ 010-****-1234",
        "first request",
        "고*결 8 y ∙ el.2 ∙ registered",
    ]


@pytest.mark.parametrize(
    "expected",
    [
        "A-1124-007 ∙ ! urgent ∙ offered ∙ platform",
        "lives in Bucheon",
        "only Daycare",
        "call-back promised by 17:55",
        "(grandparent)",
        "Vietnamese",
        "1 earlier, last Fri 11/20 cancelled",
        "고*결 8 y ∙ el.2 ∙ not registered",
        "고*결 14 mo ∙ registration?",
        "‼ sick: Fever / needs: Allergies / 땅콩 알레르기",
        "17:38 주이레 No place left",
        "17:37 김상담: *** 부재중",
    ],
)
def test_everything_known_is_there(data: Reference, expected: str) -> None:
    assert expected in shown(data)


def test_the_last_two_notes(data: Reference) -> None:
    assert "세 번째로" not in shown(data)


def test_a_long_note_is_cut_after_three_lines_but_a_care_note_never(data: Reference) -> None:
    long = "가나다라 " * 60
    found = view(children=[CHILD_ROW._replace(care_note=long)], notes=[note(long)])
    lines = shown(data, found, 40).splitlines()
    assert lines[-1].endswith("..")
    assert len([line for line in lines if "가나" in line and "‼" not in line]) > 3
    assert sum(line.count("가나다라") for line in lines[:-3]) == 60


@given(width=st.integers(20, 200), korean=st.booleans())
def test_nobody_is_named(data: Reference, width: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    lines = request.lines(FULL, data, NOW, width, revealed=False)
    assert_fits(lines, width)
    joined = page(lines).replace("\n", "").replace(" ", "")
    for secret in SECRETS:
        assert secret.replace("-", "") not in joined.replace("-", "")


def test_revealed_shows_names_and_number(data: Reference) -> None:
    found = shown(data, revealed=True)
    for secret in (GUARDIAN, CHILD, "010-0000-1234", "01000001234"):
        assert secret in found


def test_a_danger_is_one_line_and_loses_its_case_number_before_it_is_cut(data: Reference) -> None:
    told = view()._replace(danger=(("abuse", "2026-1124-77"), ("abuse", "2026-1125-3"), ("emergency", "")))

    def line(width: int) -> list[str]:
        return [one for one in page(request.lines(told, data, NOW, width, False)).splitlines() if "Danger" in one]

    assert line(60) == [f"{glyphs.URGENT} Danger was raised: 112 2026-1124-77, 112 2026-1125-3, 119"]
    assert line(40) == [f"{glyphs.URGENT} Danger was raised: 112, 119"]
    assert "Danger" not in page(request.lines(view(), data, NOW, 60, False))


def test_an_erased_guardian_is_said(data: Reference) -> None:
    assert "erased" in shown(data, view(guardian=None))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (REQUEST_ROW._replace(urgency="emergency"), "‼ emergency 119"),
        (REQUEST_ROW._replace(urgency="abuse"), "‼ abuse 112"),
        (REQUEST_ROW._replace(state="held", held_until=stamp(at(25, 9))), "held until tomorrow 09:00"),
        (REQUEST_ROW._replace(state="unplaced", ended_reason="all_full"), "not placed Everything full"),
    ],
)
def test_the_state_of_things(data: Reference, row: RequestRow, expected: str) -> None:
    assert expected in shown(data, view(row))


def test_who_is_asked_beside_stands_there_with_its_number(data: Reference) -> None:
    beside = OFFER_ROW._replace(id="o2", provider_id="second", provider="둘째다함께돌봄센터")
    known = ProviderRecord("second", "gyeonggi.elementary", "둘째다함께돌봄센터", "41110", phone_day="031-000-0002")
    record = json.dumps(dict(row_of(known)))
    second = ProviderRow("second", "gyeonggi.elementary", "둘째다함께돌봄센터", "41110", 37.2, 127.0, record)
    shown = view(offers=[OFFER_ROW, beside])._replace(asked={"second": second})
    assert "둘째다함께 awaiting an answer 8:00 ∙ 031-000-0002 ∙ 김상담" in page(
        request.lines(shown, data, NOW, 80, False)
    )
    # Nor is it cut where the panel is narrow: it is what is rung next.
    assert "031-000-0002" in page(request.lines(shown, data, NOW, 36, False))


@pytest.mark.parametrize("state", ["conditional", "accepted"])
def test_the_condition_of_who_is_asked_beside_is_never_cut(data: Reference, state: str) -> None:
    asked_for = "only until 22:00, and the child brings its supper"
    beside = OFFER_ROW._replace(id="o2", provider_id="second", provider="둘째", state=state, condition=asked_for)
    text = page(request.lines(view(offers=[OFFER_ROW, beside]), data, NOW, 36, False))
    assert f"Condition: {asked_for}" in " ".join(text.split())


def test_every_state_has_its_word(data: Reference) -> None:
    states = ["open", "matching", "offered", "accepted", "confirmed", "held", "unplaced", "cancelled", "in_care"]
    titles = {shown(data, view(REQUEST_ROW._replace(state=state))).splitlines()[0] for state in states}
    assert len(titles) == len(states)
    assert PHONE not in "".join(titles)


def test_what_the_platform_brought_is_never_cut(data: Reference) -> None:
    marks = "\n".join(f"- {one}번째로 확인할 일이 있습니다. 보호자에게 여쭤 보세요" for one in range(9))
    found = shown(data, view(notes=[note(marks)._replace(operator=PLATFORM.name)]), 40)
    assert [one for one in range(9) if f"- {one}번째로" in found] == list(range(9))
