import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.gateways.telephone_event import MAX_BYTES, BadEvent, read_event

RING = {"id": "c1", "state": "ringing", "direction": "in", "caller": "01000001234", "at": "2026-11-24T20:00:00+09:00"}
CANARY = "홍길동-비밀"


def event(**more: object) -> bytes:
    return json.dumps(RING | more).encode()


def test_an_event() -> None:
    found = read_event(event(name="가\u1100\u1161\x1b[2J\n", called="", extension="1001", cause=None))
    assert (found.id, found.state, found.direction, found.caller) == ("c1", "ringing", "in", "01000001234")
    assert found.at == datetime.fromisoformat("2026-11-24T20:00:00+09:00")
    assert (found.name, found.called, found.extension, found.cause) == ("가가[2J", "", "1001", None)


def test_what_may_be_left_out() -> None:
    found = read_event(b'{"id": "c1", "state": "ended", "at": "2026-11-24T11:00:00Z"}')
    assert (found.direction, found.caller, found.name) == ("in", None, "")


@pytest.mark.parametrize(
    ("raw", "problem", "field"),
    [
        (b"", "bad_json", None),
        (b"{", "bad_json", None),
        (b"\xff{}", "bad_json", None),
        (b"[" * 5000, "bad_json", None),
        (b"[]", "not_an_object", None),
        (b"null", "not_an_object", None),
        (event() + b" " * MAX_BYTES, "too_large", None),
        (event(**{CANARY: 1}), "unknown_field", None),
        (event(id=""), "bad_characters", "id"),
        (event(id="가"), "bad_characters", "id"),
        (event(id="a\nb"), "bad_characters", "id"),
        (event(id="a\n"), "bad_characters", "id"),
        (event(id="x" * 129), "bad_characters", "id"),
        (event(id=7), "wrong_type", "id"),
        (event(state=CANARY), "not_one_of", "state"),
        (event(direction="sideways"), "not_one_of", "direction"),
        (event(at=CANARY), "bad_time", "at"),
        (event(at=1_800_000_000), "bad_time", "at"),
        (event(at="2026-11-24T20:00:00"), "time_without_zone", "at"),
        (event(at="1926-11-24T20:00:00Z"), "bad_time", "at"),
        (event(caller=CANARY * 40), "too_long", "caller"),
        (event(caller=["010"]), "wrong_type", "caller"),
        (event(name="x" * 257), "too_long", "name"),
        (event(name=None), "wrong_type", "name"),
        (b'{"id": "c1", "state": "ended"}', "missing", "at"),
    ],
)
def test_what_is_refused_names_the_field_and_never_what_stood_there(
    raw: bytes, problem: str, field: str | None
) -> None:
    with pytest.raises(BadEvent) as refused:
        read_event(raw)
    assert (refused.value.values["problem"], refused.value.values["field"]) == (problem, field)
    assert refused.value.__cause__ is None
    assert CANARY not in str(refused.value)


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.sampled_from([*RING, "name", "x"]), st.text() | st.none() | st.integers()).map(
        lambda one: json.dumps(RING | one).encode()
    )
)
def test_anything_is_an_event_or_refused(raw: bytes) -> None:
    try:
        found = read_event(raw)
    except BadEvent:
        return
    assert found.state in {"ringing", "answered", "held", "ended"}
