"""The door for the platform: applications over HTTP, signed, taken once each, answered when they are on the disk.

Nothing that was sent stands in an answer or in a log.
"""

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from ssl import Purpose, SSLContext, create_default_context
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from callcenter.desk.applications import ApplicationChanged, Standing, standing
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.gateways import intake_openapi
from callcenter.gateways.accepting import Accepting, TooManyWaiting
from callcenter.gateways.application import EXTERNAL_ID, MAX_BYTES, BadForm, read_application
from callcenter.gateways.intake_signature import BadSignature, BadTime, check
from callcenter.gateways.rate_limit import RateLimit
from callcenter.language import _, mark
from callcenter.store.engine import (
    DatabaseLocked,
    DatabaseUnwritable,
    explaining,
    open_reader,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

BODY_SECONDS = 10
RETRY_SECONDS = 5
_DRAIN_SECONDS = 10
_COLLECT_AFTER = 20_000
_HEADERS = {"Server": "callcenter", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_DOCS_HEADERS = {**_HEADERS, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TooLarge(CallcenterError):
    """The body is larger than an application may be. Values: limit."""

    code = "too_large"
    sentence = mark("The body is larger than {limit} bytes. Send one application at a time.")


class TooSlow(CallcenterError):
    """The body did not come in time. Values: seconds."""

    code = "too_slow"
    sentence = mark("The body did not come within {seconds} seconds. Send it again.")


class TooOften(CallcenterError):
    """The source came more often than it may."""

    code = "too_often"
    sentence = mark("Too many requests from this address. Wait as long as Retry-After says, then send it again.")


class UnknownApplication(CallcenterError):
    """No application of this identifier was taken."""

    code = "unknown_application"
    sentence = mark("No application with this identifier was taken here.")


class NoSuchPage(CallcenterError):
    """There is nothing at the path, or not with this method."""

    code = "no_such_page"
    sentence = mark("There is nothing here. See /docs for what is.")


class Fault(CallcenterError):
    """A fault of the program; nothing was taken."""

    code = "fault"
    sentence = mark("Something went wrong here, and the application was not taken. Send it again later.")


_STATUS: dict[type[CallcenterError], int] = {
    BadSignature: 401,
    BadTime: 401,
    UnknownApplication: 404,
    TooSlow: 408,
    ApplicationChanged: 409,
    TooLarge: 413,
    BadForm: 422,
    TooOften: 429,
    TooManyWaiting: 503,
    DatabaseLocked: 503,
    DatabaseUnwritable: 503,
}


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
        made = web.Application(middlewares=[_refusing], client_max_size=MAX_BYTES)
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
        return _json(201 if answer.state == "new" else 200, told)

    async def _get(self, request: web.Request) -> web.Response:
        self._count(request)
        check(self._secret, request.headers, request.raw_path.encode(errors="replace"), time())
        external_id = request.match_info["external_id"]
        found = await self._read(external_id) if EXTERNAL_ID.fullmatch(external_id) else None
        if found is None:
            raise UnknownApplication
        return _json(200, as_json(found))

    async def _openapi(self, request: web.Request) -> web.Response:
        self._count(request)
        return _json(200, intake_openapi.document())

    async def _docs(self, request: web.Request) -> web.Response:
        self._count(request)
        return web.Response(text=intake_openapi.page(), content_type="text/html", headers=_DOCS_HEADERS)

    async def _health(self, request: web.Request) -> web.Response:
        self._count(request)
        await self._read("")
        return _json(200, {"status": "ok"})

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


@web.middleware
async def _refusing(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Every refusal as JSON with its code; a fault of the program as one that says nothing of what was sent."""
    try:
        return await handler(request)
    except CallcenterError as refusal:
        return _refused(refusal)
    except web.HTTPException as found:
        # Of aiohttp's own: no such path or method, or a body that is no HTTP.
        answer = _json(found.status, {"code": NoSuchPage.code, "text": str(NoSuchPage())})
        if hdrs.ALLOW in found.headers:
            answer.headers[hdrs.ALLOW] = found.headers[hdrs.ALLOW]
        return answer
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - the last boundary: the sender is told, the log names the kind only
        print(_("A fault: {kind}. Please report this.").format(kind=_where(error)), file=sys.stderr, flush=True)
        return _json(500, {"code": Fault.code, "text": str(Fault())})


def _refused(refusal: CallcenterError) -> web.Response:
    status = _STATUS.get(type(refusal), 500)
    told: dict[str, Any] = {"code": refusal.code, "text": str(refusal)}
    headers: dict[str, str] = {}
    if isinstance(refusal, BadForm):
        told["text"] = _("The application has the wrong form. The fields are named in «errors».")
        told["errors"] = [mistake._asdict() for mistake in refusal.mistakes]
    elif isinstance(refusal, ApplicationChanged):
        told["external_id"] = refusal.values["external_id"]
        told["number"] = refusal.values["number"]
        told["state"] = refusal.values["progress"]
    elif isinstance(refusal, TooOften):
        headers[hdrs.RETRY_AFTER] = str(refusal.values["seconds"])
    elif status >= 500:
        # Where our files lie is nothing to tell the world.
        told["text"] = str(Fault())
        headers[hdrs.RETRY_AFTER] = str(RETRY_SECONDS)
    return _json(status, told, headers)


def _json(status: int, value: object, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(value, ensure_ascii=False).encode(),
        content_type="application/json",
        headers={**_HEADERS, **(headers or {})},
    )


def _where(error: BaseException) -> str:
    """The kind of an error and the line it comes from: never what it says, which may be about a person."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place


def _now() -> datetime:
    return datetime.now(UTC)
