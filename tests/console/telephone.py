"""Calls as a telephone system tells of them, for tests of the console."""

from datetime import datetime

from callcenter.care.lifecycle import Told
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.session import Desk
from tests.conftest import NOW

PHONE = "010-0000-7531"


def tell(desk: Desk, name: str, state: Told, at: datetime = NOW, caller: str | None = PHONE) -> str:
    """The telephone system's news of a call; returns the call's id."""
    return receive_event(desk, TELEPHONE, at, CallEvent(name, state, at, caller=caller)).call_id


def state_of_call(desk: Desk, call_id: str) -> tuple[str, str]:
    """The state of a call and whose it is."""
    state, operator = desk.connection.execute("SELECT state, operator FROM call WHERE id = ?", (call_id,)).fetchone()
    return state, operator


def open_callbacks(desk: Desk) -> list[tuple[str, str]]:
    """The kind and number of what is owed."""
    rows = desk.connection.execute("SELECT kind, phone FROM callback WHERE closed_at IS NULL ORDER BY due_at")
    return [(kind, phone) for kind, phone in rows]
