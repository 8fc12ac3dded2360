"""Which requests an operator works on: taken with the first key, let go when done or left, lost when taken over."""

from collections.abc import Callable
from datetime import timedelta

from callcenter.console.working import AWAY, HEARD_IN, IDLE, Working
from callcenter.desk.link_state import Work
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
MINE = Work("A", "김상담", NOW, NOW)
THEIRS = Work("B", "박상담", NOW, NOW)


class Told:
    """What the line to the centre is told, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.working = Working(self._say("+"), self._say("!"), self._say("-"))

    def _say(self, sign: str) -> Callable[[str], None]:
        return lambda one: self.said.append(sign + one)


def heard(told: Told, work: Work, later: timedelta = timedelta()) -> list[str]:
    return told.working.heard({"r1": work}, "A", "김상담", NOW + later)


def test_a_request_is_taken_once_and_dropped_when_it_is_settled() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    told.working.acts("r1", NOW + SECOND)
    told.working.settles("r1")
    told.working.settles("r1")
    assert told.said == ["+r1", "-r1"]
    assert not told.working.held


def test_one_that_was_left_for_another_is_let_go_after_a_while() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    told.working.acts("r2", NOW + 10 * SECOND)
    told.working.goes_on(NOW + 10 * SECOND + AWAY - SECOND)
    assert told.working.held == {"r1", "r2"}
    told.working.goes_on(NOW + 10 * SECOND + AWAY)
    assert told.working.held == {"r2"}
    assert told.said == ["+r1", "+r2", "-r1"]


def test_who_comes_back_in_time_keeps_it() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    told.working.acts("r2", NOW + 10 * SECOND)
    told.working.acts("r1", NOW + 50 * SECOND)
    told.working.goes_on(NOW + 50 * SECOND + AWAY - SECOND)
    assert told.working.held == {"r1", "r2"}
    told.working.goes_on(NOW + 50 * SECOND + AWAY)
    assert told.working.held == {"r1"}


def test_one_that_nobody_touches_is_let_go_at_last() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    told.working.goes_on(NOW + IDLE - SECOND)
    assert told.said == ["+r1"]
    told.working.goes_on(NOW + IDLE)
    assert told.said == ["+r1", "-r1"]


def test_another_desk_takes_one_over() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    assert heard(told, MINE) == []
    assert heard(told, THEIRS) == ["r1"]
    assert heard(told, THEIRS) == []
    # The beat for it has to end as well.
    assert told.said == ["+r1", "-r1"]


def test_another_desk_was_first() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    assert heard(told, THEIRS, HEARD_IN) == []
    assert heard(told, THEIRS, HEARD_IN + SECOND) == ["r1"]


def test_another_operator_of_the_same_desk_is_another() -> None:
    told = Told()
    told.working.acts("r1", NOW)
    assert heard(told, Work("A", "한상담", NOW, NOW), HEARD_IN + SECOND) == ["r1"]


def test_what_the_centre_has_not_heard_yet_is_not_lost() -> None:
    told = Told()
    told.working.takes_over("r1", NOW)
    assert told.said == ["!r1"]
    # Just taken over from desk B: the list still names it.
    assert heard(told, THEIRS) == []
    assert told.working.held == {"r1"}
