"""`callcenter phone watch`: the calls of an extension, as the telephone system tells them (RFC 6665, RFC 4235)."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from callcenter.desk.call_events import CallEvent
from callcenter.errors import CallcenterError
from callcenter.gateways.dialog_info import BadDialogInfo, read_dialog_info
from callcenter.gateways.sip_address import BadSipAddress, read_uri
from callcenter.gateways.sip_digest import Credentials
from callcenter.gateways.sip_link import Peer, linked
from callcenter.gateways.sip_message import BadSipMessage, SipMessage, answer, read_message, write_message
from callcenter.gateways.sip_subscription import (
    LONGEST_PAUSE,
    Account,
    NoAnswer,
    Notice,
    Subscription,
    TelephoneLost,
    lost,
)
from callcenter.gateways.telephone_dialogs import Dialogs
from callcenter.gateways.telephone_process import until
from callcenter.gateways.telephone_recorder import PASSING, TooManyEvents
from callcenter.language import mark

_CHALLENGES = 4
_GOODBYE_SECONDS = 2.0
_NOTICES = 64

_PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}

Sink = Callable[[CallEvent], Awaitable[object]]


class NotReached(CallcenterError):
    """No connection, or a broken one. Values: reason, as the system says."""

    code = "telephone_not_reached"
    sentence = mark("The telephone system cannot be reached ({reason}). It is tried again.")


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds of RFC 3261 17.1.2.2 (T1, T2; the whole wait is 64 T1), and the first pause before another attempt."""

    t1: float = 0.5
    t2: float = 4.0
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Watch:
    """What a watcher needs: where, as whom, and where events, states and troubles go."""

    peer: Peer
    account: Account
    sink: Sink
    stands: Callable[[bool], None]
    told: Callable[[CallcenterError], None]
    clock: Callable[[], datetime]
    timers: Timers = Timers()


def peer_of(extension: str, server: str | None, authority: Path | None) -> Peer:
    """Where an extension's address, or the server that was named beside it, says to connect; raises `BadSipAddress`."""
    uri = read_uri(extension)
    if uri.transport not in _PORTS:
        raise BadSipAddress
    at = read_uri(f"sip:{server}") if server else uri
    return Peer(uri.transport, at.host, at.port or _PORTS[uri.transport], authority)


def account_of(extension: str, user: str | None, password: Callable[[str], str], expires: int) -> Account:
    """What is watched and as whom; `password` is asked with the account's name. Raises `BadSipAddress`."""
    resource = read_uri(extension)
    name = user or resource.user
    if not resource.user or read_uri(f"sip:{name}@{resource.written_host}").user != name:
        raise BadSipAddress
    return Account(resource, Credentials(name, password(name)), expires)


def persistent(record: Sink, told: Callable[[CallcenterError], None], pause: float = 1.0) -> Sink:
    """A sink that does not give up while the database is held or full; what the desk refuses is told and let go."""

    async def sink(event: CallEvent) -> None:
        while True:
            try:
                await record(event)
            except (TooManyEvents, *PASSING) as wrong:
                told(wrong)
                await asyncio.sleep(pause)
            except CallcenterError as wrong:
                told(wrong)
                return
            else:
                return

    return sink


def before_refresh(left: float) -> float:
    """Seconds to wait before a subscription is refreshed that has so many left: a whole exchange may get lost."""
    return left - min(32.0, left * 0.2)


async def watch(watching: Watch, stop: asyncio.Event, random: Random) -> None:
    """Keep a subscription until told to stop; whatever breaks it is told, and it is made again after a pause."""
    dialogs = Dialogs(watching.account.resource.user)
    pause = watching.timers.pause
    while not stop.is_set():
        attempt = _Attempt(watching, dialogs)
        troubles = await _ended(attempt.run(stop), stop)
        watching.stands(False)
        if stop.is_set():
            return
        for trouble in troubles:
            watching.told(trouble if isinstance(trouble, TelephoneLost) else NotReached(reason=_reason(trouble)))
        pause = watching.timers.pause if attempt.stood else pause
        # Not all watchers at the same moment after the telephone system was away.
        wanted = max([one.pause for one in troubles if isinstance(one, TelephoneLost)], default=0.0)
        await until(stop, max(wanted, pause * random.uniform(0.5, 1.0)))
        pause = min(pause * 2, LONGEST_PAUSE)


