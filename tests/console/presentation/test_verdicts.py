"""What each service says: yes, why not and when it would, or what to ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.eligibility import Ask, Block, Verdict
from callcenter.console.presentation import verdicts
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.console.presentation.rows import (
    assert_fits,
    at,
    page,
    text,
)

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
    lines = page(verdicts.lines(VERDICTS, data, NOW, 160)).splitlines()
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
    lines = [text(line) for line in verdicts.lines(VERDICTS[1:2], data, NOW, 44)]
    assert len(lines) == 2
    assert lines[1].strip() == "next tmw 07:30-10:30"


@pytest.mark.parametrize(("won", "expected"), [(None, "fee to be asked"), (0, "free of charge"), (15000, "15,000 won")])
def test_fee(won: int | None, expected: str) -> None:
    assert verdicts.fee(won) == expected


@given(width=st.integers(20, 200), korean=st.booleans())
def test_verdicts_fit(data: Reference, width: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    assert_fits(verdicts.lines(VERDICTS, data, NOW, width), width)


def test_a_service_of_which_some_provider_can_is_no_plain_no(data: Reference) -> None:
    language.use("ko")
    closed = Verdict("gyeonggi.elementary", "blocked", (Block("no_place", {}),), next=(at(25, 20), at(25, 23)))
    assert page(verdicts.lines([closed], data, NOW, 80, {"gyeonggi.elementary"})) == (
        "o 초등 일부 가능 ∙ 나머지: 자리 없음"
    )
    assert page(verdicts.lines([closed], data, NOW, 80, {"gyeonggi.visit"})).startswith("x 초등")
