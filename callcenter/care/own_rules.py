"""What holds at one provider instead of its service's rules: hours, notice, fee; and whether it may care at all."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from callcenter.care.calendar import KINDS, Kind
from callcenter.care.rules import DAY_MINUTES, Booking, Fee, Hours, Origin, Rules, Week, Window

Windows = tuple[Window, ...]
_SOURCE = "the provider's own record"
_ALWAYS: Windows = (Window(0, DAY_MINUTES),)
_HOUR = 60


class OwnHours(NamedTuple):
    """A provider's own opening hours by kind of day; None where its service's hold, () where it is closed."""

    weekday: Windows | None = None
    saturday: Windows | None = None
    sunday: Windows | None = None
    holiday: Windows | None = None

    def on(self, kind: Kind) -> Windows | None:
        """The windows of one kind of day."""
        return self[KINDS.index(kind)]


class OwnRules(NamedTuple):
    """A provider's own: hours, minutes of notice, won per hour, how far it goes in km, until when it may care.

    `licence_until` and `training_until` are the last days on which it holds them. None is unknown: the service's
    rule holds, or none.
    """

    hours: OwnHours = OwnHours()
    notice: int | None = None
    won_per_hour: int | None = None
    radius_km: float | None = None
    licence_until: date | None = None
    training_until: date | None = None


NOTHING_OWN = OwnRules()


def with_own(rules: Rules, own: OwnRules, provider: str) -> Rules:
    """The service's rules with the provider's own hours, notice and fee in their place.

    Of its fee the hour is its own; the unit that is charged and the surcharges stay the service's.
    """
    if own.hours != NOTHING_OWN.hours:
        rules = rules._replace(hours=own_hours(rules.hours, own.hours, provider))
    if own.notice is not None:
        booking = rules.booking or Booking(_origin(provider), None, None, None, None, None)
        rules = rules._replace(booking=booking._replace(notice=own.notice))
    if own.won_per_hour is not None:
        fee = rules.fee or Fee(_origin(provider), 0, _HOUR, (), None)
        rules = rules._replace(fee=fee._replace(origin=_origin(provider), per_hour=own.won_per_hour))
    return rules


def own_hours(of_service: Hours | None, own: OwnHours, provider: str) -> Hours | None:
    """The service's hours with the provider's own in their place; unchanged where it has none."""
    if own == NOTHING_OWN.hours:
        return of_service
    others: Week = of_service.week if of_service else dict.fromkeys(KINDS, _ALWAYS)
    week = {kind: others[kind] if windows is None else windows for kind, windows in zip(KINDS, own, strict=True)}
    return Hours(_origin(provider), week)


@lru_cache(maxsize=1024)
def _origin(provider: str) -> Origin:
    return Origin(date.min, None, None, provider, _SOURCE)
