"""Placing a request with what was chosen on the panel: a match, a near miss, a split; the list is kept with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.matching import Match
from callcenter.care.near_miss import Change, Miss, written
from callcenter.care.siblings import Split
from callcenter.desk.matches import Matches
from callcenter.desk.near_miss import asked_of
from callcenter.desk.offers import OfferTaken, offer_places, undo_places
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import OfferStands, RequestField, UnknownReason, amendment_of, load, load_to_work
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.language import _
from callcenter.store import reads

if TYPE_CHECKING:
    from callcenter.journal.bodies import ChoiceMade, Seen
    from callcenter.journal.chain import Chain

KEPT = 10
"""So many candidates of the list are kept with a decision."""


class Placed(NamedTuple):
    """What was offered, and the fields as they were before where the request was changed for it."""

    offers: tuple[OfferTaken, ...]
    before: Mapping[RequestField, str | int | None]

    @property
    def number(self) -> str:
        """The receipt number of the request."""
        return self.offers[0].number


@requires("offer.make")
def place(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    found: Matches,
    key: str,
    why_not_first: str = "",
) -> Placed:
    """Offer the request as the option of this key says, all of it in one transaction or nothing.

    `found` is what the operator saw; it is kept with the decision. A near miss amends the request first, as the
    guardian agreed. `why_not_first` is a code of the list of reasons for another match than the first. Raises what
    `make_offer` does, `OfferStands` when a time would move under a live offer, and `UnknownReason`.
    """
    if why_not_first and why_not_first not in desk.reference.choice_reasons:
        raise UnknownReason(reason=why_not_first)
    option = found.options.get(key)
    if option is None:
        raise NotFound(what=_("The match"))
    rank = list(found.options).index(key) + 1
    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        before: Mapping[RequestField, str | int | None] = {}
        if isinstance(option, Miss):
            before = _amend(desk, chain, request, option.change)
            request = load(desk, request_id)
        offers = tuple(
            offer_places(desk, chain, now, request, provider, rank=rank, children=children)
            for provider, children in _parts(option, found.children)
        )
        chain.append(request_id, _choice(found, option, rank, why_not_first, offers))
    return Placed(offers, before)


@requires("offer.undo")
def take_back(desk: Desk, actor: Actor, now: datetime, placed: Placed) -> str:
    """Take back what `place` did, within the undo window: every offer, and the change; returns the request's id."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        for offer in placed.offers:
            request_id = undo_places(desk, actor, chain, now, offer.offer_id)
        if placed.before:
            changes = amendment_of(desk, load(desk, request_id), placed.before)
            chain.append(request_id, bodies.RequestAmended(changes=changes))
    return request_id


def _parts(option: Match | Split | Miss, children: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Each provider, and the children it is to take."""
    if isinstance(option, Split):
        return [(part.match.candidate.provider_id, part.children) for part in option.parts]
    match = option.match if isinstance(option, Miss) else option
    return [(match.candidate.provider_id, children)]


def _amend(
    desk: Desk, chain: "Chain", request: reads.RequestRow, change: Change
) -> Mapping[RequestField, str | int | None]:
    """Amend the request as the change says; what was there before of the fields that differ."""
    from callcenter.journal import bodies

    asked = change.applied(asked_of(request))
    wanted: dict[RequestField, str | int | None] = {
        "start_at": seconds(asked.start),
        "end_at": seconds(asked.end),
        "region": asked.region,
        "residence": asked.residence,
        "service": asked.service,
    }
    before: dict[RequestField, str | int | None] = {
        field: getattr(request, field) for field, value in wanted.items() if getattr(request, field) != value
    }
    if before.keys() & {"start_at", "end_at"} and reads.live_offers(desk.connection, request.id):
        raise OfferStands
    if before:
        chain.append(request.id, bodies.RequestAmended(changes=amendment_of(desk, request, wanted)))
    return before


def _choice(
    found: Matches, option: Match | Split | Miss, rank: int, why_not_first: str, offers: Sequence[OfferTaken]
) -> "ChoiceMade":
    from callcenter.journal import bodies

    return bodies.ChoiceMade(
        offers=[offer.offer_id for offer in offers],
        children=list(found.children),
        shown=[
            _seen(number, match)
            for number, one in enumerate(list(found.options.values())[:KEPT], 1)
            for match in _matches(one)
        ],
        rank=rank,
        why_not_first=why_not_first,
        change=written(option.change) if isinstance(option, Miss) else "",
    )


def _matches(option: Match | Split | Miss) -> list[Match]:
    if isinstance(option, Split):
        return [part.match for part in option.parts]
    return [option.match if isinstance(option, Miss) else option]


def _seen(rank: int, match: Match) -> "Seen":
    from callcenter.journal import bodies

    candidate = match.candidate
    return bodies.Seen(
        provider=candidate.provider_id,
        rank=rank,
        score=match.score,
        points={points.term: points.value for points in match.points},
        km=None if candidate.km is None else round(candidate.km, 1),
        free=candidate.free,
        confirmed=seconds(candidate.confirmed_at) if candidate.confirmed_at else None,
    )
