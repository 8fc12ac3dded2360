"""The wire to a telephone system: UDP to its one address, or a TLS or TCP connection; whole messages in and out."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from callcenter.gateways.sip_message import MAX_MESSAGE, BadSipMessage, cut
from callcenter.gateways.sip_subscription import Local

_WAITING = 256
_CONNECT_SECONDS = 10.0


class Peer(NamedTuple):
    """The telephone system: `udp`, `tcp` or `tls`, host, port, and the file of its own authority for TLS."""

    transport: str
    host: str
    port: int
    authority: Path | None = None


class Link(Protocol):
    """An open wire; `reliable` means that nothing has to be sent twice."""

    local: Local
    remote: tuple[str, int]
    reliable: bool

    def send(self, data: bytes) -> None:
        """Send one message; what cannot be sent shows as an error of `receive`."""

    async def receive(self) -> bytes:
        """The next message; raises OSError when the wire is cut."""


@asynccontextmanager
async def linked(peer: Peer) -> AsyncIterator[Link]:
    """A wire to the telephone system, cut at the end; raises OSError (ssl.SSLError among them) when there is none."""
    async with asyncio.timeout(_CONNECT_SECONDS):
        link = await (_datagrams(peer) if peer.transport == "udp" else _stream(peer))
    try:
        yield link
    finally:
        link.close()


async def _datagrams(peer: Peer) -> "_Datagrams":
    loop = asyncio.get_running_loop()
    # Connected, so that the system lets nobody through but the telephone system itself.
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, remote_addr=(peer.host, peer.port))
    return _Datagrams(transport, inbox)


async def _stream(peer: Peer) -> "_Stream":
    context = ssl.create_default_context(cafile=peer.authority) if peer.transport == "tls" else None
    reader, writer = await asyncio.open_connection(peer.host, peer.port, ssl=context)
    return _Stream(reader, writer, "TLS" if context else "TCP")


def _local(transport: str, address: tuple[str, int]) -> Local:
    host, port = address[:2]
    return Local(transport, f"[{host}]" if ":" in host else host, port)


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.waiting: asyncio.Queue[bytes | OSError] = asyncio.Queue(_WAITING)

    def datagram_received(self, data: bytes, _address: tuple[str | int, ...]) -> None:
        # A flood is dropped; what matters of it is sent again.
        with suppress(asyncio.QueueFull):
            self.waiting.put_nowait(data)

    def error_received(self, error: Exception) -> None:
        if isinstance(error, OSError):
            with suppress(asyncio.QueueFull):
                self.waiting.put_nowait(error)


class _Datagrams:
    reliable = False

    def __init__(self, transport: asyncio.DatagramTransport, inbox: _Inbox) -> None:
        self._transport = transport
        self._inbox = inbox
        self.local = _local("UDP", transport.get_extra_info("sockname"))
        self.remote: tuple[str, int] = transport.get_extra_info("peername")[:2]

    def send(self, data: bytes) -> None:
        self._transport.sendto(data)

    async def receive(self) -> bytes:
        found = await self._inbox.waiting.get()
        if isinstance(found, OSError):
            raise found
        return found

    def close(self) -> None:
        self._transport.close()


class _Stream:
    reliable = True

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, transport: str) -> None:
        self._reader, self._writer = reader, writer
        self._buffer = b""
        self.local = _local(transport, writer.get_extra_info("sockname"))
        self.remote: tuple[str, int] = writer.get_extra_info("peername")[:2]
        # A peer that vanished without a word is noticed by the system, not only at the next refresh.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> bytes:
        while True:
            try:
                message, self._buffer = cut(self._buffer)
            except BadSipMessage as wrong:
                # Where the next message begins nobody knows.
                raise ConnectionAbortedError(str(wrong)) from wrong
            if message:
                return message
            data = await self._reader.read(MAX_MESSAGE)
            if not data:
                raise ConnectionResetError("closed by the telephone system")
            self._buffer += data

    def close(self) -> None:
        self._writer.transport.abort()
