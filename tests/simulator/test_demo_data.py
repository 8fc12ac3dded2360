"""The demo's files: nobody in them is real, and a mistake in them is named."""

import re
import shutil
from pathlib import Path

import pytest

from callcenter.errors import DataFileError
from callcenter.reference import Reference, data_folder
from callcenter.simulator.demo_data import DemoData, load_demo


def test_made_up_providers_are_marked_and_cannot_be_rung(data: Reference, demo_data: DemoData) -> None:
    real = {provider.name for provider in data.providers}
    real_ids = {provider.id for provider in data.providers}
    for provider in demo_data.providers:
        assert provider.demo
        assert provider.name.startswith("시연 ")
        assert provider.name not in real
        assert provider.id not in real_ids
        assert re.fullmatch(r"010-0000-\d{4}", provider.phone_day)
    phones = [
        number for one in demo_data.providers for number in (one.phone_day, one.phone_night, one.phone_oncall) if number
    ]
    assert all(re.fullmatch(r"010-0000-\d{4}", number) for number in phones)
    assert len(set(phones)) == len(phones) > len(demo_data.providers)


def test_rosters_keepers_and_closures_are_of_providers_that_are_there(demo_data: DemoData) -> None:
    times = demo_data.times
    assert {"demo-carer-suwon-1", "demo-carer-guri-1"} <= set(times.rosters)
    assert [len(names) for names in times.keepers.values()] == [15]
    assert all(closure.hours and closure.reason for closure in times.closures)


def test_every_service_has_situations_and_every_covered_region_a_provider(data: Reference, demo_data: DemoData) -> None:
    assert {situation.service for situation in demo_data.situations} == set(data.services)
    here = {(provider.service, provider.region) for provider in (*data.providers, *demo_data.providers)}
    day = max(filter(None, (provider.valid_from for provider in data.providers)))
    for service in data.services:
        for region in data.coverage.regions(service, day):
            assert (service, region) in here


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("situations.csv", ",84,150,today,", ",150,84,today,", "months_max"),
        ("situations.csv", ",today,18:30-21:00,", ",today,21:00-18:30,", "starts"),
        ("situations.csv", ",today,18:30-21:00,", ",today,18:35-21:00,", "starts"),
        ("situations.csv", ",overtime,", ",bored,", "reason"),
        ("situations.csv", ",today,", ",yesterday,", "day"),
        ("places.csv", "daycare-bucheon-aram/6-95m,6,", "daycare-bucheon-aram/6-95m,many,", "places"),
        ("places.csv", "daycare-bucheon-aram/6-95m,6,", "daycare-bucheon-aram,6,", "group"),
        ("providers.csv", "gyeonggi.visit,", "gyeonggi.visits,", "service"),
        ("rosters.csv", "demo-carer-suwon-1,18:00-24:00", "demo-carer-suwon-1,evening", "mon"),
        ("rosters.csv", "demo-carer-suwon-1,", "demo-carer-nobody,", "provider"),
        ("closures.csv", ",1,18:00-24:00,교사 연수", ",soon,18:00-24:00,교사 연수", "days"),
        ("keepers.csv", "station-gyeongsan,", "station-nowhere,", "provider"),
        ("people.toml", "family = [", "families = [", "family"),
    ],
)
def test_a_mistake_is_named(data: Reference, tmp_path: Path, file: str, old: str, new: str, field: str) -> None:
    folder = Path(shutil.copytree(data_folder() / "demo", tmp_path / "demo"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as refusal:
        load_demo(data, folder)
    assert refusal.value.values["file"] == file
    assert refusal.value.values["field"] == field
