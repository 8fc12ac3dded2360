"""Messages on their way: over HTTP and as files, tried again, killed in between; on a real desk and real sockets."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from callcenter.desk.messages import follow
from callcenter.desk.new_requests import open_request
from callcenter.desk.offers import make_offer
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk, open_desk
from callcenter.errors import CallcenterError
from callcenter.gateways.intake_signature import check
from callcenter.gateways.message_file import NoMessageFolder, file_gateway
from callcenter.gateways.message_gateway import Gateway, Outcome, Outgoing
from callcenter.gateways.message_sender import Sender
from callcenter.gateways.message_webhook import BadAddress, NoMessageSecret, check_address, read_secret, webhook
from callcenter.reference import Reference
from callcenter.store import messages as rows
from callcenter.store.messages import LEASE_SECONDS, MessageRow
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.gateways.message_service import Service, running
from tests.patience import PATIENCE

SECRET = "0123456789abcdef0123456789abcdef"
KEY = SECRET.encode()
MESSAGE = Outgoing("0193a", "+821000007001", "[돌봄] 확정\n20:00~23:00", "ko", int(NOW.timestamp()))
MOBILE = wishes.CENTRE._replace(id="mobile", name="새벽 돌봄센터", phone_night="010-0000-7001")
SECOND = MOBILE._replace(id="second", name="둘째 돌봄센터", phone_night="010-0000-7002")
OUT = NOW + timedelta(seconds=11)


def now() -> float:
    return NOW.timestamp()


# Over HTTP


async def post(service: Service, message: Outgoing = MESSAGE, total: float = PATIENCE) -> Outcome:
    async with webhook(service.url, KEY, now, total=total) as gateway:
        return await gateway(message)


async def test_a_message_arrives_signed_and_under_its_id() -> None:
    async with running() as service:
        assert await post(service) == Outcome("sent", "200")
    (body,), (headers,) = service.bodies, service.headers
    assert json.loads(body) == {
        "id": "0193a", "to": "+821000007001", "text": "[돌봄] 확정\n20:00~23:00", "language": "ko",
        "made_at": "2026-11-24T17:40:00+09:00",
    }  # fmt: skip
    assert headers["Idempotency-Key"] == "0193a"
    check(KEY, headers, body, now())
    with pytest.raises(CallcenterError):
        check(KEY, headers, body.replace(b"7001", b"7002"), now())


STATUSES = [
    (200, "sent"), (202, "sent"), (204, "sent"), (307, "refused"), (400, "refused"), (401, "refused"), (404, "refused"),
    (422, "refused"), (408, "later"), (409, "later"), (429, "later"), (500, "later"), (503, "later"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "state"), STATUSES)
async def test_what_the_service_answers_decides_what_becomes_of_it(status: int, state: str) -> None:
    async with running() as service:
        service.answers = [status]
        outcome = await post(service)
    assert (outcome.state, outcome.told) == (state, str(status))
    assert len(service.bodies) == 1


async def test_a_service_that_is_slow_or_away_is_asked_again_later() -> None:
    async with running() as service:
        service.wait = 5.0
        assert await post(service, total=0.2) == Outcome("later", "timeout")
    assert (await post(service)).state == "later"


async def test_who_listens_and_never_answers_holds_up_nothing_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        async with webhook(url, KEY, now, total=0.2) as gateway:
            assert await gateway(MESSAGE) == Outcome("later", "timeout")


ADDRESSES = [
    ("https://sms.example.kr/send", True), ("http://127.0.0.1:8080/", True), ("http://localhost/x", True),
    ("http://[::1]:8080/", True), ("http://sms.example.kr/send", False), ("http://127.0.0.1.example.kr/", False),
    ("ftp://sms.example.kr/", False), ("sms.example.kr", False), ("", False), ("https://", False),
    ("https://user:word@sms.example.kr/", False), ("http://[::1", False), ("https://a:b/", False),
]  # fmt: skip


@pytest.mark.parametrize(("url", "allowed"), ADDRESSES)
def test_names_and_numbers_go_to_another_computer_over_tls_only(url: str, allowed: bool) -> None:
    if allowed:
        check_address(url)
    else:
        with pytest.raises(BadAddress, check=lambda refusal: "word" not in str(refusal)):
            check_address(url)


def test_a_plain_address_can_be_allowed_and_a_short_secret_cannot() -> None:
    check_address("http://sms.example.kr/send", plain=True)
    assert read_secret(f" {SECRET}\n") == KEY
    with pytest.raises(NoMessageSecret):
        read_secret(SECRET[1:])


# As files


async def test_a_message_is_a_file_that_appears_whole_and_once(tmp_path: Path) -> None:
    send = file_gateway(tmp_path)
    assert await send(MESSAGE) == Outcome("sent", "file")
    assert await send(MESSAGE) == Outcome("sent", "file")
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["text"] == MESSAGE.text
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


async def test_a_folder_that_is_gone_or_full_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for missing in (folder, Path()):
        with pytest.raises(NoMessageFolder):
            file_gateway(missing)
    folder.mkdir()
    send = file_gateway(folder)
    folder.rmdir()
    assert (await send(MESSAGE)).state == "later"


# The process


@pytest.fixture
def sending(desk: Desk) -> Iterator[Desk]:
    """A desk that sends messages, with two providers that can be texted."""
    wishes.have(desk, MOBILE, SECOND)
    made = open_desk(desk.path, desk.reference, Random(8).randbytes, follow)
    yield made
    made.close()


class Clock:
    def __init__(self) -> None:
        self.now = OUT

    def __call__(self) -> datetime:
        return self.now


def sender(desk: Desk, gateway: Gateway, clock: Callable[[], datetime], said: list[object]) -> Sender:
    return Sender(lambda: open_desk(desk.path, desk.reference), gateway, clock, Random(3), said.append, said.append)


def of(desk: Desk, request_id: str) -> list[MessageRow]:
    return rows.messages_of_request(desk.connection, request_id)


def asked(desk: Desk, provider: str = MOBILE.id) -> str:
    request_id = wishes.take(
        desk, guardian=wishes.mother(f"010-0000-{1000 + wishes.entries(desk.connection)}")
    ).request_id
    make_offer(desk, OPERATOR, NOW, request_id, provider)
    return request_id


async def test_what_is_due_is_sent_and_noted_and_numbers_are_masked_where_it_is_told(sending: Desk) -> None:
    request_id, said, clock = asked(sending), list[object](), Clock()
    clock.now = NOW
    async with (
        running() as service,
        webhook(service.url, KEY, now) as gateway,
        sender(sending, gateway, clock, said) as process,
    ):
        assert await process.send_due() == 0
        clock.now = OUT
        assert await process.send_due() == 1
        assert await process.send_due() == 0
    assert [(row.state, row.result) for row in of(sending, request_id)] == [("sent", "200")]
    assert said == ["010-****-7001: sent"]
    assert service.headers[0]["Idempotency-Key"] == of(sending, request_id)[0].id


async def test_a_service_that_is_down_gets_it_when_it_is_up_again(sending: Desk) -> None:
    request_id, said, clock = asked(sending), list[object](), Clock()
    async with running() as service, webhook(service.url, KEY, now) as gateway:
        service.answers = [503, 503, 200]
        async with sender(sending, gateway, clock, said) as process:
            for _second in range(60):
                await process.send_due()
                clock.now += timedelta(seconds=1)
    assert [row.state for row in of(sending, request_id)] == ["sent"]
    assert len({headers["Idempotency-Key"] for headers in service.headers}) == 1
    assert len(service.bodies) == 3
    assert said == ["010-****-7001: not sent (503); tried again"] * 2 + ["010-****-7001: sent"]


async def test_several_leave_at_once_but_one_at_a_time_to_a_number(sending: Desk) -> None:
    for provider in (MOBILE, SECOND, MOBILE, SECOND):
        asked(sending, provider.id)
    async with running() as service, webhook(service.url, KEY, now) as gateway:
        service.together, service.wait = 2, 0.05
        async with sender(sending, gateway, Clock(), []) as process:
            while await process.send_due():
                pass
    assert len(service.bodies) == 4
    assert service.most_at_once == 2


async def test_a_desk_that_is_locked_is_written_to_with_the_next_look(
    sending: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.store.transactions.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("callcenter.gateways.message_sender.LOOK_SECONDS", 0.05)
    request_id, said, stop = asked(sending), list[object](), asyncio.Event()

    async def send(_message: Outgoing) -> Outcome:
        return Outcome("sent", "ok")

    process = Sender(
        lambda: open_desk(sending.path, sending.reference), send, Clock(), Random(3), said.append, said.append
    )
    async with process:
        sending.connection.execute("BEGIN IMMEDIATE")
        running_on = asyncio.create_task(process.run(stop))
        while not said:
            await asyncio.sleep(0.02)
        sending.connection.execute("COMMIT")
        while of(sending, request_id)[0].state != "sent":
            await asyncio.sleep(0.02)
        stop.set()
        await running_on
    assert isinstance(said[0], CallcenterError)


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    config = {"CALLCENTER_CONFIG": str(tmp_path / "config"), "CALLCENTER_LANG": "en"}
    return os.environ | config | {f"CALLCENTER_{name.upper()}": value for name, value in more.items()}


async def command(environ: dict[str, str], *arguments: str) -> "asyncio.subprocess.Process":
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callcenter", *arguments, env=environ, stdout=pipe, stderr=pipe
    )


async def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_id(
    sending: Desk, tmp_path: Path
) -> None:
    started = datetime.now(UTC) - timedelta(minutes=1)
    wish = wishes.wish(start=started + timedelta(hours=3), end=started + timedelta(hours=5))
    request_id = open_request(sending, OPERATOR, started, wish).request_id
    cancel_request(sending, OPERATOR, started, request_id, "withdrawn")
    (row,) = of(sending, request_id)
    async with running() as service:
        settings = environ(tmp_path, messages="webhook", messages_url=service.url, messages_secret=SECRET)
        process = await command(settings, "--db", str(sending.path), "messages", "run", "--once")
        service.before = lambda: os.kill(process.pid, signal.SIGKILL)
        await process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert of(sending, request_id)[-1].state == "leaving"

        service.before = lambda: None
        soon = await command(settings, "--db", str(sending.path), "messages", "run", "--once")
        await soon.communicate()
        assert (soon.returncode, len(service.bodies)) == (0, 1)

        later = Clock()
        later.now = datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS)
        async with webhook(service.url, KEY, now) as gateway, sender(sending, gateway, later, []) as again:
            assert await again.send_due() == 1
    assert of(sending, request_id)[-1].state == "sent"
    assert [headers["Idempotency-Key"] for headers in service.headers] == [row.id, row.id]


async def test_a_test_goes_past_the_outbox(tmp_path: Path, data: Reference) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    settings = environ(tmp_path, messages="file", messages_folder=str(folder))
    process = await command(settings, "messages", "try", "010-0000-7001")
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    (path,) = folder.iterdir()
    assert b"took it" in out
    assert json.loads(path.read_text(encoding="utf-8"))["to"] == "+821000007001"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "No gateway"),
        ({"messages": "file"}, "messages_folder"),
        ({"messages": "webhook", "messages_url": "http://sms.example.kr/"}, "https://"),
        ({"messages": "webhook", "messages_url": "https://sms.example.kr/"}, "CALLCENTER_MESSAGES_SECRET"),
    ],
)
async def test_a_gateway_that_is_not_set_up_says_what_is_missing(
    tmp_path: Path, more: dict[str, str], told: str
) -> None:
    process = await command(environ(tmp_path, **more), "messages", "try", "010-0000-7001")
    _out, err = await process.communicate()
    assert process.returncode == 1
    assert told in err.decode()
    assert "Traceback" not in err.decode()
