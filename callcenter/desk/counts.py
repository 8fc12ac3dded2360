"""The figures of a time by stage: requests (건), children (명, 연인원) and distinct children (실인원), kept apart."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from callcenter.care.calendar import SEOUL
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store.after import satisfaction_of
from callcenter.store.counts import STAGES, Counts, counts

if TYPE_CHECKING:
    from sqlite3 import Connection

# 접수, 확정, 이용, 미연계, 취소, 노쇼.
STAGE_WORDS = {
    "received": mark("received"),
    "confirmed": mark("confirmed"),
    "admitted": mark("in care"),
    "unplaced": mark("not placed"),
    "cancelled": mark("cancelled"),
    "no_show": mark("did not come"),
}


class NoDays(CallcenterError):
    """The last day lies before the first. Values: first, last."""

    code = "no_days"
    sentence = mark("{last} is before {first}. Give the first day, then the last.")


def counts_of(connection: "Connection", first: date, last: date) -> dict[str, Counts]:
    """The counts of every stage from the first day to the last, both whole days in Seoul."""
    if last < first:
        raise NoDays(first=first, last=last)
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    return {stage: counts(connection, stage, begin, end) for stage in STAGES}


def satisfaction_line(connection: "Connection", first: date, last: date) -> dict[str, Any]:
    """How content guardians were who were asked in this time; `mean` to a tenth, null when nobody answered."""
    if last < first:
        raise NoDays(first=first, last=last)
    found = satisfaction_of(connection, _midnight(first), _midnight(last + timedelta(days=1)))
    return {**found._asdict(), "mean": None if found.mean is None else round(found.mean, 1)}


def count_lines(connection: "Connection", first: date, last: date) -> Iterator[dict[str, Any]]:
    """The same, a line a stage."""
    for stage, found in counts_of(connection, first, last).items():
        yield {"stage": stage, "words": _(STAGE_WORDS[stage]), **found._asdict()}


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), SEOUL).timestamp())
