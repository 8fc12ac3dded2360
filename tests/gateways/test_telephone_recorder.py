"""The thread that writes events: in order, never without an end, and honest when the file is held by somebody else."""

import asyncio
from collections.abc import Callable
from contextlib import closing

import pytest

from callcenter.desk.call_events import CallEvent
from callcenter.desk.session import Desk, open_desk
from callcenter.gateways.telephone_recorder import MAX_WAITING, Recorder, TooManyEvents
from callcenter.reference import Reference
from callcenter.store.engine import DatabaseLocked, NoDatabase, open_writer
from tests.conftest import NOW
from tests.gateways.test_telephone_event import event
from tests.gateways.test_telephone_http import HEADERS, door

RING = CallEvent("c1", "ringing", NOW, caller="01000001234")


@pytest.fixture
def waiting_for(desk: Desk, data: Reference) -> Callable[[int], Callable[[], Desk]]:
    """Opens the desk so that it waits so many milliseconds for somebody else's transaction."""

    def opened(milliseconds: int) -> Desk:
        found = open_desk(desk.path, data)
        found.connection.execute(f"PRAGMA busy_timeout={milliseconds}")
        return found

    return lambda milliseconds: lambda: opened(milliseconds)


async def test_a_held_file_is_told_and_nothing_is_half_written(
    desk: Desk, waiting_for: Callable[[int], Callable[[], Desk]]
) -> None:
    async with Recorder(waiting_for(20), lambda: NOW) as recorder, door(recorder.record) as client:
        with closing(open_writer(desk.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseLocked):
                await recorder.record(RING)
            async with client.post("/v1/calls", data=event(), headers=HEADERS) as response:
                assert (response.status, (await response.json())["error"]) == (503, "database_locked")
            other.execute("ROLLBACK")
        assert desk.connection.execute("SELECT count(*) FROM call").fetchone() == (0,)
        assert (await recorder.record(RING)).changed


async def test_a_file_that_is_held_for_a_moment_is_tried_again(
    desk: Desk, waiting_for: Callable[[int], Callable[[], Desk]]
) -> None:
    async with Recorder(waiting_for(500), lambda: NOW) as recorder:
        with closing(open_writer(desk.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(recorder.record(RING))
            await asyncio.sleep(0.7)
            other.execute("ROLLBACK")
            assert (await waiting).state == "ringing"


async def test_only_so_many_wait(desk: Desk, waiting_for: Callable[[int], Callable[[], Desk]]) -> None:
    async with Recorder(waiting_for(5000), lambda: NOW) as recorder:
        with closing(open_writer(desk.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [asyncio.create_task(recorder.record(RING)) for _ in range(MAX_WAITING)]
            await asyncio.sleep(0)
            with pytest.raises(TooManyEvents):
                await recorder.record(RING)
            other.execute("ROLLBACK")
            found = await asyncio.gather(*waiting)
        assert sum(one.changed for one in found) == 1
        assert not (await recorder.record(RING)).changed


async def test_who_has_gone_leaves_the_event_behind(
    desk: Desk, waiting_for: Callable[[int], Callable[[], Desk]]
) -> None:
    async with Recorder(waiting_for(5000), lambda: NOW) as recorder:
        leaving = asyncio.create_task(recorder.record(RING))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
    assert desk.connection.execute("SELECT state FROM call").fetchall() == [("ringing",)]


async def test_a_desk_that_is_not_there(desk: Desk, data: Reference) -> None:
    with pytest.raises(NoDatabase):
        async with Recorder(lambda: open_desk(desk.path.with_name("none.db"), data), lambda: NOW):
            pass
