"""How a desk stands with its centre by what its file says, without asking anybody."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from callcenter.desk.session import desk_of
from callcenter.store import joined as kept
from callcenter.store import parked
from callcenter.store.engine import explaining, open_reader
from callcenter.store.entries import chain_here, last_of_desk
from callcenter.sync import joining
from callcenter.text import moments


def standing(database: Path, now: datetime) -> dict[str, object]:
    """One line: the centre and the chain, what waits, whether a program holds the link, what was set aside."""
    file = joining.kept_file(database)
    with closing(open_reader(database)) as connection, explaining(database):
        name, _programs = desk_of(connection, database)
        row = kept.joined(connection)
        chain = chain_here(connection)
        last = last_of_desk(connection, chain)
        aside = parked.count(connection)
    if file is None or row is None:
        return {"desk": name, "centre": None}
    acked = row.acked if row.chain == chain else 0
    return {
        "desk": name,
        "centre": f"{file.host}:{file.port}/{file.dbname}",
        "chain": chain,
        "linked": kept.is_live(row, int(now.timestamp())),
        "waiting": max(0, (last[0] if last else 0) - acked),
        "parked": aside,
        "since": moments.moment(row.since // 1000).isoformat(),
        "clock_off_ms": row.offset_ms,
    }
