"""A place that was given twice: it rings at both desks until a person decides, and nobody is thrown out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.claims import Answered, Refusal, settle_claims
from callcenter.desk.conflicts import (
    AgreementMissing,
    CareGoesOn,
    NoConflict,
    NotYourConflict,
    agree,
    conflict_alarms,
    conflict_of,
    conflicts,
    find_another,
    raise_places,
)
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offered import NoPlaceLeft
from callcenter.desk.offers import undo_offer
from callcenter.desk.permission import CENTRE, Actor
from callcenter.desk.providers import ImpossiblePlaces
from callcenter.desk.queue_view import queue_view
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import reads, stays
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE as CENTRE_PROVIDER
from tests.desk.wishes import ONE_PLACE, SLOTS, offer, state, taken

LATER = NOW + timedelta(minutes=1)
GROUP = f"{ONE_PLACE.id}/72-155m"


@pytest.fixture
def here(desk: Desk) -> Desk:
    return replace(desk, claim=lambda: "provisional")


def conflict(
    here: Desk, why: Refusal = "place", other: str = "elsewhere", *, accepted: bool = False
) -> tuple[str, str]:
    """A request whose offer was refused after somebody was told: the request and the offer."""
    request_id = wishes.take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    if accepted:
        answer_offer(here, OPERATOR, NOW, made.offer_id, "accepted")
    settle_claims(here, CENTRE, LATER, [Answered(made.offer_id, "refused", why, other, "B", "B-1124-001")])
    return request_id, made.offer_id


def alarms(desk: Desk, actor: Actor) -> list[tuple[str, str]]:
    return [(row.kind, row.subject) for row in queue_view(desk.connection, LATER, actor, 0, 10).alarms]


def test_a_conflict_rings_until_it_is_decided_and_says_what_is_in_whose_way(here: Desk) -> None:
    request_id, offer_id = conflict(here)
    assert alarms(here, OPERATOR) == [("conflict", request_id)]
    found = conflict_of(here.connection, request_id, OPERATOR)
    assert found is not None
    assert (found.refused.offer.id, found.other, found.other_desk, found.why) == (offer_id, None, "B", "place")
    assert [one.name for one in found.refused.children] == ["박새봄"]
    assert [(group.id, group.places) for group in found.groups] == [(GROUP, 1)]
    assert (found.decisions, found.since) == (("another", "places", "agreed"), int(LATER.timestamp()))
    agree(here, OPERATOR, LATER, offer_id, "시설장 통화, 한 명 더 받기로 함")
    assert alarms(here, OPERATOR) == []
    assert conflicts(here.connection, OPERATOR) == []


def test_what_stands_in_the_way_is_shown_once_it_is_known_here(here: Desk) -> None:
    other = offer(here, wishes.take(here).request_id)
    request_id, _offer = conflict(here, other=other.offer_id)
    found = conflict_of(here.connection, request_id, OPERATOR)
    assert found is not None
    assert found.other is not None
    assert (found.other.offer.id, found.other.offer.number) == (other.offer_id, "A-1124-001")
    assert conflict_of(here.connection, found.other.offer.request_id, OPERATOR) == found


def test_only_the_two_desks_and_supervisors_hear_and_decide_it(here: Desk) -> None:
    request_id, offer_id = conflict(here)
    third = replace(here, name="C")
    with pytest.raises(NotYourConflict, match="A, B"):
        agree(third, OPERATOR, LATER, offer_id, "통화함")
    here.connection.execute("UPDATE here SET chain = 'C~2'")
    here.connection.execute("INSERT INTO desk VALUES ('d', 'C', 'gyeonggi-always')")
    assert conflict_alarms(here.connection, OPERATOR) == []
    assert [row.subject for row in conflict_alarms(here.connection, SUPERVISOR)] == [request_id]
    here.connection.execute("DELETE FROM desk WHERE id = 'd'")
    here.connection.execute("UPDATE here SET chain = 'A'")
    agree(third, SUPERVISOR, LATER, offer_id, "통화함")


def test_another_match_gives_the_offer_up_and_its_provider_is_told(here: Desk) -> None:
    request_id, offer_id = conflict(here, accepted=True)
    before = wishes.entries(here.connection)
    assert find_another(here, OPERATOR, LATER, offer_id, "다시 찾기") == request_id
    assert (state(here, request_id), taken(here)) == ("matching", [])
    assert wishes.kinds(here, before) == ["note.added", "conflict.decided", "offer.released"]
    assert [row.offer_id for row in stays.open_notices(here.connection, 10)] == [offer_id]
    assert offer(here, request_id, CENTRE_PROVIDER, LATER).number == "A-1124-001"


def test_a_provider_that_was_only_asked_has_no_place_to_give_back(here: Desk) -> None:
    request_id, offer_id = conflict(here)
    find_another(here, OPERATOR, LATER, offer_id)
    assert state(here, request_id) == "matching"
    assert here.connection.execute("SELECT count(*) FROM release_notice").fetchone() == (0,)


def test_of_two_placements_of_one_child_one_is_given_up_and_the_other_stands(here: Desk) -> None:
    request_id, offer_id = conflict(here, "child", accepted=True)
    found = conflict_of(here.connection, request_id, OPERATOR)
    assert found is not None
    assert found.decisions == ("another", "agreed")
    here.connection.execute("UPDATE placement SET offer_id = 'B has it' WHERE request_id = ?", (request_id,))
    find_another(here, OPERATOR, LATER, offer_id)
    assert state(here, request_id) == "accepted"
    here.connection.execute("DELETE FROM placement WHERE request_id = ?", (request_id,))


def test_more_places_are_noted_and_one_of_them_is_asked_for(here: Desk) -> None:
    request_id, offer_id = conflict(here, accepted=True)
    before = wishes.entries(here.connection)
    assert raise_places(here, OPERATOR, LATER, offer_id, {GROUP: 2}, "선생님 한 분 더") == request_id
    assert wishes.kinds(here, before) == ["places.confirmed", "note.added", "conflict.decided", "offer.reseated"]
    assert {row[2] for row in taken(here)} == {2}
    assert len(taken(here)) == SLOTS
    group, found = reads.group(here.connection, GROUP), reads.offer(here.connection, offer_id)
    assert group is not None
    assert found is not None
    assert (group.places, found.claim, found.state, found.decided) == (2, "provisional", "accepted", "")
    assert alarms(here, OPERATOR) == []
    settle_claims(here, CENTRE, LATER, [Answered(offer_id, "refused", "place", "another one", "B", "")])
    assert alarms(here, OPERATOR) == [("conflict", request_id)]


def test_too_few_places_change_nothing(here: Desk) -> None:
    _request, offer_id = conflict(here)
    before = wishes.entries(here.connection)
    for places, refusal in (
        ({GROUP: 1}, NoPlaceLeft),
        ({GROUP: 1000}, ImpossiblePlaces),
        ({"centre/72-155m": 5}, NotFound),
        ({}, NoPlaceLeft),
    ):
        with pytest.raises(refusal):
            raise_places(here, OPERATOR, LATER, offer_id, places)
    assert wishes.entries(here.connection) == before


def test_an_agreement_says_what_was_agreed(here: Desk) -> None:
    _request, offer_id = conflict(here)
    with pytest.raises(AgreementMissing):
        agree(here, OPERATOR, LATER, offer_id, "  ")


def test_a_child_in_care_is_not_moved(here: Desk) -> None:
    request_id = wishes.take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    answer_offer(here, OPERATOR, NOW, made.offer_id, "accepted")
    confirm_request(here, OPERATOR, NOW, request_id)
    only = reads.children_of_request(here.connection, request_id)[0].id
    admit(here, OPERATOR, wishes.START, request_id, only, AtTheDoor())
    settle_claims(here, CENTRE, wishes.START, [Answered(made.offer_id, "refused", "place", "x", "B", "")])
    found = conflict_of(here.connection, request_id, OPERATOR)
    assert found is not None
    assert found.decisions == ("agreed",)
    with pytest.raises(CareGoesOn):
        find_another(here, OPERATOR, wishes.START, made.offer_id)
    with pytest.raises(CareGoesOn):
        raise_places(here, OPERATOR, wishes.START, made.offer_id, {GROUP: 2})
    agree(here, OPERATOR, wishes.START, made.offer_id, "한 명 더 받기로 함")
    assert state(here, request_id) == "in_care"


def another(here: Desk, offer_id: str) -> str:
    return find_another(here, OPERATOR, LATER, offer_id)


def places(here: Desk, offer_id: str) -> str:
    return raise_places(here, OPERATOR, LATER, offer_id, {GROUP: 2})


def agreed(here: Desk, offer_id: str) -> str:
    return agree(here, OPERATOR, LATER, offer_id, "통화함")


DECISIONS: list[Callable[[Desk, str], str]] = [another, places, agreed]


@pytest.mark.parametrize("decide", DECISIONS)
def test_what_is_over_or_decided_is_no_conflict(here: Desk, decide: Callable[[Desk, str], str]) -> None:
    never = offer(here, wishes.take(here).request_id)
    with pytest.raises(NoConflict):
        decide(here, never.offer_id)
    undo_offer(here, OPERATOR, NOW, never.offer_id)
    with pytest.raises(NoConflict):
        decide(here, never.offer_id)
    _request, offer_id = conflict(here)
    decide(here, offer_id)
    with pytest.raises(CallcenterError) as refusal:
        decide(here, offer_id)
    assert refusal.type is NoConflict
    with pytest.raises(NotFound):
        decide(here, "never made")
