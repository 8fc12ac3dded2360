"""What a desk tells its centre over a link that stands: its own entries, and what others wrote that the centre lost."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any

from callcenter.care.places import slot_of
from callcenter.journal.entry import Entry
from callcenter.store import joined as kept
from callcenter.store import parked
from callcenter.store.engine import explaining
from callcenter.store.transactions import writing, writing_unsynced
from callcenter.store.wanted import of_desk
from callcenter.sync import outgoing, verdicts
from callcenter.sync.answers import Answer
from callcenter.sync.conversation import Conversation
from callcenter.sync.link import beside, encoded
from callcenter.sync.problems import CentreRefuses, ChainMoved, NoSuchCentre, NotJoined
from callcenter.sync.wanted import claimable, refused, tells_of_offers, told_of_offers, touched, wanted

# Kinds of refusal that are about what was sent: bad data, a broken rule, something too large.
_OUR_DATA = ("22", "23", "54")
_SLOW = "57014"
# A centre that is busy with the same places, or with too much, says so itself after half a second.
_BUSY = frozenset({"55P03", "40001", "40P01", _SLOW})


class Pushing:
    """The half of an exchange that speaks; every method may raise a `LinkProblem`."""

    def __init__(self, conversation: Conversation) -> None:
        self._with = conversation
        self._desk, self._link, self._memory = conversation.desk, conversation.link, conversation.memory
        self._ahead: outgoing.Push | None = None

    def send(self) -> bool:
        """Ask for fresh offers' places, then push the next of our entries; False when there was nothing to say."""
        outlook = kept.outlook(self._desk.connection)
        if outlook is None:
            raise NotJoined
        acked = outlook.row.acked
        if outlook.row.chain != self._with.chain or outlook.chain != self._with.chain:
            raise ChainMoved
        if outlook.last <= acked and not outlook.emptied and not self._memory.unsettled:
            return False
        push, self._ahead = self._ahead, None
        if push is not None and push.behind != acked:
            self._memory.ask_again(push.asked)
            push = None
        batch = self._batch(acked) if push is None else push.batch
        if self._claim(outlook, batch):
            # With what the centre's answers became.
            batch = self._batch(acked)
        push = push or self._made(acked, batch)
        taken = False
        try:
            taken = self._push(push, more=bool(push.batch) and push.batch[-1].seq < outlook.last)
        finally:
            if not taken:
                self._memory.ask_again(push.asked)
        return True

    def recover(self) -> bool:
        """Offer the next entries of another desk that the centre may have lost; False when there are none."""
        if not self._memory.recover:
            return False
        chain = self._memory.recover[0]
        stands = self._recovered(chain, [])
        batch = outgoing.next_batch(self._desk.connection, chain, stands, self._memory.batch)
        # Without those in between, it cannot be told whether they go on where the centre's end.
        goes_on = bool(batch) and batch[0].seq == stands + 1
        try:
            if not goes_on or self._recovered(chain, batch) == stands:
                self._memory.recover.pop(0)
        except CentreRefuses as refusal:
            if not _is_about_what_was_sent(refusal):
                raise
            if not self._halves(batch):
                # What the centre never takes must not keep this desk from all the rest.
                self._memory.recover.pop(0)
        return True

    def offer_again(self, chains: Iterable[str]) -> None:
        """Offer the centre what it may lack of these chains of others."""
        self._memory.recover += [chain for chain in chains if chain not in (self._with.chain, *self._memory.recover)]

    def _batch(self, behind: int) -> list[Entry]:
        return outgoing.next_batch(self._desk.connection, self._with.chain, behind, self._memory.batch)

    def _made(self, behind: int, batch: list[Entry]) -> outgoing.Push:
        # A full batch is one of many, which ask for what they touch themselves: what is left over comes behind them.
        room = self._memory.batch if 2 * len(batch) < self._memory.batch else 0
        push = outgoing.made_ready(self._desk, self._with.chain, behind, batch, islice(self._memory.unsettled, room))
        # From now on, so that what changes before the push is sent is asked about again.
        for offer in push.asked:
            self._memory.unsettled.pop(offer, None)
        return push

    def _prepare(self, behind: int) -> None:
        self._ahead = self._made(behind, self._batch(behind))

    def _claim(self, outlook: kept.Outlook, batch: Sequence[Entry]) -> bool:
        """Ask for the places of offers that were made just now, and tell of those given back for them, before all.

        `batch` are the entries that will be pushed next. True when the centre answered.
        """
        behind = max(outlook.row.acked, self._memory.claimed)
        if outlook.last <= behind:
            return False
        # Before it is asked: what a slow line does not answer now is asked for again with the push.
        self._memory.claimed = outlook.last
        if batch and batch[-1].seq >= outlook.last:
            fresh = [entry for entry in batch if entry.seq > behind and tells_of_offers(entry)]
        else:
            fresh = told_of_offers(self._desk.connection, self._with.chain, behind)
        if not claimable(self._desk.connection, fresh):
            return False
        items = [
            outgoing.place_item(one) for one in wanted(self._desk.connection, touched(self._desk.connection, fresh))
        ]
        try:
            # Nobody waits for it, so a slow line has as long as for any call: to cut it would help nobody.
            answers = self._link.call("claim", items)
        except NoSuchCentre:
            # An older centre answers with the push.
            return False
        except CentreRefuses as refusal:
            if refusal.state not in _BUSY:
                raise
            # Not known yet: the push asks for the same offers again.
            return False
        self._settle(answers, items)
        return True

    def _push(self, push: outgoing.Push, *, more: bool) -> bool:
        """False when it was too much at once: less will be tried. The next is prepared while the centre works."""
        batch = push.batch
        without_bodies = False
        meanwhile = partial(self._prepare, batch[-1].seq) if more else None
        try:
            said = self._pushed(push.argument, push.text, meanwhile)
        except CentreRefuses as refusal:
            if not batch or not _is_about_what_was_sent(refusal):
                raise
            if self._halves(batch):
                return False
            if refusal.state == _SLOW:
                raise
            without_bodies = True
            said = self._pushed(
                outgoing.push_argument(self._desk, self._with.chain, batch, push.asked, without_bodies=True)
            )
        self._note(batch, said, aside="refused" if without_bodies else "")
        if batch and (became := verdicts.look_again(self._desk, self._with.clock())):
            # What was written here may have made room for an offer that the centre had refused.
            self._with.settled(became)
        self._memory.batch = min(outgoing.MOST_ENTRIES, self._memory.batch * 2)
        return True

    def _halves(self, batch: Sequence[Entry]) -> bool:
        """Try half as much from now on; False when it was no more than one use case."""
        if len({entry.at for entry in batch}) == 1:
            return False
        self._memory.batch = max(1, len(batch) // 2)
        return True

    def _pushed(
        self, argument: dict[str, Any], text: str = "", meanwhile: Callable[[], None] | None = None
    ) -> dict[str, Any]:
        asked = partial(self._link.answer, "push", text or encoded(argument))
        if meanwhile is None:
            said: dict[str, Any] = asked()
        else:
            with beside(asked) as answer:
                meanwhile()
            said = answer.result()
        if said.get("fork") and not argument["recovered"]:
            self._memory.forked = True
            raise ChainMoved
        if not said.get("fork"):
            self._told_erased(argument["erased"])
        self._settle(said.get("places", ()), argument["places"])
        if argument["entries"] and argument["places"]:
            self._memory.ask_again(refused(self._desk.connection, self._desk.name, slot_of(self._with.clock())))
        return said

    def _recovered(self, chain: str, batch: Sequence[Entry]) -> int:
        """Where another desk's chain stands at the centre, once it was offered these entries of it."""
        stands: int = self._pushed(outgoing.push_argument(self._desk, chain, batch, recovered=True))["last_seq"]
        return stands

    def _note(self, batch: Sequence[Entry], said: dict[str, Any], *, aside: str) -> None:
        """Note how far the centre has our chain, and what it set aside; all of the batch when it got no bodies."""
        if batch and said["last_seq"] < batch[0].seq:
            raise CentreRefuses(reason=f"{self._with.chain} {batch[0].seq} > {said['last_seq']}", state="")
        at = int(self._with.clock().timestamp())
        by_seq = {entry.seq: entry.id for entry in batch}
        # How far the centre has the chain it says itself at the next greeting; what it parked, only now.
        kept_now = writing if said.get("parked") else writing_unsynced
        with explaining(self._desk.path), kept_now(self._desk.connection):
            kept.set_acked(self._desk.connection, self._with.chain, said["last_seq"])
            reasons = {one["seq"]: one["reason"] for one in said.get("parked", ())}
            for seq, identifier in by_seq.items():
                if reason := reasons.get(seq, aside):
                    parked.park(self._desk.connection, identifier, "out", reason, at)

    def _told_erased(self, erased: Sequence[str]) -> None:
        if erased:
            with explaining(self._desk.path), writing_unsynced(self._desk.connection):
                kept.emptied_told(self._desk.connection, erased)

    def _settle(self, said: Sequence[dict[str, Any]], items: Sequence[dict[str, Any]]) -> None:
        """Let the centre's answers become entries; of others' offers only a refusal concerns us."""
        answers = [outgoing.answer_of(one) for one in said]
        own = set(of_desk(self._desk.connection, [one.offer for one in answers], self._desk.name))
        concern: list[Answer] = [one for one in answers if one.offer in own or one.outcome == "refused"]
        if concern:
            asked = {item["offer"]: [(key[0], key[1], key[2]) for key in item["keys"]] for item in items}
            if became := verdicts.take(self._desk, self._with.clock(), concern, asked):
                self._with.settled(became)


def _is_about_what_was_sent(refusal: CentreRefuses) -> bool:
    return refusal.state == _SLOW or refusal.state.startswith(_OUR_DATA)
