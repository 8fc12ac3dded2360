"""What screens, commands and use cases read: bound SQL into named tuples, on the driver's own connection.

Times are seconds since 1970 in UTC. Nothing here needs the table definitions, so that the first paint does not wait for
them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from callcenter.store.reads.call_rows import OPEN_CALLS, CallRow, call, calls_of_operator
from callcenter.store.reads.desk_rows import HERE, DeskRow, PersonRow, desk, people
from callcenter.store.reads.queue_rows import (
    OPEN_STATES,
    TIMED,
    AlarmRow,
    QueueFigures,
    QueueRow,
    alarms,
    open_requests,
    queue,
    queue_figures,
    queue_position,
)

if TYPE_CHECKING:
    from callcenter.store.reads.family_rows import (
        ChildRow,
        GuardianRow,
        children_of_guardian,
        children_of_request,
        guardian,
        guardians_by_phone,
        open_requests_of_guardian,
        requests_of_guardian,
        subjects_of_guardian,
    )
    from callcenter.store.reads.offer_rows import (
        OfferRow,
        groups_of_offer,
        leading,
        live_offers,
        offer,
        offers_of_request,
        pending_among,
        pending_offers,
    )
    from callcenter.store.reads.provider_rows import (
        GroupRow,
        ProviderRow,
        Record,
        TakenRow,
        group,
        groups_of,
        provider,
        providers,
        providers_near,
        providers_of,
        records_of,
        taken,
    )
    from callcenter.store.reads.request_rows import (
        NoteRow,
        RequestRow,
        heads,
        last_number,
        notes,
        request,
        request_by_number,
    )

__all__ = [
    "HERE",
    "OPEN_CALLS",
    "OPEN_STATES",
    "TIMED",
    "AlarmRow",
    "CallRow",
    "ChildRow",
    "DeskRow",
    "GroupRow",
    "GuardianRow",
    "NoteRow",
    "OfferRow",
    "PersonRow",
    "ProviderRow",
    "QueueFigures",
    "QueueRow",
    "Record",
    "RequestRow",
    "TakenRow",
    "alarms",
    "call",
    "calls_of_operator",
    "children_of_guardian",
    "children_of_request",
    "desk",
    "group",
    "groups_of",
    "groups_of_offer",
    "guardian",
    "guardians_by_phone",
    "heads",
    "last_number",
    "leading",
    "live_offers",
    "notes",
    "offer",
    "offers_of_request",
    "open_requests",
    "open_requests_of_guardian",
    "pending_among",
    "pending_offers",
    "people",
    "provider",
    "providers",
    "providers_near",
    "providers_of",
    "queue",
    "queue_figures",
    "queue_position",
    "records_of",
    "request",
    "request_by_number",
    "requests_of_guardian",
    "subjects_of_guardian",
    "taken",
]

_AFTER_THE_FIRST_PAINT = ("family_rows", "offer_rows", "provider_rows", "request_rows")


def __getattr__(name: str) -> object:
    """A name of the modules that are loaded when one of their names is first asked for: the first paint needs none."""
    if name in __all__:
        for module in _AFTER_THE_FIRST_PAINT:
            found = vars(import_module(f"{__name__}.{module}"))
            globals().update((one, found[one]) for one in __all__ if one in found)
    try:
        return globals()[name]
    except KeyError:
        raise AttributeError(name) from None
