"""What is told in its turn behind what is written."""

from textual.message import Message

from callcenter.console.messages import ActionDone, ActionRefused
from callcenter.console.writer import Writer
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from tests.conftest import NOW, OPERATOR


class Locked(CallcenterError):
    code = "locked"
    sentence = "The file is locked."


class Turn(Message):
    """It is our turn."""


def test_the_turn_comes_behind_every_answer_whether_done_or_refused(desk: Desk) -> None:
    def refuse() -> None:
        raise Locked

    told: list[Message] = []
    writer = Writer(told.append, lambda: desk)
    writer.do("done", lambda _desk, _actor, _now: 1, OPERATOR, NOW)
    writer.do("refused", lambda _desk, _actor, _now: refuse(), OPERATOR, NOW)
    writer.tell(Turn())
    writer.do("later", lambda _desk, _actor, _now: 2, OPERATOR, NOW)
    writer.stop()
    assert [type(one) for one in told] == [ActionDone, ActionRefused, Turn, ActionDone]


def test_the_turn_comes_also_where_the_desk_cannot_be_opened() -> None:
    def locked() -> Desk:
        raise Locked

    told: list[Message] = []
    writer = Writer(told.append, locked)
    writer.do("never", lambda _desk, _actor, _now: 1, OPERATOR, NOW)
    writer.tell(Turn())
    writer.stop()
    assert [type(one) for one in told] == [ActionRefused, ActionRefused, Turn]


def test_where_nothing_was_asked_for_the_turn_is_at_once() -> None:
    def locked() -> Desk:
        raise Locked

    told: list[Message] = []
    Writer(told.append, locked).tell(Turn())
    assert [type(one) for one in told] == [Turn]
