"""What entries say about messages to providers and guardians; the subject is the request they are about."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body


class MessageQueued(Body):
    """A text waits to leave: not before one time, and of no use after another.

    `about` is the time it tells of, where it has to leave again when that moves.
    """

    kind: ClassVar[str] = "message.queued"
    personal: ClassVar[bool] = True
    message: str
    occasion: str
    receiver: str
    offer: str | None
    phone: str
    language: str
    text: str
    not_before: int
    until: int
    about: int | None


class MessageLeaving(Body):
    """The message is handed to the gateway for this time, the first being 1."""

    kind: ClassVar[str] = "message.leaving"
    message: str
    tries: int


class MessageSent(Body):
    """The gateway took the message; `result` is its own word for it."""

    kind: ClassVar[str] = "message.sent"
    message: str
    result: str


class MessageFailed(Body):
    """The gateway did not take it; tried `again` at that time, or given up."""

    kind: ClassVar[str] = "message.failed"
    message: str
    reason: str
    again: int | None


class MessageDropped(Body):
    """The message will not leave any more.

    `undone` with its offer, `overtaken` by what happened since, `restricted` like the request, `replaced` by another,
    or `told` by a person.
    """

    kind: ClassVar[str] = "message.dropped"
    message: str
    why: Literal["undone", "overtaken", "restricted", "replaced", "told"]
