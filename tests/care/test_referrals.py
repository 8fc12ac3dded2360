from datetime import date

import pytest

from callcenter.care.eligibility import Verdict
from callcenter.care.referrals import Referral, referrals_for
from callcenter.language import Words
from tests import published
from tests.published import REFERENCE, need

NAME = Words("가", "A")
PLAIN = Referral(
    "x",
    NAME,
    "110",
    NAME,
    "made up",
    frozenset(),
    frozenset(),
    None,
    0,
    215,
    None,
    date(2026, 1, 1),
    date(2026, 12, 31),
)
BLOCKED, AVAILABLE = Verdict("x", "blocked"), Verdict("x", "available")


def named(
    referral: Referral, *verdicts: Verdict, start: str = "2026-11-26T10:00", region: str = published.SUWON
) -> bool:
    end = start.replace("T10", "T12").replace("T17", "T19")
    wanted = need(region, "2020-11-26", start, end, needs=frozenset({"allergy"}), symptoms=frozenset({"cough"}))
    return bool(referrals_for([referral], wanted, verdicts, REFERENCE.calendar))


@pytest.mark.parametrize(
    ("referral", "expected"),
    [
        pytest.param(PLAIN, True, id="nothing available"),
        pytest.param(PLAIN._replace(needs=frozenset({"disability"})), False, id="another need"),
        pytest.param(PLAIN._replace(needs=frozenset({"allergy", "disability"})), True, id="one of the needs"),
        pytest.param(PLAIN._replace(symptoms=frozenset({"fever"})), False, id="another symptom"),
        pytest.param(PLAIN._replace(symptoms=frozenset({"cough"})), True, id="the symptom"),
        pytest.param(PLAIN._replace(province="47"), False, id="another province"),
        pytest.param(PLAIN._replace(province="41"), True, id="the province"),
        pytest.param(PLAIN._replace(months_max=71), False, id="a day too old"),
        pytest.param(PLAIN._replace(months_min=72, months_max=72), True, id="both ends of the age included"),
        pytest.param(PLAIN._replace(valid_from=date(2026, 11, 27)), False, id="not yet"),
        pytest.param(PLAIN._replace(valid_to=date(2026, 11, 25)), False, id="no more"),
    ],
)
def test_when_it_is_named(referral: Referral, expected: bool) -> None:
    assert named(referral, BLOCKED) is expected


def test_a_general_one_only_when_nothing_is_available() -> None:
    assert not named(PLAIN, BLOCKED, AVAILABLE)
    assert named(PLAIN._replace(needs=frozenset({"allergy"})), BLOCKED, AVAILABLE)


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2026-11-26T10:00", False), ("2026-11-26T17:00", True), ("2026-11-28T17:00", False)],
)
def test_hours_by_kind_of_day(start: str, expected: bool) -> None:
    extended = next(one for one in REFERENCE.referrals if one.id == "night-extended")
    assert named(extended, BLOCKED, start=start) is expected
