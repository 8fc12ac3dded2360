"""`POST /v1/calls`: telephone events over HTTP, for a program on this computer that knows what the telephone does."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from callcenter.desk.call_events import CallEvent, CallReceived
from callcenter.errors import CallcenterError
from callcenter.gateways.telephone_event import MAX_BYTES, BadEvent, read_event
from callcenter.gateways.telephone_recorder import PASSING, TooManyEvents

_BODY_SECONDS = 10.0
_STATUS = {"too_large": 413, "bad_json": 400}

Record = Callable[[CallEvent], Awaitable[CallReceived]]


def is_loopback(host: str) -> bool:
    """Whether a host, as a name or an address, is this computer and nothing else."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def host_allowed(header: str, bound: str) -> bool:
    """Whether a `Host` names us: this computer, the host we were told to listen at, or, beyond loopback, an address.

    A name that somebody else's name server points at us (DNS rebinding) is none of them.
    """
    try:
        found = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if is_loopback(bound):
        return is_loopback(found)
    try:
        ip_address(found)
    except ValueError:
        return is_loopback(found) or found == bound.lower()
    return True


def application(record: Record, token: str, bound: str) -> web.Application:
    """The HTTP application; `bound` is the host it listens at."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A page in the operator's browser can reach this port too: it shows itself by its Origin or a foreign Host.
        if hdrs.ORIGIN in request.headers or not host_allowed(request.headers.get(hdrs.HOST, ""), bound):
            return _refused(403, "forbidden")
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "too_large")
        except web.HTTPMethodNotAllowed as wrong:
            return _refused(405, "method_not_allowed", headers={hdrs.ALLOW: ", ".join(sorted(wrong.allowed_methods))})
        except web.HTTPException as wrong:
            return _refused(wrong.status, "not_found" if wrong.status == 404 else "refused")

    async def calls(request: web.Request) -> web.Response:
        if not _authorized(request, token):
            return _refused(401, "unauthorized", headers={hdrs.WWW_AUTHENTICATE: "Bearer"})
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return _refused(408, "too_slow")
        try:
            found = await record(read_event(body))
        except BadEvent as wrong:
            problem = str(wrong.values["problem"])
            return _refused(_STATUS.get(problem, 422), problem, wrong.values["field"])
        except (TooManyEvents, *PASSING) as wrong:
            return _refused(503, wrong.code, headers={hdrs.RETRY_AFTER: "1"})
        except CallcenterError as wrong:
            return _refused(422, wrong.code)
        return web.json_response({"call": found.call_id, "state": found.state, "changed": found.changed}, status=202)

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application(middlewares=[guard], client_max_size=MAX_BYTES)
    app.router.add_post("/v1/calls", calls)
    app.router.add_get("/healthz", health)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which the system chooses for 0. Raises OSError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, keepalive_timeout=75.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def same_token(given: str, token: str) -> bool:
    """Whether the tokens are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _authorized(request: web.Request, token: str) -> bool:
    scheme, _sign, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return scheme.lower() == "bearer" and same_token(given.strip(), token)


def _refused(status: int, error: str, field: object = None, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": error, "field": field}, status=status, headers=headers)
