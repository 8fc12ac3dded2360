"""The life of a call, a request and an offer: which event leads from which state to which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from callcenter.care.priority import ClockKind
from callcenter.errors import CallcenterError
from callcenter.language import _, mark

CallState = Literal["ringing", "talking", "held", "wrap_up", "ended", "abandoned"]
CallEvent = Literal["answered", "held", "resumed", "hung_up", "closed"]
Told = Literal["ringing", "answered", "held", "ended"]
Direction = Literal["in", "out"]

RequestState = Literal[
    "open", "matching", "offered", "accepted", "confirmed", "held", "unplaced", "cancelled", "in_care", "finished"
]
RequestEvent = Literal[
    "reserved",
    "offer_made",
    "offer_accepted",
    "offer_declined",
    "offer_no_answer",
    "offer_busy",
    "offer_wrong_number",
    "offer_expired",
    "offer_withdrawn",
    "offer_undone",
    "confirmed",
    "held",
    "resumed",
    "cancelled",
    "unplaced",
    "reopened",
    "care_started",
    "care_ended",
]

OfferState = Literal[
    "reserved",
    "pending",
    "conditional",
    "accepted",
    "declined",
    "no_answer",
    "busy",
    "wrong_number",
    "expired",
    "withdrawn",
    "released",
    "undone",
]
OfferEvent = Literal[
    "proposed",
    "renewed",
    "released",
    "accepted",
    "declined",
    "no_answer",
    "busy",
    "wrong_number",
    "conditional",
    "expired",
    "withdrawn",
    "undone",
]

S = TypeVar("S", bound=str)
E = TypeVar("E", bound=str)


@dataclass(frozen=True, slots=True)
class Machine(Generic[S, E]):
    """A state machine as data.

    `moves` gives the next state by state and event. `open` are the states in which the desk still owes somebody
    something; an offer that is open holds its places. `clocks` names the clock that runs in a state. `name` and
    `words` (every state, in the order of its life) are English sentences to translate where they are shown.
    """

    name: str
    start: S
    moves: Mapping[tuple[S, E], S]
    open: frozenset[S]
    clocks: Mapping[S, ClockKind]
    words: Mapping[S, str]


class TransitionRefusedError(CallcenterError):
    """An event that the state does not allow. Values: machine, state, event, as codes."""

    code = "transition"
    sentence = mark("Not possible now: the {name} is already «{words}». Look at it again, then go on from there.")

    def __init__(self, machine: Machine[S, E], state: S, event: E) -> None:
        super().__init__(machine=machine.name, state=state, event=event)
        self._shown = machine.name, machine.words[state]

    def __str__(self) -> str:
        name, words = map(_, self._shown)
        return _(self.sentence).format(name=name, words=words)


def next_state(machine: Machine[S, E], state: S, event: E) -> S:
    """The state after the event; an event the state does not allow is a TransitionRefusedError."""
    after = machine.moves.get((state, event))
    if after is None:
        raise TransitionRefusedError(machine, state, event)
    return after


def events(machine: Machine[S, E], state: S) -> tuple[E, ...]:
    """The events the state allows, in the order of the machine."""
    return tuple(event for before, event in machine.moves if before == state)


def clock_of(machine: Machine[S, E], state: S) -> ClockKind | None:
    """The clock that runs while in this state, if one does; what it counts down to is the caller's to know."""
    return machine.clocks.get(state)


CALL: Machine[CallState, CallEvent] = Machine(
    name=mark("call"),
    start="ringing",
    moves={
        ("ringing", "answered"): "talking",
        ("ringing", "hung_up"): "abandoned",
        ("talking", "held"): "held",
        ("talking", "hung_up"): "wrap_up",
        # An enquiry closed while saying good-bye needs no wrap-up.
        ("talking", "closed"): "ended",
        ("held", "resumed"): "talking",
        ("held", "hung_up"): "wrap_up",
        ("held", "closed"): "ended",
        ("wrap_up", "closed"): "ended",
    },
    open=frozenset({"ringing", "talking", "held", "wrap_up"}),
    clocks={},
    words={
        "ringing": mark("ringing"),  # 대기
        "talking": mark("talking"),  # 통화중
        "held": mark("on hold"),  # 보류
        "wrap_up": mark("wrap-up"),  # 후처리
        "ended": mark("ended"),  # 종결
        "abandoned": mark("abandoned"),  # 포기
    },
)

_TOLD: Mapping[tuple[CallState, Told], CallState] = {
    ("ringing", "answered"): "talking",
    ("ringing", "held"): "held",
    ("ringing", "ended"): "abandoned",
    ("talking", "held"): "held",
    ("talking", "ended"): "wrap_up",
    ("held", "answered"): "talking",
    ("held", "ended"): "wrap_up",
    # The end came before the news that somebody had answered.
    ("abandoned", "answered"): "wrap_up",
    ("abandoned", "held"): "wrap_up",
}


def told(state: CallState, news: Told, direction: Direction) -> CallState:
    """The state after a telephone system told of one; its news come twice and in any order, so none is refused.

    Of `answered` and `held` only news that are later than all before them may be put in here; the others may come
    whenever they do. A call that went out needs nobody to write it up.
    """
    after = _TOLD.get((state, news), state)
    return "ended" if after == "wrap_up" != state and direction == "out" else after


