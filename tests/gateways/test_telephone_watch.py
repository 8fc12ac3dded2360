"""The watcher against a telephone system of our own, on real sockets: UDP, and TLS with its own authority."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from callcenter.desk.call_events import CallEvent, CallReceived
from callcenter.errors import CallcenterError
from callcenter.gateways.sip_address import BadSipAddress
from callcenter.gateways.sip_link import Peer
from callcenter.gateways.telephone_recorder import TooManyEvents
from callcenter.gateways.telephone_watch import Timers, Watch, account_of, before_refresh, peer_of, persistent, watch
from callcenter.store.engine import DatabaseLocked
from tests.conftest import NOW
from tests.gateways.notifier import PASSWORD, Notifier, over_stream, over_udp
from tests.gateways.test_dialog_info import document
from tests.patience import PATIENCE

EARLY = (
    '<dialog id="d" call-id="c" local-tag="t" direction="recipient"><state>{state}</state>'
    "<remote><identity>sip:01000001234@pbx</identity></remote></dialog>"
)


class Seen:
    """What a watcher told."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[CallEvent] = asyncio.Queue()
        self.stands: list[bool] = []
        self.troubles: asyncio.Queue[CallcenterError] = asyncio.Queue()

    async def sink(self, event: CallEvent) -> None:
        await self.events.put(event)

    async def event(self) -> CallEvent:
        return await asyncio.wait_for(self.events.get(), PATIENCE)

    async def trouble(self) -> CallcenterError:
        return await asyncio.wait_for(self.troubles.get(), PATIENCE)


def ringing(state: str = "early", version: int = 0, kind: str = "full") -> bytes:
    return document(EARLY.format(state=state), version=version, state=kind)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def watching(
    notifier: Notifier, transport: str = "udp", authority: Path | None = None, t1: float = 0.5, expires: int = 600
) -> AsyncIterator[Seen]:
    seen = Seen()
    account = account_of("sip:1001@pbx.test", "desk", lambda _user: PASSWORD, expires)
    peer = Peer(transport, "localhost" if transport == "tls" else "127.0.0.1", notifier.port, authority)
    settings = Watch(
        peer, account, seen.sink, seen.stands.append, seen.troubles.put_nowait, lambda: NOW, Timers(t1, 4 * t1, 0.01)
    )
    stop = asyncio.Event()
    running = asyncio.create_task(watch(settings, stop, Random(1)))
    try:
        yield seen
    finally:
        stop.set()
        await asyncio.wait_for(running, PATIENCE)


async def test_a_call_over_udp() -> None:
    async with over_udp(Notifier(body=document)) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
        notifier.notify(ringing(version=1))
        event = await seen.event()
        assert (event.state, event.caller, event.extension, event.at) == ("ringing", "01000001234", "1001", NOW)
        notifier.notify(ringing("terminated", version=2, kind="partial"))
        assert (await seen.event()).state == "ended"
    first, second, last = notifier.requests
    assert (first.get("authorization"), first.get("expires")) == ("", "600")
    assert "nc=00000001" in second.get("authorization")
    assert (last.get("expires"), last.get("to")) == ("0", "<sip:1001@pbx.test>;tag=theirs")
    assert (last.uri, last.get("route")) == (
        f"sip:pbx@127.0.0.1:{notifier.port}",
        f"<sip:127.0.0.1:{notifier.port};lr>",
    )
    assert "nc=00000002" in last.get("authorization")
    assert seen.stands == [True, True, True, False]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_both_digests(algorithm: str) -> None:
    async with over_udp(Notifier(algorithm=algorithm)) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
    assert seen.troubles.empty()


async def test_a_wrong_password_is_told_and_not_tried_again_at_once() -> None:
    async with over_udp(Notifier(password="other")) as notifier, watching(notifier) as seen:
        assert (await seen.trouble()).code == "telephone_password"
        await asyncio.sleep(0.2)
        assert len(notifier.requests) == 2


async def test_a_stale_nonce_is_no_wrong_password() -> None:
    async with over_udp(Notifier(expires=2, uses_of_nonce=1)) as notifier, watching(notifier) as seen:
        await until(lambda: len({one.get("authorization") for one in notifier.accepted}) >= 5)
    assert seen.troubles.empty()


async def test_a_nonce_that_gets_stale_while_it_is_answered_is_no_wrong_password() -> None:
    old = 'WWW-Authenticate: Digest realm="pbx.test", nonce="old", algorithm=SHA-256, qop="auth"\r\n'
    async with over_udp(Notifier(refuses=[(401, "Unauthorized", old)])) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
        assert ['nonce="old"' in one.get("authorization") for one in notifier.requests] == [False, True, False]
    assert seen.troubles.empty()


