"""What the console shows of one request, read in one go."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.lifecycle import OFFER
from callcenter.desk.past import Past, past_of
from callcenter.desk.permission import Actor
from callcenter.desk.restricted import may_see, shown_requests, without_content
from callcenter.store import reads
from callcenter.store.acknowledgements import acknowledged
from callcenter.store.choices import ChoiceRow, choices_of
from callcenter.store.conflicts import refused_offers
from callcenter.store.crossed import crossed
from callcenter.store.messages import MessageRow, messages_of_request
from callcenter.store.placements import seats_of_request
from callcenter.store.restricted import restricted_calls
from callcenter.store.stays import StayRow, stays_of
from callcenter.store.telephones import doubted

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.desk.claim_history import ClaimStep
    from callcenter.desk.conflicts import ClaimConflict
    from callcenter.desk.disputes import Said

HISTORY = 5


class RequestView(NamedTuple):
    """A request with everybody and everything that belongs to it; `guardian` is None once erased.

    `hidden` says that its content was left out for who looks.
    """

    request: reads.RequestRow
    guardian: reads.GuardianRow | None
    children: list[reads.ChildRow]
    history: list[reads.RequestRow]
    offers: list[reads.OfferRow]
    leading: reads.OfferRow | None
    """The live offer that the next key is about."""
    provider: reads.ProviderRow | None
    """To whom the leading offer was made."""
    notes: list[reads.NoteRow]
    heads: list[tuple[str, str, str]]
    hidden: bool = False
    seats: frozenset[tuple[str, str]] = frozenset()
    """Which child belongs to which offer: (offer, child)."""
    acknowledged: frozenset[tuple[str, str, str]] = frozenset()
    """What the providers said they know of: (offer, child, need)."""
    doubted: frozenset[str] = frozenset()
    """Numbers of the leading offer's provider at which it was not to be reached."""
    asked: Mapping[str, reads.ProviderRow] = MappingProxyType({})
    """Every provider with a live offer, by its identifier."""
    choices: Mapping[str, ChoiceRow] = MappingProxyType({})
    """Of offers that were not simply the first of the list: where they stood and why they were taken."""
    messages: Sequence[MessageRow] = ()
    past: Past | None = None
    stays: Sequence[StayRow] = ()
    """The children who have a place, and how far each of them is."""
    conflict: "ClaimConflict | None" = None
    """What a person has to decide of it, because the centre refused its places or a place of another for its sake."""
    disputed: "Mapping[str, Sequence[Said]]" = MappingProxyType({})
    """Fields of the request, its guardian and children that desks changed without knowing of each other."""
    claims: "Sequence[ClaimStep]" = ()
    """What became of it between the desks."""
    danger: Sequence[tuple[str, str]] = ()
    """The dangers that were raised in its calls, each with the other agency's case number, "" while none is known."""

    @property
    def live(self) -> list[reads.OfferRow]:
        """The offers that hold places, in the order they were made."""
        return [offer for offer in self.offers if offer.state in OFFER.open]


def _conflict_of(connection: "Connection", request_id: str, actor: Actor | None) -> "ClaimConflict | None":
    if not (refused_offers(connection) or crossed(connection)):
        return None
    from callcenter.desk.conflicts import conflict_of

    return conflict_of(connection, request_id, actor)


def _dangers_of(connection: "Connection", raised: Sequence[reads.CallRow]) -> Sequence[tuple[str, str]]:
    if not raised:
        return ()
    from callcenter.store.calls import reports

    found: list[tuple[str, str]] = []
    for call in raised:
        known = [(one.what, one.reference) for one in reports(connection, call.id) if one.reference]
        found += known
        if call.safety is not None and all(what != call.safety for what, _reference in known):
            found.append((call.safety, ""))
    return tuple(dict.fromkeys(found))


def request_view(connection: "Connection", request_id: str, actor: Actor | None = None) -> RequestView | None:
    """The request as the actor may see it, or None when there is none of this identifier."""
    request = reads.request(connection, request_id)
    if request is None:
        return None
    # Not needed for the first paint.
    from callcenter.desk.claim_history import claim_history
    from callcenter.desk.disputes import disputes_of

    raised = [call for _request, call in restricted_calls(connection, [request_id])]
    if not all(may_see(connection, call, actor) for call in raised):
        return RequestView(without_content(request), None, [], [], [], None, None, [], [], hidden=True)
    earlier = reads.requests_of_guardian(connection, request.guardian_id, HISTORY + 1)
    offers = reads.offers_of_request(connection, request_id)
    leading = reads.leading(offers)
    tried = {one.provider_id for one in offers if one.state in OFFER.open}
    providers = [found for one in sorted(tried) if (found := reads.provider(connection, one)) is not None]
    return RequestView(
        request,
        reads.guardian(connection, request.guardian_id),
        reads.children_of_request(connection, request_id),
        shown_requests(connection, [row for row in earlier if row.id != request_id][:HISTORY], actor),
        offers,
        leading,
        next((one for one in providers if leading and one.id == leading.provider_id), None),
        reads.notes(connection, request_id),
        reads.heads(connection, request_id),
        seats=seats_of_request(connection, request_id),
        acknowledged=acknowledged(connection, request_id),
        doubted=doubted(connection, leading.provider_id) if leading else frozenset(),
        asked={one.id: one for one in providers},
        choices=choices_of(connection, request_id),
        messages=messages_of_request(connection, request_id),
        past=past_of(connection, request_id, request.guardian_id, actor),
        stays=stays_of(connection, request_id) if offers else (),
        conflict=_conflict_of(connection, request_id, actor) if offers else None,
        disputed={**disputes_of(connection, request.guardian_id), **disputes_of(connection, request_id)},
        claims=claim_history(connection, request_id),
        danger=_dangers_of(connection, raised),
    )
