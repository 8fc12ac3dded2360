"""Who is around a request: half hour by half hour, and how many places over the time asked for."""

from datetime import timedelta

from callcenter.desk.around import SLOTS, AroundRow, around
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.providers import confirm_places
from callcenter.desk.session import Desk
from callcenter.desk.view import request_view
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, UNKNOWN, offer, take

LATER = NOW + timedelta(minutes=1)


def rows(desk: Desk, request_id: str) -> dict[str, AroundRow]:
    found = around(desk.connection, desk.reference, desk.programs, request_view(desk.connection, request_id), NOW)
    return {row.provider_id: row for row in found}


def test_closed_free_held_and_taken_half_hours(desk: Desk) -> None:
    request_id = take(desk).request_id
    other = take(desk, end=wishes.END - timedelta(hours=1)).request_id
    # 수원's centres are open from 20 to 24 on weekdays; the strip begins an hour before the start asked for.
    closed, evening = ("closed",) * 2, ("free",) * 8
    after = ("closed",) * (SLOTS - 10)
    row = rows(desk, request_id)["one-place"]
    assert row.first == wishes.START - timedelta(hours=1)
    assert row.states == (*closed, *evening, *after)
    assert len(row.states) == SLOTS
    assert (row.free, row.places) == (1, 1)
    made = offer(desk, other, ONE_PLACE)
    row = rows(desk, request_id)["one-place"]
    assert row.states == (*closed, *("held",) * 4, *evening[4:], *after)
    assert (row.free, row.places) == (0, 1)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    assert rows(desk, request_id)["one-place"].states[2:6] == ("taken",) * 4


def test_a_place_of_two_leaves_the_half_hour_free(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, take(desk).request_id)
    row = rows(desk, request_id)["centre"]
    assert row.states[2] == "free"
    assert (row.free, row.places) == (1, 2)


def test_unknown_places_are_unknown_and_a_confirmation_says_who_and_when(desk: Desk) -> None:
    request_id = take(desk).request_id
    row = rows(desk, request_id)["unknown"]
    assert (row.states[2], row.free, row.places, row.confirmed_at) == ("unknown", None, None, None)
    confirm_places(desk, OPERATOR, NOW, "unknown/72-155m", 3)
    row = rows(desk, request_id)["unknown"]
    assert (row.states[2], row.free, row.places, row.confirmed_at, row.confirmed_by) == (
        "free", 3, 3, NOW, OPERATOR.name,
    )  # fmt: skip


def test_who_has_no_group_for_the_children_or_has_left_is_not_around(desk: Desk) -> None:
    wishes.have(desk, CENTRE._replace(id="gone", valid_to=NOW.date() - timedelta(days=1)))
    request_id = take(desk, wishes.child(birth="2024-05-05", school="none")).request_id
    assert {CENTRE.id, ONE_PLACE.id, UNKNOWN.id, "gone"}.isdisjoint(rows(desk, request_id))
    pupil = take(desk).request_id
    assert {"centre", "gone"} & set(rows(desk, pupil)) == {"centre"}
    assert around(desk.connection, desk.reference, desk.programs, None, NOW) == []
