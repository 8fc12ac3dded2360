"""How late a request is cancelled, from the rules of the services that keep a place for it."""

from datetime import datetime

from callcenter.care.cancellation import Lateness, lateness
from callcenter.desk.session import Desk
from callcenter.store import reads
from callcenter.text.moments import moment


def lateness_of(desk: Desk, request: reads.RequestRow, now: datetime) -> Lateness:
    """Whether it is late to cancel the request at `now`; of several places the one that costs most counts.

    Where no provider has said yes there is nothing to be late for.
    """
    accepted = [offer for offer in reads.live_offers(desk.connection, request.id) if offer.state == "accepted"]
    providers = [reads.provider(desk.connection, offer.provider_id) for offer in accepted]
    rules, start = desk.reference.cancellations, moment(request.start_at)
    found = [lateness(rules, one.service, start, now) for one in providers if one is not None]
    return max(found, key=lambda one: (bool(one.late), one.fee or 0), default=Lateness(None, None))
