"""The journal as a whole: any order of delivery gives the same tables, tampering is found, the erased are gone."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.journal import bodies, history
from callcenter.store.engine import create, is_folded
from callcenter.store.tables import schema
from callcenter.store.transactions import writing
from tests.journal.conftest import Entropy
from tests.journal.evenings import AT, Evening, append, child, erased, folded, guardian, offer, request, resealed

if TYPE_CHECKING:
    from sqlite3 import Connection


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), steps=st.integers(1, 60))
def test_any_order_of_delivery_gives_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int
) -> None:
    folder = tmp_path_factory.mktemp("desks")
    here, there = create(folder / "here.db", schema()), create(folder / "there.db", schema())
    evening = Evening(seed)
    evening.write(here, steps)
    arriving = list(evening.made)
    Random(seed).shuffle(arriving)
    half = len(arriving) // 2
    for batch in (arriving[:half], arriving[half:], arriving[: half // 2]):
        with writing(there):
            history.receive(there, batch)
    assert folded(there) == folded(here)
    assert history.verify(there) == (len(evening.made), [])
    with writing(there):
        assert history.rebuild(there) == len(evening.made)
    assert folded(there) == folded(here)
    here.close()
    there.close()


def test_rebuilding_gives_the_same_bytes_and_marks_the_fold(connection: "Connection") -> None:
    Evening(3).write(connection, 80)
    before = folded(connection)
    assert not is_folded(connection)
    with writing(connection):
        assert history.rebuild(connection) == 80
    assert folded(connection) == before
    assert is_folded(connection)


def test_two_amendments_from_one_base_both_stay_until_one_is_chosen(connection: "Connection", entropy: Entropy) -> None:
    def amend(region: str, base: list[str], desk: str) -> str:
        body = bodies.RequestAmended(changes={"region": bodies.Change(value=region, base=base)})
        return append(connection, "request-1", body, desk=desk, entropy=entropy).id

    append(connection, "request-1", request(), entropy=entropy)
    here = amend("41190", [], "A")
    there = amend("41210", [], "B")
    heads = "SELECT entry_id, value FROM field_head WHERE subject = 'request-1' AND field = 'region' ORDER BY value"
    assert connection.execute(heads).fetchall() == [(here, '"41190"'), (there, '"41210"')]
    chosen = amend("41190", [here, there], "A")
    assert connection.execute(heads).fetchall() == [(chosen, '"41190"')]
    assert connection.execute("SELECT region FROM request").fetchone() == ("41190",)


def test_an_entry_of_a_newer_program_is_kept_and_changes_nothing(connection: "Connection", entropy: Entropy) -> None:
    class Newer(bodies.Body):
        kind = "request.teleported"

    append(connection, "request-1", request(), entropy=entropy)
    before = folded(connection)
    append(connection, "request-1", Newer(), entropy=entropy)
    assert folded(connection) == before
    assert history.verify(connection) == (2, [])
    with writing(connection):
        assert history.rebuild(connection) == 2
    assert folded(connection) == before


@pytest.mark.parametrize(
    ("tamper", "seq", "reason"),
    [
        ("UPDATE entry SET body = replace(body, '박하나', '박두나') WHERE seq = 2", 2, "body"),
        ("UPDATE entry SET actor = '이상담' WHERE seq = 2", 2, "digest"),
        ("UPDATE entry SET at = at + 1 WHERE seq = 3", 3, "digest"),
        ("DELETE FROM entry WHERE seq = 2", 2, "gap"),
        ("UPDATE entry SET seq = 9 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3", 2, "link"),
        ("UPDATE entry SET body = NULL, salt = NULL WHERE seq = 1", 1, "erased"),
        ("UPDATE entry SET salt = NULL WHERE seq = 2", 2, "body"),
    ],
)
def test_tampering_is_found_where_it_was_done(
    connection: "Connection", entropy: Entropy, tamper: str, seq: int, reason: str
) -> None:
    append(connection, "request-1", request(), entropy=entropy)
    append(connection, "guardian-1", guardian(), entropy=entropy)
    append(connection, "guardian-1", child(), entropy=entropy)
    assert history.verify(connection) == (3, [])
    connection.executescript(tamper)
    assert history.verify(connection)[1] == [history.Fault("A", seq, reason)]


def test_an_erased_person_is_gone_from_the_file_and_the_chain_still_holds(tmp_path: Path, entropy: Entropy) -> None:
    path = tmp_path / "desk.db"
    connection = create(path, schema())
    append(connection, "guardian-1", guardian("남궁카나리아"), entropy=entropy)
    append(connection, "guardian-1", child(), entropy=entropy)
    append(connection, "request-1", request(), entropy=entropy)
    append(connection, "request-1", bodies.NoteAdded(text="남궁카나리아 님 다시 전화"), entropy=entropy)
    append(connection, "request-1", offer("offer-1", 1), entropy=entropy)
    assert "남궁카나리아".encode() in path.read_bytes() + (tmp_path / "desk.db-wal").read_bytes()
    erasing = append(connection, "guardian-1", erased(("request-1",)), entropy=entropy)
    with writing(connection):
        assert history.erase(connection, erasing) == 3
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    contents = folded(connection)
    assert (contents["guardian"], contents["child"], contents["note"]) == ([], [], [])
    assert len(contents["request"]) == len(contents["offer"]) == 1
    assert len(contents["place_taken"]) == 4
    assert history.verify(connection) == (6, [])
    with writing(connection):
        history.rebuild(connection)
    assert folded(connection) == contents
    connection.close()
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "남궁카나리아".encode() not in left
    assert "박새봄".encode() not in left


def test_a_late_entry_folds_only_its_own_subject_again(connection: "Connection", entropy: Entropy) -> None:
    append(connection, "request-1", request("A-1121-001"), entropy=entropy)
    append(connection, "request-2", request("A-1121-002"), entropy=entropy)
    connection.execute("UPDATE request SET reason = 'touched by hand'")
    early = append(connection, "request-1", bodies.NoteAdded(text="늦은 메모"), entropy=entropy)
    late = resealed(early._replace(id=early.id[:-4] + "0000", hlc=(AT << 16) - 1, desk="B", seq=1))
    with writing(connection):
        history.receive(connection, [late])
    reasons = connection.execute("SELECT reason FROM request ORDER BY number").fetchall()
    assert reasons == [("overtime",), ("touched by hand",)]


def test_consent_given_again_replaces_what_was_given_and_outlives_the_person(
    connection: "Connection", entropy: Entropy
) -> None:
    first = bodies.ConsentGiven(kinds=["collect", "sensitive"], who="mother", how="online", at=AT // 1000 - 60)
    append(connection, "guardian-1", guardian(), entropy=entropy)
    append(connection, "guardian-1", first, entropy=entropy)
    again = bodies.ConsentGiven(kinds=["sensitive", "third_party"], who="father", how="telephone")
    append(connection, "guardian-1", again, at=AT + 60_000, entropy=entropy)
    now = AT // 1000 + 60
    kept = [
        ("guardian-1", "collect", AT // 1000 - 60, "online", "mother"),
        ("guardian-1", "sensitive", now, "telephone", "father"),
        ("guardian-1", "third_party", now, "telephone", "father"),
    ]
    assert folded(connection)["consent"] == kept
    erasing = append(connection, "guardian-1", erased(), at=AT + 60_000, entropy=entropy)
    with writing(connection):
        assert history.erase(connection, erasing) == 1
    assert folded(connection)["consent"] == kept


def test_of_another_desk_only_a_part_may_be_here_and_each_entry_of_it_is_proved(
    connection: "Connection", entropy: Entropy
) -> None:
    append(connection, "guardian-1", guardian("김지영"), entropy=entropy)
    for name in ("child-1", "child-2", "child-3", "child-4"):
        append(connection, "guardian-1", child(name), desk="B", entropy=entropy)
    connection.execute("INSERT INTO here VALUES ('A')")
    connection.execute("DELETE FROM entry WHERE desk = 'B' AND seq IN (1, 3)")
    assert history.verify(connection) == (3, [])
    connection.execute("UPDATE entry SET actor = 'x' WHERE desk = 'B' AND seq = 4")
    assert history.verify(connection)[1] == [history.Fault("B", 4, "digest")]
    connection.execute("UPDATE here SET chain = 'B~2'")
    assert history.verify(connection)[1] == [history.Fault("B", 1, "gap")]
