"""The handshake on a real server."""

from tests.sync.conftest import Centre
from tests.sync.wire import Reader, Writer, call


def test_a_desk_says_hello_pushes_and_another_pulls_and_claims(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, b = centre.connect("A"), centre.connect("B")
    writer = Writer("A")
    for number in range(5):
        writer.write(f"subject-{number % 2}")
    said = call(a, "hello", Writer("A").hello())
    assert (said["chain"], said["last_seq"], said["desk"]) == ("A", 0, "A")
    answer = call(a, "push", writer.batch())
    assert answer == {"last_seq": 5, "fork": False, "parked": [], "places": []}
    assert call(a, "push", writer.batch()) == answer
    assert Reader(b).all() == [one.id for one in writer.entries]
    assert Reader(a, own="A").all() == []
    item = {"offer": "o1", "request": "r1", "number": "A-1", "hlc": 5, "keys": [["g", 100, 1], ["g", 101, 1]]}
    assert call(a, "claim", item)["outcome"] == "granted"
    assert call(a, "claim", item)["outcome"] == "granted"
    refused = call(b, "claim", {**item, "offer": "o2", "request": "r2", "number": "B-1"})
    assert refused == {
        "offer": "o2",
        "outcome": "refused",
        "why": "place",
        "other": "o1",
        "other_desk": "A",
        "other_number": "A-1",
    }
    a.close()
    b.close()