OFFER: Machine[OfferState, OfferEvent] = Machine(
    name=mark("offer"),
    start="reserved",
    moves={
        # Kept for the guardian who thinks it over; nobody was asked for it yet.
        ("reserved", "renewed"): "reserved",
        ("reserved", "proposed"): "pending",
        ("reserved", "released"): "released",
        ("pending", "renewed"): "pending",
        ("pending", "accepted"): "accepted",
        ("pending", "declined"): "declined",
        ("pending", "no_answer"): "no_answer",
        ("pending", "busy"): "busy",
        ("pending", "wrong_number"): "wrong_number",
        ("pending", "conditional"): "conditional",
        ("pending", "expired"): "expired",
        ("pending", "withdrawn"): "withdrawn",
        ("pending", "undone"): "undone",
        # The guardian says yes or no to what the provider asks for; meanwhile the provider may say no after all.
        ("conditional", "renewed"): "conditional",
        ("conditional", "accepted"): "accepted",
        ("conditional", "declined"): "declined",
        ("conditional", "withdrawn"): "withdrawn",
        ("accepted", "withdrawn"): "withdrawn",
    },
    open=frozenset({"reserved", "pending", "conditional", "accepted"}),
    clocks={"reserved": "reservation", "pending": "offer", "conditional": "offer"},
    words={
        "reserved": mark("place kept"),  # 자리 맡음
        "pending": mark("awaiting an answer"),  # 응답 대기
        "conditional": mark("accepted on a condition"),  # 조건부
        "accepted": mark("accepted"),  # 수락
        "declined": mark("declined"),  # 거절
        "no_answer": mark("no answer"),  # 무응답
        "busy": mark("busy"),  # 통화중
        "wrong_number": mark("number was wrong"),  # 번호 오류
        "expired": mark("expired"),  # 만료
        "withdrawn": mark("withdrawn"),  # 철회
        "released": mark("given back"),  # 반납
        "undone": mark("undone"),  # 실행취소
    },
)

WAITING: frozenset[OfferState] = frozenset({"pending", "conditional"})
"""The offers whose provider or guardian has still to say the last word."""

REQUEST: Machine[RequestState, RequestEvent] = Machine(
    name=mark("request"),
    start="open",
    moves={
        ("open", "reserved"): "matching",
        ("matching", "reserved"): "matching",
        # For the sibling whom the offer leaves out.
        ("offered", "reserved"): "offered",
        ("open", "offer_made"): "offered",
        ("open", "held"): "held",
        ("open", "unplaced"): "unplaced",
        ("open", "cancelled"): "cancelled",
        ("matching", "offer_made"): "offered",
        ("matching", "held"): "held",
        ("matching", "unplaced"): "unplaced",
        ("matching", "cancelled"): "cancelled",
        # One more beside it: to another carer for the same children, or for the siblings it leaves out.
        ("offered", "offer_made"): "offered",
        ("offered", "offer_accepted"): "accepted",
        ("offered", "offer_declined"): "matching",
        ("offered", "offer_no_answer"): "matching",
        ("offered", "offer_busy"): "matching",
        ("offered", "offer_wrong_number"): "matching",
        ("offered", "offer_expired"): "matching",
        ("offered", "offer_withdrawn"): "matching",
        ("offered", "offer_undone"): "matching",
        ("offered", "cancelled"): "cancelled",
        # Of siblings at two providers one place was lost, and now the other.
        ("matching", "offer_withdrawn"): "matching",
        ("accepted", "confirmed"): "confirmed",
        # The provider changed its mind, or the guardian could not be reached and the place is given back.
        ("accepted", "offer_withdrawn"): "matching",
        ("accepted", "cancelled"): "cancelled",
        ("confirmed", "offer_withdrawn"): "matching",
        ("confirmed", "cancelled"): "cancelled",
        ("confirmed", "care_started"): "in_care",
        # The next of several children.
        ("in_care", "care_started"): "in_care",
        # None of the children was taken in at the door.
        ("confirmed", "care_ended"): "cancelled",
        ("in_care", "care_ended"): "finished",
        ("held", "resumed"): "matching",
        ("held", "unplaced"): "unplaced",
        ("held", "cancelled"): "cancelled",
        ("unplaced", "reopened"): "matching",
        ("cancelled", "reopened"): "matching",
    },
    open=frozenset({"open", "matching", "offered", "accepted", "held"}),
    clocks={
        "open": "call_back",
        "matching": "call_back",
        "offered": "offer",
        "accepted": "call_back",
        "held": "hold",
        "confirmed": "care_start",
        "in_care": "care_end",
    },
    words={
        "open": mark("received"),  # 접수
        "matching": mark("matching"),  # 연계중
        "offered": mark("offered"),  # 제안됨
        "accepted": mark("accepted"),  # 수락
        "confirmed": mark("confirmed"),  # 보호자확정
        "held": mark("on hold"),  # 보류
        "unplaced": mark("not placed"),  # 미연계
        "cancelled": mark("cancelled"),  # 취소
        "in_care": mark("in care"),  # 이용중
        "finished": mark("finished"),  # 종료
    },
)


# Who ended a request: 보호자, 기관, 중복, 상담원.
CancelledBy = Literal["guardian", "provider", "duplicate", "desk"]


def settled(children: Collection[str], offered: Collection[str], placed: Collection[str]) -> RequestState:
    """The state of a request that is being placed, from which children wait for an answer and which have a place.

    One child that waits makes the whole request wait; it is accepted once every child has a place.
    """
    if offered:
        return "offered"
    return "accepted" if set(children) <= set(placed) else "matching"


def cared(children: Collection[str], begun: Collection[str], over: Collection[str]) -> RequestState:
    """The state of a confirmed request, from whose care began and whose is over.

    It is over with the last child: finished, or cancelled when none was taken in.
    """
    if set(children) <= set(over):
        return "finished" if begun else "cancelled"
    return "in_care" if begun else "confirmed"
