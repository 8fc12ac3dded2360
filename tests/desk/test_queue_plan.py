from datetime import datetime, timedelta

from callcenter.care.provider_record import GroupRecord
from callcenter.desk.calls import open_call
from callcenter.desk.matches import matches
from callcenter.desk.offers import OfferTaken
from callcenter.desk.permission import Actor
from callcenter.desk.queue_plan import MOST, QueueProposal, proposal, take_plan, takings, undo_plan, without
from callcenter.desk.requests import hold_request
from callcenter.desk.safety import raise_safety
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.published import VISIT

LATER = NOW + timedelta(minutes=1)
NINE = NOW.replace(hour=21, minute=0)
PROGRAMS = ("gyeonggi-always",)


def planned(desk: Desk, actor: Actor = OPERATOR, now: datetime = LATER) -> QueueProposal:
    return proposal(desk.connection, desk.reference, PROGRAMS, now, actor)


def providers(plan: QueueProposal) -> dict[str, str | None]:
    return {row.request.number: row.match.candidate.provider_id if row.match else None for row in plan.rows}


def take(desk: Desk, number: int, **more: object) -> str:
    """A request of another family, so many minutes after the first."""
    phone = f"010-0000-{2000 + number}"
    child = wishes.child(f"박새봄{'가나다라마바사아자차카타파하'[number % 14]}")
    asked = wishes.take(desk, child, now=NOW - timedelta(minutes=60 - number), guardian=wishes.mother(phone), **more)
    return asked.request_id


def test_each_request_is_planned_once_with_its_own_ranking(desk: Desk) -> None:
    ids = [take(desk, number) for number in range(3)]
    plan = planned(desk)
    assert [row.request.id for row in plan.rows] == ids
    assert plan.served == plan.first_served == 3
    assert plan.beyond == 0
    for row in plan.rows:
        assert row.match is not None
        assert not row.match.candidate.blocks
        request = reads.request(desk.connection, row.request.id)
        assert request is not None
        children = reads.children_of_request(desk.connection, request.id)
        own = matches(desk.connection, desk.reference, PROGRAMS, request, children, LATER).ranking.matches
        assert own[row.rank - 1] == row.match


def test_the_second_gets_the_carer_that_only_it_can_have(desk: Desk) -> None:
    opened = NOW + timedelta(minutes=30)  # the hotline links visits from 18:00 on
    further = (wishes.CARER.lat or 37.26) + 0.05
    young = wishes.CARER._replace(
        id="young", name="저학년 돌보미", lat=further, groups=(GroupRecord("3-119m", 3, 119, 1, children_per_place=3),)
    )
    wishes.have(desk, young)
    eight = wishes.take(desk, now=opened, service=VISIT, start=NINE)
    eleven = wishes.take(
        desk,
        wishes.child("최가을", birth="2015-05-05"),
        now=opened + timedelta(minutes=1),
        service=VISIT,
        start=NINE,
        guardian=wishes.mother("010-0000-2001"),
    )
    plan = planned(desk, now=opened + timedelta(minutes=5))
    assert (plan.first_served, plan.served) == (1, 2)
    assert providers(plan) == {eight.number: "young", eleven.number: "carer"}
    assert [row.first.candidate.provider_id if row.first else None for row in plan.rows] == ["carer", None]
    taken = take_plan(desk, OPERATOR, opened + timedelta(minutes=5), takings(plan))
    assert len(taken.offers) == 2


def test_a_request_with_an_offer_or_put_aside_is_left_out(desk: Desk) -> None:
    offered, held, waiting = (take(desk, number) for number in range(3))
    wishes.offer(desk, offered)
    hold_request(desk, OPERATOR, NOW, held, NOW + timedelta(hours=1))
    assert [row.request.id for row in planned(desk).rows] == [waiting]


def test_a_restricted_request_is_planned_for_those_only_who_may_see_it(desk: Desk) -> None:
    call = open_call(desk, SUPERVISOR, NOW, "010-0000-2000")
    hidden = wishes.take(desk, call_id=call.call_id).request_id
    raise_safety(desk, SUPERVISOR, NOW, call.call_id, "abuse")
    assert [row.request.id for row in planned(desk).rows] == []
    assert [row.request.id for row in planned(desk, SUPERVISOR).rows] == [hidden]


def test_taking_all_makes_every_offer_and_they_can_be_taken_back(desk: Desk) -> None:
    ids = [take(desk, number) for number in range(3)]
    plan = planned(desk)
    taken = take_plan(desk, OPERATOR, LATER, takings(plan))
    assert not taken.refused
    assert {offer.provider_id for offer in taken.offers} == set(providers(plan).values())
    assert {wishes.state(desk, one) for one in ids} == {"offered"}
    assert planned(desk).rows == ()
    assert undo_plan(desk, OPERATOR, LATER, [offer.offer_id for offer in taken.offers]).refused == ()
    assert wishes.taken(desk) == []
    assert [row.request.id for row in planned(desk).rows] == ids


def test_what_was_taken_meanwhile_is_said_row_by_row_and_the_rest_is_taken(desk: Desk) -> None:
    ids = [take(desk, number) for number in range(3)]
    plan = planned(desk)
    wishes.offer(desk, ids[1])
    taken = take_plan(desk, OPERATOR, LATER, takings(plan))
    assert [one.number for one in taken.refused] == [plan.rows[1].request.number]
    assert len(taken.offers) == 2
    late = undo_plan(desk, OPERATOR, LATER + timedelta(minutes=1), [offer.offer_id for offer in taken.offers])
    assert {one.error.code for one in late.refused} == {"undo_too_late"}


def test_one_row_and_what_is_left_without_it(desk: Desk) -> None:
    ids = [take(desk, number) for number in range(2)]
    plan = planned(desk)
    (row,) = takings(plan, ids[0])
    made = take_plan(desk, OPERATOR, LATER, [row]).offers[0]
    assert isinstance(made, OfferTaken)
    left = without(plan, row.number)
    assert [one.request.id for one in left.rows] == [ids[1]]
    assert left.served == 1
    offer = reads.offer(desk.connection, made.offer_id)
    assert offer is not None
    assert offer.provider_id == row.provider_id


def test_no_request_goes_where_a_rule_forbids_it_and_the_reason_stands_there(desk: Desk) -> None:
    toddler = wishes.child(birth="2025-01-05", school="none", registered=False, needs=frozenset({"medication"}))
    number = wishes.take(desk, toddler, service="gyeonggi.elementary").number
    plan = planned(desk)
    assert providers(plan) == {number: None}
    assert plan.rows[0].reason is None or plan.rows[0].reason
    assert takings(plan) == ()


def test_an_empty_queue_has_an_empty_plan(desk: Desk) -> None:
    assert planned(desk) == QueueProposal((), 0, 0, 0)


def test_of_a_long_queue_the_first_are_planned_and_the_rest_counted(desk: Desk) -> None:
    for number in range(MOST + 2):
        take(desk, number)
    plan = planned(desk)
    assert len(plan.rows) == MOST
    assert plan.beyond == 2
    assert plan.served >= plan.first_served
