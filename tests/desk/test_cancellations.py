"""Who cancels, and how late: the rule of the service that keeps the place says so, nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.care.cancellation import CancellationRule, Lateness, lateness
from callcenter.care.lifecycle import CancelledBy
from callcenter.desk.checks import UnknownCode
from callcenter.desk.requests import cancel_request, leave_unplaced, reopen_request
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, START, take

DAY = timedelta(hours=24)
RULE = CancellationRule("gyeonggi.visit", DAY, 5000, NOW.date() - 9 * DAY, NOW.date() + 9 * DAY, "a test")


@pytest.mark.parametrize(
    ("rules", "now", "found"),
    [
        ((RULE,), START - DAY, Lateness(False, 0)),
        ((RULE,), START - DAY + timedelta(seconds=1), Lateness(True, 5000)),
        ((RULE,), START + timedelta(hours=1), Lateness(True, 5000)),
        ((RULE._replace(fee=None),), START, Lateness(True, None)),
        ((RULE._replace(service="gyeonggi.daycare"),), START, Lateness(None, None)),
        ((RULE._replace(valid_to=NOW.date() - DAY),), START, Lateness(None, None)),
        ((RULE._replace(valid_from=NOW.date() + DAY),), START, Lateness(None, None)),
        ((), START, Lateness(None, None)),
    ],
)
def test_late_is_what_the_rule_of_the_day_says(
    rules: tuple[CancellationRule, ...], now: datetime, found: Lateness
) -> None:
    assert lateness(rules, "gyeonggi.visit", START, now) == found


def ends(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.connection.execute("SELECT event, reason, by, late, fee FROM request_end").fetchall()


def cancelled(desk: Desk, request_id: str, by: CancelledBy = "guardian") -> tuple[Any, ...]:
    cancel_request(desk, OPERATOR, NOW + timedelta(minutes=3), request_id, "withdrawn", by)
    (found,) = ends(desk)
    return found


def test_a_carer_two_hours_before_the_start_is_late(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CARER, start=START, channel="platform")
    assert cancelled(desk, request_id) == ("cancelled", "withdrawn", "guardian", 1, None)


def test_a_centre_without_a_known_rule_is_not_called_late(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE)
    assert cancelled(desk, request_id) == ("cancelled", "withdrawn", "guardian", None, None)


@pytest.mark.parametrize("by", ["provider", "duplicate", "desk"])
def test_only_the_guardian_is_late(desk: Desk, by: CancelledBy) -> None:
    request_id, _offer = wishes.place(desk, CARER, start=START, channel="platform")
    assert cancelled(desk, request_id, by) == ("cancelled", "withdrawn", by, None, None)


def test_what_never_had_a_place_is_not_late(desk: Desk) -> None:
    assert cancelled(desk, take(desk).request_id) == ("cancelled", "withdrawn", "guardian", None, None)


def test_a_reopened_request_has_not_ended(desk: Desk) -> None:
    request_id = take(desk).request_id
    leave_unplaced(desk, OPERATOR, NOW, request_id, "all_full")
    assert ends(desk) == [("unplaced", "all_full", None, None, None)]
    reopen_request(desk, OPERATOR, NOW, request_id)
    assert ends(desk) == []


def test_nobody_else_cancels(desk: Desk) -> None:
    request_id = take(desk).request_id
    by: Any = "grandmother"
    with pytest.raises(UnknownCode):
        cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn", by)
    assert ends(desk) == []
