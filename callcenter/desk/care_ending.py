"""A child goes home: to whom it was given, how that person was known, from when to when it stayed, what it costs."""

from datetime import datetime
from typing import NamedTuple

from callcenter.care.stays import state_of
from callcenter.desk.care_admission import NotHere, end_stay, past, placed_child
from callcenter.desk.care_extension import fee_between
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads, stays

ANYBODY_BUT_GUARDIAN = "*"
"""In the place of a name: the child is given to its guardian and to nobody else."""


class PickupForbidden(CallcenterError):
    """The child must not be given to this person. Values: name, why."""

    code = "pickup_forbidden"
    sentence = mark("Do not give the child to {name}: {why}. Call your supervisor, and 112 if there is danger.")


class BeforeAdmission(CallcenterError):
    """A child cannot have gone before it came."""

    code = "before_admission"
    sentence = mark("The child came later than that. Please enter the time again.")


class NameNeeded(CallcenterError):
    """Whoever is neither the guardian nor the second contact is written down by name."""

    code = "name_needed"
    sentence = mark("Please write down who picks the child up.")


class Home(NamedTuple):
    """A child that went home: what the stay costs in won (None where not known), and its request's state."""

    minutes: int
    fee: int | None
    state: str


@requires("care.note")
def pick_up(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    child_id: str,
    by: str,
    *,
    name: str = "",
    identified: str = "known",
    at: datetime | None = None,
) -> Home:
    """Note that a child was handed over; the request is finished with the last one.

    `by` says who that is to the child, `identified` by what they were known. Raises `PickupForbidden`, `NotHere`,
    `BeforeAdmission`, `TimeToCome`.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        row = placed_child(desk, request_id, child_id)
        if state_of(row.stay) != "in_care" or row.admitted_at is None:
            raise NotHere
        ended = past(at, now)
        if ended < row.admitted_at:
            raise BeforeAdmission
        whom = kept_text(name)
        _refuse_barred(desk, row, by, whom)
        fee = fee_between(desk.reference, row, row.admitted_at, max(ended, row.admitted_at + 1))
        handed = bodies.ChildHandedOver(child=child_id, by=by, name=whom, identified=identified)
        chain.append(request_id, handed)
        state = end_stay(desk, chain, request, row, ended, "picked_up", fee)
    return Home((ended - row.admitted_at) // 60, fee, state)


@requires("care.note")
def bar_pickup(
    desk: Desk,
    actor: Actor,
    now: datetime,
    guardian_id: str,
    child_id: str,
    name: str,
    why: str = "",
    *,
    lifted: bool = False,
) -> None:
    """Note that a child must not be given to somebody, or may be again; `*` stands for all but the guardian."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        if not any(child.id == child_id for child in reads.children_of_guardian(desk.connection, guardian_id)):
            raise NotFound(what=_("The child"))
        body = bodies.PickupBarred(child=child_id, name=kept_text(name), why=kept_text(why), lifted=lifted)
        chain.append(guardian_id, body)


def _refuse_barred(desk: Desk, row: stays.StayRow, by: str, name: str) -> None:
    for bar in stays.bars(desk.connection, row.child_id):
        everybody = bar.name == ANYBODY_BUT_GUARDIAN and by != "guardian"
        if everybody or (name and _same(bar.name, name)):
            raise PickupForbidden(name=name or _("this person"), why=bar.why or _("it was said so"))
    if by not in ("guardian", "second_contact") and not name:
        raise NameNeeded


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
