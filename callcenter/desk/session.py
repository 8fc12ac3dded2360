"""An open desk: its file, its name, its reference data; and the one transaction of a use case."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from callcenter.desk.link_state import ALONE, LinkState
from callcenter.desk.reading import desk_of
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.reference import Reference
from callcenter.store.engine import explaining, is_folded, open_writer
from callcenter.store.joined import claim_now
from callcenter.store.transactions import writing

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.chain import Chain


class NotFound(CallcenterError):
    """What the operator acted on is not there (any more). Values: what."""

    code = "not_found"
    sentence = mark("{what} is not there any more. Look at the queue again.")


class NaiveTime(CallcenterError):
    """A time without a zone was passed in: a fault of the program, not of the operator."""

    code = "naive_time"
    sentence = mark("A time without its zone was given. Please report this.")


Follow = Callable[["Desk", "Chain", datetime], None]
Claim = Literal["alone", "asked", "provisional"]
"""How far the places of a new offer are the desk's own: no other desk can take them, the centre is asked for them as
soon as they are written, or it cannot be asked now."""


def no_link() -> LinkState:
    """How a desk stands with a centre that it has not, or that another program speaks to."""
    return ALONE


@dataclass(frozen=True)
class Desk:
    """An open desk that can be written to. One thread uses it at a time."""

    path: Path
    connection: "Connection"
    reference: Reference
    name: str
    programs: tuple[str, ...]
    entropy: Callable[[int], bytes] = os.urandom
    follow: "Follow | None" = None
    """What else a transaction's entries call for, in the same transaction: the messages of a desk that sends any."""
    claim: Callable[[], Claim] | None = None
    """What a program that speaks to the centre itself knows of it; without one the file is asked, see `claim_at`."""
    link: Callable[[], LinkState] = no_link
    """How it stands with the centre; asked inside transactions, so it answers at once from what was last heard."""

    @contextmanager
    def writing(self, actor: str, now: datetime) -> Iterator["Chain"]:
        """One transaction that ends in a commit, or changes nothing; entries go through the chain it gives."""
        with explaining(self.path), writing(self.connection):
            chain = self._chain(actor, now)
            if self.follow is not None:
                chain.said = []
            yield chain
            if self.follow is not None:
                self.follow(self, chain, now)

    @contextmanager
    def writing_much(self, actor: str, now: datetime) -> Iterator[tuple["Desk", "Chain"]]:
        """The same for many entries, whose rows are written many at once; only the desk it gives reads all of them."""
        from callcenter.store.writes import Gathering

        with explaining(self.path), writing(self.connection):
            gathering = Gathering(self.connection)
            held = replace(self, connection=cast("Connection", gathering))
            yield held, held._chain(actor, now)
            gathering.write()

    def _chain(self, actor: str, now: datetime) -> "Chain":
        # The journal's models cost half a second to import; only the first write pays it.
        from callcenter.journal.chain import Chain
        from callcenter.store.entries import chain_here

        if now.tzinfo is None:
            raise NaiveTime
        return Chain(self.connection, chain_here(self.connection), actor, int(now.timestamp() * 1000), self.entropy)

    def claim_at(self, now: datetime) -> Claim:
        """How far places that are taken now are the desk's own."""
        return self.claim() if self.claim is not None else claim_now(self.connection, seconds(now))

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def open_desk(
    path: Path,
    reference: Reference,
    entropy: Callable[[int], bytes] = os.urandom,
    follow: "Follow | None" = None,
    claim: Callable[[], Claim] | None = None,
    link: Callable[[], LinkState] = no_link,
) -> Desk:
    """Open a desk's database for writing; folds the journal again when a newer program should know more of it."""
    from callcenter.journal import history

    connection = open_writer(path)
    try:
        with explaining(path):
            if not is_folded(connection):
                with writing(connection):
                    history.rebuild(connection)
            name, programs = desk_of(connection, path)
    except BaseException:
        connection.close()
        raise
    return Desk(path, connection, reference, name, programs, entropy, follow, claim, link)


def seconds(moment: datetime) -> int:
    """The moment as the tables keep it: whole seconds since 1970 in UTC."""
    if moment.tzinfo is None:
        raise NaiveTime
    return int(moment.timestamp())
