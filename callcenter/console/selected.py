"""The thread that reads the selected request: a key that selects is answered whatever else is being read meanwhile."""

from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread

from textual.message import Message

from callcenter.console.messages import ReadingFailed, RequestRead
from callcenter.desk.permission import Actor
from callcenter.desk.view import RequestView, request_view
from callcenter.store.engine import explained, open_reader

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
        connection = None
        try:
            connection = open_reader(self._path)
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
        except Exception as error:  # noqa: BLE001 - a thread has no caller; the screen says what happened
            self._post(ReadingFailed(explained(error, self._path) or error))
        finally:
            if connection is not None:
                connection.close()
