"""What the screen asks once: the newest of its kind is answered, to whoever asked it."""

from pathlib import Path
from threading import Condition

import pytest
from textual.message import Message

from callcenter.console.messages import GuardianFound, SearchRead
from callcenter.console.precedence import Precedence
from callcenter.console.questions import Questions
from callcenter.console.readings import Readings
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.console.seats import ask, seat_at


@pytest.fixture
def questions(desk: Desk, tmp_path: Path) -> Questions:
    seat = seat_at(desk, lambda: NOW, tmp_path)
    told: list[Message] = []
    readings = Readings(told.append, seat, lambda: OPERATOR)
    return Questions(Condition(), Precedence(), seat, lambda: OPERATOR, readings)


def test_of_each_kind_only_the_newest_is_answered_to_whoever_asked(desk: Desk, questions: Questions) -> None:
    request_id = ask(desk).request_id
    first: list[Message] = []
    second: list[Message] = []
    questions.search("이가을", first.append)
    questions.find_guardian("+821000001234", first.append)
    questions.search("박하나", second.append)
    assert questions.waiting
    assert questions.answer(desk.connection)
    (guardian,) = first
    assert isinstance(guardian, GuardianFound)
    assert guardian.guardian is not None
    assert guardian.guardian.name == "박하나"
    (found,) = second
    assert isinstance(found, SearchRead)
    assert [row.id for row in found.found.rows] == [request_id]


def test_what_was_answered_is_not_answered_again(desk: Desk, questions: Questions) -> None:
    told: list[Message] = []
    questions.find_guardian("+821000001234", told.append)
    assert questions.answer(desk.connection)
    assert not questions.waiting
    assert not questions.answer(desk.connection)
    assert told == [GuardianFound(None, [], "")]
