"""How the telephone gateways are: each writes its heartbeat beside the database, the console reads them cheaply.

A file per gateway, not a table: a heartbeat is no entry, and whoever only looks must not wait for a writer.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

BEAT_SECONDS = 5.0
_STALE_AFTER = timedelta(seconds=3 * BEAT_SECONDS)
_MAX_BYTES = 2048
_UNFINISHED = ".part"

TelephoneState = Literal["connected", "stale", "absent"]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a gateway says of itself: `since` when it is in this state, `at` when it said so, ISO 8601 with zone."""

    kind: Literal["listen", "watch"]
    state: Literal["connecting", "connected"]
    since: str
    pid: int
    at: str


def heartbeat_path(db: Path, name: str) -> Path:
    """The file of one gateway beside the database, `desk.db.telephone-NAME`; NAME tells two gateways apart."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:60]
    return db.with_name(f"{db.name}.telephone-{safe}")


def write_heartbeat(path: Path, beat: Heartbeat) -> None:
    """Replace the file in one step, so that a reader finds either line whole. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{beat.pid}{_UNFINISHED}")
    fresh.write_text(json.dumps(asdict(beat)) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def telephone_state(text: str, now: datetime) -> TelephoneState:
    """What a heartbeat means at this time: `stale` when it is old, torn or says that nothing is connected."""
    if not text.strip():
        return "absent"
    try:
        told = json.loads(text)
        age = now - datetime.fromisoformat(told["at"])
        connected = told["state"] == "connected"
    except (ValueError, TypeError, KeyError, RecursionError):
        return "stale"
    # A clock that was set back makes a heartbeat of the future, which says no more than an old one.
    return "connected" if connected and abs(age) <= _STALE_AFTER else "stale"


def worst(states: Iterable[TelephoneState]) -> TelephoneState:
    """One word for all gateways: any that is stale shows, none at all is absent."""
    found = set(states)
    return "stale" if "stale" in found else "connected" if "connected" in found else "absent"


def telephone(db: Path, now: datetime) -> TelephoneState:
    """How the gateways of this database are; reads a few small files, never the database."""
    states: list[TelephoneState] = []
    for path in db.parent.glob(f"{db.name}.telephone-*"):
        if path.suffix == _UNFINISHED:
            continue
        # A gateway that ends takes its file away, and on Windows a file that is being replaced cannot be read.
        with suppress(OSError), path.open("rb") as file:
            states.append(telephone_state(file.read(_MAX_BYTES).decode("utf-8", "replace"), now))
    return worst(states)
