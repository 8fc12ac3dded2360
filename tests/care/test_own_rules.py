"""A provider's own rules stand before its service's, and some keep it from caring at all."""

from datetime import date, timedelta

import pytest

from callcenter.care.eligibility import Facility, Verdict, verdict
from callcenter.care.own_rules import OwnHours, OwnRules
from callcenter.care.rules import Window
from tests.published import BUCHEON, DAYCARE, ELEMENTARY, REFERENCE, SEONGNAM, SUWON, VISIT, ask, codes, need, seoul

EVENING = need(SEONGNAM, "2018-05-05", "2026-11-24T19:00", "2026-11-24T21:00", school="elementary", registered=True)
VISITED = need(SUWON, "2022-05-05", "2026-11-24T21:00", "2026-11-25T01:00", registered=True)


def own(rules: OwnRules, service: str = ELEMENTARY, region: str = SEONGNAM, km: float | None = None) -> Verdict:
    wanted, now = (EVENING, "2026-11-24T17:40") if service == ELEMENTARY else (VISITED, "2026-11-24T18:40")
    return ask(service, wanted, now, Facility("own", region, own=rules, km=km))


def hours(*windows: tuple[int, int]) -> OwnHours:
    return OwnHours(weekday=tuple(Window(60 * opens, 60 * closes) for opens, closes in windows))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (OwnRules(), set()),
        (OwnRules(hours=hours((7, 9), (18, 22))), set()),
        (OwnRules(hours=hours((7, 9), (20, 24))), {"outside_hours"}),
        (OwnRules(hours=OwnHours(weekday=())), {"outside_hours"}),
        # Another kind of day is not this one.
        (OwnRules(hours=OwnHours(saturday=())), set()),
        (OwnRules(notice=60), set()),
        (OwnRules(notice=120), {"notice_too_short"}),
        (OwnRules(licence_until=date(2026, 11, 24)), set()),
        (OwnRules(licence_until=date(2026, 11, 23)), {"licence_expired"}),
        (OwnRules(training_until=date(2026, 11, 23)), {"training_expired"}),
    ],
)
def test_of_a_centre(rules: OwnRules, expected: set[str]) -> None:
    assert codes(own(rules)) == expected


@pytest.mark.parametrize(
    ("rules", "km", "region", "expected"),
    [
        (OwnRules(radius_km=10), 9.9, "41590", set()),
        (OwnRules(radius_km=10), 10.1, "41590", {"too_far"}),
        # Within one's own si nobody knows how far the home is.
        (OwnRules(radius_km=10), 10.1, SUWON, set()),
        (OwnRules(radius_km=10), None, "41590", set()),
        (OwnRules(radius_km=None), 400.0, "41590", set()),
        # The care ends after midnight: on the last of its days the training must hold as well.
        (OwnRules(training_until=date(2026, 11, 24)), None, SUWON, {"training_expired"}),
        (OwnRules(training_until=date(2026, 11, 25)), None, SUWON, set()),
    ],
)
def test_of_a_carer(rules: OwnRules, km: float | None, region: str, expected: set[str]) -> None:
    assert codes(own(rules, VISIT, region, km)) == expected


def test_what_has_expired_is_never_later_possible() -> None:
    facility = Facility("own", SEONGNAM, own=OwnRules(licence_until=date(2026, 11, 1)))
    service = REFERENCE.services[ELEMENTARY]
    found = verdict(service, EVENING, seoul("2026-11-24T17:40"), REFERENCE.calendar, REFERENCE.coverage, facility)
    assert found.next is None


def test_own_hours_move_the_next_time_and_the_sentence_says_them() -> None:
    facility = Facility("own", SEONGNAM, own=OwnRules(hours=hours((20, 24))))
    service = REFERENCE.services[ELEMENTARY]
    found = verdict(service, EVENING, seoul("2026-11-24T17:40"), REFERENCE.calendar, REFERENCE.coverage, facility)
    assert [block.values["hours"] for block in found.blocks] == [(Window(1200, 1440),)]
    assert found.next == (seoul("2026-11-24T20:00"), seoul("2026-11-24T22:00"))


@pytest.mark.parametrize(
    ("won", "service", "fee"),
    [(None, ELEMENTARY, None), (4000, ELEMENTARY, 8000), (0, ELEMENTARY, 0), (10_000, VISIT, 55_000)],
)
def test_a_fee_of_its_own_with_the_surcharges_of_the_service(won: int | None, service: str, fee: int | None) -> None:
    # From 21 to 01 o'clock: one hour at the plain fee, three hours of night at one and a half.
    region = SEONGNAM if service == ELEMENTARY else SUWON
    assert own(OwnRules(won_per_hour=won), service, region).fee == fee


def test_notice_of_its_own_leaves_the_other_cut_offs() -> None:
    wanted = need(BUCHEON, "2023-01-10", "2026-11-26T16:00", "2026-11-26T19:00")
    late = ask(DAYCARE, wanted, "2026-11-26T15:30", Facility("own", BUCHEON, own=OwnRules(notice=60)))
    assert codes(late) == {"cutoff_passed", "notice_too_short"}
    (short,) = (block for block in late.blocks if block.code == "notice_too_short")
    assert short.values["notice"] == timedelta(hours=1)
