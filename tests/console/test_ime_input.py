from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.events import Key, Paste
from textual.pilot import Pilot

from callcenter.console.keys import HangulKeys
from callcenter.console.widgets.ime_input import ImeInput


class Form(HangulKeys):
    CSS = "ImeInput { width: 9; border: none; padding: 0; height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self) -> None:
        super().__init__()
        self.left = 0

    def compose(self) -> ComposeResult:
        yield ImeInput(select_on_focus=False)

    def action_leave(self) -> None:
        self.left += 1


def field(app: App[Any]) -> ImeInput:
    return app.query_one(ImeInput)


async def send(pilot: Pilot[Any], *events: Key | Paste) -> None:
    for event in events:
        pilot.app.post_message(event)
    await pilot.pause()


async def test_the_terminals_cursor_is_at_the_caret() -> None:
    async with Form().run_test() as pilot:
        seen = []
        for letter in "가나다라마바":
            await send(pilot, Key(letter, letter))
            seen.append(pilot.app.cursor_position.x)
        # Nine cells, two a syllable: from the fifth on the text scrolls and the caret stays in the last free cell.
        assert seen == [2, 4, 6, 8, 8, 8]
        await pilot.press("home")
        assert pilot.app.cursor_position.x == 0
        await pilot.press("right")
        assert pilot.app.cursor_position.x == 2


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("홍길동", "홍길동"),
        ("\x1b]52;c;aGk=\x1b\\수\u202e원\x9b2J\x01\x7f", "]52;c;aGk=\\수원2J"),
        ("알레르기: 땅콩\r\n에피펜 있음\n", "알레르기: 땅콩 에피펜 있음"),
        ("홍", "홍"),
        ("", ""),
        ("\n", ""),
    ],
)
async def test_paste_is_clean_and_whole(pasted: str, value: str) -> None:
    async with Form().run_test() as pilot:
        await send(pilot, Paste(pasted))
        assert field(pilot.app).value == value
        assert field(pilot.app).cursor_position == len(value)


async def test_paste_goes_to_the_caret_and_replaces_what_is_selected() -> None:
    async with Form().run_test() as pilot:
        await send(pilot, Paste("수원시"))
        await pilot.press("left")
        await send(pilot, Paste("\u200b특례"))
        assert (field(pilot.app).value, field(pilot.app).cursor_position) == ("수원특례시", 4)
        field(pilot.app).select_all()
        await send(pilot, Paste("안양"))
        assert field(pilot.app).value == "안양"


async def test_the_syllable_committed_by_escape_is_kept_and_escape_works() -> None:
    async with Form().run_test() as pilot:
        await send(pilot, Key("수", "수"), Key("alt+원", None))
        assert isinstance(pilot.app, Form)
        assert (field(pilot.app).value, pilot.app.left) == ("수원", 1)


async def test_no_value_is_unclean() -> None:
    async with Form().run_test() as pilot:
        field(pilot.app).value = "\x1b[2J홍\u3164"
        await pilot.pause()
        assert field(pilot.app).value == "[2J홍"
