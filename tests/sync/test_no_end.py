"""A line that swallows answers, or lets them through byte by byte: no state of the link lasts, no local write waits."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Thread

import pytest

from callcenter.reference import Reference
from callcenter.sync.link import CALL_SECONDS, CONNECT_SECONDS
from callcenter.sync.loop import STANDARD
from callcenter.sync.problems import LinkProblem
from tests.conftest import SUPERVISOR
from tests.desk import wishes
from tests.patience import PATIENCE
from tests.sync.conftest import Centre
from tests.sync.desks import Joined, join
from tests.sync.operators import act
from tests.sync.proxy import Mode, Proxy

NOTICED = 5.0
"""Seconds until an operator sees that the centre does not answer, where the machine itself is not busy."""
LOCAL = 1.0
"""Seconds that most local writes stay below on the busiest machine; waiting for the network would take all so long."""
STATES = ("offline", "hello", "push", "pull", "live")
NAMES = dict(zip(STATES, "ABCDE", strict=True))


@pytest.fixture
def desks(tmp_path: Path, data: Reference, centre: Centre) -> Iterator[dict[str, tuple[Joined, Proxy]]]:
    """A desk for each state, each behind a proxy of its own."""
    with ExitStack() as stack:
        found = {}
        for state, name in NAMES.items():
            proxy = stack.enter_context(Proxy(centre.server.port))
            one = join(tmp_path, data, replace(centre.add(name), port=proxy.port))
            stack.callback(one.close)
            wishes.have(one.desk, wishes.CENTRE)
            found[state] = (one, proxy)
        yield found


def falls(one: Joined, took: dict[str, float]) -> None:
    began = time.monotonic()
    one.until(lambda: isinstance(one.loop.state.problem, LinkProblem))
    took[one.desk.name] = time.monotonic() - began


def test_every_deadline_is_within_what_an_operator_may_wait() -> None:
    assert CONNECT_SECONDS < NOTICED
    assert STANDARD.poll + CALL_SECONDS < NOTICED


@pytest.mark.parametrize("mode", ["stall", "stall_down", "slow"])
def test_a_line_that_dies_in_any_state_is_noticed_in_time(desks: dict[str, tuple[Joined, Proxy]], mode: Mode) -> None:
    took: dict[str, float] = {}
    threads = []
    for state, (one, proxy) in desks.items():
        one.until(lambda one=one, state=state: one.loop.state.state == state)  # type: ignore[misc]  # one each
        proxy.set(mode)
        # So that there is something to be asked, in whatever state.
        act(one.desk, one.clock(), "open", 1)
        threads.append(Thread(target=falls, args=(one, took), daemon=True))
    for thread in threads:
        thread.start()
    wrote: dict[str, list[float]] = {name: [] for name in NAMES.values()}
    deadline = time.monotonic() + PATIENCE
    while any(thread.is_alive() for thread in threads):
        assert time.monotonic() < deadline, took
        for one, _proxy in desks.values():
            began = time.monotonic()
            act(one.desk, one.clock(), "note", 1, SUPERVISOR)
            wrote[one.desk.name].append(time.monotonic() - began)
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    assert set(took) == set(NAMES.values())
    # One deadline each, and not several of them one after the other, though five desks share the machine.
    assert max(took.values()) < 3 * NOTICED, took
    assert all(median(seconds) < LOCAL for seconds in wrote.values()), wrote
    for one, proxy in desks.values():
        proxy.set("pass")
        one.live()
