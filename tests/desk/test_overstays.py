"""A child who should have been fetched is still there: its place is nobody else's in the half hours that go by."""

from datetime import datetime, timedelta

import pytest

from callcenter.care.places import slot_of
from callcenter.desk.around import around
from callcenter.desk.availability import Availability, Wish, why_not
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.matches import matches
from callcenter.desk.offered import NoPlaceLeft
from callcenter.desk.session import Desk
from callcenter.desk.view import request_view
from callcenter.store import reads
from tests.conftest import OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, START, child, offer, place, take, taken

HOUR = timedelta(hours=1)
ENDS = START + HOUR
LATE = ENDS + timedelta(minutes=10)
GROUP = f"{ONE_PLACE.id}/72-155m"


@pytest.fixture
def staying(desk: Desk) -> tuple[str, str]:
    """A request whose child has the only place for an hour, and is there."""
    wishes.have(desk, CENTRE, ONE_PLACE)
    request, _offer = place(desk, ONE_PLACE, end=ENDS)
    only = reads.children_of_request(desk.connection, request)[0].id
    assert admit(desk, OPERATOR, START, request, only, AtTheDoor(temperature=366)) is None
    return request, only


def wanted(desk: Desk, start: datetime = ENDS, end: datetime = ENDS + HOUR) -> str:
    guardian = wishes.mother("010-0000-5678")
    return take(desk, child("이가을"), guardian=guardian, start=start, end=end).request_id


def free_at(desk: Desk, request_id: str, now: datetime) -> tuple[bool, str, int | None]:
    """Whether the one place is among the matches, how its first half hour shows, and how many are free."""
    view = request_view(desk.connection, request_id, OPERATOR)
    assert view is not None
    found = matches(desk.connection, desk.reference, desk.programs, view.request, view.children, now)
    (row,) = [
        one
        for one in around(desk.connection, desk.reference, desk.programs, view, now)
        if one.provider_id == ONE_PLACE.id
    ]
    at = slot_of(ENDS) - slot_of(row.first)
    full = why_not(desk.connection, desk.reference, view, ONE_PLACE.id, now)
    assert (full is not None and bool(full)) == (row.free == 0)
    return ONE_PLACE.id in {one.candidate.provider_id for one in found.ranking.matches}, row.states[at], row.free


def test_the_place_is_not_offered_while_the_child_is_there(desk: Desk, staying: tuple[str, str]) -> None:
    request, only = staying
    next_one = wanted(desk)
    assert free_at(desk, next_one, ENDS - timedelta(minutes=1)) == (True, "free", 1)
    assert free_at(desk, next_one, LATE) == (False, "taken", 0)
    with pytest.raises(NoPlaceLeft):
        offer(desk, next_one, ONE_PLACE, LATE)
    # Nothing was written for it: the guardian has not asked for more.
    assert {row[1] for row in taken(desk)} == set(range(slot_of(START), slot_of(ENDS)))
    # Another provider has one, and later the child will have been fetched.
    assert offer(desk, next_one, CENTRE, LATE).offer_id
    assert offer(desk, wanted(desk, ENDS + HOUR, ENDS + 2 * HOUR), ONE_PLACE, LATE).offer_id
    pick_up(desk, OPERATOR, LATE + timedelta(minutes=5), request, only, "guardian")
    assert offer(desk, wanted(desk, ENDS, ENDS + HOUR), ONE_PLACE, LATE + timedelta(minutes=6)).offer_id


def test_the_list_of_providers_shows_who_is_still_there(desk: Desk, staying: tuple[str, str]) -> None:
    lists = Availability(desk.reference, desk.programs)
    named = Wish(text="한자리", limit=9)
    here, later = slot_of(ENDS), slot_of(ENDS) + 1

    def shown(now: datetime) -> tuple[str, list[str | None], int]:
        cell = lists.cell(desk.connection, GROUP, here, OPERATOR, now)
        assert cell is not None
        free = lists.view(desk.connection, named._replace(now_free=True), now)
        return cell.state, [seat.child for seat in cell.seats], free.total

    assert shown(ENDS - timedelta(minutes=1)) == ("free", [], 0)
    assert shown(LATE) == ("taken", ["박새봄"], 0)
    (row,) = lists.view(desk.connection, named, LATE).rows
    window = lists.view(desk.connection, named, LATE).window
    assert row.states[here - window.start] == "taken"
    assert row.states[later - window.start] == "free"
    request, only = staying
    pick_up(desk, OPERATOR, LATE, request, only, "guardian")
    assert shown(LATE) == ("free", [], 1)


def test_who_stayed_counts_beside_the_next_child_with_the_same_number(desk: Desk) -> None:
    wishes.have(desk, CENTRE)
    request, _offer = place(desk, CENTRE, end=ENDS)
    only = reads.children_of_request(desk.connection, request)[0].id
    admit(desk, OPERATOR, START, request, only, AtTheDoor(temperature=366))
    # Both were planned while the first was to go in time: they have one number.
    offer(desk, wanted(desk), CENTRE)
    assert {row[2] for row in taken(desk)} == {1}
    third = wanted(desk)
    with pytest.raises(NoPlaceLeft):
        offer(desk, third, CENTRE, LATE)
    pick_up(desk, OPERATOR, LATE, request, only, "guardian")
    assert offer(desk, third, CENTRE, LATE).offer_id
