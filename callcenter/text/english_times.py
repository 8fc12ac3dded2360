"""A time said in English as it is said in Korean, so that one set of rules reads both: 8pm is 오후 8."""

import re
from typing import TypeAlias

Said: TypeAlias = dict[str, str | None]
"""The parts of a time by their names in the patterns of `spoken_times`; a part that was not said is None or missing."""

_PARTS = {"morning": "오전", "afternoon": "오후", "evening": "저녁", "night": "밤"}
_CLOCKS = {"midnight": "자정", "noon": "정오", "now": "지금"}
ENGLISH_PARTS = "|".join(_PARTS)
"""Parts of the day, as a pattern."""
ENGLISH_CLOCKS = r"\d{1,2}(?::\d{2})?\s?[ap]\.?m(?:\.|(?![\w.]))|\d{1,2}\s?o'?clock|midnight|noon"
"""Clocks that are told as such, as a pattern."""
ENGLISH_HOURS = r"(?:hours?|hrs?)(?!\w)"
"""The unit behind the number of a length, as a pattern."""
_HALF = re.compile(r"(?P<hours>\d{1,2})(?P<minutes>:\d{2})?\s?(?P<half>[ap])\.?m\.?")
_SMALL_HOURS = 6


def in_korean(said: Said) -> Said:
    """The same in Korean. `half` is added as «last» when only the end says whether it is am or pm: 8-11pm."""
    told: Said = {name: text.casefold() if text else text for name, text in said.items()}
    tonight = told["day"] == "tonight"
    for prefix in ("", "last_"):
        part, clock = told.get(f"{prefix}part"), told.get(f"{prefix}clock")
        if part in _PARTS:
            told[f"{prefix}part"] = _PARTS[part]
        half = _HALF.fullmatch(clock or "")
        if half:
            told[f"{prefix}part"], told[f"{prefix}clock"] = _halved(half, tonight=tonight and not prefix)
            if prefix and clock and not told["part"] and (told["clock"] or "").replace(":", "").isdigit():
                told["half"] = "last"
        elif clock:
            told[f"{prefix}clock"] = re.sub(r"\s?o'?clock", "시", _CLOCKS.get(clock, clock))
    if tonight and not told["part"]:
        told["part"] = "밤"
    if told.get("length"):
        told["length"] = re.sub(rf"\s?{ENGLISH_HOURS}", "시간", told["length"] or "")
    return told


def _halved(clock: re.Match[str], *, tonight: bool) -> tuple[str | None, str]:
    """The part of the day and the clock: 8:30pm is 오후 8:30, and 1am tonight is in the night that begins now."""
    hours, minutes = int(clock["hours"]), clock["minutes"] or ""
    if clock["half"] == "p":
        return "오후", f"{hours}{minutes}"
    if hours == 12 and not minutes:
        return None, "자정"
    return "밤" if tonight and (hours < _SMALL_HOURS or hours == 12) else "오전", f"{hours}{minutes}"
