"""Every code has its word, and providers stay apart under their short names."""

from typing import get_args

import pytest

from callcenter.care.child import SCHOOLS
from callcenter.care.lifecycle import CALL, OFFER, REQUEST
from callcenter.care.priority import LATER, Urgency
from callcenter.console.actions import ACTIONS
from callcenter.console.presentation import words
from callcenter.console.presentation.glyphs import safe
from callcenter.desk.permission import Role
from callcenter.reference import Reference
from tests.console.presentation.rows import at

BLOCKS = """age_under age_over school_age not_in_school region_not_served residence outside_hours outside_admission
    closed_day cutoff_passed notice_too_short hotline_closed too_long too_short too_many_days not_registered symptoms
    special_care in_the_past no_group no_place refused"""


def test_every_code_has_a_word_of_its_own() -> None:
    for say, codes in (
        (words.state, REQUEST.words),
        (words.offer_state, OFFER.words),
        (words.call_state, CALL.words),
        (words.urgency, get_args(Urgency)),
        (words.school, SCHOOLS),
        (words.role, get_args(Role)),
        (words.short_state, sorted(REQUEST.open)),
    ):
        told = [say(code) for code in codes]
        assert len(set(told)) == len(told)
        assert all(map(safe, told))
        assert all(told)


def test_every_band_has_a_sign() -> None:
    assert [words.band_sign(band) for band in range(LATER + 1)]


@pytest.mark.parametrize("code", BLOCKS.split())
def test_blocks_are_counted_in_words(code: str) -> None:
    assert words.block(code) != code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("수원시다함께돌봄센터 6호점", "다함께6호"),
        ("고양시립장미어린이집", "시립장미"),
        ("시립힐즈파크어린이집", "시립힐즈파크"),
        ("이천시 24시간 아이돌봄센터 아이다봄", "24시간 아이다봄"),
        ("경산소방서 119아이행복 돌봄터", "경산소방서 119아이행복"),
        ("시연 돌보미 가온", "돌보미 가온"),
        ("어린이집", "어린이집"),
        ("수원시", "수원시"),
        ("", ""),
    ],
)
def test_short_provider(data: Reference, name: str, expected: str) -> None:
    assert words.short_provider(data, name) == expected


def test_short_names_keep_the_providers_apart(data: Reference) -> None:
    short = [words.short_provider(data, provider.name) for provider in data.providers]
    assert len(set(short)) == len(short)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("full", "No place left"), ("no_answer", "no answer"), ("accepted", "accepted"), ("expired", "expired")],
)
def test_answers(data: Reference, code: str, expected: str) -> None:
    assert words.answer(data, code) == expected


def test_registered() -> None:
    assert len({words.registered(known) for known in (None, 0, 1)}) == 3


@pytest.mark.parametrize(
    "action", ["call.end", "enquiry.close", "offer.answer", "request.confirm", "request.hold", "desk.undo"]
)
def test_what_is_done_is_said(action: str) -> None:
    assert action in {one.id for one in ACTIONS}
    assert words.done(action) != words.done("something else")


def test_grade_follows_the_school_year() -> None:
    birth = at(2, 0).date().replace(year=2018, month=3)
    assert words.grade(birth, "elementary", at(24, 0).date()) == "el.2"
    assert words.grade(birth, "elementary", at(24, 0).date().replace(year=2027, month=2)) == "el.2"
    assert words.grade(birth, "elementary", at(24, 0).date().replace(year=2027, month=3)) == "el.3"
    assert words.grade(birth, "kindergarten", at(24, 0).date()) == ""
