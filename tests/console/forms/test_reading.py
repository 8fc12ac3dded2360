"""What stands in one field."""

from datetime import date, datetime, timedelta

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.console.forms.reading import (
    AgeNotBirth,
    BirthUnreadable,
    NoSuchRegion,
    NotAChild,
    NotYetBorn,
    PromiseUnreadable,
    SeveralRegions,
    birth_of,
    is_resident_number,
    promise_of,
    region_of,
    usual_promise,
)
from callcenter.errors import CallcenterError
from callcenter.reference import Reference
from callcenter.text.resident_numbers import ResidentNumber
from callcenter.text.spoken_clocks import NoSuchClock

NOW = datetime(2026, 11, 24, 17, 40, 20, tzinfo=SEOUL)
TODAY = NOW.date()
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("수원", "41110"),
        ("수원시", "41110"),
        (" ㅅㅇ ", "41110"),
        ("tndnjs", "41110"),
        ("TNDNJS", "41110"),
        ("Suwon", "41110"),
        ("suw", "41110"),
        ("41110", "41110"),
        ("41117", "41110"),
        ("4159125021", "41590"),
        ("경산", "47290"),
        ("rudtks", "47290"),
        ("광주", "41610"),
        ("양주", "41630"),
        ("남양주", "41360"),
        ("ㅂㅊ", "41190"),
        ("가평", "41820"),
        ("시", "41390"),
    ],
)
def test_finds_the_region(typed: str, code: str, data: Reference) -> None:
    assert region_of(typed, data.regions).code == code


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", NoSuchRegion),
        ("부산", NoSuchRegion),
        ("11110", NoSuchRegion),
        ("xq", NoSuchRegion),
        ("안", SeveralRegions),
        ("ㅇㅅ", SeveralRegions),
        ("주", SeveralRegions),
    ],
)
def test_says_which_region_it_cannot_tell(typed: str, refusal: type[CallcenterError], data: Reference) -> None:
    with pytest.raises(refusal):
        region_of(typed, data.regions)


def test_every_region_is_found_by_its_name_its_code_and_its_keys(data: Reference) -> None:
    from callcenter.text.hangul import to_keys

    for region in data.regions.values():
        for typed in (region.name.ko, region.name.en, region.code, to_keys(region.name.ko), region.name.ko[:-1]):
            assert region_of(typed, data.regions) is region, typed


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("20180302", date(2018, 3, 2)),
        ("180302", date(2018, 3, 2)),
        ("2018-03-02", date(2018, 3, 2)),
        ("2018.3.2", date(2018, 3, 2)),
        ("18/3/2", date(2018, 3, 2)),
        (" 261124 ", date(2026, 11, 24)),
        ("20081125", date(2008, 11, 25)),
    ],
)
def test_reads_birth_dates(typed: str, birth: date) -> None:
    assert birth_of(typed, TODAY) == birth


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", BirthUnreadable),
        ("8세", AgeNotBirth),
        ("초2", AgeNotBirth),
        ("2019년생", AgeNotBirth),
        ("8세+5세", BirthUnreadable),
        ("18030", BirthUnreadable),
        ("180230", BirthUnreadable),
        ("20181302", BirthUnreadable),
        ("1803023", BirthUnreadable),
        ("20261125", NotYetBorn),
        ("20081124", NotAChild),
        ("270101", NotAChild),
        ("981201", NotAChild),
        ("180302-3123456", ResidentNumber),
        ("1803023123456", ResidentNumber),
        ("180302 3123456", ResidentNumber),
    ],
)
def test_refuses_other_dates(typed: str, refusal: type[CallcenterError]) -> None:
    with pytest.raises(refusal):
        birth_of(typed, TODAY)


def test_a_resident_number_is_known_only_when_it_is_whole() -> None:
    number = "180302-3123456"
    assert [length for length in range(len(number) + 1) if is_resident_number(number[:length])] == [len(number)]


@pytest.mark.parametrize(
    ("typed", "promised"),
    [
        ("", "17:56"),
        ("30", "18:11"),
        ("21:30", "21:30"),
        ("2130", "21:30"),
        ("0", None),
    ],
)
def test_reads_promises(typed: str, promised: str | None) -> None:
    at = promise_of(typed, NOW, usual_promise(NOW, QUARTER))
    assert (at and f"{at:%H:%M:%S}") == (promised and f"{promised}:00")
    assert at is None or at > NOW


def test_a_clock_that_is_past_is_that_of_tomorrow() -> None:
    assert promise_of("9:00", NOW, usual_promise(NOW, QUARTER)) == datetime(2026, 11, 25, 9, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("typed", "refusal"), [("곧", PromiseUnreadable), ("1:5", PromiseUnreadable), ("25:00", NoSuchClock)]
)
def test_refuses_other_promises(typed: str, refusal: type[CallcenterError]) -> None:
    with pytest.raises(refusal):
        promise_of(typed, NOW, usual_promise(NOW, QUARTER))
