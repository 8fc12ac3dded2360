"""A TCP proxy that fails as lines fail: it refuses, resets, goes silent one way or both, crawls, or cuts at a byte.

It is told so from the test's thread while connections live; what it is told holds when the call returns.
"""

import asyncio
import socket
import struct
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from tests.patience import PATIENCE

Mode = Literal["pass", "refuse", "reset", "stall", "stall_up", "stall_down", "slow"]
"""What happens to bytes: `refuse` has nobody listen, `reset` answers every connection with RST, both end the living.

`stall` is a black hole (connections are taken and nothing comes through), `stall_up` only towards the server,
`stall_down` only towards the client; what was held comes through when it passes again. `slow` is one byte a second.
"""
Way = Literal["up", "down"]
"""Up is from client to server."""

Answer = TypeVar("Answer")
_CHUNK = 65536
_STALLS: dict[Way, frozenset[Mode]] = {
    "up": frozenset({"stall", "stall_up"}),
    "down": frozenset({"stall", "stall_down"}),
}


@dataclass(eq=False)
class _Line:
    """One client's connection through the proxy, the server's end once it is there."""

    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def reset(self) -> None:
        """End both ends with RST."""
        for writer in self.writers:
            with suppress(OSError):
                peer: socket.socket | None = writer.get_extra_info("socket")
                if peer is not None:
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Listens on a port of its own on 127.0.0.1 and passes everything on to a server there."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        """Where connections that come from now on lead."""
        self.mode: Mode = "pass"
        self.passed: dict[Way, int] = {"up": 0, "down": 0}
        """Bytes that came through, of all connections."""
        self.connections = 0
        """Connections that were taken."""
        self.cuts = 0
        """Orders of `cut` that were carried out."""
        self._cut: dict[Way, int] = {}
        self._lines: dict[_Line, asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._listener: asyncio.Server | None = None
        self._thread = Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()
        self.port = self._ask(self._listen(0))

    def set(self, mode: Mode) -> None:
        """Fail in this way from now on."""
        self._ask(self._set(mode))

    def cut(self, way: Way, after: int) -> None:
        """Once: when so many more bytes went that way, the connection that carried the last of them is reset.

        `cut("down", 0)` loses an answer: the server did what it was asked, the client hears of a reset only.
        """
        self._ask(self._order(way, after))

    def cut_nothing(self) -> None:
        """Forget the orders of `cut` that were not carried out yet."""
        self._ask(self._order_nothing())

    def close(self) -> None:
        """Reset every connection and listen no more."""
        self._ask(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _ask(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        future: Future[Answer] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(PATIENCE)

    async def _listen(self, port: int) -> int:
        self._listener = await asyncio.start_server(self._take, "127.0.0.1", port)
        name: tuple[str, int] = self._listener.sockets[0].getsockname()
        return name[1]

    async def _set(self, mode: Mode) -> None:
        self.mode = mode
        self._wake()
        if mode == "refuse":
            await self._refuse()
        elif self._listener is None:
            await self._listen(self.port)
        if mode == "reset":
            await self._reset_all()

    async def _order(self, way: Way, after: int) -> None:
        self._cut[way] = after

    async def _order_nothing(self) -> None:
        self._cut.clear()

    async def _end(self) -> None:
        self.mode = "refuse"
        await self._refuse()

    async def _refuse(self) -> None:
        await self._reset_all()
        # A listener that closes forgets the sockets of those it has accepted and not handed over: they come first, and
        # are reset, as the mode says.
        while asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.sleep(0)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _reset_all(self) -> None:
        tasks = list(self._lines.values())
        for line in list(self._lines):
            line.reset()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # The transports close their sockets in the next turn of the loop.
        await asyncio.sleep(0)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line([writer])
        if self.mode in ("reset", "refuse"):
            line.reset()
            return
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._lines[line] = task
        try:
            await self._carry(line, reader, writer)
        except asyncio.CancelledError:
            # The proxy itself ended this connection; nobody waits for the task.
            pass
        finally:
            line.reset()
            del self._lines[line]

    async def _carry(self, line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
            line.writers.append(to_server[1])
            pumps = [
                asyncio.create_task(self._pump("up", reader, to_server[1])),
                asyncio.create_task(self._pump("down", to_server[0], writer)),
            ]
            try:
                await asyncio.gather(*pumps)
                await asyncio.gather(*(self._finish(one) for one in line.writers))
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)

    async def _finish(self, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    async def _pump(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(_CHUNK):
            while chunk:
                chunk = chunk[await self._pass(way, chunk, writer) :]
        if writer.can_write_eof():
            writer.write_eof()

    async def _pass(self, way: Way, chunk: bytes, writer: asyncio.StreamWriter) -> int:
        """Let through what may go now; returns how many bytes. Raises `ConnectionResetError` where the cut is."""
        while self.mode in _STALLS[way]:
            await self._changed.wait()
        size = 1 if self.mode == "slow" else len(chunk)
        left = self._cut.get(way)
        if left is not None:
            size = min(size, left)
        if size:
            # Before: who has read it all may ask at once how much it was.
            self.passed[way] += size
            writer.write(chunk[:size])
            await writer.drain()
        if left is not None:
            self._cut[way] = left - size
            if size == left:
                del self._cut[way]
                self.cuts += 1
                raise ConnectionResetError
        if self.mode == "slow":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), 1.0)
        return size
