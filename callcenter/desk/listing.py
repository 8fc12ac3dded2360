"""Requests, providers and entries as plain lines for other programs: masked as on screen, one JSON object a line."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from callcenter.care.priority import cutoffs
from callcenter.desk import call_view
from callcenter.desk.queue_view import shown_queue
from callcenter.desk.safety import AGENCIES
from callcenter.store import reads
from callcenter.store.messages import listed
from callcenter.store.restricted import restricted_subjects
from callcenter.text.masking import mask_birth, mask_name, mask_phone
from callcenter.text.moments import SEOUL

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.desk.safety import CallRecord
    from callcenter.desk.search import Found

_PAGE = 100


def requests(connection: "Connection", now: datetime) -> Iterator[dict[str, Any]]:
    """The open requests in the order of the queue; of a restricted one only that it is there, where and when."""
    for row in shown_queue(connection, reads.open_requests(connection, cutoffs(now)), None):
        children = [] if row.hidden else reads.children_of_request(connection, row.id)
        yield {
            "number": row.number,
            "state": row.state,
            "region": row.region,
            "service": row.service,
            "channel": row.channel,
            "children": [_child(child) for child in children],
            "opened_at": _local(row.opened_at),
            "restricted": row.hidden,
        }


def messages(connection: "Connection", state: str | None, limit: int) -> Iterator[dict[str, Any]]:
    """The messages of a state, or all, the newest first; of a restricted request none."""
    restricted = restricted_subjects(connection)
    for number, row in listed(connection, state, limit):
        if row.request_id not in restricted:
            yield {
                "number": number,
                "occasion": row.occasion,
                "to": row.receiver,
                "phone": mask_phone(row.phone),
                "state": row.state,
                "result": row.result,
                "tries": row.tries,
                "made_at": _local(row.made_at),
                "changed_at": None if row.changed_at is None else _local(row.changed_at),
            }


def calls(connection: "Connection", today: datetime | None = None) -> Iterator[dict[str, Any]]:
    """The calls that are not over, those that ring first; of a restricted one only that it is there.

    With a moment of `today` the others of that day follow, the newest first.
    """
    lines = call_view.open_calls(connection, None) if today is None else _calls_of_day(connection, today)
    for call, guardian, hidden in lines:
        yield {
            "id": call.id,
            "state": call.state,
            "direction": call.direction,
            "operator": call.operator or None,
            "opened_at": _local(call.opened_at),
            "phone": None if call.phone is None else mask_phone(call.phone),
            "guardian": None if guardian is None else mask_name(guardian),
            "restricted": hidden,
        }


def _calls_of_day(connection: "Connection", now: datetime) -> Iterator[call_view.CallLine]:
    # What is not over comes with the first page, beside it.
    offset = 0
    while page := call_view.calls_today(connection, now, None, offset=offset, limit=_PAGE):
        yield from page
        offset += _PAGE


def record(found: "CallRecord") -> dict[str, Any]:
    """The record of a call as it was read: the alarms, what other agencies were told, the notes; nothing is masked."""
    call = found.call
    return {
        "id": call.id,
        "state": call.state,
        "operator": call.operator or None,
        "opened_at": _local(call.opened_at),
        "danger": call.safety,
        "requests": found.numbers,
        "raised": [{"at": _local(one.at), "operator": one.operator, "what": one.what} for one in found.raised],
        "reports": [
            {
                "at": _local(one.at),
                "operator": one.operator,
                "what": one.what,
                "agency": AGENCIES.get(one.what),
                "reference": one.reference,
                "said": one.said,
            }
            for one in found.reports
        ],
        "notes": [{"at": _local(one.at), "operator": one.operator, "text": one.text} for one in found.notes],
    }


def callbacks(connection: "Connection", pause: timedelta, tries: int) -> Iterator[dict[str, Any]]:
    """The call-backs that are owed, the first that is due first."""
    offset = 0
    while page := call_view.owed_calls(connection, None, pause=pause, limit_tries=tries, offset=offset):
        offset += len(page)
        for row in page:
            yield {
                "kind": row.kind,
                "number": row.number,
                "due_at": _local(row.due_at),
                "promised_at": _local(row.promised_at),
                "phone": mask_phone(row.phone) if row.phone else None,
                "guardian": None if row.name is None else mask_name(row.name),
                "calls": row.calls,
                "tries": row.tries,
                "last_result": row.last_result,
                "step": row.step,
            }


def found(result: "Found") -> Iterator[dict[str, Any]]:
    """What a search found."""
    for row in result.rows:
        yield {
            "number": row.number,
            "state": row.state,
            "region": row.region,
            "guardian": mask_name(row.guardian or "") or None,
            "phone": None if row.phone is None else mask_phone(row.phone),
            "children": [mask_name(name) for name in json.loads(row.names)],
            "start": _local(row.start_at),
            "end": _local(row.end_at),
            "opened_at": _local(row.opened_at),
            "restricted": row.hidden,
        }


def providers(connection: "Connection") -> Iterator[dict[str, Any]]:
    """The providers by region and name; `places` is null where nobody knows it."""
    rows = reads.providers(connection)
    groups: dict[str, list[reads.GroupRow]] = {}
    for group in reads.groups_of(connection, [row.id for row in rows]):
        groups.setdefault(group.provider_id, []).append(group)
    for row in rows:
        record = json.loads(row.record)
        yield {
            "id": row.id,
            "service": row.service,
            "name": row.name,
            "region": row.region,
            "phone": record["phone_day"] or None,
            "groups": [
                {
                    "label": group.label,
                    "months_min": group.months_min,
                    "months_max": group.months_max,
                    "places": group.places,
                    "confirmed_at": None if group.confirmed_at is None else _local(group.confirmed_at),
                }
                for group in groups.get(row.id, [])
            ],
        }


def people(connection: "Connection") -> Iterator[dict[str, Any]]:
    """Who may act at this desk."""
    for person in reads.people(connection):
        yield {"name": person.name, "role": person.role}


def entries(connection: "Connection") -> Iterator[dict[str, Any]]:
    """The journal in fold order; what an entry says of a person, or of what is restricted, is left out."""
    from callcenter.journal.bodies import KINDS
    from callcenter.journal.history import entries as all_entries

    restricted = restricted_subjects(connection)
    for entry in all_entries(connection):
        model = KINDS.get(entry.kind)
        personal = model is None or model.personal
        yield {
            "id": entry.id,
            "desk": entry.desk,
            "seq": entry.seq,
            "hlc": entry.hlc,
            "at": datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds"),
            "actor": entry.actor,
            "kind": entry.kind,
            "known": model is not None and model.version == entry.version,
            "subject": entry.subject,
            "version": entry.version,
            "personal": personal,
            "restricted": entry.subject in restricted,
            "erased": entry.body is None,
            "body": None if personal or entry.body is None or entry.subject in restricted else json.loads(entry.body),
            "digest": entry.digest.hex(),
        }


def _child(child: reads.ChildRow) -> dict[str, Any]:
    return {
        "name": mask_name(child.name),
        "birth": mask_birth(date.fromisoformat(child.birth)),
        "school": child.school,
    }


def _local(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, SEOUL).isoformat()
