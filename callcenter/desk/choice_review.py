"""What an operator saw and took: the lists that a request's offers were chosen from, for who looks at it later."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from callcenter.desk.permission import Actor
from callcenter.desk.restricted import Restricted, hidden
from callcenter.desk.session import NotFound
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import SEOUL

if TYPE_CHECKING:
    from sqlite3 import Connection


def seen_lists(
    connection: "Connection", reference: Reference, number: str, actor: Actor | None
) -> Iterator[dict[str, Any]]:
    """The candidates that were shown at each choice for the request with this number, those taken marked as `taken`.

    `why` is why another than the first was taken, in words; `checked` is when the places were confirmed. Raises
    `NotFound`, and `Restricted` where the actor may not see the request.
    """
    from callcenter.journal.bodies import ChoiceMade
    from callcenter.journal.entry import Entry
    from callcenter.store.entries import of_subject

    request = reads.request_by_number(connection, number)
    if request is None:
        raise NotFound(what=_("The request"))
    if hidden(connection, [request.id], actor):
        raise Restricted
    for entry in map(Entry._make, of_subject(connection, request.id)):
        if entry.kind != ChoiceMade.kind or entry.body is None:
            continue
        made = ChoiceMade.model_validate_json(entry.body)
        reason = reference.choice_reasons.get(made.why_not_first)
        for seen in made.shown:
            provider = reads.provider(connection, seen.provider)
            taken = seen.rank == made.rank
            yield {
                "at": _local(entry.at // 1000),
                "operator": entry.actor,
                "rank": seen.rank,
                "taken": taken,
                "provider": provider.name if provider else seen.provider,
                "score": seen.score,
                "points": seen.points,
                "km": seen.km,
                "free": seen.free,
                "checked": None if seen.confirmed is None else _local(seen.confirmed),
                "why": str(reason.words) if taken and reason else None,
                "change": made.change or None if taken else None,
            }


def _local(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SEOUL).isoformat()
