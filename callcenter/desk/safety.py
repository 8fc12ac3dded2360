"""Danger in a call: raised with one key, reported to the other agency, and seen only by those who must.

Whoever suspects that a child is abused reports it to 112 at once (아동학대처벌법 §10②); who reported stays secret.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.desk.calls import load_call, make_own
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, may_see
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import calls, reads

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

Danger = Literal["emergency", "abuse"]
# 위급, 학대의심
AGENCIES: Mapping[Danger, str] = {"emergency": "119", "abuse": "112"}


class NothingRaised(CallcenterError):
    """A report belongs to a call in which danger was raised."""

    code = "nothing_raised"
    sentence = mark("No danger was raised in this call. Raise it first, then add the number of the case.")


class CallRecord(NamedTuple):
    """A call with what was written of it."""

    call: reads.CallRow
    notes: list[reads.NoteRow]
    reports: list[calls.ReportRow]


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
def read_record(desk: Desk, actor: Actor, now: datetime, call_id: str) -> CallRecord:
    """A call's notes and reports; reading a restricted one is an entry. Raises `Restricted`."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        if not may_see(desk.connection, call, actor):
            raise Restricted
        if call.safety is not None:
            chain.append(call_id, bodies.RecordRead(what="open", why=call.safety, count=1))
        notes = reads.notes(desk.connection, call_id)
        return CallRecord(call, notes, calls.reports(desk.connection, call_id))


def _report(chain: "Chain", call_id: str, what: Danger, reference: str, said: str) -> None:
    from callcenter.journal import bodies

    number, told = kept_text(reference), kept_text(said, lines=True)
    if number or told:
        chain.append(call_id, bodies.SafetyReported(what=what, reference=number, said=told))
