"""Messages (문자: message): which text goes to whom on which occasion, what it may hold, and how often it is tried."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

from callcenter.care.calendar import SEOUL
from callcenter.language import Language

Occasion = Literal[
    "offer_made",
    "offer_withdrawn",
    "confirmed",
    "released",
    "extended",
    "callback_promised",
    "ending_soon",
    "overdue",
    "cancelled",
    "unplaced",
]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
Receiver = Literal["provider", "guardian"]
RECEIVERS: tuple[Receiver, ...] = get_args(Receiver)

_ALL = "desk phone number"
_PLACE = "provider provider_phone"
FIELDS: Mapping[tuple[Occasion, Receiver], str] = {
    ("offer_made", "provider"): f"{_ALL} when region children safety provisional by",
    ("offer_withdrawn", "provider"): f"{_ALL} when",
    ("confirmed", "provider"): f"{_ALL} when region names safety provisional contact home handover",
    ("confirmed", "guardian"): f"{_ALL} when who {_PLACE} provisional address bring",
    ("released", "provider"): f"{_ALL} when",
    ("extended", "provider"): f"{_ALL} when",
    ("extended", "guardian"): f"{_ALL} when {_PLACE}",
    ("callback_promised", "guardian"): f"{_ALL} by",
    ("ending_soon", "guardian"): f"{_ALL} end {_PLACE}",
    ("overdue", "guardian"): f"{_ALL} end {_PLACE}",
    ("cancelled", "guardian"): f"{_ALL} when",
    ("unplaced", "guardian"): f"{_ALL} when",
}
"""What a text may hold. A provider learns names and the guardian's number only once the placement is confirmed."""

_VALUE = re.compile(r"\{([a-z_]+)\}")
_KO_DAYS = "월화수목금토일"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_SAID_UP_TO = 24


class Template(NamedTuple):
    """A text for one occasion and receiver.

    `sends`: it leaves by itself. `good_for` is how many minutes it is of use; `before_end` and `after_end` are minutes
    from the planned end of care at which it is due, for those that no use case sends but the clock.
    """

    occasion: Occasion
    to: Receiver
    ko: str
    en: str
    sends: bool
    good_for: int
    before_end: int | None = None
    after_end: int | None = None

    def in_(self, language: Language) -> str:
        """The text in a language."""
        return self.ko if language == "ko" else self.en


class Retry(NamedTuple):
    """How often a message is tried, and the seconds between the tries."""

    first: int
    times: int
    most: int
    tries: int


class Messages(NamedTuple):
    """Every text the desk sends."""

    templates: Mapping[tuple[Occasion, Receiver], Template]
    retry: Retry


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; a line that names some of which every one is empty is left out."""
    lines = []
    for line in text.strip().splitlines():
        names = _VALUE.findall(line)
        if not names or any(values[name] for name in names):
            lines.append(_VALUE.sub(lambda found: values[found[1]], line).strip())
    return "\n".join(lines)


def pause(retry: Retry, tried: int, spread: float) -> timedelta | None:
    """How long to wait after so many tries that failed; None when they were enough.

    `spread` is drawn from 0 to 1 and shortens or lengthens the pause by up to a fifth, so that what failed together
    does not come again together.
    """
    if tried >= retry.tries:
        return None
    return timedelta(seconds=min(retry.first * retry.times ** (tried - 1), retry.most) * (0.8 + 0.4 * spread))


def span_text(start: datetime, end: datetime, language: Language) -> str:
    """From when till when with the day, for who reads it later: «11/24(화) 20:00~23:00», past midnight both days."""
    first, last = start.astimezone(SEOUL), end.astimezone(SEOUL)
    begins = _day(first, language)
    if last.date() == first.date():
        return f"{begins} {first:%H:%M}~{last:%H:%M}"
    if last - first <= timedelta(days=1) and last.hour == last.minute == 0:
        return f"{begins} {first:%H:%M}~24:00"
    return f"{begins} {first:%H:%M}~{_day(last, language)} {last:%H:%M}"


def moment_text(at: datetime, now: datetime, language: Language) -> str:
    """A time; with its day when it is another than today."""
    local = at.astimezone(SEOUL)
    same = local.date() == now.astimezone(SEOUL).date()
    return f"{local:%H:%M}" if same else f"{_day(local, language)} {local:%H:%M}"


def age_text(months: int, language: Language) -> str:
    """만 age in months below two years, else in years."""
    if months < _MONTHS_SAID_UP_TO:
        return f"{months}개월" if language == "ko" else f"{months} months"
    return f"만 {months // 12}세" if language == "ko" else f"{months // 12} years"


def _day(at: datetime, language: Language) -> str:
    day = f"{at.month}/{at.day}"
    return f"{day}({_KO_DAYS[at.weekday()]})" if language == "ko" else f"{_EN_DAYS[at.weekday()]} {day}"
