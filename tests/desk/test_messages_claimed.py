"""No text leaves about a place that may be another desk's; one about a provisional place says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from callcenter.desk import messages
from callcenter.desk.at_once import place_at_once, take_back
from callcenter.desk.claims import Answered, settle_claims
from callcenter.desk.conflicts import agree, find_another
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.outbox import note_sent, take_next
from callcenter.desk.permission import CENTRE, MESSENGER
from callcenter.desk.sending import send_text
from callcenter.desk.session import Claim, Desk, open_desk
from callcenter.store import messages as rows
from callcenter.store import reads
from callcenter.store.conflicts import refused_offers
from callcenter.store.messages import MessageRow
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.test_station import SATURDAY, STATION
from tests.desk.test_station import asked as station_asked
from tests.desk.wishes import offer, take

ONE = wishes.ONE_PLACE._replace(id="mobile", name="새벽 돌봄센터", phone_night="010-0000-7001")
SOON, OUT, LATE = (NOW + timedelta(seconds=one) for one in (2, 12, 900))
SURE = "※"


@pytest.fixture
def desk(desk: Desk) -> Iterator[Desk]:
    """The desk of these tests sends messages."""
    wishes.have(desk, ONE)
    made = open_desk(desk.path, desk.reference, Random(8).randbytes, messages.follow)
    yield made
    made.close()


def joined(desk: Desk, claim: Claim) -> Desk:
    return replace(desk, claim=lambda: claim)


def leaves(desk: Desk, now: datetime) -> list[MessageRow]:
    """Everything that leaves now."""
    found = []
    while (row := take_next(desk, MESSENGER, now)) is not None:
        found.append(row)
        note_sent(desk, MESSENGER, now, row.id, "ok")
    return found


def refuse(desk: Desk, offer_id: str, now: datetime) -> None:
    settle_claims(desk, CENTRE, now, [Answered(offer_id, "refused", "place", "x", "B", "B-1124-001")])


def grant(desk: Desk, offer_id: str, now: datetime) -> None:
    settle_claims(desk, CENTRE, now, [Answered(offer_id, "granted")])


def states(desk: Desk, request_id: str) -> list[tuple[str, str]]:
    return [(row.occasion, row.state) for row in rows.messages_of_request(desk.connection, request_id)]


def test_while_the_centre_has_not_answered_nothing_leaves_and_then_it_does(desk: Desk) -> None:
    here = joined(desk, "asked")
    made = offer(here, take(here).request_id, ONE)
    assert leaves(here, OUT) == []
    grant(here, made.offer_id, OUT)
    assert [(row.occasion, SURE in row.text) for row in leaves(here, OUT)] == [("offer_made", False)]


def test_what_waits_too_long_is_given_up_and_somebody_is_told(desk: Desk) -> None:
    here = joined(desk, "asked")
    request_id = take(here).request_id
    offer(here, request_id, ONE)
    assert leaves(here, LATE) == []
    assert states(here, request_id) == [("offer_made", "failed")]


def test_a_provisional_place_is_told_as_one(desk: Desk) -> None:
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE)
    assert [SURE in row.text for row in leaves(here, OUT)] == [True]
    answer_offer(here, OPERATOR, OUT, made.offer_id, "accepted")
    confirm_request(here, OPERATOR, OUT, request_id)
    told = leaves(here, OUT + timedelta(seconds=12))
    assert {row.receiver: SURE in row.text for row in told} == {"provider": True, "guardian": True}
    for row in told:
        row.text.encode("cp949")


def test_a_provisional_place_that_is_granted_before_its_text_leaves_is_told_as_sure(desk: Desk) -> None:
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE)
    grant(here, made.offer_id, SOON)
    assert leaves(here, SOON) == []
    assert [SURE in row.text for row in leaves(here, OUT)] == [False]
    assert states(here, request_id) == [("offer_made", "dropped"), ("offer_made", "sent")]


def test_about_a_place_that_was_given_twice_nothing_leaves_until_it_is_agreed(desk: Desk) -> None:
    here = joined(desk, "provisional")
    made = offer(here, take(here).request_id, ONE)
    refuse(here, made.offer_id, SOON)
    assert leaves(here, OUT) == []
    agree(here, OPERATOR, OUT, made.offer_id, "한 명 더 받기로 함")
    assert [(row.occasion, SURE in row.text) for row in leaves(here, OUT)] == [("offer_made", False)]


def test_what_was_told_of_a_place_that_is_given_up_is_taken_back(desk: Desk) -> None:
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE)
    answer_offer(here, OPERATOR, SOON, made.offer_id, "accepted")
    refuse(here, made.offer_id, OUT)
    find_another(here, OPERATOR, OUT, made.offer_id)
    assert [row.occasion for row in leaves(here, OUT + timedelta(seconds=12))] == ["released"]


def test_what_was_taken_back_before_anybody_heard_of_it_is_told_to_nobody(desk: Desk) -> None:
    here = joined(desk, "asked")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE)
    refuse(here, made.offer_id, SOON)
    assert leaves(here, OUT) == []
    assert states(here, request_id) == [("offer_made", "dropped")]


def test_a_place_given_at_once_is_told_to_nobody_where_it_is_taken_back_at_once(desk: Desk) -> None:
    station = STATION._replace(phone_night="010-0000-7002")
    wishes.have(desk, station)
    here = joined(desk, "asked")
    refused, undone = (station_asked(here) for _request in range(2))
    refuse(here, place_at_once(here, OPERATOR, SATURDAY, refused, station.id).offer_id, SATURDAY)
    # The other place of the station was asked for instead.
    settle_claims(here, CENTRE, SATURDAY, [Answered(_live(here, refused), "refused", "place", "y", "B", "")])
    take_back(here, OPERATOR, SATURDAY, place_at_once(here, OPERATOR, SATURDAY, undone, station.id).offer_id)
    for request_id in (refused, undone):
        assert {state for _occasion, state in states(here, request_id)} == {"dropped"}
        assert reads.live_offers(here.connection, request_id) == []
    assert leaves(here, SATURDAY + timedelta(seconds=12)) == []


def _live(desk: Desk, request_id: str) -> str:
    (one,) = reads.live_offers(desk.connection, request_id)
    return one.id


def test_what_was_sent_by_hand_is_not_taken_back_by_a_machine(desk: Desk) -> None:
    wishes.have(desk, ONE._replace(groups=(ONE.groups[0]._replace(places=2),)))
    here = joined(desk, "provisional")
    request_id = take(here).request_id
    made = offer(here, request_id, ONE)
    send_text(here, OPERATOR, NOW, request_id, "offer_made", "provider", offer_id=made.offer_id)
    assert len(leaves(here, NOW)) == 1
    refuse(here, made.offer_id, SOON)
    settle_claims(here, CENTRE, SOON, [Answered(made.offer_id, "refused", "place", "y", "C", "")])
    assert [one.id for one in refused_offers(here.connection)] == [made.offer_id]


def test_a_moved_offer_is_told_once_its_new_place_is_granted(desk: Desk) -> None:
    wishes.have(desk, ONE._replace(groups=(ONE.groups[0]._replace(places=2),)))
    here = joined(desk, "provisional")
    made = offer(here, take(here).request_id, ONE)
    refuse(here, made.offer_id, SOON)
    assert leaves(here, OUT) == []
    grant(here, made.offer_id, OUT)
    assert [SURE in row.text for row in leaves(here, OUT + timedelta(seconds=12))] == [False]
