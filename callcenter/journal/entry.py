"""An entry of the journal: its identifier, its place in time, its digests."""

import json
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple

GENESIS = bytes(32)
HLC_COUNTER_BITS = 16
"""The lower bits of a clock count; above them are its milliseconds."""
# The four bits where a UUID says its variant in the upper two.
_VARIANT = "89ab" * 4


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


def desk_name(chain: str) -> str:
    """The desk that writes a chain of entries: `A` writes `A`, and after its file was restored or copied `A~2`."""
    return chain.partition("~")[0]


def incarnation(chain: str) -> int:
    """Which of a desk's chains it is: 1 of `A`, 2 of `A~2`."""
    return int(chain.partition("~")[2] or 1)


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no escapes."""
    return _ENCODER.encode(value)


def uuid7(milliseconds: int, counter: int, entropy: bytes) -> str:
    """A UUID of version 7 (RFC 9562 5.7) from the time, the low 12 bits of a counter (6.2), and eight random bytes."""
    time = f"{milliseconds:012x}"
    drawn = entropy.hex()
    return f"{time[:8]}-{time[8:]}-7{counter & 0xFFF:03x}-{_VARIANT[entropy[0] >> 4]}{drawn[1:4]}-{drawn[4:16]}"


def next_hlc(last: int, milliseconds: int) -> int:
    """The next hybrid logical clock: never behind the last one seen, close to the wall clock."""
    return max(last + 1, milliseconds << HLC_COUNTER_BITS)


def digest_of_body(salt: bytes, body: str) -> bytes:
    """The digest that stays when body and salt are erased; the salt keeps a short body from being guessed."""
    return sha256(salt + body.encode()).digest()


def digest_of_entry(
    prev: bytes, header: tuple[str, str, int, int, int, str, str, str, int], body_digest: bytes
) -> bytes:
    """The link of the chain: header is id, desk, seq, hlc, at, actor, kind, subject, version."""
    return sha256(prev + header_text(header).encode() + body_digest).digest()


def header_text(header: tuple[str, str, int, int, int, str, str, str, int]) -> str:
    """The header as `canonical` writes it, in a fifth of the time: an entry needs it once, a proof once more each."""
    identifier, desk, seq, hlc, at, actor, kind, subject, version = header
    names = f"{_quoted(identifier)},{_quoted(desk)},{seq},{hlc},{at}"
    return f"[{names},{_quoted(actor)},{_quoted(kind)},{_quoted(subject)},{version}]"


def header(entry: Entry) -> tuple[str, str, int, int, int, str, str, str, int]:
    """The part of an entry that is chained beside its body's digest."""
    return entry[:9]
