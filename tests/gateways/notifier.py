"""A small telephone system of our own: takes subscriptions to dialog events on a real socket and notifies of calls.

Its digest is counted here by itself, so that a mistake in ours does not agree with itself.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import md5, sha256

from callcenter.gateways.sip_message import SipMessage, answer, cut, read_message, write_message

REALM = "pbx.test"
PASSWORD = 'se"cret'
Send = Callable[[bytes], None]


@dataclass
class Notifier:
    """The telephone system: how it behaves is set by its fields, what it saw stands in `requests`."""

    algorithm: str = "SHA-256"
    expires: int = 600
    password: str = PASSWORD
    drops: int = 0
    refuses: list[tuple[int, str, str]] = field(default_factory=list)
    nonces: list[str] = field(default_factory=lambda: [f"nonce-{number}" for number in range(50)])
    uses_of_nonce: int = 1000
    notify_first: bool = False
    silent: bool = False
    body: Callable[[], bytes] = lambda: b""
    requests: list[SipMessage] = field(default_factory=list)
    answers: asyncio.Queue[SipMessage] = field(default_factory=asyncio.Queue)
    port: int = 0
    _told: dict[str, bytes] = field(default_factory=dict)
    _uses: int = 0
    _sequence: int = 100
    _subscriber: SipMessage | None = None
    _send: Send | None = None

    @property
    def accepted(self) -> list[SipMessage]:
        """The SUBSCRIBE requests that proved the password."""
        return [one for one in self.requests if one.get("authorization")]

    def take(self, data: bytes, send: Send, source: tuple[str, int]) -> None:
        message = read_message(data)
        if not message.method:
            self.answers.put_nowait(message)
            return
        if (told_before := self._told.get(message.get("via"))) is not None:
            # It was sent again because the answer took its time: that is the same request (RFC 3261 17.2.2).
            send(told_before)
            return
        self.requests.append(message)
        if self.drops:
            self.drops -= 1
            return
        self._send = send
        status, reason, more = self._judge(message)
        reply = answer(message, status, reason, tag="theirs", source=source)
        extra = tuple((name.lower(), value) for name, value in re.findall(r"([\w-]+): ([^\r\n]+)", more))
        contact = (("contact", f"<sip:pbx@127.0.0.1:{self.port}>"),)
        told = write_message(SipMessage("", "", status, reason, (*reply.headers, *extra, *contact)))
        self._told[message.get("via")] = told
        if status == 200:
            self._subscriber = message
            expires = message.number("expires") or 0
            state = f"active;expires={min(expires, self.expires)}" if expires else "terminated;reason=timeout"
            if self.notify_first:
                self.notify(state=state)
                send(told)
            else:
                send(told)
                if not self.silent:
                    self.notify(state=state)
        else:
            send(told)

    def _judge(self, message: SipMessage) -> tuple[int, str, str]:
        if self.refuses:
            return self.refuses.pop(0)
        given = dict(re.findall(r'(\w+)="?((?:[^",\\]|\\.)*)"?', message.get("authorization").removeprefix("Digest ")))
        fresh = given.get("nonce") == self.nonces[0] and self._uses < self.uses_of_nonce
        if not given or not fresh or not self._proves(message, given):
            stale = bool(given) and not fresh
            if stale or self._uses:
                self.nonces.pop(0)
                self._uses = 0
            told = f'realm="{REALM}", nonce="{self.nonces[0]}", algorithm={self.algorithm}, qop="auth"'
            return 401, "Unauthorized", f"WWW-Authenticate: Digest {told}{', stale=true' if stale else ''}\r\n"
        self._uses += 1
        expires = min(message.number("expires") or 0, self.expires)
        return 200, "OK", f"Expires: {expires}\r\nRecord-Route: <sip:127.0.0.1:{self.port};lr>\r\n"

    def _proves(self, message: SipMessage, given: dict[str, str]) -> bool:
        def digest(text: str) -> str:
            return (sha256 if self.algorithm == "SHA-256" else md5)(text.encode()).hexdigest()

        if int(given["nc"], 16) != self._uses + 1 or given["uri"] != message.uri:
            return False
        first = digest(f"desk:{REALM}:{self.password}")
        second = digest(f"SUBSCRIBE:{message.uri}")
        return given["response"] == digest(f"{first}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{second}")

    def notify(self, body: bytes | None = None, *, state: str = "active;expires=600", **changed: str) -> None:
        """Send a NOTIFY inside of the subscription; `changed` replaces headers, to be wrong on purpose."""
        assert self._subscriber is not None
        assert self._send is not None
        self._sequence += 1
        transport = self._subscriber.get("via").split("/")[2].split()[0]
        target = self._subscriber.get("contact").strip("<>").partition(">")[0]
        headers = {
            "via": f"SIP/2.0/{transport} 127.0.0.1:{self.port};branch=z9hG4bKn{self._sequence};rport",
            "from": "<sip:1001@pbx.test>;tag=theirs",
            "to": self._subscriber.get("from"),
            "call-id": self._subscriber.get("call-id"),
            "cseq": f"{self._sequence} NOTIFY",
            "event": "dialog",
            "subscription-state": state,
            "content-type": "application/dialog-info+xml",
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        method = headers["cseq"].split()[1]
        self._send(
            write_message(
                SipMessage(method, target, 0, "", tuple(headers.items()), self.body() if body is None else body)
            )
        )

    def send(self, data: bytes) -> None:
        """Send any bytes to the subscriber."""
        assert self._send is not None
        self._send(data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    transport: asyncio.DatagramTransport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self._notifier.take(data, lambda told: self.transport.sendto(told, address), address)


@asynccontextmanager
async def over_udp(notifier: Notifier, port: int = 0) -> AsyncIterator[Notifier]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: _Datagrams(notifier), local_addr=("127.0.0.1", port)
    )
    protocol.transport = transport
    notifier.port = transport.get_extra_info("sockname")[1]
    try:
        yield notifier
    finally:
        transport.close()


@asynccontextmanager
async def over_stream(notifier: Notifier, context: ssl.SSLContext | None) -> AsyncIterator[Notifier]:
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        buffer = b""
        while data := await reader.read(4096):
            buffer += data
            while (got := cut(buffer))[0]:
                notifier.take(got[0], writer.write, writer.get_extra_info("peername"))
                buffer = got[1]
        writer.close()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        talks.add(task)

    server = await asyncio.start_server(accepted, "127.0.0.1", 0, ssl=context)
    notifier.port = server.sockets[0].getsockname()[1]
    try:
        yield notifier
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
