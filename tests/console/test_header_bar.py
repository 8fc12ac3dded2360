"""The header: nothing moves while figures change, the least important part goes first."""

import pytest
from textual.app import App, ComposeResult

from callcenter.console.presentation.cells import Cell
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.header_bar import HeaderBar, Part, fitting, line


def parts(talk: str = "3:12", queue: str = "14") -> tuple[Part, ...]:
    return (
        Part("desk", (Cell("1번 데스크 김상담", "strong"),), importance=2),
        Part("call", (Cell("◘ 통화 ", "ok"), Cell(talk)), width=15),
        Part("queue", (Cell(f"접수 {queue}"),), width=8, importance=1),
        Part("clock", (Cell("21:04"),), width=5),
    )


def text(shown: tuple[Part, ...]) -> str:
    return "".join(cell.text for cell in line(shown))


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (56, ["desk", "call", "queue", "clock"]),
        (55, ["call", "queue", "clock"]),
        (36, ["call", "queue", "clock"]),
        (35, ["call", "clock"]),
        (10, ["call", "clock"]),
    ],
)
def test_parts_go_by_importance(width: int, expected: list[str]) -> None:
    assert [part.id for part in fitting(parts(), width)] == expected


def test_running_clocks_move_nothing() -> None:
    clock_at = {text(parts(talk, queue)).index("21:04") for talk, queue in [("0:01", "3"), ("59:59", "104")]}
    assert len(clock_at) == 1


async def test_the_bar_paints_what_it_is_given() -> None:
    class Host(App[None]):
        def compose(self) -> ComposeResult:
            yield HeaderBar()

        def on_mount(self) -> None:
            register(self)
            self.theme = DARK.name

    host = Host()
    async with host.run_test(size=(70, 3)) as pilot:
        bar = host.query_one(HeaderBar)
        assert bar.render_line(0).text.strip() == ""
        bar.show(parts())
        assert bar.render_line(0).text.rstrip() == text(parts()).rstrip()
        await pilot.resize_terminal(35, 3)
        await pilot.pause()
        assert "김상담" not in bar.render_line(0).text
        assert "21:04" in bar.render_line(0).text
