"""What care costs: won by begun units, with the highest surcharge that applies to each unit."""

from datetime import datetime, timedelta

from callcenter.care.calendar import Calendar
from callcenter.care.rules import DAY_MINUTES, Fee, Surcharge

_HOUR = 60


def fee_of(fee: Fee | None, start: datetime, end: datetime, calendar: Calendar) -> int | None:
    """The fee in won for one child from `start` to `end` (naive, Seoul); None when unknown or there is no time.

    A begun unit is charged whole, by the surcharge at its beginning; half a won is rounded up at the end.
    """
    if fee is None or end <= start:
        return None
    unit = timedelta(minutes=fee.unit)
    units = -((start - end) // unit)
    if not fee.surcharges:
        return (units * fee.per_hour * fee.unit + _HOUR // 2) // _HOUR
    hundredths = 0
    for place in range(units):
        at = start + place * unit
        extra = max((one.percent for one in fee.surcharges if _applies(one, at, calendar)), default=0)
        hundredths += (100 + extra) * fee.per_hour * fee.unit
    return (hundredths + 50 * _HOUR) // (100 * _HOUR)


def _applies(surcharge: Surcharge, at: datetime, calendar: Calendar) -> bool:
    day = at.date()
    if surcharge.window is not None:
        minute = at.hour * 60 + at.minute
        opens, closes = surcharge.window.opens, surcharge.window.closes
        if opens <= minute < closes or opens <= minute + DAY_MINUTES < closes:
            return True
    return calendar.kind(day) in surcharge.kinds or (day.month, day.day) in surcharge.dates
