"""Who works on what, on a real server: one at a time, never taken silently."""

from typing import Any

from psycopg import Connection

from tests.sync.conftest import Centre
from tests.sync.wire import Writer, call, calls


def desk(centre: Centre, name: str, programs: tuple[str, ...] = (), regions: tuple[str, ...] = ()) -> "Connection[Any]":
    centre.add(name, programs, regions, everything=not programs)
    connection = centre.connect(name)
    call(connection, "hello", Writer(name).hello())
    return connection


def take(request: str, operator: str, **more: object) -> dict[str, object]:
    return {"take": [{"request": request, "operator": operator, **more}]}


def who(said: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {one["request"]: (one["desk"], one["operator"]) for one in said}


def pushed(connection: "Connection[Any]", chain: str, **subjects: tuple[str, str]) -> None:
    writer = Writer(chain)
    for name in subjects:
        writer.write(name)
    told = [{"id": name, "program": pair[0], "region": pair[1], "open": True} for name, pair in subjects.items()]
    call(connection, "push", writer.batch(subjects=told))


def test_everybody_sees_who_works_on_what(centre: Centre) -> None:
    a, b = desk(centre, "A"), desk(centre, "B")
    pushed(a, "A", r1=("p", "41110"), r2=("p", "41110"))
    assert who(calls(a, "work", take("r1", "김상담"))) == {"r1": ("A", "김상담")}
    said = calls(b, "work", take("r2", "이팀장"))
    assert who(said) == {"r1": ("A", "김상담"), "r2": ("B", "이팀장")}
    assert all(0 <= one["age"] < 40_000 for one in said)
    assert who(calls(a, "work", {"drop": ["r1", "r2"]})) == {"r2": ("B", "이팀장")}


def test_it_is_not_taken_silently_but_with_over(centre: Centre) -> None:
    a, b = desk(centre, "A"), desk(centre, "B")
    pushed(a, "A", r1=("p", "41110"))
    calls(a, "work", take("r1", "김상담"))
    assert who(calls(b, "work", take("r1", "이팀장"))) == {"r1": ("A", "김상담")}
    assert who(calls(b, "work", {"beat": ["r1"], "drop": ["r1"]})) == {"r1": ("A", "김상담")}
    assert who(calls(b, "work", take("r1", "이팀장", over=True))) == {"r1": ("B", "이팀장")}
    # Whoever had it does not get it back by a heartbeat.
    assert who(calls(a, "work", {"beat": ["r1"]})) == {"r1": ("B", "이팀장")}
    assert who(calls(a, "work", take("r1", "김상담"))) == {"r1": ("B", "이팀장")}


def test_the_heartbeat_makes_it_young_and_after_an_hour_without_it_is_gone(centre: Centre) -> None:
    a = desk(centre, "A")
    calls(a, "work", take("r1", "김상담"))
    centre.admin().execute("UPDATE callcenter.work SET beat = beat - interval '50 seconds'")
    assert calls(a, "work", {})[0]["age"] >= 50_000
    assert calls(a, "work", {"beat": ["r1"]})[0]["age"] < 40_000
    centre.admin().execute("UPDATE callcenter.work SET beat = beat - interval '61 minutes'")
    assert calls(a, "work", {}) == []


def test_what_is_out_of_scope_is_not_shown(centre: Centre) -> None:
    a, s = desk(centre, "A"), desk(centre, "S", ("p",), ("41110",))
    pushed(a, "A", here=("p", "41110"), there=("p", "47290"))
    calls(a, "work", {"take": [{"request": one, "operator": "김상담"} for one in ("here", "there", "unknown")]})
    assert who(calls(s, "work", {})) == {"here": ("A", "김상담")}


def test_it_rings_when_somebody_begins_or_ends_and_not_for_a_heartbeat(centre: Centre) -> None:
    a = desk(centre, "A")
    listener = centre.listener("A")
    calls(a, "work", take("r1", "김상담"))
    assert centre.rung(listener) == ["work"]
    calls(a, "work", {"beat": ["r1"]})
    assert centre.rung(listener) == []
    calls(a, "work", {"drop": ["r1"]})
    assert centre.rung(listener) == ["work"]


def test_what_a_desk_says_of_itself_is_kept_for_the_administrator(centre: Centre) -> None:
    a, b = desk(centre, "A"), desk(centre, "B")
    pushed(a, "A", r1=("p", "41110"), r2=("p", "41110"))
    calls(b, "work", {"cursor": ["0", 0], "waiting": 7})
    calls(b, "work", {})
    query = "SELECT waiting, behind FROM callcenter.desks_now() WHERE desk = %s"
    admin = centre.admin()
    assert admin.execute(query, ("B",)).fetchone() == (7, 2)
    assert admin.execute(query, ("A",)).fetchone() == (None, None)
