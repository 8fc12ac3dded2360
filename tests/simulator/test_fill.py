"""Filling a desk for benches: as many as asked for, all of it sound."""

from random import Random

from callcenter.care.geography import distance_km
from callcenter.care.priority import cutoffs
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, open_request
from callcenter.desk.session import Desk
from callcenter.simulator.fill import fill
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR
from tests.simulator.invariants import broken


def test_a_filled_desk_is_sound_and_holds_what_was_asked_for(desk: Desk) -> None:
    known = len(reads.providers(desk.connection))
    fill(desk, Random(3), NOW, requests=700, providers=1200)
    assert broken(desk.connection) == {}
    rows = reads.open_requests(desk.connection, cutoffs(NOW))
    assert len(rows) == 700
    assert {row.state for row in rows} == {"open", "matching", "offered", "accepted", "held"}
    assert len(reads.providers(desk.connection)) == known + 1200
    assert reads.alarms(desk.connection, int(NOW.timestamp())) == []


def test_providers_lie_all_over_the_regions_near_their_own(desk: Desk) -> None:
    fill(desk, Random(3), NOW, requests=0, providers=600)
    filled = [row for row in reads.providers(desk.connection) if row.id.startswith("filled-")]
    assert len({row.region for row in filled}) >= 20
    assert len({(row.lat, row.lon) for row in filled}) > 590
    for row in filled:
        region = desk.reference.regions[row.region]
        assert distance_km(row.lat, row.lon, region.lat, region.lon) < 12


def test_filling_goes_on_from_the_numbers_that_are_there(desk: Desk) -> None:
    child = NewChild("김서윤", NOW.date().replace(year=2018))
    wish = NewRequest(
        NewGuardian("김지연", "010-0000-1234"),
        (child,),
        "41110",
        NOW.replace(hour=20),
        NOW.replace(hour=22),
        "overtime",
    )
    assert open_request(desk, OPERATOR, NOW, wish).number == "A-1124-001"
    fill(desk, Random(3), NOW, requests=60, providers=0)
    assert open_request(desk, OPERATOR, NOW, wish).number == "A-1124-062"
