from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, Static

from callcenter.console.keys import HangulKeys, HangulTyped, is_hangul_key, latin_key
from callcenter.text.hangul import to_hangul

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_found_under_its_hangul(letter: str) -> None:
    jamo = to_hangul(letter)
    assert latin_key(jamo) == letter
    assert latin_key(f"ctrl+{jamo}") == f"ctrl+{letter}"
    assert latin_key(f"ctrl+shift+{jamo}") == f"ctrl+shift+{letter}"


@pytest.mark.parametrize(
    ("key", "latin"),
    [
        ("ㅃ", "q"),
        ("ㅖ", "p"),
        ("ᄋ", "d"),
        ("alt+ㅇ", "escape"),
        ("alt+안", "escape"),
        ("아", None),
        ("ctrl+아", None),
        ("ㄳ", None),
        ("d", None),
        ("ctrl+s", None),
        ("alt+d", None),
        ("f5", None),
        ("plus", None),
        ("", None),
    ],
)
def test_latin_key(key: str, latin: str | None) -> None:
    assert latin_key(key) == latin


@pytest.mark.parametrize("key", ["ㅇ", "안", "ctrl+ㄴ", "alt+한", "ㄳ"])
def test_hangul_keys(key: str) -> None:
    assert is_hangul_key(key)


@pytest.mark.parametrize("key", ["d", "f5", "escape", "ctrl+d", "1", "漢", "", "+"])
def test_other_keys(key: str) -> None:
    assert not is_hangul_key(key)


class Queue(Screen[None]):
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        yield Static("대기열", markup=False)
        yield Input()

    def on_hangul_typed(self, event: HangulTyped) -> None:
        assert isinstance(self.app, Desk)
        self.app.heard.append(f"hangul {event.key}")


class Desk(HangulKeys):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "hear('d')"),
        Binding("ctrl+s", "hear('ctrl+s')", priority=True),
        Binding("escape", "hear('escape')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(Queue())

    def action_hear(self, key: str) -> None:
        self.heard.append(key)


@pytest.mark.parametrize(
    ("key", "heard"),
    [
        ("d", ["d"]),
        ("ㅇ", ["d"]),
        ("ctrl+ㄴ", ["ctrl+s"]),
        ("alt+ㅇ", ["escape"]),
        ("alt+안", ["escape"]),
        ("escape", ["escape"]),
        ("아", ["hangul 아"]),
        ("ㅁ", ["hangul ㅁ"]),
        ("a", []),
    ],
)
async def test_bindings_are_found_with_hangul_on(key: str, heard: list[str]) -> None:
    async with Desk().run_test() as pilot:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert isinstance(pilot.app, Desk)
        assert pilot.app.heard == heard


async def test_a_text_field_keeps_its_hangul() -> None:
    async with Desk().run_test() as pilot:
        assert isinstance(pilot.app, Desk)
        field = pilot.app.screen.query_one(Input)
        field.focus()
        for letter in "안ㅇd":
            pilot.app.post_message(Key(letter, letter))
        pilot.app.post_message(Key("ctrl+ㄴ", None))
        await pilot.pause()
        assert field.value == "안ㅇd"
        assert pilot.app.heard == ["ctrl+s"]
