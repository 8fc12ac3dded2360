"""Korean days: weekday, Saturday, Sunday or holiday, festivals by name, and closures a supervisor entered."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

Kind = Literal["weekday", "saturday", "sunday", "holiday"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Festival = Literal["new_year", "seollal", "chuseok", "buddha", "christmas"]
FESTIVALS: tuple[Festival, ...] = get_args(Festival)

_FESTIVAL_NAMES: Mapping[Festival, str] = {"seollal": "설날", "chuseok": "추석", "buddha": "부처님오신날"}
_FESTIVAL_DATES: Mapping[Festival, tuple[int, int]] = {"new_year": (1, 1), "christmas": (12, 25)}
_SATURDAY, _SUNDAY = 5, 6


class HolidaySwitch(NamedTuple):
    """A supervisor's word on one day: a holiday the package does not know yet (`on`), or one that is none."""

    day: date
    name: str
    on: bool


class Closure(NamedTuple):
    """A provider or a whole service closed by a supervisor, first and last day included."""

    subject: str
    first: date
    last: date
    reason: str


@lru_cache(maxsize=16)
def korean_holidays(year: int) -> Mapping[date, tuple[str, ...]]:
    """Public holidays of a year with their Korean names, substitute and temporary ones included."""
    import holidays  # takes a quarter of a second, which start-up must not pay

    found = holidays.country_holidays("KR", years=year, language="ko")
    return {day: tuple(names.split("; ")) for day, names in found.items() if day.year == year}


class Calendar:
    """The days of Korea as this desk knows them; years are looked up when first asked for."""

    def __init__(
        self,
        switches: Iterable[HolidaySwitch] = (),
        closures: Iterable[Closure] = (),
        holidays_of: Callable[[int], Mapping[date, tuple[str, ...]]] = korean_holidays,
    ) -> None:
        self._switches = {switch.day: switch for switch in switches}
        self._closures: dict[str, list[Closure]] = {}
        for closure in closures:
            self._closures.setdefault(closure.subject, []).append(closure)
        self._holidays_of = holidays_of
        self._kinds: dict[date, Kind] = {}
        self._festivals: dict[date, frozenset[Festival]] = {}

    def holiday_names(self, day: date) -> tuple[str, ...]:
        """Names of the public holidays on a day, none when it is not one."""
        switch = self._switches.get(day)
        if switch is not None:
            return (switch.name,) if switch.on else ()
        return self._holidays_of(day.year).get(day, ())

    def kind(self, day: date) -> Kind:
        """What kind of day it is; a public holiday is one on whatever day of the week it falls."""
        known = self._kinds.get(day)
        if known is None:
            weekday = day.weekday()
            known = (
                "holiday"
                if self.holiday_names(day)
                else "saturday"
                if weekday == _SATURDAY
                else "sunday"
                if weekday == _SUNDAY
                else "weekday"
            )
            self._kinds[day] = known
        return known

    def festivals(self, day: date) -> frozenset[Festival]:
        """The festivals that fall on a day: the day itself, not the one before or after, nor a substitute."""
        known = self._festivals.get(day)
        if known is None:
            names = self._holidays_of(day.year).get(day, ())
            known = frozenset(one for one, name in _FESTIVAL_NAMES.items() if name in names) | frozenset(
                one for one, fixed in _FESTIVAL_DATES.items() if (day.month, day.day) == fixed
            )
            self._festivals[day] = known
        return known

    def closure(self, subject: str, day: date) -> Closure | None:
        """The closure of a provider or service on a day, if there is one."""
        return next((one for one in self._closures.get(subject, ()) if one.first <= day <= one.last), None)

    def closes(self, subject: str) -> bool:
        """Whether a provider or service has any closure of its own."""
        return subject in self._closures
