from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL, Calendar, Closure, HolidaySwitch
from callcenter.care.child import Child, School
from callcenter.care.eligibility import (
    SEARCH_DAYS,
    Bookable,
    Facility,
    Need,
    Verdict,
    together,
    verdict,
    verdict_for_all,
)
from callcenter.care.program_file import services_of
from callcenter.care.programs import Coverage, CoverageRow, Service
from callcenter.datafile.tables import parse_toml
from tests import published
from tests.published import DAYCARE, ELEMENTARY, REFERENCE, STATION, VISIT, ask, codes, need, seoul

HALF_HOUR = timedelta(minutes=30)
CODES = {
    "age_under", "age_over", "school_age", "not_in_school", "region_not_served", "residence",
    "outside_hours", "outside_admission", "closed_day", "cutoff_passed", "notice_too_short", "hotline_closed",
    "too_long", "too_short", "too_many_days", "not_registered", "symptoms", "special_care", "in_the_past",
}  # fmt: skip


def service_of(rules: str) -> Service:
    text = f"""
        [[service]]
        id = "made-up.care"
        name = {{ ko = "가", en = "A" }}
        short = {{ ko = "가", en = "A" }}
        {rules}
        """
    return services_of(parse_toml(text.encode(), "made-up.toml"), "made-up", REFERENCE.regions)[0]


COVERED = Coverage(
    [CoverageRow("made-up.care", code, date(2024, 1, 1), None, None, "", "made up") for code in ("41110", "41190")]
)
PLAIN = need(published.SUWON, "2020-05-05", "2026-11-26T10:00", "2026-11-26T12:00", school="none")


def asked(service: Service, wanted: Need = PLAIN, facility: Facility | None = None) -> Verdict:
    return verdict(service, wanted, seoul("2026-11-26T09:00"), REFERENCE.calendar, COVERED, facility)


def test_a_service_can_refuse_special_needs() -> None:
    service = service_of(
        """[[service.special_care]]
        refused = ["disability"]
        valid_from = 2024-01-01
        source = "made up"
        """
    )
    assert codes(asked(service)) == set()
    wanted = replace(PLAIN, needs=frozenset({"disability", "allergy"}))
    assert [block.values["needs"] for block in asked(service, wanted).blocks] == [("disability",)]


@pytest.mark.parametrize(
    ("can", "blocked"),
    [(None, False), (frozenset({"disability", "meals"}), False), (frozenset({"meals"}), True)],
)
def test_a_provider_whose_abilities_are_known_must_have_the_one_needed(can: frozenset[str], blocked: bool) -> None:
    wanted = replace(PLAIN, needs=frozenset({"disability"}))
    found = asked(service_of(""), wanted, Facility("one", published.SUWON, None, can))
    assert ("special_care" in codes(found)) is blocked


@pytest.mark.parametrize(("region", "residents_only", "blocked"), [
    ("41110", True, False),
    ("41190", True, True),
    ("41190", False, False),
    ("41190", None, False),
])  # fmt: skip
def test_a_provider_for_residents_only(region: str, residents_only: bool | None, blocked: bool) -> None:
    found = asked(service_of(""), facility=Facility("one", region, residents_only))
    assert ("residence" in codes(found)) is blocked


def test_a_provider_of_its_own_hours_and_fee_takes_the_place_of_its_region_and_service() -> None:
    def rule(where: str, opens: str, won: int) -> str:
        week = "".join(f'{kind} = ["{opens}-20:00"]\n' for kind in ("weekday", "saturday", "sunday", "holiday"))
        tail = f'{where}\nvalid_from = 2024-01-01\nsource = "made up"\n'
        return f"[[service.hours]]\n{week}{tail}[[service.fee]]\nwon_per_hour = {won}\nunit_minutes = 60\n{tail}"

    service = service_of(
        rule("", "09:00", 1000) + rule('region = "41110"', "11:00", 2000) + rule('provider = "early"', "10:00", 3000)
    )
    elsewhere = asked(service, facility=Facility("late", "41190"))
    region = asked(service, facility=Facility("late", "41110"))
    own = asked(service, facility=Facility("early", "41110"))
    assert [(found.outcome, found.fee) for found in (elsewhere, region, own)] == [
        ("available", 2000),
        ("blocked", 4000),
        ("available", 6000),
    ]


def test_a_rule_is_taken_of_the_day_of_care() -> None:
    service = service_of(
        """[[service.length]]
        max_minutes = 60
        valid_from = 2024-01-01
        valid_to = 2026-11-25
        source = "made up"
        [[service.length]]
        max_minutes = 120
        valid_from = 2026-11-26
        source = "made up"
        """
    )
    assert codes(asked(service)) == set()
    now = seoul("2026-11-25T09:00")
    day_before = replace(PLAIN, start=seoul("2026-11-25T10:00"), end=seoul("2026-11-25T12:00"))
    found = verdict(service, day_before, now, REFERENCE.calendar, COVERED)
    assert codes(found) == {"too_long"}
    assert found.next == (seoul("2026-11-26T00:00"), seoul("2026-11-26T02:00"))


