"""From a place to being home: the guardian is told, the child is taken in, stays longer, is handed over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.calls import open_call
from callcenter.desk.care_admission import (
    AtTheDoor,
    NoSuchTemperature,
    NotHere,
    TimeToCome,
    admit,
    note_approach,
    turn_away,
)
from callcenter.desk.care_ending import (
    ANYBODY_BUT_GUARDIAN,
    BeforeAdmission,
    NameNeeded,
    PickupForbidden,
    bar_pickup,
    pick_up,
)
from callcenter.desk.care_extension import NotLonger, StayForbidden, extend_stay
from callcenter.desk.care_telling import (
    NobodyToRing,
    ToldAlready,
    note_care_try,
    note_provider_told,
    release_places,
)
from callcenter.desk.care_view import care_view
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.messages import follow
from callcenter.desk.new_requests import NewChild
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import NoPlaceLeft, make_offer
from callcenter.desk.permission import Actor
from callcenter.desk.provider_hours import close_provider
from callcenter.desk.requests import NothingToCareFor, cancel_request
from callcenter.desk.restricted import Restricted
from callcenter.desk.safety import raise_safety
from callcenter.desk.session import Desk
from callcenter.store import reads, stays
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, END, ONE_PLACE, SLOTS, START, child, place, state, take, taken

WELL = AtTheDoor(code_word=True, temperature=366, disinfected=True)
LATER = timedelta(minutes=1)
VISIT = START + timedelta(hours=1)
SIBLINGS = (child("박새봄"), child("박가을", "2019-01-02"))


def children(desk: Desk, request_id: str) -> list[str]:
    return [one.child_id for one in stays.stays_of(desk.connection, request_id)]


def stay(desk: Desk, request_id: str, child_id: str | None = None) -> stays.StayRow:
    rows = stays.stays_of(desk.connection, request_id)
    return next(row for row in rows if child_id in (None, row.child_id))


def accepted(desk: Desk, *wanted: NewChild, **more: object) -> tuple[str, str]:
    request_id = take(desk, *wanted, now=NOW, **more).request_id
    made = make_offer(desk, OPERATOR, NOW, request_id, CENTRE.id)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    return request_id, made.offer_id


def visited(desk: Desk, *wanted: NewChild) -> str:
    """A request for 21:00 to midnight that a carer comes to, at an hour at which the hotline links them."""
    asked = NOW + timedelta(minutes=50)
    request_id = take(desk, *wanted, now=asked, start=VISIT, end=VISIT + timedelta(hours=3)).request_id
    made = make_offer(desk, OPERATOR, asked, request_id, CARER.id)
    answer_offer(desk, OPERATOR, asked, made.offer_id, "accepted")
    confirm_request(desk, OPERATOR, asked, request_id)
    return request_id


def inside(desk: Desk, at: datetime = START, **more: object) -> tuple[str, str]:
    """A request whose one child is in care."""
    request_id, _offer = place(desk, CENTRE, **more)
    only = children(desk, request_id)[0]
    assert admit(desk, OPERATOR, at, request_id, only, WELL) is None
    return request_id, only


def due(desk: Desk, now: datetime) -> list[tuple[str, str | None]]:
    return [(one.due.kind, one.due.rung) for one in care_view(desk.connection, desk.reference, now, OPERATOR).lines]


def alarms(desk: Desk, now: datetime) -> list[str]:
    return [one.kind for one in care_view(desk.connection, desk.reference, now, OPERATOR).alarms]


# The guardian is told


def test_three_tries_then_the_second_contact_then_the_place_goes_back_and_the_provider_is_told(desk: Desk) -> None:
    request_id, offer_id = accepted(desk, guardian=wishes.mother(second_name="이모", second_phone="010-0000-9999"))
    assert (due(desk, NOW), alarms(desk, NOW)) == ([("tell", "guardian")], [])
    assert alarms(desk, NOW + timedelta(minutes=10)) == ["care_tell_guardian"]
    for minute in (1, 12, 23):
        note_care_try(desk, OPERATOR, NOW + minute * LATER, request_id, "guardian", "no_answer")
    assert due(desk, NOW + 24 * LATER) == [("tell", "second_contact")]
    note_care_try(desk, OPERATOR, NOW + 33 * LATER, request_id, "second_contact", "no_answer")
    assert alarms(desk, NOW + 33 * LATER) == ["care_release"]
    now = NOW + 34 * LATER
    assert release_places(desk, OPERATOR, now, request_id, "guardian_unreached") == "matching"
    assert (state(desk, request_id), taken(desk)) == ("matching", [])
    assert [one.offer_id for one in stays.open_notices(desk.connection, 9)] == [offer_id]
    assert alarms(desk, now + 2 * LATER) == ["care_notice"]
    assert note_provider_told(desk, OPERATOR, now + 3 * LATER, offer_id) == request_id
    assert (alarms(desk, now + 9 * LATER), stays.open_notices(desk.connection, 9)) == ([], [])
    with pytest.raises(ToldAlready):
        note_provider_told(desk, OPERATOR, now + 4 * LATER, offer_id)
    # Its silence says nothing of the provider.
    assert reads.records_of(desk.connection, [CENTRE.id])[CENTRE.id].accepted == 1


def test_who_is_reached_and_agrees_is_expected_at_the_start(desk: Desk) -> None:
    request_id, _offer = accepted(desk)
    note_care_try(desk, OPERATOR, NOW, request_id, "guardian", "reached")
    confirm_request(desk, OPERATOR, NOW, request_id)
    assert due(desk, NOW) == [("late", None)]
    assert alarms(desk, START + 9 * LATER) == []
    assert alarms(desk, START + 10 * LATER) == ["care_late"]


def test_cancelling_after_a_yes_owes_the_provider_a_word_and_a_pending_offer_does_not(desk: Desk) -> None:
    request_id, offer_id = accepted(desk)
    cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn")
    assert [one.offer_id for one in stays.open_notices(desk.connection, 9)] == [offer_id]
    other = take(desk, guardian=wishes.mother("010-0000-7777")).request_id
    wishes.offer(desk, other)
    cancel_request(desk, OPERATOR, NOW, other, "withdrawn")
    assert len(stays.open_notices(desk.connection, 9)) == 1


def test_a_provider_that_took_its_yes_back_need_not_be_told(desk: Desk) -> None:
    _request, offer_id = accepted(desk)
    answer_offer(desk, OPERATOR, NOW, offer_id, "withdrawn")
    assert stays.open_notices(desk.connection, 9) == []


def test_nobody_is_rung_for_a_request_without_a_place(desk: Desk) -> None:
    request_id = take(desk).request_id
    with pytest.raises(NobodyToRing):
        note_care_try(desk, OPERATOR, NOW, request_id, "guardian", "no_answer")
    with pytest.raises(TransitionRefusedError):
        release_places(desk, OPERATOR, NOW, request_id, "guardian_refused")


# The door


def test_a_child_is_taken_in_with_what_was_seen_at_the_door(desk: Desk) -> None:
    request_id, only = inside(desk)
    row = stay(desk, request_id)
    assert (state(desk, request_id), row.admitted_at) == ("in_care", int(START.timestamp()))
    seen = stays.screenings(desk.connection, request_id)
    assert [(one.child_id, one.temperature, one.code_word, one.operator) for one in seen] == [
        (only, 366, 1, OPERATOR.name)
    ]
    assert care_view(desk.connection, desk.reference, START, OPERATOR).in_care == 1


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (AtTheDoor(temperature=375), "fever"),
        (AtTheDoor(temperature=366, code_word=False), "code_word"),
        (AtTheDoor(symptoms=("infection",)), "symptoms"),
    ],
)
def test_who_is_held_at_the_door_rings_for_its_guardian(desk: Desk, seen: AtTheDoor, why: str) -> None:
    request_id = visited(desk)
    only = children(desk, request_id)[0]
    assert admit(desk, OPERATOR, VISIT, request_id, only, seen) == why
    assert (state(desk, request_id), stay(desk, request_id).held_why) == ("confirmed", why)
    assert alarms(desk, VISIT) == ["care_recall_guardian"]
    # Looked at again half an hour later, and well.
    assert admit(desk, OPERATOR, VISIT + 30 * LATER, request_id, only, WELL) is None
    assert (state(desk, request_id), stay(desk, request_id).held_at) == ("in_care", None)
    assert len(stays.screenings(desk.connection, request_id)) == 2


def test_the_desk_sets_its_own_fever(desk: Desk) -> None:
    request_id, _offer = place(desk)
    only = children(desk, request_id)[0]
    assert admit(desk, OPERATOR, START, request_id, only, AtTheDoor(temperature=378), fever=380) is None


def test_a_child_turned_away_ends_the_request_that_was_for_nobody_else(desk: Desk) -> None:
    request_id, _offer = place(desk)
    only = children(desk, request_id)[0]
    with pytest.raises(NotHere):
        turn_away(desk, OPERATOR, START, request_id, only)
    admit(desk, OPERATOR, START, request_id, only, AtTheDoor(temperature=379))
    assert turn_away(desk, OPERATOR, START + LATER, request_id, only) == "cancelled"
    assert len(taken(desk)) == 1
    assert (alarms(desk, END), stay(desk, request_id).ending) == ([], "turned_away")


@pytest.mark.parametrize("degrees", [299, 451])
def test_no_child_has_such_a_temperature(desk: Desk, degrees: int) -> None:
    request_id, _offer = place(desk)
    with pytest.raises(NoSuchTemperature):
        admit(desk, OPERATOR, START, request_id, children(desk, request_id)[0], AtTheDoor(temperature=degrees))


def test_only_a_confirmed_place_can_be_gone_to_and_only_once(desk: Desk) -> None:
    request_id, _offer = accepted(desk)
    only = children(desk, request_id)[0]
    with pytest.raises(NotHere):
        admit(desk, OPERATOR, START, request_id, only, WELL)
    confirm_request(desk, OPERATOR, NOW, request_id)
    with pytest.raises(TimeToCome):
        admit(desk, OPERATOR, START, request_id, only, WELL, at=END)
    admit(desk, OPERATOR, START, request_id, only, WELL)
    with pytest.raises(NotHere):
        admit(desk, OPERATOR, START, request_id, only, WELL)


def test_a_carer_is_on_the_way_arrives_and_takes_over(desk: Desk) -> None:
    request_id = visited(desk)
    note_approach(desk, OPERATOR, VISIT - 20 * LATER, request_id, "under_way")
    assert stay(desk, request_id).under_way_at == int((VISIT - 20 * LATER).timestamp())
    assert alarms(desk, VISIT + 10 * LATER) == ["care_late"]
    note_approach(desk, OPERATOR, VISIT + 11 * LATER, request_id, "arrived")
    assert (alarms(desk, VISIT + 12 * LATER), due(desk, VISIT)) == ([], [("admit", None)])
    with pytest.raises(NotHere):
        note_approach(desk, OPERATOR, VISIT + 12 * LATER, request_id, "under_way")
    admit(desk, OPERATOR, VISIT + 13 * LATER, request_id, children(desk, request_id)[0], AtTheDoor())
    assert state(desk, request_id) == "in_care"


# The planned end, and staying longer


def test_the_end_is_watched_up_to_the_police(desk: Desk) -> None:
    guardian = wishes.mother(second_name="이모", second_phone="010-0000-9999")
    request_id, _child = inside(desk, guardian=guardian)
    rings = [alarms(desk, END + minutes * LATER) for minutes in (-31, -30, 0, 10, 20, 30)]
    assert rings == [
        [],
        ["care_ending_guardian"],
        ["care_overdue_guardian"],
        ["care_overdue_second_contact"],
        ["care_overdue_supervisor"],
        # Nobody has tried to ring the family yet.
        ["care_overdue_supervisor"],
    ]
    note_care_try(desk, OPERATOR, END + 5 * LATER, request_id, "guardian", "reached")
    assert alarms(desk, END + 14 * LATER) == []
    assert alarms(desk, END + 15 * LATER) == ["care_overdue_guardian"]
    note_care_try(desk, OPERATOR, END + 16 * LATER, request_id, "guardian", "no_answer")
    note_care_try(desk, OPERATOR, END + 17 * LATER, request_id, "second_contact", "no_answer")
    assert alarms(desk, END + 45 * LATER) == ["care_overdue_112"]


def test_a_longer_stay_takes_the_places_that_follow_and_costs_more(desk: Desk) -> None:
    request_id, _child = inside(desk, start=START, end=START + timedelta(hours=2))
    before = len(taken(desk))
    longer = extend_stay(desk, OPERATOR, START + LATER, request_id, END)
    assert (longer.end, longer.fee_before, longer.fee_after) == (int(END.timestamp()), 10_000, 15_000)
    assert (before, len(taken(desk))) == (4, SLOTS)
    found = reads.request(desk.connection, request_id)
    assert found is not None
    assert (found.end_at, found.asked_at) == (int(END.timestamp()), int(NOW.timestamp()))
    with pytest.raises(NotLonger):
        extend_stay(desk, OPERATOR, START + LATER, request_id, END)


def test_a_longer_stay_moves_to_another_place_of_the_group_and_where_there_is_none_nothing_changes(
    desk: Desk,
) -> None:
    end = START + timedelta(hours=1)
    first, _child = inside(desk, start=START, end=end)
    for number in (2, 3):
        place(desk, guardian=wishes.mother(f"010-0000-000{number}"), start=end, end=END)
    place(desk, guardian=wishes.mother("010-0000-0004"), start=START, end=end)
    before = taken(desk)
    with pytest.raises(NoPlaceLeft):
        extend_stay(desk, OPERATOR, START, first, END)
    assert taken(desk) == before
    cancelled = next(one for one in taken(desk) if one[1] == before[-1][1] and one[2] == 1)
    offer = reads.offer(desk.connection, cancelled[3])
    assert offer is not None
    cancel_request(desk, OPERATOR, START, offer.request_id, "withdrawn")
    extend_stay(desk, OPERATOR, START, first, END)
    assert len({(group, slot, number) for group, slot, number, _offer in taken(desk)}) == len(taken(desk)) == 2 * SLOTS


def test_a_longer_stay_keeps_to_the_rules(desk: Desk) -> None:
    request_id, _child = inside(desk)
    with pytest.raises(StayForbidden, match="24"):
        extend_stay(desk, OPERATOR, START, request_id, datetime(2026, 11, 25, 3, 0, tzinfo=SEOUL))
    assert len(taken(desk)) == SLOTS


def test_nobody_stays_longer_who_is_not_there(desk: Desk) -> None:
    request_id, _offer = place(desk)
    with pytest.raises(NotHere):
        extend_stay(desk, OPERATOR, START, request_id, END + timedelta(hours=1))


def test_nobody_stays_longer_whose_family_was_erased(desk: Desk) -> None:
    request_id, _child = inside(desk)
    erase_guardian(desk, SUPERVISOR, START, stay(desk, request_id).guardian_id, "requested")
    with pytest.raises(NothingToCareFor):
        extend_stay(desk, OPERATOR, START, request_id, END + timedelta(minutes=30))


# Going home


def test_the_fee_is_that_of_the_real_times_and_the_request_is_finished(desk: Desk) -> None:
    request_id, only = inside(desk, START + 5 * LATER)
    home = pick_up(desk, OPERATOR, END + 10 * LATER, request_id, only, "guardian", identified="id_card")
    # 20:05 to 23:10 are four begun hours of 5,000 won.
    assert (home.minutes, home.fee, home.state) == (185, 20_000, "finished")
    assert (state(desk, request_id), due(desk, END)) == ("finished", [])
    assert [(one.by, one.identified) for one in stays.hand_overs(desk.connection, request_id)] == [
        ("guardian", "id_card")
    ]
    assert len(taken(desk)) == SLOTS
    with pytest.raises(NotHere):
        pick_up(desk, OPERATOR, END + 11 * LATER, request_id, only, "guardian")


def test_who_goes_early_gives_back_what_is_left_of_the_evening(desk: Desk) -> None:
    request_id, only = inside(desk)
    home = pick_up(desk, OPERATOR, START + timedelta(minutes=70), request_id, only, "guardian")
    assert (home.fee, len(taken(desk))) == (10_000, 3)


def test_siblings_go_one_after_the_other_and_the_request_ends_with_the_last(desk: Desk) -> None:
    request_id, _offer = accepted(desk, *SIBLINGS)
    confirm_request(desk, OPERATOR, NOW, request_id)
    elder, younger = children(desk, request_id)
    admit(desk, OPERATOR, START, request_id, elder, WELL)
    assert admit(desk, OPERATOR, START, request_id, younger, AtTheDoor(temperature=380)) == "fever"
    assert turn_away(desk, OPERATOR, START + LATER, request_id, younger) == "in_care"
    # The place of the younger is given back at once, that of the elder when it goes.
    assert len(taken(desk)) == SLOTS + 1
    home = pick_up(desk, OPERATOR, START + timedelta(hours=1), request_id, elder, "guardian")
    assert (home.state, len(taken(desk))) == ("finished", 4)


def test_siblings_at_one_carer_keep_the_place_until_the_last_has_gone(desk: Desk) -> None:
    request_id = visited(desk, *SIBLINGS)
    elder, younger = children(desk, request_id)
    for one in (elder, younger):
        admit(desk, OPERATOR, VISIT, request_id, one, WELL)
    pick_up(desk, OPERATOR, VISIT + timedelta(hours=1), request_id, elder, "guardian")
    assert (state(desk, request_id), len(taken(desk))) == ("in_care", SLOTS)
    pick_up(desk, OPERATOR, VISIT + timedelta(hours=1), request_id, younger, "guardian")
    assert (state(desk, request_id), len(taken(desk))) == ("finished", 3)


def test_a_child_is_not_given_to_whom_it_must_not_be(desk: Desk) -> None:
    request_id, only = inside(desk)
    guardian = stay(desk, request_id).guardian_id
    bar_pickup(desk, OPERATOR, NOW, guardian, only, "김아무", "접근금지 명령")
    with pytest.raises(PickupForbidden, match="접근금지"):
        pick_up(desk, OPERATOR, END, request_id, only, "other", name=" 김 아무")
    bar_pickup(desk, OPERATOR, NOW, guardian, only, "김아무", lifted=True)
    bar_pickup(desk, OPERATOR, NOW, guardian, only, ANYBODY_BUT_GUARDIAN, "보호자 외 인계 금지")
    with pytest.raises(PickupForbidden):
        pick_up(desk, OPERATOR, END, request_id, only, "second_contact")
    assert pick_up(desk, OPERATOR, END, request_id, only, "guardian").state == "finished"


def test_a_stranger_is_written_down_by_name_and_nobody_goes_before_coming(desk: Desk) -> None:
    request_id, only = inside(desk)
    with pytest.raises(NameNeeded):
        pick_up(desk, OPERATOR, END, request_id, only, "other")
    with pytest.raises(BeforeAdmission):
        pick_up(desk, OPERATOR, END, request_id, only, "guardian", at=START - LATER)
    pick_up(desk, OPERATOR, END, request_id, only, "other", name="박이웃")
    assert [one.name for one in stays.hand_overs(desk.connection, request_id)] == ["박이웃"]


def test_erasing_the_family_takes_the_door_with_it_and_leaves_the_times(desk: Desk) -> None:
    request_id, only = inside(desk)
    bar_pickup(desk, OPERATOR, NOW, stay(desk, request_id).guardian_id, only, "김아무")
    pick_up(desk, OPERATOR, END, request_id, only, "guardian")
    erase_guardian(desk, SUPERVISOR, END, stay(desk, request_id).guardian_id, "requested")
    row = stay(desk, request_id)
    assert (row.guardian, row.child, row.fee, row.ended_at) == (None, None, 15_000, int(END.timestamp()))
    assert (stays.screenings(desk.connection, request_id), stays.bars(desk.connection, only)) == ([], [])
    assert stays.hand_overs(desk.connection, request_id) == []


# The list of who is in care


def test_one_clock_of_siblings_rings_once(desk: Desk) -> None:
    request_id, _offer = accepted(desk, *SIBLINGS)
    confirm_request(desk, OPERATOR, NOW, request_id)
    assert alarms(desk, START + 10 * LATER) == ["care_late"]
    assert len(due(desk, START)) == 2


def test_whose_record_is_restricted_stands_there_without_a_name(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
    request_id, _child = inside(desk, call_id=call_id)
    raise_safety(desk, OPERATOR, NOW, call_id, "abuse")
    colleague = Actor("박상담", "operator")
    line = care_view(desk.connection, desk.reference, END, colleague).lines[0]
    assert line.row is not None
    assert (line.hidden, line.row.child, line.row.guardian, line.row.phone, line.seen) == (True, None, None, "", None)
    assert alarms(desk, END) == ["care_overdue_guardian"]
    with pytest.raises(Restricted):
        pick_up(desk, colleague, END, request_id, line.row.child_id, "guardian")
    mine = care_view(desk.connection, desk.reference, END, OPERATOR).lines[0]
    assert mine.row is not None
    assert (mine.hidden, mine.row.child) == (False, "박새봄")


def test_nobody_stays_longer_than_the_provider_is_there_and_the_family_is_told_of_a_new_end(desk: Desk) -> None:
    request_id, _child = inside(desk, start=START, end=START + timedelta(hours=2))
    extend_stay(replace(desk, follow=follow), OPERATOR, START, request_id, END)
    told = "SELECT occasion FROM message WHERE request_id = ? AND occasion = 'extended'"
    assert len(desk.connection.execute(told, (request_id,)).fetchall()) >= 1
    other, _child = inside(desk, guardian=wishes.mother("010-0000-8888"), start=START, end=START + timedelta(hours=2))
    half_past_ten = datetime(2026, 11, 24, 22, 30, tzinfo=SEOUL)
    close_provider(desk, SUPERVISOR, NOW, CENTRE.id, half_past_ten, END + timedelta(hours=9), "정전")
    with pytest.raises(StayForbidden, match="정전"):
        extend_stay(desk, OPERATOR, START, other, END)


def test_the_first_clock_stands_first(desk: Desk) -> None:
    first, _child = inside(desk)
    second, _offer = place(desk, ONE_PLACE, guardian=wishes.mother("010-0000-2222"), start=START + timedelta(hours=1))
    lines = care_view(desk.connection, desk.reference, START, OPERATOR).lines
    assert [one.request_id for one in lines] == [second, first]


def test_who_starts_in_two_days_is_not_expected_yet(desk: Desk) -> None:
    two_days = timedelta(days=2)
    wishes.have(desk, CENTRE._replace(groups=(GroupRecord("72-155m", 72, 155, 2),)))
    place(desk, start=START + two_days, end=END + two_days)
    assert (due(desk, NOW), due(desk, NOW + two_days)) == ([], [("late", None)])
