"""Offers on a real file: one takes the places, another cannot, and what ends one gives them back."""

from datetime import timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.matches import matches
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import Answer, answer_offer, confirm_request
from callcenter.desk.offers import NoPlaceLeft, OfferOver, RulesForbid, UndoTooLate, make_offer, undo_offer
from callcenter.desk.providers import ImpossiblePlaces, confirm_places
from callcenter.desk.requests import NothingToCareFor, UnknownReason, cancel_request, load
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, SLOTS, UNKNOWN, child, offer, state, take, taken

LATER = NOW + timedelta(minutes=1)


def test_a_call_becomes_a_placed_child(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    request_id, number = take(desk)
    assert (number, state(desk, request_id)) == ("A-1124-001", "open")
    made = offer(desk, request_id)
    assert made._replace(offer_id="") == (
        "", "A-1124-001", "centre", "시험 돌봄센터", int((NOW + timedelta(minutes=10)).timestamp()), True,
    )  # fmt: skip
    assert state(desk, request_id) == "offered"
    first = int(wishes.START.timestamp()) // 1800
    assert taken(desk) == [("centre/72-155m", slot, 1, made.offer_id) for slot in range(first, first + SLOTS)]
    assert answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted") == request_id
    assert state(desk, request_id) == "accepted"
    assert confirm_request(desk, OPERATOR, LATER, request_id) == request_id
    assert state(desk, request_id) == "confirmed"
    assert len(taken(desk)) == SLOTS
    kept = reads.offer(desk.connection, made.offer_id)
    assert kept is not None
    assert (kept.state, kept.confirmed_at) == ("accepted", int(LATER.timestamp()))
    assert wishes.kinds(desk, before) == [
        "guardian.added", "child.added", "request.opened", "offer.made", "offer.answered", "offer.confirmed",
    ]  # fmt: skip


def test_siblings_take_a_place_each_at_a_centre_and_one_together_at_home(desk: Desk) -> None:
    three = (child("박새봄"), child("박가을", "2019-01-02"), child("박겨울", "2017-12-30"))
    with pytest.raises(NoPlaceLeft):
        offer(desk, take(desk, *three).request_id)
    two = take(desk, *three[:2]).request_id
    offer(desk, two)
    assert {(group, number) for group, _slot, number, _offer in taken(desk)} == {
        ("centre/72-155m", 1),
        ("centre/72-155m", 2),
    }
    together = take(desk, *three, channel="platform").request_id
    made = offer(desk, together, CARER)
    assert {(row[0], row[2]) for row in taken(desk) if row[3] == made.offer_id} == {("carer/3-155m", 1)}
    seats = "SELECT count(DISTINCT child_id), count(DISTINCT place_no) FROM offer_seat WHERE offer_id = ?"
    assert desk.connection.execute(seats, (made.offer_id,)).fetchone() == (3, 1)
    alone = take(desk, channel="platform").request_id
    with pytest.raises(NoPlaceLeft):
        offer(desk, alone, CARER)


def test_a_group_of_unknown_places_can_be_offered_and_the_answer_tells_them(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, UNKNOWN)
    assert not made.places_known
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted", free=1)
    group = reads.group(desk.connection, "unknown/72-155m")
    assert group is not None
    # The one taken now, and the one that the provider said is left.
    assert (group.places, group.confirmed_by, group.confirmed_how) == (2, OPERATOR.name, "telephone")
    assert group.confirmed_at == int(LATER.timestamp())
    again = offer(desk, take(desk).request_id, UNKNOWN, LATER)
    assert again.places_known
    with pytest.raises(NoPlaceLeft):
        offer(desk, take(desk).request_id, UNKNOWN, LATER)


def test_a_provider_that_is_full_tonight_has_not_lost_its_places(desk: Desk) -> None:
    made = offer(desk, take(desk).request_id, UNKNOWN)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "declined", reason="full", free=0)
    group = reads.group(desk.connection, "unknown/72-155m")
    assert group is not None
    assert (group.places, group.confirmed_at) == (None, None)
    kept = reads.offer(desk.connection, made.offer_id)
    assert kept is not None
    assert (kept.answer, kept.free_said) == ("full", 0)


