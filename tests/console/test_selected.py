"""The thread that reads the selected request: told when it is chosen, and again only when it differs."""

from collections.abc import Iterator
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from textual.message import Message

from callcenter.console import read_on
from callcenter.console import selected as module
from callcenter.console.messages import ReadingFailed, RequestRead
from callcenter.console.selected import Selected
from callcenter.desk.permission import Actor
from callcenter.desk.requests import add_note
from callcenter.desk.session import Desk
from callcenter.desk.view import RequestView, request_view
from tests.conftest import NOW
from tests.console.seats import ask
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from sqlite3 import Connection

OPERATOR = Actor("김상담", "operator")


class Heard:
    """What the screen was told, and whoever works out the matches."""

    def __init__(self) -> None:
        self.screen: Queue[Message] = Queue()
        self.matches: Queue[tuple[str | None, RequestView | None, int]] = Queue()

    def worked_on(self, request_id: str | None, view: RequestView | None, wish: int) -> None:
        self.matches.put((request_id, view, wish))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def selected(desk: Desk, heard: Heard) -> Iterator[Selected]:
    reading = Selected(heard.screen.put, heard.worked_on, desk.path, lambda: OPERATOR)
    reading.start()
    yield reading
    reading.stop()


def shown(heard: Heard) -> RequestView | None:
    told = heard.screen.get(timeout=PATIENCE)
    assert isinstance(told, RequestRead)
    return told.view


def test_the_screen_is_told_again_only_of_what_differs(desk: Desk, heard: Heard, selected: Selected) -> None:
    request = ask(desk)
    selected.show(request.request_id)
    first = shown(heard)
    assert first is not None
    assert first.request.id == request.request_id
    assert heard.matches.get(timeout=PATIENCE) == (request.request_id, first, 1)

    selected.again()
    assert heard.matches.get(timeout=PATIENCE) == (request.request_id, first, 2)
    assert heard.screen.empty()

    add_note(desk, OPERATOR, NOW, request.request_id, "현관벨이 고장났습니다")
    selected.again()
    assert shown(heard) != first


def test_a_request_chosen_once_more_is_told_though_it_is_as_it_was(
    desk: Desk, heard: Heard, selected: Selected
) -> None:
    request = ask(desk)
    selected.show(request.request_id)
    first = shown(heard)
    selected.show(request.request_id)
    assert shown(heard) == first
    selected.show(None)
    assert shown(heard) is None


def test_after_a_fault_it_says_so_once_and_reads_on(
    desk: Desk, selected: Selected, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = ask(desk).request_id
    faults = ["first", "second"]

    def faulty(connection: "Connection", wanted: str, actor: Actor | None) -> RequestView | None:
        if faults:
            raise ZeroDivisionError(faults.pop())
        return request_view(connection, wanted, actor)

    monkeypatch.setattr(read_on, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(module, "request_view", faulty)
    selected.show(request_id)
    told = heard.screen.get(timeout=PATIENCE)
    assert isinstance(told, ReadingFailed)
    view = shown(heard)
    assert view is not None
    assert view.request.id == request_id
    add_note(desk, OPERATOR, NOW, request_id, "현관벨이 고장났습니다")
    selected.again()
    again = shown(heard)
    assert again is not None
    assert len(again.notes) == 1


def test_it_ends_while_it_waits_to_begin_again(desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_on, "FIRST_PAUSE", 10 * PATIENCE)
    reading = Selected(heard.screen.put, heard.worked_on, desk.path.with_name("nothing.db"), lambda: OPERATOR)
    reading.start()
    assert isinstance(heard.screen.get(timeout=PATIENCE), ReadingFailed)
    reading.stop()
