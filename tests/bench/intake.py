"""Applications over HTTP: twenty clients at once, each answered when it is on the disk; and none lost over kill -9.

The clients are raw sockets in a process of their own that send prepared bytes, so that they cost as little as they can.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from aiohttp import web
from sqlcipher3 import dbapi2

from callcenter.gateways.application import EXAMPLE
from callcenter.gateways.intake_signature import SIGNATURE, TIMESTAMP, signature
from callcenter.journal.history import verify
from callcenter.store.engine import open_reader
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import FilledDesks

if TYPE_CHECKING:
    from sqlite3 import Connection

CLIENTS = 20
A_SECOND = 1000
SECRET = b"a secret of the bench, 32 or more"
_READY_SECONDS = 60
_ENTRIES_EACH = 6
_ROW_BYTES = 420


class Tally(NamedTuple):
    """What the clients were told: the identifiers by status, and how long each answer took in milliseconds."""

    answered: dict[str, int]
    milliseconds: list[float]


def run(desks: FilledDesks) -> list[Figure]:
    """Applications a second, and what was lost or doubled over kill -9, which must be nothing."""
    windows, seconds = (1, 1.0) if desks.quick else (5, 2.0)
    raw_http = _raw_http(seconds)
    raw_insert = _raw_insert(desks.empty(), seconds)
    path = desks.empty()
    with Serving(path) as server:
        _all_at_once(server.port, "warm", 0.5)
        cpu = server.cpu_seconds()
        tallies = [_all_at_once(server.port, f"bench{window}", seconds) for window in range(windows)]
        cpu = server.cpu_seconds() - cpu
    taken = Counter(status for tally in tallies for status in tally.answered.values())
    if set(taken) != {201}:
        raise AssertionError(f"not everything was taken: {dict(taken)}")
    rates = [len(tally.answered) / seconds for tally in tallies]
    waits = [wait for tally in tallies for wait in tally.milliseconds]
    lost, doubled, again = _killed(desks.empty(), 1 if desks.quick else 4)
    each = cpu / taken[201] * 1000
    return [
        Figure(
            "intake",
            f"applications over HTTP, {CLIENTS} clients",
            median(rates),
            "/s",
            raw_http,
            "the same server and clients, answering 200 without reading or writing",
            A_SECOND,
            promise="at_least",
            note=f"median of {windows} windows of {seconds:g} s, {min(rates):,.0f} to {max(rates):,.0f}; "
            f"{each:.2f} ms of processor each; rows alone, 20 at a commit: {raw_insert:,.0f}/s",
        ),
        Figure("intake", "answer, p50", median(waits), "ms"),
        Figure("intake", "answer, p99", percentile(waits, 0.99), "ms"),
        Figure("intake", "acknowledged and lost over kill -9", lost, "applications", target=0, note=again),
        Figure("intake", "taken twice over kill -9", doubled, "applications", target=0),
    ]


class Serving:
    """`callcenter intake serve` in a process of its own, on a free port."""

    def __init__(self, path: Path) -> None:
        environ = os.environ | {"CALLCENTER_INTAKE_SECRET": SECRET.decode(), "CALLCENTER_DB": str(path)}
        command = [sys.executable, "-m", "callcenter", "--lang", "en", "intake", "serve", "--port", "0"]
        self._process = subprocess.Popen(
            [*command, "--rate", "100000"], stdout=subprocess.PIPE, encoding="utf-8", env=environ
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().partition(";")[0].rpartition(":")[2])

    def __enter__(self) -> "Serving":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_READY_SECONDS)

    def kill(self) -> None:
        """As a power switch would, but for the disk."""
        self._process.kill()
        self._process.wait()

    def cpu_seconds(self) -> float:
        """What the process has used of the processors; 0 where the system does not say."""
        file = Path(f"/proc/{self._process.pid}/stat")
        if not file.exists():
            return 0.0
        fields = file.read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def post(external_id: str) -> bytes:
    """A whole signed HTTP request for the example under another identifier and a telephone number of its own."""
    number = crc32(external_id.encode()) % 10_000_000
    guardian = EXAMPLE["guardian"] | {"phone": f"010-0{number // 10_000:03d}-{number % 10_000:04d}"}
    body = json.dumps(EXAMPLE | {"external_id": external_id, "guardian": guardian}, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    head = (
        f"POST /v1/applications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{TIMESTAMP}: {stamp}\r\n{SIGNATURE}: {signature(SECRET, stamp, body)}\r\n\r\n"
    )
    return head.encode() + body


def _all_at_once(port: int, prefix: str, seconds: float) -> Tally:
    context = get_context("spawn")
    answers: Queue[Tally] = context.Queue()
    process = context.Process(target=_clients, args=(port, prefix, seconds, answers))
    process.start()
    tally = answers.get(timeout=seconds + _READY_SECONDS)
    process.join()
    return tally


def _clients(port: int, prefix: str, seconds: float, answers: "Queue[Tally]") -> None:
    prepared = [[post(f"{prefix}-{client}-{n}") for n in range(400)] for client in range(CLIENTS)]
    answers.put(asyncio.run(_drive(port, prefix, prepared, seconds)))


async def _drive(port: int, prefix: str, prepared: list[list[bytes]], seconds: float) -> Tally:
    tally = Tally({}, [])
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_client(port, prefix, one, ready, until, tally) for one, ready in enumerate(prepared)))
    return tally


async def _client(port: int, prefix: str, client: int, ready: list[bytes], until: float, tally: Tally) -> None:
    """One keep-alive connection that sends the next when the last is answered; ends with the server at the latest."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while (began := time.perf_counter()) < until:
            external_id = f"{prefix}-{client}-{number}"
            writer.write(ready[number] if number < len(ready) else post(external_id))
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
            tally.answered[external_id] = int(head[9:12])
            tally.milliseconds.append((time.perf_counter() - began) * 1000)
            number += 1
    writer.close()