def test_what_is_left_is_not_guessed_for_the_groups_of_an_offer_over_two(desk: Desk) -> None:
    bands = (GroupRecord("72-95m", 72, 95, None), GroupRecord("96-155m", 96, 155, None))
    wishes.have(desk, UNKNOWN._replace(id="two-bands", groups=bands))
    siblings = (child(birth="2019-09-09"), child("박가을", "2015-05-05"))
    made = make_offer(desk, OPERATOR, NOW, take(desk, *siblings).request_id, "two-bands")
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted", free=1)
    assert [group.places for group in reads.groups_of(desk.connection, ["two-bands"])] == [None, None]
    kept = reads.offer(desk.connection, made.offer_id)
    assert kept is not None
    assert kept.free_said == 1


@pytest.mark.parametrize("free", [-1, 1000])
def test_an_impossible_number_of_free_places_is_refused_with_the_answer(desk: Desk, free: int) -> None:
    made = offer(desk, take(desk).request_id, UNKNOWN)
    before = wishes.entries(desk.connection)
    with pytest.raises(ImpossiblePlaces):
        answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted", free=free)
    assert wishes.entries(desk.connection) == before


@pytest.mark.parametrize("elapsed", [0, 1, 10])
def test_within_ten_seconds_an_offer_is_undone_as_if_it_had_not_been(desk: Desk, elapsed: int) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    assert undo_offer(desk, OPERATOR, NOW + timedelta(seconds=elapsed), made.offer_id) == request_id
    assert (state(desk, request_id), taken(desk)) == ("matching", [])
    assert offer(desk, request_id).offer_id != made.offer_id


