"""What can be booked, and why not: the one verdict for the console and for `callcenter check`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

from callcenter.care.calendar import SEOUL, Calendar
from callcenter.care.fees import fee_of
from callcenter.care.need import Channel, Facility, Need
from callcenter.care.programs import Coverage, Service
from callcenter.care.rulings import Ask, Block, Case, asks_of, blocks_of, case_of, moved
from callcenter.language import Words

__all__ = [
    "SEARCH_DAYS",
    "Ask",
    "Block",
    "Channel",
    "Facility",
    "Need",
    "Outcome",
    "Verdict",
    "together",
    "verdict",
    "verdict_for_all",
]

Outcome = Literal["available", "blocked", "ask"]

SEARCH_DAYS = 14
"""How far ahead the next bookable time is looked for."""

_STEP = timedelta(minutes=30)
_OF_THE_CALL = frozenset({"hotline_closed", "too_short", "not_registered", "symptoms", "special_care"})
_OF_THE_DAY = frozenset({"age_under", "age_over", "school_age", "not_in_school", "region_not_served", "residence"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one service: the outcome with every block and ask, the next bookable time, the fee in won."""

    service: str
    outcome: Outcome
    blocks: tuple[Block, ...] = ()
    asks: tuple[Ask, ...] = ()
    next: tuple[datetime, datetime] | None = None
    fee: int | None = None
    bring: tuple[Words, ...] = ()


def verdict(
    service: Service,
    need: Need,
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
    *,
    find_next: bool = True,
) -> Verdict:
    """Whether a service can be booked for a child, with all blocks, not the first.

    With a `facility` the answer is for that provider: its own rules, its region's, what it is able to do.
    `next` is the earliest time from the start asked for at which the same length could be booked if called
    now, at most `SEARCH_DAYS` later; for what is available it is the time asked for.
    """
    case = case_of(service, need, now, calendar, coverage, facility)
    blocks = tuple(blocks_of(case))
    asks = () if blocks else tuple(asks_of(case))
    bring = case.rules.bring
    return Verdict(
        service=service.id,
        outcome="blocked" if blocks else "ask" if asks else "available",
        blocks=blocks,
        asks=asks,
        next=_next([case], blocks) if find_next else None,
        fee=fee_of(case.rules.fee, case.start, case.end, calendar),
        bring=bring.items if bring else (),
    )


def verdict_for_all(
    service: Service,
    needs: Sequence[Need],
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
    *,
    find_next: bool = True,
) -> Verdict:
    """The verdict for several children of one request, who come and go together; at least one need is given."""
    verdicts = [verdict(service, need, now, calendar, coverage, facility, find_next=False) for need in needs]
    merged = together(verdicts)
    if not find_next:
        return merged
    cases = [case_of(service, need, now, calendar, coverage, facility) for need in needs]
    return replace(merged, next=_next(cases, merged.blocks))


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Verdicts on one service for several children as one: every block and ask, fees summed, no next time.

    The fee is unknown when one of them is.
    """
    blocks: list[Block] = []
    asks: list[Ask] = []
    for one in verdicts:
        blocks.extend(block for block in one.blocks if block not in blocks)
        asks.extend(ask for ask in one.asks if ask not in asks)
    fees = [one.fee for one in verdicts]
    return Verdict(
        service=verdicts[0].service,
        outcome="blocked" if blocks else "ask" if asks else "available",
        blocks=tuple(blocks),
        asks=() if blocks else tuple(asks),
        fee=None if None in fees else sum(fee for fee in fees if fee is not None),
        bring=verdicts[0].bring,
    )


def _next(cases: Sequence[Case], blocks: Sequence[Block]) -> tuple[datetime, datetime] | None:
    """The first time on the half-hour grid, or the start itself, at which no rule blocks any of the children."""
    first = cases[0]
    if any(block.code in _OF_THE_CALL for block in blocks):
        return None
    length = first.end - first.start
    start = first.start if first.start >= first.now else _on_grid(first.now)
    until = start + timedelta(days=SEARCH_DAYS)
    while start <= until:
        found = _first_block([moved(case, start, length) for case in cases])
        if found is None:
            return start.replace(tzinfo=SEOUL), (start + length).replace(tzinfo=SEOUL)
        if "days_ahead" in found.values:
            return None
        if found.code in _OF_THE_DAY:
            start = datetime.combine(start.date() + timedelta(days=1), time())
        else:
            start = _on_grid(start + timedelta(microseconds=1))
    return None


def _first_block(cases: Sequence[Case]) -> Block | None:
    return next((block for case in cases for block in blocks_of(case)), None)


def _on_grid(moment: datetime) -> datetime:
    """The next half hour, or the moment itself when it is one."""
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + _STEP if past else moment
