"""What the desk does by itself with the centre's answers: it moves, it takes back what nobody knows of, or it waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.desk.at_once import place_at_once
from callcenter.desk.claims import Answered, Outcome, Refusal, Settled, seat_refused, settle_claims
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer, make_offers, undo_offer
from callcenter.desk.permission import CENTRE
from callcenter.desk.requests import cancel_request
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Claim, Desk
from callcenter.store import reads
from callcenter.store.conflicts import refused_offers
from callcenter.sync.answers import Answer
from callcenter.sync.verdicts import look_again, take
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import ONE_PLACE, UNKNOWN, child, offer, state, taken

SOON = NOW + timedelta(seconds=2)
LATER = NOW + timedelta(minutes=1)


def joined(desk: Desk, claim: Claim = "asked") -> Desk:
    """The same desk with a centre that is there, or cannot be reached."""
    return replace(desk, claim=lambda: claim)


def refused(offer_id: str, why: Refusal = "place", other: str = "elsewhere") -> Answered:
    return Answered(offer_id, "refused", why, other, "B", "B-1124-001")


def granted(offer_id: str) -> Answered:
    return Answered(offer_id, "granted")


def claim_of(desk: Desk, offer_id: str) -> tuple[str, str]:
    found = reads.offer(desk.connection, offer_id)
    assert found is not None
    return found.state, found.claim


def numbers(desk: Desk, offer_id: str) -> set[int]:
    return {number for _group, _slot, number, one in taken(desk) if one == offer_id}


@pytest.mark.parametrize("claim", ["alone", "asked", "provisional"])
def test_every_way_to_take_a_place_says_how_far_it_is_the_desks_own(desk: Desk, claim: Claim) -> None:
    here = joined(desk, claim)
    made = [
        offer(here, wishes.take(here).request_id).offer_id,
        reserve_places(here, OPERATOR, NOW, wishes.take(here).request_id, ONE_PLACE.id).offer_id,
        place_at_once(here, OPERATOR, NOW, wishes.take(here).request_id, UNKNOWN.id).offer_id,
        *(one.offer_id for one in make_offers(here, OPERATOR, NOW, wishes.take(here).request_id, [(UNKNOWN.id, 1)])),
    ]
    assert [claim_of(here, one)[1] for one in made] == [claim] * 4


def test_a_desk_without_a_centre_takes_its_places_alone(desk: Desk) -> None:
    assert claim_of(desk, offer(desk, wishes.take(desk).request_id).offer_id) == ("pending", "alone")


def test_what_is_granted_is_written_once(desk: Desk) -> None:
    here = joined(desk)
    made = offer(here, wishes.take(here).request_id)
    before = wishes.entries(desk.connection)
    answers = [Answer(made.offer_id, "granted", "", "", "", "")]
    told = [(one.number, one.provider, one.became) for one in take(here, SOON, answers)]
    assert told == [("A-1124-001", "시험 돌봄센터", "granted")]
    assert claim_of(desk, made.offer_id) == ("pending", "granted")
    assert take(here, SOON, answers) == []
    assert wishes.kinds(desk, before) == ["offer.claimed"]


def test_the_last_place_that_another_desk_has_is_taken_back_before_anybody_was_told(desk: Desk) -> None:
    here = joined(desk)
    request_id, number = wishes.take(here)
    made = offer(here, request_id, ONE_PLACE)
    before = wishes.entries(desk.connection)
    answer = Answer(made.offer_id, "refused", "place", "elsewhere", "B", "B-1124-001")
    assert take(here, SOON, [answer, answer]) == [
        Settled(made.offer_id, request_id, number, ONE_PLACE.name, "released", "B", "B-1124-001")
    ]
    assert (state(desk, request_id), taken(desk)) == ("matching", [])
    assert claim_of(desk, made.offer_id) == ("withdrawn", "refused")
    assert wishes.kinds(desk, before) == ["offer.claimed", "offer.released"]
    assert refused_offers(desk.connection) == []
    assert desk.connection.execute("SELECT count(*) FROM release_notice").fetchone() == (0,)


def test_what_another_desk_offered_just_now_is_for_that_desk_to_take_back(desk: Desk) -> None:
    here = joined(desk)
    made = offer(here, wishes.take(here).request_id, ONE_PLACE)
    (settled,) = settle_claims(replace(here, name="B"), CENTRE, SOON, [refused(made.offer_id)])
    assert settled.became == "conflict"
    assert claim_of(desk, made.offer_id) == ("pending", "refused")


def test_a_place_that_is_only_kept_is_given_back_and_the_request_stays_what_it_is(desk: Desk) -> None:
    here = joined(desk)
    request_id = wishes.take(here).request_id
    kept = reserve_places(here, OPERATOR, NOW, request_id, ONE_PLACE.id)
    assert settle_claims(here, CENTRE, SOON, [refused(kept.offer_id)])[0].became == "released"
    assert (claim_of(desk, kept.offer_id)[0], state(desk, request_id)) == ("released", "matching")


def test_another_free_place_of_the_same_provider_is_asked_for_until_there_is_none(desk: Desk) -> None:
    here = joined(desk)
    request_id = wishes.take(here).request_id
    made = offer(here, request_id)
    assert numbers(desk, made.offer_id) == {1}
    assert settle_claims(here, CENTRE, SOON, [refused(made.offer_id)])[0].became == "reseated"
    assert (numbers(desk, made.offer_id), claim_of(desk, made.offer_id)) == ({2}, ("pending", "asked"))
    assert state(desk, request_id) == "offered"
    assert settle_claims(here, CENTRE, SOON, [refused(made.offer_id, other="a third")])[0].became == "released"
    assert taken(desk) == []


def test_of_a_provider_whose_places_nobody_knows_the_next_number_is_free(desk: Desk) -> None:
    here = joined(desk)
    made = offer(here, wishes.take(here).request_id, UNKNOWN)
    for number in (2, 3, 4):
        settle_claims(here, CENTRE, SOON, [refused(made.offer_id, other=f"other {number}")])
        assert numbers(desk, made.offer_id) == {number}


def test_siblings_move_together(desk: Desk) -> None:
    wishes.have(desk, wishes.CENTRE._replace(groups=(wishes.CENTRE.groups[0]._replace(places=4),)))
    here = joined(desk)
    made = offer(here, wishes.take(here, child(), child("박가을", "2019-01-02")).request_id)
    settle_claims(here, CENTRE, SOON, [refused(made.offer_id)])
    assert numbers(desk, made.offer_id) == {3, 4}


@pytest.mark.parametrize("claim", ["asked", "provisional"])
def test_what_somebody_may_know_of_stays_and_is_a_conflict(desk: Desk, claim: Claim) -> None:
    here = joined(desk, claim)
    request_id = wishes.take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    at = SOON if claim == "provisional" else LATER
    assert settle_claims(here, CENTRE, at, [refused(made.offer_id)])[0].became == "conflict"
    assert claim_of(desk, made.offer_id) == ("pending", "refused")
    assert (state(desk, request_id), len(taken(desk))) == ("offered", wishes.SLOTS)
    assert [one.id for one in refused_offers(desk.connection)] == [made.offer_id]
    before = wishes.entries(desk.connection)
    assert settle_claims(here, CENTRE, LATER, [refused(made.offer_id)]) == []
    assert wishes.entries(desk.connection) == before


def test_an_accepted_offer_is_never_taken_back_by_the_machine(desk: Desk) -> None:
    here = joined(desk)
    request_id = wishes.take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    answer_offer(here, OPERATOR, SOON, made.offer_id, "accepted")
    assert settle_claims(here, CENTRE, SOON, [refused(made.offer_id)])[0].became == "conflict"
    assert (state(desk, request_id), claim_of(desk, made.offer_id)) == ("accepted", ("accepted", "refused"))
    confirm_request(here, OPERATOR, LATER, request_id)
    assert state(desk, request_id) == "confirmed"


def test_a_child_that_is_placed_already_is_a_conflict_that_no_other_seat_helps(desk: Desk) -> None:
    here = joined(desk)
    made = offer(here, wishes.take(here).request_id)
    answer_offer(here, OPERATOR, SOON, made.offer_id, "accepted")
    assert settle_claims(here, CENTRE, SOON, [refused(made.offer_id, "child")])[0].became == "conflict"
    assert numbers(desk, made.offer_id) == {1}


def test_a_conflict_ends_when_the_centre_grants_the_place_after_all(desk: Desk) -> None:
    here = joined(desk, "provisional")
    made = offer(here, wishes.take(here).request_id, ONE_PLACE)
    settle_claims(here, CENTRE, SOON, [refused(made.offer_id)])
    assert settle_claims(here, CENTRE, LATER, [granted(made.offer_id)])[0].became == "granted"
    assert refused_offers(desk.connection) == []


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_an_answer_about_what_is_over_or_unknown_changes_nothing(desk: Desk, outcome: Outcome) -> None:
    here = joined(desk)
    undone, cancelled = wishes.take(here).request_id, wishes.take(here).request_id
    first, second = offer(here, undone, ONE_PLACE), offer(here, cancelled)
    undo_offer(here, OPERATOR, SOON, first.offer_id)
    cancel_request(here, OPERATOR, SOON, cancelled, "withdrawn")
    before = wishes.entries(desk.connection)
    answers = [Answered(one, outcome, "", "x", "B", "") for one in (first.offer_id, second.offer_id, "never made")]
    assert settle_claims(here, CENTRE, SOON, answers) == []
    assert wishes.entries(desk.connection) == before


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_an_answer_about_places_that_the_offer_has_left_meanwhile_changes_nothing(desk: Desk, outcome: Outcome) -> None:
    here = joined(desk)
    made = offer(here, wishes.take(here).request_id)
    before = [(group, slot, number) for group, slot, number, _one in taken(desk)]
    answer = Answer(made.offer_id, outcome, "place" if outcome == "refused" else "", "x", "B")
    settle_claims(here, CENTRE, SOON, [refused(made.offer_id)])
    assert numbers(desk, made.offer_id) == {2}
    assert take(here, SOON, [answer], {made.offer_id: before}) == []
    assert claim_of(desk, made.offer_id) == ("pending", "asked")
    now = [(group, slot, number) for group, slot, number, _one in taken(desk)]
    child_key = ("child:r:c", 0, 0)
    (settled,) = take(here, SOON, [answer._replace(outcome="granted", why="")], {made.offer_id: [*now, child_key]})
    assert settled.became == "granted"


def test_an_outcome_of_a_newer_centre_is_no_answer_and_its_reasons_are_about_the_place(desk: Desk) -> None:
    here = joined(desk, "provisional")
    made = offer(here, wishes.take(here).request_id, ONE_PLACE)
    assert take(here, SOON, [Answer._make((made.offer_id, "later", "", "", "", ""))]) == []
    take(here, SOON, [Answer._make((made.offer_id, "refused", "on strike", "x", "B", ""))])
    assert refused_offers(desk.connection)[0].claim_why == "place"


def test_answers_that_come_together_are_one_transaction(desk: Desk) -> None:
    here = joined(desk)
    made = [offer(here, wishes.take(here).request_id, provider) for provider in (ONE_PLACE, UNKNOWN)]
    first = taken(desk)
    broken = replace(here, entropy=_out_after(3))
    with pytest.raises(IndexError):
        settle_claims(broken, CENTRE, SOON, [refused(one.offer_id) for one in made])
    assert taken(desk) == first
    assert [claim_of(desk, one.offer_id)[1] for one in made] == ["asked", "asked"]


def test_looking_again_without_refused_offers_writes_nothing(desk: Desk) -> None:
    here = joined(desk)
    offer(here, wishes.take(here).request_id)
    before = wishes.entries(desk.connection)
    assert look_again(here, LATER) == []
    assert seat_refused(here, CENTRE, LATER) == []
    assert wishes.entries(desk.connection) == before


def test_a_reserved_place_that_was_asked_for_and_offered_is_still_checked(desk: Desk) -> None:
    here = joined(desk)
    request_id = wishes.take(here).request_id
    kept = reserve_places(here, OPERATOR, NOW, request_id, ONE_PLACE.id)
    settle_claims(here, CENTRE, SOON, [granted(kept.offer_id)])
    made = make_offer(here, OPERATOR, SOON, request_id, ONE_PLACE.id)
    assert (made.offer_id, claim_of(desk, made.offer_id)) == (kept.offer_id, ("pending", "granted"))


def test_a_kept_place_that_another_desk_has_is_not_offered(desk: Desk) -> None:
    wishes.have(desk, ONE_PLACE._replace(groups=(ONE_PLACE.groups[0]._replace(places=2),)))
    here = joined(desk, "provisional")
    request_id = wishes.take(here).request_id
    kept = reserve_places(here, OPERATOR, NOW, request_id, ONE_PLACE.id)
    settle_claims(here, CENTRE, SOON, [refused(kept.offer_id, "child")])
    made = make_offer(here, OPERATOR, SOON, request_id, ONE_PLACE.id)
    assert made.offer_id != kept.offer_id
    assert (claim_of(desk, kept.offer_id), claim_of(desk, made.offer_id)) == (
        ("released", "refused"),
        ("pending", "provisional"),
    )


def _out_after(draws: int) -> Callable[[int], bytes]:
    """Randomness that ends, as a disk does: whatever was written until then must be undone."""
    left = [bytes([number]) * 64 for number in range(draws)]

    def draw(count: int) -> bytes:
        return left.pop()[:count]

    return draw
