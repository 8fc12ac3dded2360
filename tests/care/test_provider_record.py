from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.codes import ABILITIES
from callcenter.care.own_rules import OwnHours, OwnRules
from callcenter.care.provider_record import COLUMNS, GroupRecord, ProviderRecord, provider_of, row_of
from callcenter.care.rules import Window
from callcenter.datafile.mistakes import Mistake
from callcenter.datafile.rows import Row
from tests.published import DAYCARE, REFERENCE

GOOD = dict.fromkeys(COLUMNS, "") | {
    "id": "daycare-x",
    "service": DAYCARE,
    "name": "가나어린이집",
    "region": "41190",
}


def read(**cells: str) -> tuple[ProviderRecord, list[Mistake]]:
    mistakes: list[Mistake] = []
    row = Row("providers.csv", 7, GOOD | cells, mistakes)
    return provider_of(row, REFERENCE.regions, REFERENCE.services), mistakes


def test_blank_is_unknown() -> None:
    found, mistakes = read()
    assert mistakes == []
    assert found == ProviderRecord("daycare-x", DAYCARE, "가나어린이집", "41190")
    assert (found.can, found.residents_only, found.lat, found.groups) == (None, None, None, ())


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("6-35m:3;36-83m:?", (GroupRecord("6-35m", 6, 35, 3), GroupRecord("36-83m", 36, 83, None))),
        ("6-35m:", (GroupRecord("6-35m", 6, 35, None),)),
        ("3-155m:1x3", (GroupRecord("3-155m", 3, 155, 1, 3),)),
        ("햇살반=6-35m:0", (GroupRecord("햇살반", 6, 35, 0),)),
    ],
)
def test_groups(text: str, groups: tuple[GroupRecord, ...]) -> None:
    found, mistakes = read(groups=text)
    assert (found.groups, mistakes) == (groups, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Daycare X"),
        ("id", ""),
        ("service", "gyeonggi.nothing"),
        ("name", " "),
        ("region", "11110"),
        ("lat", "north"),
        ("lon", "127.0"),  # without lat: the field that is missing is told
        ("phone_day", "전화"),
        ("phone_night", "1"),
        ("residents_only", "maybe"),
        ("can", "fly"),
        ("groups", "6-35:3"),
        ("groups", "35-6m:3"),
        ("groups", "6-35m:3;6-35m:4"),
        ("groups", "6-35m:3x0"),
        ("valid_from", "2026/01/01"),
        ("demo", "1"),
        ("hours_weekday", "9-18"),
        ("hours_holiday", "none"),
        ("phone_day_hours", "all day"),
        ("notice_minutes", "2h"),
        ("notice_minutes", "99999"),
        ("won_per_hour", "5,000"),
        ("radius_km", "0"),
        ("licence_until", "2027"),
        ("training_until", "soon"),
        ("languages", "English"),
    ],
)
def test_a_wrong_cell_is_told(field: str, value: str) -> None:
    _found, mistakes = read(**{field: value})
    assert [(one.line, one.field) for one in mistakes] == [(7, "lat" if field == "lon" else field)]


def test_an_end_before_the_beginning() -> None:
    _found, mistakes = read(valid_from="2026-01-02", valid_to="2026-01-01")
    assert [one.field for one in mistakes] == ["valid_to"]


def test_valid_days_include_both_ends() -> None:
    found, _mistakes = read(valid_from="2026-01-02", valid_to="2026-01-03")
    assert [found.valid_on(date(2026, 1, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]


LABELS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=5)
GROUPS = st.lists(
    st.builds(
        lambda label, low, more, places, per: GroupRecord(
            label or f"{low}-{low + more}m", low, low + more, places, per
        ),
        st.none() | LABELS,
        st.integers(0, 200),
        st.integers(0, 99),
        st.none() | st.integers(0, 999),
        st.integers(1, 9),
    ),
    max_size=3,
    unique_by=lambda group: group.label,
)


WINDOWS = st.none() | st.sampled_from([(), (Window(420, 540), Window(1200, 1440)), (Window(450, 1890),)])
OWN = st.builds(
    OwnRules,
    st.builds(OwnHours, WINDOWS, WINDOWS, WINDOWS, WINDOWS),
    st.none() | st.integers(0, 600),
    st.none() | st.integers(0, 30_000),
    st.none() | st.sampled_from([0.5, 3.0, 12.5]),
    st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)


@given(
    GROUPS, st.none() | st.frozensets(st.sampled_from(ABILITIES), min_size=1), st.none() | st.booleans(), OWN, WINDOWS
)
def test_a_record_is_read_back_from_its_row(
    groups: list[GroupRecord],
    can: frozenset[str] | None,
    residents_only: bool | None,
    own: OwnRules,
    by_day: tuple[Window, ...] | None,
) -> None:
    record = ProviderRecord(
        "daycare-x", DAYCARE, "가나", "41190", "주소", 37.5, 126.789, "031-000-0000", groups=tuple(groups), can=can,
        residents_only=residents_only, own=own, phone_day_hours=by_day, languages=frozenset({"en", "zh"}),
        valid_from=date(2026, 1, 1), demo=True,
    )  # fmt: skip
    mistakes: list[Mistake] = []
    again = provider_of(Row("f", 2, row_of(record), mistakes), REFERENCE.regions, REFERENCE.services)
    assert (again, mistakes) == (record, [])
