"""The thread of the link as a console has it: rung, stopped, and never in anybody's way."""

from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event

import pytest

from callcenter.desk.link_state import LinkState
from callcenter.desk.session import Desk, open_desk
from callcenter.reference import Reference
from callcenter.sync.bell import Bell
from callcenter.sync.loop import STANDARD
from callcenter.sync.thread import LinkThread
from tests.desk.wishes import ONE_PLACE, have
from tests.patience import PATIENCE, soon
from tests.sync.conftest import Centre
from tests.sync.desks import Clock, Joined, join, quiet
from tests.sync.proxy import Proxy
from tests.sync.test_connection_file import MADE
from tests.sync.test_exchange import ask, claim, offer


def thread_of(one: Joined, heard: list[LinkState]) -> LinkThread:
    """A thread with the timing of real consoles."""
    return LinkThread(
        lambda: open_desk(one.desk.path, one.data), one.file, one.clock, Random(7), told=heard.append, timing=STANDARD
    )


def test_a_ring_makes_the_centre_answer_in_a_moment(tmp_path: Path, data: Reference, centre: Centre) -> None:
    clock = Clock()
    one, other = join(tmp_path, data, centre.add("A"), clock=clock), join(tmp_path, data, centre.add("B"), clock=clock)
    have(one.desk, ONE_PLACE)
    quiet(one, other)
    one.loop.stop()
    heard: list[LinkState] = []
    thread = thread_of(one, heard)
    thread.start()
    soon(lambda: thread.state.live)
    one.loop.state = thread.state
    request = ask(one).request_id
    thread.ring()
    thread.take(request, "김상담A")
    offered = offer(one, request)
    thread.ring()
    soon(lambda: claim(one, offered)[1] == "granted")
    soon(lambda: thread.state.waiting == 0)
    other.until(lambda: request in other.loop.state.work)
    tried = other.loop.state.tried_by(request, "B", "이상담B")
    assert tried is not None
    assert (tried.desk, tried.operator) == ("A", "김상담A")
    thread.drop(request)
    other.until(lambda: request not in other.loop.state.work)
    stages = [state.state for state in heard]
    assert stages.index("hello") < stages.index("push") < stages.index("live")
    # Whoever leaves works on nothing any more.
    thread.take(request, "김상담A")
    other.until(lambda: request in other.loop.state.work)
    thread.stop(PATIENCE)
    other.until(lambda: request not in other.loop.state.work)
    assert thread.state.state == "offline"
    one.close()
    other.close()


def test_a_thread_whose_centre_is_away_stops_at_once_and_tries_when_told(
    tmp_path: Path, data: Reference, centre: Centre
) -> None:
    with Proxy(centre.server.port) as proxy:
        proxy.set("refuse")
        one = join(tmp_path, data, replace(centre.add("A"), port=proxy.port))
        heard: list[LinkState] = []
        thread = thread_of(one, heard)
        thread.start()
        soon(lambda: any(state.problem is not None for state in heard))
        proxy.set("pass")
        thread.try_now()
        soon(lambda: thread.state.live)
        proxy.set("stall")
        soon(lambda: not thread.state.live)
        # It returns after six seconds at the latest; the thread itself has to end as well.
        thread.stop()
        soon(lambda: not thread._thread.is_alive())
        one.close()


def test_nobody_waits_for_a_thread_that_has_no_link_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    going_on, waited = Event(), list[float]()

    def slow() -> Desk:
        going_on.wait()
        raise ZeroDivisionError

    thread = LinkThread(slow, MADE, Clock(), Random(7))
    thread.start()
    monkeypatch.setattr(thread._thread, "join", waited.append)
    thread.stop(5)
    # A moment for who ends by himself, and no more.
    assert waited == [1]
    going_on.set()


def test_a_fault_that_cannot_even_be_written_down_does_not_end_the_thread(tmp_path: Path) -> None:
    opened = []

    def faulty() -> Desk:
        opened.append(1)
        raise ZeroDivisionError

    def unwritable(_trouble: Exception) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "incidents.log"))

    heard: list[LinkState] = []
    thread = LinkThread(faulty, MADE, Clock(), Random(7), told=heard.append, troubled=unwritable)
    thread.start()
    soon(lambda: bool(heard))
    assert heard[-1].state == "offline"
    assert "No space left" in str(heard[-1].problem)
    thread.ring()
    soon(lambda: len(opened) >= 2)
    thread.stop()


def test_rings_while_nobody_waits_are_one_ring() -> None:
    bell = Bell()
    for _time in range(100_000):
        bell.ring()
    assert bell.wait(0)
    assert not bell.wait(0)
    bell.close()
    bell.ring()
