"""Danger in a call: raised with one key, reported to the other agency, and seen only by those who must.

Whoever suspects that a child is abused reports it to 112 at once (아동학대처벌법 §10②); who reported stays secret.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.desk.calls import load_call, make_own
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, may_see
from callcenter.desk.session import Desk, seconds
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import calls, dangers, reads

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

Danger = Literal["emergency", "abuse"]
# 위급, 학대의심
AGENCIES: Mapping[str, str] = {"emergency": "119", "abuse": "112"}
_READABLE = timedelta(days=30)
"""Whoever has to add to a report does so within days; what is older is read by the call's ID."""


class NothingRaised(CallcenterError):
    """A report belongs to a call in which danger was raised."""

    code = "nothing_raised"
    sentence = mark("No danger was raised in this call. Raise it first, then add the number of the case.")


class CallRecord(NamedTuple):
    """A call with what was written of it: `raised` is each alarm, `numbers` the requests that it made or touched."""

    call: reads.CallRow
    notes: list[reads.NoteRow]
    reports: list[calls.ReportRow]
    raised: list[dangers.RaisedRow]
    numbers: list[str]


class RaisedCall(NamedTuple):
    """A call in which danger was raised: when first, which it is now, whose, and its requests' receipt numbers."""

    call_id: str
    at: int
    what: str
    operator: str
    numbers: list[str]


@requires("safety.raise")
def raise_safety(
    desk: Desk,
    actor: Actor,
    now: datetime,
    call_id: str | None,
    what: Danger,
    reference: str = "",
    said: str = "",
) -> str:
    """Restrict a call because somebody in it is in danger, with what the other agency was told and its number.

    Without a call one is opened to hold the record; one that is nobody's becomes the actor's, and in a colleague's the
    actor goes on seeing what it is about. Returns the call's id.
    Raises `Restricted` for a call that is restricted already and another's.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        if call_id is None:
            call_id = chain.new_id()
            chain.append(call_id, bodies.CallOpened())
        call = load_call(desk, call_id)
        if not may_see(desk.connection, call, actor):
            raise Restricted
        if not call.operator:
            make_own(desk, chain, call, now)
        if call.safety != what:
            chain.append(call_id, bodies.SafetyRaised(what=what))
        _report(chain, call_id, what, reference, said)
    return call_id


@requires("safety.raise")
def add_report(
    desk: Desk, actor: Actor, now: datetime, call_id: str, what: Danger, reference: str, said: str = ""
) -> None:
    """Add what the agency was told later, or its number of the case once it is known."""
    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        if call.safety is None:
            raise NothingRaised
        if not may_see(desk.connection, call, actor):
            raise Restricted
        _report(chain, call_id, what, reference, said)


@requires("record.reveal")
def raised_calls(desk: Desk, actor: Actor, now: datetime) -> list[RaisedCall]:
    """The calls of the last 30 days in which danger was raised and whose record the actor may read, newest first."""
    connection = desk.connection
    found = dangers.danger_calls(connection, seconds(now - _READABLE))
    seen = [call for call in found if may_see(connection, call, actor)]
    if not seen:
        return []
    numbers = dangers.numbers_of_calls(connection, [call.id for call in seen])
    listed = [_raised_call(desk, call, numbers.get(call.id, [])) for call in seen]
    return sorted(listed, key=lambda one: one.at, reverse=True)


def _raised_call(desk: Desk, call: reads.CallRow, numbers: list[str]) -> RaisedCall:
    at = next((one.at for one in dangers.raised_in(desk.connection, call.id)), call.opened_at)
    return RaisedCall(call.id, at, call.safety or "", call.raised_by or call.operator, numbers)


@requires("record.reveal")
def read_record(desk: Desk, actor: Actor, now: datetime, call_id: str) -> CallRecord:
    """A call's notes and reports; reading a restricted one is an entry. Raises `Restricted`."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        if not may_see(desk.connection, call, actor):
            raise Restricted
        if call.safety is not None:
            chain.append(call_id, bodies.RecordRead(what="open", why=call.safety, count=1))
        notes, reports = reads.notes(desk.connection, call_id), calls.reports(desk.connection, call_id)
        numbers = dangers.numbers_of_calls(desk.connection, [call_id]).get(call_id, [])
        return CallRecord(call, notes, reports, dangers.raised_in(desk.connection, call_id), numbers)


def _report(chain: "Chain", call_id: str, what: Danger, reference: str, said: str) -> None:
    from callcenter.journal import bodies

    number, told = kept_text(reference), kept_text(said, lines=True)
    if number or told:
        chain.append(call_id, bodies.SafetyReported(what=what, reference=number, said=told))
