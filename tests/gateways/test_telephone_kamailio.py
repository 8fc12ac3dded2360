"""The watcher against Kamailio, with calls placed by sipp: somebody else's idea of the same standards.

Needs `apt-get install kamailio kamailio-presence-modules kamailio-tls-modules sip-tester` (Debian 12); skips without.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from callcenter.desk.call_events import CallEvent
from callcenter.gateways.sip_link import Peer
from callcenter.gateways.telephone_watch import Timers, Watch, account_of, watch
from tests.conftest import NOW
from tests.gateways.test_telephone_watch import Seen, until

TABLES = Path("/usr/share/kamailio/dbtext/kamailio")
NEEDED = ("presence_dialoginfo", "pua_dialoginfo", "tls", "db_text")
MISSING = [
    *(name for name in ("kamailio", "sipp") if shutil.which(name) is None),
    *(name for name in NEEDED if not any(Path("/usr/lib").glob(f"*/kamailio/modules/{name}.so"))),
]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")

PASSWORD = "secret"
CONFIG = """
debug=1
log_stderror=yes
fork=yes
children=2
enable_tls=yes
listen=udp:127.0.0.1:{port}
listen=tls:127.0.0.1:{tls_port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "auth.so"
loadmodule "tls.so"
loadmodule "db_text.so"
loadmodule "dialog.so"
loadmodule "presence.so"
loadmodule "presence_dialoginfo.so"
loadmodule "pua.so"
loadmodule "pua_dialoginfo.so"
modparam("auth", "algorithm", "{algorithm}")
modparam("dialog", "dlg_match_mode", 1)
modparam("tls", "certificate", "{certificate}.crt")
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "private_key", "{certificate}")
modparam("presence|pua", "db_url", "text://{folder}/db")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "server_address", "sip:127.0.0.1:{port}")
modparam("presence", "min_expires", 60)
modparam("presence", "send_fast_notify", 1)
modparam("pua", "outbound_proxy", "sip:127.0.0.1:{port}")
modparam("pua_dialoginfo", "attribute_display", 1)
modparam("pua_dialoginfo", "include_callid", 1)
modparam("pua_dialoginfo", "include_tags", 1)
modparam("pua_dialoginfo", "caller_confirmed", 0)
request_route {{
    if (is_method("PUBLISH")) {{ t_newtran(); handle_publish(); exit; }}
    if (is_method("SUBSCRIBE")) {{
        if (!pv_auth_check("127.0.0.1", "{password}", "0", "0")) {{ auth_challenge("127.0.0.1", "1"); exit; }}
        consume_credentials();
        t_newtran();
        handle_subscribe();
        exit;
    }}
    if (has_totag()) {{
        # The scenario of sipp knows no routes.
        if (!loose_route()) {{ dlg_manage(); $du = "sip:127.0.0.1:{callee_port}"; }}
        t_relay();
        exit;
    }}
    if (is_method("CANCEL")) {{ t_relay(); exit; }}
    if (is_method("INVITE")) {{
        record_route();
        dlg_manage();
        $du = "sip:127.0.0.1:{callee_port}";
        t_relay();
    }}
}}
"""


class Kamailio(NamedTuple):
    """A running Kamailio: its ports, and where extension 1001 has to answer."""

    port: int
    tls_port: int
    callee_port: int
    folder: Path


# Below the ports that the system hands out by itself, to connections that come and go meanwhile.
_PORTS = count(20_000 + os.getpid() * 7 % 10_000)


def free_port() -> int:
    """A port that nobody has, for UDP or for TCP; never the same twice."""
    for port in _PORTS:
        with (
            suppress(OSError),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
        ):
            datagrams.bind(("127.0.0.1", port))
            stream.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@pytest.fixture(params=["MD5", "SHA-256"])
def kamailio(request: pytest.FixtureRequest, tmp_path: Path, certificate: Path) -> Iterator[Kamailio]:
    ports = Kamailio(free_port(), free_port(), free_port(), tmp_path)
    (tmp_path / "db").mkdir()
    for table in ("version", "presentity", "active_watchers", "watchers", "pua", "xcap"):
        shutil.copy(TABLES / table, tmp_path / "db")
    config = tmp_path / "kamailio.cfg"
    config.write_text(
        CONFIG.format(
            port=ports.port, tls_port=ports.tls_port, callee_port=ports.callee_port, folder=tmp_path,
            certificate=certificate, algorithm=request.param, password=PASSWORD,
        )
    )  # fmt: skip
    with (tmp_path / "kamailio.log").open("wb") as log:
        process = subprocess.Popen(
            ["kamailio", "-DD", "-E", "-f", str(config), "-Y", str(tmp_path), "-m", "64", "-M", "8"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield ports
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def scenario(ports: Kamailio, name: str, before: str, after: str) -> Path:
    """One of the scenarios that sipp comes with, with one thing changed."""
    written = subprocess.run(["sipp", "-sd", name], capture_output=True, text=True, check=False).stdout
    assert before in written
    path = ports.folder / f"{name}.xml"
    path.write_text(written.replace(before, after, 1))
    return path


def sipp(ports: Kamailio, *arguments: str) -> "subprocess.Popen[bytes]":
    command = ["sipp", "-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "60s", *arguments]
    return subprocess.Popen(command, cwd=ports.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def a_call(ports: Kamailio, seen: Seen) -> list[CallEvent]:
    """Ring extension 1001, answer, hang up; the events that came of it."""
    # Nobody answers in the millisecond in which it rings, as sipp would.
    callee = scenario(ports, "uas", '<send retrans="500">', '<pause milliseconds="300"/><send retrans="500">')
    caller = scenario(ports, "uac", "From: sipp <sip:sipp@", 'From: "Mother" <sip:01000001234@')
    answering = sipp(ports, "-sf", str(callee), "-p", str(ports.callee_port))
    await asyncio.sleep(0.3)
    at = ["-p", str(free_port()), "-s", "1001", "-d", "300", f"127.0.0.1:{ports.port}"]
    calling = sipp(ports, "-sf", str(caller), *at)
    try:
        events = [await seen.event()]
        while events[-1].state != "ended":
            events.append(await seen.event())
    finally:
        for process in (calling, answering):
            process.kill()
            process.wait()
    return events


@pytest.mark.parametrize("transport", ["udp", "tls"])
async def test_a_call_that_sipp_places(kamailio: Kamailio, certificate: Path, transport: str) -> None:
    seen = Seen()
    port = kamailio.port if transport == "udp" else kamailio.tls_port
    account = account_of("sip:1001@127.0.0.1", "desk", lambda _user: PASSWORD, 60)
    peer = Peer(transport, "127.0.0.1", port, Path(f"{certificate}.crt"))
    settings = Watch(
        peer, account, seen.sink, seen.stands.append, seen.troubles.put_nowait, lambda: NOW, Timers(pause=0.2)
    )
    stop = asyncio.Event()
    running = asyncio.create_task(watch(settings, stop, Random(1)))
    try:
        # Until it has started it answers nobody.
        await until(lambda: seen.stands and seen.stands[-1])
        first = await a_call(kamailio, seen)
        second = await a_call(kamailio, seen)
    finally:
        stop.set()
        await running
    for events in (first, second):
        states = [event.state for event in events]
        assert states == ["ringing", "answered", "ended"], (kamailio.folder / "kamailio.log").read_text()[-2000:]
        assert len({event.id for event in events}) == 1
        assert {(event.direction, event.caller, event.extension) for event in events} == {("in", "01000001234", "1001")}
    assert first[0].id != second[0].id


async def test_a_wrong_password_is_refused_by_kamailio_too(kamailio: Kamailio) -> None:
    seen = Seen()
    account = account_of("sip:1001@127.0.0.1", "desk", lambda _user: "wrong", 60)
    peer = Peer("udp", "127.0.0.1", kamailio.port)
    settings = Watch(
        peer, account, seen.sink, seen.stands.append, seen.troubles.put_nowait, lambda: NOW, Timers(pause=0.2)
    )
    stop = asyncio.Event()
    running = asyncio.create_task(watch(settings, stop, Random(1)))
    try:
        trouble = await seen.trouble()
        while trouble.code == "telephone_not_reached":  # it has not started yet
            trouble = await seen.trouble()
        assert trouble.code == "telephone_password"
    finally:
        stop.set()
        await running
