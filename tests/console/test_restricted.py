"""A restricted request on the screen: its line stays, what it says is for its operator and supervisors."""

from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.desk.calls import open_call
from callcenter.desk.permission import Actor
from callcenter.desk.safety import raise_safety
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import SIZE, Watch, ask, console, give_places, screen_of, text_of, until

COLLEAGUE = Actor("박상담", "operator")


@pytest.mark.parametrize(("actor", "sees"), [(OPERATOR, True), (SUPERVISOR, True), (COLLEAGUE, False)])
async def test_a_restricted_request_is_shown_as_restricted_and_placed_by_those_who_may(
    desk: Desk, tmp_path: Path, actor: Actor, sees: bool
) -> None:
    give_places(desk, 5)
    call_id = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    taken = ask(desk, call_id=call_id, note="아빠가 때린다고 함")
    raise_safety(desk, OPERATOR, NOW + timedelta(minutes=1), call_id, "abuse")
    app = console(desk, Watch(NOW + timedelta(minutes=2)), tmp_path, actor)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).view is not None)
        if sees:
            await until(pilot, lambda: screen_of(pilot).matches is not None)
        await pilot.pause()
        shown = text_of(pilot)
        assert taken.number in shown
        assert [said in shown for said in ("박*나", "010-****-1234", "아빠가")] == [sees] * 3
        assert ("This record is restricted." in shown) is not sees
        # Who may see it is told the word elsewhere: its call is restricted.
        assert sees or "restricted" in shown
        await pilot.press("f5")
        if sees:
            await until(pilot, lambda: made(desk, taken.request_id) is not None)
            return
        # Beside the panel the line above the keys says so too.
        await until(pilot, lambda: text_of(pilot).count("This record is restricted.") == 2)
        await pilot.press("ctrl+e")
        await pilot.pause(0.2)
        assert screen_of(pilot).form is None
        assert made(desk, taken.request_id) is None


def made(desk: Desk, request_id: str) -> str | None:
    found = reads.live_offers(desk.connection, request_id)
    return found[0].id if found else None