@pytest.mark.parametrize("subject", [DAYCARE, "daycare-bucheon-aram"])
def test_a_closure_blocks_its_day_of_opening(subject: str) -> None:
    calendar = Calendar(closures=[Closure(subject, date(2026, 11, 26), date(2026, 11, 26), "소독")])
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-27T02:00", "2026-11-27T06:00")
    facility = Facility("daycare-bucheon-aram", published.BUCHEON)
    found = verdict(
        REFERENCE.services[DAYCARE], wanted, seoul("2026-11-24T12:00"), calendar, REFERENCE.coverage, facility
    )
    closed = [block for block in found.blocks if block.code == "closed_day"]
    assert [(block.values["day"], block.values["reason"]) for block in closed] == [(date(2026, 11, 26), "소독")]


def test_a_holiday_the_supervisor_added_changes_admission() -> None:
    calendar = Calendar([HolidaySwitch(date(2026, 11, 27), "임시공휴일", on=True)])
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-27T08:00", "2026-11-27T12:00")
    found = verdict(REFERENCE.services[DAYCARE], wanted, seoul("2026-11-26T12:00"), calendar, REFERENCE.coverage)
    assert codes(found) == {"outside_admission"}
    assert found.next == (seoul("2026-11-27T09:00"), seoul("2026-11-27T13:00"))


def test_a_provider_of_a_region_the_service_left_is_out() -> None:
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-26T10:00", "2026-11-26T12:00")
    found = ask(DAYCARE, wanted, "2026-11-26T09:00", Facility("one", published.SUWON))
    assert codes(found) == {"region_not_served"}


def test_an_end_before_the_start_is_too_short_and_nothing_else() -> None:
    wanted = need(published.BUCHEON, "2023-01-10", "2026-11-26T12:00", "2026-11-26T10:00")
    found = ask(DAYCARE, wanted, "2026-11-26T09:00")
    assert (codes(found), found.next, found.fee) == ({"too_short"}, None, None)


def test_all_blocks_are_told_not_the_first() -> None:
    wanted = need(
        published.YONGIN, "2012-01-10", "2026-11-26T23:00", "2026-11-26T23:30",
        residence="11440", registered=False, symptoms=frozenset({"infection"}),
    )  # fmt: skip
    found = ask(VISIT, wanted, "2026-11-26T22:10")
    assert codes(found) == {
        "symptoms", "not_registered", "hotline_closed", "too_short", "age_over", "region_not_served", "residence",
        "notice_too_short",
    }  # fmt: skip


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = replace(PLAIN, start=PLAIN.start.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        asked(service_of(""), naive)


def test_moments_of_another_zone_are_the_same_moments() -> None:
    wanted = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
    elsewhere = replace(wanted, start=datetime.fromisoformat("2026-11-26T07:00+00:00"))
    assert ask(DAYCARE, elsewhere, "2026-11-26T14:30") == ask(DAYCARE, wanted, "2026-11-26T14:30")


BABY = need(published.BUCHEON, "2025-09-10", "2026-11-26T16:00", "2026-11-26T19:00")
NEWBORN = replace(BABY, child=Child(date(2026, 10, 10)))
SIX = replace(BABY, child=Child(date(2020, 3, 3)))


def for_all(*needs: Need) -> Verdict:
    return verdict_for_all(
        REFERENCE.services[DAYCARE], needs, seoul("2026-11-26T14:30"), REFERENCE.calendar, REFERENCE.coverage
    )


def test_siblings_are_charged_each_and_asked_about_each() -> None:
    found = for_all(BABY, SIX, SIX)
    assert (found.outcome, found.fee, [one.field for one in found.asks]) == ("ask", 27000, ["school"])


def test_one_sibling_who_cannot_come_blocks_all() -> None:
    found = for_all(BABY, NEWBORN)
    assert (found.outcome, codes(found), found.next) == ("blocked", {"age_under"}, None)


def test_the_next_time_suits_every_sibling() -> None:
    almost = replace(BABY, child=Child(date(2026, 5, 28)))
    found = for_all(BABY, almost)
    assert found.next == (seoul("2026-11-28T09:00"), seoul("2026-11-28T12:00"))
    assert found.next[0] > max(one.next[0] for one in (for_all(BABY),) if one.next)


def test_an_unknown_fee_of_one_is_an_unknown_sum() -> None:
    known = Verdict("x", "available", fee=1000)
    assert together([known, known]).fee == 2000
    assert together([known, replace(known, fee=None)]).fee is None


SERVICES = st.sampled_from([ELEMENTARY, DAYCARE, VISIT, STATION])
SCHOOLS: st.SearchStrategy[School | None] = st.sampled_from([None, "none", "kindergarten", "elementary", "middle"])
NOW = st.integers(0, 60 * 24 * 500).map(lambda minutes: seoul("2025-09-20T00:00") + timedelta(minutes=minutes))


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, Need, datetime]:
    now = draw(NOW)
    start = (now + timedelta(hours=draw(st.integers(-6, 24 * 8)))).replace(minute=draw(st.sampled_from([0, 10, 30])))
    wanted = Need(
        region=draw(st.sampled_from(list(REFERENCE.regions))),
        child=Child(draw(st.dates(date(2011, 1, 1), date(2026, 9, 1))), draw(SCHOOLS)),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 60 * 16)) * draw(st.sampled_from([1, 1, 1, 10]))),
        residence=draw(st.sampled_from([None, "41110", "47290", "11440"])),
        registered=draw(st.sampled_from([None, True, False])),
        symptoms=draw(st.sampled_from([frozenset(), frozenset({"fever"}), frozenset({"infection"})])),
        channel=draw(st.sampled_from(["hotline", "platform", "direct"])),
    )
    return draw(SERVICES), wanted, now


