"""The thread that reads the selected request: a key that selects is answered whatever else is being read meanwhile."""

from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.console.messages import RequestRead
from callcenter.console.read_on import read_on
from callcenter.desk.permission import Actor
from callcenter.desk.view import RequestView, request_view

if TYPE_CHECKING:
    from sqlite3 import Connection

Told = Callable[[str | None, RequestView | None, int], object]
"""What was read: of which request, None when there is none, and for which wish."""


class Selected:
    """Reads the request that the screen shows, on a connection of its own: at once, and again when it is told to."""

    def __init__(
        self, post: Callable[[Message], object], told: Told, path: Path, actor: Callable[[], Actor | None]
    ) -> None:
        """The screen is told by `post`, whoever works out what follows from the request by `told`, in this thread."""
        self._post = post
        self._told = told
        self._path = path
        self._actor = actor
        self._request_id: str | None = None
        self._wishes = self._seen = 0
        self._untold = True
        """Whether the screen must be told even of a request that is as it was."""
        self._stopped = False
        self._condition = Condition()
        self._thread = Thread(target=self._run, name="selected", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the connection."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join()

    def show(self, request_id: str | None) -> None:
        """The screen shows this request from now on."""
        with self._condition:
            self._request_id = request_id
            self._untold = True
            self._wishes += 1
            self._condition.notify()

    def again(self) -> None:
        """What is shown may have changed."""
        with self._condition:
            self._wishes += 1
            self._condition.notify()

    def _run(self) -> None:
        read_on(self._path, self._read, self._post, self._stops_within)

    def _stops_within(self, seconds: float) -> bool:
        with self._condition:
            # Whatever was being read when it broke off is still to be read.
            self._wishes += 1
            self._untold = True
            return self._condition.wait_for(lambda: self._stopped, seconds)

    def _read(self, connection: "Connection") -> None:
        before: RequestView | None = None
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._stopped or self._wishes != self._seen)
                if self._stopped:
                    return
                request_id, wish = self._request_id, self._wishes
                self._seen = wish
                untold, self._untold = self._untold, False
            view = request_view(connection, request_id, self._actor()) if request_id else None
            if untold or view != before:
                self._post(RequestRead(view))
            before = view
            self._told(request_id, view, wish)
