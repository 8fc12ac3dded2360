"""The selected request: everything is there, nobody is named unless revealed, no line is too wide."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.eligibility import Ask, Block, Verdict
from callcenter.care.provider_record import ProviderRecord, row_of
from callcenter.console.presentation import request
from callcenter.desk.permission import PLATFORM
from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.store.reads import OfferRow, ProviderRow, RequestRow
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
    text,
    view,
)

RECORD = {"name": "주이레지역아동센터", "phone_day": "031-000-0001", "phone_night": "031-000-0002", "phone_oncall": ""}
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


@pytest.mark.parametrize(
    ("by_day", "record", "expected"),
    [
        (True, RECORD, "> 031-000-0001 by day"),
        (False, RECORD, "> 031-000-0002 at night"),
        (False, RECORD | {"phone_night": "", "phone_oncall": "010-0000-0003"}, "> 010-0000-0003 on call"),
        (False, {"phone_day": "031-000-0001"}, "> 031-000-0001 by day"),
        (True, {"phone_day": ""}, "‼ check the telephone number"),
    ],
)
def test_the_number_to_ring_is_that_of_the_hour(by_day: bool, record: dict[str, str], expected: str) -> None:
    lines = request.ring_lines(record, OFFER_ROW, NOW, 60, by_day=by_day)
    assert text(lines[1]) == expected


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (OFFER_ROW, ["Ring now: 주이레지역아동센터", "> 031-000-0001 by day", "8:00 answer by 17:48"]),
        (OFFER_ROW._replace(places_known=False), [..., ..., "8:00 answer by 17:48 ∙ ask how many places are free"]),
        (
            OFFER_ROW._replace(state="accepted", answered_at=stamp(NOW)),
            ["Has accepted: 주이레지역아동센터", ..., "now tell the guardian and confirm"],
        ),
        (OFFER_ROW._replace(state="accepted", confirmed_at=stamp(NOW)), [..., ..., "guardian confirmed 17:40"]),
        (OFFER_ROW._replace(ring_again=True), [..., ..., "8:00 ring again at 17:48"]),
        (
            OFFER_ROW._replace(state="reserved", places_known=False),
            ["Place kept: 주이레지역아동센터", "8:00 kept until 17:48 while the guardian thinks"],
        ),
        (
            OFFER_ROW._replace(state="conditional", condition="by 22:00"),
            [
                "Yes on a condition: 주이레지역아동센터",
                ...,
                "Condition: by 22:00",
                "8:00 ask the guardian by 17:48",
            ],
        ),
        (
            OFFER_ROW._replace(state="accepted", condition="by 22:00"),
            [..., ..., "Condition: by 22:00", "now tell the guardian and confirm"],
        ),
        (OFFER_ROW._replace(state="declined"), []),
        (OFFER_ROW._replace(state="expired"), []),
    ],
)
def test_ringing(offer: OfferRow, expected: list[object]) -> None:
    lines = [text(line) for line in request.ring_lines(RECORD, offer, NOW, 60, by_day=True)]
    assert [line if wanted is not ... else ... for line, wanted in zip(lines, expected, strict=True)] == expected


def test_a_number_that_was_wrong_says_so() -> None:
    def lines(doubted: str) -> list[str]:
        found = request.ring_lines(RECORD, OFFER_ROW, NOW, 60, by_day=True, doubted={doubted})
        return [text(line) for line in found]

    assert lines("031-000-0001")[2] == "‼ This was a wrong number."
    assert len(lines("031-000-9999")) == 3


def test_who_is_asked_beside_stands_there_with_its_number(data: Reference) -> None:
    beside = OFFER_ROW._replace(id="o2", provider_id="second", provider="둘째다함께돌봄센터")
    known = ProviderRecord("second", "gyeonggi.elementary", "둘째다함께돌봄센터", "41110", phone_day="031-000-0002")
    record = json.dumps(dict(row_of(known)))
    second = ProviderRow("second", "gyeonggi.elementary", "둘째다함께돌봄센터", "41110", 37.2, 127.0, record)
    shown = view(offers=[OFFER_ROW, beside])._replace(asked={"second": second})
    assert "둘째다함께 awaiting an answer 8:00 031-000-0002 김상담" in page(request.lines(shown, data, NOW, 80, False))


@given(width=st.integers(20, 200), minutes=st.integers(-100, 100), korean=st.booleans())
def test_ringing_fits(width: int, minutes: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    for offer in (OFFER_ROW, OFFER_ROW._replace(state="accepted"), OFFER_ROW._replace(places_known=False)):
        for record in (RECORD, {}):
            lines = request.ring_lines(record, offer, NOW + timedelta(minutes=minutes), width, by_day=korean)
            assert 3 <= len(lines) <= 5
            assert_fits(lines, width)


VERDICTS = (
    Verdict("gyeonggi.elementary", "available", fee=15000),
    Verdict(
        "gyeonggi.daycare",
        "blocked",
        (Block("symptoms", {"symptoms": ("fever",)}), Block("no_place", {})),
        next=(at(25, 7, 30), at(25, 10, 30)),
    ),
    Verdict("gyeonggi.visit", "ask", asks=(Ask("school", {"day": at(24, 20).date()}),)),
    Verdict("gyeongsan.station", "blocked", (Block("region_not_served", {"region": "41110", "regions": ()}),)),
)


def test_each_service_says_yes_or_why_not_or_what_to_ask(data: Reference) -> None:
    language.use("ko")
    lines = page(request.verdict_lines(VERDICTS, data, NOW, 160)).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("o 초등 ")
    assert "15,000" in lines[0]
    assert lines[1].startswith("x 어린이집 ")
    assert "감염증상 ∙ 자리 없음" in lines[1]
    assert "07:30-10:30" in lines[1]
    assert lines[2].startswith("? 방문 ")
    assert "초등학생인지 물어보세요" in lines[2]
    assert "수원시에서는 하지 않는 서비스입니다." in lines[3]


def test_the_next_time_goes_below_where_the_reason_is_long(data: Reference) -> None:
    lines = [text(line) for line in request.verdict_lines(VERDICTS[1:2], data, NOW, 44)]
    assert len(lines) == 2
    assert lines[1].strip() == "next tmw 07:30-10:30"


@pytest.mark.parametrize(("won", "expected"), [(None, "fee to be asked"), (0, "free of charge"), (15000, "15,000 won")])
def test_fee(won: int | None, expected: str) -> None:
    assert request.fee(won) == expected


@given(width=st.integers(20, 200), korean=st.booleans())
def test_verdicts_fit(data: Reference, width: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    assert_fits(request.verdict_lines(VERDICTS, data, NOW, width), width)


def test_every_state_has_its_word(data: Reference) -> None:
    states = ["open", "matching", "offered", "accepted", "confirmed", "held", "unplaced", "cancelled", "in_care"]
    titles = {shown(data, view(REQUEST_ROW._replace(state=state))).splitlines()[0] for state in states}
    assert len(titles) == len(states)
    assert PHONE not in "".join(titles)


def test_what_the_platform_brought_is_never_cut(data: Reference) -> None:
    marks = "\n".join(f"- {one}번째로 확인할 일이 있습니다. 보호자에게 여쭤 보세요" for one in range(9))
    found = shown(data, view(notes=[note(marks)._replace(operator=PLATFORM.name)]), 40)
    assert [one for one in range(9) if f"- {one}번째로" in found] == list(range(9))
