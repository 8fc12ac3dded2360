"""Operators who work at random: each act is a use case on something that the desk's own file shows, chosen by a number.

The same acts serve the model world, the desks that are killed and the soak; a refusal in words is part of the work.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from callcenter.care.provider_record import GroupRecord
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_extension import extend_stay
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.permission import Actor
from callcenter.desk.requests import (
    RequestField,
    add_note,
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    reopen_request,
    resume_request,
)
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.store import reads
from callcenter.text.moments import moment
from tests.conftest import SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE

SECOND = ONE_PLACE._replace(id="second", name="둘째 센터", groups=(GroupRecord("72-155m", 72, 155, 1),))
PROVIDERS = (ONE_PLACE, CENTRE, SECOND)
EVENING = wishes.START + timedelta(days=4)
"""When care is wanted: far enough ahead that a desk whose clock is a day fast may still offer it."""


def opens(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    """A family whose number ends in the pick wants one of two overlapping windows."""
    start = EVENING + timedelta(minutes=30 * (pick % 2))
    children = [wishes.child(f"박새봄{one}", f"2018-0{one + 1}-05") for one in range(1 + pick % 5 // 4)]
    wish = wishes.wish(
        *children,
        guardian=wishes.mother(f"010-0000-{2000 + pick % 7}"),
        start=start,
        end=start + timedelta(hours=1),
        channel="platform",
    )
    open_request(desk, actor, now, wish)


def _offers(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    make_offer(desk, actor, now, _request(desk, pick), PROVIDERS[pick % len(PROVIDERS)].id)


def _offers_beside(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    make_offer(desk, actor, now, _request(desk, pick), PROVIDERS[pick % len(PROVIDERS)].id, beside=True)


def _reserves(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    reserve_places(desk, actor, now, _request(desk, pick), PROVIDERS[pick % len(PROVIDERS)].id)


def _undoes(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    undo_offer(desk, actor, now, _offer(desk, pick))


def _hears_yes(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    answer_offer(desk, actor, now, _offer(desk, pick), "accepted")


def _hears_no(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    answer_offer(desk, actor, now, _offer(desk, pick), ("declined", "no_answer", "withdrawn")[pick % 3])


def _confirms(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    confirm_request(desk, actor, now, _request(desk, pick))


def places(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    """All the way to the guardian's yes, as most requests go."""
    request = _request(desk, pick)
    made = make_offer(desk, actor, now, request, PROVIDERS[pick % len(PROVIDERS)].id)
    answer_offer(desk, actor, now + timedelta(milliseconds=1), made.offer_id, "accepted")
    confirm_request(desk, actor, now + timedelta(milliseconds=2), request)


def _cancels(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    cancel_request(desk, actor, now, _request(desk, pick), "withdrawn")


def _gives_up(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    leave_unplaced(desk, actor, now, _request(desk, pick), "all_full")


def _holds(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    hold_request(desk, actor, now, _request(desk, pick), now + timedelta(minutes=30))


def _resumes(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    resume_request(desk, actor, now, _request(desk, pick))


def _reopens(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    reopen_request(desk, actor, now, _request(desk, pick))


def _amends(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    change: dict[RequestField, str | int | None] = (
        {"urgency": ("normal", "urgent")[pick // 3 % 2]} if pick % 3 else {"reason": ("overtime", "illness")[pick % 2]}
    )
    amend_request(desk, actor, now, _request(desk, pick), change)


def _notes(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    add_note(desk, actor, now, _request(desk, pick), f"다시 전화 {pick}")


def _admits(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    request = _request(desk, pick)
    admit(desk, actor, now, request, _child(desk, request, pick), AtTheDoor(temperature=366))


def _extends(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    found = reads.request(desk.connection, _request(desk, pick))
    assert found is not None
    extend_stay(desk, actor, now, found.id, moment(found.end_at) + timedelta(minutes=30))


def _hands_over(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    request = _request(desk, pick)
    pick_up(desk, actor, now, request, _child(desk, request, pick), "guardian")


def erases(desk: Desk, actor: Actor, now: datetime, pick: int) -> None:
    """A guardian wants to be forgotten."""
    rows = desk.connection.execute("SELECT id FROM guardian ORDER BY id").fetchall()
    erase_guardian(desk, actor, now, _one(rows, pick)[0], "requested")


Act = Callable[[Desk, Actor, datetime, int], None]
ACTS: dict[str, Act] = {
    "open": opens,
    "place": places,
    "offer": _offers,
    "offer_beside": _offers_beside,
    "reserve": _reserves,
    "undo": _undoes,
    "yes": _hears_yes,
    "no": _hears_no,
    "confirm": _confirms,
    "cancel": _cancels,
    "give_up": _gives_up,
    "hold": _holds,
    "resume": _resumes,
    "reopen": _reopens,
    "amend": _amends,
    "note": _notes,
    "admit": _admits,
    "extend": _extends,
    "hand_over": _hands_over,
    "erase": erases,
}
_OF_PLACES = ("offer", "reserve", "yes", "confirm", "admit", "extend", "hand_over", "undo")
OFTEN = (*ACTS, *(name for name in ACTS if name != "erase"), *_OF_PLACES, "open", "place", "place", "place")
"""The acts to draw from, the common ones more often."""


def act(desk: Desk, now: datetime, name: str, pick: int, actor: Actor = SUPERVISOR, *, alone: bool = True) -> bool:
    """Do one act, or be refused it in words; whether it was done.

    A refusal has written nothing, as can be seen where nobody else writes into the file (`alone`).
    """
    before = _size(desk)
    try:
        ACTS[name](desk, actor, now, pick)
    except _Nothing:
        return False
    except CallcenterError:
        # Placing is three use cases, each whole in itself.
        assert not alone or name == "place" or _size(desk) == before
        return False
    return True


class _Nothing(Exception):
    """There is nothing on the desk that the act could be about."""


def _size(desk: Desk) -> int:
    count: int = desk.connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return count


def _one(rows: list[tuple[str]], pick: int) -> tuple[str]:
    if not rows:
        raise _Nothing
    # The newest ones rather than those that are over.
    return rows[-1 - pick // 3 % min(len(rows), 6)]


def _request(desk: Desk, pick: int) -> str:
    return _one(desk.connection.execute("SELECT id FROM request ORDER BY id").fetchall(), pick)[0]


def _offer(desk: Desk, pick: int) -> str:
    return _one(desk.connection.execute("SELECT id FROM offer ORDER BY id").fetchall(), pick)[0]


def _child(desk: Desk, request: str, pick: int) -> str:
    sql = "SELECT child_id FROM request_child WHERE request_id = ? ORDER BY position"
    return _one(desk.connection.execute(sql, (request,)).fetchall(), pick)[0]
