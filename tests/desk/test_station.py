"""경산's own flow, by data alone: no offer that waits, a child looked at at the door, home within twelve hours."""

from datetime import datetime, timedelta

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.care.provider_record import GroupRecord
from callcenter.desk.at_once import place_at_once, take_back
from callcenter.desk.care_admission import AtTheDoor, admit, turn_away
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_extension import extend_stay
from callcenter.desk.care_view import care_view
from callcenter.desk.new_requests import NewChild
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import NoPlaceLeft, OfferOver, RulesForbid, UndoTooLate
from callcenter.desk.session import Desk
from callcenter.store import reads, stays
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, child, state, take, taken

GYEONGSAN = "47290"
STATION = CENTRE._replace(
    id="station",
    service="gyeongsan.station",
    name="시험 119돌봄터",
    region=GYEONGSAN,
    groups=(GroupRecord("3-155m", 3, 155, 2),),
)
SATURDAY = datetime(2026, 11, 28, 21, 40, tzinfo=SEOUL)
NIGHT = SATURDAY.replace(hour=22, minute=0)
MORNING = NIGHT + timedelta(hours=8)
BABY = child("한아기", "2026-02-20", "none", registered=None)


@pytest.fixture(autouse=True)
def _station(desk: Desk) -> None:
    wishes.have(desk, STATION)


def asked(desk: Desk, *children: NewChild, now: datetime = SATURDAY, hours: int = 8, **more: object) -> str:
    facts: dict[str, object] = {"region": GYEONGSAN, "start": NIGHT, "end": NIGHT + timedelta(hours=hours), **more}
    return take(desk, *(children or (BABY,)), now=now, **facts).request_id


def test_a_night_at_the_station_from_the_call_to_the_morning(desk: Desk) -> None:
    request_id = asked(desk)
    place_at_once(desk, OPERATOR, SATURDAY, request_id, STATION.id)
    assert (state(desk, request_id), len(taken(desk))) == ("accepted", 16)
    # The guardian is on the line.
    confirm_request(desk, OPERATOR, SATURDAY, request_id)
    only = stays.stays_of(desk.connection, request_id)[0].child_id
    door = AtTheDoor(temperature=367, disinfected=True)
    assert admit(desk, OPERATOR, NIGHT, request_id, only, door) is None
    home = pick_up(desk, OPERATOR, MORNING, request_id, only, "guardian")
    assert (home.minutes, home.fee, home.state) == (480, 0, "finished")


def test_a_fever_at_the_door_is_held_and_the_guardian_called_back(desk: Desk) -> None:
    now = datetime(2026, 11, 25, 13, 0, tzinfo=SEOUL)
    request_id = asked(desk, child("한별", "2022-06-01", "none"), now=now, start=now, end=now + timedelta(hours=5))
    place_at_once(desk, OPERATOR, now, request_id, STATION.id)
    confirm_request(desk, OPERATOR, now, request_id)
    only = stays.stays_of(desk.connection, request_id)[0].child_id
    assert admit(desk, OPERATOR, now, request_id, only, AtTheDoor(temperature=379)) == "fever"
    view = care_view(desk.connection, desk.reference, now, OPERATOR)
    assert [one.kind for one in view.alarms] == ["care_recall_guardian"]
    assert turn_away(desk, OPERATOR, now, request_id, only) == "cancelled"


def test_any_symptom_is_one_too_many_here(desk: Desk) -> None:
    request_id = asked(desk)
    place_at_once(desk, OPERATOR, SATURDAY, request_id, STATION.id)
    confirm_request(desk, OPERATOR, SATURDAY, request_id)
    only = stays.stays_of(desk.connection, request_id)[0].child_id
    some = next(iter(desk.reference.symptoms))
    assert admit(desk, OPERATOR, NIGHT, request_id, only, AtTheDoor(symptoms=(some,))) == "symptoms"


def test_nobody_stays_longer_than_twelve_hours_and_the_twelfth_rings(desk: Desk) -> None:
    with pytest.raises(RulesForbid, match="12"):
        place_at_once(desk, OPERATOR, SATURDAY, asked(desk, hours=13), STATION.id)
    request_id = asked(desk, hours=11)
    place_at_once(desk, OPERATOR, SATURDAY, request_id, STATION.id)
    confirm_request(desk, OPERATOR, SATURDAY, request_id)
    only = stays.stays_of(desk.connection, request_id)[0].child_id
    admit(desk, OPERATOR, NIGHT, request_id, only, AtTheDoor(temperature=366))
    with pytest.raises(RulesForbid, match="12"):
        extend_stay(desk, OPERATOR, NIGHT + timedelta(hours=10), request_id, NIGHT + timedelta(hours=13))
    extend_stay(desk, OPERATOR, NIGHT + timedelta(hours=10), request_id, NIGHT + timedelta(hours=12))

    def rings(hours: float) -> list[str]:
        now = NIGHT + timedelta(hours=hours)
        return [one.kind for one in care_view(desk.connection, desk.reference, now, OPERATOR).alarms]

    assert [rings(hours) for hours in (11.4, 11.5, 12, 12.5)] == [
        [],
        ["care_ending_guardian"],
        ["care_limit_guardian"],
        ["care_limit_supervisor"],
    ]


def test_a_place_given_at_once_can_be_taken_back_within_ten_seconds(desk: Desk) -> None:
    request_id = asked(desk)
    made = place_at_once(desk, OPERATOR, SATURDAY, request_id, STATION.id)
    with pytest.raises(UndoTooLate):
        take_back(desk, OPERATOR, SATURDAY + timedelta(seconds=11), made.offer_id)
    take_back(desk, OPERATOR, SATURDAY + timedelta(seconds=9), made.offer_id)
    assert (state(desk, request_id), taken(desk)) == ("matching", [])
    assert stays.open_notices(desk.connection, 9) == []


def test_the_station_is_full_like_any_other(desk: Desk) -> None:
    for number in range(2):
        place_at_once(
            desk, OPERATOR, SATURDAY, asked(desk, guardian=wishes.mother(f"010-0000-000{number}")), STATION.id
        )
    with pytest.raises(NoPlaceLeft):
        place_at_once(desk, OPERATOR, SATURDAY, asked(desk, guardian=wishes.mother("010-0000-0005")), STATION.id)


def test_whoever_must_be_asked_is_asked(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = place_at_once(desk, OPERATOR, NOW, request_id, CENTRE.id)
    offer = reads.offer(desk.connection, made.offer_id)
    assert offer is not None
    assert (offer.state, state(desk, request_id)) == ("pending", "offered")
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    with pytest.raises(OfferOver):
        take_back(desk, OPERATOR, NOW, made.offer_id)
