"""After care, or in place of it: incidents, how content the guardian was, complaints and who follows them up."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from callcenter.desk.checks import UnknownCode
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import after, reads

# 다침, 아픔, 없어짐, 다툼, 제공자 부재, 기타.
Incident = Literal["injury", "illness", "missing", "conflict", "carer_absent", "other"]
# 보호자, 119, 112, 제공기관, 팀장.
Told = Literal["guardian", "119", "112", "provider", "supervisor"]
# 해결, 사과, 시정, 근거 없음, 연락두절.
ComplaintEnd = Literal["solved", "apologised", "put_right", "unfounded", "unreachable"]

COMPLAINT_WITHIN = timedelta(days=7)
"""By when a complaint is answered unless said otherwise: 7 days, as 고충민원 are (민원 처리에 관한 법률 시행령 §17)."""
_CARED_FOR = frozenset({"in_care", "finished"})


class NoSuchScore(CallcenterError):
    """A score outside 0 to 100. Values: found."""

    code = "no_such_score"
    sentence = mark("{found} is no score. Please enter one from 0 to 100.")


class NobodyWasCaredFor(CallcenterError):
    """How care went cannot be said of a request that had none."""

    code = "nobody_was_cared_for"
    sentence = mark("There was no care in this request yet. Write a note or a complaint instead.")


class NothingSaid(CallcenterError):
    """A complaint or an incident of which nothing was written down."""

    code = "nothing_said"
    sentence = mark("Please write down in a few words what happened.")


class ComplaintOver(CallcenterError):
    """The complaint was answered already."""

    code = "complaint_over"
    sentence = mark("This complaint is closed already. Open a new one if there is more to it.")


class IncidentNoted(CallcenterError):
    """The incident was taken over already, or there is none."""

    code = "incident_noted"
    sentence = mark("A supervisor has taken this incident over already. Look at the request again.")


@requires("incident.raise")
def raise_incident(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    what: Incident,
    said: str,
    *,
    child_id: str | None = None,
    at: datetime | None = None,
    told: tuple[Told, ...] = (),
) -> str:
    """Note that something happened to a child in care, when, and who was told; returns the incident's id.

    Every supervisor's lane rings until one takes it over. Raises `NobodyWasCaredFor`, `NothingSaid`.
    """
    from callcenter.journal import bodies

    text = kept_text(said, lines=True)
    if not text:
        raise NothingSaid
    for code in (what, *told):
        _known(code, (*get_args(Incident), *get_args(Told)))
    with desk.writing(actor.name, now) as chain:
        if load_for(desk, actor, request_id).state not in (*_CARED_FOR, "confirmed"):
            raise NobodyWasCaredFor
        if child_id is not None and all(
            child.id != child_id for child in reads.children_of_request(desk.connection, request_id)
        ):
            raise NotFound(what=_("The child"))
        incident = chain.new_id()
        when = seconds(at if at is not None and at < now else now)
        body = bodies.IncidentRaised(
            incident=incident, child=child_id, what=what, at=when, said=text, told=list(dict.fromkeys(told))
        )
        chain.append(request_id, body)
    return incident


@requires("incident.acknowledge")
def acknowledge_incidents(desk: Desk, actor: Actor, now: datetime, request_id: str) -> int:
    """Take over the incidents of a request that nobody has taken over; returns how many. Raises `IncidentNoted`."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        load_for(desk, actor, request_id)
        waiting = [one for one in after.incidents(desk.connection, request_id) if one.acknowledged_at is None]
        if not waiting:
            raise IncidentNoted
        for one in waiting:
            chain.append(request_id, bodies.IncidentAcknowledged(incident=one.id))
    return len(waiting)


@requires("satisfaction.note")
def note_satisfaction(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    score: int,
    *,
    again: bool | None = None,
    note: str = "",
) -> None:
    """Note how content the guardian was, 0 to 100, and whether they would ask again; a later answer counts instead."""
    from callcenter.journal import bodies

    if not 0 <= score <= 100:
        raise NoSuchScore(found=score)
    with desk.writing(actor.name, now) as chain:
        if load_for(desk, actor, request_id).state not in _CARED_FOR:
            raise NobodyWasCaredFor
        chain.append(request_id, bodies.SatisfactionGiven(score=score, again=again))
        if text := kept_text(note, lines=True):
            chain.append(request_id, bodies.NoteAdded(text=text))


@requires("complaint.write")
def open_complaint(
    desk: Desk,
    actor: Actor,
    now: datetime,
    said: str,
    *,
    request_id: str | None = None,
    owner: str | None = None,
    due: datetime | None = None,
) -> str:
    """Write down a complaint and who follows it up by when; returns its id. Without an owner it is the actor's."""
    from callcenter.journal import bodies

    text = kept_text(said, lines=True)
    if not text:
        raise NothingSaid
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id) if request_id is not None else None
        body = bodies.ComplaintOpened(
            request=request_id,
            guardian=request.guardian_id if request is not None else None,
            said=text,
            owner=_owner(desk, owner or actor.name, actor),
            due=seconds(due or now + COMPLAINT_WITHIN),
        )
        complaint = chain.new_id()
        chain.append(complaint, body)
    return complaint


@requires("complaint.write")
def hand_on_complaint(
    desk: Desk, actor: Actor, now: datetime, complaint_id: str, *, owner: str | None = None, due: datetime | None = None
) -> None:
    """Give a complaint to somebody else, or until another time. Raises `ComplaintOver`, `NotFound`."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        found = _open(desk, actor, complaint_id)
        body = bodies.ComplaintHandedOn(
            owner=found.owner if owner is None else _owner(desk, owner, actor),
            due=found.due_at if due is None else seconds(due),
        )
        chain.append(complaint_id, body)


@requires("complaint.write")
def close_complaint(
    desk: Desk, actor: Actor, now: datetime, complaint_id: str, how: ComplaintEnd, note: str = ""
) -> None:
    """Close a complaint, and how. Raises `ComplaintOver`, `NotFound`."""
    from callcenter.journal import bodies

    _known(how, get_args(ComplaintEnd))
    with desk.writing(actor.name, now) as chain:
        _open(desk, actor, complaint_id)
        chain.append(complaint_id, bodies.ComplaintClosed(how=how))
        if text := kept_text(note, lines=True):
            chain.append(complaint_id, bodies.NoteAdded(text=text))


def _open(desk: Desk, actor: Actor, complaint_id: str) -> after.ComplaintRow:
    found = after.complaint(desk.connection, complaint_id)
    if found is None:
        raise NotFound(what=_("The complaint"))
    if found.request_id is not None:
        load_for(desk, actor, found.request_id)
    if found.closed_at is not None:
        raise ComplaintOver
    return found


def _owner(desk: Desk, name: str, actor: Actor) -> str:
    known = {actor.name, *(person.name for person in reads.people(desk.connection))}
    _known(name, tuple(sorted(known)))
    return name


def _known(code: str, allowed: tuple[str, ...]) -> None:
    if code not in allowed:
        raise UnknownCode(found=code, allowed=", ".join(allowed))
