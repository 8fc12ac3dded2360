"""Entries as a desk sends them: chains with true digests, made without a desk's database."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from callcenter.journal.entry import GENESIS, Entry, digest_of_body, digest_of_entry, header, header_text, uuid7

Wire = list[str | None]
NOW = 1_795_000_000_000
"""Milliseconds: an evening of November 2026."""


@dataclass(slots=True)
class Writer:
    """One chain that grows; every entry one millisecond after the other, unless told otherwise."""

    chain: str
    at: int = NOW
    entries: list[Entry] = field(default_factory=list)
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.chain)

    def write(self, subject: str, *, kind: str = "note.added", text: str = "", at: int | None = None) -> Entry:
        """The next entry of the chain."""
        self.at = self.at + 1 if at is None else at
        seq = len(self.entries) + 1
        identifier = uuid7(self.at, seq, self.random.randbytes(8))
        head = (identifier, self.chain, seq, (self.at << 16) + seq, self.at, "김상담", kind, subject, 1)
        body = json.dumps({"text": text or f"note {seq}"}, ensure_ascii=False)
        salt = self.random.randbytes(16)
        body_digest = digest_of_body(salt, body)
        prev = self.entries[-1].digest if self.entries else GENESIS
        entry = Entry(*head, body, salt, body_digest, prev, digest_of_entry(prev, head, body_digest))
        self.entries.append(entry)
        return entry

    def hello(self, **more: object) -> dict[str, Any]:
        """What this chain's desk says first."""
        last = self.entries[-1].digest.hex() if self.entries else None
        return {"chain": self.chain, "app_version": "1", "last_seq": len(self.entries), "last_digest": last, **more}

    def batch(self, since: int = 0, **more: object) -> dict[str, Any]:
        """A push of the entries after a sequence number."""
        return {"chain": self.chain, "entries": [wire(one) for one in self.entries[since:]], **more}


def wire(entry: Entry) -> Wire:
    """An entry as it goes over the wire."""
    salt = entry.salt.hex() if entry.salt is not None else None
    text = header_text(header(entry))
    return [text, entry.body, salt, entry.body_digest.hex(), entry.prev.hex(), entry.digest.hex()]


def call(connection: "Connection[Any]", function: str, argument: object) -> dict[str, Any]:
    """Call hello, push or claim."""
    row = connection.execute(f"SELECT callcenter.{function}(%s)", (Jsonb(argument),)).fetchone()
    assert row is not None
    answer: dict[str, Any] = row[0]
    return answer


def calls(connection: "Connection[Any]", function: str, argument: object) -> list[dict[str, Any]]:
    """Call what answers with a list: work, or claim with several questions."""
    row = connection.execute(f"SELECT callcenter.{function}(%s)", (Jsonb(argument),)).fetchone()
    assert row is not None
    answer: list[dict[str, Any]] = row[0]
    return answer


@dataclass(slots=True)
class Reader:
    """A desk's cursor, and the identifiers it has pulled in the order they came."""

    connection: "Connection[Any]"
    own: str | None = None
    since: int = 0
    cursor: tuple[str, int] = ("0", 0)
    seen: list[str] = field(default_factory=list)
    tail: bool = False

    def page(self, limit: int = 500) -> tuple[list[tuple[Any, ...]], bool]:
        """One pull: its rows, and whether there is more."""
        rows = self.connection.execute(
            "SELECT * FROM callcenter.pull(%s, %s, %s, %s, %s)", (*self.cursor, limit, self.since, self.own)
        ).fetchall()
        marker = rows.pop()
        self.cursor = (marker[0], marker[1])
        self.tail = marker[9]["tail"]
        self.seen += [json.loads(row[3])[0] for row in rows]
        return rows, marker[9]["more"]

    def all(self, limit: int = 500) -> list[str]:
        """Pull until there is no more; the identifiers that came now."""
        before = len(self.seen)
        while self.page(limit)[1]:
            pass
        return self.seen[before:]
