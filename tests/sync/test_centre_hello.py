"""The handshake on a real server: whose chain it is, and which one to go on with."""

import psycopg
import pytest

from tests.sync.conftest import Centre
from tests.sync.wire import Reader, Writer, call, calls


def test_a_desk_says_hello_pushes_and_another_pulls(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, b = centre.connect("A"), centre.connect("B")
    writer = Writer("A")
    for number in range(5):
        writer.write(f"subject-{number % 2}")
    said = call(a, "hello", Writer("A").hello())
    assert (said["chain"], said["last_seq"], said["last_digest"], said["desk"]) == ("A", 0, None, "A")
    assert said["scopes"] == {"programs": [], "regions": [], "all": True}
    assert call(a, "push", writer.batch()) == {"last_seq": 5, "fork": False, "parked": [], "places": []}
    assert Reader(b).all() == [one.id for one in writer.entries]
    assert Reader(a, own="A").all() == []
    assert Reader(a).all() == [one.id for one in writer.entries]
    said = call(a, "hello", writer.hello())
    assert (said["chain"], said["last_seq"], said["last_digest"]) == ("A", 5, writer.entries[-1].digest.hex())


def test_the_clock_the_version_and_the_lag_are_told(centre: Centre) -> None:
    centre.add("A")
    said = call(centre.connect("A"), "hello", Writer("A").hello())
    row = centre.admin().execute("SELECT extract(epoch FROM now()) * 1000, version FROM callcenter.centre").fetchone()
    assert row is not None
    assert abs(said["now"] - float(row[0])) < 600_000
    assert said["version"] == row[1] >= 1
    assert said["settle_lag"] == 0
    assert said["parked"] == 0


def test_a_transaction_that_writes_is_seen_as_lag(centre: Centre) -> None:
    centre.add("A")
    admin = centre.admin()
    admin.execute("BEGIN")
    admin.execute("SELECT pg_current_xact_id(), pg_sleep(0.15)")
    said = call(centre.connect("A"), "hello", Writer("A").hello())
    admin.execute("ROLLBACK")
    assert said["settle_lag"] >= 150


def test_the_epoch_stays_and_changes_when_a_dump_was_restored(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    before = call(a, "hello", Writer("A").hello())["epoch"]
    assert call(a, "hello", Writer("A").hello())["epoch"] == before
    centre.admin().execute("SELECT callcenter.restored()")
    after = call(a, "hello", Writer("A").hello())["epoch"]
    assert after != before
    assert after.split("/")[:2] == before.split("/")[:2]


def test_a_restored_file_gets_a_new_chain_and_the_same_one_until_it_has_written(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    writer = Writer("A")
    call(a, "hello", writer.hello())
    for _number in range(3):
        writer.write("subject")
    call(a, "push", writer.batch())
    restored = Writer("A", entries=writer.entries[:2])
    said = call(a, "hello", restored.hello())
    assert (said["chain"], said["last_seq"], said["last_digest"]) == ("A~2", 0, None)
    # The answer was lost: asked again, nothing more is used up.
    assert call(a, "hello", restored.hello())["chain"] == "A~2"
    second = Writer("A~2")
    second.write("subject")
    assert call(a, "push", second.batch())["last_seq"] == 1
    assert call(a, "hello", second.hello())["chain"] == "A~2"
    # Another copy of the old file.
    assert call(a, "hello", restored.hello())["chain"] == "A~3"


def test_another_entry_at_the_same_place_gets_a_new_chain(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    writer, copy = Writer("A"), Writer("A")
    call(a, "hello", writer.hello())
    writer.write("subject")
    copy.write("subject", text="otherwise")
    call(a, "push", writer.batch())
    assert call(a, "hello", copy.hello())["chain"] == "A~2"
    assert call(a, "hello", writer.hello())["chain"] == "A"


def test_a_fork_gets_a_new_chain_though_the_numbers_would_fit(centre: Centre) -> None:
    centre.add("A")
    a = centre.connect("A")
    writer, copy = Writer("A"), Writer("A")
    call(a, "hello", writer.hello())
    writer.write("subject")
    call(a, "push", writer.batch())
    copy.write("subject", text="otherwise")
    copy.write("subject")
    assert call(a, "hello", copy.hello())["chain"] == "A"
    assert call(a, "push", copy.batch(1))["fork"]
    assert call(a, "hello", copy.hello(forked=True))["chain"] == "A~2"


@pytest.mark.parametrize("chain", ["B", "B~2", "A~", "A~0", "A~x", "A~2~3", "", "AB"])
def test_another_desks_chain_is_refused(centre: Centre, chain: str) -> None:
    centre.add("A")
    centre.add("B")
    with pytest.raises(psycopg.Error, match="not_your_chain") as refused:
        call(centre.connect("A"), "hello", Writer(chain).hello())
    assert refused.value.sqlstate == "CC004"


def test_what_a_newer_desk_says_beside_is_passed_over_and_what_an_older_leaves_out_is_not_missed(
    centre: Centre,
) -> None:
    centre.add("A")
    a = centre.connect("A")
    assert call(a, "hello", Writer("A").hello(colour="blue", nested={"a": [1]}))["chain"] == "A"
    assert call(a, "hello", {"chain": "A"})["chain"] == "A"
    writer = Writer("A")
    writer.write("subject")
    assert call(a, "push", writer.batch(colour="blue"))["last_seq"] == 1
    assert calls(a, "work", {"colour": "blue"}) == []
    item = {"offer": "o", "request": "r", "number": "A-1", "hlc": 1, "keys": [], "colour": "blue"}
    assert call(a, "claim", item)["outcome"] == "granted"
