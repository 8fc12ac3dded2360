"""What an action of the operator is: where it holds, what it needs, how it is called."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from callcenter.language import mark

Scope = Literal[
    "everywhere",
    "desk",
    "list",
    "callbacks",
    "messages",
    "availability",
    "plan",
    "stays",
    "centre",
    "record",
    "form",
    "choice",
    "command",
]
Group = Literal["call", "request", "placement", "view", "program"]

GROUPS: dict[Group, str] = {
    "call": mark("Calls"),
    "request": mark("Requests"),
    "placement": mark("Placement"),
    "view": mark("Lists and windows"),
    "program": mark("Program"),
}

SCOPES: dict[Scope, str] = {
    "everywhere": mark("Everywhere"),
    "desk": mark("Desk"),
    "list": mark("In a list"),
    "callbacks": mark("In the call-backs"),
    "messages": mark("In the messages"),
    "availability": mark("In the availability"),
    "plan": mark("In the plan"),
    "stays": mark("In the list of care"),
    "centre": mark("In the window of the centre"),
    "record": mark("In the record of a danger"),
    "form": mark("In a form"),
    "choice": mark("In a choice"),
    "command": mark("On the command line"),
}


class State(NamedTuple):
    """What the desk is about right now: all that decides whether an action can be taken."""

    ringing: bool = False
    """Whether there is a call that nobody has taken yet."""
    talking: bool = False
    held: bool = False
    """Whether a caller of this operator is on hold."""
    wrap_up: bool = False
    request: str | None = None
    """State of the selected request (as in care.lifecycle), None when none is selected."""
    hidden: bool = False
    """Whether the selected request is restricted and this operator may not see what it is about."""
    matches: int = 0
    reserved: bool = False
    """Whether a place is kept for the selected request."""
    undoable: bool = False
    alarms: int = 0
    joined: bool = False
    """Whether the desk is joined to a centre."""
    conflicts: int = 0
    """How many offers the centre or another desk contradicted, and nobody has decided of yet."""
    tried_by: str = ""
    """Who at another desk works on the selected request, in words; "" when nobody does."""
    disputed: bool = False
    """Whether a field of the selected request has two values."""


Needs = Callable[[State], str | None]


def nothing(state: State) -> str | None:
    """Always possible."""
    return None


ALWAYS_SHOWN = 3
"""Up to this rank a hint has a place of its own on the line, whether it can be taken now or not."""


class Action(NamedTuple):
    """One thing the operator can do.

    `label` and `tooltip` are message ids; `label` is short, for it is also the word on the command line. `footer`
    ranks it on the line of key hints (1 goes last when room is short, 0 is not shown there; see `ALWAYS_SHOWN`).
    """

    id: str
    keys: tuple[str, ...]
    label: str
    tooltip: str
    group: Group
    scope: Scope = "desk"
    needs: Needs = nothing
    footer: int = 0
    fleeting: bool = False
    """On the line of key hints only while it can be taken: the next step of a request under way."""
    once_written: bool = False
    """About what was done last: what is still being written when the key is pressed is told of first."""
