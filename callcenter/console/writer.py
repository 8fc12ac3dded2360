"""The thread that writes: one use case after the other, each answered by a message."""

from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec

from textual.message import Message

from callcenter.console.messages import ActionDone, ActionRefused
from callcenter.desk.permission import Actor
from callcenter.desk.session import Desk

Arguments = ParamSpec("Arguments")
UseCase = Callable[Concatenate[Desk, Actor, datetime, Arguments], Any]
_Job = Callable[[Desk], None]


class Writer:
    """Runs use cases in a thread of its own, in the order they were asked for."""

    def __init__(
        self,
        post: Callable[[Message], object],
        open_desk: Callable[[], Desk],
        committed: Callable[[], object] = lambda: None,
    ) -> None:
        """`committed` is called in the thread after each use case that was carried out, before the screen is told."""
        self._post = post
        self._committed = committed
        self._open_desk = open_desk
        self._jobs: SimpleQueue[_Job | Message | None] = SimpleQueue()
        self._started = self._asked = False
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Open the desk in the thread, so that the first write finds it open; a second start is none."""
        if not self._started:
            self._started = True
            self._thread.start()

    def stop(self) -> None:
        """Finish what was asked for, then close the desk."""
        self._jobs.put(None)
        if self._started:
            self._thread.join()
        self._started = True

    def do(
        self,
        action: str,
        use_case: UseCase[Arguments],
        actor: Actor,
        now: datetime,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> None:
        """Run the use case; `ActionDone` or `ActionRefused` names the action."""

        def job(desk: Desk) -> None:
            try:
                result = use_case(desk, actor, now, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - the screen shows a refusal, the error boundary takes the rest
                self._post(ActionRefused(action, error))
            else:
                self._committed()
                self._post(ActionDone(action, result))

        self.start()
        self._asked = True
        self._jobs.put(job)

    def tell(self, message: Message) -> None:
        """Post this once all that was asked for before is answered; at once where nothing was asked for yet."""
        if self._asked:
            self._jobs.put(message)
        else:
            self._post(message)

    def _opened(self) -> Desk | None:
        try:
            return self._open_desk()
        except Exception as error:  # noqa: BLE001 - as above; the next job tries again
            self._post(ActionRefused("desk.open", error))
            return None

    def _run(self) -> None:
        desk = self._opened()
        while (job := self._jobs.get()) is not None:
            if isinstance(job, Message):
                self._post(job)
                continue
            desk = desk or self._opened()
            if desk is not None:
                job(desk)
        if desk is not None:
            desk.close()
