"""Offers that the centre refused although somebody was told of them, or with which the work of two desks crossed.

Nothing is cancelled by a machine: each is shown with what stands in its way, and its alarm rings until a person finds
another match, learns of more places, or has called and agreed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.care.lifecycle import OFFER
from callcenter.desk.claims import state_after
from callcenter.desk.free_text import kept_text
from callcenter.desk.offered import NoPlaceLeft, OfferOver
from callcenter.desk.permission import Actor, requires
from callcenter.desk.providers import MOST_PLACES, ImpossiblePlaces
from callcenter.desk.requests import load_for
from callcenter.desk.reseating import reseated
from callcenter.desk.restricted import hidden
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.conflicts import refused_offers
from callcenter.store.crossed import CrossedRow, crossed
from callcenter.store.placements import children_of_offers, placements

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.chain import Chain

Decision = Literal["another", "places", "agreed"]
"""다른 기관, 자리 추가, 협의 완료: how a conflict is decided."""


class NoConflict(CallcenterError):
    """Nobody has to decide anything about this offer (any more)."""

    code = "no_conflict"
    sentence = mark("There is nothing to decide about this offer any more. Look at the request again.")


class NotYourConflict(CallcenterError):
    """The conflict is between two other desks. Values: desks."""

    code = "not_your_conflict"
    sentence = mark("This is for the desks {desks} or a supervisor to decide.")


class AgreementMissing(CallcenterError):
    """Nobody said what was agreed with whom."""

    code = "agreement_missing"
    sentence = mark("Please write down with whom you spoke and what was agreed.")


class CareGoesOn(CallcenterError):
    """A child of the offer is in care already, and is not moved."""

    code = "care_goes_on"
    sentence = mark("The child is there already. Ask the provider for one more place, or note what was agreed.")


class Side(NamedTuple):
    """One of the two offers, with its request and children; nothing of those where `hidden` from who looks."""

    offer: reads.OfferRow
    request: reads.RequestRow | None
    children: list[reads.ChildRow]
    hidden: bool


class ClaimConflict(NamedTuple):
    """An offer that was refused and what stands in its way; `other` is None while its entries are not here yet.

    `why` is `place` (more children than places), `child` (placed twice) or `crossed` (the offer was ended by one desk
    while another went on with it: `crossed` says what was done in vain, see `store.tables.Crossed`). `since` is in
    seconds UTC, `groups` are those in which the refused offer has seats.
    """

    refused: Side
    other: Side | None
    other_desk: str
    why: str
    since: int
    groups: list[reads.GroupRow]
    decisions: tuple[Decision, ...]
    crossed: Sequence[CrossedRow] = ()


def in_conflict(offer: reads.OfferRow) -> bool:
    """Whether the centre refused the offer, and a person has still to decide what becomes of it."""
    return offer.claim == "refused" and not offer.decided and offer.state in OFFER.open


def conflicts(connection: "Connection", actor: Actor | None) -> list[ClaimConflict]:
    """Every conflict nobody has decided, the oldest first, as the actor may see it."""
    return sorted((_conflict(connection, *one, actor) for one in _undecided(connection)), key=lambda one: one.since)


def conflict_of(connection: "Connection", request_id: str, actor: Actor | None) -> ClaimConflict | None:
    """The first conflict in which the request, or an offer that stands in its way, has a part."""
    for one in conflicts(connection, actor):
        sides = (one.refused, one.other)
        if any(side is not None and side.offer.request_id == request_id for side in sides):
            return one
    return None


def conflict_alarms(connection: "Connection", actor: Actor | None) -> list[reads.AlarmRow]:
    """The alarms of conflicts, at both desks and for every supervisor."""
    here = reads.desk(connection)
    everything = actor is not None and actor.role == "supervisor"
    return [
        reads.AlarmRow(
            "conflict" if in_conflict(offer) else "crossed", offer.request_id, offer.number, _since(offer, rows)
        )
        for offer, rows in _undecided(connection)
        if everything or (here is not None and here.name in _desks(offer, rows))
    ]


@requires("conflict.decide")
def find_another(desk: Desk, actor: Actor, now: datetime, offer_id: str, note: str = "") -> str:
    """Give the refused offer up: its request is to be matched again, its provider told; returns the request's id.

    Raises `CareGoesOn` once a child of it is in care, and `OfferOver` where only the work on it crossed.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        offer, request = _open_conflict(desk, actor, offer_id)
        if offer.state not in OFFER.open:
            raise OfferOver
        if _begun(desk.connection, offer):
            raise CareGoesOn
        _decide(chain, offer, "another", note)
        released = bodies.OfferReleased(
            offer=offer_id,
            state=request.state if offer.state == "reserved" else state_after(desk, request, offer_id),
            why="conflict",
            offer_state="released" if offer.state == "reserved" else "withdrawn",
            was=offer.stage,
        )
        chain.append(request.id, released)
    return request.id


