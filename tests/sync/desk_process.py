"""A desk in a process of its own, whose link runs in a thread and whose operators work at random; it can be shot.

It is shot (SIGKILL) at the n-th time a named function is about to be called, or has just returned.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple

from callcenter.desk.session import open_desk
from callcenter.store import joined as kept
from callcenter.sync import incoming, verdicts
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.link import Link
from callcenter.sync.loop import Timing
from callcenter.sync.pulling import Pulling
from callcenter.sync.thread import LinkThread
from tests.patience import soon
from tests.published import REFERENCE
from tests.sync.operators import OFTEN, act

QUICK = Timing(poll=0.2, back_off=0.05, most_back_off=0.5, jitter=0.0)
POINTS: dict[str, tuple[Any, str]] = {
    "the centre is asked": (Link, "call"),
    "a page is asked for": (Link, "rows"),
    "an answer about places becomes an entry": (verdicts, "take"),
    "a page is folded": (incoming, "take_in"),
    "the cursor is moved": (kept, "set_cursor"),
    "what the centre has is noted": (kept, "set_acked"),
    "a page has been taken": (Pulling, "take"),
}
"""Where a desk can be shot: the name of the point, the function's owner and its name there."""


Side = Literal["before", "after"]


class Shot(NamedTuple):
    """The point, on which side of it, and at the how manieth time."""

    point: str
    side: Side
    nth: int


class Orders(NamedTuple):
    """What a desk's process is to do: `pace` is the seconds between two acts, 0 for none."""

    path: Path
    file: ConnectionFile
    seed: int = 0
    pace: float = 0.0
    shot: Shot | None = None


def context() -> ForkServerContext:
    """Processes that begin with everything imported, forked from one that has neither threads nor connections."""
    made = get_context("forkserver")
    made.set_forkserver_preload(["tests.sync.desk_process"])
    return made


def run(orders: Orders, line: "Connection[str, str]") -> None:
    """Be a desk until told «rest» (no more work, the link goes on) and then «end»; says «ready» first, «ended» last.

    One that is to be shot says «told» in between, once it has told and heard everything and is still alive.
    """
    if orders.shot is not None:
        _arm(orders.shot)
    desk = open_desk(orders.path, REFERENCE)
    link = LinkThread(
        lambda: open_desk(orders.path, REFERENCE),
        orders.file,
        lambda: datetime.now(UTC),
        Random(orders.seed),
        timing=QUICK,
    )
    # Before it can be shot.
    line.send("ready")
    link.start()
    if orders.shot is not None:
        soon(lambda: link.state.live and link.state.waiting == 0)
        line.send("told")
    rng, told = Random(orders.seed), ""
    while told != "end":
        if orders.pace and told != "rest":
            act(desk, datetime.now(UTC), rng.choice(OFTEN), rng.randrange(60), alone=False)
            link.ring()
        if line.poll(orders.pace or 0.5):
            told = line.recv()
    link.stop()
    desk.close()
    line.send("ended")


def _arm(shot: Shot) -> None:
    owner, name = POINTS[shot.point]
    original: Callable[..., Any] = getattr(owner, name)
    times = 0

    def shooting(*values: object, **named: object) -> object:
        nonlocal times
        times += 1
        if times == shot.nth and shot.side == "before":
            _die()
        result = original(*values, **named)
        if times == shot.nth and shot.side == "after":
            _die()
        return result

    setattr(owner, name, shooting)


def _die() -> None:
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)
