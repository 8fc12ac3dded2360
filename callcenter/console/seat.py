"""Where the console sits: whose file it is opened on, and what it works with there."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from callcenter.desk.permission import Actor
from callcenter.reference import Reference
from callcenter.settings import Settings


class Seat(NamedTuple):
    """What the console is opened on: the desk's file and name, its programs and people, the data, the clock."""

    path: Path
    desk: str
    programs: tuple[str, ...]
    people: tuple[Actor, ...]
    reference: Reference
    settings: Settings
    clock: Callable[[], datetime]
    incidents: Path
    """Where a fault of the program is written down."""
    demo: bool = False