def test_after_ten_seconds_the_offer_stands(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    with pytest.raises(UndoTooLate) as refusal:
        undo_offer(desk, OPERATOR, NOW + timedelta(seconds=11), made.offer_id)
    assert "10 seconds" in str(refusal.value)
    assert (state(desk, request_id), len(taken(desk))) == ("offered", SLOTS)


def test_an_answered_offer_cannot_be_undone(desk: Desk) -> None:
    made = offer(desk, take(desk).request_id)
    answer_offer(desk, OPERATOR, NOW + timedelta(seconds=3), made.offer_id, "accepted")
    with pytest.raises(TransitionRefusedError):
        undo_offer(desk, OPERATOR, NOW + timedelta(seconds=4), made.offer_id)


def test_a_second_offer_while_one_is_out_is_refused(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    before = wishes.entries(desk.connection)
    with pytest.raises(TransitionRefusedError) as refusal:
        offer(desk, request_id, ONE_PLACE)
    assert "offered" in str(refusal.value)
    assert wishes.entries(desk.connection) == before


@pytest.mark.parametrize("answer", ["declined", "no_answer", "withdrawn"])
def test_a_no_frees_the_places_and_the_next_match_can_be_asked(desk: Desk, answer: Answer) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, answer)
    assert (state(desk, request_id), taken(desk)) == ("matching", [])
    with pytest.raises(OfferOver):
        answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    with pytest.raises(TransitionRefusedError):
        confirm_request(desk, OPERATOR, LATER, request_id)
    assert offer(desk, request_id, ONE_PLACE).provider_id == "one-place"


def test_a_provider_may_take_its_yes_back_even_when_the_guardian_agreed(desk: Desk) -> None:
    request_id, offer_id = wishes.place(desk)
    answer_offer(desk, OPERATOR, LATER, offer_id, "withdrawn")
    assert (state(desk, request_id), taken(desk)) == ("matching", [])


def test_nobody_confirms_before_the_provider_said_yes(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        confirm_request(desk, OPERATOR, LATER, request_id)


def test_a_rule_that_forbids_the_provider_is_said_with_its_reason(desk: Desk) -> None:
    request_id = take(desk, child(birth="2024-05-05", school="none")).request_id
    with pytest.raises(RulesForbid) as refusal:
        offer(desk, request_id)
    assert refusal.value.values["provider"] == "시험 돌봄센터"
    assert refusal.value.values["reasons"]
    assert taken(desk) == []


def test_a_provider_that_has_left_the_service_is_neither_shown_nor_offered(desk: Desk) -> None:
    gone = CENTRE._replace(id="gone", valid_to=NOW.date() - timedelta(days=1))
    not_yet = CENTRE._replace(id="not-yet", valid_from=NOW.date() + timedelta(days=1))
    wishes.have(desk, gone, not_yet)
    request_id = take(desk).request_id
    for provider in (gone, not_yet):
        with pytest.raises(NotFound):
            offer(desk, request_id, provider)
    request, children = load(desk, request_id), reads.children_of_request(desk.connection, request_id)
    found = matches(desk.connection, desk.reference, desk.programs, request, children, NOW)
    assert {"centre", "gone", "not-yet"} & set(found.services) == {"centre"}


def test_an_unknown_provider_offer_or_reason_is_refused(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    for attempt in (
        lambda: make_offer(desk, OPERATOR, NOW, request_id, "nobody"),
        lambda: make_offer(desk, OPERATOR, NOW, "nothing", "centre"),
        lambda: undo_offer(desk, OPERATOR, NOW, "nothing"),
        lambda: answer_offer(desk, OPERATOR, NOW, "nothing", "accepted"),
        lambda: confirm_request(desk, OPERATOR, NOW, "nothing"),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(UnknownReason):
        answer_offer(desk, OPERATOR, NOW, made.offer_id, "declined", reason="because")


def test_a_request_whose_people_were_erased_cannot_be_offered(desk: Desk) -> None:
    request_id = take(desk).request_id
    erase_guardian(desk, SUPERVISOR, NOW, load(desk, request_id).guardian_id, "requested")
    with pytest.raises(NothingToCareFor):
        offer(desk, request_id)


def test_the_last_place_goes_to_the_first_and_comes_back_when_that_is_cancelled(desk: Desk) -> None:
    first, second = take(desk).request_id, take(desk, guardian=wishes.mother("010-0000-9999")).request_id
    offer(desk, first, ONE_PLACE)
    with pytest.raises(NoPlaceLeft) as refusal:
        offer(desk, second, ONE_PLACE)
    assert "한자리 센터" in str(refusal.value)
    assert state(desk, second) == "open"
    cancel_request(desk, OPERATOR, LATER, first, "withdrawn")
    assert taken(desk) == []
    assert offer(desk, second, ONE_PLACE, LATER).places_known


def test_a_guardian_who_cancels_while_a_provider_thinks_is_not_the_providers_no(desk: Desk) -> None:
    first = take(desk).request_id
    offer(desk, first)
    cancel_request(desk, OPERATOR, LATER, first, "withdrawn")
    assert reads.records_of(desk.connection, ["centre"])["centre"][:2] == (0, 0)
    second = take(desk).request_id
    request, children = load(desk, second), reads.children_of_request(desk.connection, second)
    found = matches(desk.connection, desk.reference, desk.programs, request, children, LATER)
    assert "centre" in {match.candidate.provider_id for match in found.ranking.matches}


def test_how_a_provider_answered_so_far(desk: Desk) -> None:
    for answer in ("accepted", "declined", "no_answer"):
        made = offer(desk, take(desk).request_id)
        answer_offer(desk, OPERATOR, LATER, made.offer_id, answer)
    record = reads.records_of(desk.connection, ["centre", "one-place"])
    assert {key: tuple(value) for key, value in record.items()} == {"centre": (3, 1, int(NOW.timestamp()))}


def test_confirmed_places_are_what_can_be_offered(desk: Desk) -> None:
    confirm_places(desk, OPERATOR, NOW, "centre/72-155m", 0)
    request_id = take(desk).request_id
    with pytest.raises(NoPlaceLeft):
        offer(desk, request_id)
    confirm_places(desk, OPERATOR, NOW, "centre/72-155m", None)
    assert not offer(desk, request_id).places_known


def test_a_refused_offer_is_a_refusal_in_words(desk: Desk) -> None:
    request_id = open_request(desk, OPERATOR, NOW, wishes.wish()).request_id
    with pytest.raises(CallcenterError) as refusal:
        make_offer(desk, OPERATOR, NOW, request_id, "")
    assert refusal.value.code == "not_found"
