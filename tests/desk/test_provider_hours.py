"""Closures, own hours, rosters and duty: told, folded, and what they do to matches and offers."""

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from callcenter.care.own_rules import OwnHours, OwnRules
from callcenter.care.places import CareTimesError
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.care.rules import Window
from callcenter.desk.around import around
from callcenter.desk.facilities import day_number_answers, terms_of
from callcenter.desk.matches import matches
from callcenter.desk.offers import RulesForbid, make_offer
from callcenter.desk.permission import NotPermitted
from callcenter.desk.provider_file import supply_of
from callcenter.desk.provider_hours import (
    EmptyPlan,
    NewShift,
    ReasonMissing,
    SeveralGroups,
    UnknownDay,
    close_provider,
    lift_closure,
    set_duty,
    set_hours,
    set_roster,
    set_roster_day,
)
from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk, NotFound
from callcenter.desk.view import request_view
from callcenter.journal import bodies, history
from callcenter.journal.entry import Entry
from callcenter.store import provider_times, reads
from callcenter.store.engine import create
from callcenter.store.tables import schema
from callcenter.store.transactions import writing
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, END, START
from tests.journal.evenings import AT, append, folded
from tests.published import GYEONGSAN, STATION, SUWON, VISIT, seoul

if TYPE_CHECKING:
    from sqlite3 import Connection

HOUR = timedelta(hours=1)
ROOM = ProviderRecord("room", STATION, "시험 돌봄터", GYEONGSAN, groups=(GroupRecord("3-155m", 3, 155, 9),), demo=True)
EVENING = (Window(18 * 60, 24 * 60),)


def out(desk: Desk, request_id: str, provider: str) -> tuple[str, ...]:
    """Why the provider is out; () where it is among the matches."""
    request = reads.request(desk.connection, request_id)
    assert request is not None
    children = reads.children_of_request(desk.connection, request_id)
    ranking = matches(desk.connection, desk.reference, desk.programs, request, children, NOW).ranking
    inside = {match.candidate.provider_id for match in ranking.matches}
    left = {one.candidate.provider_id: one.codes for one in ranking.out}
    assert (provider in inside) != (provider in left)
    return left.get(provider, ())


def free(desk: Desk, provider: str, months: int = 100) -> int | None:
    return supply_of(desk.connection, desk.reference)(provider, START, END, months)


