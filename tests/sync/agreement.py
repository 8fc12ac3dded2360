"""What the centre and all desks have to agree on once nobody has anything more to say."""

from pprint import pformat
from typing import TYPE_CHECKING, Any

from callcenter.care.lifecycle import OFFER
from callcenter.desk.conflicts import conflicts, in_conflict
from tests.journal.evenings import folded
from tests.sync.world import World

if TYPE_CHECKING:
    from sqlite3 import Connection

    from tests.sync.model_centre import ModelCentre

_ENTRIES = "SELECT id, desk, seq, digest, body IS NULL FROM entry ORDER BY id"
_ENTRIES_OF_CENTRE = "SELECT id, chain, seq, digest, body IS NULL FROM callcenter.entry ORDER BY id"
_CHAINS_WITH_GAPS = """SELECT chain, count(*), max(seq) FROM callcenter.entry GROUP BY chain
                       HAVING count(*) <> max(seq) OR min(seq) <> 1"""
_OPEN = "('" + "', '".join(sorted(OFFER.open)) + "')"
_GRANTED = f"""
    SELECT k.group_id, k.slot, k.place_no, k.offer_id FROM
    (SELECT * FROM place_taken UNION ALL SELECT * FROM place_contested) k JOIN offer o ON o.id = k.offer_id
    WHERE o.claim = 'granted' AND o.state IN {_OPEN}
"""
_NUMBERS_TWICE = "SELECT number FROM request GROUP BY number HAVING count(*) > 1"
_LIVE = f"SELECT id FROM offer WHERE state IN {_OPEN}"
_UNDECIDED = f"SELECT id FROM offer WHERE claim = 'refused' AND decided = '' AND state IN {_OPEN} ORDER BY id"
_UNANSWERED = f"SELECT id, claim FROM offer WHERE claim IN ('asked', 'provisional') AND state IN {_OPEN}"
_KEYS_OF_CENTRE = (
    "SELECT group_id, slot, place_no, offer_id FROM callcenter.place_taken WHERE group_id NOT LIKE 'child:%'"
)


def disagreements(world: World) -> dict[str, Any]:
    """Whatever is not as it has to be after `World.quiet`; empty when all is well."""
    centre = world.centre
    assert centre is not None
    found: dict[str, Any] = dict(world.broken())
    first, *rest = world.posts
    tables = folded(first.desk.connection)
    entries = first.desk.connection.execute(_ENTRIES).fetchall()
    for post in rest:
        found |= _different(f"{first.label} and {post.label}", tables, folded(post.desk.connection))
        found |= _apart(f"entries of {first.label} and {post.label}", entries, _ids(post.desk.connection))
    at_centre = [(*row[:3], bytes(row[3]), int(row[4])) for row in centre.rows(_ENTRIES_OF_CENTRE)]
    found |= _apart(f"entries of {first.label} and the centre", entries, at_centre)
    if gaps := centre.rows(_CHAINS_WITH_GAPS):
        found["gaps at the centre"] = gaps
    known = {row[0] for row in at_centre}
    for post in world.posts:
        if lost := post.acknowledged - known:
            found[f"acknowledged to {post.label} and lost"] = lost
    found |= _places(centre, first.desk.connection)
    found |= _conflicts(first.desk.connection)
    if not world.went_twice and (twice := first.desk.connection.execute(_NUMBERS_TWICE).fetchall()):
        found["receipt numbers of two requests"] = twice
    return found


def nothing(found: dict[str, Any]) -> None:
    """Fail with all that was found."""
    assert not found, pformat(found, width=160)


def _ids(connection: "Connection") -> list[tuple[Any, ...]]:
    return connection.execute(_ENTRIES).fetchall()


def _different(who: str, one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{table} of {who}": (sorted(set(one[table]) - set(other[table])), sorted(set(other[table]) - set(one[table])))
        for table in one
        if one[table] != other[table]
    }


def _apart(what: str, one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> dict[str, Any]:
    here, there = set(one) - set(other), set(other) - set(one)
    return {what: (sorted(here)[:5], sorted(there)[:5])} if here or there else {}


def _places(centre: "ModelCentre", connection: "Connection") -> dict[str, Any]:
    """What was granted is held at the centre, and nothing is held there for an offer that is over."""
    found: dict[str, Any] = {}
    held = set(centre.rows(_KEYS_OF_CENTRE))
    if missing := set(connection.execute(_GRANTED).fetchall()) - held:
        found["granted places that the centre does not hold"] = sorted(missing)
    live = {row[0] for row in connection.execute(_LIVE)}
    if stale := [row for row in held if row[3] not in live]:
        found["places that the centre holds for offers that are over"] = sorted(stale)
    if unanswered := connection.execute(_UNANSWERED).fetchall():
        found["offers without an answer"] = unanswered
    return found


def _conflicts(connection: "Connection") -> dict[str, Any]:
    """Every refused offer that is open and not decided is one conflict that rings; others are of work that crossed."""
    undecided = [row[0] for row in connection.execute(_UNDECIDED)]
    shown = [(one.refused.offer.id, not in_conflict(one.refused.offer)) for one in conflicts(connection, None)]
    refused = sorted(offer for offer, crossed in shown if not crossed)
    twice = len(shown) != len(dict(shown))
    return {"conflicts": (shown, undecided)} if twice or refused != undecided else {}
