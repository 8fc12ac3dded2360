"""Looks for garbage wait until the operator rests."""

import gc
from collections.abc import Iterator

import pytest

from callcenter.console import garbage
from callcenter.console.garbage import LOOK_SECONDS, REST_SECONDS, Garbage


class _Watched:
    """The time as the test sets it, and how often everything was looked through."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.looks = 0

    def note(self, phase: str, info: dict[str, int]) -> None:
        self.looks += phase == "start" and info["generation"] == 2


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Watched]:
    found = _Watched()
    monkeypatch.setattr(garbage, "monotonic", lambda: found.now)
    gc.callbacks.append(found.note)
    yield found
    gc.callbacks.remove(found.note)
    gc.unfreeze()


def test_a_look_waits_for_a_rest(watched: _Watched) -> None:
    looked = Garbage()
    looked.begin()
    try:
        for _ in range(20):
            watched.now += REST_SECONDS / 2
            looked.pressed()
            looked.look()
        assert watched.looks == 0
        watched.now += REST_SECONDS
        looked.look()
        assert watched.looks == 1
        watched.now += REST_SECONDS
        looked.look()
        assert watched.looks == 1, "the next one comes after a while only"
        watched.now += LOOK_SECONDS
        looked.look()
        assert watched.looks == 2
    finally:
        looked.end()


def test_nothing_else_looks_at_everything(watched: _Watched) -> None:
    before = gc.get_threshold()
    looked = Garbage()
    looked.begin()
    try:
        kept: list[list[list[int]]] = [[[] for _ in range(1000)] for _ in range(200)]
        assert watched.looks == 0
    finally:
        looked.end()
    assert gc.get_threshold() == before
    del kept
