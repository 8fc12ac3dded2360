"""The command line: completion, history, and every way out of it."""

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Button

from callcenter.console.presentation.completion import Completion
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.command_line import CommandInput, CommandLine, Suggestions

WORDS = (
    Completion("배정", "기관 제안"),
    Completion("보류"),
    Completion("보호자확정"),
    Completion("취소"),
    Completion("place"),
    Completion("placement"),
)


def complete(line: str) -> Sequence[Completion]:
    return WORDS if " " not in line else (Completion("7"), Completion("72"))


class Host(App[None]):
    def __init__(self, history: Sequence[str] = ()) -> None:
        super().__init__()
        self.history = history
        self.entered: list[str] = []
        self.left = 0

    def compose(self) -> ComposeResult:
        yield Button("x")
        yield CommandLine(complete, history=self.history)

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name

    def on_command_line_entered(self, event: CommandLine.Entered) -> None:
        self.entered.append(event.text)

    def on_command_line_left(self, event: CommandLine.Left) -> None:
        self.left += 1

    @property
    def value(self) -> str:
        return self.query_one(CommandInput).value

    @property
    def suggested(self) -> str:
        return self.query_one(Suggestions).render_line(0).text.rstrip()


SIZE = (60, 10)


async def test_it_is_hidden_until_opened_and_gives_the_focus_back() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        line = host.query_one(CommandLine)
        button = host.query_one(Button)
        button.focus()
        await pilot.pause()
        assert not line.display
        line.open()
        await pilot.press(*"7 2", "enter")
        assert host.entered == ["7 2"]
        assert not line.display
        assert host.focused is button


@pytest.mark.parametrize("key", ["f10", "escape", "backspace", "enter"])
async def test_ways_out_of_the_empty_line(key: str) -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.query_one(CommandLine).open()
        await pilot.press("a", "backspace")
        assert host.query_one(CommandLine).display
        await pilot.press(key)
        assert not host.query_one(CommandLine).display
        assert (host.left, host.entered) == (1, [])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["배", "tab"], "배정 "),
        (["ㅊ", "ㅅ", "tab"], "취소 "),
        (["p", "tab"], "place"),
        (["p", "tab", "tab"], "place"),
        (["p", "tab", "tab", "tab"], "placement"),
        (["p", "tab", "tab", "tab", "tab"], "place"),
        (["보", "tab", "tab"], "보호자확정"),
        (["보", "tab", "ㄹ", "tab"], "보류ㄹ"),
        (["배", "tab", "7", "2", "tab"], "배정 72 "),
        (["z", "tab"], "z"),
    ],
)
async def test_tab_completes(keys: list[str], expected: str) -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.query_one(CommandLine).open()
        await pilot.press(*keys)
        assert host.value == expected


async def test_suggestions_follow_what_is_typed() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.query_one(CommandLine).open()
        await pilot.pause()
        assert host.suggested.startswith("배정 기관 제안  보류")
        await pilot.press("보")
        await pilot.pause()
        assert host.suggested == "보류  보호자확정"
        await pilot.press("tab", "tab")
        await pilot.pause()
        assert host.suggested == "보호자확정  보류"


async def test_history() -> None:
    host = Host(history=["보류 3", "취소 1"])
    async with host.run_test(size=SIZE) as pilot:
        line = host.query_one(CommandLine)
        line.open("배")
        await pilot.press("up")
        assert host.value == "취소 1"
        await pilot.press("up", "up")
        assert host.value == "보류 3"
        await pilot.press("down", "down", "down")
        assert host.value == "배"
        await pilot.press("up", "enter")
        assert host.entered == ["취소 1"]
        assert list(line.history) == ["보류 3", "취소 1"]
        line.open()
        await pilot.press(*"abc", "enter")
        assert list(line.history) == ["보류 3", "취소 1", "abc"]
