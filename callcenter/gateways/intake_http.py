"""The door for the platform: applications over HTTP, signed, taken once each, answered when they are on the disk.

Nothing that was sent stands in an answer or in a log.
"""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from ssl import Purpose, SSLContext, create_default_context
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from callcenter.desk.applications import ApplicationChanged, Standing, standing
from callcenter.desk.session import Desk
from callcenter.gateways import intake_openapi
from callcenter.gateways.accepting import Accepting
from callcenter.gateways.application import EXTERNAL_ID, MAX_BYTES, read_application
from callcenter.gateways.intake_answers import (
    HEADERS,
    TooLarge,
    TooOften,
    TooSlow,
    UnknownApplication,
    json_answer,
    refusing,
)
from callcenter.gateways.intake_signature import check
from callcenter.gateways.rate_limit import RateLimit
from callcenter.store.engine import explaining, open_reader

if TYPE_CHECKING:
    from sqlite3 import Connection

BODY_SECONDS = 10
_DRAIN_SECONDS = 10
_COLLECT_AFTER = 20_000
_DOCS_HEADERS = {**HEADERS, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server listens and whom it lets in. `rate` is how many a second one source may send."""

    host: str
    port: int
    secret: bytes
    rate: int
    tls: SSLContext | None = None


class Intake:
    """The pages of the server, over one desk."""

    def __init__(self, path: Path, open_desk: Callable[[], Desk], secret: bytes, rate: int) -> None:
        self._path = path
        self._secret = secret
        self._limit = RateLimit(rate, rate * 4)
        self._accepting = Accepting(open_desk, _now)
        self._reading = ThreadPoolExecutor(1, "reading")
        self._reader: Connection | None = None

    def application(self) -> web.Application:
        """The aiohttp application."""
        made = web.Application(middlewares=[refusing], client_max_size=MAX_BYTES)
        made.router.add_post("/v1/applications", self._post)
        made.router.add_get("/v1/applications/{external_id}", self._get)
        made.router.add_get("/openapi.json", self._openapi)
        made.router.add_get("/docs", self._docs)
        made.router.add_get("/healthz", self._health)
        made.on_startup.append(self._start)
        made.on_cleanup.append(self._stop)
        return made

    async def _start(self, _made: web.Application) -> None:
        self._accepting.start(asyncio.get_running_loop())

    async def _stop(self, _made: web.Application) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._accepting.stop)
        self._reading.shutdown()
        if self._reader is not None:
            self._reader.close()

    async def _post(self, request: web.Request) -> web.Response:
        self._count(request)
        body = await _body(request)
        check(self._secret, request.headers, body, time())
        application = read_application(body)
        answer = await self._accepting.accept(application)
        if isinstance(answer, ApplicationChanged):
            raise answer
        told = {"external_id": application.external_id, "number": answer.number, "state": answer.progress}
        return json_answer(201 if answer.state == "new" else 200, told)

    async def _get(self, request: web.Request) -> web.Response:
        self._count(request)
        check(self._secret, request.headers, request.raw_path.encode(errors="replace"), time())
        external_id = request.match_info["external_id"]
        found = await self._read(external_id) if EXTERNAL_ID.fullmatch(external_id) else None
        if found is None:
            raise UnknownApplication
        return json_answer(200, as_json(found))

    async def _openapi(self, request: web.Request) -> web.Response:
        self._count(request)
        return json_answer(200, intake_openapi.document())

    async def _docs(self, request: web.Request) -> web.Response:
        self._count(request)
        return web.Response(text=intake_openapi.page(), content_type="text/html", headers=_DOCS_HEADERS)

    async def _health(self, request: web.Request) -> web.Response:
        self._count(request)
        await self._read("")
        return json_answer(200, {"status": "ok"})

    def _count(self, request: web.Request) -> None:
        wait = self._limit.wait(request.remote or "", monotonic())
        if wait:
            raise TooOften(seconds=int(wait) + 1)

    async def _read(self, external_id: str) -> Standing | None:
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._standing, external_id)

    def _standing(self, external_id: str) -> Standing | None:
        """In the thread that reads."""
        with explaining(self._path):
            if self._reader is None:
                self._reader = open_reader(self._path)
            return standing(self._reader, external_id)


def as_json(found: Standing) -> dict[str, Any]:
    """What the platform is told of an application; times are ISO 8601 in UTC."""
    told = found._asdict()
    told["state"] = told.pop("progress")
    for name in ("received_at", "changed_at", "start_at", "end_at"):
        told[name] = datetime.fromtimestamp(told[name], UTC).isoformat()
    return told


def tls_of(cert: Path | None, key: Path | None) -> SSLContext | None:
    """The TLS that the files give, or None without a certificate; the key may be in the certificate's file."""
    if cert is None:
        return None
    found = create_default_context(Purpose.CLIENT_AUTH)
    found.load_cert_chain(cert, key)
    return found


async def told_to_end() -> None:
    """Return when the process is told to end."""
    end = asyncio.Event()
    for name in ("SIGTERM", "SIGINT"):
        # Windows has no handlers on its loop; there Ctrl+C ends the loop itself.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), end.set)
    await end.wait()


async def serve(
    door: Door,
    path: Path,
    open_desk: Callable[[], Desk],
    told: Callable[[str], None],
    until: Callable[[], Awaitable[object]] = told_to_end,
) -> None:
    """Listen for as long as `until` waits; what was begun is answered first. `told` is given the address."""
    # A desk that cannot be opened is told at the start, not to the first who comes.
    with closing(await asyncio.to_thread(open_desk)):
        pass
    intake = Intake(path, open_desk, door.secret, door.rate)
    runner = web.AppRunner(intake.application(), access_log=None, shutdown_timeout=_DRAIN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, door.host, door.port, ssl_context=door.tls)
        await site.start()
        host, port = runner.addresses[0][:2]
        scheme = "https" if door.tls else "http"
        # What is loaded now stays; the collector need not look at it again and again, nor after every few requests.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        told(f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}")
        await until()
    finally:
        await runner.cleanup()


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > MAX_BYTES:
        raise TooLarge(limit=MAX_BYTES)
    try:
        if request.content.is_eof():
            # It came along with the head, as nearly all do: no clock to set.
            return await request.read()
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(limit=MAX_BYTES) from None
    except TimeoutError:
        raise TooSlow(seconds=BODY_SECONDS) from None


def _now() -> datetime:
    return datetime.now(UTC)
