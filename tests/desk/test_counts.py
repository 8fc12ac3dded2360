"""건, 명 and 실인원: the same siblings twice are two requests, four children and two people."""

from datetime import date, timedelta

import pytest

from callcenter.desk.counts import NoDays, count_lines, counts_of
from callcenter.desk.requests import cancel_request, leave_unplaced
from callcenter.desk.session import Desk
from callcenter.store import reads
from callcenter.store.counts import STAGES, Counts
from callcenter.text.moments import moment
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, child, take

TODAY = NOW.date()
SIBLINGS = (child("박새봄"), child("박가을", "2019-01-02"))


def again(desk: Desk) -> tuple[str, ...]:
    """The same siblings of the same guardian, known by now."""
    (known,) = reads.guardians_by_phone(desk.connection, "+821000001234")
    family = reads.children_of_guardian(desk.connection, known.id)
    children = [child(one.name, one.birth, id=one.id) for one in family]
    return tuple(
        take(desk, *children, guardian=wishes.mother(id=known.id), now=NOW + timedelta(days=day)).request_id
        for day in (0, 1)
    )


def test_a_family_that_comes_again_is_counted_once_as_people(desk: Desk) -> None:
    take(desk, *SIBLINGS)
    again(desk)
    assert counts_of(desk.connection, TODAY, TODAY)["received"] == Counts(2, 4, 2)
    assert counts_of(desk.connection, TODAY, TODAY + timedelta(days=1))["received"] == Counts(3, 6, 2)
    assert counts_of(desk.connection, TODAY - timedelta(days=9), TODAY - timedelta(days=1))["received"] == Counts(
        0, 0, 0
    )


def test_each_stage_counts_what_came_to_it(desk: Desk) -> None:
    wishes.place(desk, CENTRE)
    first, second = again(desk)
    leave_unplaced(desk, OPERATOR, NOW, first, "all_full")
    cancel_request(desk, OPERATOR, NOW + timedelta(days=1), second, "withdrawn")
    found = counts_of(desk.connection, TODAY, TODAY)
    assert found == {
        "received": Counts(2, 2, 1),
        "confirmed": Counts(1, 1, 1),
        "admitted": Counts(0, 0, 0),
        "unplaced": Counts(1, 1, 1),
        "cancelled": Counts(0, 0, 0),
        "no_show": Counts(0, 0, 0),
    }
    assert counts_of(desk.connection, TODAY, TODAY + timedelta(days=1))["cancelled"] == Counts(1, 1, 1)


def test_a_day_is_a_day_in_seoul(desk: Desk) -> None:
    midnight = moment(int(NOW.timestamp())).replace(hour=0, minute=0)
    take(desk, now=midnight)
    take(desk, guardian=wishes.mother("010-0000-9876"), now=midnight - timedelta(seconds=1))
    assert counts_of(desk.connection, TODAY, TODAY)["received"].requests == 1
    assert counts_of(desk.connection, TODAY - timedelta(days=1), TODAY)["received"].requests == 2


def test_lines_name_every_stage(desk: Desk) -> None:
    lines = list(count_lines(desk.connection, TODAY, TODAY))
    assert [line["stage"] for line in lines] == list(STAGES)
    assert {"requests", "children", "people"} <= set(lines[0])


def test_the_last_day_before_the_first_is_told(desk: Desk) -> None:
    with pytest.raises(NoDays, match="2026-11-24"):
        counts_of(desk.connection, date(2026, 11, 25), date(2026, 11, 24))
