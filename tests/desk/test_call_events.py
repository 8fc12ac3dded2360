"""A telephone system's news: twice, late, in any order; what they come to is always the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.lifecycle import Direction, Told
from callcenter.care.priority import cutoffs
from callcenter.desk.call_events import CallEvent, CallReceived, receive_event
from callcenter.desk.calls import end_call, hold_call, resume_call, take_call
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.store import callbacks, reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

STATES: tuple[Told, ...] = get_args(Told)
AT = {"ringing": 0, "answered": 8, "held": 40, "ended": 90}
ENDS: dict[frozenset[Told], str] = {
    frozenset({"ringing"}): "ringing",
    frozenset({"answered"}): "talking",
    frozenset({"held"}): "held",
    frozenset({"ended"}): "abandoned",
    frozenset({"ringing", "answered"}): "talking",
    frozenset({"ringing", "held"}): "held",
    frozenset({"ringing", "ended"}): "abandoned",
    frozenset({"answered", "held"}): "held",
    frozenset({"answered", "ended"}): "wrap_up",
    frozenset({"held", "ended"}): "wrap_up",
    frozenset({"ringing", "answered", "held"}): "held",
    frozenset({"ringing", "answered", "ended"}): "wrap_up",
    frozenset({"ringing", "held", "ended"}): "wrap_up",
    frozenset({"answered", "held", "ended"}): "wrap_up",
    frozenset(STATES): "wrap_up",
}


def news(state: Told, call: str = "c1", **more: object) -> CallEvent:
    facts: dict[str, object] = {"caller": "01000001234", "extension": "101", **more}
    at = facts.pop("at", NOW + timedelta(seconds=AT[state]))
    assert isinstance(at, datetime)
    return CallEvent(call, state, at, **facts)  # type: ignore[arg-type] # the tests name fields of the event


def tell(desk: Desk, *events: CallEvent, now: datetime = NOW + timedelta(minutes=5)) -> CallReceived:
    for event in events:
        received = receive_event(desk, TELEPHONE, now, event)
    return received


def row(desk: Desk, call_id: str) -> reads.CallRow:
    found = reads.call(desk.connection, call_id)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory, data: Reference) -> Iterator[Desk]:
    made = init_desk(
        tmp_path_factory.mktemp("line") / "desk.db",
        data,
        NOW,
        name="A",
        programs=["gyeonggi-always"],
        supervisor=SUPERVISOR.name,
        entropy=Random(7).randbytes,
    )
    yield made
    wishes.holds(made)
    made.close()


def compared(line: Desk, direction: Direction, *orders: Sequence[tuple[Told, int]]) -> list[tuple[object, ...]]:
    """What the same call comes to when it is told of in these orders, and what is owed for it."""
    serial = wishes.entries(line.connection)
    found: list[tuple[object, ...]] = []
    for order in orders:
        name, phone = f"x{serial}-{len(found)}", f"0100{len(found)}{serial:06d}"
        told_of = [
            news(state, name, at=NOW + timedelta(seconds=at), direction=direction, caller=phone, called=phone)
            for state, at in order
        ]
        call = row(line, tell(line, *told_of).call_id)
        owed = [(one[1], one[5:]) for one in callbacks.owed_to(line.connection, call.phone or "")]
        found.append((call._replace(id="", external_id="", called="", phone=""), owed))
    return found


@pytest.mark.parametrize("direction", get_args(Direction))
def test_the_same_news_lead_to_the_same_state_in_any_order(line: Desk, direction: Direction) -> None:
    for heard, expected in ENDS.items():
        orders = [[(state, AT[state]) for state in order] for order in permutations(sorted(heard))]
        (call, owed), *others = compared(line, direction, *orders)
        assert all(other == (call, owed) for other in others)
        assert isinstance(call, reads.CallRow)
        assert call.state == (expected if direction == "in" or expected != "wrap_up" else "ended")
        assert isinstance(owed, list)
        assert len(owed) == (expected == "abandoned" and direction == "in")


@settings(max_examples=80)
@given(
    turns=st.lists(st.tuples(st.sampled_from(("answered", "held")), st.integers(0, 9)), max_size=6),
    rings=st.booleans(),
    ends=st.none() | st.integers(0, 9),
    direction=st.sampled_from(get_args(Direction)),
    data=st.data(),
)
def test_any_order_and_repetition_of_a_calls_news_end_alike(
    line: Desk,
    data: st.DataObject,
    turns: list[tuple[Told, int]],
    rings: bool,
    ends: int | None,
    direction: Direction,
) -> None:
    told_of: list[tuple[Told, int]] = [*turns]
    if rings or not (turns or ends):
        told_of.append(("ringing", 0))
    if ends is not None:
        told_of.append(("ended", ends))
    again = data.draw(st.permutations([*told_of, *data.draw(st.lists(st.sampled_from(told_of), max_size=4))]))
    in_time = sorted(told_of, key=lambda one: (one[1], STATES.index(one[0])))
    first, second = compared(line, direction, in_time, again)
    assert first == second
    call = first[0]
    assert isinstance(call, reads.CallRow)
    last, at = max(turns, key=lambda one: (one[1], one[0] == "held"), default=("ringing", 0))
    if ends is None:
        assert call.state == {"ringing": "ringing", "answered": "talking", "held": "held"}[last]
    else:
        assert call.state == ("abandoned" if not turns else "wrap_up" if direction == "in" else "ended")
    assert call.held_at == (int(NOW.timestamp()) + at if last == "held" else None)


def test_news_are_taken_once(desk: Desk) -> None:
    assert tell(desk, news("ringing")).changed
    before = wishes.entries(desk.connection)
    again = tell(desk, news("ringing", at=NOW + timedelta(seconds=70)))
    assert (again.state, again.changed) == ("ringing", False)
    assert wishes.entries(desk.connection) == before
    assert tell(desk, news("answered")).state == "talking"
    assert not tell(desk, news("ringing"), news("answered")).changed


def test_a_call_that_went_on_hold_by_a_key_is_not_put_back_by_old_news(desk: Desk) -> None:
    call_id = tell(desk, news("ringing"), news("answered"), news("held")).call_id
    take_call(desk, OPERATOR, NOW, call_id)
    resume_call(desk, OPERATOR, NOW, call_id)
    assert tell(desk, news("held"), news("answered"), news("ringing")).state == "talking"
    hold_call(desk, OPERATOR, NOW, call_id)
    assert row(desk, call_id).state == "held"


ON_AND_OFF: list[tuple[str, str]] = [
    ("answered@8 held@20 answered@30", "talking"),
    ("answered@8 held@20 answered@30 held@40", "held"),
    ("answered@8 held@20 answered@30 held@40 answered@50", "talking"),
    ("held@20 answered@30 held@20 answered@8", "talking"),
    ("answered@30 held@20", "talking"),
    ("held@30 answered@30", "held"),
    ("answered@30 held@30", "held"),
    ("held@20 answered@30 ended@60 held@40", "wrap_up"),
]


@pytest.mark.parametrize(("told_of", "state"), ON_AND_OFF)
def test_a_call_goes_on_hold_and_back_as_often_as_the_telephone_says(desk: Desk, told_of: str, state: str) -> None:
    for one in ("ringing@0", *told_of.split()):
        name, _, at = one.partition("@")
        found = tell(desk, news(name, at=NOW + timedelta(seconds=int(at))))  # type: ignore[arg-type] # states as text
    assert found.state == state


def test_the_same_told_again_later_does_not_undo_a_key(desk: Desk) -> None:
    call_id = tell(desk, news("ringing")).call_id
    take_call(desk, OPERATOR, NOW, call_id)
    hold_call(desk, OPERATOR, NOW, call_id)
    assert tell(desk, news("answered")).state == "held"
    assert row(desk, call_id).held_at == int(NOW.timestamp())
    resume_call(desk, OPERATOR, NOW, call_id)
    assert tell(desk, news("held", at=NOW + timedelta(seconds=50))).state == "held"
    resume_call(desk, OPERATOR, NOW, call_id)
    found = tell(desk, news("held", at=NOW + timedelta(seconds=60)))
    assert (found.state, row(desk, call_id).held_at) == ("talking", None)
    assert tell(desk, news("answered", at=NOW + timedelta(seconds=70))).state == "talking"
    assert tell(desk, news("held", at=NOW + timedelta(seconds=80))).state == "held"


def test_each_change_keeps_its_time_and_none_is_in_the_future(desk: Desk) -> None:
    now = NOW + timedelta(seconds=60)
    call_id = tell(desk, news("ended"), news("answered"), news("ringing"), now=now).call_id
    start = int(NOW.timestamp())
    found = row(desk, call_id)
    assert (found.opened_at, found.answered_at, found.hung_up_at) == (start, start + 8, start + 60)
    assert (found.state, found.ended_at, found.outcome) == ("wrap_up", None, None)


NUMBERS = [
    ("010-0000-1234", "+821000001234", 0),
    ("", "", 0),
    ("anonymous", "", 0),
    (None, None, 0),
    ("sip:01000001234@10.0.0.1", "+821000001234", 0),
    ("01\x1b]0;evil\x07", None, 1),
    ("x" * 5000, None, 1),
]


@pytest.mark.parametrize(("caller", "stored", "notes"), NUMBERS)
def test_whatever_stands_for_a_number_the_call_rings(
    desk: Desk, caller: str | None, stored: str | None, notes: int
) -> None:
    call_id = tell(desk, news("ringing", caller=caller), news("answered", caller=caller)).call_id
    assert row(desk, call_id).phone == stored
    kept = [note.text for note in reads.notes(desk.connection, call_id)]
    assert len(kept) == notes
    assert all(len(text) < 120 and text.isprintable() for text in kept)


def test_a_display_name_is_kept_as_harmless_text(desk: Desk) -> None:
    call_id = tell(desk, news("ringing", name="\x1b[2J김엄마\u202e[bold]")).call_id
    assert [note.text for note in reads.notes(desk.connection, call_id)] == ["The telephone showed: [2J김엄마[bold]"]


def test_nothing_that_a_telephone_system_says_reaches_a_terminal_or_breaks_the_file(desk: Desk) -> None:
    hostile = "1\x1b[2J\ud800\u202e" + "0" * 500
    call_id = tell(desk, *(news(state, hostile, extension=hostile, called=hostile) for state in STATES)).call_id
    found = row(desk, call_id)
    assert found.extension is not None
    assert found.called == found.extension == ("1[2J" + "0" * 500)[:80]
    assert (found.external_id, found.state) == ("1[2J" + "0" * 500, "wrap_up")


def test_a_number_that_comes_after_the_first_ring_is_taken_over(desk: Desk) -> None:
    call_id = tell(desk, news("ringing", caller=None)).call_id
    assert tell(desk, news("ringing")).changed
    assert row(desk, call_id).phone == "+821000001234"


def test_a_telephone_system_that_counts_anew_means_another_call(desk: Desk) -> None:
    first = tell(desk, news("ringing"), news("ended")).call_id
    later = NOW + timedelta(days=3)
    second = tell(desk, news("ringing", at=later), now=later)
    assert second.call_id != first
    assert second.state == "ringing"


def test_a_call_that_was_closed_by_a_key_stays_closed(desk: Desk) -> None:
    call_id = tell(desk, news("ringing")).call_id
    take_call(desk, OPERATOR, NOW, call_id)
    end_call(desk, OPERATOR, NOW + timedelta(minutes=2), call_id, "dropped")
    owed = callbacks.owed_to(desk.connection, "+821000001234")
    assert tell(desk, news("answered"), news("ended"), news("held")).state == "ended"
    found = row(desk, call_id)
    assert (found.outcome, found.ended_at) == ("dropped", int(NOW.timestamp()) + 120)
    # News of the past must not say that somebody talks to the caller now.
    assert callbacks.owed_to(desk.connection, "+821000001234") == owed
    assert len(owed) == 1


def test_late_news_of_one_call_do_not_settle_what_another_is_owed(desk: Desk) -> None:
    call_id = tell(desk, news("ringing")).call_id
    take_call(desk, OPERATOR, NOW, call_id)
    tell(desk, news("ringing", "c2"), news("ended", "c2"))
    assert tell(desk, news("answered"), news("ended")).state == "wrap_up"
    assert len(callbacks.owed_to(desk.connection, "+821000001234")) == 1


def test_whom_the_desk_rings_is_known_and_can_be_forgotten(desk: Desk) -> None:
    called = {"direction": "out", "caller": "101", "called": "010-0000-1234"}
    call_id = tell(desk, news("ringing", **called), news("answered", **called), news("ended", **called)).call_id
    found = row(desk, call_id)
    assert (found.phone, found.called, found.state, found.outcome) == ("+821000001234", None, "ended", "answered")
    bodies = desk.connection.execute("SELECT body FROM entry WHERE kind <> 'caller.identified'").fetchall()
    assert not any("1234" in body for (body,) in bodies)
    assert row(desk, tell(desk, news("ringing", "c2", called="031-120")).call_id).called == "031-120"


def test_ringing_calls_from_outside_wait(desk: Desk) -> None:
    tell(desk, news("ringing", "c1"), news("ringing", "c2", at=NOW - timedelta(seconds=30)))
    tell(desk, news("ringing", "c3", direction="out"), news("ringing", "c4"), news("answered", "c4"))
    figures = reads.queue_figures(desk.connection, cutoffs(NOW))
    assert (figures.ringing, figures.ringing_since, figures.talking) == (2, int(NOW.timestamp()) - 30, 1)
