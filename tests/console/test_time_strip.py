"""The strip of one provider's evening, as a widget."""

from datetime import datetime

from textual.app import App, ComposeResult

from callcenter.console.presentation.cells import StyleName
from callcenter.console.theme import DARK, LOOKS, register
from callcenter.console.widgets.time_strip import TimeStrip
from callcenter.text.moments import SEOUL


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield TimeStrip()

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name


async def test_hours_above_states_below_each_in_its_colour() -> None:
    host = Host()
    async with host.run_test(size=(20, 4)) as pilot:
        strip = host.query_one(TimeStrip)
        assert strip.render_line(0).text.strip() == ""
        strip.show(["free", "free", "taken", "held"], datetime(2026, 11, 21, 18, 0, tzinfo=SEOUL))
        await pilot.pause()
        assert strip.render_line(0).text.rstrip() == "18 19"
        assert strip.render_line(1).text.rstrip() == "◦◦ ▬◊"
        grounds = {segment.text: segment.style.bgcolor for segment in strip.render_line(1) if segment.style}
        looks: dict[str, StyleName] = {"◦◦": "free", "▬": "taken", "◊": "held"}
        for text, look in looks.items():
            assert grounds[text] == LOOKS[True][look].bgcolor
        assert strip.size.height == 2
