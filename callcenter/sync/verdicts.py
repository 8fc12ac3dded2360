"""The centre's answers about places become entries of the desk, through its use cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from callcenter.desk.claims import Answered, Settled, seat_refused, settle_claims
from callcenter.desk.permission import CENTRE
from callcenter.desk.session import Desk
from callcenter.sync.answers import Answer, Key

_OUTCOMES = frozenset({"granted", "refused"})
_REFUSALS = frozenset({"", "place", "child"})


def take(
    desk: Desk, now: datetime, answers: Iterable[Answer], asked: Mapping[str, Iterable[Key]] | None = None
) -> list[Settled]:
    """Note the centre's answers in one local transaction; what became of the offers, for the console to say.

    `asked` are the keys that each offer was to have: an answer about others than it wants by now is passed over.
    An outcome that this program does not know is no answer: the same is asked again.
    """
    known = [answer for answer in answers if answer.outcome in _OUTCOMES]
    return settle_claims(desk, CENTRE, now, [_answered(answer, asked or {}) for answer in known])


def look_again(desk: Desk, now: datetime) -> list[Settled]:
    """Try other places for what was refused, now that others' entries have come in."""
    return seat_refused(desk, CENTRE, now)


def _answered(answer: Answer, asked: Mapping[str, Iterable[Key]]) -> Answered:
    # A newer centre may refuse for more reasons; for this desk the place is not its own, whatever the reason.
    facts: dict[str, Any] = answer._asdict() | {"why": answer.why if answer.why in _REFUSALS else "place"}
    keys = asked.get(answer.offer)
    # Of the child's key the offer's state tells, which is looked at anyhow.
    places = None if keys is None else frozenset(key for key in keys if not key[0].startswith("child:"))
    return Answered(**facts, places=places)
