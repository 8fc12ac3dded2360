"""Times as the desk says and shows them, in Seoul's clock: 21:04, «today 20:00–23:00», 3:12, «12 min ago».

Every function takes aware datetimes in any zone, and `now` where the words depend on it.
"""

from datetime import date, datetime, time, timedelta
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from callcenter.language import _, mark

SEOUL = ZoneInfo("Asia/Seoul")

_WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
_NEAR_DAYS = {-1: mark("yesterday"), 0: mark("today"), 1: mark("tomorrow")}
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def moment(seconds: int) -> datetime:
    """Seconds since 1970, as the tables keep a time, as an aware datetime in Seoul."""
    return datetime.fromtimestamp(seconds, SEOUL)


def clock(at: datetime) -> str:
    """Hours and minutes, five cells: 21:04."""
    return f"{at.astimezone(SEOUL):%H:%M}"


def stopwatch(elapsed: timedelta) -> str:
    """Minutes and seconds for a clock that runs: 3:12, over an hour 1:05:12; nothing is below 0:00."""
    minutes, seconds = divmod(max(0, int(elapsed.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def age(since: datetime, now: datetime) -> str:
    """How long something has waited, right-aligned in five cells of which it fills four at most.

    « 0:04» hours and minutes, from 10 h «  13h», from 100 h in days.
    """
    waited = max(timedelta(0), now - since)
    minutes = waited // _MINUTE
    said = f"{minutes // 60}:{minutes % 60:02}" if waited < 10 * _HOUR else _long(waited)
    return " " * (5 - sum(2 if east_asian_width(character) == "W" else 1 for character in said)) + said


def _long(elapsed: timedelta) -> str:
    if elapsed < 100 * _HOUR:
        return _("{hours}h").format(hours=elapsed // _HOUR)
    return _("{days}d").format(days=min(elapsed // _DAY, 99))


def duration(length: timedelta) -> str:
    """A length in words, whole minutes: «3 h», «1 h 5 min», «40 min»."""
    hours, minutes = divmod(max(timedelta(0), length) // _MINUTE, 60)
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    if not minutes:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def lasting(elapsed: timedelta) -> str:
    """How long something has lasted: seconds as long as they count, then in words, for 15:28 would be a time of day."""
    return duration(elapsed) if elapsed >= _MINUTE else stopwatch(elapsed)


def ago(at: datetime, now: datetime) -> str:
    """How long ago in words, in its largest unit: «just now», «12 min ago», «3 h ago», «2 d ago»."""
    elapsed = now - at
    if elapsed < _MINUTE:
        return _("just now")
    if elapsed < _HOUR:
        return _("{minutes} min ago").format(minutes=elapsed // _MINUTE)
    if elapsed < _DAY:
        return _("{hours} h ago").format(hours=elapsed // _HOUR)
    return _("{days} d ago").format(days=elapsed // _DAY)


def due_in(until: datetime, now: datetime) -> str:
    """As `countdown`, in whole minutes but for the last one: where clocks stand too, 4:38 would be one of them."""
    return duration(until - now) if until - now >= _MINUTE else countdown(until, now)


def countdown(until: datetime, now: datetime) -> str:
    """What is left of a promise, 0:40, and once it has passed by how much: «+12m», from two hours on «+2h»."""
    if until > now:
        return stopwatch(until - now)
    late = now - until
    return _("+{minutes}m").format(minutes=late // _MINUTE) if late < 2 * _HOUR else f"+{_long(late)}"


def day(of: date, now: datetime) -> str:
    """A day as it is said on the phone: «today», «tomorrow», «Sat 11/28», with its year when it is another."""
    today = now.astimezone(SEOUL).date()
    if near := _NEAR_DAYS.get((of - today).days):
        return _(near)
    pattern = _("{weekday} {month}/{day}") if of.year == today.year else _("{weekday} {year}/{month}/{day}")
    return pattern.format(weekday=_(_WEEKDAYS[of.weekday()]), year=of.year, month=of.month, day=of.day)


def stamp(at: datetime, now: datetime) -> str:
    """A moment: the clock alone today, else with its day: «yesterday 21:04»."""
    local = at.astimezone(SEOUL)
    if local.date() == now.astimezone(SEOUL).date():
        return clock(at)
    return _("{day} {time}").format(day=day(local.date(), now), time=clock(at))


def span(start: datetime, end: datetime, now: datetime) -> str:
    """From when till when: «today 20:00–23:00»; a night is its first day's, a longer one names both days."""
    first, last = start.astimezone(SEOUL), end.astimezone(SEOUL)
    said = day(first.date(), now)
    ends_at_midnight = last.time() == time(0) and last.date() - first.date() == _DAY
    if last.date() == first.date() or ends_at_midnight:
        if first.minute == last.minute == 0:
            return _("{day} {start:02}:00–{end:02}:00").format(
                day=said, start=first.hour, end=24 if ends_at_midnight else last.hour
            )
        return _("{day} {start}–{end}").format(
            day=said, start=clock(start), end="24:00" if ends_at_midnight else clock(end)
        )
    if last - first < _DAY:
        return _("{day} {start}–{end}").format(day=said, start=clock(start), end=clock(end))
    return _("{start_day} {start} – {end_day} {end}").format(
        start_day=said, start=clock(start), end_day=day(last.date(), now), end=clock(end)
    )
