"""What entries say about requests."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body, Change


class NoteAdded(Body):
    """Somebody wrote a note to the subject."""

    kind: ClassVar[str] = "note.added"
    personal: ClassVar[bool] = True
    text: str


class RequestOpened(Body):
    """A request was taken."""

    kind: ClassVar[str] = "request.opened"
    state: str
    number: str
    urgency: str
    region: str
    residence: str | None
    service: str | None
    channel: str
    guardian: str
    children: list[str]
    call: str | None
    start: int
    end: int
    reason: str
    promised: int | None
    care_place: str | None = None


class HandoverTold(Body):
    """Who brings the children and who fetches them, and how they travel, as the guardian said it. 인계: handover."""

    kind: ClassVar[str] = "request.handover"
    personal: ClassVar[bool] = True
    text: str


class ApplicationReceived(Body):
    """The request came as an application from outside: its identifier there, and the SHA-256 of what it said."""

    kind: ClassVar[str] = "application.received"
    external_id: str
    digest: str


class RequestAmended(Body):
    """Fields of a request were changed."""

    kind: ClassVar[str] = "request.amended"
    changes: dict[str, Change]


class RequestMoved(Body):
    """A request was held, resumed, left unplaced, reopened or cancelled.

    Of a cancelled one: who cancelled, whether that was late by the rule of the service, and the fee in won; None where
    no rule is known; and how far each of its open offers was (a state, or confirmed) for all that its desk `knew`.
    """

    kind: ClassVar[str] = "request.moved"
    event: Literal["held", "resumed", "unplaced", "reopened", "cancelled"]
    state: str
    reason: str | None
    until: int | None
    by: str | None = None
    late: bool | None = None
    fee: int | None = None
    knew: dict[str, str] | None = None
