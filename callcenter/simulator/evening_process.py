"""The evening as a program: it plays on a desk's file beside the console, until its standard input ends."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from callcenter import reference as reference_data
from callcenter.desk.session import open_desk
from callcenter.simulator.clock import SimulatedClock
from callcenter.simulator.evening import Evening
from callcenter.simulator.happenings import CALLS_AN_HOUR

_TICK_SECONDS = 0.2


def run(path: Path, seed: int, clock: SimulatedClock, stop: Event, calls_an_hour: float = CALLS_AN_HOUR) -> Evening:
    """Play the evening on the file in the clock's time until `stop` is set; returns what was played."""
    desk = open_desk(path, reference_data.load(reference_data.data_folder()))
    try:
        evening = Evening(desk, seed, clock.start, calls_an_hour)
        while not stop.wait(_TICK_SECONDS):
            evening.play(clock.now())
        return evening
    finally:
        desk.close()


@contextmanager
def beside(path: Path, seed: int, clock: SimulatedClock, calls_an_hour: float = CALLS_AN_HOUR) -> Iterator[Path]:
    """Play the evening in another process while the block runs; gives the file that says what went wrong there."""
    log = path.with_name(f"{path.name}.evening.log")
    command = [sys.executable, "-m", "callcenter.simulator.evening_process"]
    command += ["--db", str(path), "--seed", str(seed), "--speed", str(clock.speed)]
    command += ["--start", clock.start.isoformat(), "--real-start", repr(clock.real_start)]
    command += ["--calls-an-hour", str(calls_an_hour)]
    with log.open("wb") as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            # A key that interrupts the console is not for the evening.
            start_new_session=True,
        )
        try:
            yield log
        finally:
            child.communicate()


def _ended(stop: Event) -> None:
    """Set `stop` when the standard input ends: whoever started us is gone."""
    # Not sys.stdin: its lock, held by a waiting thread, aborts the interpreter's exit.
    while os.read(0, 4096):
        pass
    stop.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Play an evening on a desk's file until the standard input ends."""
    parser = argparse.ArgumentParser(prog="callcenter.simulator.evening_process", description=main.__doc__)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--real-start", type=float, required=True)
    parser.add_argument("--calls-an-hour", type=float, default=CALLS_AN_HOUR)
    given = parser.parse_args(arguments)
    stop = Event()
    Thread(target=_ended, args=(stop,), daemon=True).start()
    clock = SimulatedClock(given.start, given.real_start, given.speed)
    run(given.db, given.seed, clock, stop, given.calls_an_hour)
    return 0


if __name__ == "__main__":
    sys.exit(main())