def test_a_closed_provider_is_out_and_cannot_be_offered_until_the_closure_is_lifted(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    assert (out(desk, request_id, "centre"), free(desk, "centre")) == ((), 2)
    before = wishes.entries(desk.connection)
    closure = close_provider(desk, OPERATOR, NOW, "centre", START + HOUR, END, " 소독 ")
    assert wishes.kinds(desk, before) == ["closure.set"]
    assert (out(desk, request_id, "centre"), free(desk, "centre")) == (("closed_day",), 0)
    with pytest.raises(RulesForbid) as refusal:
        make_offer(desk, OPERATOR, NOW, request_id, "centre")
    assert "소독" in str(refusal.value)
    assert lift_closure(desk, OPERATOR, NOW, closure) == "centre"
    assert (out(desk, request_id, "centre"), free(desk, "centre")) == ((), 2)
    make_offer(desk, OPERATOR, NOW, request_id, "centre")
    with pytest.raises(NotFound):
        lift_closure(desk, OPERATOR, NOW, closure)


def test_the_strip_of_half_hours_shows_the_closure(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    close_provider(desk, OPERATOR, NOW, "centre", START + HOUR, START + 2 * HOUR, "소독")
    view = request_view(desk.connection, request_id)
    (row,) = [
        row for row in around(desk.connection, desk.reference, desk.programs, view, NOW) if row.provider_id == "centre"
    ]
    # From an hour before the start; the centres of 수원 open at 20.
    assert row.states == ("closed",) * 2 + ("free",) * 2 + ("closed",) * 2 + ("free",) * 4
    assert (row.free, row.places) == (0, 0)


def test_a_closure_has_a_time_and_a_reason(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    with pytest.raises(CareTimesError):
        close_provider(desk, OPERATOR, NOW, "centre", END, END, "소독")
    with pytest.raises(ReasonMissing):
        close_provider(desk, OPERATOR, NOW, "centre", START, END, " \u200b ")
    with pytest.raises(NotFound):
        close_provider(desk, OPERATOR, NOW, "nobody", START, END, "소독")
    assert wishes.entries(desk.connection) == before


def test_own_hours_are_in_the_record_and_leave_the_other_kinds_of_day(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    set_hours(desk, SUPERVISOR, NOW, "centre", OwnHours(weekday=(Window(420, 540), Window(1260, 1440))))
    assert out(desk, request_id, "centre") == ("outside_hours",)
    row = reads.provider(desk.connection, "centre")
    assert row is not None
    assert terms_of(row.record).own.hours == OwnHours(weekday=(Window(420, 540), Window(1260, 1440)))
    set_hours(desk, SUPERVISOR, NOW, "centre", OwnHours())
    assert out(desk, request_id, "centre") == ()
    with pytest.raises(NotPermitted):
        set_hours(desk, OPERATOR, NOW, "centre", OwnHours())
    with pytest.raises(NotFound):
        set_hours(desk, SUPERVISOR, NOW, "nobody", OwnHours())


def test_a_service_that_is_closed_then_has_takers_where_one_of_its_providers_is_open(desk: Desk) -> None:
    request_id = wishes.take(desk, start=START - 2 * HOUR, end=START).request_id
    request = reads.request(desk.connection, request_id)
    assert request is not None
    children = reads.children_of_request(desk.connection, request_id)

    def found() -> tuple[str, frozenset[str]]:
        told = matches(desk.connection, desk.reference, desk.programs, request, children, NOW)
        return next(one.outcome for one in told.verdicts if one.service == CENTRE.service), told.takers

    assert found() == ("blocked", frozenset())
    set_hours(desk, SUPERVISOR, NOW, "centre", OwnHours(weekday=(Window(13 * 60, 24 * 60),)))
    assert found() == ("blocked", frozenset({CENTRE.service}))


def test_a_record_from_a_file_says_its_own_hours_notice_and_fee(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    for own, expected in (
        (OwnRules(notice=180), ("notice_too_short",)),
        (OwnRules(licence_until=date(2026, 11, 1)), ("licence_expired",)),
        (OwnRules(hours=OwnHours(weekday=())), ("outside_hours",)),
        (OwnRules(), ()),
    ):
        record_providers(desk, SUPERVISOR, NOW, [CENTRE._replace(own=own)])
        assert out(desk, request_id, "centre") == expected


# ---------------------------------------------------------------- rosters


def at_home(desk: Desk) -> str:
    """A request that a carer could take, asked for while the hotline links to carers."""
    small = wishes.child(birth="2022-05-05", school="none")
    return wishes.take(desk, small, now=NOW + HOUR, start=START + HOUR, service=VISIT).request_id


def test_a_carer_works_by_its_roster(desk: Desk) -> None:
    request_id = at_home(desk)
    assert out(desk, request_id, "carer") == ()
    set_roster(desk, OPERATOR, NOW, "carer", {"mon": EVENING})
    assert out(desk, request_id, "carer") == ("off_roster",)
    set_roster(desk, OPERATOR, NOW, "carer", {"mon": EVENING, "tue": EVENING})
    assert out(desk, request_id, "carer") == ()
    set_roster_day(desk, OPERATOR, NOW, "carer", date(2026, 11, 24), ())
    assert out(desk, request_id, "carer") == ("off_roster",)
    set_roster_day(desk, OPERATOR, NOW, "carer", date(2026, 11, 24), None)
    assert out(desk, request_id, "carer") == ()
    set_roster(desk, OPERATOR, NOW, "carer", {})
    assert out(desk, request_id, "carer") == ("off_roster",)
    set_roster(desk, OPERATOR, NOW, "carer", None)
    assert out(desk, request_id, "carer") == ()


def test_a_single_day_outlives_a_new_week(desk: Desk) -> None:
    set_roster(desk, OPERATOR, NOW, "carer", {"tue": EVENING})
    set_roster_day(desk, OPERATOR, NOW, "carer", date(2026, 11, 24), ())
    set_roster(desk, OPERATOR, NOW, "carer", {"tue": EVENING, "sat": EVENING, "holiday": ()})
    assert out(desk, at_home(desk), "carer") == ("off_roster",)


def test_a_roster_knows_the_days_of_the_week_only(desk: Desk) -> None:
    with pytest.raises(UnknownDay):
        set_roster(desk, OPERATOR, NOW, "carer", {"monday": EVENING})
    with pytest.raises(NotFound):
        set_roster(desk, OPERATOR, NOW, "nobody", {"mon": EVENING})
    with pytest.raises(NotFound):
        set_roster_day(desk, OPERATOR, NOW, "nobody", date(2026, 11, 24), ())


# ---------------------------------------------------------------- duty


def shift(start: str, end: str, *keepers: str) -> NewShift:
    return NewShift(seoul(f"2026-11-{start}"), seoul(f"2026-11-{end}"), keepers)


def test_the_places_of_a_care_room_follow_who_is_on_duty(desk: Desk) -> None:
    wishes.have(desk, ROOM)
    assert free(desk, "room") == 9
    set_duty(
        desk, OPERATOR, NOW, "room",
        [shift("24T16:00", "24T22:00", "김지킴", "이지킴", " 김지킴 "), shift("24T22:00", "25T08:00", "박지킴")],
    )  # fmt: skip
    # Three children for each keeper: six until ten o'clock, three from then on.
    assert free(desk, "room") == 3
    set_duty(desk, OPERATOR, NOW, "room", [shift("24T22:00", "25T08:00", "박지킴", "최지킴")])
    assert free(desk, "room") == 6
    set_duty(desk, OPERATOR, NOW, "room", [shift("24T22:00", "25T08:00")])
    assert free(desk, "room") == 0
    supply = supply_of(desk.connection, desk.reference)
    assert supply("room", seoul("2026-11-26T20:00"), seoul("2026-11-26T21:00"), 100) is None
    rows = provider_times.shifts(desk.connection, ["room"], 0, 1 << 40)
    assert [row.keepers for row in rows] == ['["김지킴","이지킴"]', "[]"]


def test_nobody_on_duty_is_a_reason_of_its_own(desk: Desk) -> None:
    wishes.have(desk, ROOM)
    wish = wishes.take(desk, region=GYEONGSAN, residence=GYEONGSAN)
    assert out(desk, wish.request_id, "room") == ()
    set_duty(desk, OPERATOR, NOW, "room", [shift("24T16:00", "25T08:00")])
    assert out(desk, wish.request_id, "room") == ("no_duty",)


def test_a_duty_plan_is_refused_when_it_says_nothing_or_cannot_be_counted(desk: Desk) -> None:
    wishes.have(desk, ROOM._replace(id="two", groups=(*ROOM.groups, GroupRecord("3-35m", 3, 35, 2))))
    good = [shift("24T16:00", "24T22:00", "김지킴")]
    with pytest.raises(EmptyPlan):
        set_duty(desk, OPERATOR, NOW, "centre", [])
    with pytest.raises(CareTimesError):
        set_duty(desk, OPERATOR, NOW, "centre", [shift("24T22:00", "24T16:00", "김지킴")])
    with pytest.raises(SeveralGroups):
        set_duty(desk, OPERATOR, NOW, "two", good)
    with pytest.raises(NotFound):
        set_duty(desk, OPERATOR, NOW, "nobody", good)


# ---------------------------------------------------------------- telephone


@pytest.mark.parametrize(
    ("own", "at", "expected"),
    [
        (None, "2026-11-24T07:00", True),
        (None, "2026-11-24T20:00", False),
        ((Window(9 * 60, 18 * 60),), "2026-11-24T08:59", False),
        ((Window(9 * 60, 18 * 60),), "2026-11-24T17:59", True),
        ((Window(20 * 60, 26 * 60),), "2026-11-24T01:00", True),
        ((), "2026-11-24T12:00", False),
    ],
)
def test_when_the_day_number_answers(desk: Desk, own: tuple[Window, ...] | None, at: str, expected: bool) -> None:
    wishes.have(desk, CENTRE._replace(phone_day_hours=own))
    row = reads.provider(desk.connection, "centre")
    assert row is not None
    assert day_number_answers(desk.reference, row, seoul(at)) is expected


# ---------------------------------------------------------------- in any order


def told(rng: Random) -> bodies.Body:
    """Something a provider tells about when it is there."""
    start = AT // 1000 + 1800 * rng.randrange(8)
    cells = ["closed", "18:00-22:00", "07:00-09:00 20:00-24:00"]
    closure = f"closure-{rng.randrange(3)}"
    return rng.choice(
        [
            bodies.ClosureSet(closure=closure, start=start, end=start + 7200, reason="소독"),
            bodies.ClosureLifted(closure=closure),
            bodies.RosterSet(week={rng.choice(["mon", "tue", "holiday"]): rng.choice(cells)}),
            bodies.RosterSet(week=None),
            bodies.RosterDaySet(day="2026-11-24", hours=rng.choice([*cells, None])),
            bodies.DutySet(
                start=start,
                end=start + 5400,
                shifts=[bodies.ShiftBody(start=start, end=start + 3600, keepers=rng.sample("가나다", 2))],
            ),
            bodies.HoursSet(hours={"hours_weekday": rng.choice(cells)}),
            bodies.PlacesConfirmed(group="p/a", places=rng.choice([None, 0, 2, 5]), how="telephone"),
            recorded(rng.choice([None, 3, 6])),
        ]
    )


def recorded(places: int | None) -> bodies.ProviderRecorded:
    group = bodies.GroupBody(id="p/a", label="a", months_min=0, months_max=155, children_per_place=1, places=places)
    record: dict[str, JsonValue] = {"name": "가", "region": SUWON, "hours_sunday": "closed"}
    return bodies.ProviderRecorded(
        service=STATION, name="가", region=SUWON, lat=37.0, lon=127.0, groups=[group], record=record
    )


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), steps=st.integers(1, 30))
def test_what_providers_tell_folds_to_the_same_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int
) -> None:
    folder = tmp_path_factory.mktemp("desks")
    here, there = create(folder / "here.db", schema()), create(folder / "there.db", schema())
    rng = Random(seed)
    made: list[Entry] = [append(here, "p", recorded(4), entropy=rng.randbytes)]
    moments = range(AT, AT + 1000 * steps, 1000)
    made += [append(here, "p", told(rng), desk=rng.choice("AB"), at=at, entropy=rng.randbytes) for at in moments]
    arriving = list(made)
    rng.shuffle(arriving)
    for entry in arriving:
        with writing(there):
            history.receive(there, [entry])
    assert folded(there) == folded(here)
    here.close()
    there.close()


def test_closing_and_lifting_leaves_the_tables_as_before(desk: Desk) -> None:
    def times(connection: "Connection") -> list[object]:
        rows = folded(connection)
        return [rows[name] for name in ("closure", "roster", "roster_day", "duty_shift", "place_taken", "provider")]

    before = times(desk.connection)
    lift_closure(desk, OPERATOR, NOW, close_provider(desk, OPERATOR, NOW, CARER.id, START, END, "휴가"))
    assert times(desk.connection) == before
