"""The process that sends messages: takes them out of the desk's outbox, hands them to the gateway, writes what came.

One thread owns the desk, so that the loop never waits for a disk. Several messages are on their way at once, to one
number never more than one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from random import Random
from typing import TypeVar

from callcenter.desk import outbox
from callcenter.desk.permission import MESSENGER
from callcenter.desk.session import Desk
from callcenter.gateways.message_gateway import Gateway, Outcome, Outgoing
from callcenter.gateways.telephone_process import until
from callcenter.language import _
from callcenter.store.engine import DatabaseLocked, DatabaseUnwritable
from callcenter.store.messages import MessageRow
from callcenter.text.masking import mask_phone

AT_ONCE = 4
LOOK_SECONDS = 1.0
# What another attempt may mend: somebody else writes, or the disk is full.
_PASSING = (DatabaseLocked, DatabaseUnwritable)

Result = TypeVar("Result")


class Sender:
    """Sends what is due; used as `async with`. `say` gets a line a message, `complain` what stands in the way."""

    def __init__(
        self,
        opened: Callable[[], Desk],
        gateway: Gateway,
        clock: Callable[[], datetime],
        random: Random,
        say: Callable[[str], None],
        complain: Callable[[Exception], None],
    ) -> None:
        self._opened = opened
        self._gateway = gateway
        self._clock = clock
        self._random = random
        self._say = say
        self._complain = complain
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="messages")
        self._desk: Desk | None = None
        self.left = 0
        """How many messages the gateway has not taken so far."""

    async def __aenter__(self) -> "Sender":
        """Open the desk in the thread that writes; raises what opening a desk raises."""
        try:
            self._desk = await asyncio.get_running_loop().run_in_executor(self._thread, self._opened)
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(self, *_trouble: object) -> None:
        """Write what waits, then close the desk."""
        if self._desk is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._desk.close)
        self._thread.shutdown()

    async def send_due(self) -> int:
        """Send what is due now, also what becomes due meanwhile; returns how many were tried."""
        await self._write(outbox.queue_due)
        done = await asyncio.gather(*(self._work() for _number in range(AT_ONCE)), return_exceptions=True)
        # Raised when all have come to their end: what one could not write must not cut another's sending off.
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return sum(one for one in done if isinstance(one, int))

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until told to stop; a desk that cannot be written to is tried again with the next look."""
        while not stop.is_set():
            try:
                await self.send_due()
            except _PASSING as trouble:
                self._complain(trouble)
            await until(stop, LOOK_SECONDS)

    async def _work(self) -> int:
        count = 0
        while (row := await self._write(outbox.take_next)) is not None:
            count += 1
            outcome = await self._gateway(Outgoing(row.id, row.phone, row.text, row.language, row.made_at))
            await self._note(row, outcome)
        return count

    async def _note(self, row: MessageRow, outcome: Outcome) -> None:
        if outcome.state == "sent":
            await self._write(partial(outbox.note_sent, message_id=row.id, result=outcome.told))
            self._say(_("{phone}: sent").format(phone=mask_phone(row.phone)))
            return
        self.left += 1
        again = await self._write(
            partial(
                outbox.note_failed,
                message_id=row.id,
                reason=outcome.told,
                permanent=outcome.state == "refused",
                spread=self._random.random(),
            )
        )
        told = _("{phone}: not sent ({reason}); tried again") if again else _("{phone}: not sent ({reason})")
        self._say(told.format(phone=mask_phone(row.phone), reason=outcome.told))

    async def _write(self, use_case: Callable[..., Result]) -> Result:
        """Run a use case in the thread that owns the desk; what was begun is written also when the loop is ending."""

        def job() -> Result:
            assert self._desk is not None
            return use_case(self._desk, MESSENGER, self._clock())

        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, job))
