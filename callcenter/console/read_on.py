"""What a thread that reads does about trouble: it says so once, and begins again; a screen that stands still lies."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.console.messages import ReadingFailed
from callcenter.store.engine import explained, open_reader

if TYPE_CHECKING:
    from sqlite3 import Connection

FIRST_PAUSE = 0.25
MOST_PAUSE = 15.0
# Who has read for so long is over the trouble: the next one is told again.
CALM_SECONDS = 60.0


def read_on(
    path: Path,
    read: Callable[["Connection"], None],
    post: Callable[[Message], object],
    stopped: Callable[[float], bool],
) -> None:
    """Have `read` read the file until it returns, anew after whatever breaks it off; seconds between two tries grow.

    `stopped` waits for so many seconds at most, and says whether to end.
    """
    pause, told = FIRST_PAUSE, False
    while True:
        began = monotonic()
        connection: Connection | None = None
        try:
            connection = open_reader(path)
            read(connection)
            return
        except Exception as error:  # noqa: BLE001 - a thread has no caller; the screen says what happened
            if monotonic() - began > CALM_SECONDS:
                pause, told = FIRST_PAUSE, False
            if not told:
                post(ReadingFailed(explained(error, path) or error))
                told = True
        finally:
            if connection is not None:
                connection.close()
        if stopped(pause):
            return
        pause = min(2 * pause, MOST_PAUSE)
