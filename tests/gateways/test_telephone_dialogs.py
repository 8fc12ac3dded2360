"""What becomes of an extension's dialogs: each change once, whatever order and whatever gaps the documents have."""

from datetime import timedelta
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.desk.call_events import CallEvent
from callcenter.gateways.dialog_info import Dialog, DialogInfo, DialogState
from callcenter.gateways.telephone_dialogs import Dialogs
from tests.conftest import NOW

CALLER = "sip:01000001234@pbx"


def info(version: int, *dialogs: Dialog, full: bool = True) -> DialogInfo:
    return DialogInfo(version, full, "sip:1001@pbx", dialogs)


def dialog(
    state: DialogState,
    name: str = "d1",
    *,
    call_id: str = "c",
    direction: Literal["initiator", "recipient"] = "recipient",
    local: str = "",
    remote: str = CALLER,
    remote_name: str = "",
    event: str = "",
    held: bool = False,
) -> Dialog:
    return Dialog(
        name, state, call_id=f"{call_id}-{name}", local_tag="t", direction=direction, event=event, local=local,
        remote=remote, remote_name=remote_name, held=held,
    )  # fmt: skip


def told(dialogs: Dialogs, *documents: DialogInfo) -> list[CallEvent]:
    return [
        event
        for number, one in enumerate(documents)
        for event in dialogs.take(one, NOW + timedelta(seconds=number)).events
    ]


def test_a_call_from_ring_to_end() -> None:
    events = told(
        Dialogs("1001"),
        info(0),
        info(1, dialog("trying"), full=False),
        info(2, dialog("early"), full=False),
        info(3, dialog("confirmed"), full=False),
        info(4, dialog("confirmed", held=True), full=False),
        info(5, dialog("confirmed"), full=False),
        info(6, dialog("terminated", event="remote-bye"), full=False),
    )
    assert [event.state for event in events] == ["ringing", "answered", "held", "answered", "ended"]
    assert {event.id for event in events} == {events[0].id}
    assert {(event.direction, event.caller, event.called, event.extension) for event in events} == {
        ("in", "01000001234", "1001", "1001")
    }
    assert [event.cause for event in events] == [None] * 4 + ["remote-bye"]
    assert events[0].at == NOW + timedelta(seconds=1)


def test_a_call_that_goes_out() -> None:
    (event,) = told(Dialogs("1001"), info(0, dialog("trying", direction="initiator", local="sip:031@pbx")))
    assert (event.direction, event.caller, event.called) == ("out", "031", "01000001234")


def test_what_a_later_document_leaves_out_is_not_forgotten() -> None:
    early = info(0, dialog("early", direction="initiator"))
    events = told(Dialogs("1001"), early, info(1, Dialog("d1", "confirmed")))
    assert (events[1].id, events[1].direction, events[1].called) == (events[0].id, "out", "01000001234")


def test_a_caller_who_is_known_later_is_told() -> None:
    events = told(
        Dialogs("1001"), info(0, dialog("trying", remote="")), info(1, dialog("early")), info(2, dialog("early"))
    )
    assert [(event.state, event.caller) for event in events] == [("ringing", None), ("ringing", "01000001234")]


@pytest.mark.parametrize(
    ("remote", "caller"),
    [("sip:anonymous@anonymous.invalid", "anonymous"), ("sip:pbx", None), ("tel:031-120", "031-120")],
)
def test_who_rings(remote: str, caller: str | None) -> None:
    (event,) = told(Dialogs("1001"), info(0, dialog("early", remote=remote)))
    assert event.caller == caller


def test_a_display_name_is_cleaned_and_bounded() -> None:
    (event,) = told(Dialogs("1001"), info(0, dialog("early", remote_name="\x1b]52;c;eA\x07홍\u202e길동" + "가" * 500)))
    assert event.name.startswith("]52;c;eA홍길동가")
    assert len(event.name) == 256


def test_a_missed_version_asks_for_all_and_an_old_one_says_nothing() -> None:
    dialogs = Dialogs("1001")
    assert dialogs.take(info(3, dialog("early"), full=False), NOW).missed
    assert not dialogs.take(info(5, dialog("early")), NOW).missed
    assert dialogs.take(info(5, dialog("confirmed")), NOW) == ((), False)
    assert dialogs.take(info(7, dialog("confirmed"), full=False), NOW) == ((), True)
    (event,) = dialogs.take(info(8, dialog("confirmed")), NOW).events
    assert event.state == "answered"


def test_a_full_document_ends_what_it_does_not_name() -> None:
    events = told(Dialogs("1001"), info(0, dialog("confirmed"), dialog("early", "d2")), info(1, dialog("confirmed")))
    assert [(event.state, event.cause) for event in events] == [("answered", None), ("ringing", None), ("ended", None)]
    assert events[2].id == events[1].id


def test_a_new_subscription_rings_nothing_twice() -> None:
    dialogs = Dialogs("1001")
    assert len(told(dialogs, info(9, dialog("confirmed")))) == 1
    dialogs.subscribed_anew()
    assert told(dialogs, info(0, dialog("confirmed"))) == []


def test_a_call_keeps_its_identifier_over_a_restart_when_the_network_names_it() -> None:
    ids = {told(Dialogs("1001"), info(0, dialog(state)))[0].id for state in ("early", "confirmed")}
    assert len(ids) == 1


def test_a_system_that_names_every_call_alike() -> None:
    states: tuple[DialogState, ...] = ("early", "terminated", "early")
    alike = [Dialog("1001", state, call_id="pickup-1", direction="recipient") for state in states]
    events = told(Dialogs("1001"), *(info(number, one) for number, one in enumerate(alike)))
    assert [event.state for event in events] == ["ringing", "ended", "ringing"]
    assert events[0].id == events[1].id != events[2].id


def test_a_dialog_given_to_another_call_ends_the_first() -> None:
    events = told(Dialogs("1001"), info(0, dialog("confirmed")), info(1, dialog("early", call_id="c-other")))
    assert [event.state for event in events] == ["answered", "ended", "ringing"]
    assert events[0].id == events[1].id != events[2].id


def test_no_system_fills_the_memory() -> None:
    dialogs = Dialogs("1001")
    several = [
        info(number, *(dialog("early", f"{number}-{one}") for one in range(50)), full=False) for number in range(1, 9)
    ]
    assert len(told(dialogs, info(0), *several)) == 256
    assert len(told(dialogs, info(9))) == 256


def test_the_end_of_what_never_rang_is_nothing() -> None:
    assert told(Dialogs("1001"), info(0, dialog("terminated"))) == []


STATES = st.sampled_from(["trying", "proceeding", "early", "confirmed", "terminated"])
DOCUMENTS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.booleans(),
        st.lists(st.tuples(STATES, st.sampled_from("abc")), max_size=3, unique_by=lambda one: one[1]),
    ),
    max_size=15,
)


@given(DOCUMENTS)
def test_whatever_comes_a_call_ends_at_most_once_and_nothing_follows(
    documents: list[tuple[int, bool, list[tuple[DialogState, str]]]],
) -> None:
    events = told(
        Dialogs("1001"),
        *(info(version, *(dialog(*one) for one in said), full=full) for version, full, said in documents),
    )
    for one in {event.id for event in events}:
        states = [event.state for event in events if event.id == one]
        # The same network identifier may live again; between two ends it was alive.
        for before, after in pairwise(states):
            assert before != after
        assert states[0] != "ended"
