"""Lines of JSON over TCP, on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from callcenter.desk.call_events import CallEvent, CallReceived
from callcenter.gateways.telephone_event import MAX_BYTES
from callcenter.gateways.telephone_lines import MAX_CONNECTIONS, Lines
from callcenter.store.engine import DatabaseLocked
from tests.gateways.test_telephone_event import CANARY, event
from tests.patience import PATIENCE

TOKEN = "t0ken"
HELLO = json.dumps({"token": TOKEN}).encode() + b"\n"


class Peer:
    """One connection as an agent has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, data: bytes) -> dict[str, Any] | None:
        """Send, and read one line; None when the other side has hung up."""
        self.writer.write(data)
        return await self.heard()

    async def heard(self) -> dict[str, Any] | None:
        try:
            line = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        except ConnectionResetError:
            return None
        found: dict[str, Any] | None = json.loads(line) if line else None
        return found


class Port:
    """A listening port; `events` is what came through."""

    def __init__(self, port: int, events: list[CallEvent]) -> None:
        self.port = port
        self.events = events

    @asynccontextmanager
    async def peer(self) -> AsyncIterator[Peer]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Peer(reader, writer)
        finally:
            writer.transport.abort()

    async def lets_in(self) -> bool:
        """Whether one more may speak now."""
        async with self.peer() as peer:
            return await peer.say(HELLO) == {"ok": True}


@asynccontextmanager
async def port(*, hello: float = PATIENCE, idle: float = PATIENCE, refuse: bool = False) -> AsyncIterator[Port]:
    events: list[CallEvent] = []

    async def record(found: CallEvent) -> CallReceived:
        if refuse:
            raise DatabaseLocked(path="x")
        events.append(found)
        return CallReceived("c", found.state, True)

    async with Lines(record, TOKEN, hello=hello, idle=idle).serving("127.0.0.1", 0) as number:
        yield Port(number, events)


async def test_a_talk() -> None:
    async with port() as here, here.peer() as peer:
        assert await peer.say(HELLO) == {"ok": True}
        assert await peer.say(event() + b"\n") == {"ok": True}
        assert await peer.say(b"\r\n" + event(state="ended") + b"\r\n") == {"ok": True}
        assert await peer.say(event(state=CANARY) + b"\n") == {"error": "not_one_of", "field": "state"}
        assert await peer.say(b"{\n") == {"error": "bad_json", "field": None}
        assert await peer.say(event(id="c2") + b"\n" + event(id="c3") + b"\n") == {"ok": True}
        assert await peer.heard() == {"ok": True}
    assert [found.id for found in here.events] == ["c1", "c1", "c2", "c3"]


@pytest.mark.parametrize(
    ("first", "error"),
    [
        (b'{"token": "other"}\n', "unauthorized"),
        (b'{"token": 7}\n', "unauthorized"),
        (b'{"token": "t0ken", "more": 1}\n', "unauthorized"),
        (b'"t0ken"\n', "unauthorized"),
        (b"[" * 10_000 + b"\n", "unauthorized"),
        (b"\xff\n", "unauthorized"),
        (event() + b"\n", "unauthorized"),
        (b"x" * (MAX_BYTES * 2), "too_large"),
    ],
)
async def test_nobody_speaks_before_the_token(first: bytes, error: str) -> None:
    async with port() as here, here.peer() as peer:
        said = await peer.say(first)
        assert said is None or said["error"] == error
        assert await peer.heard() is None
    assert here.events == []


async def test_a_line_without_end_is_cut() -> None:
    async with port() as here, here.peer() as peer:
        await peer.say(HELLO)
        said = await peer.say(b" " * (MAX_BYTES * 3))
        assert said is None or said["error"] == "too_large"
    assert here.events == []


async def test_a_database_that_is_held_is_told() -> None:
    async with port(refuse=True) as here, here.peer() as peer:
        await peer.say(HELLO)
        assert await peer.say(event() + b"\n") == {"error": "database_locked", "field": None}


async def test_who_stays_silent_is_sent_away() -> None:
    async with port(hello=0.05) as here, here.peer() as peer:
        assert await peer.heard() is None
    async with port(idle=0.05) as here, here.peer() as peer:
        assert await peer.say(HELLO) == {"ok": True}
        assert await peer.heard() is None


async def test_half_a_line_is_no_event() -> None:
    async with port() as here, here.peer() as peer:
        await peer.say(HELLO)
        peer.writer.write(event())
        peer.writer.write_eof()
        assert await peer.heard() is None
    assert here.events == []


async def test_only_so_many_connections() -> None:
    async with port() as here:
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE):
            leave = asyncio.Event()

            async def stay() -> None:
                async with here.peer() as peer:
                    assert await peer.say(HELLO) == {"ok": True}
                    entered.release()
                    await leave.wait()

            entered = asyncio.Semaphore(0)
            for _ in range(MAX_CONNECTIONS):
                group.create_task(stay())
            for _ in range(MAX_CONNECTIONS):
                await entered.acquire()
            async with here.peer() as late:
                assert await late.heard() == {"error": "too_many_connections", "field": None}
            leave.set()
        # Once it has seen that one of them has left.
        async with asyncio.timeout(PATIENCE):
            while not await here.lets_in():
                await asyncio.sleep(0.005)
