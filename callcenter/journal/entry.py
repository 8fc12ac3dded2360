"""An entry of the journal: its identifier, its place in time, its digests."""

import json
from hashlib import sha256
from typing import NamedTuple

GENESIS = bytes(32)
_HLC_COUNTER_BITS = 16


class Entry(NamedTuple):
    """One immutable fact, in the order of the table's columns. `at` is milliseconds since 1970 in UTC."""

    id: str
    desk: str
    seq: int
    hlc: int
    at: int
    actor: str
    kind: str
    subject: str
    version: int
    body: str | None
    salt: bytes | None
    body_digest: bytes
    prev: bytes
    digest: bytes


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no escapes."""
    return _ENCODER.encode(value)


def uuid7(milliseconds: int, entropy: bytes) -> str:
    """A UUID of version 7 (RFC 9562 5.7) from the time and ten random bytes."""
    bits = milliseconds << 80 | int.from_bytes(entropy[:10], "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def next_hlc(last: int, milliseconds: int) -> int:
    """The next hybrid logical clock: never behind the last one seen, close to the wall clock."""
    return max(last + 1, milliseconds << _HLC_COUNTER_BITS)


def digest_of_body(salt: bytes, body: str) -> bytes:
    """The digest that stays when body and salt are erased; the salt keeps a short body from being guessed."""
    return sha256(salt + body.encode()).digest()


def digest_of_entry(
    prev: bytes, header: tuple[str, str, int, int, int, str, str, str, int], body_digest: bytes
) -> bytes:
    """The link of the chain: header is id, desk, seq, hlc, at, actor, kind, subject, version."""
    return sha256(prev + canonical(header).encode() + body_digest).digest()


def header(entry: Entry) -> tuple[str, str, int, int, int, str, str, str, int]:
    """The part of an entry that is chained beside its body's digest."""
    return entry[:9]
