"""The form as a whole: a wish, changes, or faults."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.console.forms.filled import Fault, changes_of, children_in, needs_of, wish_of
from callcenter.console.forms.known import raw_child, raw_guardian, raw_request
from callcenter.desk.new_requests import NewChild, NewRequest, open_request
from callcenter.desk.requests import amend_request
from callcenter.desk.session import Desk
from callcenter.desk.view import request_view
from callcenter.reference import Reference
from tests.conftest import NOW, OPERATOR
from tests.console.forms.hosts import ELDER, MOTHER, YOUNGER, day

CALL_BACK = timedelta(minutes=15)
FULL = {
    "region": "ㅅㅇ",
    "phone": "010-0000-5678",
    "guardian": "김하나",
    "relation": "father",
    "child1.name": "김하늘",
    "child1.birth": "180302",
    "child1.school": "elementary",
    "child1.registered": "yes",
    "child1.symptoms": "",
    "child1.needs": "meals allergy",
    "child1.care_note": "땅콩",
    "child1.sex": "girl",
    "child1.registration": "2026-0311",
    "when": "20-23",
    "reason": "overtime",
    "urgency": "urgent",
    "residence": "부천",
    "promised": "30",
    "note": "동생은 할머니가",
    "address": "수원시 팔달구 인계동 12-3",
    "reachable": "20시 이후",
    "care_place": "home",
    "handover": "이모가 걸어서 데려감",
}


def wish(raw: Mapping[str, str], data: Reference) -> NewRequest:
    found = wish_of(raw, data, NOW, call_back=CALL_BACK, call_id="c")
    assert isinstance(found, NewRequest), found
    return found


def faults(raw: Mapping[str, str], data: Reference) -> list[str]:
    found = wish_of(raw, data, NOW, call_back=CALL_BACK)
    assert isinstance(found, tuple)
    assert all(fault.sentence.endswith((".", "?")) for fault in found)
    return [fault.field for fault in found]


def test_everything_that_was_typed_is_in_the_wish(data: Reference) -> None:
    found = wish(FULL, data)
    assert (found.region, found.residence, found.reason, found.urgency) == ("41110", "41190", "overtime", "urgent")
    assert (found.start, found.end) == (
        datetime(2026, 11, 24, 20, tzinfo=SEOUL),
        datetime(2026, 11, 24, 23, tzinfo=SEOUL),
    )
    assert found.promised == NOW + timedelta(minutes=30)
    assert (found.note, found.call_id) == ("동생은 할머니가", "c")
    assert (found.guardian.name, found.guardian.relation, found.guardian.id) == ("김하나", "father", None)
    assert found.children == (
        NewChild(
            "김하늘",
            day("2018-03-02"),
            "elementary",
            True,
            ("allergy", "meals"),
            (),
            "땅콩",
            sex="girl",
            registration="2026-0311",
        ),
    )
    assert (found.guardian.address, found.guardian.reachable) == ("수원시 팔달구 인계동 12-3", "20시 이후")
    assert (found.care_place, found.handover) == ("home", "이모가 걸어서 데려감")


def test_what_may_be_left_out_has_its_usual_value(data: Reference) -> None:
    needed = ("region", "phone", "guardian", "child1.birth", "when", "reason")
    found = wish({key: FULL[key] for key in needed}, data)
    assert (found.guardian.relation, found.urgency, found.residence) == ("mother", "normal", None)
    assert found.promised == NOW + CALL_BACK
    child = found.children[0]
    assert (child.name, child.school, child.registered, child.needs) == ("", None, None, ())


def test_a_blank_form_names_all_that_is_missing_in_the_order_of_the_fields(data: Reference) -> None:
    assert faults({}, data) == ["region", "phone", "guardian", "child1.birth", "when", "reason"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("region", "부산"),
        ("phone", "010-12"),
        ("child1.birth", "내년"),
        ("when", "밤에"),
        ("residence", "서울"),
        ("promised", "곧"),
    ],
)
def test_what_is_wrong_is_named(field: str, typed: str, data: Reference) -> None:
    assert faults({**FULL, field: typed}, data) == [field]


def test_a_withheld_number_is_a_number(data: Reference) -> None:
    assert wish({**FULL, "phone": "발신번호표시제한"}, data).guardian.phone == "발신번호표시제한"


def test_a_second_child_counts_once_something_is_said_of_it(data: Reference) -> None:
    assert children_in({**FULL, "child2.name": "", "child2.birth": ""}) == (1,)
    assert faults({**FULL, "child2.name": "바다"}, data) == ["child2.birth"]
    assert len(wish({**FULL, "child2.birth": "240505"}, data).children) == 2
    assert children_in({"child2.birth": "240505"}) == (2,)


def test_the_record_of_a_guardian_becomes_the_wish_again(data: Reference) -> None:
    raw = {**FULL, **raw_guardian(MOTHER), **raw_child(1, ELDER), **raw_child(2, YOUNGER)}
    found = wish(raw, data)
    assert found.guardian.id == MOTHER.id
    assert [(child.id, child.name, child.registered) for child in found.children] == [
        ("c1", "김하늘", True),
        ("c2", "김바다", None),
    ]
    assert found.children[0].needs == ("allergy",)


def test_needs_are_there_as_soon_as_region_birth_and_times_are(data: Reference) -> None:
    raw: dict[str, str] = {}
    for key in ("region", "when", "child1.birth"):
        assert needs_of(raw, data, NOW) == ()
        raw[key] = FULL[key]
    ((need,),) = needs_of(raw, data, NOW)
    assert (need.region, need.child.birth, need.child.school) == ("41110", day("2018-03-02"), None)
    ill = needs_of({**raw, "child1.symptoms": "fever", "child1.registered": "no"}, data, NOW)[0][0]
    assert (ill.symptoms, ill.registered) == (frozenset({"fever"}), False)


def test_a_request_is_amended_in_what_was_changed_and_in_nothing_else(desk: Desk, data: Reference) -> None:
    taken = open_request(desk, OPERATOR, NOW, replace(wish(FULL, data), call_id=None))
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    raw = raw_request(view, data)
    assert changes_of(raw, view.request, data, NOW) == {}
    assert needs_of(raw, data, NOW)[0][0].child.birth == day("2018-03-02")
    changed = changes_of({**raw, "when": "내일 7-9", "residence": "", "promised": "0"}, view.request, data, NOW)
    assert isinstance(changed, dict)
    assert set(changed) == {"start_at", "end_at", "residence", "promised_at"}
    amend_request(desk, OPERATOR, NOW, taken.request_id, changed)
    after = request_view(desk.connection, taken.request_id)
    assert after is not None
    assert (after.request.residence, after.request.promised_at) == (None, None)
    assert after.request.start_at == int(datetime(2026, 11, 25, 7, tzinfo=SEOUL).timestamp())
    wrong = changes_of({**raw, "when": "x", "reason": ""}, view.request, data, NOW)
    assert isinstance(wrong, tuple)
    assert [type(fault) for fault in wrong] == [Fault, Fault]
