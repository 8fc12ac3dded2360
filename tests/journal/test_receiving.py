"""What arrives is taken in, parked with its reason, or emptied: and nothing that is wrong stops what is right."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from callcenter.journal import bodies, history
from callcenter.journal.chain import Chain
from callcenter.journal.entry import Entry, canonical, digest_of_body
from callcenter.journal.receiving import Received
from callcenter.store.engine import Taken, create
from callcenter.store.tables import schema
from callcenter.store.transactions import writing
from tests.journal.conftest import Entropy
from tests.journal.evenings import AT, append, child, erased, folded, guardian, offer, request, resealed
from tests.journal.together import deliver, differing

if TYPE_CHECKING:
    from sqlite3 import Connection


@pytest.fixture
def there(tmp_path: Path) -> "Connection":
    return create(tmp_path / "there.db", schema())


def receive(connection: "Connection", *arriving: Entry) -> Received:
    with writing(connection):
        return history.receive(connection, arriving)


def parked(connection: "Connection") -> list[tuple[str, str]]:
    return connection.execute("SELECT entry_id, reason FROM parked WHERE way = 'in' ORDER BY entry_id").fetchall()


def saying(entry: Entry, said: object) -> Entry:
    """The entry with another body, as if it had been written so."""
    body = canonical(said)
    return resealed(entry._replace(body=body, body_digest=digest_of_body(entry.salt or b"", body)))


def test_an_entry_that_cannot_be_folded_is_parked_and_the_others_go_on(
    connection: "Connection", there: "Connection", entropy: Entropy
) -> None:
    opened = append(connection, "request-1", request(), entropy=entropy)
    strange = saying(append(connection, "request-1", offer("offer-1", 1), entropy=entropy), {"offer": 1})
    noted = append(connection, "request-1", bodies.NoteAdded(text="다시 전화"), entropy=entropy)
    other = append(connection, "request-2", request("A-1121-002"), entropy=entropy)
    assert receive(there, opened, strange, noted, other) == Received(4, 0, 0)
    assert parked(there) == [(strange.id, "ValidationError")]
    assert there.execute("SELECT count(*) FROM request").fetchone() == (2,)
    assert there.execute("SELECT text FROM note").fetchall() == [("다시 전화",)]
    before = folded(there)
    with writing(there):
        assert history.rebuild(there) == 4
    assert (folded(there), parked(there)) == (before, [(strange.id, "ValidationError")])
    late = append(connection, "request-1", bodies.NoteAdded(text="늦은 메모"), at=AT - 1, entropy=entropy)
    receive(there, resealed(late._replace(hlc=opened.hlc - 1)))
    assert there.execute("SELECT count(*) FROM note").fetchone() == (2,)
    assert parked(there) == [(strange.id, "ValidationError")]


def test_what_is_not_what_it_says_is_refused_and_kept_out(
    connection: "Connection", there: "Connection", entropy: Entropy
) -> None:
    first = append(connection, "guardian-1", guardian(), entropy=entropy)
    second = append(connection, "guardian-1", child(), entropy=entropy)
    receive(there, first)
    before = folded(there)
    cases = {
        "other_bytes": resealed(first._replace(actor="이상담")),
        "fork": resealed(second._replace(seq=1)),
        "body": second._replace(body=(second.body or "").replace("박새봄", "박가을")),
        "digest": second._replace(actor="이상담"),
        "erased": append(connection, "request-1", request(), entropy=entropy)._replace(body=None, salt=None),
    }
    for reason, entry in cases.items():
        assert receive(there, entry) == Received(0, 1, 0), reason
        assert dict(parked(there))[entry.id] == reason
    assert folded(there) == before
    assert receive(there, first, second, first) == Received(1, 0, 0)
    assert len(folded(there)["child"]) == 1


def test_known_entries_change_nothing_and_one_that_comes_emptied_is_emptied(
    connection: "Connection", there: "Connection", entropy: Entropy
) -> None:
    named = append(connection, "guardian-1", guardian(), entropy=entropy)
    bearing = append(connection, "guardian-1", child(), entropy=entropy)
    assert receive(there, named, bearing) == Received(2, 0, 0)
    assert receive(there, bearing, named) == Received(0, 0, 0)
    assert receive(there, bearing._replace(body=None, salt=None)) == Received(0, 0, 1)
    assert (len(folded(there)["guardian"]), len(folded(there)["child"])) == (1, 0)
    assert receive(there, bearing) == Received(0, 0, 0)
    assert folded(there)["child"] == []


def test_an_erasure_empties_what_came_before_it_and_what_others_wrote_not_knowing(
    connection: "Connection", entropy: Entropy, tmp_path: Path
) -> None:
    named = append(connection, "guardian-1", guardian("남궁카나리아"), entropy=entropy)
    opened = append(connection, "request-1", request(), entropy=entropy)
    erasing = append(connection, "guardian-1", erased(("request-1",)), entropy=entropy)
    with writing(connection):
        history.erase(connection, erasing)
    known = append(connection, "request-1", bodies.NoteAdded(text="보호자 정보 삭제됨"), entropy=entropy)
    ignorant = create(tmp_path / "ignorant.db", schema())
    receive(ignorant, named, opened)
    note = bodies.NoteAdded(text="남궁카나리아 님")
    unknowing = append(ignorant, "request-1", note, desk="B", at=AT + 60_000, entropy=Random(9).randbytes)
    for seed in range(12):
        third = create(tmp_path / f"third-{seed}.db", schema())
        deliver(third, [named, opened, erasing, known, unknowing], Random(seed))
        assert third.execute("SELECT id FROM entry WHERE body IS NULL ORDER BY hlc").fetchall() == [
            (named.id,),
            (unknowing.id,),
        ]
        assert [row[-1] for row in folded(third)["note"]] == ["보호자 정보 삭제됨"]
        assert folded(third)["guardian"] == []
        assert history.verify(third) == (5, [])
        third.close()
    receive(ignorant, erasing, known)
    receive(connection, unknowing)
    assert differing(connection, ignorant) == []
    told = ignorant.execute("SELECT entry_id FROM emptied ORDER BY entry_id").fetchall()
    assert set(told) == {(named.id,), (unknowing.id,)}
    # Whoever knows of it writes under no person's name, but nobody could tell.
    later = append(ignorant, "request-1", note, desk="B", at=AT + 90_000, entropy=Random(10).randbytes)
    assert (later.body, later.salt) == (None, None)
    receive(connection, later)
    assert differing(connection, ignorant) == []
    ignorant.close()


def test_ones_own_entries_take_no_place_that_another_offer_has(connection: "Connection", entropy: Entropy) -> None:
    append(connection, "request-1", request(), entropy=entropy)
    append(connection, "request-2", request("A-1121-002"), entropy=entropy)
    append(connection, "request-1", offer("offer-5", 1), entropy=entropy)
    before = folded(connection)
    reseated = bodies.OfferReseated(
        offer="offer-7",
        seats=[bodies.Seat(child="child-1", group="provider-1/a", place=1)],
        first_slot=AT // 1000 // 1800 + 3,
        last_slot=AT // 1000 // 1800 + 5,
    )
    span = bodies.PlaceSpan(offer="offer-7", group="provider-1/a", place=1, first_slot=0, last_slot=AT // 1_800_000)
    for body in (offer("offer-9", 1), offer("offer-1", 1)):
        with pytest.raises(Taken):
            append(connection, "request-2", body, entropy=entropy)
    assert folded(connection) == before
    append(connection, "request-2", offer("offer-7", 2), entropy=entropy)
    before = folded(connection)
    for other in (reseated, bodies.CareExtended(end=AT // 1000, places=[span])):
        with pytest.raises(Taken):
            append(connection, "request-2", other, entropy=entropy)
    assert folded(connection) == before


def test_a_correction_takes_no_place_back_that_was_given_away(connection: "Connection", entropy: Entropy) -> None:
    for number in (1, 2):
        append(connection, f"request-{number}", request(f"A-1121-00{number}"), entropy=entropy)
    append(connection, "request-1", offer("offer-1", 1), entropy=entropy)
    released = bodies.OfferReleased(offer="offer-1", state="matching", why="given_up")
    gone = append(connection, "request-1", released, entropy=entropy)
    append(connection, "request-2", offer("offer-2", 1), entropy=entropy)
    with writing(connection):
        chain = Chain(connection, "A", "김상담", AT, entropy)
        with pytest.raises(Taken):
            chain.append("request-1", bodies.EntryCorrected(entries=[gone.id], reason="wrong_key"))
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")
    owner = connection.execute("SELECT DISTINCT offer_id FROM place_taken").fetchall()
    assert owner == [("offer-2",)]
