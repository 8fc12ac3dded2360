"""The same field changed at two desks that could not hear each other: both values are kept until one is chosen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from callcenter.desk.disputes import NotDisputed, choose_value, disputes_of
from callcenter.desk.new_requests import NewChild, NewRequest, open_request
from callcenter.desk.permission import Actor
from callcenter.desk.requests import OfferStands, RequestField, amend_request
from callcenter.desk.session import Desk
from callcenter.desk.view import request_view
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.spoken_times import EndBeforeStart
from tests.conftest import OPERATOR
from tests.desk import wishes
from tests.desk.neighbours import LATER, exchange, neighbour
from tests.journal.evenings import folded

LEE = Actor("이상담", "operator")
TEN = int(wishes.END.timestamp()) - 3600


@pytest.fixture
def b(tmp_path: Path, data: Reference) -> Iterator[Desk]:
    made = neighbour(tmp_path, data)
    yield made
    wishes.holds(made)
    made.close()


def amended(a: Desk, b: Desk, field: RequestField, mine: str | int | None, theirs: str | int | None) -> str:
    """A request that both desks know, and changed without hearing of each other's change."""
    request_id = wishes.take(a).request_id
    exchange(a, b)
    amend_request(a, OPERATOR, LATER, request_id, {field: mine})
    amend_request(b, LEE, LATER + timedelta(seconds=1), request_id, {field: theirs})
    exchange(a, b)
    return request_id


def test_both_values_are_shown_with_who_wrote_them_until_one_is_chosen(desk: Desk, b: Desk) -> None:
    request_id = amended(desk, b, "urgency", "urgent", "emergency")
    at = int(LATER.timestamp())
    for one in (desk, b):
        view = request_view(one.connection, request_id, OPERATOR)
        assert view is not None
        assert view.disputed == {"urgency": [("urgent", "김상담", "A", at), ("emergency", "이상담", "B", at + 1)]}
    choose_value(b, LEE, LATER + timedelta(minutes=1), request_id, "urgency", "urgent")
    exchange(desk, b)
    assert folded(desk.connection) == folded(b.connection)
    for one in (desk, b):
        found = reads.request(one.connection, request_id)
        assert found is not None
        assert (found.urgency, disputes_of(one.connection, request_id)) == ("urgent", {})


def test_who_wrote_the_same_does_not_disagree(desk: Desk, b: Desk) -> None:
    request_id = amended(desk, b, "urgency", "urgent", "urgent")
    assert disputes_of(desk.connection, request_id) == {}


def test_different_fields_go_together(desk: Desk, b: Desk) -> None:
    request_id = wishes.take(desk).request_id
    exchange(desk, b)
    amend_request(desk, OPERATOR, LATER, request_id, {"urgency": "urgent"})
    amend_request(b, LEE, LATER, request_id, {"reason": "illness"})
    exchange(desk, b)
    assert disputes_of(desk.connection, request_id) == {}


def test_a_later_amendment_by_who_knows_both_settles_it(desk: Desk, b: Desk) -> None:
    request_id = amended(desk, b, "urgency", "urgent", "emergency")
    amend_request(desk, OPERATOR, LATER + timedelta(minutes=1), request_id, {"urgency": "normal"})
    assert disputes_of(desk.connection, request_id) == {}


def test_only_a_value_that_somebody_wrote_can_be_chosen_and_only_once(desk: Desk, b: Desk) -> None:
    request_id = amended(desk, b, "urgency", "urgent", "emergency")
    before = wishes.entries(desk.connection)
    for field, value in (("urgency", "normal"), ("reason", "illness"), ("no field", "x")):
        with pytest.raises(NotDisputed):
            choose_value(desk, OPERATOR, LATER, request_id, field, value)
    assert wishes.entries(desk.connection) == before
    choose_value(desk, OPERATOR, LATER, request_id, "urgency", "urgent")
    with pytest.raises(NotDisputed):
        choose_value(desk, OPERATOR, LATER, request_id, "urgency", "urgent")


def test_a_time_does_not_move_under_an_offer(desk: Desk, b: Desk) -> None:
    request_id = amended(desk, b, "end_at", TEN, TEN + 1800)
    wishes.offer(desk, request_id, wishes.UNKNOWN)
    with pytest.raises(OfferStands):
        choose_value(desk, OPERATOR, LATER, request_id, "end_at", TEN)
    choose_value(desk, OPERATOR, LATER, request_id, "end_at", TEN + 1800)


def test_an_end_before_the_start_is_not_chosen(desk: Desk, b: Desk) -> None:
    start = int(wishes.START.timestamp())
    request_id = amended(desk, b, "end_at", start + 1800, start + 7200)
    amend_request(desk, OPERATOR, LATER, request_id, {"start_at": start + 3600})
    with pytest.raises(EndBeforeStart):
        choose_value(desk, OPERATOR, LATER, request_id, "end_at", start + 1800)


def again(a: Desk, request_id: str, child: NewChild) -> NewRequest:
    """The same family asks once more, and tells something else of the child."""
    found = reads.request(a.connection, request_id)
    assert found is not None
    known = reads.children_of_request(a.connection, request_id)[0].id
    return wishes.wish(replace(child, id=known), guardian=wishes.mother(id=found.guardian_id))


def test_what_was_told_of_a_child_at_two_desks_is_settled_too(desk: Desk, b: Desk) -> None:
    request_id = wishes.take(desk).request_id
    exchange(desk, b)
    wrote = (
        (desk, OPERATOR, wishes.child(needs=("allergy",))),
        (b, LEE, wishes.child(needs=("medication",), birth="2018-05-06")),
    )
    for one, actor, child in wrote:
        open_request(one, actor, LATER, again(one, request_id, child))
    exchange(desk, b)
    view = request_view(desk.connection, request_id, OPERATOR)
    assert view is not None
    only = view.children[0].id
    said = view.disputed[f"{only}.needs"]
    assert {tuple(one.value) for one in said if isinstance(one.value, list)} == {("allergy",), ("medication",)}
    choose_value(desk, OPERATOR, LATER, request_id, f"{only}.needs", ["allergy"])
    exchange(desk, b)
    assert reads.children_of_request(b.connection, request_id)[0].needs == "allergy"
    assert reads.children_of_request(b.connection, request_id)[0].birth == date(2018, 5, 6).isoformat()
    assert folded(desk.connection) == folded(b.connection)
