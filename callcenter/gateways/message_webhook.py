"""Messages over HTTP, to whatever service the centre has for text messages.

POST of one JSON object. `Idempotency-Key` is the message's id, the same whenever it is sent again; `X-Signature` is the
HMAC-SHA256 of `X-Timestamp`, a dot and the body, as the platform signs its applications.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from callcenter.errors import CallcenterError
from callcenter.gateways.intake_signature import SHORTEST_SECRET, SIGNATURE, TIMESTAMP, signature
from callcenter.gateways.message_gateway import Gateway, Outcome, Outgoing, as_json
from callcenter.language import mark

if TYPE_CHECKING:
    from aiohttp import ClientSession

TOTAL_SECONDS = 10.0
IDEMPOTENCY = "Idempotency-Key"
# Refusals that time may mend: a time-out, a twin under way, too early, too many.
_LATER = frozenset({408, 409, 425, 429})


class BadAddress(CallcenterError):
    """The address of the service is none, or not one to send names over. Values: url."""

    code = "bad_message_address"
    sentence = mark("Messages cannot be sent to «{url}»: messages_url needs https://, or http:// on this computer.")


class NoMessageSecret(CallcenterError):
    """The secret shared with the service can be guessed, or there is none. Values: least."""

    code = "no_message_secret"
    sentence = mark(
        "The secret shared with the text message service needs at least {least} characters. Put it into "
        "CALLCENTER_MESSAGES_SECRET, or into the file that messages_secret_file names."
    )


def read_secret(text: str) -> bytes:
    """The shared secret without the blanks and the line end around it; raises `NoMessageSecret`."""
    secret = text.strip().encode()
    if len(secret) < SHORTEST_SECRET:
        raise NoMessageSecret(least=SHORTEST_SECRET)
    return secret


def check_address(url: str, *, plain: bool = False) -> None:
    """Raise `BadAddress` unless nobody on the way can read what is sent there, or `plain` says that this is known."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(url=url) from None
    if not host or parts.scheme not in ("https", "http") or parts.username is not None:
        raise BadAddress(url=_without_password(url))
    if parts.scheme == "http" and not plain and not _is_here(host):
        raise BadAddress(url=url)


@asynccontextmanager
async def webhook(
    url: str, secret: bytes, clock: Callable[[], float], *, plain: bool = False, total: float = TOTAL_SECONDS
) -> AsyncIterator[Gateway]:
    """A gateway to the address; `clock` gives seconds since 1970, `total` is the time that one message may take."""
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

    check_address(url, plain=plain)
    async with ClientSession(timeout=ClientTimeout(total=total), cookie_jar=DummyCookieJar()) as session:

        async def send(message: Outgoing) -> Outcome:
            return await _post(session, url, secret, message, clock)

        yield send


async def _post(
    session: "ClientSession", url: str, secret: bytes, message: Outgoing, clock: Callable[[], float]
) -> Outcome:
    from aiohttp import ClientError

    body, stamp = as_json(message), str(int(clock()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        IDEMPOTENCY: message.id,
        TIMESTAMP: stamp,
        SIGNATURE: signature(secret, stamp, body),
    }
    try:
        # Signed for this address: what it redirects to is not what was meant.
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return _outcome(response.status)
    except TimeoutError:
        return Outcome("later", "timeout")
    except (ClientError, OSError) as error:
        return Outcome("later", error.__class__.__name__)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome("sent", str(status))
    return Outcome("later" if status >= 500 or status in _LATER else "refused", str(status))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without_password(url: str) -> str:
    return url.rpartition("@")[2] if "@" in url else url
