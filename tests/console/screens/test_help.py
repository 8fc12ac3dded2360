"""The help says every key of the place, and why one does nothing."""

import pytest
from textual.containers import VerticalScroll

from callcenter import language
from callcenter.console.action import State
from callcenter.console.actions import hints
from callcenter.console.keys import HangulKeys
from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import length
from callcenter.console.safe_output import SafeOutput
from callcenter.console.screens.help import HelpScreen, help_lines
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.panel import Panel
from tests.console.seats import until


class Host(HangulKeys, SafeOutput):
    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.push_screen(HelpScreen(State(), "desk", "list", "everywhere"))

    @property
    def text(self) -> str:
        shown = self.screen.query_one("#help-keys", Panel)
        return "\n".join(shown.render_line(y).text.rstrip() for y in range(shown.size.height))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
@pytest.mark.parametrize("spoken", ["ko", "en"])
async def test_every_key_and_every_sign_is_there(size: tuple[int, int], spoken: language.Language) -> None:
    language.use(spoken)
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        text = host.text
        for hint in hints(State(), "desk", "list", "everywhere"):
            assert ", ".join(hint.keys) in text
            assert hint.label in text
        for sign in (glyphs.URGENT, glyphs.FREE, glyphs.HELD, glyphs.UNKNOWN):
            assert f"   {sign}  " in text
        assert all(glyphs.safe(line.replace("\n", "")) for line in text.splitlines())
    language.use("en")


async def test_why_a_key_does_nothing_stands_below_it() -> None:
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = host.text.splitlines()
        (at,) = (number for number, line in enumerate(lines) if line.strip().startswith("F5  "))
        assert "Select a request first." in " ".join(lines[at : at + 4])


async def test_it_scrolls_on_a_small_screen() -> None:
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        box = host.screen.query_one(VerticalScroll)
        assert box.max_scroll_y > 0
        await pilot.press("pagedown")
        await until(pilot, lambda: box.scroll_y > 0)
        await pilot.press("end")
        await until(pilot, lambda: box.scroll_y == box.max_scroll_y)


@pytest.mark.parametrize("key", ["escape", "f10", "q", "ㅂ", "enter", "f1", "?"])
async def test_ways_out(key: str) -> None:
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(host.screen, HelpScreen)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    for hint in hints(State(), "desk", "form", "choice", "command"):
        assert all(length(line) <= width for line in help_lines(hint, width))
