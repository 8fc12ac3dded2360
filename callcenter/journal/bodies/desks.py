"""What entries say about the desk itself, its people, and who read what."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body


class DeskOpened(Body):
    """A desk began its journal."""

    kind: ClassVar[str] = "desk.opened"
    name: str
    programs: list[str]


class OperatorAdded(Body):
    """Somebody joined the desk's people."""

    kind: ClassVar[str] = "operator.added"
    name: str
    role: Literal["operator", "supervisor"]


class RecordRead(Body):
    """Somebody opened, revealed, searched or exported records of people.

    Who read what and why has to be told after the person is erased too, so `why` is a code; words of one's own are an
    entry besides. Before there were codes for it, it held the words.
    """

    kind: ClassVar[str] = "record.read"
    what: Literal["open", "reveal", "search", "export"]
    why: str
    count: int


class RecordExplained(Body):
    """Why a record was read, in the words of who read it; `reading` is the entry that says so by code."""

    kind: ClassVar[str] = "record.explained"
    personal: ClassVar[bool] = True
    reading: str
    words: str
