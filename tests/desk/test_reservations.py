"""A place kept while the parent thinks: everybody sees it, it ends by itself for nobody, and it blocks no child."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.priority import RESERVED_FOR
from callcenter.desk.calls import close_enquiry, end_call, open_call
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import NoPlaceLeft, OfferOver, OfferTaken, make_offer, undo_offer
from callcenter.desk.requests import cancel_request, hold_request, leave_unplaced
from callcenter.desk.reservations import give_back_places, renew_offer, reserve_places
from callcenter.desk.session import Desk, seconds
from callcenter.store import reads
from callcenter.store.offers_in_flight import in_flight
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.test_offer_answers import asked_next, the
from tests.desk.wishes import CENTRE, ONE_PLACE, SLOTS, child, offer, state, take, taken

LATER = NOW + timedelta(minutes=1)
OVER = NOW + RESERVED_FOR


def keep(desk: Desk, request_id: str, call_id: str | None = None) -> OfferTaken:
    return reserve_places(desk, OPERATOR, NOW, request_id, ONE_PLACE.id, call_id=call_id)


def test_a_kept_place_is_taken_and_nobody_is_asked(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    assert (state(desk, request_id), the(desk, kept.offer_id).state) == ("matching", "reserved")
    assert kept.expires_at == seconds(OVER)
    assert len(taken(desk)) == SLOTS
    with pytest.raises(NoPlaceLeft):
        offer(desk, take(desk).request_id, ONE_PLACE)
    # Who thinks it over still sees the place as hers; others do not see it.
    assert ONE_PLACE.id in asked_next(desk, request_id)
    assert ONE_PLACE.id not in asked_next(desk, take(desk).request_id)
    assert [(row.request_id, row.state) for row in in_flight(desk.connection)] == [(request_id, "reserved")]


def test_the_offer_takes_the_places_that_were_kept(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    before = taken(desk)
    made = offer(desk, request_id, ONE_PLACE, LATER)
    assert (made.offer_id, taken(desk)) == (kept.offer_id, before)
    row = the(desk, made.offer_id)
    assert (row.state, row.made_at, state(desk, request_id)) == ("pending", seconds(LATER), "offered")
    assert row.expires_at == made.expires_at > kept.expires_at
    undo_offer(desk, OPERATOR, LATER + timedelta(seconds=9), made.offer_id)
    assert (taken(desk), state(desk, request_id)) == ([], "matching")


def test_an_offer_elsewhere_gives_the_kept_place_back(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    made = offer(desk, request_id, CENTRE, LATER)
    assert {row[3] for row in taken(desk)} == {made.offer_id}
    assert the(desk, kept.offer_id).state == "released"
    # It was never asked, so there is nothing to say of how it answers, nor that it was asked just now.
    assert ONE_PLACE.id not in reads.records_of(desk.connection, [ONE_PLACE.id])


def test_keeping_another_place_gives_the_first_back(desk: Desk) -> None:
    request_id = take(desk).request_id
    first = keep(desk, request_id)
    second = reserve_places(desk, OPERATOR, LATER, request_id, CENTRE.id)
    assert {row[3] for row in taken(desk)} == {second.offer_id}
    with pytest.raises(OfferOver):
        renew_offer(desk, OPERATOR, LATER, first.offer_id)


def test_thinking_longer_renews_the_time(desk: Desk) -> None:
    kept = keep(desk, take(desk).request_id)
    assert [alarm.kind for alarm in reads.alarms(desk.connection, seconds(OVER))] == ["reserved"]
    assert renew_offer(desk, OPERATOR, OVER, kept.offer_id) == seconds(OVER + RESERVED_FOR)
    assert reads.alarms(desk.connection, seconds(OVER)) == []
    with pytest.raises(NoPlaceLeft):
        offer(desk, take(desk).request_id, ONE_PLACE, OVER)


def test_a_kept_place_whose_time_is_over_goes_to_the_next_child_in_one_transaction(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    other = take(desk).request_id
    assert ONE_PLACE.id in asked_next(desk, other, OVER)
    before = wishes.entries(desk.connection)
    made = offer(desk, other, ONE_PLACE, OVER)
    assert wishes.kinds(desk, before) == ["offer.released", "offer.made"]
    assert {row[3] for row in taken(desk)} == {made.offer_id}
    assert (the(desk, kept.offer_id).state, state(desk, request_id)) == ("released", "matching")


def test_nobody_needed_it_so_the_place_is_still_there(desk: Desk) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    late = OVER + timedelta(minutes=5)
    assert make_offer(desk, OPERATOR, late, request_id, ONE_PLACE.id).offer_id == kept.offer_id


@pytest.mark.parametrize("enquiry", [False, True])
def test_the_end_of_the_call_gives_the_place_back(desk: Desk, enquiry: bool) -> None:
    call_id = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    kept = keep(desk, take(desk).request_id, call_id)
    other = open_call(desk, OPERATOR, NOW, "010-0000-4321").call_id
    end_call(desk, OPERATOR, LATER, other)
    assert the(desk, kept.offer_id).state == "reserved"
    if enquiry:
        close_enquiry(desk, OPERATOR, LATER, "how_to", call_id=call_id)
    else:
        end_call(desk, OPERATOR, LATER, call_id)
    assert (the(desk, kept.offer_id).state, taken(desk)) == ("released", [])


def test_an_offer_outlives_the_call(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    request_id = take(desk).request_id
    keep(desk, request_id, call_id)
    made = offer(desk, request_id, ONE_PLACE, LATER)
    end_call(desk, OPERATOR, LATER, call_id)
    assert (the(desk, made.offer_id).state, len(taken(desk))) == ("pending", SLOTS)


def test_a_key_gives_the_place_back(desk: Desk) -> None:
    kept = keep(desk, take(desk).request_id)
    give_back_places(desk, OPERATOR, LATER, kept.offer_id)
    assert taken(desk) == []
    made = offer(desk, take(desk).request_id, ONE_PLACE)
    with pytest.raises(TransitionRefusedError):
        give_back_places(desk, OPERATOR, LATER, made.offer_id)


@pytest.mark.parametrize(
    "end",
    [
        lambda desk, one: cancel_request(desk, OPERATOR, LATER, one, "withdrawn"),
        lambda desk, one: hold_request(desk, OPERATOR, LATER, one, OVER),
        lambda desk, one: leave_unplaced(desk, OPERATOR, LATER, one, "all_full"),
    ],
)
def test_what_ends_or_rests_keeps_nothing(desk: Desk, end: Callable[[Desk, str], None]) -> None:
    request_id = take(desk).request_id
    kept = keep(desk, request_id)
    end(desk, request_id)
    assert (the(desk, kept.offer_id).state, taken(desk)) == ("released", [])


def test_one_who_is_being_asked_for_keeps_no_place_beside(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        keep(desk, request_id)


def test_a_place_is_kept_for_one_sibling_while_the_other_is_offered(desk: Desk) -> None:
    request_id = take(desk, child("박새봄"), child("박가을", "2019-01-02")).request_id
    first, second = (one.id for one in reads.children_of_request(desk.connection, request_id))
    kept = reserve_places(desk, OPERATOR, NOW, request_id, ONE_PLACE.id, children=[first])
    made = make_offer(desk, OPERATOR, NOW, request_id, CENTRE.id, children=[second])
    assert (state(desk, request_id), the(desk, kept.offer_id).state) == ("offered", "reserved")
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    assert state(desk, request_id) == "matching"
    assert offer(desk, request_id, ONE_PLACE, LATER).offer_id == kept.offer_id
    answer_offer(desk, OPERATOR, LATER, kept.offer_id, "accepted")
    assert state(desk, request_id) == "accepted"
