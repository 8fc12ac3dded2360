import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.geography import between_km, city_of, distance_km
from tests.published import ANYANG, BUCHEON, REFERENCE

LAT, LON = st.floats(33, 39), st.floats(124, 132)


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("41190", "41190"),
        ("4119010100", "41190"),  # with its ten digits
        ("4119", None),
        ("41190번지", None),
        ("41192", "41190"),  # 부천 원미구
        ("41591", "41590"),  # 화성 만세구, 효행구, 병점구, 동탄구 of 2026-02-01
        ("41593", "41590"),
        ("41595", "41590"),
        ("41597", "41590"),
        ("4113510900", "41130"),  # ten digits, 성남 분당구
        ("47290", "47290"),
        ("11110", None),
        ("", None),
    ],
)
def test_a_gu_belongs_to_its_city(code: str, city: str | None) -> None:
    assert city_of(code, REFERENCE.regions) == city


def test_31_regions_of_gyeonggi_and_gyeongsan() -> None:
    provinces = [region.province for region in REFERENCE.regions.values()]
    assert (provinces.count("41"), provinces.count("47")) == (31, 1)


def test_neighbours_are_mutual_and_near() -> None:
    for region in REFERENCE.regions.values():
        for code in region.neighbours:
            assert region.code in REFERENCE.regions[code].neighbours
            assert between_km(REFERENCE.regions, region.code, code) < 50


def test_a_known_distance() -> None:
    assert between_km(REFERENCE.regions, BUCHEON, ANYANG) == pytest.approx(16.6, abs=0.1)


@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_nought_only_at_home(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    there = distance_km(lat, lon, to_lat, to_lon)
    assert there == pytest.approx(distance_km(to_lat, to_lon, lat, lon))
    assert 0 <= there < 1000
    assert distance_km(lat, lon, lat, lon) == 0
