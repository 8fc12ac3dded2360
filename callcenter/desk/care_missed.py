"""Care that did not come about, or not as long as was planned: no-show and early end. 노쇼, 조기종료."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, get_args

from callcenter.care.stays import state_of
from callcenter.desk.care_admission import NotHere, end_stay
from callcenter.desk.checks import UnknownCode
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk, seconds
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import stays
from callcenter.text.moments import clock, moment

# 보호자가 일찍 옴, 아픔, 아이가 힘들어함, 제공자 사정, 기타.
EarlyEnd = Literal["guardian_early", "ill", "unwell", "provider", "other"]
_NOT_COME = frozenset({"to_tell", "expected", "under_way", "arrived"})


class NotBegun(CallcenterError):
    """Nobody is missing before the time. Values: start."""

    code = "not_begun"
    sentence = mark("This is a cancellation until {start}, when care begins.")


class NotCutShort(CallcenterError):
    """The children went when they were to, or later."""

    code = "not_cut_short"
    sentence = mark("Nobody went home early from this request. Look at it again.")


@requires("care.note")
def note_no_show(
    desk: Desk, actor: Actor, now: datetime, request_id: str, children: Collection[str] | None = None
) -> str:
    """Note that children did not come: these, or all who were expected. Their places are free from now on.

    The guardian carries it as a flag, never as a ban. Returns the state the request comes to. Raises `NotBegun`
    before the start, `NotHere` where nobody is expected.
    """
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        missing = [
            row.child_id
            for row in stays.stays_of(desk.connection, request_id)
            if state_of(row.stay) in _NOT_COME and (children is None or row.child_id in children)
        ]
        if not missing:
            raise NotHere
        if seconds(now) < request.start_at:
            raise NotBegun(start=clock(moment(request.start_at)))
        state = request.state
        for child in missing:
            # Each changes what the next one is left with.
            rows = {row.child_id: row for row in stays.stays_of(desk.connection, request_id)}
            request = load_for(desk, actor, request_id)
            state = end_stay(desk, chain, request, rows[child], seconds(now), "no_show", None)
    return state


@requires("care.note")
def note_early_end(desk: Desk, actor: Actor, now: datetime, request_id: str, why: EarlyEnd) -> None:
    """Note why a child went home before the planned end, or has to. Raises `NotCutShort`, `UnknownCode`."""
    from callcenter.journal import bodies

    if why not in get_args(EarlyEnd):
        raise UnknownCode(found=why, allowed=", ".join(get_args(EarlyEnd)))
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        found = stays.stays_of(desk.connection, request_id)
        begun = [row for row in found if row.admitted_at is not None]
        if not any((seconds(now) if row.ended_at is None else row.ended_at) < request.end_at for row in begun):
            raise NotCutShort
        chain.append(request_id, bodies.CareCutShort(why=why))