def _raw_http(seconds: float) -> float:
    """Requests a second of aiohttp and these clients alone."""
    context = get_context("spawn")
    ports: Queue[int] = context.Queue()
    process = context.Process(target=_answer_200, args=(ports,), daemon=True)
    process.start()
    try:
        tally = _all_at_once(ports.get(timeout=_READY_SECONDS), "raw", seconds)
    finally:
        process.kill()
        process.join()
    return len(tally.answered) / seconds


def _answer_200(ports: "Queue[int]") -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=b"{}", content_type="application/json")

    async def main() -> None:
        made = web.Application()
        made.router.add_post("/v1/applications", answer)
        runner = web.AppRunner(made, access_log=None)
        await runner.setup()
        listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, listening).start()
        ports.put(listening.getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(main())


def _raw_insert(beside: Path, seconds: float) -> float:
    """Applications a second if each were six rows of the journal's size, twenty of them at a synced commit."""
    with closing(dbapi2.connect(str(beside.with_name("raw-intake.db")), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)")
        count = 0
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(CLIENTS * _ENTRIES_EACH):
                connection.execute("INSERT INTO entry (body) VALUES (?)", (bytes(_ROW_BYTES),))
            connection.execute("COMMIT")
            count += CLIENTS
    return count / seconds


def _killed(path: Path, times: int) -> tuple[int, int, str]:
    """Kill the server in full work so often; then send everything again and look for each in the file."""
    answered: dict[str, int] = {}
    for kill in range(times):
        server = Serving(path)
        context = get_context("spawn")
        answers: Queue[Tally] = context.Queue()
        process = context.Process(target=_clients, args=(server.port, f"kill{kill}", 5.0, answers))
        process.start()
        _wait_for_work(path, server)
        server.kill()
        answered |= answers.get(timeout=_READY_SECONDS).answered
        process.join()
    with Serving(path) as server:
        again = asyncio.run(_send_again(server.port, list(answered)))
    with closing(open_reader(path)) as connection:
        found = Counter(row[0] for row in connection.execute("SELECT external_id FROM application"))
        faults = verify(connection)[1]
    if faults:
        raise AssertionError(f"the chain is broken: {faults}")
    lost = sum(1 for external_id in answered if external_id not in found or again[external_id] != 200)
    doubled = sum(count - 1 for count in found.values())
    return lost, doubled, f"{len(answered):,} acknowledged, {times} kills, each sent again: 200"


def _wait_for_work(path: Path, server: Serving) -> None:
    """Until the server has taken some in this round."""
    with closing(open_reader(path)) as connection:
        before = _count(connection)
        until = time.monotonic() + _READY_SECONDS
        while _count(connection) < before + 100 and time.monotonic() < until:
            time.sleep(0.02)


def _count(connection: "Connection") -> int:
    count: int = connection.execute("SELECT count(*) FROM application").fetchone()[0]
    return count


async def _send_again(port: int, external_ids: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for external_id in external_ids:
        writer.write(post(external_id))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
        found[external_id] = int(head[9:12])
    writer.close()
    return found
