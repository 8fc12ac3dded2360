"""Corrections: a wrong key is taken back by a later entry with a reason; both stay to be seen. 정정: correction.

What was done in one step is taken back in one. A step on which a later one was built waits until that is taken back:
so nothing that still counts was ever decided from something that does not.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.lifecycle import OFFER, REQUEST
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, hidden, may_see
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import after, callbacks, reads
from callcenter.store.calls import calls_of_request
from callcenter.store.corrections import corrections, entries_of, subjects_of
from callcenter.store.engine import Taken
from callcenter.text.moments import clock, moment

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.entry import Entry

OWN_WITHIN = timedelta(hours=12)
"""How long operators correct what they did themselves: their shift. Supervisors correct anybody's, at any time."""

REASONS = {
    "wrong_key": mark("Wrong key"),
    "wrong_record": mark("Wrong request or call"),
    "misheard": mark("Misheard"),
    "other": mark("Another reason"),
}

# What can be taken back, as it is called; what is not here can be amended, undone or ended, but has been.
CORRECTABLE = {
    "note.added": mark("note"),
    "request.amended": mark("amendment"),
    "request.moved": mark("moved"),
    "offer.made": mark("offer made"),
    "offer.proposed": mark("offer made"),
    "choice.made": mark("offer made"),
    "offer.renewed": mark("clock set anew"),
    "offer.answered": mark("answer to the offer"),
    "offer.condition": mark("answer to the offer"),
    "offer.released": mark("offer released"),
    "offer.acknowledged": mark("read to the provider"),
    "offer.confirmed": mark("guardian's yes"),
    "conflict.decided": mark("conflict decided"),
    "callback.tried": mark("try to call back"),
    "callback.closed": mark("call-back closed"),
    "callback.promised": mark("call-back promised"),
    "call.ended": mark("end of the call"),
    "safety.raised": mark("danger raised"),
    "safety.reported": mark("report to the other agency"),
    "care.cut_short": mark("early end"),
    "incident.raised": mark("incident"),
    "incident.acknowledged": mark("incident taken over"),
    "satisfaction.given": mark("satisfaction"),
    "care.approached": mark("carer on the way"),
    "care.screened": mark("screening at the door"),
    "care.held": mark("held at the door"),
    "care.admitted": mark("admission"),
    "care.extended": mark("extension"),
    "care.ended": mark("end of care"),
    "care.handed_over": mark("hand-over"),
    "pickup.barred": mark("pick-up barred"),
    "provider.told": mark("provider told"),
    "complaint.opened": mark("complaint"),
    "complaint.handed_on": mark("complaint handed on"),
    "complaint.closed": mark("complaint closed"),
}
# Nothing is ever decided from these.
_LEAVES = frozenset(
    {
        "note.added",
        "callback.tried",
        "record.read",
        "record.explained",
        "entry.corrected",
        "care.screened",
        "satisfaction.given",
        "care.cut_short",
        "choice.made",
        "offer.condition",
        "offer.renewed",
        "offer.claimed",
        "offer.reseated",
        "request.taken_over",
        "incident.raised",
        "incident.acknowledged",
        "pickup.barred",
        "provider.told",
    }
)
# What is about something else than a request.
_BESIDE_REQUESTS = ("call.", "callback.", "safety.", "complaint.", "pickup.")
_BESIDE = 20
"""So many steps about other things than the request are listed."""


class NotCorrectable(CallcenterError):
    """This kind of entry is no key that was pressed by mistake, or it was corrected already."""

    code = "not_correctable"
    sentence = mark("This cannot be corrected. Amend it, or write a note.")


class NotYours(CallcenterError):
    """Another's entry, or one of another shift. Values: who."""

    code = "not_yours"
    sentence = mark("{who} did this, or it is too long ago. Please ask your supervisor to correct it.")


class BuiltUpon(CallcenterError):
    """A later step was decided from this one. Values: what, when."""

    code = "built_upon"
    sentence = mark("«{what}» ({when}) came after it and builds on it. Correct that first.")


