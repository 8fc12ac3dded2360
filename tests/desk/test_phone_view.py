"""The telephone at one moment, read for the console."""

from datetime import timedelta

from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.callbacks import note_try
from callcenter.desk.calls import hang_up_call, hold_call, open_call, take_call
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.phone_view import SHOWN, PhoneView, phone_view
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR, SUPERVISOR


def tell(desk: Desk, name: str, state: str, seconds: int = 0, direction: str = "in") -> str:
    at = NOW + timedelta(seconds=seconds)
    event = CallEvent(name, state, at, direction, caller="010-0000-7531", called="010-0000-1111")  # type: ignore[arg-type]
    return receive_event(desk, TELEPHONE, at, event).call_id


def look(desk: Desk, limit: int = 0) -> PhoneView:
    return phone_view(desk.connection, NOW, OPERATOR, limit=limit)


def test_the_oldest_that_ring_are_shown_and_all_are_counted(desk: Desk) -> None:
    ids = [tell(desk, f"c{number}", "ringing", number) for number in range(5)]
    found = look(desk)
    assert [seen.card.call.id for seen in found.waiting] == ids[:SHOWN]
    assert found.waiting_count == 5


def test_what_was_answered_at_a_telephone_waits_until_it_is_somebodys(desk: Desk) -> None:
    call = tell(desk, "c1", "ringing")
    tell(desk, "c1", "answered", 5)
    assert [seen.card.call.state for seen in look(desk).waiting] == ["talking"]
    take_call(desk, OPERATOR, NOW, call)
    found = look(desk)
    assert (found.waiting, [seen.card.call.id for seen in found.own]) == ([], [call])


def test_a_call_that_goes_out_rings_nobody_here(desk: Desk) -> None:
    tell(desk, "c1", "ringing", direction="out")
    assert look(desk).waiting_count == 0


def test_own_calls_only_the_one_that_talks_first(desk: Desk) -> None:
    open_call(desk, SUPERVISOR, NOW, "010-0000-2222")
    first = open_call(desk, OPERATOR, NOW, "010-0000-3333").call_id
    second = open_call(desk, OPERATOR, NOW, "010-0000-4444").call_id
    assert [seen.card.call.id for seen in look(desk).own] == [second, first]
    hold_call(desk, OPERATOR, NOW, second)
    assert {seen.card.call.state for seen in look(desk).own} == {"held"}
    # Whoever waits on hold waits on; what ends next is the call whose line is dead.
    hang_up_call(desk, OPERATOR, NOW, first)
    assert [seen.card.call.state for seen in look(desk).own] == ["wrap_up", "held"]


def test_the_call_that_was_cut_off_is_told_with_the_one_it_goes_on_in(desk: Desk) -> None:
    first = tell(desk, "c1", "ringing")
    tell(desk, "c1", "answered", 1)
    tell(desk, "c1", "ended", 2)
    tell(desk, "c2", "ringing", 60)
    cut_off = next(seen.cut_off for seen in look(desk).waiting if seen.card.call.state == "ringing")
    assert cut_off is not None
    assert cut_off.id == first


def test_call_backs_are_counted_always_and_read_when_asked_for(desk: Desk) -> None:
    tell(desk, "c1", "ringing")
    tell(desk, "c1", "ended", 9)
    found = look(desk)
    assert (found.owed, found.callbacks, found.tries) == (1, [], {})
    row = look(desk, 10).callbacks[0]
    note_try(desk, OPERATOR, NOW, row.id, "guardian", "busy")
    found = look(desk, 10)
    assert [one.result for one in found.tries[row.id]] == ["busy"]
    assert found.owed == len(found.callbacks) == 1
