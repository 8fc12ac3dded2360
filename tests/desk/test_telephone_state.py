import json
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.desk.telephone_state import (
    Heartbeat,
    TelephoneState,
    heartbeat_path,
    telephone,
    telephone_state,
    worst,
    write_heartbeat,
)
from tests.conftest import NOW


def beat(state: Literal["connecting", "connected"] = "connected", ago: float = 0) -> Heartbeat:
    at = (NOW - timedelta(seconds=ago)).isoformat()
    return Heartbeat("listen", state, at, 77, at)


def text(**changed: object) -> str:
    told = {"kind": "listen", "state": "connected", "since": NOW.isoformat(), "pid": 7, "at": NOW.isoformat()}
    return json.dumps(told | changed)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("", "absent"),
        ("\n", "absent"),
        (text(), "connected"),
        (text(at=(NOW - timedelta(seconds=15)).isoformat()), "connected"),
        (text(at=(NOW - timedelta(seconds=16)).isoformat()), "stale"),
        (text(at=(NOW + timedelta(seconds=16)).isoformat()), "stale"),
        (text(state="connecting"), "stale"),
        (text(at="yesterday"), "stale"),
        (text(at="2026-11-24T17:40:00"), "stale"),
        (text(at=None), "stale"),
        (text()[:40], "stale"),
        ("[]", "stale"),
        ("7", "stale"),
    ],
)
def test_what_a_heartbeat_means(said: str, state: TelephoneState) -> None:
    assert telephone_state(said, NOW) == state


@given(st.text())
def test_any_text_means_something(said: str) -> None:
    assert telephone_state(said, NOW) in {"stale", "absent"}


def test_one_word_for_all() -> None:
    assert worst([]) == "absent"
    assert worst(["connected", "absent"]) == "connected"
    assert worst(["connected", "stale"]) == "stale"


def test_gateways_beside_the_database(tmp_path: Path) -> None:
    db = tmp_path / "desk.db"
    write_heartbeat(heartbeat_path(tmp_path / "other.db", "listen-1"), beat(ago=100))
    assert telephone(db, NOW) == "absent"
    listening, watching = heartbeat_path(db, "listen-8719"), heartbeat_path(db, "watch-10/../01")
    assert listening.parent == watching.parent == tmp_path
    write_heartbeat(listening, beat())
    (tmp_path / f"{listening.name}.77.part").write_text('{"kind": "lis', encoding="utf-8")
    assert telephone(db, NOW) == "connected"
    write_heartbeat(watching, beat("connecting"))
    assert telephone(db, NOW) == "stale"
    write_heartbeat(watching, beat())
    assert telephone(db, NOW) == "connected"
    assert telephone(db, NOW + timedelta(minutes=1)) == "stale"
    assert not list(tmp_path.glob("*watch*.part"))
