"""What the door for the platform answers: JSON, a refusal with its code and status, and nothing of what was sent."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web

from callcenter.desk.applications import ApplicationChanged
from callcenter.errors import CallcenterError
from callcenter.gateways.accepting import TooManyWaiting
from callcenter.gateways.application import BadForm
from callcenter.gateways.intake_signature import BadSignature, BadTime
from callcenter.language import _, mark
from callcenter.store.engine import DatabaseLocked, DatabaseUnwritable

RETRY_SECONDS = 5
HEADERS = {"Server": "callcenter", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
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


@web.middleware
async def refusing(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Every refusal as JSON with its code; a fault of the program as one that says nothing of what was sent."""
    try:
        return await handler(request)
    except CallcenterError as refusal:
        return _refused(refusal)
    except web.HTTPException as found:
        # Of aiohttp's own: no such path or method, or a body that is no HTTP.
        answer = json_answer(found.status, {"code": NoSuchPage.code, "text": str(NoSuchPage())})
        if hdrs.ALLOW in found.headers:
            answer.headers[hdrs.ALLOW] = found.headers[hdrs.ALLOW]
        return answer
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - the last boundary: the sender is told, the log names the kind only
        print(_("A fault: {kind}. Please report this.").format(kind=_where(error)), file=sys.stderr, flush=True)
        return json_answer(500, {"code": Fault.code, "text": str(Fault())})


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
    return json_answer(status, told, headers)


def json_answer(status: int, value: object, headers: dict[str, str] | None = None) -> web.Response:
    """The value as JSON, with the headers of every answer and these besides."""
    return web.Response(
        status=status,
        body=json.dumps(value, ensure_ascii=False).encode(),
        content_type="application/json",
        headers={**HEADERS, **(headers or {})},
    )


def _where(error: BaseException) -> str:
    """The kind of an error and the line it comes from: never what it says, which may be about a person."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place
