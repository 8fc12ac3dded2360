"""What a desk asks of the centre about places, and what the centre answers."""

from typing import Literal, NamedTuple

Outcome = Literal["granted", "refused"]
Why = Literal["", "place", "child"]
Key = tuple[str, int, int]
"""Group, slot, place number; an accepted child is the key `child:<request>:<child>`, 0, 0."""


class Wanted(NamedTuple):
    """All that an offer is to have from now on; with no keys it gives everything back.

    `number` is the request's receipt number, which a desk that is refused is told; `hlc` is the clock up to which the
    asking desk knows what happened, so that an older wish never undoes a newer one. `decided` is how people ended it
    that an offer was refused, "" before.
    """

    offer: str
    request: str
    number: str
    hlc: int
    keys: tuple[Key, ...]
    decided: str = ""


class Answer(NamedTuple):
    """Whether an offer has what it wanted; refused it has what it had before.

    Refused for a `place` that another child has, or for a `child` that has been placed already, by the offer `other`
    of the desk `other_desk`, for the request with the receipt number `other_number`.
    """

    offer: str
    outcome: Outcome
    why: Why = ""
    other: str = ""
    other_desk: str = ""
    other_number: str = ""
