"""Who works on a request: one operator at a time, of all the desks; another takes it over. 인수: take-over.

Who works on what the centre tells (`desk.link_state`). Without a centre, or while it cannot be reached, nobody is known
to work on anything, and nobody is held up.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.desk.free_text import kept_text
from callcenter.desk.link_state import Work
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, hidden
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.taken_over import last_taken_over
from callcenter.text.moments import clock

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.desk.link_state import LinkState

Standing = Literal["free", "mine", "other", "stale"]


class WorkedOn(CallcenterError):
    """Somebody else works on the request. Values: who, desk, since."""

    code = "worked_on"
    sentence = mark("{who} at desk {desk} has been on this request since {since}. Take it over first, with a reason.")


class WhyMissing(CallcenterError):
    """A request is not taken over without a reason."""

    code = "why_missing"
    sentence = mark("Please write down why you take this request over.")


class Taken(NamedTuple):
    """Whose request was taken over; nobody's where it was free by then."""

    request_id: str
    work: Work | None


def standing(work: Work | None, desk: str, operator: str, now: datetime, took_over: int | None = None) -> Standing:
    """How a request stands for an operator of a desk: free, theirs, or another's, who may be gone (stale).

    `took_over` is when the operator was the last to take it over (seconds), None when somebody else was or nobody.
    """
    if work is None:
        return "free"
    if (work.desk, work.operator) == (desk, operator) or (took_over is not None and took_over >= seconds(work.since)):
        return "mine"
    return "stale" if work.stale(now) else "other"


def standing_of(
    connection: "Connection", link: "LinkState", request_id: str, desk: str, actor: Actor, now: datetime
) -> tuple[Standing, Work | None]:
    """How the request stands for the actor, and who works on it."""
    work = link.work.get(request_id) if link.live else None
    if work is None:
        return "free", None
    last = last_taken_over(connection, request_id)
    mine = last is not None and (last.desk, last.operator) == (desk, actor.name)
    return standing(work, desk, actor.name, now, last.at if last is not None and mine else None), work


def refuse_worked_on(desk: Desk, actor: Actor, request_id: str, now: datetime) -> None:
    """Raise `WorkedOn` where somebody else works on the request and it was not taken over from them."""
    how, work = standing_of(desk.connection, desk.link(), request_id, desk.name, actor, now)
    if work is not None and how in ("other", "stale"):
        raise WorkedOn(who=work.operator, desk=work.desk, since=clock(work.since))


@requires("request.take_over")
def take_over(desk: Desk, actor: Actor, now: datetime, request_id: str, why: str) -> Taken:
    """Go on with a request that somebody else works on, and say why; with one that is free there is nothing to do.

    Raises `WhyMissing`, `NotFound`, `Restricted`.
    """
    from callcenter.journal import bodies

    said = kept_text(why, lines=True)
    if not said:
        raise WhyMissing
    with desk.writing(actor.name, now) as chain:
        if reads.request(desk.connection, request_id) is None:
            raise NotFound(what=_("The request"))
        if hidden(desk.connection, [request_id], actor):
            raise Restricted
        how, work = standing_of(desk.connection, desk.link(), request_id, desk.name, actor, now)
        if work is None or how in ("free", "mine"):
            return Taken(request_id, None)
        chain.append(request_id, bodies.RequestTakenOver(from_desk=work.desk, from_operator=work.operator, why=said))
    return Taken(request_id, work)
