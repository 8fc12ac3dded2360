"""The time of day in a demo: it begins when the demo says and may run faster than the wall's."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.care.calendar import SEOUL, Calendar

_BEGIN_HOUR, _BEGIN_MINUTE = 18, 20
_DAYS_BACK = 30


@dataclass(frozen=True, slots=True)
class SimulatedClock:
    """A clock that showed `start` when the wall's showed `real_start` (seconds since 1970) and runs `speed` as fast.

    Two processes that make it from the same three values see the same time.
    """

    start: datetime
    real_start: float
    speed: float = 1.0
    wall: Callable[[], float] = time.time

    def now(self) -> datetime:
        """The simulated time, in Seoul."""
        return (self.start + timedelta(seconds=(self.wall() - self.real_start) * self.speed)).astimezone(SEOUL)


def demo_start(calendar: Calendar, today: datetime) -> datetime:
    """When a demo begins: 18:20 on the last ordinary weekday up to today, as the hotline begins to link home visits."""
    local = today.astimezone(SEOUL)
    days = (local.date() - timedelta(days=back) for back in range(_DAYS_BACK))
    day = next((day for day in days if calendar.kind(day) == "weekday"), local.date())
    return datetime(day.year, day.month, day.day, _BEGIN_HOUR, _BEGIN_MINUTE, tzinfo=SEOUL)
