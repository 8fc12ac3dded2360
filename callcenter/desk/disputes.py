"""Two desks changed the same field without knowing of each other: both values are shown until one is chosen."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import OfferStands, load_for
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import reads
from callcenter.store.disputes import disputed
from callcenter.text.spoken_times import EndBeforeStart

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.bodies import Change

Value = str | int | bool | list[str] | None
# What an offer's places were taken for.
_HELD_FOR = frozenset({"start_at", "end_at"})


class NotDisputed(CallcenterError):
    """The field has one value, or this one is not among those it has."""

    code = "not_disputed"
    sentence = mark("This was settled already. Look at it again.")


class Said(NamedTuple):
    """One of the values of a field: who at which desk wrote it, and when (seconds)."""

    value: Value
    operator: str
    desk: str
    at: int


def disputes_of(connection: "Connection", subject: str) -> Mapping[str, Sequence[Said]]:
    """The fields of a request or guardian that have several values, the first written first.

    A field of a child is named `child.field`, as its guardian is the subject. The last of the values is the one that
    screens and rules go by meanwhile. Where all wrote the same there is nothing to choose.
    """
    found: dict[str, list[Said]] = {}
    for row in disputed(connection, subject):
        found.setdefault(row.field, []).append(Said(json.loads(row.value), row.operator, row.desk, row.at))
    return {field: said for field, said in found.items() if any(one.value != said[0].value for one in said)}


@requires("request.amend")
def choose_value(desk: Desk, actor: Actor, now: datetime, request_id: str, field: str, value: Value) -> None:
    """Settle a field of a request, or of its guardian and children, on one of the values it has.

    Raises `NotDisputed`, `OfferStands` when a time would move under a live offer, `EndBeforeStart`, `NotFound`,
    `Restricted`.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        if field in disputes_of(desk.connection, request_id):
            _refuse_times(desk, request, field, value)
            chain.append(request_id, bodies.RequestAmended(changes={field: _settling(desk, request_id, field, value)}))
            return
        change = _settling(desk, request.guardian_id, field, value)
        child, _dot, name = field.rpartition(".")
        chain.append(request.guardian_id, bodies.PersonAmended(child=child or None, changes={name: change}))


def _settling(desk: Desk, subject: str, field: str, value: Value) -> "Change":
    """The change to this value that is based on every amendment of the field."""
    from callcenter.journal.bodies import Change

    if value not in [one.value for one in disputes_of(desk.connection, subject).get(field, ())]:
        raise NotDisputed
    heads = [entry for name, entry, _value in reads.heads(desk.connection, subject) if name == field]
    return Change.model_validate({"value": value, "base": heads})


def _refuse_times(desk: Desk, request: reads.RequestRow, field: str, value: Value) -> None:
    if field not in _HELD_FOR or not isinstance(value, int):
        return
    after = request._replace(start_at=value) if field == "start_at" else request._replace(end_at=value)
    if after.end_at <= after.start_at:
        raise EndBeforeStart
    if after != request and reads.live_offers(desk.connection, request.id):
        raise OfferStands
