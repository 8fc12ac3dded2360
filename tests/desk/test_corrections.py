"""A wrong key is taken back by a later entry: the tables are as if it had not been, the journal tells both."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from callcenter.desk.after import close_complaint, hand_on_complaint, open_complaint
from callcenter.desk.callbacks import give_up_callback, promise_callback
from callcenter.desk.calls import close_enquiry, end_call, open_call
from callcenter.desk.care_ending import bar_pickup
from callcenter.desk.care_telling import note_provider_told, release_places
from callcenter.desk.choosing import choices
from callcenter.desk.corrections import (
    OWN_WITHIN,
    BuiltUpon,
    NotCorrectable,
    NotYours,
    TakenSince,
    correct,
    mistakes,
    steps,
)
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.permission import Actor
from callcenter.desk.placing import place
from callcenter.desk.requests import add_note, amend_request, cancel_request, hold_request, resume_request
from callcenter.desk.reservations import renew_offer
from callcenter.desk.safety import add_report, raise_safety
from callcenter.desk.session import Desk, NotFound
from callcenter.journal import history
from callcenter.store import reads, stays
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, SLOTS, offer, state, take, taken
from tests.journal.evenings import folded

COLLEAGUE = Actor("박상담", "operator")

Story = Callable[[], str]
"""Presses the key that was wrong; returns the subject."""


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def last_of(desk: Desk, subject: str) -> str:
    return steps(desk.connection, subject)[0].entries[-1]


def tables(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    contents = folded(desk.connection)
    del contents["correction"]
    return contents


def test_of_a_long_history_no_more_is_read_than_is_asked_for(desk: Desk) -> None:
    request_id = take(desk).request_id

    def work_for(most: int) -> int:
        done = 0

        def one_more() -> int:
            nonlocal done
            done += 1
            return 0

        desk.connection.set_progress_handler(one_more, 1)
        try:
            assert len(steps(desk.connection, request_id, most)) == most
        finally:
            desk.connection.set_progress_handler(None, 0)
        return done

    for minute in range(4):
        add_note(desk, OPERATOR, at(minute), request_id, "현관벨이 고장났습니다")
    short = work_for(3)
    for minute in range(4, 40):
        add_note(desk, OPERATOR, at(minute), request_id, "현관벨이 고장났습니다")
    assert work_for(3) <= short
    whole = steps(desk.connection, request_id)
    assert [step.at for step in whole] == [int(at(minute).timestamp()) for minute in reversed(range(40))]
    assert steps(desk.connection, request_id, 5) == whole[:5]


def test_a_wrong_answer_is_taken_back_and_the_offer_waits_again(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, now=at(1))
    before = tables(desk)
    answer_offer(desk, OPERATOR, at(2), made.offer_id, "declined", reason="full")
    assert state(desk, request_id) == "matching"
    correct(desk, OPERATOR, at(3), request_id, last_of(desk, request_id), "wrong_key")
    assert tables(desk) == before
    assert len(taken(desk)) == SLOTS
    answer_offer(desk, OPERATOR, at(4), made.offer_id, "accepted")
    assert state(desk, request_id) == "accepted"


def test_both_stay_to_be_seen(desk: Desk) -> None:
    request_id = take(desk).request_id
    hold_request(desk, OPERATOR, at(1), request_id, at(60))
    correct(desk, SUPERVISOR, at(2), request_id, last_of(desk, request_id), "wrong_record")
    (step,) = steps(desk.connection, request_id)
    assert (step.what, step.state, step.operator) == ("moved", "on hold", OPERATOR.name)
    assert step.corrected == (SUPERVISOR.name, int(at(2).timestamp()), "wrong_record")
    kinds = [entry.kind for entry in history.entries(desk.connection) if entry.subject == request_id]
    assert kinds == ["request.opened", "request.moved", "entry.corrected"]


def test_what_was_done_in_one_step_is_taken_back_in_one(desk: Desk) -> None:
    request_id = take(desk).request_id
    first = offer(desk, request_id, now=at(1))
    second = make_offer(desk, OPERATOR, at(2), request_id, ONE_PLACE.id, beside=True)
    before = tables(desk)
    answer_offer(desk, OPERATOR, at(3), first.offer_id, "accepted")
    assert len(reads.live_offers(desk.connection, request_id)) == 1
    correct(desk, OPERATOR, at(4), request_id, last_of(desk, request_id), "wrong_key")
    assert tables(desk) == before
    assert {one.id for one in reads.live_offers(desk.connection, request_id)} == {first.offer_id, second.offer_id}


def test_what_was_built_upon_waits_until_that_is_taken_back(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, now=at(1))
    answer_offer(desk, OPERATOR, at(2), made.offer_id, "accepted")
    answered = last_of(desk, request_id)
    confirm_request(desk, OPERATOR, at(3), request_id)
    with pytest.raises(BuiltUpon, match=r"guardian's yes.+17:43"):
        correct(desk, OPERATOR, at(4), request_id, answered, "misheard")
    correct(desk, OPERATOR, at(5), request_id, last_of(desk, request_id), "misheard")
    assert state(desk, request_id) == "accepted"
    correct(desk, OPERATOR, at(6), request_id, answered, "misheard")
    assert state(desk, request_id) == "offered"


def test_a_note_is_taken_back_whatever_came_after(desk: Desk) -> None:
    request_id = take(desk).request_id
    add_note(desk, OPERATOR, at(1), request_id, "다른 접수에 쓸 메모")
    noted = last_of(desk, request_id)
    hold_request(desk, OPERATOR, at(2), request_id, at(60))
    resume_request(desk, OPERATOR, at(3), request_id)
    correct(desk, OPERATOR, at(4), request_id, noted, "wrong_record")
    assert reads.notes(desk.connection, request_id) == []
    assert state(desk, request_id) == "matching"


def test_an_amendment_gives_the_old_value_back(desk: Desk) -> None:
    request_id = take(desk).request_id
    before = tables(desk)
    amend_request(desk, OPERATOR, at(1), request_id, {"urgency": "urgent", "reason": "illness"})
    assert tables(desk) != before
    correct(desk, OPERATOR, at(2), request_id, last_of(desk, request_id), "misheard")
    assert tables(desk) == before


def test_a_place_that_somebody_else_has_now_is_not_taken_again(desk: Desk) -> None:
    request_id, _offer_id = wishes.place(desk, ONE_PLACE)
    cancel_request(desk, OPERATOR, at(3), request_id, "withdrawn")
    cancelled = last_of(desk, request_id)
    other = take(desk, guardian=wishes.mother("010-0000-9876"), now=at(4)).request_id
    make_offer(desk, OPERATOR, at(5), other, ONE_PLACE.id)
    before, entries = folded(desk.connection), wishes.entries(desk.connection)
    with pytest.raises(TakenSince):
        correct(desk, OPERATOR, at(6), request_id, cancelled, "wrong_record")
    assert (folded(desk.connection), wishes.entries(desk.connection)) == (before, entries)


def test_a_place_that_was_lent_meanwhile_and_came_back_is_folded_again_as_it_was(desk: Desk) -> None:
    request_id, _offer_id = wishes.place(desk, ONE_PLACE)
    cancel_request(desk, OPERATOR, at(3), request_id, "withdrawn")
    cancelled = last_of(desk, request_id)
    other = take(desk, guardian=wishes.mother("010-0000-9876"), now=at(4)).request_id
    made = make_offer(desk, OPERATOR, at(5), other, ONE_PLACE.id)
    answer_offer(desk, OPERATOR, at(6), made.offer_id, "declined", reason="no_staff")
    correct(desk, OPERATOR, at(7), request_id, cancelled, "wrong_record")
    assert state(desk, request_id) == "confirmed"
    # The desk's fixture folds the whole journal again and compares.


def test_an_enquiry_closed_as_something_else(desk: Desk) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    close_enquiry(desk, OPERATOR, at(1), "wrong_number", call_id=call)
    correct(desk, OPERATOR, at(2), call, last_of(desk, call), "wrong_key")
    found = reads.call(desk.connection, call)
    assert found is not None
    assert (found.state, found.outcome, found.topic) == ("talking", None, None)
    close_enquiry(desk, OPERATOR, at(3), "how_to", call_id=call)
    assert [step.corrected is None for step in steps(desk.connection, call)] == [True, False]


def test_operators_correct_their_own_of_this_shift_and_supervisors_anything(desk: Desk) -> None:
    request_id = take(desk).request_id
    hold_request(desk, OPERATOR, at(1), request_id, at(60))
    held = last_of(desk, request_id)
    with pytest.raises(NotYours, match=OPERATOR.name):
        correct(desk, COLLEAGUE, at(2), request_id, held, "other")
    with pytest.raises(NotYours):
        correct(desk, OPERATOR, at(2) + OWN_WITHIN, request_id, held, "other")
    correct(desk, SUPERVISOR, at(2) + OWN_WITHIN, request_id, held, "other")
    assert state(desk, request_id) == "open"


def test_what_cannot_be_corrected_says_so(desk: Desk) -> None:
    request_id = take(desk).request_id
    opened = next(entry.id for entry in history.entries(desk.connection) if entry.subject == request_id)
    hold_request(desk, OPERATOR, at(1), request_id, at(60))
    held = last_of(desk, request_id)
    with pytest.raises(NotCorrectable):
        correct(desk, OPERATOR, at(2), request_id, opened, "wrong_key")
    with pytest.raises(NotCorrectable):
        correct(desk, OPERATOR, at(2), request_id, held, "no such reason")
    with pytest.raises(NotFound):
        correct(desk, OPERATOR, at(2), request_id, "none", "wrong_key")
    correct(desk, OPERATOR, at(2), request_id, held, "wrong_key")
    with pytest.raises(NotCorrectable):
        correct(desk, OPERATOR, at(3), request_id, held, "wrong_key")


def test_the_correction_of_another_desk_that_comes_first_waits_for_what_it_corrects(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, CENTRE, at(1))
    answer_offer(desk, OPERATOR, at(2), made.offer_id, "declined", reason="full")
    correct(desk, OPERATOR, at(3), request_id, last_of(desk, request_id), "wrong_key")
    before = folded(desk.connection)
    whole = list(history.entries(desk.connection))
    with desk.writing(OPERATOR.name, at(4)):
        desk.connection.execute("DELETE FROM entry WHERE subject = ?", (request_id,))
        for table in ("request", "request_child", "offer", "offer_seat", "place_taken", "correction"):
            desk.connection.execute(f"DELETE FROM {table}")
        history.receive(desk.connection, [entry for entry in reversed(whole) if entry.subject == request_id])
    assert folded(desk.connection) == before


def test_an_offer_chosen_from_the_list_is_taken_back_with_the_list_that_was_kept(desk: Desk) -> None:
    request_id = take(desk).request_id
    before = tables(desk)
    request = reads.request(desk.connection, request_id)
    assert request is not None
    children = reads.children_of_request(desk.connection, request_id)
    found = choices(desk.connection, desk.reference, desk.programs, request, children, at(1))
    place(desk, OPERATOR, at(1), request_id, found, next(iter(found.options)))
    assert steps(desk.connection, request_id)[0].state == "offered"
    correct(desk, OPERATOR, at(2), request_id, last_of(desk, request_id), "wrong_key")
    assert (tables(desk), taken(desk)) == (before, [])


def test_a_clock_set_anew_is_built_upon_by_nothing(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id, now=at(1))
    renew_offer(desk, OPERATOR, at(2), made.offer_id)
    answer_offer(desk, OPERATOR, at(3), made.offer_id, "declined", reason="full")
    correct(desk, OPERATOR, at(4), request_id, last_of(desk, request_id), "wrong_key")
    assert state(desk, request_id) == "offered"
    correct(desk, OPERATOR, at(5), request_id, steps(desk.connection, request_id)[1].entries[-1], "wrong_key")
    kept = reads.offer(desk.connection, made.offer_id)
    assert kept is not None
    assert kept.expires_at == made.expires_at


def danger(desk: Desk) -> Story:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    return lambda: raise_safety(desk, OPERATOR, at(1), call, "abuse")


def report(desk: Desk) -> Story:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    raise_safety(desk, OPERATOR, at(1), call, "abuse")

    def noted() -> str:
        add_report(desk, OPERATOR, at(2), call, "abuse", "112-7")
        return call

    return noted


def promise(desk: Desk) -> Story:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    promise_callback(desk, OPERATOR, at(1), call, at(60))
    return lambda: promise_callback(desk, OPERATOR, at(2), call, at(90))


def given_up(desk: Desk) -> Story:
    owed = promise(desk)()

    def done() -> str:
        give_up_callback(desk, OPERATOR, at(3), owed)
        return owed

    return done


def complaint(desk: Desk) -> Story:
    request = take(desk).request_id
    return lambda: open_complaint(desk, OPERATOR, at(1), "전화를 안 받음", request_id=request)


def handed_on(desk: Desk) -> Story:
    opened = complaint(desk)()

    def done() -> str:
        hand_on_complaint(desk, OPERATOR, at(2), opened, owner=SUPERVISOR.name)
        return opened

    return done


def answered(desk: Desk) -> Story:
    opened = complaint(desk)()

    def done() -> str:
        close_complaint(desk, OPERATOR, at(2), opened, "solved")
        return opened

    return done


def barred(desk: Desk) -> Story:
    guardian = reads.request(desk.connection, take(desk).request_id)
    assert guardian is not None
    child = reads.children_of_guardian(desk.connection, guardian.guardian_id)[0].id

    def done() -> str:
        bar_pickup(desk, OPERATOR, at(1), guardian.guardian_id, child, "박삼촌")
        return guardian.guardian_id

    return done


def told(desk: Desk) -> Story:
    request = take(desk).request_id
    made = offer(desk, request, now=at(1))
    answer_offer(desk, OPERATOR, at(2), made.offer_id, "accepted")
    release_places(desk, OPERATOR, at(3), request, "guardian_refused")

    def done() -> str:
        note_provider_told(desk, OPERATOR, at(4), made.offer_id)
        # What comes later does not rest on it.
        cancel_request(desk, OPERATOR, at(4.5), request, "withdrawn")
        return request

    return done


STORIES = [danger, report, promise, given_up, complaint, handed_on, answered, barred]


@pytest.mark.parametrize("story", STORIES)
def test_a_wrong_digit_beside_a_request_is_found_and_corrected(desk: Desk, story: Callable[[Desk], Story]) -> None:
    press = story(desk)
    before = tables(desk)
    subject = press()
    mistake = mistakes(desk, OPERATOR, at(5))[0]
    assert (mistake.subject, mistake.step.corrected) == (subject, None)
    correct(desk, OPERATOR, at(6), subject, mistake.step.entries[0], "wrong_key")
    assert tables(desk) == before
    # It stays to be seen, and what it was.
    (after,) = [one for one in mistakes(desk, OPERATOR, at(7)) if one.step.entries == mistake.step.entries]
    assert after.step.corrected == (OPERATOR.name, int(at(6).timestamp()), "wrong_key")
    assert after.step.what == mistake.step.what


def test_that_a_provider_was_told_is_corrected_whatever_came_later(desk: Desk) -> None:
    request = told(desk)()
    (step,) = [one for one in steps(desk.connection, request) if one.what == "provider told"]
    assert stays.open_notices(desk.connection, 10) == []
    correct(desk, OPERATOR, at(6), request, step.entries[0], "wrong_key")
    assert len(stays.open_notices(desk.connection, 10)) == 1
    assert state(desk, request) == "cancelled"


def test_of_a_request_everything_about_it_is_listed_and_of_others_only_what_was_done_of_late(desk: Desk) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    request_id = take(desk, call_id=call).request_id
    hold_request(desk, OPERATOR, at(1), request_id, at(60))
    close_enquiry(desk, OPERATOR, at(2), "how_to", call_id=open_call(desk, OPERATOR, at(2), "010-0000-5678").call_id)
    end_call(desk, OPERATOR, at(3), call, "answered")
    opened = open_complaint(desk, COLLEAGUE, at(4), "늦음", request_id=request_id)

    def listed(actor: Actor, when: datetime, about: str | None) -> list[tuple[str, str]]:
        return [(one.step.what, one.phone) for one in mistakes(desk, actor, when, about)]

    ended = [("end of the call", "+821000001234"), ("end of the call", "+821000005678")]
    assert listed(OPERATOR, at(5), request_id) == [("complaint", ""), *ended, ("moved", "")]
    assert listed(OPERATOR, at(5), None) == ended
    assert listed(COLLEAGUE, at(5), request_id) == [("complaint", ""), ended[0], ("moved", "")]
    assert listed(OPERATOR, at(5) + OWN_WITHIN, None) == []
    assert mistakes(desk, COLLEAGUE, at(5))[0].subject == opened
    # Nor what the operator may not see.
    raise_safety(desk, COLLEAGUE, at(6), open_call(desk, COLLEAGUE, at(6), "010-0000-9999").call_id, "abuse")
    assert listed(OPERATOR, at(7), None) == ended
