"""What stands in one field of the form, read as the operator typed it; refusals say what to type instead."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from callcenter.care.child import months_at
from callcenter.care.geography import Region, city_of
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.hangul import initials, matches, to_hangul
from callcenter.text.moments import SEOUL
from callcenter.text.resident_numbers import ResidentNumber
from callcenter.text.spoken_ages import SpokenChild, find_children
from callcenter.text.spoken_clocks import minutes_of

_SHOWN_REGIONS = 6
_GROWN_UP_MONTHS = 18 * 12
# 주민등록번호: six digits of the birth date, then seven of which the first tells sex and century.
_RESIDENT_NUMBER = re.compile(r"\D*\d{6}\D*[0-9]\d{6}\D*")


class NoSuchRegion(CallcenterError):
    """No si or gun is found by this. Values: text."""

    code = "no_such_region"
    sentence = mark("No si or gun is called «{text}». Type its name, its first consonants or its code.")


class SeveralRegions(CallcenterError):
    """More than one si or gun is found by this. Values: regions."""

    code = "several_regions"
    sentence = mark("That could be {regions}. Type one letter more.")


class BirthUnreadable(CallcenterError):
    """Not a birth date."""

    code = "birth_unreadable"
    sentence = mark("Type the birth date as 20180302, 180302 or 2018-03-02.")


class AgeNotBirth(CallcenterError):
    """An age, where a birth date has to stand. Values: age."""

    code = "age_not_birth"
    sentence = mark("«{age}» is an age. Please ask for the birth date; the request needs it.")


class NotYetBorn(CallcenterError):
    """The birth date lies ahead."""

    code = "not_yet_born"
    sentence = mark("This birth date lies ahead. Please ask for it again.")


class NotAChild(CallcenterError):
    """Whoever was born then is grown up."""

    code = "not_a_child"
    sentence = mark("Who was born then is no child any more. Please check the year.")


class PromiseUnreadable(CallcenterError):
    """Not a time to call back."""

    code = "promise_unreadable"
    sentence = mark("Type when to call back: 15 for in 15 minutes, or 21:30. 0 promises nothing.")


def region_of(text: str, regions: Mapping[str, Region]) -> Region:
    """The si or gun meant by a code, a name, a part of it, its first consonants, or either typed with Hangul off.

    A name that is exactly the text wins over names that begin with it, and those over names that contain it.
    Raises NoSuchRegion and SeveralRegions.
    """
    # No name of ours has a letter that needs Shift, so Caps Lock does no harm.
    wanted = text.strip().casefold()
    if wanted.isdecimal() and len(wanted) >= 5:
        code = city_of(wanted, regions)
        if code is None:
            raise NoSuchRegion(text=text.strip())
        return regions[code]
    # With every key the form is read again, and nearly always a name stands there that was written out.
    found = [region for region in regions.values() if wanted in map(str.casefold, _names(region))]
    found = found or [region for region in regions.values() if any(matches(wanted, name) for name in _names(region))]
    if not wanted or not found:
        raise NoSuchRegion(text=text.strip())
    best = min(_rank(wanted, region) for region in found)
    nearest = [region for region in found if _rank(wanted, region) == best]
    if len(nearest) > 1:
        shown = ", ".join(str(region.name) for region in nearest[:_SHOWN_REGIONS])
        raise SeveralRegions(regions=shown if len(nearest) <= _SHOWN_REGIONS else f"{shown} ..")
    return nearest[0]


def birth_of(text: str, today: date) -> date:
    """The birth date typed as 20180302, 180302, 2018-03-02, 2018.3.2 or 18/3/2; two digits of a year never lie ahead.

    Raises AgeNotBirth, BirthUnreadable, NotYetBorn, NotAChild and ResidentNumber.
    """
    text = text.strip()
    if _RESIDENT_NUMBER.fullmatch(text):
        raise ResidentNumber
    said = said_child(text, today)
    if said is not None:
        if said.birth is None:
            raise AgeNotBirth(age=text)
        return said.birth
    parts = re.fullmatch(r"(\d{4}|\d{2})(\d{2})(\d{2})|(\d{4}|\d{2})[-./](\d{1,2})[-./](\d{1,2})", text)
    if parts is None:
        raise BirthUnreadable
    year_text, month, day = (part for part in parts.groups() if part is not None)
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    try:
        birth = date(year, int(month), int(day))
    except ValueError as error:
        raise BirthUnreadable from error
    if birth > today:
        raise NotYetBorn
    if months_at(birth, today) >= _GROWN_UP_MONTHS:
        raise NotAChild
    return birth


def said_child(text: str, today: date) -> SpokenChild | None:
    """What an age says that fills the whole text (14개월, 다섯 살, 초2, 2019년생); None for anything else."""
    found = find_children(text.strip(), today)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text.strip())):
        return None
    meanings = found[0].meanings
    return meanings[0][0] if len(meanings) == 1 and len(meanings[0]) == 1 else None


def is_resident_number(text: str) -> bool:
    """Whether all of a resident registration number stands there."""
    return _RESIDENT_NUMBER.fullmatch(text) is not None


def usual_promise(now: datetime, call_back: timedelta) -> datetime:
    """When to call back where nothing else is said; to the minute, rounded up."""
    return _minute(now + call_back)


def promise_of(text: str, now: datetime, blank: datetime | None) -> datetime | None:
    """When to call back: `blank` where nothing was typed, 20 so many minutes, 21:30 its next time, 0 never.

    What was typed to the minute, rounded up. Raises PromiseUnreadable and NoSuchClock.
    """
    text = text.strip()
    if text.isdecimal() and len(text) <= 3:
        return _minute(now + timedelta(minutes=int(text))) if int(text) else None
    if not text:
        return blank
    if not re.fullmatch(r"\d{1,2}:\d{2}|\d{4}", text):
        raise PromiseUnreadable
    today = now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    promised = today + timedelta(minutes=minutes_of(text))
    return promised if promised > now else promised + timedelta(days=1)


def _minute(moment: datetime) -> datetime:
    past = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment.astimezone(SEOUL) - past + (timedelta(minutes=1) if past else timedelta())


def _names(region: Region) -> tuple[str, str]:
    return region.name.ko, region.name.en


def _rank(wanted: str, region: Region) -> int:
    """0 for the name itself, without its 시 or 군 too; 1 for its beginning; 2 for anything in it."""
    names = [name.casefold() for name in _names(region)]
    names += [names[0][:-1], initials(names[0]), initials(names[0][:-1])]
    typed = {wanted, to_hangul(wanted)}
    if typed & set(names):
        return 0
    return 1 if any(name.startswith(one) for name in names for one in typed) else 2
