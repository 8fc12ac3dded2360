"""Days at the hotline in virtual time, on a real file."""

from datetime import timedelta

import pytest

from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk
from callcenter.journal import history
from callcenter.simulator.demo_data import DemoData
from callcenter.simulator.month import Month, month_of
from tests.conftest import NOW, SUPERVISOR
from tests.simulator.invariants import broken

FIRST = month_of(NOW)


@pytest.fixture
def played(desk: Desk, demo_data: DemoData) -> Month:
    record_providers(desk, SUPERVISOR, FIRST, demo_data.providers)
    month = Month(desk, 7, FIRST, days=2, calls_a_day=150)
    month.play()
    return month


def test_what_happened_is_what_the_file_tells(played: Month) -> None:
    connection = played.desk.connection
    assert broken(connection) == {}

    def count(sql: str) -> int:
        found: int = connection.execute(sql).fetchone()[0]
        return found

    happened = played.happened
    assert happened["call"] == count("SELECT count(*) FROM call") == 300
    assert happened["request"] == count("SELECT count(*) FROM request") > 10
    assert happened["enquiry"] > 200
    assert happened["confirmed"] == count("SELECT count(DISTINCT offer_id) FROM placement") + happened["cancelled"] > 5
    assert happened["home"] == count("SELECT count(*) FROM request WHERE state = 'finished'") > 5
    assert happened["unplaced"] == count("SELECT count(*) FROM request WHERE state = 'unplaced'") > 0
    assert happened["declined"] + happened["no_answer"] > 0
    assert happened["ring back"] > 5


def test_nothing_is_left_over(played: Month) -> None:
    ask = played.desk.connection.execute
    assert {row[0] for row in ask("SELECT state FROM request")} <= {"finished", "cancelled", "unplaced"}
    assert {row[0] for row in ask("SELECT state FROM call")} <= {"ended", "abandoned"}
    assert ask("SELECT count(*) FROM callback WHERE closed_at IS NULL").fetchone() == (0,)


def test_it_lies_within_its_days_and_follows_the_hours(played: Month) -> None:
    at = [entry.at // 1000 for entry in history.entries(played.desk.connection) if entry.kind == "call.rang"]
    assert min(at) >= FIRST.timestamp()
    assert max(at) < (FIRST + timedelta(days=2)).timestamp()
    by_hour = [(second // 3600 + 9) % 24 for second in at]
    assert by_hour.count(18) + by_hour.count(19) > 3 * (by_hour.count(2) + by_hour.count(3))
