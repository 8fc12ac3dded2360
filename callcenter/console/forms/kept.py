"""A draft as it is kept on disk, and read back: JSON of plain texts without anything that may not be taken down."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from callcenter.console.forms.draft import DEFAULTS, Draft
from callcenter.desk.session import seconds
from callcenter.store.drafts import DraftRow
from callcenter.store.reads import ChildRow, GuardianRow
from callcenter.text.resident_numbers import without_begun_numbers


class Held(NamedTuple):
    """A draft with what it is about: a call, a request that is amended, or neither."""

    id: str
    draft: Draft
    call_id: str | None = None
    request_id: str | None = None


class HeldDrafts:
    """The drafts at hand, the one last worked on at the end."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def put(self, held: Held) -> None:
        """This is what stands there now."""
        self._held.pop(held.id, None)
        self._held[held.id] = held

    def drop(self, draft_id: str) -> None:
        """It was saved or discarded."""
        self._held.pop(draft_id, None)

    def about(self, call_id: str | None, request_id: str | None) -> Held | None:
        """The draft of this call or this amendment, or the newest of those that are about neither."""
        found = [one for one in self._held.values() if (one.call_id, one.request_id) == (call_id, request_id)]
        return found[-1] if found else None

    def other(self, draft_id: str) -> Held | None:
        """Another draft of a new request, the one longest left alone; None when there is none."""
        return next((one for one in self._held.values() if one.id != draft_id and one.request_id is None), None)

    def __len__(self) -> int:
        return len(self._held)


def is_worth_keeping(held: Held) -> bool:
    """Whether anything was typed that neither the record nor the telephone's display knows."""
    draft = held.draft
    known = {**DEFAULTS, **draft.record, "phone": draft.shown}
    if draft.guardian is not None:
        # The number that found the record was typed, but there is nothing to lose in it.
        known["phone"] = draft.raw.get("phone", "")
    return any(text.strip() and text != known.get(key) and key != "guardian_id" for key, text in draft.raw.items())


def row_of(held: Held, operator: str, now: datetime) -> DraftRow:
    """The row that keeps it."""
    draft = held.draft
    body = {
        "raw": {key: without_begun_numbers(text, half_typed=True) for key, text in draft.raw.items() if text},
        "record": dict(draft.record),
        "filled": dict(draft.filled),
        "guardian": draft.guardian._asdict() if draft.guardian else None,
        "known": [child._asdict() for child in draft.known],
        "shown": draft.shown,
    }
    text = json.dumps(body, ensure_ascii=False)
    return DraftRow(held.id, operator, held.call_id, held.request_id, seconds(now), text)


def held_of(row: DraftRow) -> Held:
    """The draft of a row; what another version of the program kept differently is left out."""
    body = json.loads(row.body)
    told = body.get("guardian")
    guardian = GuardianRow(**told) if _fits(told, GuardianRow._fields) else None
    known = tuple(ChildRow(**one) for one in body.get("known", []) if _fits(one, ChildRow._fields))
    draft = Draft(
        {**DEFAULTS, **_texts(body.get("raw"))},
        guardian,
        known if guardian else (),
        _texts(body.get("record")) if guardian else {},
        _texts(body.get("filled")),
        str(body.get("shown", "")),
    )
    return Held(row.id, draft, row.call_id, row.request_id)


def summary(row: DraftRow) -> str:
    """What an operator knows a draft by."""
    raw = _texts(json.loads(row.body).get("raw"))
    said = (raw.get(key, "").strip() for key in ("guardian", "region", "phone", "when", "line", "note"))
    return ", ".join(dict.fromkeys(text for text in said if text))


def _texts(found: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in found.items()} if isinstance(found, Mapping) else {}


def _fits(values: object, fields: tuple[str, ...]) -> bool:
    return isinstance(values, Mapping) and set(values) == set(fields)
