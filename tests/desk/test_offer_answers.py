"""What a provider may answer beside yes and no, the clock that each answer leaves, and what its record says of it."""

from datetime import datetime, timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.priority import BUSY_FOR, OFFER_TIME
from callcenter.desk.matches import matches
from callcenter.desk.offer_answers import Answer, ConditionMissing, answer_offer
from callcenter.desk.offers import AskedAlready, NoPlaceLeft, make_offer, make_offers
from callcenter.desk.reservations import ClockInThePast, renew_offer
from callcenter.desk.session import Desk, seconds
from callcenter.store import reads
from callcenter.store.telephones import doubted
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, SLOTS, UNKNOWN, offer, state, take, taken

LATER = NOW + timedelta(minutes=1)
RUNG = "031-000-8001"


def the(desk: Desk, offer_id: str) -> reads.OfferRow:
    found = reads.offer(desk.connection, offer_id)
    assert found is not None
    return found


def asked_next(desk: Desk, request_id: str, now: datetime = LATER) -> set[str]:
    """The providers that the panel would offer the request to."""
    request = reads.request(desk.connection, request_id)
    assert request is not None
    children = reads.children_of_request(desk.connection, request_id)
    found = matches(desk.connection, desk.reference, desk.programs, request, children, now)
    return {match.candidate.provider_id for match in found.ranking.matches}


@pytest.mark.parametrize(
    ("answer", "ended", "counted"),
    [
        ("accepted", "accepted", (1, 1)),
        ("declined", "declined", (1, 0)),
        ("no_answer", "no_answer", (1, 0)),
        ("busy", "busy", (0, 0)),
        ("wrong_number", "wrong_number", (0, 0)),
    ],
)
def test_what_an_answer_says_of_the_provider(desk: Desk, answer: Answer, ended: str, counted: tuple[int, int]) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, answer)
    record = reads.records_of(desk.connection, [CENTRE.id])[CENTRE.id]
    assert the(desk, made.offer_id).state == ended
    assert (record.offered, record.accepted) == counted
    if answer != "accepted":
        assert (state(desk, request_id), taken(desk)) == ("matching", [])
        assert CENTRE.id not in asked_next(desk, request_id)


def test_who_was_busy_is_asked_again_after_a_while(desk: Desk) -> None:
    request_id = take(desk).request_id
    answer_offer(desk, OPERATOR, LATER, offer(desk, request_id).offer_id, "busy")
    assert CENTRE.id not in asked_next(desk, request_id, LATER + BUSY_FOR - timedelta(seconds=1))
    assert CENTRE.id in asked_next(desk, request_id, LATER + BUSY_FOR)


def test_a_wrong_number_is_doubted_at_the_provider_until_the_record_has_another(desk: Desk) -> None:
    wishes.have(desk, CENTRE._replace(phone_day=RUNG))
    request_id = take(desk).request_id
    answer_offer(desk, OPERATOR, LATER, offer(desk, request_id).offer_id, "wrong_number", rung=RUNG)
    assert doubted(desk.connection, CENTRE.id) == {RUNG}
    # A second time the same number is no second doubt; another request asks the provider as before.
    other = take(desk, now=LATER).request_id
    answer_offer(desk, OPERATOR, LATER, offer(desk, other, now=LATER).offer_id, "wrong_number", rung=RUNG)
    assert doubted(desk.connection, CENTRE.id) == {RUNG}


def test_a_condition_waits_for_the_guardian_who_agrees(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "conditional", condition=" only until 22:00 ")
    waiting = the(desk, made.offer_id)
    assert (waiting.state, waiting.condition) == ("conditional", "only until 22:00")
    assert (state(desk, request_id), len(taken(desk))) == ("offered", SLOTS)
    assert CENTRE.id not in reads.records_of(desk.connection, [CENTRE.id])
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    assert (state(desk, request_id), the(desk, made.offer_id).condition) == ("accepted", "only until 22:00")
    assert reads.records_of(desk.connection, [CENTRE.id])[CENTRE.id].accepted == 1


