"""What finds and mends a difference, on a real server: hashes by bucket, and a dump that was restored."""

from tests.sync.conftest import Centre
from tests.sync.test_centre_pull import ids, say_hello
from tests.sync.wire import NOW, Reader, call


def test_hashes_and_ids_find_what_is_missing(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    for _number in range(60):
        writer.write("subject")
    call(a, "push", writer.batch())
    b = centre.connect("B")
    since = NOW + 20
    expected: dict[int, list[int]] = {}
    for one in writer.entries:
        if one.at >= since:
            expected.setdefault(one.digest[0], []).append(int.from_bytes(one.digest[:4]))
    rows = b.execute("SELECT * FROM callcenter.hashes(%s)", (since,)).fetchall()
    assert {row[0]: (row[1], int(row[2])) for row in rows} == {k: (len(v), sum(v)) for k, v in expected.items()}
    bucket = writer.entries[-1].digest[0]
    found = b.execute("SELECT callcenter.ids(%s, %s)", (bucket, since)).fetchall()
    assert {row[0] for row in found} == {
        one.id for one in writer.entries if one.at >= since and one.digest[0] == bucket
    }


def test_after_a_restored_dump_everything_is_pulled_again_in_order(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    for _number in range(5):
        writer.write("subject")
    call(a, "push", writer.batch())
    # As a dump from a busier cluster looks: transaction numbers that are not reached here.
    centre.admin().execute("UPDATE callcenter.entry SET sx = '999999999'::xid8")
    assert Reader(centre.connect("B")).all() == []
    assert centre.admin().execute("SELECT xids_ahead FROM callcenter.centre_now()").fetchone() == (True,)
    centre.admin().execute("SELECT callcenter.restored()")
    assert centre.admin().execute("SELECT xids_ahead FROM callcenter.centre_now()").fetchone() == (False,)
    assert Reader(centre.connect("B")).all() == ids(writer)
    writer.write("subject")
    call(a, "push", writer.batch())
    assert Reader(centre.connect("B")).all() == ids(writer)
