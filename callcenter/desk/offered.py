"""Where the children of a request stand between their offers: what every use case of offers works with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from callcenter.care.lifecycle import (
    OFFER,
    REQUEST,
    WAITING,
    OfferState,
    RequestEvent,
    RequestState,
    next_state,
    settled,
)
from callcenter.care.places import Seat, choose_places, least, slots
from callcenter.desk.needs import children_months
from callcenter.desk.permission import Actor
from callcenter.desk.presence import presences
from callcenter.desk.requests import load, load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.placements import child_ids, children_of_offers
from callcenter.store.reservations import blocking, kept_in, taken_by_group
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.journal import bodies
    from callcenter.journal.chain import Chain

Why = Literal["accepted_elsewhere", "time_over", "given_up", "call_ended", "offered_elsewhere"]


class NoPlaceLeft(CallcenterError):
    """The places were taken since the match was shown, or there never were enough. Values: provider."""

    code = "no_place_left"
    sentence = mark("{provider} has no place left for that time. Choose the next match.")


class OfferOver(CallcenterError):
    """The offer holds no places any more."""

    code = "offer_over"
    sentence = mark("That offer is over already. Look at the request again.")


class Seated(NamedTuple):
    """The children of a request who wait for an answer, have a place, or have one kept; by the offers about them."""

    live: Mapping[str, reads.OfferRow]
    children: Mapping[str, frozenset[str]]
    offered: frozenset[str]
    placed: frozenset[str]

    def about(self, wanted: Collection[str], states: Collection[str]) -> list[reads.OfferRow]:
        """The live offers in one of the states that are about one of these children."""
        return [one for one in self.live.values() if one.state in states and self.children[one.id] & set(wanted)]


class Seats(NamedTuple):
    """The places chosen for the children of an offer, in which slots, and whether their number was known."""

    seats: Sequence[Seat]
    window: range
    known: bool


def seated(desk: Desk, request_id: str, without: Collection[str] = ()) -> Seated:
    """Where the children are, as if the offers in `without` were over."""
    live = {one.id: one for one in reads.live_offers(desk.connection, request_id) if one.id not in without}
    children = children_of_offers(desk.connection, live)

    def those(states: Collection[OfferState]) -> frozenset[str]:
        return frozenset().union(*(children[one.id] for one in live.values() if one.state in states))

    return Seated(live, children, those(WAITING), those({"accepted"}))


def state_without(desk: Desk, request: reads.RequestRow, event: RequestEvent, *over: str) -> str:
    """The state the request comes to once these offers are over."""
    next_state(REQUEST, cast(RequestState, request.state), event)
    left = seated(desk, request.id, over)
    return settled(child_ids(desk.connection, request.id), left.offered, left.placed)


def live_offer(desk: Desk, actor: Actor, offer_id: str) -> tuple[reads.OfferRow, reads.RequestRow]:
    """An offer that holds places, with its request; raises `NotFound`, `Restricted`, `OfferOver`."""
    offer = reads.offer(desk.connection, offer_id)
    if offer is None:
        raise NotFound(what=_("The offer"))
    request = load_for(desk, actor, offer.request_id)
    if offer.state not in OFFER.open:
        raise OfferOver
    return offer, request


def take_seats(
    desk: Desk,
    chain: "Chain",
    now: datetime,
    request: reads.RequestRow,
    provider: reads.ProviderRow,
    wanted: Sequence[reads.ChildRow],
) -> Seats:
    """Choose places of a provider for these children; kept places whose time is over are given back for them.

    Raises `NoPlaceLeft`.
    """
    window = slots(moment(request.start_at), moment(request.end_at))
    present = presences(desk.connection, desk.reference, [provider], window)[provider.id]
    groups = [present.group(row) for row in reads.groups_of(desk.connection, [provider.id])]
    ids = [group.id for group in groups]
    held = blocking(desk.connection, ids, window[0], window[-1], seconds(now))
    seats = choose_places(groups, children_months(request, wanted), window, taken_by_group(held))
    if seats is None:
        raise NoPlaceLeft(provider=provider.name)
    places = [(seat.group_id, seat.place_no) for seat in seats]
    for offer_id, owner in kept_in(desk.connection, places, window[0], window[-1]).items():
        give_back(desk, chain, offer_id, owner, "time_over")
    unknown = {group.id for group in groups if least(group.places) is None}
    return Seats(seats, window, not any(seat.group_id in unknown for seat in seats))


def entry_seats(seats: Iterable[Seat]) -> "list[bodies.Seat]":
    """The seats as an entry has them."""
    from callcenter.journal import bodies

    return [bodies.Seat(child=seat.child_id, group=seat.group_id, place=seat.place_no) for seat in seats]


def give_back(desk: Desk, chain: "Chain", offer_id: str, request_id: str, why: Why) -> None:
    """Give back a place that was only kept; the request stays what it is."""
    from callcenter.journal import bodies

    state = load(desk, request_id).state
    chain.append(request_id, bodies.OfferReleased(offer=offer_id, state=state, why=why, offer_state="released"))
