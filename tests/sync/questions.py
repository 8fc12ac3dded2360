"""Questions about places as desks ask them, and what the centre answers."""

from typing import Any

from psycopg import Connection

from tests.sync.conftest import Centre
from tests.sync.wire import Writer, call

Key = tuple[str, int, int]
Two = tuple[Centre, "Connection[Any]", "Connection[Any]"]
GRANTED = {"outcome": "granted", "why": "", "other": "", "other_desk": "", "other_number": ""}
SEAT: Key = ("g", 100, 1)
NEXT_SLOT: Key = ("g", 101, 1)
NEXT_PLACE: Key = ("g", 100, 2)
CHILD: Key = ("child:r1:c1", 0, 0)


def two_desks(centre: Centre) -> Two:
    """Desks A and B, greeted."""
    found = []
    for name in "AB":
        centre.add(name)
        found.append(centre.connect(name))
        call(found[-1], "hello", Writer(name).hello())
    return centre, found[0], found[1]


def item(offer: str, *keys: Key, hlc: int = 1, request: str = "r1", **more: object) -> dict[str, object]:
    """One question about an offer, as it goes over the wire."""
    wanted = [list(key) for key in keys]
    return {"offer": offer, "request": request, "number": f"N-{offer}", "hlc": hlc, "keys": wanted, **more}


def granted(offer: str) -> dict[str, str]:
    """The answer that the offer has all it wants."""
    return {"offer": offer, **GRANTED}


def refused(offer: str, by: str, desk: str, why: str = "place") -> dict[str, str]:
    """The answer that another offer is in the way, and whose."""
    other = {"other": by, "other_desk": desk, "other_number": f"N-{by}"}
    return {"offer": offer, "outcome": "refused", "why": why, **other}


def held(centre: Centre) -> dict[Key, str]:
    """What every place at the centre is taken by."""
    rows = centre.admin().execute("SELECT group_id, slot, place_no, offer_id FROM callcenter.place_taken").fetchall()
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def push(connection: "Connection[Any]", chain: str, *items: dict[str, object]) -> list[dict[str, Any]]:
    """The answers to questions that come with a push."""
    answer: list[dict[str, Any]] = call(connection, "push", {"chain": chain, "entries": [], "places": items})["places"]
    return answer
