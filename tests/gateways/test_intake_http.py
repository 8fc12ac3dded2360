"""The door for the platform: a real server on a loopback port over a real file, spoken to by a plain client."""

import asyncio
import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.desk.session import Desk, open_desk
from callcenter.gateways import intake_http
from callcenter.gateways.application import EXAMPLE, MAX_BYTES
from callcenter.gateways.intake_signature import signature
from callcenter.reference import Reference
from callcenter.store.engine import open_reader
from tests.patience import PATIENCE

SECRET = "an open secret of the tests, long"
CANARY = "홍길동-010-0000-9876"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Client:
    """A client of its own for every request, so that a refusal may close the connection."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.tls = tls

    def _connection(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=self.tls)

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        with closing(self._connection()) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def signed(self, method: str, path: str, body: bytes = b"", *, ago: int = 0, secret: str = SECRET) -> Answer:
        stamp = str(int(time.time()) - ago)
        said = body if method == "POST" else path.encode()
        headers = {"X-Timestamp": stamp, "X-Signature": signature(secret.encode(), stamp, said)}
        return self.send(method, path, body, headers)

    def apply(self, **more: object) -> Answer:
        return self.signed("POST", "/v1/applications", json.dumps(EXAMPLE | more, ensure_ascii=False).encode())


class Running:
    """A server in a thread of its own."""

    def __init__(self, desk: Desk, data: Reference, rate: int = 100_000, certificate: Path | None = None) -> None:
        self._desk, self._data, self._rate, self._certificate = desk, data, rate, certificate
        self._port: list[int] = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        tls = intake_http.tls_of(self._certificate, None)
        door = intake_http.Door("127.0.0.1", 0, SECRET.encode(), self._rate, tls)

        def told(address: str) -> None:
            assert address.startswith("https://" if self._certificate else "http://")
            self._port.append(int(address.rpartition(":")[2]))
            self._ready.set()

        self._end = asyncio.Event()
        path = self._desk.path
        serving = intake_http.serve(door, path, lambda: open_desk(path, self._data), told, self._end.wait)
        self._loop.run_until_complete(serving)
        self._loop.close()

    def __enter__(self) -> Client:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return Client(self._port[0])

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()


@pytest.fixture
def client(desk: Desk, data: Reference) -> Iterator[Client]:
    with Running(desk, data) as found:
        yield found


def requests(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM request").fetchone()[0]
    return found


def test_over_tls_whoever_knows_the_certificate_is_answered(desk: Desk, data: Reference, certificate: Path) -> None:
    with Running(desk, data, certificate=certificate) as plain:
        known = Client(plain.port, ssl.create_default_context(cafile=f"{certificate}.crt"))
        assert known.apply(external_id="1").status == 201
        with pytest.raises(ssl.SSLCertVerificationError):
            Client(plain.port, ssl.create_default_context()).apply(external_id="2")
        with pytest.raises(ConnectionError):
            plain.apply(external_id="3")
    assert requests(desk) == 1


def test_new_is_201_the_same_200_and_changed_409(client: Client, desk: Desk) -> None:
    first = client.apply(external_id="1")
    assert (first.status, first.json["external_id"], first.json["state"]) == (201, "1", "received")
    again = client.apply(external_id="1")
    assert (again.status, again.json) == (200, first.json)
    changed = client.apply(external_id="1", note="다른 말")
    assert (changed.status, changed.json["code"]) == (409, "application_changed")
    assert changed.json | first.json == changed.json
    assert requests(desk) == 1
    (row,) = desk.connection.execute("SELECT number, channel FROM request").fetchall()
    assert row == (first.json["number"], "platform")


def test_the_platform_may_ask_how_far_it_is(client: Client) -> None:
    number = client.apply(external_id="web:1.a-b_c").json["number"]
    found = client.signed("GET", "/v1/applications/web:1.a-b_c")
    assert found.status == 200
    assert {name: found.json[name] for name in ("external_id", "number", "state", "provider", "start_at")} == {
        "external_id": "web:1.a-b_c", "number": number, "state": "received", "provider": None,
        "start_at": "2026-11-24T11:00:00+00:00",
    }  # fmt: skip
    assert client.signed("GET", "/v1/applications/other").status == 404
    assert client.signed("GET", "/v1/applications/%20").status == 404
    unsigned = client.send("GET", "/v1/applications/web:1.a-b_c")
    assert (unsigned.status, unsigned.json["code"]) == (401, "bad_signature")
    assert client.signed("GET", "/v1/applications/web:1.a-b_c", ago=400).json["code"] == "bad_time"


def test_who_does_not_sign_is_told_nothing_and_leaves_nothing(client: Client, desk: Desk) -> None:
    body = json.dumps(EXAMPLE).encode()
    assert client.send("POST", "/v1/applications", body).status == 401
    assert client.signed("POST", "/v1/applications", body, secret="x" * 40).json["code"] == "bad_signature"
    assert client.signed("POST", "/v1/applications", body, ago=301).json["code"] == "bad_time"
    assert client.signed("POST", "/v1/applications", body, ago=-301).json["code"] == "bad_time"
    assert requests(desk) == 0


def test_a_wrong_form_is_422_by_field_without_an_echo(client: Client, desk: Desk) -> None:
    child = EXAMPLE["children"][0] | {"birth": CANARY}
    found = client.apply(region=CANARY, children=[child], **{CANARY: CANARY})
    assert (found.status, found.json["code"]) == (422, "bad_form")
    assert {(one["field"], one["code"]) for one in found.json["errors"]} == {
        ("region", "string_pattern_mismatch"),
        ("children.0.birth", "date_parsing"),
        ("", "extra_forbidden"),
    }
    assert all(one["text"] for one in found.json["errors"])
    assert CANARY not in found.body.decode()
    assert requests(desk) == 0


def test_a_wrong_fact_is_taken(client: Client, desk: Desk) -> None:
    assert client.apply(region="99999").status == 201
    (note,) = desk.connection.execute("SELECT text FROM note WHERE text LIKE '%99999%'").fetchall()
    assert note


def test_what_is_too_large_is_413_however_it_is_sent(client: Client) -> None:
    large = b" " * (MAX_BYTES + 1)
    assert client.signed("POST", "/v1/applications", large).status == 413
    with closing(http.client.HTTPConnection("127.0.0.1", client.port, timeout=PATIENCE)) as connection:
        chunks = (b" " * 1000 for _ in range(40))
        connection.request("POST", "/v1/applications", chunks, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        assert connection.getresponse().status == 413
    assert client.signed("POST", "/v1/applications", b" " * MAX_BYTES).status == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404), ("GET", "/v1/applications", 405), ("PUT", "/v1/applications", 405),
        ("DELETE", "/v1/applications/1", 405), ("POST", "/docs", 405), ("GET", "/../etc/passwd", 404),
    ],
)  # fmt: skip
def test_other_pages_are_not_there(client: Client, method: str, path: str, status: int) -> None:
    found = client.send(method, path)
    assert (found.status, found.json["code"], found.headers["server"]) == (status, "no_such_page", "callcenter")


def test_the_documents_are_open_and_say_what_the_server_does(client: Client) -> None:
    document = client.send("GET", "/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {"/v1/applications", "/v1/applications/{external_id}"}
    text = json.dumps(document)
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"], name
    page = client.send("GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    told = page.body.decode()
    assert "external_id" in told
    assert "X-Signature" in told
    assert "<script" not in told
    assert "http" not in told.replace("http-equiv", "")
    assert client.send("GET", "/healthz").json == {"status": "ok"}


def test_who_comes_too_often_waits(desk: Desk, data: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    # As if all of them came in one moment, which a slow machine does not manage.
    monkeypatch.setattr(intake_http, "monotonic", lambda: seconds[0])
    with Running(desk, data, rate=1) as client:
        statuses = [client.apply(external_id=str(one)).status for one in range(6)]
        assert statuses == [201] * 4 + [429] * 2
        seconds[0] += 0.5
        refused = client.apply(external_id="later")
        assert (refused.status, refused.json["code"], refused.headers["retry-after"]) == (429, "too_often", "1")
        seconds[0] += 0.5
        assert client.apply(external_id="later").status == 201


def test_a_database_that_somebody_holds_is_503(client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.apply(external_id="1").status == 201
    desk.connection.execute("BEGIN IMMEDIATE")
    busy = client.apply(external_id="2")
    desk.connection.execute("ROLLBACK")
    assert (busy.status, busy.json["code"], busy.headers["retry-after"]) == (503, "database_locked", "5")
    assert str(desk.path) not in busy.body.decode()
    assert client.apply(external_id="2").status == 201


def test_many_at_once_are_each_taken_once(client: Client, desk: Desk) -> None:
    numbers: list[str] = []

    def send(sender: int) -> None:
        for one in range(10):
            # Every identifier comes from two senders.
            answer = client.apply(external_id=f"{sender // 2}-{one}", guardian=EXAMPLE["guardian"])
            assert answer.status in (200, 201)
            numbers.append(answer.json["number"])

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert requests(desk) == 40
    assert sorted(numbers) == sorted(2 * [row[0] for row in desk.connection.execute("SELECT number FROM request")])


@settings(max_examples=150)
@given(body=st.binary(max_size=300) | st.text().map(str.encode) | st.just(b"[" * 9000), sign=st.booleans())
def test_any_bytes_are_refused_and_never_a_fault(client: Client, body: bytes, sign: bool) -> None:
    marked = body + CANARY.encode()
    send = client.signed if sign else client.send
    found = send("POST", "/v1/applications", marked)
    assert found.status == (422 if sign else 401)
    assert CANARY not in found.body.decode()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CANARY),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*EXAMPLE, "name", CANARY]), inner),
    max_leaves=8,
)


@settings(max_examples=150)
@given(field=st.sampled_from([*EXAMPLE, CANARY]), value=JSON_VALUES)
def test_any_value_in_any_field_is_taken_or_refused_without_an_echo(client: Client, field: str, value: object) -> None:
    found = client.apply(**{field: value})
    assert found.status in (200, 201, 409, 422)
    assert CANARY not in found.body.decode()


@settings(max_examples=50)
@given(path=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60))
def test_any_path_is_answered(client: Client, path: str) -> None:
    assert client.signed("GET", f"/v1/applications/{path}").status in (400, 401, 404)


def command(*arguments: str, db: Path, secret: str = SECRET) -> "subprocess.Popen[str]":
    environ = os.environ | {"CALLCENTER_INTAKE_SECRET": secret, "CALLCENTER_DB": str(db)}
    line = [sys.executable, "-m", "callcenter", "--lang", "en", "intake", "serve", "--port", "0", *arguments]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environ)


def port_of(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline().partition(";")[0].rpartition(":")[2])


def test_the_command_listens_on_this_machine_and_ends_when_it_is_told_to(desk: Desk) -> None:
    process = command(db=desk.path)
    client = Client(port_of(process))
    assert client.apply(external_id="1").status == 201
    process.terminate()
    _out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    if os.name == "posix":
        assert process.returncode == 0
    assert requests(desk) == 1


def test_the_command_needs_a_secret_and_a_desk(desk: Desk, tmp_path: Path) -> None:
    for db, secret, told in ((desk.path, "short", "32 characters"), (tmp_path / "none.db", SECRET, "callcenter init")):
        process = command(db=db, secret=secret)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (1, "")
        assert told in err
        assert len(err.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL elsewhere")
def test_what_was_answered_is_there_after_kill_9(desk: Desk) -> None:
    answered: list[str] = []
    for life in range(3):
        process = command("--rate", "100000", db=desk.path)
        client = Client(port_of(process))

        def send(sender: int, life: int = life, client: Client = client) -> None:
            for one in range(1000):
                external_id = f"{life}-{sender}-{one}"
                try:
                    status = client.apply(external_id=external_id).status
                except (OSError, http.client.HTTPException):
                    return
                assert status == 201
                answered.append(external_id)

        threads = [threading.Thread(target=send, args=(sender,)) for sender in range(6)]
        before = len(answered)
        for thread in threads:
            thread.start()
        while len(answered) < before + 20:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        for thread in threads:
            thread.join()
    process = command("--rate", "100000", db=desk.path)
    client = Client(port_of(process))
    assert {client.apply(external_id=external_id).status for external_id in answered} == {200}
    process.terminate()
    process.communicate(timeout=PATIENCE)
    with closing(open_reader(desk.path)) as connection:
        taken = [row[0] for row in connection.execute("SELECT external_id FROM application")]
        assert set(answered) <= set(taken)
        assert len(taken) == len(set(taken))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
