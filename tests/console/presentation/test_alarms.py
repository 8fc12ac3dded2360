"""A clock that ran out becomes an alarm."""

from datetime import timedelta

import pytest

from callcenter.console.presentation import alarms
from callcenter.console.widgets.alarm_lane import line
from callcenter.store.reads import AlarmRow
from callcenter.text.moments import moment
from tests.conftest import NOW
from tests.console.presentation.rows import assert_fits, page, stamp


@pytest.mark.parametrize(
    ("kind", "minutes", "expected", "level"),
    [
        ("offer", 0, "A-1124-003 no answer to the offer", "warning"),
        ("promise", 9, "A-1124-003 call-back promised", "warning"),
        ("promise", 10, "A-1124-003 call-back promised", "danger"),
        ("hold", 60, "A-1124-003 hold is over", "notice"),
        ("places", 0, "A-1124-003 fewer places than children", "danger"),
    ],
)
def test_an_alarm_says_what_is_due(kind: str, minutes: int, expected: str, level: str) -> None:
    row = AlarmRow(kind, "r3", "A-1124-003", stamp(NOW) - minutes * 60)
    alarm = alarms.alarm(row, NOW)
    assert (alarm.text, alarm.level) == (expected, level)
    assert alarm.due == alarm.since == moment(row.due)


@pytest.mark.parametrize(
    ("kind", "phone", "expected"),
    [
        ("missed", "+821000001234", "010-****-1234 call missed"),
        ("dropped", "+821000001234", "010-****-1234 line was cut"),
        ("promised", "", "Number withheld call-back promised"),
    ],
)
def test_a_call_back_to_a_number_is_told_with_the_number_masked(kind: str, phone: str, expected: str) -> None:
    row = AlarmRow(kind, "b3", phone, stamp(NOW) - 9 * 60)
    alarm = alarms.alarm(row, NOW)
    assert (alarm.text, alarm.level) == (expected, "warning")
    assert alarms.alarm(row, NOW + timedelta(minutes=1)).level == "danger"
    assert alarms.request_of(alarm.key) is None
    assert alarms.request_of(alarms.key(row._replace(kind="promise", subject="r3"))) == "r3"


def test_an_alarm_noted_once_comes_again_when_it_is_due_again() -> None:
    first = AlarmRow("hold", "r3", "A-1124-003", stamp(NOW))
    again = first._replace(due=first.due + 900)
    assert alarms.alarm(first, NOW).key == alarms.alarm(first, NOW + timedelta(seconds=5)).key
    assert alarms.alarm(first, NOW).key != alarms.alarm(again, NOW).key
    assert alarms.alarm(first, NOW).key != alarms.alarm(first._replace(kind="offer"), NOW).key


def test_the_lane_can_show_it() -> None:
    row = AlarmRow("offer", "r3", "A-1124-003", stamp(NOW) - 720)
    pieces, _keys = line([alarms.alarm(row, NOW)], NOW, 80)
    assert_fits([pieces], 80)
    assert "+12m" in page([pieces])
