"""What stands on the list of providers and under its cursor, at every width."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.places import slot_of, slot_start
from callcenter.console.presentation import availability, evening
from callcenter.console.presentation.cells import Cell, Pieces, length
from callcenter.console.presentation.columns import widths
from callcenter.console.presentation.glyphs import safe
from callcenter.desk.availability import SLOTS, AvailabilityRow, CellView, Wish, window_of
from callcenter.desk.slot_states import SlotState
from callcenter.reference import Reference
from callcenter.store.availability import SeatRow
from callcenter.store.reads import GroupRow, ProviderRow
from tests.console.presentation.rows import at, stamp

NOW = at(24, 17, 40)
FRESH = timedelta(hours=4)
PROVIDER = ProviderRow("p", "gyeonggi.elementary", "수원시다함께돌봄센터 6호점", "41110", 37.2, 127.0, "{}")
GROUP = GroupRow(
    "p/72-155m", "p", 0, "72-155m", 72, 155, 1, 2, stamp(NOW - timedelta(minutes=12)), "김상담", "telephone"
)
ROW = AvailabilityRow(PROVIDER, GROUP, ("free",) * 8 + ("closed",) * 40)
SEAT = SeatRow(1, "r1", "A-1124-003", "pending", stamp(at(24, 23)), "박하나", "박새봄", "2018-05-05")
SLOT = slot_of(at(24, 20))


def text(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def cell_text(
    cell: CellView | None, group: GroupRow = GROUP, width: int = 118, reference: Reference | None = None
) -> str:
    assert reference is not None
    row = AvailabilityRow(PROVIDER, group, ROW.states)
    state = cell.state if cell else "free"
    return "\n".join(map(text, availability.cell_lines(row, SLOT, state, cell, reference, NOW, FRESH, width)))


@given(st.integers(60, 250))
def test_the_columns_fill_the_row_and_the_cursor_stands_on_its_half_hour(width: int) -> None:
    shape = availability.shape(width)
    columns = availability.columns(shape)
    given_widths = widths(columns, width - availability.GUTTER)
    assert [column.width for column in columns] == list(given_widths)
    first = slot_start(window_of(NOW, 0)[0])
    states: list[SlotState] = ["free"] * shape.slots
    states[3] = "held"
    marked = "".join(piece.text for piece in evening.strip(states, first))
    assert shape.cell_of(3) - shape.strip_at == marked.index(evening.SIGNS["held"])
    ruler = text(availability.ruler(shape, first))
    assert ruler[shape.strip_at :][: shape.slots // 2 * 3 - 1] == evening.ruler(shape.slots, first)
    assert length((Cell(ruler),)) <= width


@pytest.mark.parametrize(("width", "slots"), [(79, 24), (119, 48), (199, 48)])
def test_how_many_half_hours_there_is_room_for(width: int, slots: int) -> None:
    assert availability.shape(width).slots == slots


@given(st.integers(0, SLOTS - 1), st.integers(1, 24).map(lambda hours: 2 * hours), st.integers(0, 24))
def test_the_cursor_is_always_in_sight_and_hours_are_whole(column: int, slots: int, hour: int) -> None:
    before = range(2 * hour, 2 * hour + slots)
    found = availability.in_sight(column, slots, before)
    assert column in found
    assert 0 <= found.start <= found.stop <= SLOTS
    assert found.start % 2 == 0
    assert len(found) == slots
    if column in before and before.stop <= SLOTS:
        assert found == before


@pytest.mark.parametrize(
    ("low", "high", "label", "expected"),
    [
        (72, 155, "72-155m", "6-12 y"),
        (36, 83, "36-83m", "3-6 y"),
        (6, 35, "6-35m", "6 mo-2 y"),
        (12, 35, "12-35m", "12 mo-2 y"),
        (3, 155, "3-155m", "3 mo-12 y"),
        (6, 95, "6-95m", "6 mo-7 y"),
        (3, 23, "3-23m", "3-23 mo"),
        (6, 30, "6-30m", "6-30 mo"),
        (30, 95, "30-95m", "30 mo-7 y"),
        (36, 90, "36-90m", "36-90 mo"),
        (36, 83, "햇살반", "햇살반"),
    ],
)
def test_ages_in_years_where_they_are_whole_and_in_months_below_two(
    low: int, high: int, label: str, expected: str
) -> None:
    assert availability.band(GROUP._replace(months_min=low, months_max=high, label=label)) == expected


@pytest.mark.parametrize(
    ("region", "name", "told"),
    [
        ("41110", "수원시다함께돌봄센터 6호점", "수원 다함께6호"),
        ("41110", "수원소망지역아동센터", "수원소망"),
        ("41360", "시연 남양주 돌보미 1032", "남양주 돌보미 1032"),
        ("41360", "해오름다함께돌봄센터", "남양주 해오름다함께"),
    ],
)
def test_a_name_says_its_region_once_and_is_never_cut(data: Reference, region: str, name: str, told: str) -> None:
    language.use("ko")
    row = ROW._replace(provider=PROVIDER._replace(region=region, name=name))
    shape = availability.shape(79)
    first = slot_start(window_of(NOW, 0)[0])
    cell = availability.row(row, data, NOW, FRESH, range(shape.slots), first, named=True)[0]
    assert isinstance(cell, Cell)
    assert cell.text == told
    assert length((cell,)) <= shape.name


def test_only_the_first_group_is_named(data: Reference) -> None:
    for named in (True, False):
        cells = availability.row(ROW, data, NOW, FRESH, range(4, 12), slot_start(SLOT), named=named)
        assert isinstance(cells[0], Cell)
        assert ("6호" in cells[0].text) is named
        assert not isinstance(cells[2], Cell)
        assert text(cells[2]) == "◦◦ ◦◦ xx xx"


@pytest.mark.parametrize(
    ("change", "places", "age"),
    [
        ({}, "2", "0:12"),
        ({"places": None}, "?", "0:12"),
        ({"confirmed_at": None}, "2", "-"),
        ({"confirmed_at": stamp(NOW - FRESH)}, "2", "!4:00"),
        ({"confirmed_at": stamp(NOW - FRESH + timedelta(minutes=1))}, "2", "3:59"),
    ],
)
def test_places_and_how_old_they_are(data: Reference, change: dict[str, int | None], places: str, age: str) -> None:
    row = AvailabilityRow(PROVIDER, GROUP._replace(**change), ROW.states)  # type: ignore[arg-type]
    cells = availability.row(row, data, NOW, FRESH, range(8), slot_start(SLOT), named=True)
    assert [cell.text for cell in cells[3:] if isinstance(cell, Cell)] == [places, age]


def test_who_is_in_a_half_hour_is_masked(data: Reference) -> None:
    told = cell_text(CellView(PROVIDER, GROUP, SLOT, "free", 2, None, [SEAT]), reference=data)
    for wanted in ("1 of 2 left", "A-1124-003", "박*봄 8 y", "(박*나)", "until 23:00", "17:28", "12 min ago", "김상담"):
        assert wanted in told, told
    assert "박새봄" not in told
    assert "박하나" not in told
    assert safe(told.replace("\n", ""))


def test_a_restricted_or_erased_one_is_its_number_alone(data: Reference) -> None:
    seat = SEAT._replace(guardian=None, child=None, birth=None, offer_state="accepted")
    told = cell_text(CellView(PROVIDER, GROUP, SLOT, "free", 2, None, [seat]), reference=data)
    assert "1 A-1124-003 until 23:00" in told


def test_siblings_in_one_place_take_one(data: Reference) -> None:
    cell = CellView(PROVIDER, GROUP, SLOT, "free", 2, None, [SEAT, SEAT._replace(child="박둘째")])
    assert "1 of 2 left" in cell_text(cell, reference=data)


def test_what_is_not_known_is_not_counted(data: Reference) -> None:
    assert "left" not in cell_text(None, reference=data)
    assert "left" not in cell_text(CellView(PROVIDER, GROUP, SLOT, "unknown", None, None, [SEAT]), reference=data)
    assert "left" not in cell_text(CellView(PROVIDER, GROUP, SLOT, "closed", 2, None, []), reference=data)
    assert "never confirmed" in cell_text(None, GROUP._replace(confirmed_at=None), reference=data)
    # More are in it than there are places, since these were lowered: nobody is thrown out.
    over = CellView(PROVIDER, GROUP, SLOT, "taken", 1, None, [SEAT, SEAT._replace(place_no=2)])
    assert "0 of 1 left" in cell_text(over, reference=data)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_screen(data: Reference, width: int) -> None:
    wish = Wish(region="41110", service="gyeonggi.elementary", text="다함께", now_free=True, day=3)
    first = slot_start(window_of(NOW, 3)[0])
    seats = [SEAT._replace(place_no=number) for number in range(1, 9)]
    cell = CellView(PROVIDER, GROUP, SLOT, "held", 8, None, seats)
    found = [
        availability.filters(wish, 12_345, data, width),
        availability.days(NOW, 3, width),
        availability.legend(width),
        *availability.cell_lines(ROW, SLOT, "held", cell, data, NOW, FRESH, width),
    ]
    assert all(length(line) <= width for line in found)
    assert all(safe(text(line)) for line in found)
    if width >= 80:
        assert ">4" in text(found[1])
        assert "12,345 groups" in text(found[0])
    assert length(availability.ruler(availability.shape(width), first)) <= max(width, 60)