async def _ended(work: Coroutine[None, None, None], stop: asyncio.Event) -> list[TelephoneLost | OSError]:
    """What ended an attempt; one that does not end soon after `stop` is given up."""
    attempt = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    troubles: list[TelephoneLost | OSError] = []
    try:
        await asyncio.wait({attempt, stopped}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({attempt}, timeout=1.5 * _GOODBYE_SECONDS)
        if attempt.done():
            await attempt
    except* (TelephoneLost, OSError) as several:
        troubles += _leaves(several)
    finally:
        attempt.cancel()
        stopped.cancel()
    return troubles


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _leaves(several: ExceptionGroup[TelephoneLost | OSError]) -> list[TelephoneLost | OSError]:
    found: list[TelephoneLost | OSError] = []
    for one in several.exceptions:
        found += _leaves(one) if isinstance(one, ExceptionGroup) else [one]
    return found


class _Attempt:
    """One subscription on one link, from the first SUBSCRIBE to the last; `stood` once the system told of its calls."""

    def __init__(self, watching: Watch, dialogs: Dialogs) -> None:
        self._watching = watching
        self._dialogs = dialogs
        self._answers: dict[str, asyncio.Queue[SipMessage]] = {}
        self._notices: asyncio.Queue[SipMessage] = asyncio.Queue(_NOTICES)
        self._wake = asyncio.Event()
        self._heard = asyncio.Event()
        self._missed = False
        self._until = 0.0
        self.stood = False

    async def run(self, stop: asyncio.Event) -> None:
        """Subscribe, refresh, and at the end say good-bye; raises `TelephoneLost` and OSError, also in groups."""
        self._dialogs.subscribed_anew()
        async with linked(self._watching.peer) as link, asyncio.TaskGroup() as group:
            self._link = link
            self._subscription = Subscription(self._watching.account, link.local, lambda: secrets.token_hex(12))
            tasks = [group.create_task(work) for work in (self._read(), self._take_notices(), self._wake_when(stop))]
            await self._refresh_until(stop)
            with suppress(TelephoneLost, TimeoutError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._subscribe(end=True)
            for task in tasks:
                task.cancel()

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()
        self._heard.set()

    async def _refresh_until(self, stop: asyncio.Event) -> None:
        await self._subscribe()
        if not await until(self._heard, 64 * self._watching.timers.t1):
            raise NoAnswer
        while not stop.is_set():
            left = self._until - _monotonic()
            if not self._missed and await until(self._wake, before_refresh(left)):
                self._wake.clear()
                continue
            self._missed = False
            await self._subscribe()

    async def _subscribe(self, *, end: bool = False) -> None:
        challenged = False
        for _attempt in range(_CHALLENGES):
            response = await self._exchange(self._subscription.request(end=end))
            granted = self._subscription.granted(response, challenged=challenged)
            if granted is not None:
                self._until = _monotonic() + granted
                return
            challenged = challenged or response.status in {401, 407}
        raise TelephoneLost

    async def _exchange(self, request: SipMessage) -> SipMessage:
        """Send a request until its final response comes (RFC 3261 17.1.2); raises `NoAnswer`."""
        timers = self._watching.timers
        data = write_message(request)
        answers: asyncio.Queue[SipMessage] = asyncio.Queue(_NOTICES)
        key = _branch(request)
        self._answers[key] = answers
        interval = timers.t1
        try:
            async with asyncio.timeout(64 * timers.t1):
                self._link.send(data)
                while True:
                    try:
                        async with asyncio.timeout(None if self._link.reliable else interval):
                            found = await answers.get()
                    except TimeoutError:
                        self._link.send(data)
                        interval = min(interval * 2, timers.t2)
                        continue
                    if found.status >= 200:
                        return found
                    interval = timers.t2
        except TimeoutError:
            raise NoAnswer from None
        finally:
            del self._answers[key]

    async def _read(self) -> None:
        while True:
            try:
                message = read_message(await self._link.receive())
            except BadSipMessage:
                continue  # who sent it cannot be told, since it names nobody
            if message.method:
                with suppress(asyncio.QueueFull):  # it is sent again
                    self._notices.put_nowait(message)
            elif (answers := self._answers.get(_branch(message))) is not None and self._fits(message):
                with suppress(asyncio.QueueFull):
                    answers.put_nowait(message)

    def _fits(self, response: SipMessage) -> bool:
        return response.get("call-id") == self._subscription.call_id and response.sequence[1] == "SUBSCRIBE"

    async def _take_notices(self) -> None:
        while True:
            request = await self._notices.get()
            if request.method == "ACK":
                continue
            verdict = self._subscription.judge(request)
            ended: TelephoneLost | None = None
            if verdict.notice is not None:
                ended = await self._take(verdict.notice)
            told = answer(
                request, verdict.status, verdict.reason, tag=self._subscription.local_tag, source=self._link.remote
            )
            # What cannot be written back came broken, and nobody waits for it.
            with suppress(BadSipMessage):
                self._link.send(write_message(told))
            if ended is not None:
                raise ended

    async def _take(self, notice: Notice) -> TelephoneLost | None:
        """Take in what a NOTIFY says, before it is answered: what was answered is on the disk."""
        now = self._watching.clock()
        if notice.body:
            try:
                changes = self._dialogs.take(read_dialog_info(notice.body), now)
            except BadDialogInfo as wrong:
                self._watching.told(wrong)
            else:
                for event in changes.events:
                    await self._watching.sink(event)
                if changes.missed:
                    self._missed = True
                    self._wake.set()
        if notice.state == "terminated":
            return lost(notice)
        if notice.expires is not None:
            self._until = min(self._until or float("inf"), _monotonic() + notice.expires)
            self._wake.set()
        self._heard.set()
        self.stood = True
        self._watching.stands(True)
        return None


def _monotonic() -> float:
    return asyncio.get_running_loop().time()


def _branch(message: SipMessage) -> str:
    """The transaction a message belongs to, as the topmost Via says; "" without one."""
    _before, found, behind = message.get("via").partition(";branch=")
    return behind.partition(";")[0].strip() if found else ""
