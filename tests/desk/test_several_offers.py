"""Several offers of one request at once: two providers asked for the same child, and siblings at two providers."""

from datetime import timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import OfferOver, make_offer, undo_offer
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk
from callcenter.store import reads
from callcenter.store.placements import placements
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, SLOTS, child, offer, state, take, taken

LATER = NOW + timedelta(minutes=1)
SECOND = ONE_PLACE._replace(id="second", name="둘째 센터", groups=(GroupRecord("72-155m", 72, 155, 1),))
SIBLINGS = (child("박새봄"), child("박가을", "2019-01-02"))


@pytest.fixture(autouse=True)
def _second_centre(desk: Desk) -> None:
    wishes.have(desk, SECOND)


def states(desk: Desk, request_id: str) -> list[str]:
    return [one.state for one in reads.offers_of_request(desk.connection, request_id)]


def apart(desk: Desk) -> tuple[str, list[str], list[str]]:
    """Siblings, each offered to another centre: the request, the children and the offers."""
    request_id = take(desk, *SIBLINGS).request_id
    children = [one.id for one in reads.children_of_request(desk.connection, request_id)]
    made = [
        make_offer(desk, OPERATOR, NOW, request_id, provider.id, children=[one]).offer_id
        for provider, one in zip((ONE_PLACE, SECOND), children, strict=True)
    ]
    return request_id, children, made


def test_the_first_yes_of_two_gives_back_what_the_other_held(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    second = make_offer(desk, OPERATOR, NOW, request_id, SECOND.id, beside=True)
    assert (state(desk, request_id), len(taken(desk))) == ("offered", 2 * SLOTS)
    answer_offer(desk, OPERATOR, LATER, second.offer_id, "accepted")
    assert (state(desk, request_id), states(desk, request_id)) == ("accepted", ["withdrawn", "accepted"])
    assert {row[3] for row in taken(desk)} == {second.offer_id}
    # It was asked and then told; that says nothing of how it answers.
    assert reads.records_of(desk.connection, [CENTRE.id])[CENTRE.id].offered == 0


def test_the_second_yes_of_two_comes_too_late(desk: Desk) -> None:
    request_id = take(desk).request_id
    first = offer(desk, request_id)
    second = make_offer(desk, OPERATOR, NOW, request_id, SECOND.id, beside=True)
    answer_offer(desk, OPERATOR, LATER, first.offer_id, "accepted")
    with pytest.raises(OfferOver):
        answer_offer(desk, OPERATOR, LATER, second.offer_id, "accepted")
    assert [one.offer_id for one in placements(desk.connection, request_id)] == [first.offer_id]


def test_one_no_of_two_leaves_the_other_waiting(desk: Desk) -> None:
    request_id = take(desk).request_id
    first = offer(desk, request_id)
    second = make_offer(desk, OPERATOR, NOW, request_id, SECOND.id, beside=True)
    answer_offer(desk, OPERATOR, LATER, first.offer_id, "declined", reason="full")
    assert state(desk, request_id) == "offered"
    undo_offer(desk, OPERATOR, NOW, second.offer_id)
    assert (state(desk, request_id), taken(desk)) == ("matching", [])


def test_nobody_else_is_asked_for_a_child_that_waits_unless_the_operator_says_so(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        make_offer(desk, OPERATOR, NOW, request_id, SECOND.id)
    assert len(taken(desk)) == SLOTS


def test_siblings_apart_are_accepted_once_both_have_a_place(desk: Desk) -> None:
    request_id, children, made = apart(desk)
    assert state(desk, request_id) == "offered"
    answer_offer(desk, OPERATOR, LATER, made[0], "accepted")
    assert state(desk, request_id) == "offered"
    with pytest.raises(TransitionRefusedError):
        confirm_request(desk, OPERATOR, LATER, request_id)
    answer_offer(desk, OPERATOR, LATER, made[1], "accepted")
    assert state(desk, request_id) == "accepted"
    confirm_request(desk, OPERATOR, LATER, request_id)
    found = placements(desk.connection, request_id)
    assert {one.child_id: one.provider_id for one in found} == dict(
        zip(children, (ONE_PLACE.id, SECOND.id), strict=True)
    )
    assert {one.confirmed_at for one in found} == {int(LATER.timestamp())}


def test_the_sibling_whose_provider_says_no_is_placed_anew_alone(desk: Desk) -> None:
    request_id, children, made = apart(desk)
    answer_offer(desk, OPERATOR, LATER, made[0], "accepted")
    answer_offer(desk, OPERATOR, LATER, made[1], "declined", reason="full")
    assert state(desk, request_id) == "matching"
    again = offer(desk, request_id)
    seats = "SELECT child_id FROM offer_seat WHERE offer_id = ?"
    assert desk.connection.execute(seats, (again.offer_id,)).fetchall() == [(children[1],)]
    answer_offer(desk, OPERATOR, LATER, again.offer_id, "accepted")
    assert state(desk, request_id) == "accepted"


def test_both_places_of_siblings_can_be_lost_one_after_the_other(desk: Desk) -> None:
    request_id, _children, made = apart(desk)
    for one in made:
        answer_offer(desk, OPERATOR, LATER, one, "accepted")
    for one in made:
        answer_offer(desk, OPERATOR, LATER, one, "withdrawn")
        assert state(desk, request_id) == "matching"
    assert (taken(desk), placements(desk.connection, request_id)) == ([], [])


def test_cancelling_gives_back_every_place(desk: Desk) -> None:
    request_id, _children, made = apart(desk)
    answer_offer(desk, OPERATOR, LATER, made[0], "accepted")
    cancel_request(desk, OPERATOR, LATER, request_id, "withdrawn")
    assert (taken(desk), placements(desk.connection, request_id)) == ([], [])
    assert states(desk, request_id) == ["withdrawn", "withdrawn"]
