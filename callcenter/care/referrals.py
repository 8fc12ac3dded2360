"""Where else to turn: services outside our programmes, and the conditions under which each helps."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from callcenter.care.calendar import SEOUL, Calendar
from callcenter.care.child import months_at
from callcenter.care.eligibility import Need, Verdict
from callcenter.care.rules import Week
from callcenter.language import Words


class Referral(NamedTuple):
    """A place to turn to: its number (blank when not published), why, and when it is worth naming.

    With `needs` or `symptoms` it is named when the child has one of them, otherwise when no service is
    available; the province (two digits), the age in months (both ends included) and the hours (by kind of
    day, when the care asked for touches them) narrow it further.
    """

    id: str
    to: Words
    number: str
    why: Words
    source: str
    needs: frozenset[str]
    symptoms: frozenset[str]
    province: str | None
    months_min: int
    months_max: int
    week: Week | None
    valid_from: date
    valid_to: date | None


def referrals_for(
    referrals: Iterable[Referral], need: Need, verdicts: Collection[Verdict], calendar: Calendar
) -> tuple[Referral, ...]:
    """The referrals to name for one need, in the order of the file."""
    nothing = not any(verdict.outcome == "available" for verdict in verdicts)
    start = need.start.astimezone(SEOUL)
    day = start.date()
    months = months_at(need.child.birth, day)
    begins = start.hour * 60 + start.minute
    ends = begins + (need.end - need.start) // timedelta(minutes=1)

    def fits(referral: Referral) -> bool:
        if not (referral.valid_from <= day and (referral.valid_to is None or day <= referral.valid_to)):
            return False
        if referral.province is not None and not need.region.startswith(referral.province):
            return False
        if not referral.months_min <= months <= referral.months_max:
            return False
        if referral.week is not None and not any(
            begins < window.closes and window.opens < ends for window in referral.week[calendar.kind(day)]
        ):
            return False
        if referral.needs or referral.symptoms:
            return bool(referral.needs & need.needs or referral.symptoms & need.symptoms)
        return nothing

    return tuple(filter(fits, referrals))
