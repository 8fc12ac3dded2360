"""One operator at a time works on a request; another takes it over with a reason, and never silently."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from callcenter.desk.at_once import place_at_once
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.link_state import ALONE, STALE_AFTER, LinkState, Stage, Work
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer, make_offers
from callcenter.desk.requests import add_note, amend_request, cancel_request, hold_request
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Desk, NotFound
from callcenter.desk.working import Standing, Taken, WhyMissing, WorkedOn, standing, take_over
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, UNKNOWN

LEE = Work("B", "이상담", NOW - timedelta(minutes=3), NOW - timedelta(seconds=10))


def linked(desk: Desk, request_id: str, work: Work = LEE, state: Stage = "live") -> Desk:
    return replace(desk, link=lambda: LinkState(state=state, work={request_id: work}))


@pytest.mark.parametrize(
    ("work", "took_over", "expected"),
    [
        (None, None, "free"),
        (LEE, None, "other"),
        (LEE, NOW - timedelta(minutes=4), "other"),
        (LEE, NOW - timedelta(minutes=3), "mine"),
        (LEE._replace(beat=NOW - STALE_AFTER), None, "other"),
        (LEE._replace(beat=NOW - STALE_AFTER - timedelta(seconds=1)), None, "stale"),
        (LEE._replace(beat=NOW - timedelta(hours=1)), NOW, "mine"),
        (LEE._replace(desk="A"), None, "other"),
        (LEE._replace(operator=OPERATOR.name), None, "other"),
        (LEE._replace(desk="A", operator=OPERATOR.name, beat=NOW - timedelta(hours=1)), None, "mine"),
    ],
)
def test_a_request_is_free_or_mine_or_anothers_who_may_be_gone(
    work: Work | None, took_over: datetime | None, expected: Standing
) -> None:
    at = None if took_over is None else int(took_over.timestamp())
    assert standing(work, "A", OPERATOR.name, NOW, at) == expected


def offering(desk: Desk, request_id: str) -> object:
    return make_offer(desk, OPERATOR, NOW, request_id, CENTRE.id)


def offering_several(desk: Desk, request_id: str) -> object:
    return make_offers(desk, OPERATOR, NOW, request_id, [(CENTRE.id, 1), (ONE_PLACE.id, 2)])


def keeping(desk: Desk, request_id: str) -> object:
    return reserve_places(desk, OPERATOR, NOW, request_id, CENTRE.id)


def placing(desk: Desk, request_id: str) -> object:
    return place_at_once(desk, OPERATOR, NOW, request_id, UNKNOWN.id)


def holding(desk: Desk, request_id: str) -> object:
    return hold_request(desk, OPERATOR, NOW, request_id, NOW + timedelta(hours=1))


def cancelling(desk: Desk, request_id: str) -> object:
    return cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn")


DOINGS: list[Callable[[Desk, str], object]] = [offering, offering_several, keeping, placing, holding, cancelling]


@pytest.mark.parametrize("do", DOINGS)
def test_who_does_not_work_on_it_neither_offers_nor_moves_it(desk: Desk, do: Callable[[Desk, str], object]) -> None:
    request_id = wishes.take(desk).request_id
    here = linked(desk, request_id)
    before = wishes.entries(desk.connection)
    with pytest.raises(WorkedOn, match=r"이상담 at desk B .* 17:37"):
        do(here, request_id)
    with pytest.raises(WorkedOn):
        do(linked(desk, request_id, LEE._replace(beat=NOW - timedelta(hours=1))), request_id)
    assert wishes.entries(desk.connection) == before
    taken = take_over(here, OPERATOR, NOW, request_id, "보호자가 우리 데스크로 다시 전화함")
    assert taken == Taken(request_id, LEE)
    do(here, request_id)


@pytest.mark.parametrize("do", DOINGS)
@pytest.mark.parametrize("state", [one for one in get_args(Stage) if one != "live"])
def test_while_the_centre_is_not_there_nobody_is_held_up(
    desk: Desk, do: Callable[[Desk, str], object], state: Stage
) -> None:
    request_id = wishes.take(desk).request_id
    do(linked(desk, request_id, state=state), request_id)


def test_without_a_centre_nothing_changes(desk: Desk) -> None:
    assert desk.link() is ALONE
    request_id = wishes.take(desk).request_id
    before = wishes.entries(desk.connection)
    assert take_over(desk, OPERATOR, NOW, request_id, "야간 교대") == Taken(request_id, None)
    assert wishes.entries(desk.connection) == before


def test_what_is_only_written_down_does_not_wait_for_who_works_on_it(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    made = wishes.offer(desk, request_id)
    here = linked(desk, request_id)
    answer_offer(here, OPERATOR, NOW, made.offer_id, "declined")
    add_note(here, OPERATOR, NOW, request_id, "보호자 재전화")
    amend_request(here, OPERATOR, NOW, request_id, {"reason": "illness"})


def test_two_operators_of_one_desk_take_over_from_each_other(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    here = linked(desk, request_id, LEE._replace(desk="A"))
    with pytest.raises(WorkedOn):
        offering(here, request_id)
    take_over(here, SUPERVISOR, NOW, request_id, "지시")
    with pytest.raises(WorkedOn):
        offering(here, request_id)
    make_offer(here, SUPERVISOR, NOW, request_id, CENTRE.id)


def test_the_last_to_take_over_works_on_it(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    here = linked(desk, request_id)
    later = NOW + timedelta(minutes=1)
    take_over(here, OPERATOR, NOW, request_id, "먼저")
    again = linked(desk, request_id, LEE._replace(since=later, beat=later))
    with pytest.raises(WorkedOn):
        make_offer(again, OPERATOR, later, request_id, CENTRE.id)
    before = wishes.entries(desk.connection)
    assert take_over(here, OPERATOR, NOW, request_id, "두 번") == Taken(request_id, None)
    assert wishes.entries(desk.connection) == before


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_reason_is_needed(desk: Desk, why: str) -> None:
    request_id = wishes.take(desk).request_id
    with pytest.raises(WhyMissing):
        take_over(linked(desk, request_id), OPERATOR, NOW, request_id, why)
    with pytest.raises(NotFound):
        take_over(desk, OPERATOR, NOW, "never opened", "이유")


def test_the_reason_is_erased_with_the_family(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    take_over(linked(desk, request_id), OPERATOR, NOW, request_id, "박하나 님 재전화")
    found = reads.request(desk.connection, request_id)
    assert found is not None
    cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn")
    erase_guardian(desk, SUPERVISOR, NOW, found.guardian_id, "requested")
    body = "SELECT body FROM entry WHERE kind = 'request.taken_over'"
    assert desk.connection.execute(body).fetchall() == [(None,)]
