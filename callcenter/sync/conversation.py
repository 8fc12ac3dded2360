"""What the two halves of an exchange have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from callcenter.desk.claims import Settled
from callcenter.desk.session import Desk
from callcenter.sync.link import Link
from callcenter.sync.memory import Memory


@dataclass(slots=True)
class Conversation:
    """One desk and its centre over one link, and what the desk keeps in mind of it."""

    desk: Desk
    link: Link
    clock: Callable[[], datetime]
    memory: Memory
    settled: Callable[[list[Settled]], None]
    """Hears what became of the desk's offers through the centre's answers."""
    chain: str = ""
    """The chain that this file goes on writing, once the centre was greeted."""
