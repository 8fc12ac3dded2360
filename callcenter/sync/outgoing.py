"""What a desk tells the centre: the next of its own entries, with what they touch."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.desk.session import Desk
from callcenter.journal.entry import Entry, header, header_text
from callcenter.store import joined as kept
from callcenter.store.entries import of_chain_after
from callcenter.sync.answers import Answer, Wanted
from callcenter.sync.link import encoded
from callcenter.sync.subjects import subjects_told
from callcenter.sync.wanted import touched, wanted

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_ENTRIES = 1000
MOST_BYTES = 1_000_000
_MOST_ERASED = 1000
_SETTLED_AT_ONCE = 100


class Push(NamedTuple):
    """A push as it goes over the wire: the entries behind a sequence number, the offers whose places it asks for."""

    behind: int
    batch: list[Entry]
    asked: list[str]
    argument: dict[str, Any]
    text: str


def made_ready(desk: Desk, chain: str, behind: int, batch: list[Entry], unsettled: Iterable[str]) -> Push:
    """A push of the batch, and of some of the offers whose places are to be asked for again."""
    asked = list(dict.fromkeys([*touched(desk.connection, batch), *islice(unsettled, _SETTLED_AT_ONCE)]))
    argument = push_argument(desk, chain, batch, asked)
    return Push(behind, batch, asked, argument, encoded(argument))


def next_batch(connection: "Connection", chain: str, acked: int, most: int = MOST_ENTRIES) -> list[Entry]:
    """The next entries of the chain behind the sequence number, at most so many or a megabyte of them.

    What one use case wrote, entries of one millisecond, is never torn; it may therefore be more.
    """
    batch: list[Entry] = []
    size = whole = 0
    for row in of_chain_after(connection, chain, acked):
        entry = Entry._make(row)
        if batch and entry.at != batch[-1].at:
            whole = len(batch)
            if whole >= most or size >= MOST_BYTES:
                return batch
        if whole and (len(batch) >= most or size >= MOST_BYTES):
            return batch[:whole]
        batch.append(entry)
        size += len(entry.body or "") + 512
    return batch


def push_argument(
    desk: Desk,
    chain: str,
    batch: Sequence[Entry],
    asked: Collection[str] | None = None,
    *,
    without_bodies: bool = False,
    recovered: bool = False,
) -> dict[str, Any]:
    """The argument of the centre's `push`: the entries, whom they are for, what the `asked` offers want now.

    Asked are those that the entries touch unless others are given. Without their bodies go entries that the centre
    cannot take; `recovered` ones are of another desk's chain.
    """
    offers = touched(desk.connection, batch) if asked is None else asked
    subjects = subjects_told(desk.connection, desk.reference.services, desk.programs, batch)
    return {
        "chain": chain,
        "entries": [wire(entry, without_body=without_bodies) for entry in batch],
        "subjects": [subject._asdict() for subject in subjects],
        "places": [place_item(one) for one in wanted(desk.connection, offers)],
        "erased": kept.emptied(desk.connection, _MOST_ERASED),
        "recovered": recovered,
    }


def wire(entry: Entry, *, without_body: bool = False) -> list[str | None]:
    """An entry as it goes over the wire."""
    body, salt = (None, None) if without_body else (entry.body, entry.salt)
    return [
        header_text(header(entry)),
        body,
        None if salt is None else salt.hex(),
        entry.body_digest.hex(),
        entry.prev.hex(),
        entry.digest.hex(),
    ]


def place_item(one: Wanted) -> dict[str, Any]:
    """What an offer wants, as it goes over the wire."""
    return {**one._asdict(), "keys": [list(key) for key in one.keys]}


def answer_of(said: dict[str, Any]) -> Answer:
    """What the centre answered of an offer; what a newer one says beside that is passed over."""
    return Answer(**{name: said[name] for name in Answer._fields if name in said})
