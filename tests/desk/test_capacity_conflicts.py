"""Fewer places than children: found, told as an alarm, gone when places or placements change."""

from datetime import timedelta

import pytest

from callcenter.care.own_rules import OwnHours
from callcenter.care.provider_record import GroupRecord
from callcenter.care.rules import Window
from callcenter.desk.capacity_conflicts import Conflict, capacity_conflicts
from callcenter.desk.provider_hours import close_provider, lift_closure, set_hours
from callcenter.desk.providers import confirm_places, record_providers
from callcenter.desk.queue_view import queue_view
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk
from callcenter.store import lowered
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, END, START, UNKNOWN

LATER = NOW + timedelta(minutes=5)


def conflicts(desk: Desk) -> list[Conflict]:
    return capacity_conflicts(desk.connection, desk.reference, LATER)


def test_only_groups_with_fewer_places_are_looked_at(desk: Desk) -> None:
    plan = [row[3] for row in desk.connection.execute(f"EXPLAIN QUERY PLAN {lowered._LOWERED}", (0,))]
    assert plan[0].startswith("SEARCH g USING INDEX provider_group_lowered")


def test_nobody_is_thrown_out_when_places_are_lowered(desk: Desk) -> None:
    first, _offer = wishes.place(desk)
    second, _offer = wishes.place(desk, start=START + timedelta(hours=1), end=END)
    assert conflicts(desk) == []
    before = wishes.taken(desk)
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", 1)
    (found,) = conflicts(desk)
    assert wishes.taken(desk) == before
    assert (found.group_id, found.taken, found.places) == ("centre/72-155m", 2, 1)
    assert (found.start, found.end) == (START + timedelta(hours=1), END)
    assert {request for request, _number in found.requests} == {first, second}
    view = queue_view(desk.connection, LATER, OPERATOR, 0, 10, reference=desk.reference)
    (alarm,) = [row for row in view.alarms if row.kind == "places"]
    assert (alarm.subject, alarm.number) == found.requests[0]
    assert alarm.due == int(LATER.timestamp())
    cancel_request(desk, OPERATOR, LATER, alarm.subject, "withdrawn")
    assert conflicts(desk) == []


def test_more_places_end_it(desk: Desk) -> None:
    wishes.place(desk)
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", 0)
    assert [(one.taken, one.places) for one in conflicts(desk)] == [(1, 0)]
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", None)
    assert conflicts(desk) == []
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", 1)
    assert conflicts(desk) == []


def test_a_closure_over_a_placement_is_one(desk: Desk) -> None:
    wishes.place(desk)
    closure = close_provider(desk, OPERATOR, LATER, "centre", START, START + timedelta(minutes=30), "정전")
    assert [(one.start, one.end) for one in conflicts(desk)] == [(START, START + timedelta(minutes=30))]
    lift_closure(desk, OPERATOR, LATER, closure)
    assert conflicts(desk) == []


def test_shorter_hours_and_a_smaller_record_are_too(desk: Desk) -> None:
    wishes.place(desk)
    set_hours(desk, SUPERVISOR, LATER, "centre", OwnHours(weekday=(Window(20 * 60, 22 * 60),)))
    assert [(one.start, one.end) for one in conflicts(desk)] == [(END - timedelta(hours=1), END)]
    record_providers(desk, SUPERVISOR, LATER, [CENTRE])
    assert conflicts(desk) == []
    record_providers(desk, SUPERVISOR, LATER, [CENTRE._replace(groups=(GroupRecord("72-155m", 72, 155, 0),))])
    assert [(one.taken, one.places) for one in conflicts(desk)] == [(1, 0)]


@pytest.mark.parametrize(("places", "expected"), [(0, 1), (1, 0), (None, 0)])
def test_places_that_nobody_knew_can_turn_out_too_few(desk: Desk, places: int | None, expected: int) -> None:
    wishes.place(desk, UNKNOWN)
    confirm_places(desk, OPERATOR, LATER, "unknown/72-155m", places)
    assert len(conflicts(desk)) == expected


def test_what_is_over_is_no_conflict(desk: Desk) -> None:
    wishes.place(desk)
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", 0)
    assert capacity_conflicts(desk.connection, desk.reference, END) == []
