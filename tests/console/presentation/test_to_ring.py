"""Whom to ring now: the number of the hour, until when, and nothing wider than the line."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.console.presentation import to_ring
from callcenter.store.reads import OfferRow
from tests.conftest import NOW
from tests.console.presentation.rows import (
    OFFER_ROW,
    assert_fits,
    stamp,
    text,
)

RECORD = {"name": "주이레지역아동센터", "phone_day": "031-000-0001", "phone_night": "031-000-0002", "phone_oncall": ""}


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
    lines = to_ring.lines(record, OFFER_ROW, NOW, 60, by_day=by_day)
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
        (OFFER_ROW._replace(ring_again=True), [..., ..., "8:00 ring again: 17:48"]),
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
    lines = [text(line) for line in to_ring.lines(RECORD, offer, NOW, 60, by_day=True)]
    assert [line if wanted is not ... else ... for line, wanted in zip(lines, expected, strict=True)] == expected


def test_a_number_that_was_wrong_says_so() -> None:
    def lines(doubted: str) -> list[str]:
        found = to_ring.lines(RECORD, OFFER_ROW, NOW, 60, by_day=True, doubted={doubted})
        return [text(line) for line in found]

    assert lines("031-000-0001")[2] == "‼ This was a wrong number."
    assert len(lines("031-000-9999")) == 3


@given(width=st.integers(20, 200), minutes=st.integers(-100, 100), korean=st.booleans())
def test_ringing_fits(width: int, minutes: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    for offer in (OFFER_ROW, OFFER_ROW._replace(state="accepted"), OFFER_ROW._replace(places_known=False)):
        for record in (RECORD, {}):
            lines = to_ring.lines(record, offer, NOW + timedelta(minutes=minutes), width, by_day=korean)
            assert 3 <= len(lines) <= 5
            assert_fits(lines, width)
