"""Needs that are dangerous to overlook: each is read to the provider, which says that it knows, before «confirmed»."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from callcenter.care.codes import Code
from callcenter.care.lifecycle import WAITING
from callcenter.desk.offered import live_offer
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.acknowledgements import acknowledged
from callcenter.store.placements import seats_of_request


class NotAcknowledged(CallcenterError):
    """A provider has not said that it knows of these needs. Values: provider, needs."""

    code = "not_acknowledged"
    sentence = mark("Read this to {provider} first and have it confirmed: {needs}.")


class ToRead(NamedTuple):
    """A need of a child that is still to be read to the provider of an offer."""

    offer_id: str
    provider: str
    child_id: str
    need: str


def to_read(
    abilities: Mapping[str, Code],
    offers: Iterable[reads.OfferRow],
    seats: Collection[tuple[str, str]],
    children: Sequence[reads.ChildRow],
    known: Collection[tuple[str, str, str]],
) -> list[ToRead]:
    """What the providers of these offers do not know yet, in the order of the offers, the children and the list.

    `seats` are the (offer, child) that belong together, `known` the (offer, child, need) that were acknowledged.
    """
    return [
        ToRead(offer.id, offer.provider or "", child.id, need)
        for offer in offers
        for child in children
        if (offer.id, child.id) in seats
        for need in safety_needs(abilities, child)
        if (offer.id, child.id, need) not in known
    ]


def safety_needs(abilities: Mapping[str, Code], child: reads.ChildRow) -> list[str]:
    """The needs of a child that are dangerous to overlook, in the order of the list."""
    needs = child.needs.split()
    return [code for code, one in abilities.items() if one.safety and code in needs]


@requires("offer.answer")
def acknowledge_need(desk: Desk, actor: Actor, now: datetime, offer_id: str, child_id: str, need: str) -> str:
    """The provider of an offer was told of a child's need and said that it can do it; returns the request's id.

    Telling it twice is told once. Raises `NotFound` for a need that the child does not have, or is none of safety.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        offer, request = live_offer(desk, actor, offer_id)
        seats = seats_of_request(desk.connection, request.id)
        children = reads.children_of_request(desk.connection, request.id)
        abilities = desk.reference.abilities
        asked = [one for one in to_read(abilities, [offer], seats, children, ()) if one.child_id == child_id]
        if need not in [one.need for one in asked] or offer.state == "reserved":
            raise NotFound(what=_("The need"))
        if (offer_id, child_id, need) not in acknowledged(desk.connection, request.id):
            chain.append(request.id, bodies.NeedAcknowledged(offer=offer_id, child=child_id, need=need))
    return request.id


def unread(desk: Desk, request_id: str) -> list[ToRead]:
    """What is still to be read to the providers that were asked for a request or have accepted it."""
    told = ("accepted", *WAITING)
    offers = [one for one in reads.live_offers(desk.connection, request_id) if one.state in told]
    seats = seats_of_request(desk.connection, request_id)
    children = reads.children_of_request(desk.connection, request_id)
    known = acknowledged(desk.connection, request_id)
    return to_read(desk.reference.abilities, offers, seats, children, known)


def refuse_unread(desk: Desk, request_id: str) -> None:
    """Raise `NotAcknowledged` for the first provider that does not know everything it must."""
    missing = unread(desk, request_id)
    if missing:
        first = missing[0]
        needs = [one.need for one in missing if one.offer_id == first.offer_id]
        names = ", ".join(str(desk.reference.abilities[need].words) for need in dict.fromkeys(needs))
        raise NotAcknowledged(provider=first.provider, needs=names)
