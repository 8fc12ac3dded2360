"""A stay that goes on: the rules and the places are asked again, and the fee changes. 연장: extension."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.fees import fee_of
from callcenter.care.places import slots
from callcenter.care.stays import state_of
from callcenter.desk.care_admission import NotHere
from callcenter.desk.care_places import taken_on
from callcenter.desk.offers import NoPlaceLeft, RulesForbid
from callcenter.desk.permission import Actor, requires
from callcenter.desk.presence import Present, presences
from callcenter.desk.provider_rules import provider_blocks
from callcenter.desk.requests import NothingToCareFor, load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.wording import block_sentence
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads, stays
from callcenter.text.moments import SEOUL, moment

if TYPE_CHECKING:
    from callcenter.reference import Reference
    from callcenter.store.stays import StayRow

# Rules about how long and until when; how early it must be asked for does not matter to a child who is there.
_OF_THE_STAY = frozenset({"too_long", "outside_hours", "closed_day", "too_many_days"})


class NotLonger(CallcenterError):
    """The new end is not after the planned one."""

    code = "not_longer"
    sentence = mark("The new end must be later than the planned one. Please enter it again.")


class StayForbidden(RulesForbid):
    """A rule, or the provider's hours, end the stay before the new end. Values: provider, reasons."""

    code = "stay_forbidden"
    sentence = mark("{provider} cannot keep the child so long. {reasons} Tell the guardian to come in time.")


class Extended(NamedTuple):
    """The new end, and the fees in won of all the children together before and after; None where not known."""

    end: int
    fee_before: int | None
    fee_after: int | None


@requires("care.note")
def extend_stay(desk: Desk, actor: Actor, now: datetime, request_id: str, until: datetime) -> Extended:
    """Let the children of a request who are in care stay until a later end, or change nothing.

    Raises `NotLonger`, `StayForbidden`, `NoPlaceLeft`, `NotHere` where nobody is in care, and `NothingToCareFor` once
    the people were erased.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        staying = [row for row in stays.stays_of(desk.connection, request_id) if state_of(row.stay) == "in_care"]
        end = seconds(until)
        if not staying:
            raise NotHere
        if end <= request.end_at or until <= now:
            raise NotLonger
        places = []
        for offer_id in dict.fromkeys(row.offer_id for row in staying):
            those = [row for row in staying if row.offer_id == offer_id]
            provider = reads.provider(desk.connection, those[0].provider_id)
            if provider is None:
                raise NotFound(what=_("The provider"))
            present = _ask_rules(desk, request._replace(end_at=end), those, provider, now)
            # What the time asked for touched is taken already, to the end of its half hour.
            further = range(slots(moment(request.start_at), moment(request.end_at))[-1] + 1, present.window.stop)
            if further:
                later = presences(desk.connection, desk.reference, [provider], further)[provider.id]
                taken = taken_on(desk.connection, offer_id, [row.child_id for row in those], further, later)
                if taken is None:
                    raise NoPlaceLeft(provider=provider.name)
                places += taken
        chain.append(request_id, bodies.CareExtended(end=end, places=places))
    before = planned_fee(desk.reference, staying, request.end_at)
    return Extended(end, before, planned_fee(desk.reference, staying, end))


def planned_fee(reference: "Reference", rows: Sequence["StayRow"], end: int) -> int | None:
    """What these children cost in won if they stay from when they came, or are to come, until a moment."""
    fees = [fee_between(reference, row, row.admitted_at or row.start_at, end) for row in rows]
    return None if None in fees else sum(fee for fee in fees if fee is not None)


def fee_between(reference: "Reference", row: "StayRow", start: int, end: int) -> int | None:
    """The fee in won for one child at its provider from one moment to the other; None where not known."""
    service = reference.services.get(row.service)
    if service is None:
        return None
    begins, ends = (moment(at).astimezone(SEOUL).replace(tzinfo=None) for at in (start, end))
    rules = service.rules_on(begins.date(), row.provider_region, row.provider_id)
    return fee_of(rules.fee, begins, ends, reference.calendar)


def most_minutes(reference: "Reference", row: "StayRow") -> int | None:
    """How long the child's service keeps a child at most, in minutes; None where no rule says."""
    service = reference.services.get(row.service)
    if service is None:
        return None
    length = service.rules_on(moment(row.start_at).date(), row.provider_region, row.provider_id).length
    return length.most if length is not None else None


def _ask_rules(
    desk: Desk, longer: reads.RequestRow, staying: Sequence["StayRow"], provider: reads.ProviderRow, now: datetime
) -> Present:
    """Refuse a stay that is longer than a rule, or than the provider is there; when it is there from now on."""
    here = {row.child_id for row in staying}
    children = [child for child in reads.children_of_request(desk.connection, longer.id) if child.id in here]
    if not children:
        raise NothingToCareFor
    until = moment(longer.end_at)
    present = presences(desk.connection, desk.reference, [provider], slots(now, until))[provider.id]
    of_rules = provider_blocks(desk.reference, longer, children, provider, now)
    blocks = (*(block for block in of_rules if block.code in _OF_THE_STAY), *present.absences(now, until))
    if blocks:
        reasons = " ".join(block_sentence(desk.reference, block, now) for block in blocks)
        raise StayForbidden(provider=provider.name, reasons=reasons)
    return present
