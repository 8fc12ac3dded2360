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
    """Somebody opened, revealed, searched or exported records of people."""

    kind: ClassVar[str] = "record.read"
    what: Literal["open", "reveal", "search", "export"]
    why: str
    count: int
