"""The history of a request between desks reads as it happened, and says nothing where no other desk was met."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.desk.claim_history import claim_history
from callcenter.desk.claims import Answered, settle_claims
from callcenter.desk.conflicts import agree, find_another, raise_places
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.link_state import LinkState, Work
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.permission import CENTRE
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Claim, Desk
from callcenter.desk.view import request_view
from callcenter.desk.working import take_over
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk.neighbours import LATER, SOON
from tests.desk.wishes import ONE_PLACE, offer, take

GROUP = f"{ONE_PLACE.id}/72-155m"


def joined(desk: Desk, claim: Claim) -> Desk:
    return replace(desk, claim=lambda: claim)


def told(desk: Desk, request_id: str) -> list[tuple[str, str]]:
    view = request_view(desk.connection, request_id, OPERATOR)
    assert view is not None
    assert list(view.claims) == claim_history(desk.connection, request_id)
    return [(step.operator, step.words) for step in view.claims]


def answer(desk: Desk, offer_id: str, outcome: str, why: str = "") -> None:
    settle_claims(
        desk, CENTRE, SOON, [Answered._make((offer_id, outcome, why, "x" if why else "", "B", "B-1124-001", None))]
    )


@pytest.mark.parametrize("claim", ["alone", "asked"])
def test_what_was_granted_at_once_needs_no_words(desk: Desk, claim: Claim) -> None:
    here = joined(desk, claim)
    request_id = take(here).request_id
    made = offer(here, request_id)
    if claim == "asked":
        answer(here, made.offer_id, "granted")
    answer_offer(here, OPERATOR, LATER, made.offer_id, "declined")
    assert told(here, request_id) == []


def test_a_place_that_another_desk_had_first(desk: Desk) -> None:
    here = joined(desk, "asked")
    request_id = take(here).request_id
    answer(here, offer(here, request_id, ONE_PLACE).offer_id, "refused", "place")
    assert told(here, request_id) == [
        ("중앙", "한자리 센터: desk B has that place"),
        ("중앙", "한자리 센터: taken back, nobody was told"),
    ]


def test_a_conflict_from_its_beginning_to_its_end(desk: Desk) -> None:
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    answer(here, made.offer_id, "refused", "place")
    raise_places(here, OPERATOR, LATER, made.offer_id, {GROUP: 2})
    answer(here, made.offer_id, "granted")
    answer_offer(here, OPERATOR, LATER, made.offer_id, "accepted")
    answer(here, made.offer_id, "refused", "child")
    agree(here, SUPERVISOR, LATER, made.offer_id, "둘 다 오기로 함")
    assert told(here, request_id) == [
        ("중앙", "한자리 센터: desk B has that place"),
        ("김상담", "Conflict decided: more places"),
        ("김상담", "한자리 센터: another place instead"),
        ("중앙", "한자리 센터: the place is ours"),
        ("중앙", "한자리 센터: desk B has placed the child already"),
        ("이팀장", "Conflict decided: called and agreed"),
    ]


def test_what_people_wrote_is_gone_with_them(desk: Desk) -> None:
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE_PLACE)
    answer(here, made.offer_id, "refused", "place")
    work = Work("B", "최상담", NOW - timedelta(minutes=1), NOW)
    take_over(replace(here, link=lambda: LinkState("live", work={request_id: work})), OPERATOR, NOW, request_id, "교대")
    find_another(here, OPERATOR, LATER, made.offer_id, "박하나 님과 통화")
    assert told(here, request_id)[1:] == [
        ("김상담", "Taken over from 최상담, desk B: 교대"),
        ("김상담", "Conflict decided: another match"),
        ("김상담", "한자리 센터: given up"),
    ]
    cancel_request(here, OPERATOR, LATER, request_id, "withdrawn")
    found = reads.request(here.connection, request_id)
    assert found is not None
    erase_guardian(here, SUPERVISOR, LATER, found.guardian_id, "requested")
    assert told(here, request_id)[1:] == [
        ("김상담", "Taken over"),
        ("김상담", "Conflict decided: another match"),
        ("김상담", "한자리 센터: given up"),
    ]