@requires("conflict.decide")
def raise_places(
    desk: Desk, actor: Actor, now: datetime, offer_id: str, places: Mapping[str, int], note: str = ""
) -> str:
    """The provider has more places than was known: note how many a group has, and take one; returns the request's id.

    The centre is asked again. Raises `NoPlaceLeft` where so many are still too few, `ImpossiblePlaces`, `CareGoesOn`.
    """
    from callcenter.journal import bodies

    for number in places.values():
        if not 0 <= number <= MOST_PLACES:
            raise ImpossiblePlaces(places=number)
    with desk.writing(actor.name, now) as chain:
        offer, request = _open_conflict(desk, actor, offer_id)
        if not in_conflict(offer):
            raise NoConflict
        if _begun(desk.connection, offer):
            raise CareGoesOn
        groups = {group.id for group in _groups(desk.connection, offer)}
        for group, number in places.items():
            if group not in groups:
                raise NotFound(what=_("The group"))
            chain.append(offer.provider_id, bodies.PlacesConfirmed(group=group, places=number, how="telephone"))
        _decide(chain, offer, "places", note)
        claim = desk.claim_at(now)
        body = reseated(desk, offer, request, "asked" if claim == "alone" else claim, again=True)
        if body is None:
            raise NoPlaceLeft(provider=offer.provider or "")
        chain.append(request.id, body)
    return request.id


@requires("conflict.decide")
def agree(desk: Desk, actor: Actor, now: datetime, offer_id: str, note: str) -> str:
    """Somebody called and it was agreed that all of them come: the offer stays as it is; returns the request's id."""
    if not kept_text(note, lines=True):
        raise AgreementMissing
    with desk.writing(actor.name, now) as chain:
        offer, request = _open_conflict(desk, actor, offer_id)
        _decide(chain, offer, "agreed", note)
    return request.id


def _undecided(connection: "Connection") -> list[tuple[reads.OfferRow, list[CrossedRow]]]:
    """Every offer that waits for a decision, with what was done in vain about it."""
    rows: dict[str, list[CrossedRow]] = {}
    for row in crossed(connection):
        rows.setdefault(row.offer_id, []).append(row)
    refused = refused_offers(connection)
    others = rows.keys() - {offer.id for offer in refused}
    found = [offer for one in sorted(others) if (offer := reads.offer(connection, one)) is not None]
    return [(offer, rows.get(offer.id, [])) for offer in (*refused, *found)]


def _since(offer: reads.OfferRow, rows: Sequence[CrossedRow]) -> int:
    return min(row.at for row in rows) if rows else offer.claimed_at or offer.made_at


def _desks(offer: reads.OfferRow, rows: Sequence[CrossedRow]) -> list[str]:
    return list(dict.fromkeys(filter(None, (offer.desk, offer.claim_desk, *(row.desk for row in rows)))))


def _possible(connection: "Connection", offer: reads.OfferRow) -> tuple[Decision, ...]:
    if offer.state not in OFFER.open or _begun(connection, offer):
        return ("agreed",)
    return ("another", "places", "agreed") if offer.claim_why == "place" else ("another", "agreed")


def _conflict(
    connection: "Connection", offer: reads.OfferRow, rows: Sequence[CrossedRow], actor: Actor | None
) -> ClaimConflict:
    refused = in_conflict(offer)
    beside = None if refused else _beside(connection, offer, rows)
    other = reads.offer(connection, beside or offer.claim_other)
    return ClaimConflict(
        _side(connection, offer, actor),
        _side(connection, other, actor) if other is not None else None,
        offer.claim_desk,
        offer.claim_why if refused else "child" if beside else "crossed",
        _since(offer, rows),
        _groups(connection, offer),
        _possible(connection, offer),
        rows,
    )


def _beside(connection: "Connection", offer: reads.OfferRow, rows: Sequence[CrossedRow]) -> str | None:
    """The offer that has the children of this one, where both were confirmed and nothing else crossed."""
    if any(row.what != "beside" for row in rows):
        return None
    mine = children_of_offers(connection, [offer.id])[offer.id]
    return next((row.offer_id for row in placements(connection, offer.request_id) if row.child_id in mine), None)


def _side(connection: "Connection", offer: reads.OfferRow, actor: Actor | None) -> Side:
    if hidden(connection, [offer.request_id], actor):
        return Side(offer._replace(condition=None), None, [], hidden=True)
    mine = children_of_offers(connection, [offer.id])[offer.id]
    children = [child for child in reads.children_of_request(connection, offer.request_id) if child.id in mine]
    return Side(offer, reads.request(connection, offer.request_id), children, hidden=False)


def _groups(connection: "Connection", offer: reads.OfferRow) -> list[reads.GroupRow]:
    ids = reads.groups_of_offer(connection, offer.id)
    return [group for one in ids if (group := reads.group(connection, one)) is not None]


def _open_conflict(desk: Desk, actor: Actor, offer_id: str) -> tuple[reads.OfferRow, reads.RequestRow]:
    """An offer about which a person must decide; raises `NoConflict`, `NotYourConflict`, `NotFound`, `Restricted`."""
    offer = reads.offer(desk.connection, offer_id)
    if offer is None:
        raise NotFound(what=_("The offer"))
    request = load_for(desk, actor, offer.request_id)
    rows = [row for row in crossed(desk.connection, request.id) if row.offer_id == offer_id]
    if not rows and not in_conflict(offer):
        raise NoConflict
    desks = _desks(offer, rows)
    if actor.role != "supervisor" and desk.name not in desks:
        raise NotYourConflict(desks=", ".join(desks))
    return offer, request


def _decide(chain: "Chain", offer: reads.OfferRow, how: Decision, note: str) -> None:
    from callcenter.journal import bodies

    if said := kept_text(note, lines=True):
        chain.append(offer.request_id, bodies.NoteAdded(text=said))
    chain.append(offer.request_id, bodies.ConflictDecided(offer=offer.id, how=how))


def _begun(connection: "Connection", offer: reads.OfferRow) -> bool:
    return any(row.admitted_at for row in placements(connection, offer.request_id) if row.offer_id == offer.id)
