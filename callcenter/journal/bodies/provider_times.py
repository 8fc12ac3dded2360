"""What entries say about when providers are there: own hours, closures, rosters of carers, duty plans."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from callcenter.journal.bodies.body import Body


class HoursSet(Body):
    """A provider's own opening hours: cells of its record by column, blank where its service's hold again."""

    kind: ClassVar[str] = "hours.set"
    hours: dict[str, str]


class ClosureSet(Body):
    """A provider is closed from one moment to another."""

    kind: ClassVar[str] = "closure.set"
    closure: str
    start: int
    end: int
    reason: str


class ClosureLifted(Body):
    """A closure holds no more."""

    kind: ClassVar[str] = "closure.lifted"
    closure: str


class RosterSet(Body):
    """The days of the week on which a carer works, as cells of hours; None takes the roster away."""

    kind: ClassVar[str] = "roster.set"
    week: dict[str, str] | None


class RosterDaySet(Body):
    """When a carer works on one day, as a cell of hours; None makes it a day like others."""

    kind: ClassVar[str] = "roster.day_set"
    day: str
    hours: str | None


class ShiftBody(BaseModel):
    """Who is on duty from one moment to another."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: int
    end: int
    keepers: list[str]


class DutySet(Body):
    """The shifts that begin from one moment up to another, in the place of those that were planned for then."""

    kind: ClassVar[str] = "duty.set"
    start: int
    end: int
    shifts: list[ShiftBody]