def decided(service: str, wanted: Need, now: datetime, *, find_next: bool = True) -> Verdict:
    return verdict(
        REFERENCE.services[service], wanted, now, REFERENCE.calendar, REFERENCE.coverage, find_next=find_next
    )


@settings(max_examples=300)
@given(situations())
def test_a_verdict_is_sound(situation: tuple[str, Need, datetime]) -> None:
    found = decided(*situation)
    assert codes(found) <= CODES
    assert (found.outcome == "blocked") is bool(found.blocks)
    assert (found.outcome == "ask") is bool(found.asks)
    _service, wanted, _now = situation
    if found.outcome == "available":
        assert found.next == (wanted.start, wanted.end)


@settings(max_examples=150)
@given(situations(), st.integers(0, 2000), st.sampled_from([None, "41110", "41190"]))
def test_another_time_can_be_booked_where_its_verdict_has_no_block(
    situation: tuple[str, Need, datetime], younger: int, region: str | None
) -> None:
    service, wanted, now = situation
    sibling = replace(wanted, child=replace(wanted.child, birth=wanted.child.birth + timedelta(days=younger)))
    facility = Facility("made-up", region, residents_only=True) if region else None
    known = REFERENCE.services[service], [wanted, sibling], now, REFERENCE.calendar, REFERENCE.coverage, facility
    bookable = Bookable(*known)
    length = wanted.end - wanted.start
    for moved in (0, 1, -1, 16, 48):
        for longer in (0, 1, -1):
            start = wanted.start + moved * HALF_HOUR
            end = start + max(length + longer * HALF_HOUR, timedelta(minutes=1))
            needs = [replace(need, start=start, end=end) for need in (wanted, sibling)]
            blocks = verdict_for_all(known[0], needs, *known[2:], find_next=False).blocks
            assert bookable.at(start, end) is not bool(blocks)


@settings(max_examples=40)
@given(situations())
def test_next_is_the_first_time_on_the_grid_that_nothing_blocks(situation: tuple[str, Need, datetime]) -> None:
    service, wanted, now = situation
    found = decided(service, wanted, now).next
    length = wanted.end - wanted.start
    begin = max(wanted.start, now)
    grid = begin.replace(minute=0, second=0, microsecond=0)
    tries = [begin] if begin == wanted.start else []
    tries += [grid + step * HALF_HOUR for step in range(SEARCH_DAYS * 48 + 3)]
    tries = [at for at in tries if at >= begin]
    first = next(
        (
            at
            for at in tries
            if not decided(service, replace(wanted, start=at, end=at + length), now, find_next=False).blocks
        ),
        None,
    )
    if first is None or first > begin + timedelta(days=SEARCH_DAYS):
        assert found is None
    else:
        assert found == (first, first + length)


@settings(max_examples=200)
@given(situations())
def test_calling_earlier_never_loses_what_can_be_booked_but_for_the_hours_of_the_call(
    situation: tuple[str, Need, datetime],
) -> None:
    """Only the hotline's own hours and the first day of booking can speak against calling earlier."""
    service, wanted, now = situation
    if decided(service, wanted, now, find_next=False).outcome == "available":
        earlier = decided(service, wanted, now - timedelta(hours=7), find_next=False)
        assert codes(earlier) <= {"hotline_closed", "too_many_days"}


@settings(max_examples=100)
@given(situations(), st.lists(st.sampled_from([0, 1, 2, 400, 900, 1700, 3000]), min_size=1, max_size=3))
def test_several_children_are_each_allowed_or_none_is(
    situation: tuple[str, Need, datetime], younger: list[int]
) -> None:
    service, wanted, now = situation
    needs = [
        replace(wanted, child=replace(wanted.child, birth=wanted.child.birth + timedelta(days=days)))
        for days in younger
    ]
    found = verdict_for_all(REFERENCE.services[service], needs, now, REFERENCE.calendar, REFERENCE.coverage)
    each = [decided(service, one, now, find_next=False) for one in needs]
    assert codes(found) == set().union(*map(codes, each))
    assert (found.outcome == "available") is all(one.outcome == "available" for one in each)
    if found.next is not None:
        start, end = found.next
        for one in needs:
            assert decided(service, replace(one, start=start, end=end), now, find_next=False).outcome != "blocked"


def test_seoul_is_what_is_answered() -> None:
    found = ask(DAYCARE, BABY, "2026-11-26T14:30")
    assert found.next is not None
    assert found.next[0].tzinfo is SEOUL
