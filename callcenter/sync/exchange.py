"""What a desk and its centre tell each other over a link that stands: the greeting, then what goes out and comes in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from callcenter import __version__
from callcenter.care.places import slot_of
from callcenter.desk.claims import Settled
from callcenter.desk.session import Desk
from callcenter.store import entries as rows
from callcenter.store import joined as kept
from callcenter.store.engine import explaining
from callcenter.store.transactions import writing
from callcenter.sync import incarnation
from callcenter.sync.conversation import Conversation
from callcenter.sync.joining import joined_row
from callcenter.sync.link import Link
from callcenter.sync.memory import Memory
from callcenter.sync.problems import WrongDesk
from callcenter.sync.pulling import Pulling
from callcenter.sync.pushing import Pushing
from callcenter.sync.wanted import unsettled


class Greeting(NamedTuple):
    """What came of the greeting.

    `anew`: the centre is not what it was, all that is kept is offered to it again. `skew` is what its clock is ahead
    of ours. `re_chained` are our entries that went to a new chain, None when the chain is the same.
    """

    anew: bool
    skew: timedelta
    re_chained: int | None


class Exchange:
    """One desk and its centre over one link; every method may raise a `LinkProblem`.

    `settled` hears what became of the desk's offers through the centre's answers.
    """

    def __init__(
        self,
        desk: Desk,
        link: Link,
        clock: Callable[[], datetime],
        memory: Memory,
        settled: Callable[[list[Settled]], None] = lambda _settled: None,
    ) -> None:
        self._desk, self._link, self._clock, self._memory = desk, link, clock, memory
        self._with = Conversation(desk, link, clock, memory, settled)
        self.pushing, self.pulling = Pushing(self._with), Pulling(self._with)

    def greet(self, *, patient: bool = False) -> Greeting:
        """Agree on the epoch and on the chain that this file goes on writing.

        A `patient` desk does nothing yet when the centre is not what it was, but says so.
        """
        row = joined_row(self._desk.connection)
        chain = rows.chain_here(self._desk.connection)
        seq, digest = rows.last_of_desk(self._desk.connection, chain) or (0, None)
        argument = {
            "chain": chain,
            "app_version": __version__,
            "last_seq": seq,
            "last_digest": None if digest is None else digest.hex(),
            "forked": self._memory.forked,
        }
        before = self._clock()
        said = self._link.call("hello", argument)
        if said["desk"] != self._desk.name:
            raise WrongDesk(file=said["desk"], desk=self._desk.name)
        if said["chain"] == chain and not incarnation.is_ours(self._desk, chain, said["last_seq"], said["last_digest"]):
            # A copy of this file has written on; what both have in common is known, the rest is not.
            said = self._link.call("hello", {**argument, "forked": True})
        half = (self._clock() - before) / 2
        skew = timedelta(milliseconds=said["now"] - (before + half).timestamp() * 1000)
        anew = row.epoch not in ("", said["epoch"])
        if anew and patient:
            return Greeting(anew, skew, None)
        re_chained = None
        if said["chain"] != chain:
            acked = row.acked if row.chain == chain and not anew else 0
            known = incarnation.known_until(self._link, self._desk, chain, acked)
            re_chained = incarnation.incarnate(self._desk, chain, said["chain"], known)
            self._memory.claimed = 0
        self._memory.forked = False
        self._with.chain = said["chain"]
        offset = int(skew / timedelta(milliseconds=1))
        with explaining(self._desk.path), writing(self._desk.connection):
            greeted = joined_row(self._desk.connection)._replace(
                epoch=said["epoch"], chain=said["chain"], acked=said["last_seq"], offset_ms=offset
            )
            if anew:
                greeted = greeted._replace(sx="0", n=0)
                kept.empty_all_again(self._desk.connection)
            kept.join(self._desk.connection, greeted)
        if anew:
            self._memory.recover = []
            self.pushing.offer_again(rows.chains_beside(self._desk.connection, said["chain"]))
        self.settle_again()
        return Greeting(anew, skew, re_chained)

    def settle_again(self) -> None:
        """Ask anew for the places of all our offers that are not past."""
        slot = slot_of(self._clock())
        self._memory.ask_again(unsettled(self._desk.connection, self._desk.name, slot))

    def presence(self) -> dict[str, Any]:
        """What the centre is told of how far the desk is."""
        row = joined_row(self._desk.connection)
        return {"cursor": [row.sx, str(row.n)], "waiting": kept.waiting(self._desk.connection)}