class TakenSince(CallcenterError):
    """The place that this would take again is somebody else's now."""

    code = "taken_since"
    sentence = mark("Its place was given to another child since. Look for a new match instead.")


class Step(NamedTuple):
    """What somebody did at once to one subject: the entries, oldest first. `what` is a sentence to translate.

    `corrected` is who took it back, when and why, None for what counts.
    """

    entries: tuple[str, ...]
    at: int
    operator: str
    what: str
    state: str | None
    """The state that it brought its request or offer to, in words to translate."""
    corrected: tuple[str, int, str] | None


def steps(connection: "Connection", subject: str, most: int | None = None) -> list[Step]:
    """What was done to the subject that can be corrected or was, the newest first, and no more than so many."""
    return list(islice(_steps(connection, subject), most))


def _steps(connection: "Connection", subject: str) -> Iterator[Step]:
    taken_back = {row.entry_id: row for row in corrections(connection, subject)}
    for together in (one for found in _moments(connection, subject) for one in reversed(_together(found))):
        mine = [entry for entry in together if entry.kind in CORRECTABLE and entry.body is not None]
        if mine:
            row = taken_back.get(mine[-1].id)
            out = None if row is None else (row.operator, row.at, row.reason)
            last = mine[-1]
            ids = tuple(entry.id for entry in mine)
            state = next((words for entry in reversed(mine) if (words := _state_of(entry))), None)
            yield Step(ids, last.at // 1000, last.actor, CORRECTABLE[last.kind], state, out)


class Mistake(NamedTuple):
    """A step that may be corrected, or was: of which subject, and the stored number of whom, "" for the request's."""

    subject: str
    phone: str
    step: Step


@requires("entry.correct")
def mistakes(desk: Desk, actor: Actor, now: datetime, request_id: str | None = None) -> list[Mistake]:
    """What can be corrected, the newest first: of a request, of what belongs to it, and what the actor did of late.

    That is of calls, call-backs, complaints and who may not fetch a child; steps of these that were corrected stay to
    be seen here. Raises `Restricted`.
    """
    connection = desk.connection
    since = int((now - OWN_WITHIN).timestamp() * 1000)
    near: list[str] = []
    found: list[Mistake] = []
    if request_id is not None:
        _seen(desk, actor, request_id)
        near = _belonging(connection, request_id)
        found = [Mistake(request_id, "", step) for step in steps(connection, request_id) if step.corrected is None]
    own = subjects_of(connection, actor.name, desk.name, since, _BESIDE_REQUESTS)
    beside = [
        Mistake(subject, phone, step)
        for subject in dict.fromkeys([*near, *own])
        if subject != request_id and (phone := _phone_of(desk, actor, subject)) is not None
        for step in steps(connection, subject)
    ]
    beside.sort(key=lambda one: one.step.at, reverse=True)
    return sorted([*found, *beside[:_BESIDE]], key=lambda one: one.step.at, reverse=True)


def _belonging(connection: "Connection", request_id: str) -> list[str]:
    """The calls and complaints about a request, and its guardian."""
    request = reads.request(connection, request_id)
    calls = [call.id for call in calls_of_request(connection, request_id)]
    complaints = [one.id for one in after.complaints(connection, request_id)]
    return [*calls, *complaints, *([] if request is None else [request.guardian_id])]


def _phone_of(desk: Desk, actor: Actor, subject: str) -> str | None:
    """The number of the call, call-back or guardian, "" without one; None for what the actor may not see."""
    try:
        _seen(desk, actor, subject)
    except Restricted:
        return None
    call, owed = reads.call(desk.connection, subject), callbacks.owed(desk.connection, subject)
    guardian = reads.guardian(desk.connection, subject)
    return next((one.phone for one in (call, owed, guardian) if one is not None and one.phone), "")


@requires("entry.correct")
def correct(desk: Desk, actor: Actor, now: datetime, subject: str, entry_id: str, reason: str) -> str:
    """Take back the step that the entry belongs to; the subject is as if it had not been. Returns the subject.

    Raises `NotCorrectable`, `NotYours`, `BuiltUpon`, `TakenSince`, `NotFound`, `Restricted`.
    """
    from callcenter.journal import bodies

    if reason not in REASONS:
        raise NotCorrectable
    with desk.writing(actor.name, now) as chain:
        _seen(desk, actor, subject)
        found = [entry for together in _moments(desk.connection, subject) for entry in together][::-1]
        out = {row.entry_id for row in corrections(desk.connection, subject)}
        together = next((one for one in _together(found) if any(entry.id == entry_id for entry in one)), None)
        if together is None:
            raise NotFound(what=_("The entry"))
        mine = [entry for entry in together if entry.kind in CORRECTABLE and entry.id not in out]
        if entry_id not in {entry.id for entry in mine}:
            raise NotCorrectable
        _permitted(desk, actor, now, mine[-1])
        if any(entry.kind not in _LEAVES for entry in mine):
            _refuse_built_upon(found, mine[-1], out)
        try:
            chain.append(subject, bodies.EntryCorrected(entries=[entry.id for entry in mine], reason=reason))
        except Taken as conflict:
            raise TakenSince from conflict
    return subject


def _moments(connection: "Connection", subject: str) -> "Iterator[list[Entry]]":
    """The entries of each millisecond, which parts no transaction, the newest first.

    No more of a long history is read than is asked for.
    """
    from callcenter.journal.entry import HLC_COUNTER_BITS, Entry

    entries = (Entry._make(row) for row in entries_of(connection, subject))
    return (list(found) for _at, found in groupby(entries, key=lambda entry: entry.hlc >> HLC_COUNTER_BITS))


def _together(found: "Iterable[Entry]") -> "list[list[Entry]]":
    """The entries of each transaction: one hand, one moment, one after another in the chain of the desk."""
    ordered = sorted(found, key=lambda entry: (entry.desk, entry.seq))
    made: list[list[Entry]] = [ordered[:1]] if ordered else []
    for before, entry in pairwise(ordered):
        same = (before.desk, before.seq + 1, before.at, before.actor) == (entry.desk, entry.seq, entry.at, entry.actor)
        if same:
            made[-1].append(entry)
        else:
            made.append([entry])
    return sorted(made, key=lambda one: (one[-1].hlc, one[-1].id))


def _seen(desk: Desk, actor: Actor, subject: str) -> None:
    call = reads.call(desk.connection, subject)
    if (call is not None and not may_see(desk.connection, call, actor)) or hidden(desk.connection, [subject], actor):
        raise Restricted


def _permitted(desk: Desk, actor: Actor, now: datetime, entry: "Entry") -> None:
    from callcenter.journal.entry import desk_name

    # People of one name may sit at two desks.
    here = entry.actor == actor.name and desk_name(entry.desk) == desk.name
    own = here and now.timestamp() - entry.at / 1000 <= OWN_WITHIN.total_seconds()
    if not own and actor.role != "supervisor":
        raise NotYours(who=entry.actor)


def _refuse_built_upon(found: "Iterable[Entry]", step: "Entry", out: set[str]) -> None:
    for entry in found:
        later = (entry.hlc, entry.id) > (step.hlc, step.id)
        if later and entry.id not in out and entry.kind not in _LEAVES and not _is_told(entry.kind):
            what = _(CORRECTABLE[entry.kind]) if entry.kind in CORRECTABLE else entry.kind
            raise BuiltUpon(what=what, when=clock(moment(entry.at // 1000)))


def _is_told(kind: str) -> bool:
    """Whether the kind only says that somebody was told, which stays true whatever is corrected."""
    return kind.startswith(("message.", "incident.")) or kind == "provider.told"


def _state_of(entry: "Entry") -> str | None:
    said = json.loads(entry.body or "{}")
    if "offer_state" in said:
        return OFFER.words.get(said["offer_state"])
    return REQUEST.words.get(said["state"]) if "state" in said else None
