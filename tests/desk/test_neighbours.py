"""What one desk sees of another: its requests, offers and conflicts, never its calls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.call_view import calls_today, owed_calls
from callcenter.desk.calls import end_call, open_call, take_call
from callcenter.desk.claims import Answered, seat_refused, settle_claims
from callcenter.desk.conflicts import NoConflict, agree, conflict_of, conflicts, find_another, raise_places
from callcenter.desk.corrections import NotYours, correct, steps
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import OfferOver, make_offer, undo_offer
from callcenter.desk.permission import CENTRE as MACHINE
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.phone_view import phone_view
from callcenter.desk.providers import confirm_places
from callcenter.desk.queue_view import queue_view
from callcenter.desk.requests import add_note
from callcenter.desk.session import Desk
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.calls import call_by_external_id, cut_off, open_calls
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.neighbours import LATER, SOON, exchange, hear, neighbour, refuse
from tests.desk.wishes import CENTRE, ONE_PLACE, state, taken
from tests.journal.evenings import folded

GROUP = f"{ONE_PLACE.id}/72-155m"


@pytest.fixture
def a(desk: Desk) -> Desk:
    return replace(desk, claim=lambda: "provisional")


@pytest.fixture
def b(tmp_path: Path, data: Reference) -> Iterator[Desk]:
    made = neighbour(tmp_path, data)
    yield replace(made, claim=lambda: "provisional")
    wishes.holds(made)
    made.close()


def both(one: Desk, other: Desk) -> None:
    exchange(one, other)
    assert _facts(one) == _facts(other)


def _facts(desk: Desk) -> object:
    """What two desks that know the same have the same."""
    return folded(desk.connection)


def offered(desk: Desk, now: datetime = NOW) -> tuple[str, str]:
    request_id = wishes.take(desk).request_id
    return request_id, wishes.offer(desk, request_id, ONE_PLACE, now).offer_id


def test_calls_are_each_desks_own_and_what_is_owed_is_everybodys(a: Desk, b: Desk) -> None:
    receive_event(b, TELEPHONE, NOW, CallEvent("pbx-1", "ringing", NOW, caller="010-0000-5555"))
    rung = receive_event(b, TELEPHONE, NOW, CallEvent("pbx-2", "ringing", NOW, caller="010-0000-6666")).call_id
    take_call(b, OPERATOR, NOW, rung)
    receive_event(b, TELEPHONE, NOW, CallEvent("pbx-2", "ended", NOW))
    end_call(b, OPERATOR, NOW, rung, outcome="dropped")
    talking = open_call(b, OPERATOR, NOW, "010-0000-7777").call_id
    exchange(a, b)
    at = int(NOW.timestamp())
    for desk, mine in ((b, True), (a, False)):
        figures = queue_view(desk.connection, NOW, OPERATOR, 0, 10).figures
        assert (figures.talking, figures.ringing, figures.ringing_since) == ((1, 1, at) if mine else (0, 0, None))
        assert [call.id for call in reads.calls_of_operator(desk.connection, OPERATOR.name)] == [talking] * mine
        assert len(open_calls(desk.connection)) == 2 * mine
        assert len(calls_today(desk.connection, NOW, OPERATOR)) == 3 * mine
        assert phone_view(desk.connection, NOW, OPERATOR).waiting_count == 1 * mine
        assert (call_by_external_id(desk.connection, "pbx-1", at) is not None) is mine
        assert (cut_off(desk.connection, "+821000006666", at - 60, "") is not None) is mine
        assert [row.phone for row in owed_calls(desk.connection, OPERATOR)] == ["+821000006666"]


def test_what_is_in_the_way_becomes_known_and_both_desks_hear_it(a: Desk, b: Desk) -> None:
    b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    found = conflict_of(a.connection, a_request, OPERATOR)
    assert found is not None
    assert found.other is None
    both(a, b)
    for desk in (a, b):
        assert [row.subject for row in queue_view(desk.connection, LATER, OPERATOR, 0, 10).alarms] == [a_request]
        for request_id in (a_request, b_request):
            seen = conflict_of(desk.connection, request_id, OPERATOR)
            assert seen is not None
            assert seen.other is not None
            assert (seen.refused.offer.id, seen.other.offer.number) == (a_offer, "B-1124-001")


def test_the_other_desk_may_give_the_offer_up(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    both(a, b)
    find_another(b, OPERATOR, LATER, a_offer, "우리가 먼저 확정")
    both(a, b)
    assert state(a, a_request) == "matching"
    assert {row[3] for row in taken(a)} == {b_offer}
    assert conflicts(a.connection, OPERATOR) == []


def test_either_desk_may_note_more_places(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    both(a, b)
    raise_places(b, OPERATOR, LATER, a_offer, {GROUP: 2}, "한 명 더")
    both(a, b)
    assert {(row[2], row[3]) for row in taken(a)} == {(1, b_offer), (2, a_offer)}
    assert conflicts(a.connection, OPERATOR) == []
    assert state(a, a_request) == "offered"


def test_who_lost_the_place_in_the_tables_too_gets_another(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    _a_request, a_offer = offered(a, SOON)
    refuse(a, a_offer, b_offer)
    both(a, b)
    assert {row[3] for row in taken(a)} == {b_offer}
    raise_places(a, OPERATOR, LATER, a_offer, {GROUP: 2})
    both(a, b)
    assert {(row[2], row[3]) for row in taken(b)} == {(1, b_offer), (2, a_offer)}


def test_what_was_agreed_at_one_desk_is_quiet_at_both(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    both(a, b)
    agree(a, OPERATOR, LATER, a_offer, "시설장과 통화")
    both(a, b)
    assert conflicts(b.connection, OPERATOR) == []
    answer_offer(a, OPERATOR, LATER, a_offer, "accepted")
    confirm_request(a, OPERATOR, LATER, a_request)
    both(a, b)
    assert state(b, a_request) == "confirmed"


def test_who_was_agreed_to_come_all_the_same_gets_a_place_once_there_is_one(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    both(a, b)
    agree(a, OPERATOR, LATER, a_offer, "시설장과 통화")
    assert seat_refused(a, MACHINE, LATER) == []
    confirm_places(b, OPERATOR, LATER, GROUP, 2)
    hear(a, b)
    assert [one.became for one in seat_refused(a, MACHINE, LATER)] == ["reseated"]
    both(a, b)
    # Nobody else is offered what both children need.
    assert {(row[2], row[3]) for row in taken(b)} == {(1, b_offer), (2, a_offer)}
    assert (conflicts(b.connection, OPERATOR), state(b, a_request)) == ([], "offered")


def test_once_the_others_entries_are_here_the_place_that_is_free_is_found(a: Desk, b: Desk) -> None:
    more = CENTRE._replace(groups=(CENTRE.groups[0]._replace(places=3),))
    for desk in (a, b):
        wishes.have(desk, more)
    b_offer = make_offer(b, OPERATOR, NOW, wishes.take(b).request_id, CENTRE.id).offer_id
    siblings = wishes.take(a, wishes.child(), wishes.child("박가을", "2019-01-02")).request_id
    a_offer = make_offer(a, OPERATOR, NOW, siblings, CENTRE.id).offer_id
    assert [one.became for one in refuse(a, a_offer, b_offer)] == ["conflict"]
    assert seat_refused(a, MACHINE, LATER) == []
    hear(a, b)
    assert [one.became for one in seat_refused(a, MACHINE, LATER)] == ["reseated"]
    assert {(row[2], row[3]) for row in taken(a)} == {(1, b_offer), (2, a_offer), (3, a_offer)}
    assert seat_refused(b, MACHINE, LATER) == []


def test_what_the_other_gave_back_is_asked_for_again(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    _a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    undo_offer(b, OPERATOR, SOON, b_offer)
    hear(a, b)
    assert [one.became for one in seat_refused(a, MACHINE, LATER)] == ["reseated"]
    found = reads.offer(a.connection, a_offer)
    assert found is not None
    assert (found.claim, {row[3] for row in taken(a)}) == ("asked", {a_offer})
    both(a, b)


def crossed_over(a: Desk, b: Desk) -> tuple[str, str]:
    """The provider said yes to one desk while the other, which could not hear it, gave the offer up."""
    request_id, offer_id = offered(a)
    exchange(a, b)
    undo_offer(a, OPERATOR, SOON, offer_id)
    answer_offer(b, OPERATOR, SOON, offer_id, "accepted")
    both(a, b)
    return request_id, offer_id


def test_what_crossed_rings_at_both_desks_until_somebody_has_settled_it(a: Desk, b: Desk) -> None:
    request_id, offer_id = crossed_over(a, b)
    for desk in (a, b):
        alarms = queue_view(desk.connection, LATER, OPERATOR, 0, 10).alarms
        assert ("crossed", request_id) in [(row.kind, row.subject) for row in alarms]
        found = conflict_of(desk.connection, request_id, OPERATOR)
        assert found is not None
        assert (found.why, found.decisions, found.other) == ("crossed", ("agreed",), None)
        assert [(row.what, row.desk) for row in found.crossed] == [("accepted", "B")]
    with pytest.raises(OfferOver):
        find_another(a, OPERATOR, LATER, offer_id)
    with pytest.raises(NoConflict):
        raise_places(a, OPERATOR, LATER, offer_id, {GROUP: 2})
    agree(b, OPERATOR, LATER, offer_id, "기관에 다시 알림")
    both(a, b)
    assert conflicts(a.connection, OPERATOR) == []
    with pytest.raises(NoConflict):
        agree(a, OPERATOR, LATER, offer_id, "두 번")


def test_who_has_the_same_name_at_another_desk_is_somebody_else(a: Desk, b: Desk) -> None:
    request_id = wishes.take(a).request_id
    add_note(a, OPERATOR, NOW, request_id, "보호자 재전화 예정")
    exchange(a, b)
    entry = steps(b.connection, request_id)[0].entries[0]
    with pytest.raises(NotYours):
        correct(b, OPERATOR, LATER, request_id, entry, "wrong_key")
    correct(b, SUPERVISOR, LATER, request_id, entry, "wrong_key")


def test_a_decision_that_was_a_wrong_key_is_taken_back_and_it_rings_again(a: Desk, b: Desk) -> None:
    _b_request, b_offer = offered(b)
    a_request, a_offer = offered(a)
    refuse(a, a_offer, b_offer)
    both(a, b)
    agree(a, OPERATOR, LATER, a_offer, "통화함")
    assert conflicts(a.connection, OPERATOR) == []
    step = steps(a.connection, a_request)[0]
    assert step.what == "conflict decided"
    correct(a, OPERATOR, LATER, a_request, step.entries[-1], "wrong_key")
    both(a, b)
    assert [one.refused.offer.id for one in conflicts(b.connection, OPERATOR)] == [a_offer]


def test_what_the_centre_said_meanwhile_does_not_keep_a_wrong_key_from_being_corrected(a: Desk, b: Desk) -> None:
    request_id, offer_id = offered(a)
    answer_offer(a, OPERATOR, SOON, offer_id, "declined")
    again = wishes.offer(a, request_id, CENTRE, LATER).offer_id
    answer_offer(a, OPERATOR, LATER + timedelta(seconds=5), again, "accepted")
    settle_claims(a, MACHINE, LATER, [Answered(again, "granted")])
    correct(
        a,
        OPERATOR,
        LATER + timedelta(minutes=1),
        request_id,
        steps(a.connection, request_id)[0].entries[-1],
        "misheard",
    )
    both(a, b)
    assert state(b, request_id) == "offered"
