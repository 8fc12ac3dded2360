"""How late a cancellation is: by a service's own rule, where one is known. 취소 수수료: cancellation fee."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from callcenter.care.calendar import SEOUL


class CancellationRule(NamedTuple):
    """Up to how long before its start a service's care is cancelled freely, and the fee in won after that.

    A fee that is not published in won is None. Both days are included; `valid_to` None is open.
    """

    service: str
    free_before: timedelta
    fee: int | None
    valid_from: date
    valid_to: date | None
    source: str


class Lateness(NamedTuple):
    """Whether a cancellation is late and what it costs in won; None where nobody knows."""

    late: bool | None
    fee: int | None


def lateness(rules: Iterable[CancellationRule], service: str, start: datetime, now: datetime) -> Lateness:
    """How late it is to cancel care of a service that was to begin at `start`; aware times."""
    day = now.astimezone(SEOUL).date()
    for rule in rules:
        if rule.service == service and rule.valid_from <= day <= (rule.valid_to or date.max):
            late = start - now < rule.free_before
            return Lateness(late, rule.fee if late else 0)
    return Lateness(None, None)
