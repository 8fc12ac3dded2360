"""The thread that keeps drafts: on disk with every change, of each draft only its newest state, beside the writer."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.desk import drafts
from callcenter.desk.permission import Actor
from callcenter.store.drafts import DraftRow
from callcenter.store.engine import explained, explaining, open_writer

if TYPE_CHECKING:
    from sqlite3 import Connection

RETRY_SECONDS = 1.0

Job = Callable[["Connection"], Message | None]
Row = Callable[[], DraftRow]


@dataclass
class DraftsFound(Message):
    """The drafts that are offered to the actor; `asked` says that the operator asked for them.

    `until` is when the first of them will be forgotten, `forgotten` how many were since this was told last.
    """

    rows: list[DraftRow]
    asked: bool
    until: datetime | None = None
    forgotten: int = 0


@dataclass
class DraftTaken(Message):
    """A draft is this operator's from now on, or is not there any more."""

    row: DraftRow
    taken: bool


@dataclass
class DraftNotKept(Message):
    """A draft could not be kept on disk, for the first time since one could."""

    error: Exception


class DraftKeeper:
    """Keeps what it is told in a thread and on a connection of its own, so that neither screen nor writer waits."""

    def __init__(
        self, post: Callable[[Message], object], path: Path, clock: Callable[[], datetime], keep: timedelta
    ) -> None:
        """`keep` is after how long a draft is old, and for how long it stays once somebody was told so."""
        self._post = post
        self._path = path
        self._clock = clock
        self._for = keep
        self._changed: dict[str, Row | None] = {}
        self._kept: dict[str, DraftRow] = {}
        self._jobs: list[Job] = []
        self._forgotten = 0
        self._stopped = False
        self._failed = False
        self._saving = False
        self._condition = Condition()
        self._thread = Thread(target=self._run, name="drafts", daemon=True)

    def start(self) -> None:
        """Open the file, forget what nobody went on with although it was told, and begin to keep."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what was told, then close the file."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def keep(self, draft_id: str, row: Row | None) -> None:
        """Keep a draft as it is now, or forget it; `row` is made in the thread."""
        with self._condition:
            self._changed[draft_id] = row
            self._condition.notify_all()

    def settle(self, seconds: float) -> None:
        """Return once all that was told is on disk, or could not be written, or that much time has passed."""
        with self._condition:
            self._condition.wait_for(lambda: not self._changed and not self._saving, seconds)

    def offer(self, actor: Actor, *, asked: bool) -> None:
        """Which drafts may the actor go on with? `DraftsFound` answers."""
        self._do(lambda connection: self._found(connection, actor, asked=asked))

    def take(self, actor: Actor, row: DraftRow) -> None:
        """Make a draft the actor's own; `DraftTaken` answers."""
        self._do(lambda connection: DraftTaken(row, drafts.take_over(connection, actor, self._clock(), row.id)))

    def _found(self, connection: "Connection", actor: Actor, *, asked: bool) -> DraftsFound:
        now = self._clock()
        rows = drafts.offered(connection, actor, now)
        until = drafts.tell_old(connection, rows, now, self._for) if rows else None
        forgotten, self._forgotten = self._forgotten, 0
        return DraftsFound(rows, asked, until, forgotten)

    def _do(self, job: Job) -> None:
        with self._condition:
            self._jobs.append(job)
            self._condition.notify_all()

    def _run(self) -> None:
        try:
            with explaining(self._path), closing(open_writer(self._path)) as connection:
                self._forgotten = drafts.forget_old(connection, self._clock(), self._for)
                while self._work(connection):
                    pass
        except Exception as error:  # noqa: BLE001 - a thread has no caller; the screen says what happened
            self._post(DraftNotKept(error))

    def _work(self, connection: "Connection") -> bool:
        """One turn: whatever changed meanwhile in one transaction, then what was asked; False when it is over."""
        with self._condition:
            self._condition.wait_for(lambda: self._changed or self._jobs or self._stopped)
            changed, self._changed = self._changed, {}
            self._saving = bool(changed)
            jobs, self._jobs = self._jobs, []
            stopped = self._stopped
        try:
            if changed:
                self._save(connection, changed)
                self._saved()
            for job in jobs:
                if (answer := job(connection)) is not None:
                    self._post(answer)
            self._failed = False
        except Exception as error:  # noqa: BLE001 - as above; it is tried again
            self._again(changed)
            if not self._failed:
                self._failed = True
                self._post(DraftNotKept(explained(error, self._path) or error))
        return not stopped

    def _save(self, connection: "Connection", changed: Mapping[str, Row | None]) -> None:
        """What differs from what is on disk: a key is told of twice, before it is shown and after."""
        rows = [row() for row in changed.values() if row is not None]
        new = [row for row in rows if self._kept.get(row.id) != _said(row)]
        dropped = [draft_id for draft_id, row in changed.items() if row is None]
        if new or dropped:
            drafts.save(connection, new, dropped)
        self._kept |= {row.id: _said(row) for row in new}
        for draft_id in dropped:
            self._kept.pop(draft_id, None)

    def _saved(self) -> None:
        with self._condition:
            self._saving = False
            self._condition.notify_all()

    def _again(self, changed: dict[str, Row | None]) -> None:
        """What could not be kept is tried again after a while, unless something newer was typed."""
        self._saved()
        with self._condition:
            self._changed = {**changed, **self._changed}
            if not self._stopped:
                self._condition.wait(RETRY_SECONDS)


def _said(row: DraftRow) -> DraftRow:
    """The draft whenever it was kept."""
    return row._replace(saved_at=0)
