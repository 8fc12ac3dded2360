"""Appending to a desk's own chain of entries, inside the caller's transaction."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from callcenter.journal.bodies import Body
from callcenter.journal.entry import (
    GENESIS,
    Entry,
    canonical,
    digest_of_body,
    digest_of_entry,
    next_hlc,
    uuid7,
)
from callcenter.journal.fold import take_in
from callcenter.journal.strict import contested_before, refuse_contested
from callcenter.store import entries as rows

if TYPE_CHECKING:
    from sqlite3 import Connection

_ID_BYTES = 8
_SALT_BYTES = 16


class Chain:
    """The end of a desk's chain during one transaction: every `append` is journalled and folded at once."""

    def __init__(
        self,
        connection: "Connection",
        desk: str,
        actor: str,
        milliseconds: int,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._connection = connection
        self._desk = desk
        self._actor = actor
        self._at = milliseconds
        self._entropy = entropy
        self._seq, self._prev = rows.last_of_desk(connection, desk) or (0, GENESIS)
        self._hlc = rows.last_clock(connection)
        self._begun: set[str] = set()
        self.counters: dict[str, int] = {}
        """What was counted up in this transaction, in which nobody else can count."""
        self.said: list[tuple[str, Body]] | None = None
        """Each entry's subject and body, where somebody asked that they be kept."""

    def new_id(self) -> str:
        """An identifier for something that begins with the next entry."""
        drawn = uuid7(self._at, next_hlc(self._hlc, self._at), self._entropy(_ID_BYTES))
        # Of what begins in this transaction no other desk can know; asking the tables would cost more than writing it.
        self._begun.add(drawn)
        return drawn

    def append(self, subject: str, body: Body) -> Entry:
        """Journal the body as the next entry of the desk about the subject, and fold it.

        Raises `store.engine.Taken` when it takes a place that another offer has.
        """
        text = canonical(body.model_dump(mode="json"))
        drawn = self._entropy(_ID_BYTES + _SALT_BYTES)
        salt = drawn[_ID_BYTES:]
        body_digest = digest_of_body(salt, text)
        hlc = next_hlc(self._hlc, self._at)
        seq = self._seq + 1
        header = (
            # In the order of the clock, so that what was written in one millisecond stays in its order.
            uuid7(self._at, hlc, drawn),
            self._desk,
            seq,
            hlc,
            self._at,
            self._actor,
            body.kind,
            subject,
            body.version,
        )
        digest = digest_of_entry(self._prev, header, body_digest)
        is_begun = subject in self._begun
        if body.personal and not is_begun and rows.is_erased_elsewhere(self._connection, subject, self._desk):
            # At the other desks nobody can tell it from what was written in ignorance of the erasure.
            entry = Entry(*header, None, None, body_digest, self._prev, digest)
        else:
            entry = Entry(*header, text, salt, body_digest, self._prev, digest)
        before = contested_before(self._connection, subject, body)
        rows.insert(self._connection, entry)
        take_in(self._connection, entry, body, shared=False if is_begun else None)
        refuse_contested(self._connection, subject, body, before)
        if self.said is not None:
            self.said.append((subject, body))
        self._seq, self._prev, self._hlc = seq, digest, hlc
        return entry
