"""A request of a call in which danger was raised: there for everybody, and readable for those who must know."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.priority import cutoffs
from callcenter.desk import listing
from callcenter.desk.call_view import call_card, owed_calls
from callcenter.desk.callbacks import give_up_callback, note_try
from callcenter.desk.calls import end_call, open_call
from callcenter.desk.duplicates import Asked, duplicates, join_call
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import queue_view
from callcenter.desk.requests import (
    add_note,
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    load,
    reopen_request,
    resume_request,
)
from callcenter.desk.restricted import Restricted, hidden, may_see
from callcenter.desk.safety import add_report, raise_safety, read_record
from callcenter.desk.search import search
from callcenter.desk.session import Desk
from callcenter.desk.view import request_view
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.published import SUWON

LATER = NOW + timedelta(minutes=3)
COLLEAGUE = Actor("박상담", "operator")
PHONE = "010-0000-1234"
# The names as they are and masked by nobody, the number, what was said, the reason, where the child may go.
SECRETS = ("박하나", "박새봄", "00001234", "아빠가 때린다", "overtime", "시험 돌봄센터")


def asked_in_danger(desk: Desk) -> str:
    """A request with an offer out, made in a call in which danger was raised."""
    wishes.have(desk, wishes.CENTRE)
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    request_id = wishes.take(
        desk, call_id=call_id, urgency="abuse", note="아빠가 때린다고 함", promised=NOW + timedelta(minutes=9)
    ).request_id
    wishes.offer(desk, request_id)
    raise_safety(desk, OPERATOR, LATER, call_id, "abuse")
    return request_id


def rung_again(desk: Desk, actor: Actor | None) -> object:
    call_id = open_call(desk, SUPERVISOR, LATER, PHONE).call_id
    card = call_card(desk.connection, call_id, LATER, actor)
    assert card is not None
    return card.requests


def first(desk: Desk) -> str:
    return reads.queue(desk.connection, cutoffs(NOW), 0, 1)[0].id


Read = Callable[[Desk, Actor | None], object]
READS: list[tuple[Read, tuple[str, ...]]] = [
    (
        lambda desk, actor: queue_view(desk.connection, LATER, actor, 0, 10).rows,
        ("박하나", "overtime", "시험 돌봄센터", "abuse"),
    ),
    (lambda desk, actor: request_view(desk.connection, first(desk), actor), (*SECRETS, "abuse")),
    (
        lambda desk, actor: search(desk.connection, desk.reference, "001", NOW, actor).rows,
        ("박하나", "박새봄", "abuse"),
    ),
    (rung_again, ("overtime", "abuse")),
    (lambda desk, actor: duplicates(desk.connection, Asked("+821000001234"), LATER, actor), ("박하나", "abuse")),
    (lambda desk, actor: owed_calls(desk.connection, actor), ("박하나", "00001234")),
]


@pytest.mark.parametrize(("read", "secrets"), READS)
def test_whoever_may_not_see_it_reads_that_it_is_there_and_nothing_of_what_it_says(
    desk: Desk, read: Read, secrets: tuple[str, ...]
) -> None:
    request_id = asked_in_danger(desk)
    number = load(desk, request_id).number
    for actor in (OPERATOR, SUPERVISOR):
        told = repr(read(desk, actor))
        assert [secret for secret in secrets if secret not in told] == []
    for stranger in (COLLEAGUE, None):
        told = repr(read(desk, stranger))
        assert number in told
        assert [secret for secret in (*SECRETS, *secrets) if secret in told] == []


def test_a_hidden_request_keeps_its_place_its_city_its_times_and_its_clock(desk: Desk) -> None:
    request_id = asked_in_danger(desk)
    wishes.take(desk, urgency="urgent", now=NOW - timedelta(minutes=5))
    (seen, after), (hers, _after) = (
        queue_view(desk.connection, LATER, actor, 0, 10).rows for actor in (COLLEAGUE, OPERATOR)
    )
    assert (seen.id, seen.hidden, after.hidden, hers.hidden) == (request_id, True, False, False)
    for field in ("number", "state", "region", "opened_at", "start_at", "end_at", "offer_expires_at", "band"):
        assert getattr(seen, field) == getattr(hers, field)
    view = request_view(desk.connection, request_id, COLLEAGUE)
    assert view is not None
    assert view.hidden
    assert (view.request.region, view.request.start_at, view.guardian) == (hers.region, hers.start_at, None)


def test_what_may_not_be_seen_is_found_by_its_number_and_city_and_by_nobodys_name(desk: Desk) -> None:
    asked_in_danger(desk)
    for text, strangers in (("001", 1), ("수원", 1), ("박하나", 0), ("1234", 0), ("ㅂㅅㅂ", 0), ("수원 박하나", 0)):
        for actor, count in ((COLLEAGUE, strangers), (None, strangers), (OPERATOR, 1), (SUPERVISOR, 1)):
            assert len(search(desk.connection, desk.reference, text, NOW, actor).rows) == count, (text, actor)


def test_a_list_for_other_programs_says_only_that_it_is_there(desk: Desk) -> None:
    asked_in_danger(desk)
    (line,) = listing.requests(desk.connection, LATER)
    assert (line["restricted"], line["children"], line["region"]) == (True, [], SUWON)
    lines = list(listing.entries(desk.connection))
    kinds = {line["kind"] for line in lines if line["restricted"]}
    assert kinds == {"call.opened", "caller.identified", "safety.raised", "request.opened", "note.added", "offer.made"}
    assert all(line["body"] is None for line in lines if line["restricted"])
    assert any(line["body"] for line in lines)


def test_a_request_is_restricted_with_any_call_that_made_or_touched_it(desk: Desk) -> None:
    made, joined, other = (wishes.take(desk, call_id=open_call(desk, OPERATOR, NOW).call_id).request_id for _ in "123")
    everyone = [made, joined, other]
    assert hidden(desk.connection, everyone, None) == frozenset()
    call_id = load(desk, made).call_id
    assert call_id is not None
    join_call(desk, OPERATOR, NOW, joined, "옆집에서도 들림", call_id=call_id)
    raise_safety(desk, OPERATOR, LATER, call_id, "abuse")
    assert hidden(desk.connection, everyone, COLLEAGUE) == {made, joined}
    assert hidden(desk.connection, everyone, OPERATOR) == frozenset()
    # Another's danger hides it from the first operator as well: who told the other stays secret.
    second = open_call(desk, COLLEAGUE, LATER).call_id
    join_call(desk, COLLEAGUE, LATER, joined, "이웃의 신고", call_id=second)
    raise_safety(desk, COLLEAGUE, LATER, second, "abuse")
    assert hidden(desk.connection, everyone, OPERATOR) == {joined}
    assert hidden(desk.connection, everyone, COLLEAGUE) == {made, joined}
    assert hidden(desk.connection, everyone, SUPERVISOR) == frozenset()
    wishes.holds(desk)


def test_who_raised_danger_in_a_colleagues_call_goes_on_seeing_it(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    request_id = wishes.take(desk, call_id=call_id).request_id
    raise_safety(desk, COLLEAGUE, LATER, call_id, "abuse", "2026-1124-7")
    raise_safety(desk, OPERATOR, LATER, call_id, "emergency")
    row = reads.call(desk.connection, call_id)
    assert row is not None
    assert (row.operator, row.raised_by) == (OPERATOR.name, COLLEAGUE.name)
    third = Actor("최상담", "operator")
    assert [may_see(desk.connection, row, actor) for actor in (OPERATOR, COLLEAGUE, SUPERVISOR, third)] == [
        True,
        True,
        True,
        False,
    ]
    # At another desk somebody has the same name.
    elsewhere = row._replace(desk="B")
    assert [may_see(desk.connection, elsewhere, one) for one in (OPERATOR, COLLEAGUE, SUPERVISOR)] == [
        False,
        False,
        True,
    ]
    assert read_record(desk, COLLEAGUE, LATER, call_id).reports
    assert hidden(desk.connection, [request_id], COLLEAGUE) == frozenset()
    assert hidden(desk.connection, [request_id], third) == {request_id}
    wishes.holds(desk)


CALLS = (OPERATOR, COLLEAGUE)
EVERYBODY = (OPERATOR, COLLEAGUE, Actor("최상담", "operator"), SUPERVISOR)


@settings(max_examples=25)
@given(
    takers=st.lists(st.sampled_from(CALLS), min_size=3, max_size=3),
    joins=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4),
    dangers=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(EVERYBODY)), max_size=3),
)
def test_a_request_is_hidden_just_from_those_who_may_not_see_one_of_its_calls(
    desk: Desk, takers: list[Actor], joins: list[tuple[int, int]], dangers: list[tuple[int, Actor]]
) -> None:
    calls = [open_call(desk, taker, NOW).call_id for taker in takers]
    requests = [wishes.take(desk, call_id=call_id).request_id for call_id in calls]
    touched = {(at, at) for at in range(3)} | set(joins)
    for call, request in joins:
        join_call(desk, OPERATOR, NOW, requests[request], "", call_id=calls[call])
    knowing: dict[int, set[str]] = {}
    for call, actor in dangers:
        known = knowing.setdefault(call, {takers[call].name, actor.name})
        if actor.role == "supervisor" or actor.name in known:
            raise_safety(desk, actor, NOW, calls[call], "abuse")
        else:
            with pytest.raises(Restricted):
                raise_safety(desk, actor, NOW, calls[call], "abuse")
    for actor in EVERYBODY:
        unseen = {call for call, known in knowing.items() if actor.role != "supervisor" and actor.name not in known}
        expected = {requests[request] for call, request in touched if call in unseen}
        assert hidden(desk.connection, requests, actor) == expected
    assert hidden(desk.connection, requests, None) == {requests[at] for call, at in touched if call in knowing}


def offer_id(desk: Desk, request_id: str) -> str:
    return reads.live_offers(desk.connection, request_id)[0].id


Work = Callable[[Desk, Actor, str], object]
WORK: list[Work] = [
    lambda desk, actor, request: amend_request(desk, actor, LATER, request, {"urgency": "urgent"}),
    lambda desk, actor, request: hold_request(desk, actor, LATER, request, LATER + timedelta(hours=1)),
    lambda desk, actor, request: resume_request(desk, actor, LATER, request),
    lambda desk, actor, request: cancel_request(desk, actor, LATER, request, "withdrawn"),
    lambda desk, actor, request: leave_unplaced(desk, actor, LATER, request, "all_full"),
    lambda desk, actor, request: reopen_request(desk, actor, LATER, request),
    lambda desk, actor, request: make_offer(desk, actor, LATER, request, wishes.CENTRE.id),
    lambda desk, actor, request: undo_offer(desk, actor, NOW, offer_id(desk, request)),
    lambda desk, actor, request: answer_offer(desk, actor, LATER, offer_id(desk, request), "accepted"),
    lambda desk, actor, request: confirm_request(desk, actor, LATER, request),
    lambda desk, actor, request: note_try(desk, actor, LATER, request, "guardian", "reached"),
    lambda desk, actor, request: give_up_callback(desk, actor, LATER, request),
]


@pytest.mark.parametrize("work", WORK)
def test_nobody_works_blindly_on_what_they_may_not_see(desk: Desk, work: Work) -> None:
    request_id = asked_in_danger(desk)
    before = wishes.entries(desk.connection)
    with pytest.raises(Restricted):
        work(desk, COLLEAGUE, request_id)
    assert wishes.entries(desk.connection) == before


def test_nobody_settles_a_call_back_to_whom_they_may_not_see(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    raise_safety(desk, OPERATOR, NOW, call_id, "abuse")
    end_call(desk, OPERATOR, NOW, call_id, "dropped")
    (owed,) = owed_calls(desk.connection, COLLEAGUE)
    with pytest.raises(Restricted):
        note_try(desk, COLLEAGUE, LATER, owed.id, "guardian", "reached")
    with pytest.raises(Restricted):
        give_up_callback(desk, COLLEAGUE, LATER, owed.id)
    note_try(desk, OPERATOR, LATER, owed.id, "guardian", "reached")
    assert owed_calls(desk.connection, SUPERVISOR) == []


@pytest.mark.parametrize("actor", [OPERATOR, SUPERVISOR])
def test_its_operator_and_supervisors_place_it(desk: Desk, actor: Actor) -> None:
    request_id = asked_in_danger(desk)
    answer_offer(desk, actor, LATER, offer_id(desk, request_id), "declined")
    made = make_offer(desk, actor, LATER, request_id, wishes.CENTRE.id).offer_id
    answer_offer(desk, actor, LATER, made, "accepted")
    confirm_request(desk, actor, LATER, request_id)
    assert wishes.state(desk, request_id) == "confirmed"


def test_what_a_colleague_hears_of_it_can_be_written_to_it(desk: Desk) -> None:
    request_id = asked_in_danger(desk)
    add_note(desk, COLLEAGUE, LATER, request_id, "어머니가 다시 전화함")
    join_call(
        desk, COLLEAGUE, LATER, request_id, "늦는다고 함", call_id=open_call(desk, COLLEAGUE, LATER, PHONE).call_id
    )
    notes = [note.text for note in reads.notes(desk.connection, request_id)]
    assert notes == ["아빠가 때린다고 함", "어머니가 다시 전화함", "늦는다고 함"]


def test_who_may_see_a_request_is_told_of_the_danger_and_the_case(desk: Desk) -> None:
    request_id = asked_in_danger(desk)
    (call,) = [row[0] for row in desk.connection.execute("SELECT id FROM call")]

    def danger(actor: Actor) -> object:
        view = request_view(desk.connection, request_id, actor)
        assert view is not None
        return view.danger

    assert danger(OPERATOR) == danger(SUPERVISOR) == (("abuse", ""),)
    add_report(desk, OPERATOR, LATER, call, "abuse", "2026-77", "멍이 보인다고 함")
    assert danger(OPERATOR) == danger(SUPERVISOR) == (("abuse", "2026-77"),)
    raise_safety(desk, OPERATOR, LATER, call, "emergency")
    assert danger(OPERATOR) == (("abuse", "2026-77"), ("emergency", ""))
    assert danger(COLLEAGUE) == ()
    plain = wishes.take(desk, guardian=wishes.mother("010-0000-9999")).request_id
    view = request_view(desk.connection, plain, SUPERVISOR)
    assert view is not None
    assert view.danger == ()
