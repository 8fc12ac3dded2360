"""The providers around: their evening, what is free, and how old that is."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from callcenter import language
from callcenter.care.places import slot_of, slot_start
from callcenter.console.presentation import around
from callcenter.console.presentation.columns import widths
from callcenter.console.presentation.glyphs import safe
from callcenter.desk.around import SLOTS, AroundRow
from callcenter.desk.slot_states import SlotState
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.console.presentation.rows import at, by_column, drawn, text

STATES: tuple[SlotState, ...] = ("closed",) * 2 + ("free",) * 4 + ("held", "taken") + ("free",) * 2
ROW = AroundRow(
    provider_id="p1",
    name="수원시다함께돌봄센터 6호점",
    service="gyeonggi.elementary",
    region="41110",
    km=1.2,
    first=slot_start(slot_of(at(24, 19))),
    states=STATES,
    free=3,
    places=10,
    confirmed_at=NOW - timedelta(minutes=12),
    confirmed_by="김상담",
)
NOT_KNOWN: list[SlotState] = ["unknown"] * SLOTS
UNKNOWN = ROW._replace(states=tuple(NOT_KNOWN), free=None, places=None, confirmed_at=None, confirmed_by=None)
GUTTER = "  "


FRESH = timedelta(hours=4)


def cells(data: Reference, row: AroundRow) -> dict[str, str]:
    return by_column(around.row(row, data, NOW, FRESH), around.COLUMNS)


def test_a_row_shows_the_evening_and_how_fresh_it_is(data: Reference) -> None:
    assert cells(data, ROW) == {
        "name": "다함께6호",
        "strip": "xx ◦◦ ◦◦ ◊▬ ◦◦",
        "places": "3/10",
        "age": "0:12",
        "by": "김상담",
    }


def test_unknown_places_are_never_a_number(data: Reference) -> None:
    found = cells(data, UNKNOWN)
    assert found["places"] == "?"
    assert found["by"] == "places unknown"
    assert found["strip"] == "?? ?? ?? ?? ??"


def test_known_places_that_nobody_confirmed(data: Reference) -> None:
    found = cells(data, ROW._replace(confirmed_at=None, confirmed_by=None))
    assert (found["age"], found["by"]) == ("-", "never confirmed")


@pytest.mark.parametrize(("hours", "expected"), [(3, "3:59"), (4, "!4:59"), (30, "!30h")])
def test_an_old_confirmation_is_marked(data: Reference, hours: int, expected: str) -> None:
    row = ROW._replace(confirmed_at=NOW - timedelta(hours=hours, minutes=59))
    assert cells(data, row)["age"] == expected


def test_how_old_is_old_can_be_set(data: Reference) -> None:
    found = around.row(ROW, data, NOW, fresh=timedelta(minutes=10))
    assert by_column(found, around.COLUMNS)["age"] == "!0:12"


@pytest.mark.parametrize("room", [33, 42, 60, 100])
@pytest.mark.parametrize("korean", [False, True])
def test_the_ruler_stands_over_the_strip(data: Reference, room: int, korean: bool) -> None:
    language.use("ko" if korean else "en")
    row = ROW._replace(first=ROW.first.astimezone(UTC))
    over, under = (
        text(around.ruler([row], room + 2)),
        GUTTER + drawn(around.row(row, data, NOW, FRESH), around.COLUMNS, room),
    )
    assert cell_len(over[: over.index("19 20 21 22 23")]) == cell_len(under[: under.index("xx ◦◦ ◦◦ ◊▬ ◦◦")])


def test_no_row_no_ruler() -> None:
    assert around.ruler([], 40) == ()


def test_narrow_columns_keep_the_places() -> None:
    names = [column.id for column in around.COLUMNS]
    kept = dict(zip(names, widths(around.COLUMNS, 36), strict=True))
    assert [name for name in names if kept[name]] == ["name", "strip", "places"]
    kept = dict(zip(names, widths(around.COLUMNS, 42), strict=True))
    assert [name for name in names if kept[name]] == ["name", "strip", "places", "age"]


def test_the_version_changes_with_what_is_shown_and_only_then(data: Reference) -> None:
    version = around.row(ROW, data, NOW, FRESH).version
    assert around.row(ROW, data, NOW + timedelta(seconds=1), FRESH).version == version
    assert around.row(ROW, data, NOW + timedelta(minutes=1), FRESH).version != version
    assert around.row(ROW._replace(states=("taken", *STATES[1:])), data, NOW, FRESH).version != version


@given(room=st.integers(17, 197), korean=st.booleans(), unknown=st.booleans(), minutes=st.integers(-10, 10**6))
def test_any_row_fits(data: Reference, room: int, korean: bool, unknown: bool, minutes: int) -> None:
    language.use("ko" if korean else "en")
    row = UNKNOWN if unknown else ROW._replace(confirmed_at=NOW - timedelta(minutes=minutes))
    line = drawn(around.row(row, data, NOW, FRESH), around.COLUMNS, room)
    assert cell_len(line) <= room
    assert safe(line)
