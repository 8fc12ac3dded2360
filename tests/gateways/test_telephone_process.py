"""The gateways as processes: started by their command, told to end, or killed; the console notices only a glyph."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.desk.session import Desk
from callcenter.desk.telephone_state import telephone
from tests.gateways.notifier import PASSWORD, Notifier, over_udp
from tests.gateways.test_dialog_info import document
from tests.gateways.test_telephone_event import event
from tests.gateways.test_telephone_watch import EARLY
from tests.patience import PATIENCE, soon

TOKEN = "t0ken"


def command(db: Path, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "callcenter", "--db", str(db), "--lang", "en", "phone", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | environ,
    )


@contextmanager
def running(db: Path, *arguments: str, **environ: str) -> Iterator["subprocess.Popen[str]"]:
    process = command(db, *arguments, **environ)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def state(desk: Desk, later: timedelta = timedelta()) -> str:
    return telephone(desk.path, datetime.now(UTC) + later)


def calls(desk: Desk) -> list[tuple[str, str]]:
    return desk.connection.execute("SELECT phone, state FROM call").fetchall()


def port_told(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline().strip().removesuffix("/v1/calls").rpartition(":")[2])


def post(port: int, body: bytes) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/calls", body, {"Authorization": f"Bearer {TOKEN}"}, method="POST"
    )
    # Whatever proxy this machine goes through to others.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=PATIENCE) as response:
        status: int = response.status
    return status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_listen_takes_both_ways_and_ends_when_told(desk: Desk, number: signal.Signals) -> None:
    with running(desk.path, "listen", "--port", "0", "--tcp-port", "0", CALLCENTER_PHONE_TOKEN=TOKEN) as process:
        http, lines = port_told(process), port_told(process)
        assert post(http, event()) == 202
        with socket.create_connection(("127.0.0.1", lines), timeout=PATIENCE) as talk, talk.makefile("rwb") as file:
            file.write(json.dumps({"token": TOKEN}).encode() + b"\n" + event(state="answered") + b"\n")
            file.flush()
            assert [json.loads(file.readline()) for _ in range(2)] == [{"ok": True}] * 2
            assert calls(desk) == [("+821000001234", "talking")]
            soon(lambda: state(desk) == "connected")
            process.send_signal(number)
            assert process.communicate(timeout=PATIENCE) == ("", "")
    assert process.returncode == 0
    assert state(desk) == "absent"
    assert not list(desk.path.parent.glob("*.telephone-*"))


def test_a_gateway_that_was_killed_shows_and_loses_nothing_it_acknowledged(desk: Desk) -> None:
    with running(desk.path, "listen", "--port", "0", "--token", TOKEN) as process:
        port = port_told(process)
        soon(lambda: state(desk) == "connected")
        for number in range(5):
            assert post(port, event(id=f"c{number}")) == 202
        process.kill()
        process.wait()
    assert len(calls(desk)) == 5
    assert state(desk, timedelta(minutes=1)) == "stale"


def test_two_cannot_have_one_port(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        out, err = command(desk.path, "listen", "--port", port, "--token", TOKEN).communicate(timeout=PATIENCE)
    assert (out, len(err.splitlines())) == ("", 1)
    assert f"127.0.0.1 port {port} cannot be opened" in err
    assert state(desk) == "absent"


@pytest.mark.parametrize(
    ("arguments", "environ", "sentence"),
    [
        (["listen"], {}, "Set a token"),
        (["listen", "--token", " "], {}, "Set a token"),
        (["listen", "--token", "t", "--host", "0.0.0.0"], {}, "0.0.0.0 can be reached from other computers"),
        (["watch", "1001"], {"CALLCENTER_SIP_PASSWORD": "x"}, "This is no SIP address"),
        (["watch", "sip:pbx.test"], {"CALLCENTER_SIP_PASSWORD": "x"}, "This is no SIP address"),
    ],
)
def test_what_is_refused_before_anything_opens(
    desk: Desk, arguments: list[str], environ: dict[str, str], sentence: str
) -> None:
    process = command(desk.path, *arguments, **environ)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1


async def test_watch_follows_an_extension_into_the_journal(desk: Desk) -> None:
    async with over_udp(Notifier(body=lambda: document(EARLY.format(state="early")))) as notifier:
        server = ["--user", "desk", "--server", f"127.0.0.1:{notifier.port}"]
        with running(desk.path, "watch", "sip:1001@pbx.test", *server, CALLCENTER_SIP_PASSWORD=PASSWORD) as process:
            await asyncio.to_thread(soon, lambda: calls(desk) == [("+821000001234", "ringing")])
            await asyncio.to_thread(soon, lambda: state(desk) == "connected")
            notifier.notify(document(EARLY.format(state="confirmed"), version=1))
            await asyncio.to_thread(soon, lambda: calls(desk) == [("+821000001234", "talking")])
            assert {(await notifier.answers.get()).status for _ in range(2)} == {200}
            process.send_signal(signal.SIGTERM)
            out, err = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
    assert notifier.requests[-1].get("expires") == "0"
    assert state(desk) == "absent"