def test_a_condition_that_the_guardian_does_not_want_is_no_refusal_of_the_provider(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "conditional", condition="only until 22:00")
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "condition_refused")
    assert (state(desk, request_id), the(desk, made.offer_id).state, taken(desk)) == ("matching", "withdrawn", [])
    assert reads.records_of(desk.connection, [CENTRE.id])[CENTRE.id].offered == 0
    assert CENTRE.id not in asked_next(desk, request_id)


def test_a_condition_needs_words(desk: Desk) -> None:
    made = offer(desk, take(desk).request_id)
    with pytest.raises(ConditionMissing):
        answer_offer(desk, OPERATOR, LATER, made.offer_id, "conditional", condition="  ")


def test_a_yes_elsewhere_gives_a_conditional_one_back(desk: Desk) -> None:
    request_id = take(desk, channel="platform").request_id
    made = offer(desk, request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "conditional", condition="only until 22:00")
    (beside,) = make_offers(desk, OPERATOR, LATER, request_id, [(CARER.id, 1)])
    answer_offer(desk, OPERATOR, LATER, beside.offer_id, "accepted")
    assert (state(desk, request_id), the(desk, made.offer_id).state) == ("accepted", "withdrawn")


def test_the_clock_of_an_offer_is_the_services_own(desk: Desk) -> None:
    centre, carer = offer(desk, take(desk).request_id), offer(desk, take(desk, channel="platform").request_id, CARER)
    assert centre.expires_at == seconds(NOW + OFFER_TIME)
    assert carer.expires_at == seconds(NOW + timedelta(minutes=15))


def test_a_clock_that_ran_out_rings_until_somebody_says_what_became_of_it(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    late = NOW + OFFER_TIME
    assert [alarm.kind for alarm in reads.alarms(desk.connection, seconds(late))] == ["offer"]
    # Nothing expires by itself: the places stay until the operator rings again, or writes the answer down.
    assert len(taken(desk)) == SLOTS
    assert renew_offer(desk, OPERATOR, late, made.offer_id) == seconds(late + OFFER_TIME)
    assert reads.alarms(desk.connection, seconds(late)) == []
    assert state(desk, request_id) == "offered"


def test_who_is_to_be_rung_again_later_rings_then(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    at = NOW + timedelta(minutes=40)
    renew_offer(desk, OPERATOR, LATER, made.offer_id, at)
    assert reads.alarms(desk.connection, seconds(at) - 1) == []
    assert [alarm.kind for alarm in reads.alarms(desk.connection, seconds(at))] == ["again"]
    assert CENTRE.id not in asked_next(desk, request_id)
    # Rung again, it has the time of an offer once more.
    renew_offer(desk, OPERATOR, at, made.offer_id)
    assert (the(desk, made.offer_id).ring_again, the(desk, made.offer_id).expires_at) == (0, seconds(at + OFFER_TIME))


def test_a_time_that_is_over_is_no_time_to_ring_again(desk: Desk) -> None:
    made = offer(desk, take(desk).request_id)
    with pytest.raises(ClockInThePast):
        renew_offer(desk, OPERATOR, LATER, made.offer_id, LATER)


def test_an_accepted_offer_has_no_clock_to_renew(desk: Desk) -> None:
    made = offer(desk, take(desk).request_id)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    with pytest.raises(TransitionRefusedError):
        renew_offer(desk, OPERATOR, LATER, made.offer_id)


def test_several_are_asked_at_once_or_none(desk: Desk) -> None:
    request_id = take(desk, channel="platform").request_id
    offer(desk, request_id)
    make_offers(desk, OPERATOR, NOW, request_id, [(ONE_PLACE.id, 1), (CARER.id, 2)])
    assert (state(desk, request_id), len(taken(desk))) == ("offered", 3 * SLOTS)
    assert asked_next(desk, request_id).isdisjoint({CENTRE.id, ONE_PLACE.id, CARER.id})
    second = take(desk).request_id
    offer(desk, second)
    before = wishes.entries(desk.connection)
    with pytest.raises(NoPlaceLeft):
        make_offers(desk, OPERATOR, NOW, second, [(UNKNOWN.id, 1), (ONE_PLACE.id, 2)])
    assert wishes.entries(desk.connection) == before


def test_nobody_is_asked_twice_at_once(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    with pytest.raises(AskedAlready):
        make_offer(desk, OPERATOR, NOW, request_id, CENTRE.id, beside=True)
