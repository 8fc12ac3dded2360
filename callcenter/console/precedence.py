"""What an operator waits for goes first: a key that another thread answers has what nobody waits for rest meanwhile.

Threads of Python take turns at running, so whatever one of them reads makes the screen's own work take twice as long.
"""

from collections.abc import Mapping, Sequence
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sqlite3 import Connection, Cursor

ANSWER_SECONDS = 0.02
"""A frame and a little: by then the answer is painted. It is shorter than the time between two keys of one held down,
so that what is shown still follows others' changes."""


class Precedence:
    """Whether a key is being answered just now by another thread than the one that rests."""

    def __init__(self) -> None:
        self._until = 0.0
        self._over = Event()

    def begin(self) -> None:
        """From now on, for as long as an answer takes."""
        self._over.clear()
        self._until = monotonic() + ANSWER_SECONDS

    def end(self) -> None:
        """What the operator waits for is read by the one that rests."""
        self._until = 0.0
        self._over.set()

    def rest(self) -> None:
        """Return once the answer is there, at once where none is waited for."""
        if (left := self._until - monotonic()) > 0:
            self._over.wait(left)


class _Resting:
    """A connection each of whose statements waits until nothing goes first."""

    def __init__(self, connection: "Connection", first: Precedence) -> None:
        self._connection = connection
        self._first = first

    def execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> "Cursor":
        self._first.rest()
        return self._connection.execute(sql, values)

    def close(self) -> None:
        self._connection.close()


def resting(connection: "Connection", first: Precedence) -> "Connection":
    """The connection for reading what nobody waits for."""
    return cast("Connection", _Resting(connection, first))
