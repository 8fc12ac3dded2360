"""The thread that accepts applications: what comes while one transaction waits for the disk shares the next one."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.applications import Accepted, Application, ApplicationChanged, accept_all
from callcenter.desk.permission import PLATFORM
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store.engine import DatabaseLocked, DatabaseUnwritable

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

MOST_TOGETHER = 64
# A sync costs more than so short a wait for others to share it.
GATHER_SECONDS = 0.002
MOST_WAITING = 2000

Answer = Accepted | ApplicationChanged


class TooManyWaiting(CallcenterError):
    """More applications wait for the disk than a caller should wait for."""

    code = "too_many_waiting"
    sentence = mark("Too many applications are waiting. Send this one again in a few seconds.")


class _Job(NamedTuple):
    application: Application
    answer: "Future[Answer]"


class Accepting:
    """Accepts applications for an event loop; an answer comes when its transaction is on the disk, never before."""

    def __init__(self, open_desk: Callable[[], Desk], clock: Callable[[], datetime]) -> None:
        self._open_desk = open_desk
        self._clock = clock
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._loop: AbstractEventLoop | None = None
        self._thread = Thread(target=self._run, name="accepting", daemon=True)

    def start(self, loop: "AbstractEventLoop") -> None:
        """Open the desk in the thread; answers are given on the loop."""
        self._loop = loop
        self._thread.start()

    def stop(self) -> None:
        """Accept what is waiting, then close the desk."""
        self._jobs.put(None)
        self._thread.join()

    async def accept(self, application: Application) -> Answer:
        """The answer to the application once it is on the disk; raises what keeps it from there."""
        if self._jobs.qsize() >= MOST_WAITING:
            raise TooManyWaiting
        answer: Future[Answer] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(application, answer))
        return await answer

    def _run(self) -> None:
        desk: Desk | None = None
        while batch := self._next():
            try:
                desk = desk or self._open_desk()
                answers: Sequence[Answer | Exception] = self._together(desk, [job.application for job in batch])
            except Exception as error:  # noqa: BLE001 - handed to whoever waits, as it came
                answers = [error] * len(batch)
            self._hand_over(batch, answers)
        if desk is not None:
            desk.close()

    def _next(self) -> list[_Job]:
        """The jobs that wait, one at least; none when the thread is to end."""
        first = self._jobs.get()
        if first is None:
            return []
        time.sleep(GATHER_SECONDS)
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            batch.append(job)
        return batch

    def _together(self, desk: Desk, applications: list[Application]) -> Sequence[Answer | Exception]:
        try:
            return accept_all(desk, PLATFORM, self._clock(), applications)
        except Exception as error:
            if len(applications) == 1 or isinstance(error, DatabaseLocked | DatabaseUnwritable):
                raise
            # Whatever it was: one of them is at fault, and the others need not suffer from it.
            return [self._alone(desk, application) for application in applications]

    def _alone(self, desk: Desk, application: Application) -> Answer | Exception:
        try:
            return accept_all(desk, PLATFORM, self._clock(), [application])[0]
        except Exception as error:  # noqa: BLE001 - handed to whoever waits, as it came
            return error

    def _hand_over(self, batch: list[_Job], answers: Sequence[Answer | Exception]) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(_answer, batch, answers)


def _answer(batch: list[_Job], answers: Sequence[Answer | Exception]) -> None:
    for job, answer in zip(batch, answers, strict=True):
        if job.answer.done():
            continue  # whoever asked has gone
        if isinstance(answer, Exception) and not isinstance(answer, ApplicationChanged):
            job.answer.set_exception(answer)
        else:
            job.answer.set_result(answer)
