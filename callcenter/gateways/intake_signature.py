"""The signature of a request from the platform: HMAC-SHA256 over its time stamp and what it says."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256

from callcenter.errors import CallcenterError
from callcenter.language import mark

TIMESTAMP, SIGNATURE = "X-Timestamp", "X-Signature"
TOLERANCE_SECONDS = 300
SHORTEST_SECRET = 32
_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNED = re.compile(r"sha256=[0-9a-f]{64}", re.ASCII)


class BadSignature(CallcenterError):
    """The signature is missing, has the wrong form or was made with another secret or over something else."""

    code = "bad_signature"
    sentence = mark("The signature is wrong. Sign the time stamp, a dot and the body with the shared secret.")


class BadTime(CallcenterError):
    """The time stamp is missing or too far from our clock. Values: seconds."""

    code = "bad_time"
    sentence = mark("The time stamp is more than {seconds} seconds from our clock. Set the clock and sign again.")


class ShortSecret(CallcenterError):
    """The shared secret can be guessed, or there is none. Values: least."""

    code = "short_secret"
    sentence = mark(
        "The secret shared with the platform needs at least {least} characters. Put it into CALLCENTER_INTAKE_SECRET "
        "or a file for --secret-file."
    )


def read_secret(text: str) -> bytes:
    """The shared secret without the blanks and the line end around it; raises `ShortSecret`."""
    secret = text.strip().encode()
    if len(secret) < SHORTEST_SECRET:
        raise ShortSecret(least=SHORTEST_SECRET)
    return secret


def signature(secret: bytes, stamp: str, said: bytes) -> str:
    """What stands in `X-Signature` when `stamp` (seconds since 1970) stands in `X-Timestamp`."""
    return "sha256=" + hmac.new(secret, stamp.encode() + b"." + said, sha256).hexdigest()


def check(secret: bytes, headers: Mapping[str, str], said: bytes, now: float) -> None:
    """Raise `BadSignature` or `BadTime` unless the headers sign what was said, within five minutes of `now`."""
    stamp, signed = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not _STAMP.fullmatch(stamp) or not _SIGNED.fullmatch(signed):
        raise BadSignature
    if not hmac.compare_digest(signature(secret, stamp, said), signed):
        raise BadSignature
    # Only who has the secret learns how far apart the clocks are.
    if abs(int(stamp) - now) > TOLERANCE_SECONDS:
        raise BadTime(seconds=TOLERANCE_SECONDS)
