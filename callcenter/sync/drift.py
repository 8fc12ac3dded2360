"""Finding what got lost between a desk and its centre, whatever way: buckets of digests compared, and mended."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.session import Desk
from callcenter.store import entries as rows
from callcenter.store import joined as kept
from callcenter.store.engine import explaining
from callcenter.store.transactions import writing
from callcenter.sync import incoming

if TYPE_CHECKING:
    from callcenter.sync.exchange import Exchange
    from callcenter.sync.link import Link

LOOKED_BACK = timedelta(days=30)
_AT_ONCE = 500


class Mended(NamedTuple):
    """What was found: entries that came late, and chains of which the centre lacks entries."""

    fetched: int
    chains: tuple[str, ...]


def mend(desk: Desk, link: "Link", exchange: "Exchange", now: datetime, looked_back: timedelta = LOOKED_BACK) -> Mended:
    """Compare what was written of late here and at the centre; fetch what is missing here, offer what is missing there.

    Of our own chain the centre cannot lack any: it says itself how far it has it.
    """
    row = kept.joined(desk.connection)
    # What was over before the desk joined was never fetched.
    since = max(int((now - looked_back).timestamp() * 1000), 0 if row is None else row.since)
    theirs = {bucket: (many, int(total)) for bucket, many, total in link.rows("hashes", (since,))}
    ours = buckets(rows.digests_since(desk.connection, since))
    fetched = 0
    chains: dict[str, None] = {}
    for bucket in sorted(theirs.keys() | ours.keys()):
        if theirs.get(bucket) == ours.get(bucket):
            continue
        there = {one[0] for one in link.rows("ids", (bucket, since))}
        here = rows.ids_of_bucket(desk.connection, bucket, since)
        missing = sorted(there - here.keys())
        for start in range(0, len(missing), _AT_ONCE):
            arrived = incoming.fetched(link, missing[start : start + _AT_ONCE])
            with explaining(desk.path), writing(desk.connection):
                erased = incoming.take_in(desk, arrived, int(now.timestamp()))
            if erased:
                incoming.forget_wal(desk)
            exchange.pulling.look_at([one.entry for one in arrived if one.entry is not None])
            fetched += len(arrived)
        chains |= dict.fromkeys(here[identifier] for identifier in here.keys() - there)
    exchange.pushing.offer_again(chains)
    return Mended(fetched, tuple(chains))


def buckets(digests: Iterable[bytes]) -> dict[int, tuple[int, int]]:
    """By the first byte of the digest: how many there are, and the sum of their first four bytes as numbers."""
    many: defaultdict[int, int] = defaultdict(int)
    total: defaultdict[int, int] = defaultdict(int)
    for digest in digests:
        many[digest[0]] += 1
        total[digest[0]] += int.from_bytes(digest[:4])
    return {bucket: (many[bucket], total[bucket]) for bucket in many}
