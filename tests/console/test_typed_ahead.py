"""What is typed faster than a field opens is that field's: no letter is lost, and none hits the queue behind it."""

import time
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from callcenter.console.actions import by_id
from callcenter.console.screens import desk as desk_screen
from callcenter.console.widgets.choice import ChoiceInput
from callcenter.console.widgets.line_list import PAGE
from callcenter.desk.calls import open_call
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR
from tests.console.seats import SIZE, Watch, ask, console, screen_of, until
from tests.patience import PATIENCE

LETTERS = {"/": "slash", " ": "space", "#": "number_sign"}
NEVER = 3600.0


def burst(pilot: "Pilot[None]", *keys: str) -> None:
    """All the keys at once, as they come where the machine is slower than the fingers."""
    for key in keys:
        character = key if len(key) == 1 else None
        pilot.app.post_message(events.Key(LETTERS.get(key, key), character))


async def opened(pilot: "Pilot[None]", request_id: str) -> None:
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.shown == request_id and screen.chosen and bool(screen.query("CommandLine")))


@pytest.mark.parametrize("times", ["the first time", "again"])
@pytest.mark.parametrize(
    ("key", "field"), [("/", "CommandInput"), ("ctrl+f", "DeskSearch ImeInput"), ("f2", "LineBox ImeInput")]
)
async def test_nothing_typed_is_lost_while_a_field_opens(
    desk: Desk, tmp_path: Path, key: str, field: str, times: str
) -> None:
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, request.request_id)
        screen = screen_of(pilot)
        if times == "again":
            await pilot.press(key)
            await until(pilot, lambda: screen.focused is screen.query_one(field))
            await pilot.press("f10" if key == "f2" else "escape")
            await until(pilot, lambda: screen.focused is screen.query_one("#queue"))
        chosen = screen.chosen
        burst(pilot, key, *"수원 2세 place")
        await until(pilot, lambda: bool(screen.query(field)))
        await until(pilot, lambda: screen.query_one(field, Input).value == "수원 2세 place")
        assert screen.chosen == chosen
        assert screen.focused is screen.query_one(field)


async def test_an_enquiry_is_closed_by_keys_that_come_at_once(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    call = open_call(desk, OPERATOR, NOW, "010-0000-7531")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, request.request_id)
        burst(pilot, "f3", "2")

        def ended() -> bool:
            found = reads.call(desk.connection, call.call_id)
            return found is not None and found.state == "ended"

        await until(pilot, ended)


async def nothing_but_read(pilot: "Pilot[None]", request_id: str) -> None:
    """All is read, and what only a key shows is not mounted yet."""
    screen = screen_of(pilot)
    screen.console_app.live.show_queue(0, PAGE)
    deadline = time.monotonic() + PATIENCE
    while not (screen.shown == request_id and screen.chosen and screen.talking_call):
        assert time.monotonic() < deadline, "it was not read"
        await pilot.pause(0.02)
    assert not screen.whole


async def test_the_second_key_is_for_the_choice_that_the_very_first_opens(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_screen, "REST_STARTS_AFTER", NEVER)
    request = ask(desk)
    call = open_call(desk, OPERATOR, NOW, "010-0000-7531")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await nothing_but_read(pilot, request.request_id)
        screen = screen_of(pilot)
        chosen = screen.chosen
        # The danger, and then the case number, whose field opens once the danger is written.
        burst(pilot, "f8", "1", "3", "2")
        await until(pilot, lambda: screen.query_one(ChoiceInput).value == "32")
        found = reads.call(desk.connection, call.call_id)
        assert found is not None
        assert found.safety == "emergency"
        assert screen.chosen == chosen


@pytest.mark.parametrize(
    ("key", "field"), [("/", "CommandInput"), (by_id("call.number").keys[0], "ChoiceInput")], ids=["command", "number"]
)
async def test_what_is_typed_is_for_the_field_that_the_very_first_key_opens(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, field: str
) -> None:
    monkeypatch.setattr(desk_screen, "REST_STARTS_AFTER", NEVER)
    request = ask(desk)
    open_call(desk, OPERATOR, NOW)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await nothing_but_read(pilot, request.request_id)
        chosen = screen_of(pilot).chosen
        burst(pilot, key, *"010")
        await until(pilot, lambda: screen_of(pilot).query_one(field, Input).value == "010")
        assert screen_of(pilot).chosen == chosen
