"""The centre's answers about places become entries of the desk, through its use cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from callcenter.desk.claims import Answered, Settled, seat_refused, settle_claims
from callcenter.desk.permission import CENTRE
from callcenter.desk.session import Desk
from callcenter.sync.answers import Answer

_OUTCOMES = frozenset({"granted", "refused"})
_REFUSALS = frozenset({"", "place", "child"})


def take(desk: Desk, now: datetime, answers: Iterable[Answer]) -> list[Settled]:
    """Note the centre's answers in one local transaction; what became of the offers, for the console to say.

    An outcome that this program does not know is no answer: the same is asked again.
    """
    known = [answer for answer in answers if answer.outcome in _OUTCOMES]
    return settle_claims(desk, CENTRE, now, [_answered(answer) for answer in known])


def look_again(desk: Desk, now: datetime) -> list[Settled]:
    """Try other places for what was refused, now that others' entries have come in."""
    return seat_refused(desk, CENTRE, now)


def _answered(answer: Answer) -> Answered:
    # A newer centre may refuse for more reasons; for this desk the place is not its own, whatever the reason.
    facts: dict[str, Any] = answer._asdict() | {"why": answer.why if answer.why in _REFUSALS else "place"}
    return Answered(**facts)
