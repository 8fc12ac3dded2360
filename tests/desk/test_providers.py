"""Providers: recorded when they differ, and what they say of their places."""

import pytest

from callcenter.care.provider_record import GroupRecord
from callcenter.desk.permission import NotPermitted
from callcenter.desk.providers import ImpossiblePlaces, WhichGroup, confirm_places, group_meant, record_providers
from callcenter.desk.session import Desk, NotFound
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, UNKNOWN


def groups(desk: Desk, provider: str) -> list[tuple[str, int | None, bool]]:
    found = reads.groups_of(desk.connection, [provider])
    return [(group.label, group.places, group.confirmed_at is not None) for group in found]


def test_the_group_meant_is_the_only_one_or_has_to_be_named(desk: Desk) -> None:
    bands = tuple(GroupRecord(f"{low}-{low + 35}m", low, low + 35, 3) for low in (0, 36))
    wishes.have(desk, CENTRE, CENTRE._replace(id="bands", name="두 반 센터", groups=bands))
    assert group_meant(desk.connection, "centre") == group_meant(desk.connection, "centre/72-155m") == "centre/72-155m"
    assert group_meant(desk.connection, "nobody") == "nobody"
    with pytest.raises(WhichGroup, match="bands/0-35m, bands/36-71m"):
        group_meant(desk.connection, "bands")


def test_only_records_that_differ_are_written(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    assert record_providers(desk, SUPERVISOR, NOW, [CENTRE, UNKNOWN]) == 0
    assert record_providers(desk, SUPERVISOR, NOW, [CENTRE._replace(name="새 이름"), UNKNOWN]) == 1
    assert wishes.kinds(desk, before) == ["provider.recorded"]
    renamed = reads.provider(desk.connection, "centre")
    assert renamed is not None
    assert renamed.name == "새 이름"


def test_without_a_place_on_the_map_it_stands_at_its_regions_centre(desk: Desk) -> None:
    found = reads.provider(desk.connection, "centre")
    region = desk.reference.regions[CENTRE.region]
    assert found is not None
    assert (found.lat, found.lon) == (region.lat, region.lon)


def test_without_groups_it_is_one_group_of_unknown_places(desk: Desk) -> None:
    record_providers(desk, SUPERVISOR, NOW, [CENTRE._replace(id="vague", groups=())])
    assert groups(desk, "vague") == [("0-155m", None, False)]


def test_a_confirmation_outlives_a_record_that_does_not_know_or_knows_the_same(desk: Desk) -> None:
    confirm_places(desk, OPERATOR, NOW, "unknown/72-155m", 4)
    assert groups(desk, "unknown") == [("72-155m", 4, True)]
    record_providers(desk, SUPERVISOR, NOW, [UNKNOWN._replace(name="이름만 바뀜")])
    assert groups(desk, "unknown") == [("72-155m", 4, True)]
    same = UNKNOWN._replace(groups=(GroupRecord("72-155m", 72, 155, 4),))
    record_providers(desk, SUPERVISOR, NOW, [same])
    assert groups(desk, "unknown") == [("72-155m", 4, True)]
    other = UNKNOWN._replace(groups=(GroupRecord("72-155m", 72, 155, 5),))
    record_providers(desk, SUPERVISOR, NOW, [other])
    assert groups(desk, "unknown") == [("72-155m", 5, False)]


def test_what_was_unconfirmed_is_unknown_again(desk: Desk) -> None:
    confirm_places(desk, OPERATOR, NOW, "centre/72-155m", None)
    assert groups(desk, "centre") == [("72-155m", None, True)]


@pytest.mark.parametrize("places", [-1, 1000])
def test_an_impossible_number_of_places_is_refused(desk: Desk, places: int) -> None:
    before = wishes.entries(desk.connection)
    with pytest.raises(ImpossiblePlaces):
        confirm_places(desk, OPERATOR, NOW, "centre/72-155m", places)
    with pytest.raises(NotFound):
        confirm_places(desk, OPERATOR, NOW, "centre/no-such-group", 1)
    assert wishes.entries(desk.connection) == before


def test_an_operator_records_no_provider(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        record_providers(desk, OPERATOR, NOW, [CENTRE])
