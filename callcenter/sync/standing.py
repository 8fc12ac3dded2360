"""How a desk stands with its centre: by what its file says, and whether the centre lets it in."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from callcenter.desk.link_state import SKEW_TOLD
from callcenter.desk.reading import desk_of
from callcenter.errors import CallcenterError
from callcenter.language import _, ngettext
from callcenter.store import joined as kept
from callcenter.store import parked
from callcenter.store.engine import explaining, open_reader
from callcenter.store.entries import chain_here
from callcenter.sync import joining
from callcenter.sync.centre import NoPsycopg
from callcenter.text import moments


@dataclass(frozen=True, slots=True)
class Standing:
    """The desk, and where its centre is, None for a desk on its own.

    `linked` says whether a program speaks to the centre at this moment; `waiting` counts own entries that the centre
    does not have, `parked` those that were set aside. Work that was over before `since` was not fetched.
    """

    desk: str
    centre: str | None
    chain: str
    linked: bool = False
    waiting: int = 0
    parked: int = 0
    since: str = ""
    clock_off_ms: int = 0
    file_lost: bool = False
    """The desk has joined, and its connection file is gone: it lies beside the database it was made for."""
    problem: str = ""
    """What keeps the desk from its centre just now, as far as that was tried."""


def standing(database: Path, now: datetime) -> Standing:
    """Read how the desk stands."""
    file = joining.kept_file(database)
    with closing(open_reader(database)) as connection, explaining(database):
        name, _programs = desk_of(connection, database)
        row = kept.joined(connection)
        chain, waiting = chain_here(connection), kept.waiting(connection)
        aside = parked.count(connection)
    if file is None or row is None:
        return Standing(name, None, chain, parked=aside, file_lost=row is not None)
    return Standing(
        name,
        f"{file.host}:{file.port}/{file.dbname}",
        chain,
        kept.is_live(row, int(now.timestamp())),
        waiting,
        aside,
        moments.moment(row.since // 1000).isoformat(),
        row.offset_ms,
    )


def tried(found: Standing, database: Path) -> Standing:
    """The same after a look whether the centre lets the desk in, where no program is connected to it."""
    file = joining.kept_file(database)
    if file is None or found.centre is None or found.linked:
        return found
    try:
        from callcenter.sync.link import open_link
    except ImportError:
        return replace(found, problem=str(NoPsycopg()))
    try:
        open_link(file).close()
    except CallcenterError as problem:
        return replace(found, problem=str(problem))
    return found


def told(found: Standing) -> str:
    """The same in sentences, a line each."""
    if found.file_lost:
        lost = _(
            "Desk {desk} has joined a centre, but its connection file is gone. Join again, or «sync leave --anyway»."
        )
        return lost.format(desk=found.desk)
    if found.centre is None:
        return _("Desk {desk} works on its own.").format(desk=found.desk)
    lines = [
        _("Desk {desk} has joined the centre at {centre}.").format(desk=found.desk, centre=found.centre),
        _("A program is connected to it now.")
        if found.linked
        else found.problem or _("No program is connected to it now."),
        ngettext("{count} entry waits to be sent.", "{count} entries wait to be sent.", found.waiting).format(
            count=found.waiting
        ),
    ]
    if found.parked:
        lines.append(
            ngettext("{count} entry was set aside.", "{count} entries were set aside.", found.parked).format(
                count=found.parked
            )
        )
    skew = timedelta(milliseconds=found.clock_off_ms)
    if abs(skew) > SKEW_TOLD:
        seconds = abs(round(skew.total_seconds()))
        lines.append(_("This computer's clock differs from the centre's by {seconds} seconds.").format(seconds=seconds))
    return "\n".join(lines)
