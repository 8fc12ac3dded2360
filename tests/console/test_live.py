"""The thread that reads what is shown: matches of one request are not worked out on and on while others write."""

from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from textual.message import Message

from callcenter.console import live, read_on
from callcenter.console.live import PAUSE_SECONDS, Live
from callcenter.console.messages import MatchesRead, QueueRead, ReadingFailed
from callcenter.desk.requests import add_note
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.console.seats import ask, seat_at
from tests.patience import PATIENCE


class StoppedClock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Reading:
    """The thread on the desk's file, and what it told."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._told: Queue[Message] = Queue()
        self.live = Live(self._told.put, seat_at(desk, lambda: NOW, folder), lambda: OPERATOR)

    def next(self) -> Message:
        """What is told next."""
        return self._told.get(timeout=PATIENCE)

    def until(self, kind: type[Message]) -> list[Message]:
        """What was told up to the next of its kind, that one too."""
        found = [self._told.get(timeout=PATIENCE)]
        while not isinstance(found[-1], kind):
            assert not isinstance(found[-1], ReadingFailed), found[-1].error
            found.append(self._told.get(timeout=PATIENCE))
        return found

    def matches(self, request_id: str) -> None:
        """Wait for the matches of the request; before it is selected, those of none may be told."""
        told = None
        while told is None:
            (*_before, message) = self.until(MatchesRead)
            assert isinstance(message, MatchesRead)
            told = message.request_id
        assert told == request_id

    def write(self, request_id: str) -> list[Message]:
        """Something about the request is written; what was told until the queue was read with it."""
        add_note(self._desk, OPERATOR, NOW, request_id, "현관벨이 고장났습니다")
        return self.until(QueueRead)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    found = StoppedClock()
    monkeypatch.setattr(live, "monotonic", found)
    # Whether an operator stays on a request is not tried here.
    monkeypatch.setattr(live, "REST_SECONDS", 0.0)
    return found


@pytest.fixture
def reading(desk: Desk, tmp_path: Path, clock: StoppedClock) -> Iterator[Reading]:
    assert clock
    found = Reading(desk, tmp_path)
    found.live.start()
    found.live.show_queue(0, 10)
    yield found
    found.live.stop()


def test_what_others_write_has_the_same_matches_worked_out_once_in_a_pause(
    desk: Desk, reading: Reading, clock: StoppedClock
) -> None:
    request = ask(desk)
    reading.live.show_request(request.request_id)
    reading.matches(request.request_id)
    # By the third all that follows from the first, the matches too, would have been told.
    told = [message for _write in range(3) for message in reading.write(request.request_id)]
    assert [message for message in told if isinstance(message, MatchesRead)] == []
    clock.seconds += PAUSE_SECONDS
    reading.matches(request.request_id)


def test_another_request_does_not_wait_for_the_pause(desk: Desk, reading: Reading) -> None:
    first, second = ask(desk), ask(desk, 1, name="이가을", phone="010-0000-5678")
    for request in (first, second, first):
        reading.live.show_request(request.request_id)
        reading.matches(request.request_id)


def test_a_file_that_cannot_be_opened_for_a_while_is_read_once_it_can(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_on, "FIRST_PAUSE", 0.001)
    away = desk.path.with_name("away.db")
    desk.path.rename(away)
    reading = Reading(desk, tmp_path)
    reading.live.start()
    reading.live.show_queue(0, 10)
    # Of both threads that read, each once.
    assert [type(reading.next()) for _each in range(2)] == [ReadingFailed, ReadingFailed]
    away.rename(desk.path)
    reading.until(QueueRead)
    reading.live.stop()
