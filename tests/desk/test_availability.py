"""The list of providers with their half hours, over a real file."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.care.places import slot_of, slot_start
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.availability import SLOTS, Availability, AvailabilityView, Wish, why_not, window_of
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import undo_offer
from callcenter.desk.permission import Actor
from callcenter.desk.provider_hours import NewShift, close_provider, lift_closure, set_duty
from callcenter.desk.providers import confirm_places
from callcenter.desk.session import Desk
from callcenter.desk.to_confirm import to_confirm
from callcenter.desk.view import request_view
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, START, UNKNOWN, child, have, offer, place, take
from tests.published import SUWON

BANDS = CENTRE._replace(
    id="bands", name="두반 센터", groups=(GroupRecord("72-119m", 72, 119, 6), GroupRecord("120-155m", 120, 155, 4))
)
MADE = Wish(text="시험", limit=50)
LATER = NOW + timedelta(minutes=1)
Look = Callable[[Wish], AvailabilityView]


@pytest.fixture
def lists(desk: Desk) -> Availability:
    have(desk, CENTRE, ONE_PLACE, UNKNOWN, CARER, BANDS)
    return Availability(desk.reference, desk.programs)


def ids(view: AvailabilityView) -> list[str]:
    return [row.group.id for row in view.rows]


def at(view: AvailabilityView, group: str, when: datetime) -> str:
    (row,) = [row for row in view.rows if row.group.id == group]
    return row.states[slot_of(when) - view.window[0]]


def test_tonight_is_from_this_hour_on_and_other_days_from_six_to_six() -> None:
    assert slot_start(window_of(NOW, 0)[0]) == NOW.replace(minute=0)
    for day in range(1, 8):
        first = slot_start(window_of(NOW, day)[0]).astimezone(SEOUL)
        assert (first.hour, (first.date() - NOW.date()).days) == (6, day)
        assert len(window_of(NOW, day)) == SLOTS


def test_before_six_tomorrow_begins_this_morning() -> None:
    night = NOW.replace(hour=2) + timedelta(days=1)
    first = slot_start(window_of(night, 1)[0]).astimezone(SEOUL)
    assert (first.date(), first.hour) == (night.date(), 6)


def test_whom_to_ring_stands_in_the_order_of_what_tonight_needs(desk: Desk, lists: Availability) -> None:
    wish = Wish(to_confirm=True, limit=1000)
    assert ids(lists.view(desk.connection, wish, NOW)) == []
    again = Availability(desk.reference, desk.programs)
    take(desk)
    take(desk, child("박가을", "2016-01-02"), guardian=wishes.mother("010-0000-2222"))
    found = ids(again.view(desk.connection, wish, NOW))
    first = to_confirm(desk.connection, desk.reference, desk.programs, NOW)
    assert found == [group.id for one in first for group in one.groups]
    assert "centre/72-155m" in found
    # What was said just now needs no ringing; a filter beside it holds too.
    confirm_places(desk, OPERATOR, LATER, "centre/72-155m", 2)
    assert ids(again.view(desk.connection, wish, LATER)) == [one for one in found if one != "centre/72-155m"]
    assert ids(again.view(desk.connection, wish._replace(text="한자리"), LATER)) == ["one-place/72-155m"]


def test_every_group_is_listed_once_by_region_and_name(desk: Desk, lists: Availability) -> None:
    view = lists.view(desk.connection, Wish(limit=1000), NOW)
    sql = """SELECT g.id FROM provider_group g JOIN provider p ON p.id = g.provider_id
             ORDER BY p.region, p.name, p.id, g.position"""
    assert ids(view) == [row[0] for row in desk.connection.execute(sql)]
    assert view.total == len(view.rows) > 5
    assert ids(lists.view(desk.connection, Wish(text="두반", limit=9), NOW)) == ["bands/72-119m", "bands/120-155m"]


def test_a_window_is_cut_out_of_the_list(desk: Desk, lists: Availability) -> None:
    every = ids(lists.view(desk.connection, Wish(limit=1000), NOW))
    part = lists.view(desk.connection, Wish(offset=3, limit=2, cursor=every[7]), NOW)
    assert (ids(part), part.total, part.offset, part.cursor_index) == (every[3:5], len(every), 3, 7)
    end = lists.view(desk.connection, Wish(offset=10_000, limit=2), NOW)
    assert (ids(end), end.offset) == (every[-2:], len(every) - 2)
    assert lists.view(desk.connection, Wish(limit=2, cursor="gone"), NOW).cursor_index is None


def test_filters_leave_out(desk: Desk, lists: Availability) -> None:
    def found(**wish: object) -> set[str]:
        view = lists.view(desk.connection, Wish(limit=1000)._replace(**wish), NOW)  # type: ignore[arg-type]
        return {row.provider.id for row in view.rows}

    suwon = found(region=SUWON)
    assert CENTRE.id in suwon
    assert suwon < found()
    assert found(service=CARER.service, text="시험") == {CARER.id}
    assert found(text="ㅅㅎㄷㅂㅁ") == {CARER.id}
    assert found(text="gkswkfl") == {ONE_PLACE.id}  # 한자리 with Hangul off
    assert found(text="한잘") == {ONE_PLACE.id}  # 한자리 being composed
    assert found(text="없는이름") == set()


def test_a_desk_lists_the_providers_of_its_own_programs(desk: Desk) -> None:
    both = Availability(desk.reference, ["gyeonggi-always", "gyeongsan-119"])
    station = Availability(desk.reference, ["gyeongsan-119"])
    here = station.view(desk.connection, Wish(limit=1000), NOW)
    assert {desk.reference.services[row.provider.service].program for row in here.rows} == {"gyeongsan-119"}
    assert here.total < both.view(desk.connection, Wish(limit=1000), NOW).total


def test_half_hours_follow_offers(desk: Desk, lists: Availability) -> None:
    group = "one-place/72-155m"
    request = take(desk)

    def state() -> str:
        return at(lists.view(desk.connection, Wish(text="한자리", limit=9), NOW), group, START)

    assert state() == "free"
    made = offer(desk, request.request_id, ONE_PLACE)
    assert state() == "held"
    undo_offer(desk, OPERATOR, NOW, made.offer_id)
    assert state() == "free"
    made = offer(desk, request.request_id, ONE_PLACE)
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    assert state() == "taken"
    view = lists.view(desk.connection, Wish(text="한자리", limit=9), NOW)
    # 수원's centres are open from 20 to 24 on weekdays.
    assert at(view, group, START - timedelta(minutes=30)) == "closed"
    assert at(view, group, wishes.END) == "free"
    assert at(view, group, wishes.END + timedelta(hours=1)) == "closed"
    unknown = lists.view(desk.connection, Wish(text="정원미상", limit=9), NOW)
    assert at(unknown, "unknown/72-155m", START) == "unknown"


def test_who_left_the_service_is_closed(desk: Desk, lists: Availability) -> None:
    have(desk, CENTRE._replace(valid_to=NOW.date() + timedelta(days=1)))
    for day, expected in ((1, "free"), (2, "closed")):
        view = lists.view(desk.connection, MADE._replace(day=day), NOW)
        assert at(view, "centre/72-155m", START + timedelta(days=day)) == expected


def test_free_now_wants_an_open_group_with_a_known_place_left(desk: Desk, lists: Availability) -> None:
    evening = START + timedelta(minutes=10)
    mine = {"centre/72-155m", "one-place/72-155m", "unknown/72-155m", "carer/3-155m"}

    def free(when: datetime) -> set[str]:
        return set(ids(lists.view(desk.connection, Wish(now_free=True, limit=1000), when))) & mine

    assert free(NOW) == {"carer/3-155m"}  # the centres open at 20
    assert free(evening) == {"centre/72-155m", "one-place/72-155m", "carer/3-155m"}
    place(desk, ONE_PLACE)
    assert free(evening) == {"centre/72-155m", "carer/3-155m"}
    confirm_places(desk, OPERATOR, NOW, "unknown/72-155m", 1)
    confirm_places(desk, OPERATOR, NOW, "centre/72-155m", 0)
    assert free(evening) == {"unknown/72-155m", "carer/3-155m"}


def test_a_provider_recorded_anew_is_listed_where_it_belongs_now(desk: Desk, lists: Availability) -> None:
    before = lists.view(desk.connection, MADE, NOW)
    have(desk, CENTRE._replace(name="가장먼저 시험", groups=(*CENTRE.groups, GroupRecord("6-35m", 6, 35, 1))))
    after = lists.view(desk.connection, MADE, NOW)
    assert {row.provider.id for row in before.rows} == {row.provider.id for row in after.rows}
    assert ids(after)[:2] == ["centre/72-155m", "centre/6-35m"]
    suwon = Wish(region=SUWON, service=CENTRE.service, limit=1000)
    assert "centre/72-155m" in ids(lists.view(desk.connection, suwon, NOW))
    have(desk, CENTRE._replace(name="가장먼저 시험", region="41190"))
    assert "centre/72-155m" not in ids(lists.view(desk.connection, suwon, NOW))
    wishes.holds(desk)


def test_a_cell_tells_who_is_in_it_and_until_when(desk: Desk, lists: Availability) -> None:
    shared = CENTRE._replace(id="shared", groups=(GroupRecord("72-155m", 72, 155, 1, children_per_place=2),))
    have(desk, shared)
    offer(desk, take(desk, child(), child("박둘째", "2019-01-02")).request_id, shared)
    found = lists.cell(desk.connection, "shared/72-155m", slot_of(START), OPERATOR, NOW)
    assert found is not None
    assert (found.state, found.capacity, found.slot) == ("held", 1, slot_of(START))
    assert [(seat.place_no, seat.child, seat.guardian, seat.offer_state) for seat in found.seats] == [
        (1, "박새봄", "박하나", "pending"),
        (1, "박둘째", "박하나", "pending"),
    ]
    assert {seat.ends_at for seat in found.seats} == {int(wishes.END.timestamp())}
    empty = lists.cell(desk.connection, "shared/72-155m", slot_of(wishes.END), OPERATOR, NOW)
    assert empty is not None
    assert (empty.state, empty.seats) == ("free", [])
    assert lists.cell(desk.connection, "gone", slot_of(START), OPERATOR, NOW) is None


def test_of_erased_people_the_number_is_left(desk: Desk, lists: Availability) -> None:
    request_id, _offer_id = place(desk, CENTRE)
    row = reads.request(desk.connection, request_id)
    assert row is not None
    erase_guardian(desk, SUPERVISOR, LATER, row.guardian_id, "requested")
    found = lists.cell(desk.connection, "centre/72-155m", slot_of(START), OPERATOR, NOW)
    assert found is not None
    assert [(seat.number, seat.guardian, seat.child) for seat in found.seats] == [(row.number, None, None)]


def test_of_a_restricted_request_only_the_number_is_told(desk: Desk, lists: Availability) -> None:
    from callcenter.desk.calls import open_call
    from callcenter.desk.safety import raise_safety

    call = open_call(desk, OPERATOR, NOW, "010-0000-1234")
    request = take(desk, call_id=call.call_id)
    offer(desk, request.request_id)
    raise_safety(desk, OPERATOR, NOW, call.call_id, "abuse")
    for actor, name in ((OPERATOR, "박새봄"), (SUPERVISOR, "박새봄"), (Actor("박상담", "operator"), None)):
        found = lists.cell(desk.connection, "centre/72-155m", slot_of(START), actor, NOW)
        assert found is not None
        assert [(seat.number, seat.child) for seat in found.seats] == [(request.number, name)], actor


def test_why_a_provider_is_no_match(desk: Desk, lists: Availability) -> None:
    def codes(provider: str, request_id: str) -> list[str] | None:
        view = request_view(desk.connection, request_id)
        assert view is not None
        found = why_not(desk.connection, desk.reference, view, provider, NOW)
        return None if found is None else [block.code for block in found]

    request_id = take(desk).request_id
    assert codes("centre", request_id) == []
    assert codes("nobody", request_id) is None
    place(desk, ONE_PLACE)
    assert codes("one-place", request_id) == ["no_place"]
    have(desk, BANDS._replace(id="big", groups=(GroupRecord("120-155m", 120, 155, 4),)))
    assert codes("big", request_id) == ["no_group"]
    outside = take(desk, start=START + timedelta(hours=4), end=START + timedelta(hours=5)).request_id
    assert codes("centre", outside) == ["outside_hours"]


def test_regions_have_their_numbers_of_providers(desk: Desk, lists: Availability) -> None:
    regions = dict(lists.regions(desk.connection))
    sql = "SELECT region, count(*) FROM provider GROUP BY region"
    assert regions == dict(desk.connection.execute(sql).fetchall())


def test_who_is_there_is_worked_out_little_by_little(desk: Desk, lists: Availability) -> None:
    have(desk, *(CENTRE._replace(id=f"many-{number:03}") for number in range(450)))
    evening = START + timedelta(minutes=10)
    at_once = lists.view(desk.connection, Wish(now_free=True, limit=1000), evening)
    other = Availability(desk.reference, desk.programs)
    for _turn in range(5):
        other.prepare(desk.connection, evening)
    asked = desk.connection, slot_of(evening), other._moved
    assert not other._there.look(*asked)
    assert set(ids(at_once)) <= other._there.at(*asked)
    assert ids(other.view(desk.connection, Wish(now_free=True, limit=1000), evening)) == ids(at_once)
    assert sum(1 for one in ids(at_once) if one.startswith("many-")) == 450


def test_a_closure_is_seen_at_once_and_told_with_its_reason(desk: Desk, lists: Availability) -> None:
    evening = START + timedelta(minutes=10)
    wish = Wish(text="시험돌봄", now_free=True, limit=50)
    assert "centre/72-155m" in ids(lists.view(desk.connection, wish, evening))
    closure = close_provider(desk, OPERATOR, evening, "centre", START, START + timedelta(hours=1), "정전")
    assert "centre/72-155m" not in ids(lists.view(desk.connection, wish, evening))
    assert at(lists.view(desk.connection, MADE, NOW), "centre/72-155m", START) == "closed"
    assert at(lists.view(desk.connection, MADE, NOW), "centre/72-155m", START + timedelta(hours=1)) == "free"
    found = lists.cell(desk.connection, "centre/72-155m", slot_of(START), OPERATOR, NOW)
    assert found is not None
    assert found.closed is not None
    assert (found.state, found.capacity, found.closed.reason) == ("closed", 0, "정전")
    lift_closure(desk, OPERATOR, evening, closure)
    assert "centre/72-155m" in ids(lists.view(desk.connection, wish, evening))


def test_places_of_a_care_room_follow_who_is_on_duty(desk: Desk, lists: Availability) -> None:
    sql = "SELECT g.id, p.id FROM provider p JOIN provider_group g ON g.provider_id = p.id WHERE p.service = ?"
    service = next(one.id for one in desk.reference.services.values() if one.program == "gyeongsan-119")
    group, room = desk.connection.execute(sql, (service,)).fetchone()
    region = desk.connection.execute("SELECT region FROM provider WHERE id = ?", (room,)).fetchone()[0]
    shift = NewShift(START, START + timedelta(hours=2), ("가지킴", "나지킴"))
    empty = NewShift(START + timedelta(hours=2), START + timedelta(hours=3), ())
    set_duty(desk, SUPERVISOR, NOW, room, [shift, empty])
    cells = [lists.cell(desk.connection, group, slot_of(START) + 2 * hour, OPERATOR, NOW) for hour in range(3)]
    assert [cell.state for cell in cells if cell] != ["closed"] * 3
    assert cells[2] is not None
    assert (cells[2].state, cells[2].capacity) == ("closed", 0)
    listed_here = lists.view(desk.connection, Wish(region=region, service=service, limit=99), NOW)
    assert at(listed_here, group, START + timedelta(hours=2)) == "closed"