async def test_what_is_lost_is_sent_again_and_what_is_sent_again_changes_nothing() -> None:
    async with over_udp(Notifier(drops=2)) as notifier, watching(notifier, t1=0.05) as seen:
        await until(lambda: seen.stands)
        assert notifier.requests[0] == notifier.requests[1] == notifier.requests[2]
        notifier.notify(ringing(version=1), cseq="500 NOTIFY")
        notifier.notify(ringing("terminated", version=2), cseq="500 NOTIFY")
        assert (await seen.event()).state == "ringing"
        statuses = [(await notifier.answers.get()).status for _ in range(3)]
        assert (statuses, seen.events.empty()) == ([200] * 3, True)


async def test_the_subscription_is_refreshed_before_it_ends() -> None:
    async with over_udp(Notifier(expires=2)) as notifier, watching(notifier) as seen:
        began = asyncio.get_running_loop().time()
        await until(lambda: len(notifier.accepted) == 2)
        assert asyncio.get_running_loop().time() - began > 0.5
        assert notifier.accepted[1].get("to").endswith(";tag=theirs")
        assert notifier.accepted[1].sequence[0] == notifier.accepted[0].sequence[0] + 1
    assert seen.troubles.empty()


@pytest.mark.parametrize(("left", "waits"), [(2.0, 1.6), (100.0, 80.0), (600.0, 568.0)])
def test_a_refresh_that_is_lost_has_time_to_be_sent_again(left: float, waits: float) -> None:
    assert before_refresh(left) == waits


async def test_a_missed_document_asks_for_all() -> None:
    async with over_udp(Notifier(body=document)) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
        notifier.body = lambda: ringing("confirmed", version=9)
        notifier.notify(ringing("terminated", version=5, kind="partial"))
        assert (await seen.event()).state == "answered"
        assert len(notifier.accepted) == 2


async def test_a_notify_that_overtakes_the_answer_counts() -> None:
    async with over_udp(Notifier(notify_first=True, body=ringing)) as notifier, watching(notifier) as seen:
        assert (await seen.event()).state == "ringing"
    assert seen.troubles.empty()


@pytest.mark.parametrize(
    ("refusal", "code", "most"),
    [
        ((481, "Gone", ""), "telephone_lost", None),
        ((503, "Busy", "Retry-After: 1\r\n"), "telephone_lost", None),
        ((489, "Bad Event", ""), "telephone_refused", 1),
        ((404, "Not Found", ""), "telephone_refused", 1),
        ((401, "Unauthorized", 'WWW-Authenticate: Basic realm="x"\r\n'), "telephone_password", 1),
    ],
)
async def test_a_refusal_is_told_and_asked_again_when_it_may_help(
    refusal: tuple[int, str, str], code: str, most: int | None
) -> None:
    async with over_udp(Notifier(refuses=[refusal])) as notifier, watching(notifier) as seen:
        assert (await seen.trouble()).code == code
        if most is None:
            await until(lambda: seen.stands[-1])
            assert notifier.requests[1].get("call-id") != notifier.requests[0].get("call-id")
        else:
            await asyncio.sleep(0.2)
            assert len(notifier.requests) == most


async def test_an_interval_that_is_too_short_is_made_longer() -> None:
    async with (
        over_udp(Notifier(refuses=[(423, "Interval Too Brief", "Min-Expires: 3600\r\n")])) as notifier,
        watching(notifier) as seen,
    ):
        await until(lambda: seen.stands)
        assert [one.get("expires") for one in notifier.requests[:2]] == ["600", "3600"]
    assert seen.troubles.empty()


async def test_a_subscription_that_is_ended_is_made_again() -> None:
    async with over_udp(Notifier(body=ringing)) as notifier, watching(notifier) as seen:
        await seen.event()
        notifier.notify(b"", state="terminated;reason=deactivated")
        assert (await seen.trouble()).code == "telephone_lost"
        await until(lambda: len({one.get("call-id") for one in notifier.accepted}) == 2)
        await until(lambda: seen.stands[-1])
    assert seen.events.empty()


async def test_a_system_that_accepts_and_never_tells_is_no_system() -> None:
    async with over_udp(Notifier(silent=True)) as notifier, watching(notifier, t1=0.01) as seen:
        assert (await seen.trouble()).code == "telephone_silent"


