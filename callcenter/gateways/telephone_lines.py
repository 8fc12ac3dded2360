"""Telephone events as lines of JSON over TCP: `{"token": "T"}` first, then an event a line, each answered by a line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from callcenter.errors import CallcenterError
from callcenter.gateways.telephone_event import MAX_BYTES, BadEvent, read_event
from callcenter.gateways.telephone_http import Record, same_token

MAX_CONNECTIONS = 16
HELLO_SECONDS = 10.0
IDLE_SECONDS = 3600.0
_WRITE_SECONDS = 10.0


class Lines:
    """The protocol of one listening port; how long a silent peer may stay is told in seconds."""

    def __init__(self, record: Record, token: str, *, hello: float = HELLO_SECONDS, idle: float = IDLE_SECONDS) -> None:
        self._record = record
        self._token = token
        self._hello = hello
        self._idle = idle
        self._talks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[int]:
        """Serve until the block ends; gives the port, which the system chooses for 0. Raises OSError."""
        server = await asyncio.start_server(self._accepted, host, port, limit=MAX_BYTES)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if len(self._talks) > MAX_CONNECTIONS:
                await _say(writer, {"error": "too_many_connections", "field": None})
                return
            if await self._welcomed(reader, writer):
                while await self._answered(reader, writer):
                    pass
        except asyncio.IncompleteReadError:
            pass  # it has said all; half a line is nothing
        except OSError:
            # Gone, or silent for too long (TimeoutError): it comes back when it likes.
            writer.transport.abort()
        finally:
            writer.close()

    async def _welcomed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = await _line(reader, self._hello)
        if line is None:
            await _say(writer, {"error": "too_large", "field": None})
            return False
        if not same_token(_token(line), self._token):
            await _say(writer, {"error": "unauthorized", "field": "token"})
            return False
        await _say(writer, {"ok": True})
        return True

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one line; whether the talk goes on."""
        line = await _line(reader, self._idle)
        if line is None:
            await _say(writer, {"error": "too_large", "field": None})
            return False
        if line.strip():
            try:
                await self._record(read_event(line))
            except BadEvent as wrong:
                await _say(writer, {"error": wrong.values["problem"], "field": wrong.values["field"]})
            except CallcenterError as wrong:
                await _say(writer, {"error": wrong.code, "field": None})
            else:
                await _say(writer, {"ok": True})
        return True


async def _line(reader: asyncio.StreamReader, seconds: float) -> bytes | None:
    """The next line; None when it is too long. Raises IncompleteReadError at the end, TimeoutError when none comes."""
    try:
        async with asyncio.timeout(seconds):
            return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        return None


async def _say(writer: asyncio.StreamWriter, told: dict[str, object]) -> None:
    writer.write(json.dumps(told).encode() + b"\n")
    # Who sends and never reads does not keep us.
    async with asyncio.timeout(_WRITE_SECONDS):
        await writer.drain()


def _token(line: bytes) -> str:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    given = said.get("token") if isinstance(said, dict) and set(said) == {"token"} else None
    return given if isinstance(given, str) else ""
