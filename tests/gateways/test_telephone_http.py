"""The HTTP door with a real server and a real desk: who is let in, what is refused, and that 202 means written."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from callcenter.desk.call_events import CallEvent, CallReceived
from callcenter.desk.session import Desk, open_desk
from callcenter.errors import CallcenterError
from callcenter.gateways.telephone_event import MAX_BYTES
from callcenter.gateways.telephone_http import Record, application, host_allowed, serving
from callcenter.gateways.telephone_recorder import Recorder, TooManyEvents
from callcenter.reference import Reference
from callcenter.store.engine import DatabaseLocked
from tests.conftest import NOW
from tests.gateways.test_telephone_event import CANARY, RING, event

TOKEN = "토큰-t0ken"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def door(record: Record) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(application(record, TOKEN, "127.0.0.1"), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        yield client


@asynccontextmanager
async def desk_door(path: Path, data: Reference) -> AsyncIterator[aiohttp.ClientSession]:
    async with Recorder(lambda: open_desk(path, data), lambda: NOW) as recorder, door(recorder.record) as client:
        yield client


async def never(_event: CallEvent) -> CallReceived:
    raise AssertionError("nothing may come so far")


async def test_an_event_is_on_the_disk_when_it_is_acknowledged(desk: Desk, data: Reference) -> None:
    async with desk_door(desk.path, data) as client:
        told = []
        for state in ("ringing", "ringing", "answered", "ended"):
            async with client.post("/v1/calls", data=event(state=state), headers=HEADERS) as response:
                said = await response.json()
                told.append((response.status, said["changed"]))
                # Another connection sees it at once, or it was not committed.
                found = desk.connection.execute(
                    "SELECT phone, state FROM call WHERE id = ?", (said["call"],)
                ).fetchone()
                assert found == ("+821000001234", said["state"])
    assert told == [(202, True), (202, False), (202, True), (202, True)]
    assert desk.connection.execute("SELECT count(*) FROM call").fetchone() == (1,)


async def test_events_of_many_at_once_are_each_written_once(desk: Desk, data: Reference) -> None:
    async with desk_door(desk.path, data) as client:

        async def ring(number: int) -> int:
            async with client.post("/v1/calls", data=event(id=f"c{number % 10}"), headers=HEADERS) as response:
                return response.status

        assert set(await asyncio.gather(*(ring(number) for number in range(40)))) == {202}
    assert desk.connection.execute("SELECT count(*) FROM call").fetchone() == (10,)


@pytest.mark.parametrize(
    ("headers", "body", "status", "error", "field"),
    [
        ({}, event(), 401, "unauthorized", None),
        ({"Authorization": "Bearer"}, event(), 401, "unauthorized", None),
        ({"Authorization": "Bearer wrong"}, event(), 401, "unauthorized", None),
        ({"Authorization": f"Basic {TOKEN}"}, event(), 401, "unauthorized", None),
        ({"Authorization": f"Bearer {TOKEN}x"}, event(), 401, "unauthorized", None),
        (HEADERS | {"Origin": "http://127.0.0.1:8719"}, event(), 403, "forbidden", None),
        (HEADERS | {"Origin": "null"}, event(), 403, "forbidden", None),
        (HEADERS | {"Host": "evil.example"}, event(), 403, "forbidden", None),
        (HEADERS | {"Host": "127.0.0.1.evil.example"}, event(), 403, "forbidden", None),
        (HEADERS, b"", 400, "bad_json", None),
        (HEADERS, b"{]", 400, "bad_json", None),
        (HEADERS, b" " * (MAX_BYTES + 1), 413, "too_large", None),
        (HEADERS, event(state=CANARY), 422, "not_one_of", "state"),
        (HEADERS, event(**{CANARY: CANARY}), 422, "unknown_field", None),
        (HEADERS, event(caller=CANARY * 50), 422, "too_long", "caller"),
    ],
)
async def test_who_and_what_is_not_let_in(
    headers: dict[str, str], body: bytes, status: int, error: str, field: str | None
) -> None:
    async with door(never) as client, client.post("/v1/calls", data=body, headers=headers) as response:
        text = await response.text()
        assert (response.status, json.loads(text)) == (status, {"error": error, "field": field})
        assert CANARY not in text + repr(response.headers)


async def test_a_body_without_a_length_is_cut_too() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    async with door(never) as client, client.post("/v1/calls", data=endless(), headers=HEADERS) as response:
        assert response.status == 413


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (DatabaseLocked(path="/secret/desk.db"), 503, "database_locked"),
        (TooManyEvents(), 503, "too_many_events"),
        (CallcenterError(), 422, "error"),
    ],
)
async def test_what_the_desk_cannot_take(refusal: CallcenterError, status: int, code: str) -> None:
    async def record(_event: CallEvent) -> CallReceived:
        raise refusal

    async with door(record) as client, client.post("/v1/calls", data=event(), headers=HEADERS) as response:
        assert (response.status, (await response.json())["error"]) == (status, code)
        assert ("Retry-After" in response.headers) == (status == 503)


async def test_other_ways_in() -> None:
    async with door(never) as client:
        for method, path, status in [("GET", "/v1/calls", 405), ("POST", "/v1/call", 404), ("GET", "/healthz", 200)]:
            async with client.request(method, path) as response:
                assert response.status == status
                assert isinstance(await response.json(), dict)
        async with client.get("/healthz", headers={"Origin": "http://evil.example"}) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    ("header", "bound", "allowed"),
    [
        ("127.0.0.1:8719", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("[::1]:8719", "localhost", True),
        ("127.0.0.2", "127.0.0.1", True),
        ("10.0.0.5:8719", "127.0.0.1", False),
        ("evil.example", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("[", "127.0.0.1", False),
        ("10.0.0.5:8719", "0.0.0.0", True),
        ("desk.lan", "desk.lan", True),
        ("evil.example", "0.0.0.0", False),
    ],
)
def test_hosts(header: str, bound: str, allowed: bool) -> None:
    assert host_allowed(header, bound) is allowed


def test_the_example_is_what_the_door_takes() -> None:
    assert json.loads(event()) == RING
