"""What entries say about calls, dangers reported in them, and call-backs that are owed."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body


class CallOpened(Body):
    """A call was taken that no telephone system told of: it talks at once."""

    kind: ClassVar[str] = "call.opened"


class CallRang(Body):
    """A telephone system told of a call for the first time; `heard` is "ringing" when that is what it told."""

    kind: ClassVar[str] = "call.rang"
    external_id: str
    direction: Literal["in", "out"]
    extension: str | None
    called: str | None
    at: int
    heard: str


class CallTaken(Body):
    """An operator, the entry's actor, made the call theirs; `answered` is when somebody first spoke on it."""

    kind: ClassVar[str] = "call.taken"
    state: str
    answered: int


class CallMoved(Body):
    """A call changed, by a key or by what the telephone system told: the state it came to, and all its times.

    `heard` is every state the telephone system has told of this call, separated by spaces; behind the later of
    `answered` and `held` its time, as in `answered held@1764000040 ringing`.
    """

    kind: ClassVar[str] = "call.moved"
    event: Literal["rang", "answered", "held", "resumed", "hung_up"]
    state: str
    opened: int
    answered: int | None
    held: int | None
    hung_up: int | None
    ended: int | None
    outcome: str | None
    extension: str | None
    heard: str


class CallerIdentified(Body):
    """The caller's number, and the guardian if known."""

    kind: ClassVar[str] = "caller.identified"
    personal: ClassVar[bool] = True
    phone: str
    guardian: str | None


class CallEnded(Body):
    """A call ended: how, for an enquiry about what, and to which other agency it was transferred."""

    kind: ClassVar[str] = "call.ended"
    outcome: str
    topic: str | None
    agency: str | None = None


class CallJoined(Body):
    """A call touches a request, or goes on with an earlier call that was cut off."""

    kind: ClassVar[str] = "call.joined"
    request: str | None = None
    call: str | None = None


class SafetyRaised(Body):
    """Somebody is in danger, or a child is suspected to be abused: from now on the call is restricted."""

    kind: ClassVar[str] = "safety.raised"
    what: Literal["emergency", "abuse"]


class SafetyReported(Body):
    """What was reported to the other agency, and the number under which it keeps the case, "" while unknown."""

    kind: ClassVar[str] = "safety.reported"
    personal: ClassVar[bool] = True
    what: Literal["emergency", "abuse"]
    reference: str
    said: str


class CallbackMissed(Body):
    """A call of this number went unanswered or was cut off: so many of them, the last one named; due since then."""

    kind: ClassVar[str] = "callback.missed"
    personal: ClassVar[bool] = True
    origin: Literal["missed", "dropped"]
    phone: str
    guardian: str | None
    call: str
    calls: int
    due: int


class CallbackPromised(Body):
    """A call-back was promised for a time, to somebody who has no request."""

    kind: ClassVar[str] = "callback.promised"
    personal: ClassVar[bool] = True
    phone: str
    guardian: str | None
    call: str
    due: int


class CallbackTried(Body):
    """Somebody rang back, whom, and what came of it; the subject is the call-back or the request it was for."""

    kind: ClassVar[str] = "callback.tried"
    whom: Literal["guardian", "second_contact"]
    result: Literal["reached", "no_answer", "busy", "wrong_number"]


class CallbackClosed(Body):
    """Nothing is owed any more, and why."""

    kind: ClassVar[str] = "callback.closed"
    why: Literal["reached", "rang_again", "given_up"]