async def test_a_system_that_is_away_and_comes_back() -> None:
    async with over_udp(Notifier()) as first:
        port = first.port
    async with watching(first) as seen:
        assert (await seen.trouble()).code in {"telephone_not_reached", "telephone_silent"}
        async with over_udp(Notifier(body=ringing), port):
            assert (await seen.event()).state == "ringing"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"call_id": "another"}, 481),
        ({"from": "<sip:1001@pbx.test>;tag=other"}, 481),
        ({"from": "<sip:1001@pbx.test>"}, 481),
        ({"to": "<sip:desk@pbx.test>;tag=other"}, 481),
        ({"to": "<sip:desk@pbx.test"}, 481),
        ({"cseq": "3 NOTIFY"}, 500),
        ({"cseq": "900 INVITE"}, 405),
        ({"cseq": "900 OPTIONS"}, 200),
        ({"event": "presence"}, 489),
        ({"event": "dialog;sla"}, 200),
        ({"content_type": "text/plain"}, 415),
        ({"subscription_state": ""}, 400),
    ],
)
async def test_only_what_belongs_to_the_subscription_is_heard(changed: dict[str, str], status: int) -> None:
    async with over_udp(Notifier(body=document)) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
        await notifier.answers.get()
        notifier.notify(ringing(version=1), **changed)
        reply = await asyncio.wait_for(notifier.answers.get(), PATIENCE)
        assert reply.status == status
        heard = status == 200 and "event" in changed
        notifier.notify(ringing("confirmed", version=2), cseq="1000 NOTIFY")
        assert (await seen.event()).state == ("ringing" if heard else "answered")


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x00" * 2000,
        b"GET / HTTP/1.1\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"NOTIFY sip:a@b SIP/2.0\r\n\r\n",
        b"\xff" * 65_000,
    ],
)
async def test_junk_on_the_wire_changes_nothing(junk: bytes) -> None:
    async with over_udp(Notifier(body=document)) as notifier, watching(notifier) as seen:
        await until(lambda: seen.stands)
        notifier.send(junk)
        notifier.notify(b"<!DOCTYPE x>" + ringing(version=1)[21:])
        assert (await seen.trouble()).code == "bad_dialog_info"
        notifier.notify(ringing(version=2))
        assert (await seen.event()).state == "ringing"


def secured(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_call_over_tls(certificate: Path) -> None:
    async with over_stream(Notifier(body=ringing), secured(certificate)) as notifier:
        async with watching(notifier, "tls", Path(f"{certificate}.crt")) as seen:
            assert (await seen.event()).state == "ringing"
        assert notifier.requests[0].get("via").startswith("SIP/2.0/TLS 127.0.0.1:")
        assert notifier.requests[-1].get("expires") == "0"
    assert seen.troubles.empty()


async def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    async with over_stream(Notifier(), secured(certificate)) as notifier, watching(notifier, "tls") as seen:
        trouble = await seen.trouble()
        assert (trouble.code, notifier.requests) == ("telephone_not_reached", [])


async def test_a_broken_stream_is_left_and_made_again() -> None:
    async with over_stream(Notifier(body=ringing), None) as notifier, watching(notifier, "tcp") as seen:
        await seen.event()
        notifier.send(b"\x00" * 20_000)
        assert (await seen.trouble()).code == "telephone_not_reached"
        await until(lambda: len({one.get("call-id") for one in notifier.accepted}) == 2)


async def test_the_sink_tries_again_what_passes_and_lets_go_what_is_refused() -> None:
    troubles: list[CallcenterError] = [
        DatabaseLocked(path="x"),
        TooManyEvents(),
        CallcenterError(),
        DatabaseLocked(path="x"),
    ]
    told: list[CallcenterError] = []

    async def record(_event: CallEvent) -> CallReceived:
        if troubles:
            raise troubles.pop(0)
        return CallReceived("c", "ringing", True)

    sink = persistent(record, told.append, pause=0)
    for expected in (1, 0):
        await sink(CallEvent("c", "ringing", NOW))
        assert len(troubles) == expected
    assert len(told) == 4


@pytest.mark.parametrize(
    ("extension", "server", "peer"),
    [
        ("sip:1001@pbx.test", None, ("udp", "pbx.test", 5060)),
        ("sip:1001@pbx.test:5080;transport=tls", None, ("tls", "pbx.test", 5080)),
        ("sips:1001@pbx.test", "10.0.0.9", ("tls", "10.0.0.9", 5061)),
        ("sip:1001@pbx.test", "10.0.0.9:5070", ("udp", "10.0.0.9", 5070)),
    ],
)
def test_where_to_connect(extension: str, server: str | None, peer: tuple[str, str, int]) -> None:
    assert peer_of(extension, server, None) == Peer(*peer)


@pytest.mark.parametrize(
    ("extension", "user"),
    [("sip:pbx.test", None), ("sip:pbx.test", "desk"), ("sip:1001@pbx.test", "a b"), ("1001", None)],
)
def test_who_cannot_be_watched(extension: str, user: str | None) -> None:
    with pytest.raises(BadSipAddress):
        account_of(extension, user, lambda _user: PASSWORD, 120)


def test_a_transport_nobody_speaks() -> None:
    with pytest.raises(BadSipAddress):
        peer_of("sip:1001@pbx.test;transport=sctp", None, None)
