"""Journals to test with: desks that write about shared subjects, and the bytes of what was folded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.chain import Chain
from callcenter.journal.entry import Entry, digest_of_entry, header
from callcenter.store.tables import FOLDED, table
from callcenter.store.transactions import writing

if TYPE_CHECKING:
    from sqlite3 import Connection

AT = 1_795_000_000_000


def folded(connection: "Connection") -> dict[str, list[tuple[Any, ...]]]:
    """Every folded table, row by row, column by column."""
    contents = {}
    for model in FOLDED:
        definition = table(model)
        keys = ", ".join(column.name for column in definition.primary_key)
        contents[definition.name] = connection.execute(f"SELECT * FROM {definition.name} ORDER BY {keys}").fetchall()
    return contents


def append(
    connection: "Connection",
    subject: str,
    body: bodies.Body,
    *,
    desk: str = "A",
    at: int = AT,
    entropy: Callable[[int], bytes],
) -> Entry:
    with writing(connection):
        return Chain(connection, desk, "김상담", at, entropy).append(subject, body)


def resealed(entry: Entry) -> Entry:
    """An entry that was changed, with the digest it would have been written with."""
    return entry._replace(digest=digest_of_entry(entry.prev, header(entry), entry.body_digest))


def guardian(name: str = "박하나") -> bodies.GuardianAdded:
    return bodies.GuardianAdded(name=name, phone="+821000001111", relation="mother", language="ko")


def erased(subjects: tuple[str, ...] = ()) -> bodies.PersonErased:
    return bodies.PersonErased(reason="asked for", subjects=subjects)


def child(identifier: str = "child-1") -> bodies.ChildAdded:
    return bodies.ChildAdded(
        child=identifier,
        name="박새봄",
        birth="2018-03-02",
        school="elementary",
        registered=True,
        needs=["allergy"],
        symptoms=[],
        care_note="땅콩",
    )


def request(number: str = "A-1121-001", children: tuple[str, ...] = ("child-1",)) -> bodies.RequestOpened:
    return bodies.RequestOpened(
        state="open",
        number=number,
        urgency="normal",
        region="41110",
        residence=None,
        service=None,
        channel="hotline",
        guardian="guardian-1",
        children=list(children),
        call=None,
        start=AT // 1000 + 7200,
        end=AT // 1000 + 14400,
        reason="overtime",
        promised=None,
    )


def missed(call: str, calls: int) -> bodies.CallbackMissed:
    return bodies.CallbackMissed(
        origin="missed", phone="+821000001111", guardian=None, call=call, calls=calls, due=AT // 1000
    )


def offer(identifier: str, place: int, state: str = "offered") -> bodies.OfferMade:
    slot = AT // 1000 // 1800
    return bodies.OfferMade(
        offer=identifier,
        state=state,
        provider="provider-1",
        seats=[bodies.Seat(child="child-1", group="provider-1/a", place=place)],
        first_slot=slot,
        last_slot=slot + 3,
        expires=AT // 1000 + 600,
        places_known=True,
        rank=1,
    )


@dataclass
class Evening:
    """Random but valid work of several desks on a few requests; each desk knows only the journal it writes."""

    seed: int
    made: list[Entry] = field(default_factory=list)

    def write(self, connection: "Connection", steps: int) -> None:
        rng = Random(self.seed)
        opened: list[str] = []
        at = AT
        for step in range(steps):
            desk = rng.choice(("A", "B", "C"))
            at += rng.randrange(0, 3000)
            subject, body = self._step(rng, step, opened)
            self.made.append(append(connection, subject, body, desk=desk, at=at, entropy=rng.randbytes))

    def _call(self, rng: Random, step: int) -> tuple[str, bodies.Body]:
        """Something of one of a few calls or call-backs, whether that began already or not."""
        if rng.random() < 0.3:
            return f"call-{step}", bodies.CallOpened()
        call, owed = f"rung-{rng.randrange(3)}", f"owed-{rng.randrange(3)}"
        begun = {entry.subject for entry in self.made}
        if call not in begun:
            return call, bodies.CallRang(
                external_id=call, direction="in", extension=None, called=None, at=AT // 1000, heard="ringing"
            )
        if owed not in begun:
            return owed, missed(call, 1)
        return rng.choice(
            [
                (call, bodies.CallTaken(state="talking", answered=AT // 1000 + step)),
                (call, bodies.CallerIdentified(phone="+821000001111", guardian=None)),
                (call, bodies.CallJoined(request="request-1", call="rung-0")),
                (call, bodies.SafetyRaised(what="emergency")),
                (call, bodies.SafetyReported(what="emergency", reference=str(step), said="")),
                (call, bodies.CallEnded(outcome="dropped", topic=None)),
                (owed, missed(call, step)),
                (owed, bodies.CallbackPromised(phone="+821000001111", guardian=None, call=call, due=step)),
                (owed, bodies.CallbackTried(whom="guardian", result="busy")),
                (owed, bodies.CallbackClosed(why="reached")),
            ]
        )

    def _care(self, rng: Random, subject: str, step: int) -> bodies.Body:
        """Something of care of the one child, whether it has a place by then or not."""
        at = AT // 1000 + step
        made = [entry for entry in self.made if entry.subject == subject and entry.kind == "offer.made"]
        if made and rng.random() < 0.5:
            last = bodies.OfferMade.model_validate_json(rng.choice(made).body or "")
            return rng.choice(
                [
                    bodies.OfferReleased(offer=last.offer, state="matching", why="guardian_refused"),
                    bodies.ProviderTold(offer=last.offer),
                    bodies.CareEnded(
                        child="child-1",
                        at=at,
                        ending="picked_up",
                        fee=5000,
                        state="finished",
                        places=[
                            bodies.PlaceSpan(
                                offer=last.offer,
                                group="provider-1/a",
                                place=last.seats[0].place,
                                first_slot=last.last_slot,
                                last_slot=last.last_slot,
                            )
                        ],
                    ),
                ]
            )
        return rng.choice(
            [
                bodies.CareApproached(children=["child-1"], step="under_way", at=at),
                bodies.ChildScreened(
                    child="child-1",
                    brought_by="guardian",
                    brought_name="",
                    code_word=True,
                    temperature=366,
                    symptoms=["fever"],
                    disinfected=None,
                ),
                bodies.CareHeld(child="child-1", why="fever", at=at),
                bodies.CareAdmitted(child="child-1", at=at, state="in_care"),
                bodies.CareExtended(end=at + 9000, places=[]),
                bodies.ChildHandedOver(child="child-1", by="other", name="박이웃", identified="checked"),
                bodies.PickupBarred(child="child-1", name=rng.choice("가나"), why="", lifted=rng.random() < 0.5),
            ]
        )

    def _step(self, rng: Random, step: int, opened: list[str]) -> tuple[str, bodies.Body]:
        if not opened or rng.random() < 0.2:
            opened.append(f"request-{step}")
            return opened[-1], request(f"A-1121-{step:03d}")
        subject = rng.choice(opened)
        kind = rng.randrange(10)
        if kind == 0:
            return f"guardian-{step}", guardian()
        if kind == 1:
            return self._call(rng, step)
        if kind == 2:
            earlier = [entry.id for entry in self.made if entry.subject == subject and rng.random() < 0.5]
            change = bodies.Change(value=rng.choice(["41110", "41190"]), base=earlier)
            return subject, bodies.RequestAmended(changes={"region": change})
        if kind == 3:
            return subject, offer(f"offer-{step}", place=step + 1)
        if kind == 4:
            made = [entry for entry in self.made if entry.subject == subject and entry.kind == "offer.made"]
            if made:
                last = bodies.OfferMade.model_validate_json(rng.choice(made).body or "")
                return subject, bodies.OfferAnswered(
                    offer=last.offer, state="matching", offer_state="declined", answer="no_answer", free=None
                )
        if kind == 5:
            return subject, bodies.NoteAdded(text="다시 전화")
        if kind in (7, 8):
            return subject, self._care(rng, subject, step)
        if kind == 6:
            event = rng.choice(("held", "resumed", "cancelled"))
            state = {"held": "held", "resumed": "open", "cancelled": "cancelled"}[event]
            return subject, bodies.RequestMoved(
                event=event,  # type: ignore[arg-type] # one of the three literals above
                state=state,
                reason=None,
                until=None,
            )
        return f"person-{step}", bodies.OperatorAdded(name=f"상담 {step}", role="operator")
