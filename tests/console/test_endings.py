"""How the console ends: by a signal, a closed window, a fault; the terminal is clean and nobody's name is shown."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callcenter.console import incidents
from callcenter.console.app import Console
from callcenter.desk.session import Desk
from tests.conftest import NOW
from tests.console.seats import Watch, ask, console, screen_of, until
from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is Unix's")

LEAVES_SCREEN = b"\x1b[?1049l"
NO_MOUSE = b"\x1b[?1000l"


class Terminal:
    """The console in a real pseudo-terminal."""

    def __init__(self, path: Path) -> None:
        self.outside, inside = pty.openpty()
        environment = os.environ | {"TERM": "xterm-256color", "CALLCENTER_LANG": "en", "LINES": "36", "COLUMNS": "120"}
        command = [sys.executable, "-m", "callcenter", "--db", str(path), "--operator", "이팀장"]
        self.process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside, env=environment, start_new_session=True
        )
        os.close(inside)
        self.seen = b""

    def read_until(self, wanted: bytes) -> None:
        ends = time.monotonic() + PATIENCE
        while wanted not in self.seen:
            assert time.monotonic() < ends, self.seen[-2000:]
            self._read(0.2)

    def ended(self) -> int:
        ends = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < ends, "the console did not end"
            self._read(0.05)
        # The end of what it wrote is told once the last of it was read.
        while self._read(PATIENCE):
            pass
        return self.process.returncode

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.outside], [], [], seconds)
        if not ready:
            return False
        try:
            got = os.read(self.outside, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.seen += got
        return bool(got)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["terminated", "window closed"])
def test_a_signal_leaves_a_clean_terminal(desk: Desk, number: signal.Signals) -> None:
    ask(desk)
    terminal = Terminal(desk.path)
    terminal.read_until("수원".encode())
    os.kill(terminal.process.pid, number)
    assert terminal.ended() == 0
    assert LEAVES_SCREEN in terminal.seen
    assert NO_MOUSE in terminal.seen
    os.close(terminal.outside)


def test_what_was_asked_for_is_committed_before_a_signal_ends_it(desk: Desk) -> None:
    request = ask(desk, urgency="emergency")
    terminal = Terminal(desk.path)
    terminal.read_until(request.number.encode())
    time.sleep(1.0)
    os.write(terminal.outside, b"\x1b[15~")  # F5
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.ended() == 0
    state = desk.connection.execute("SELECT state FROM request").fetchone()[0]
    entries = desk.connection.execute("SELECT count(*) FROM entry WHERE kind = 'offer.made'").fetchone()[0]
    assert (state, entries) in {("offered", 1), ("open", 0)}
    os.close(terminal.outside)


def test_bytes_that_are_no_utf_8_do_not_end_it(desk: Desk) -> None:
    ask(desk)
    terminal = Terminal(desk.path)
    terminal.read_until("수원".encode())
    # What a terminal that is set to Windows' Korean code page sends for Hangul.
    os.write(terminal.outside, "수원 여덟살".encode("cp949"))
    os.write(terminal.outside, b"\x1b[12~")  # F2
    terminal.read_until(b"New request")
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.ended() == 0
    os.close(terminal.outside)


def test_it_ends_with_a_terminal_that_is_gone(desk: Desk) -> None:
    ask(desk)
    terminal = Terminal(desk.path)
    terminal.read_until("수원".encode())
    # No signal comes here: the terminal is not the one that controls the process.
    os.close(terminal.outside)
    try:
        assert terminal.process.wait(timeout=PATIENCE) == 0
    finally:
        terminal.process.kill()


class Shattering(Exception):
    """An error that carries somebody's name, as a careless one would."""


async def test_a_fault_tells_a_number_and_no_name(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(desk, name="남궁카나리아")
    app = console(desk, Watch(), tmp_path)

    def shatter() -> None:
        guardian = "남궁카나리아 010-0000-7531"
        raise Shattering(guardian)

    async def work() -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: screen_of(pilot).shown)
            screen_of(pilot).call_later(shatter)
            await until(pilot, lambda: app._exception is not None)

    with pytest.raises(Shattering):
        await work()
    told = str(app._exit_renderables[0]) if app._exit_renderables else capsys.readouterr().err
    log = (desk.path.parent / "incidents.log").read_text()
    assert f"{NOW:%m%d-%H%M%S}" in told + log
    assert "Shattering" in log
    assert "shatter" in log
    for place in (told, log, capsys.readouterr().err):
        assert "카나리아" not in place
        assert "7531" not in place


def test_a_refusal_is_told_as_it_is_and_a_fault_by_its_number(desk: Desk, tmp_path: Path) -> None:
    app: Console = console(desk, Watch(), tmp_path)
    refusal = incidents.Incident(number="1", path="x")
    assert app.incident(refusal) is refusal
    told = app.incident(KeyError("박하나"))
    assert "박하나" not in str(told)
    assert "1124-174000" in str(told)
