"""Asking twice is one request: what is here already is found, and a call joins it."""

import json
from datetime import date, timedelta

import pytest

from callcenter.desk import drafts
from callcenter.desk.calls import open_call
from callcenter.desk.duplicates import Asked, duplicates, join_call
from callcenter.desk.new_requests import open_request
from callcenter.desk.requests import load
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.store import reads
from callcenter.store.calls import calls_of_request
from callcenter.store.consents import consents_of
from callcenter.store.drafts import DraftRow
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=4)


def test_both_parents_ask_for_the_same_child(desk: Desk) -> None:
    mothers = wishes.take(desk, wishes.child("김새봄", "2019-04-05"), guardian=wishes.mother("010-0000-1111"))
    fathers = Asked("+821000002222", ((date(2019, 4, 5), " 김새봄"),))
    (found,) = duplicates(desk.connection, fathers, LATER)
    assert (found.id, found.number, set(found.why)) == (mothers.request_id, mothers.number, {"child"})
    assert duplicates(desk.connection, fathers, LATER, without=[mothers.request_id]) == []
    assert duplicates(desk.connection, Asked("+821000003333", ((date(2019, 4, 6), "김새봄"),)), LATER) == []


@pytest.mark.parametrize(("before", "after"), [("normal", "urgent"), ("urgent", "urgent"), ("emergency", "emergency")])
def test_joining_writes_it_down_and_raises_the_urgency(desk: Desk, before: str, after: str) -> None:
    taken = wishes.take(desk, urgency=before)
    drafts.save(desk.connection, [DraftRow("d1", OPERATOR.name, None, None, seconds(NOW), json.dumps({}))])
    assert join_call(desk, OPERATOR, LATER, taken.request_id, " 20시까지 와 주세요 ", draft="d1") == taken.number
    assert load(desk, taken.request_id).urgency == after
    assert [note.text for note in reads.notes(desk.connection, taken.request_id)][-1] == "20시까지 와 주세요"
    assert drafts.offered(desk.connection, OPERATOR, NOW) == []
    before_again = wishes.entries(desk.connection)
    join_call(desk, OPERATOR, LATER, taken.request_id, "  ")
    assert wishes.kinds(desk, before_again) == []


def test_the_call_it_was_said_in_touches_the_request_once(desk: Desk) -> None:
    made = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    request_id = wishes.take(desk, call_id=made).request_id
    again = open_call(desk, OPERATOR, LATER, "010-0000-1234").call_id
    for _ in range(2):
        join_call(desk, OPERATOR, LATER, request_id, "", call_id=again)
    assert [call.id for call in calls_of_request(desk.connection, request_id)] == [made, again]


def test_a_request_that_is_gone_cannot_be_joined(desk: Desk) -> None:
    with pytest.raises(NotFound):
        join_call(desk, OPERATOR, NOW, "nobody's", "hello")


def test_consents_are_kept_with_who_when_and_how(desk: Desk) -> None:
    taken = open_request(desk, OPERATOR, NOW, wishes.wish(consents=("collect", "sensitive")))
    guardian = load(desk, taken.request_id).guardian_id
    known = wishes.mother(id=guardian)
    open_request(desk, OPERATOR, LATER, wishes.wish(guardian=known, consents=("collect", "third_party")))
    at, later = seconds(NOW), seconds(LATER)
    assert [(one.kind, one.who, one.how, one.at) for one in consents_of(desk.connection, guardian)] == [
        ("collect", "mother", "telephone", later),
        ("sensitive", "mother", "telephone", at),
        ("third_party", "mother", "telephone", later),
    ]


def test_the_second_contact_is_kept_changed_and_taken_away(desk: Desk) -> None:
    aunt = wishes.mother(second_name="이모", second_phone="010-0000-7777")
    guardian = load(desk, open_request(desk, OPERATOR, NOW, wishes.wish(guardian=aunt)).request_id).guardian_id

    def second(**more: str) -> tuple[str, str]:
        if more:
            open_request(desk, OPERATOR, LATER, wishes.wish(guardian=wishes.mother(id=guardian, **more)))
        found = reads.guardian(desk.connection, guardian)
        assert found is not None
        return found.second_name, found.second_phone

    assert second() == ("이모", "+821000007777")
    assert second(language="ko") == ("이모", "+821000007777")
    assert second(second_name="할머니") == ("할머니", "+821000007777")
    assert second(second_name="", second_phone="") == ("", "")
