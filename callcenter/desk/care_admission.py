"""The door: a carer on the way, a child looked at and taken in, sent back to its guardian, or turned away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast

from callcenter.care.lifecycle import REQUEST, RequestState, cared, next_state
from callcenter.care.stays import FEVER_TENTHS, Refusal, refusal_of, state_of
from callcenter.desk.checks import UnknownCode
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import stays
from callcenter.store.placements import child_ids
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain
    from callcenter.store.reads import RequestRow
    from callcenter.store.stays import StayRow

COLDEST, HOTTEST = 300, 450
"""Tenths of a degree Celsius between which a temperature is one of a child."""

# A report may come late, and a clock at the door may differ from ours.
_AHEAD = timedelta(minutes=5)


class NotHere(CallcenterError):
    """The child has no confirmed place, or is not where this could be done with it."""

    code = "not_here"
    sentence = mark("This cannot be noted for the child now. Look at the list again.")


class NoSuchTemperature(CallcenterError):
    """A temperature that no child has. Values: found, in degrees."""

    code = "no_such_temperature"
    sentence = mark("{found} degrees cannot be right. Please enter it again, like 36.7.")


class TimeToCome(CallcenterError):
    """What is noted has not happened yet."""

    code = "time_to_come"
    sentence = mark("That time is still to come. Please enter when it happened.")


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What was seen at the door: who brought the child, its temperature in tenths of a degree Celsius, and the rest.

    None is what nobody asked or measured.
    """

    brought_by: str = "guardian"
    brought_name: str = ""
    code_word: bool | None = None
    temperature: int | None = None
    symptoms: tuple[str, ...] = ()
    disinfected: bool | None = None


@requires("care.note")
def note_approach(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    step: Literal["under_way", "arrived"],
    *,
    children: Collection[str] | None = None,
    at: datetime | None = None,
) -> None:
    """Note that the carer is on the way, or has arrived: for these children, or all who are expected."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        load_for(desk, actor, request_id)
        waiting = [
            row.child_id
            for row in stays.stays_of(desk.connection, request_id)
            if state_of(row.stay) in ("expected", "under_way") and (children is None or row.child_id in children)
        ]
        if not waiting:
            raise NotHere
        chain.append(request_id, bodies.CareApproached(children=waiting, step=step, at=past(at, now)))


@requires("care.note")
def admit(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    child_id: str,
    seen: AtTheDoor,
    *,
    at: datetime | None = None,
    fever: int = FEVER_TENTHS,
) -> Refusal | None:
    """Take a child in, or hold it at the door; returns why it was held, None when care began.

    `fever` is the desk's own threshold in tenths of a degree; that of the service's rules goes before it.
    """
    from callcenter.journal import bodies

    for code in seen.symptoms:
        if code not in desk.reference.symptoms:
            raise UnknownCode(found=code, allowed=", ".join(desk.reference.symptoms))
    if seen.temperature is not None and not COLDEST <= seen.temperature <= HOTTEST:
        raise NoSuchTemperature(found=seen.temperature / 10)
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        row = placed_child(desk, request_id, child_id)
        if state_of(row.stay) not in ("expected", "under_way", "arrived", "held"):
            raise NotHere
        why = _refused(desk, row, seen, fever)
        screened = bodies.ChildScreened(
            child=child_id,
            brought_by=seen.brought_by,
            brought_name=kept_text(seen.brought_name),
            code_word=seen.code_word,
            temperature=seen.temperature,
            symptoms=list(seen.symptoms),
            disinfected=seen.disinfected,
        )
        chain.append(request_id, screened)
        when = past(at, now)
        if why is not None:
            chain.append(request_id, bodies.CareHeld(child=child_id, why=why, at=when))
            return why
        next_state(REQUEST, cast(RequestState, request.state), "care_started")
        chain.append(request_id, bodies.CareAdmitted(child=child_id, at=when, state="in_care"))
        return None


@requires("care.note")
def turn_away(desk: Desk, actor: Actor, now: datetime, request_id: str, child_id: str) -> str:
    """End the stay of a child that was held at the door and goes home; returns the state the request comes to."""
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        row = placed_child(desk, request_id, child_id)
        if state_of(row.stay) != "held":
            raise NotHere
        return end_stay(desk, chain, request, row, seconds(now), "turned_away", None)


def end_stay(
    desk: Desk, chain: "Chain", request: "RequestRow", row: "StayRow", at: int, ending: str, fee: int | None
) -> str:
    """Write that one child's stay is over, and give back what it no longer needs; returns the request's state then."""
    from callcenter.desk.care_places import left_over
    from callcenter.journal import bodies

    next_state(REQUEST, cast(RequestState, request.state), "care_ended")
    others = [one for one in stays.stays_of(desk.connection, request.id) if one.child_id != row.child_id]
    over = {row.child_id, *(one.child_id for one in others if one.ended_at is not None)}
    begun = {one.child_id for one in (row, *others) if one.admitted_at is not None}
    state = cared(child_ids(desk.connection, request.id), begun, over)
    places = left_over(desk.connection, row, over, at)
    body = bodies.CareEnded(child=row.child_id, at=at, ending=ending, fee=fee, state=state, places=places)
    chain.append(request.id, body)
    return state


def placed_child(desk: Desk, request_id: str, child_id: str) -> "StayRow":
    """The stay of a child of the request; raises `NotFound`."""
    rows = stays.stays_of(desk.connection, request_id)
    found = next((row for row in rows if row.child_id == child_id), None)
    if found is None:
        raise NotFound(what=_("The child's place"))
    return found


def past(at: datetime | None, now: datetime) -> int:
    """When something happened, now unless told; raises `TimeToCome`."""
    if at is not None and at > now + _AHEAD:
        raise TimeToCome
    return seconds(now if at is None else at)


def _refused(desk: Desk, row: "StayRow", seen: AtTheDoor, fever: int) -> Refusal | None:
    service = desk.reference.services.get(row.service)
    day = moment(row.start_at).date()
    health = service.rules_on(day, row.provider_region, row.provider_id).health if service is not None else None
    threshold = fever if health is None or health.fever is None else health.fever
    refused = set(seen.symptoms) if health is None or health.refused is None else set(seen.symptoms) & health.refused
    return refusal_of(seen.temperature, health is not None and bool(refused), seen.code_word, threshold)
