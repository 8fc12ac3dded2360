"""What nobody waits for is read after what an operator waits for, and not much later."""

from collections.abc import Iterator
from queue import Empty, Queue
from threading import Thread
from time import monotonic

import pytest

from callcenter.console import precedence
from callcenter.console.precedence import Precedence, resting
from callcenter.desk.session import Desk

LONG = 30.0


class Reading:
    """One statement in a thread of its own."""

    def __init__(self, desk: Desk, first: Precedence) -> None:
        self._connection = resting(desk.connection, first)
        self._read: Queue[tuple[str, float]] = Queue()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        (name,) = self._connection.execute("SELECT name FROM desk WHERE name = ?", ("A",)).fetchone()
        self._read.put((name, monotonic()))

    def at(self, seconds: float) -> float:
        """When it was read, if that is within so many seconds."""
        name, at = self._read.get(timeout=seconds)
        assert name == "A"
        self._thread.join()
        return at


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Precedence]:
    """An answer that takes longer than the test."""
    monkeypatch.setattr(precedence, "ANSWER_SECONDS", LONG)
    first = Precedence()
    yield first
    first.end()


def test_a_statement_waits_until_the_answer_is_there(desk: Desk, patient: Precedence) -> None:
    patient.begin()
    reading = Reading(desk, patient)
    with pytest.raises(Empty):
        reading.at(0.1)
    patient.end()
    reading.at(LONG)


def test_where_no_answer_is_waited_for_it_goes_on_at_once(desk: Desk, patient: Precedence) -> None:
    began = monotonic()
    assert Reading(desk, patient).at(LONG) - began < LONG / 2
    patient.begin()
    patient.end()
    assert Reading(desk, patient).at(LONG) - began < LONG / 2


def test_it_waits_no_longer_than_an_answer_takes(desk: Desk) -> None:
    first = Precedence()
    began = monotonic()
    first.begin()
    assert Reading(desk, first).at(LONG) - began >= precedence.ANSWER_SECONDS
