"""What must not be overlooked is read to the provider, item by item, before the guardian's yes counts."""

from datetime import timedelta

import pytest

from callcenter.desk.acknowledgements import NotAcknowledged, acknowledge_need, unread
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import OfferOver, make_offer
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Desk, NotFound
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, child, offer, state, take

LATER = NOW + timedelta(minutes=1)
NEEDS = ("meals", "court_order", "allergy")


def accepted(desk: Desk, *needs: str) -> tuple[str, str]:
    """A request that was accepted, of a child with these needs: the request and the offer."""
    request_id = take(desk, child(needs=needs)).request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    return request_id, made.offer_id


def test_every_need_is_acknowledged_before_the_placement_stands(desk: Desk) -> None:
    request_id, offer_id = accepted(desk, *NEEDS)
    items = unread(desk, request_id)
    # In the order of the list; meals are no danger.
    assert [item.need for item in items] == ["allergy", "court_order"]
    with pytest.raises(NotAcknowledged, match="Allergies, Court order"):
        confirm_request(desk, OPERATOR, LATER, request_id)
    acknowledge_need(desk, OPERATOR, LATER, offer_id, items[0].child_id, "allergy")
    with pytest.raises(NotAcknowledged) as refusal:
        confirm_request(desk, OPERATOR, LATER, request_id)
    assert "Allergies" not in str(refusal.value)
    acknowledge_need(desk, OPERATOR, LATER, offer_id, items[1].child_id, "court_order")
    confirm_request(desk, OPERATOR, LATER, request_id)
    assert state(desk, request_id) == "confirmed"


def test_a_child_without_danger_is_confirmed_at_once(desk: Desk) -> None:
    request_id, _offer_id = accepted(desk, "meals")
    confirm_request(desk, OPERATOR, LATER, request_id)
    assert state(desk, request_id) == "confirmed"


def test_what_is_told_twice_is_written_once_and_before_the_answer_too(desk: Desk) -> None:
    request_id = take(desk, child(needs=("seizure",))).request_id
    made = offer(desk, request_id)
    (item,) = unread(desk, request_id)
    before = wishes.entries(desk.connection)
    for _ in range(2):
        acknowledge_need(desk, OPERATOR, LATER, made.offer_id, item.child_id, item.need)
    assert wishes.kinds(desk, before) == ["offer.acknowledged"]
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, LATER, request_id)


@pytest.mark.parametrize("need", ["meals", "medication", "nothing"])
def test_only_a_danger_of_the_child_itself_is_acknowledged(desk: Desk, need: str) -> None:
    request_id, offer_id = accepted(desk, *NEEDS)
    with pytest.raises(NotFound):
        acknowledge_need(desk, OPERATOR, LATER, offer_id, unread(desk, request_id)[0].child_id, need)


def test_the_next_provider_must_be_told_anew(desk: Desk) -> None:
    request_id, offer_id = accepted(desk, "allergy")
    (item,) = unread(desk, request_id)
    acknowledge_need(desk, OPERATOR, LATER, offer_id, item.child_id, item.need)
    answer_offer(desk, OPERATOR, LATER, offer_id, "withdrawn")
    with pytest.raises(OfferOver):
        acknowledge_need(desk, OPERATOR, LATER, offer_id, item.child_id, item.need)
    again = offer(desk, request_id, ONE_PLACE, LATER)
    assert [one.offer_id for one in unread(desk, request_id)] == [again.offer_id]


def test_who_was_not_asked_yet_is_told_nothing(desk: Desk) -> None:
    request_id = take(desk, child(needs=("allergy",))).request_id
    kept = reserve_places(desk, OPERATOR, NOW, request_id, CENTRE.id)
    assert unread(desk, request_id) == []
    with pytest.raises(NotFound):
        acknowledge_need(desk, OPERATOR, NOW, kept.offer_id, "nobody", "allergy")


def test_each_provider_of_siblings_is_told_of_its_own_child(desk: Desk) -> None:
    request_id = take(
        desk, child("박새봄", needs=("allergy",)), child("박가을", "2019-01-02", needs=("seizure",))
    ).request_id
    wanted = desk.connection.execute("SELECT child_id FROM request_child ORDER BY position").fetchall()
    made = [
        make_offer(desk, OPERATOR, NOW, request_id, provider.id, children=[one])
        for provider, (one,) in zip((CENTRE, ONE_PLACE), wanted, strict=True)
    ]
    assert [(item.offer_id, item.need) for item in unread(desk, request_id)] == [
        (made[0].offer_id, "allergy"),
        (made[1].offer_id, "seizure"),
    ]
