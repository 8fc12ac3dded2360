import os
import select
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.color import Color
from textual.widgets import Button, DataTable, Static

from callcenter.console.safe_output import SafeOutput, VisibleControls, cell, label
from tests.console import hostile_app
from tests.patience import PATIENCE

BLACK = Color(0, 0, 0)
APP = Path(hostile_app.__file__)
# What the app puts into every text, as a terminal would get it. Textual itself sends none of these.
OBEYED = [
    *(b"\x1b]52;", b"\x1b]2;", b"\x1b[6n", b"\x1bP", b"\xc2\x9b", b"\xc2\x9d", b"\x01", b"\x7f"),
    *(character.encode() for character in "\u202e\u2066\u200b\ufeff\u3164"),
]


def apply(*segments: Segment) -> list[Segment]:
    return VisibleControls().apply(list(segments), BLACK)


def test_safe_lines_pass_untouched() -> None:
    line = [Segment("홍길동 "), Segment("│", Style(bold=True))]
    assert VisibleControls().apply(line, BLACK) is line


def test_unsafe_characters_are_shown_and_the_width_stays() -> None:
    line = [Segment("홍\x1b[2J길\u202e동   ", Style(bold=True)), Segment("끝")]
    shown = VisibleControls().apply(line, BLACK)
    assert "".join(segment.text for segment in shown).startswith("홍▫[2J길▫동")
    assert Segment.get_line_length(shown) == Segment.get_line_length(line)


def test_the_terminals_own_controls_pass() -> None:
    control = Segment("\x1b[H", None, [(ControlType.HOME,)])
    assert apply(control) == [control]


def test_links_are_cut() -> None:
    shown = apply(Segment("기관", Style(bold=True, link="https://example.invalid/\x1b]52;c;x\x1b\\")))
    assert [(segment.text, segment.style and segment.style.link) for segment in shown] == [("기관", None)]
    assert shown[0].style is not None
    assert shown[0].style.bold


MARKUP = ["[/]", "[@click=app.leak]확인[/]", "[link=https://example.invalid]x", "[red]빨강[/red]", "[신고]", "\\[b]"]


class Table(SafeOutput):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.leaked = False

    def compose(self) -> ComposeResult:
        yield Static(label(self.text))
        yield Button(label(self.text, "bold"))
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_column(cell(self.text))
        table.add_row(cell(self.text, "bold"))
        self.query_one(Static).border_title = label(self.text)

    def action_leak(self) -> None:
        self.leaked = True


@pytest.mark.parametrize("text", MARKUP)
async def test_no_text_is_markup(text: str) -> None:
    async with Table(text).run_test() as pilot:
        assert isinstance(pilot.app, Table)
        await pilot.click(Static, offset=(1, 0))
        assert not pilot.app.leaked
        assert str(pilot.app.query_one(Static).render()) == text
        assert label(text).plain == cell(text).plain == text


def test_numbers_and_nothing_are_text_too() -> None:
    assert (cell(3).plain, label(None).plain, label("", "bold").plain) == ("3", "None", "")


@cache
def terminal_got(mode: str, needed: frozenset[bytes]) -> bytes:
    """What the app wrote until all that is needed had come; on a busy machine it may need a second run."""
    written = b""
    for _ in range(3):
        written += _one_run(mode, needed)
        if all(one in written for one in needed):
            break
    return written


def _one_run(mode: str, needed: frozenset[bytes]) -> bytes:
    """All bytes of one run in a terminal of 200 x 50, until the needed ones had come and for a moment after."""
    import fcntl
    import pty
    import struct
    import termios

    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEXTUAL_")}
    environment |= {"TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": os.pathsep.join(sys.path)}
    for said in ("NO_COLOR", "COLUMNS", "LINES"):
        environment.pop(said, None)
    terminal, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    process = subprocess.Popen(
        [sys.executable, str(APP), mode],
        env=environment,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    written = bytearray()
    try:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            complete = all(one in written for one in needed)
            if not select.select([terminal], [], [], 0.5)[0]:
                if complete:
                    break
                continue
            try:
                written += os.read(terminal, 65536)
            except OSError:  # Linux says so when the other side has closed.
                break
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    return bytes(written)


def leaking(written: bytes) -> set[str]:
    """The places whose text the terminal could have obeyed."""
    return {
        place
        for place in hostile_app.PLACES
        if (b"\x1b]52;c;" + (name := hostile_app.mark(place).encode())) in written
        or b"\x1bP" + name in written
        or b"\x9d0;" + name in written
    }


# The address of a link is never on the screen.
PAINTED = tuple(place for place in hostile_app.PLACES if place != "link")

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")


@needs_pty
def test_without_the_filter_places_leak() -> None:
    written = terminal_got("bare", frozenset(OBEYED))
    # What is not filtered spoils the paints after it, so which places are reached depends on their order.
    assert len(leaking(written)) > len(hostile_app.PLACES) // 2
    assert [obeyed for obeyed in OBEYED if obeyed not in written] == []


@needs_pty
def test_no_place_leaks_to_the_terminal() -> None:
    written = terminal_got("filtered", frozenset(hostile_app.mark(place).encode() for place in PAINTED))
    unseen = {place for place in hostile_app.PLACES if hostile_app.mark(place).encode() not in written}
    # The address of a link is never on the screen; all other texts must be, or nothing was shown by this test.
    assert unseen == {"link"}
    assert leaking(written) == set()
    assert [obeyed for obeyed in OBEYED if obeyed in written] == []
