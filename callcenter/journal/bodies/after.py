"""What entries say of how care went: accidents, how content the guardian was, complaints."""

from typing import ClassVar

from callcenter.journal.bodies.body import Body


class IncidentRaised(Body):
    """Something happened to a child in care at `at`; `told` are codes of whom was told. 사고: incident."""

    kind: ClassVar[str] = "incident.raised"
    personal: ClassVar[bool] = True
    incident: str
    child: str | None
    what: str
    at: int
    said: str
    told: list[str]


class IncidentAcknowledged(Body):
    """A supervisor has taken an incident over."""

    kind: ClassVar[str] = "incident.acknowledged"
    incident: str


class CareCutShort(Body):
    """Care ended before it was to, or will; why is a code. 조기종료: cut short."""

    kind: ClassVar[str] = "care.cut_short"
    why: str


class SatisfactionGiven(Body):
    """How content the guardian was, 0 to 100, and whether they would ask again; None was not asked. 만족도."""

    kind: ClassVar[str] = "satisfaction.given"
    score: int
    again: bool | None


class ComplaintOpened(Body):
    """Somebody complains: about a request, or of nothing in particular; who follows it up, by when. 민원: complaint."""

    kind: ClassVar[str] = "complaint.opened"
    personal: ClassVar[bool] = True
    request: str | None
    guardian: str | None
    said: str
    owner: str
    due: int


class ComplaintHandedOn(Body):
    """Somebody else follows a complaint up, or by another time."""

    kind: ClassVar[str] = "complaint.handed_on"
    owner: str
    due: int


class ComplaintClosed(Body):
    """A complaint was answered; how is a code."""

    kind: ClassVar[str] = "complaint.closed"
    how: str
