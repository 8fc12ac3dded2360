"""A line of the queue tells what the operator needs, masked, in the room it has."""

from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from callcenter import language
from callcenter.console.presentation import queue
from callcenter.console.presentation.cells import Cell, StyleName, fit_cell
from callcenter.console.presentation.columns import widths
from callcenter.console.presentation.glyphs import CUT, safe
from callcenter.reference import Reference
from callcenter.store.reads import QueueRow
from tests.conftest import NOW
from tests.console.presentation.rows import CHILD, GUARDIAN, QUEUE_ROW, at, by_column, drawn, stamp, text

NARROW = 33  # A list of 36 cells: two for the cursor, one for the scroll bar.


def cells(data: Reference, row: QueueRow, now: datetime = NOW) -> dict[str, str]:
    return by_column(queue.row(row, data, now), queue.columns())


def test_a_row_says_what_the_operator_needs(data: Reference) -> None:
    assert cells(data, QUEUE_ROW) == {
        "wait": " 0:04",
        "number": "A-1124-007",
        "region": "Suwon",
        "children": "8 y el.2",
        "when": "today 20-23",
        "state": "new",
        "clock": "",
        "length": "3:00",
        "urgency": "",
        "guardian": "고*별",
        "provider": "",
        "reason": "Night or weekend work",
    }


def test_korean_names_of_places_are_short(data: Reference) -> None:
    language.use("ko")
    for code, name in (("41110", "수원"), ("41360", "남양주"), ("41800", "연천"), ("47290", "경산")):
        assert cells(data, QUEUE_ROW._replace(region=code))["region"] == name


def test_each_city_has_a_name_of_its_own_in_the_narrowest_column(data: Reference) -> None:
    language.use("ko")
    column = next(at for at, one in enumerate(queue.columns()) if one.id == "region")
    drawn_names = {
        fit_cell(cast(Cell, queue.row(QUEUE_ROW._replace(region=code), data, NOW).cells[column]), 4)
        for code in data.regions
    }
    assert len(drawn_names) == len(data.regions)
    assert "의정" in drawn_names
    assert not any(CUT in name for name in drawn_names)


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ("2018-03-02/elementary", "8 y el.2"),
        ("2025-09-10/", "14 mo"),
        ("2024-11-24/", "2 y"),
        ("2024-11-25/", "23 mo"),
        ("2025-09-10/ 2018-03-02/elementary", "8 y+14 mo"),
        ("2025-09-10/ 2018-03-02/elementary 2020-05-05/", "8 y and 2 more"),
        ("2019-12-31/", "6 y"),
        ("2013-05-05/middle", "13 y mid.1"),
        # Early entry: the year of entry by law would be a grade that does not exist.
        ("2020-01-01/elementary", "6 y el."),
        ("", ""),
    ],
)
def test_children(children: str, expected: str) -> None:
    assert queue.children(children, NOW.date()).text == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(24, 20), at(24, 23), "today 20-23"),
        (at(24, 20, 30), at(24, 23), "today 20:30-23"),
        (at(24, 20), at(24, 22, 30), "today 20:00-22:30"),
        (at(24, 20), at(25, 0), "today 20-24"),
        (at(24, 22), at(25, 7), "today 22-07"),
        (at(25, 7, 30), at(25, 9), "tmw 07:30-09"),
        (at(27, 7), at(27, 9), "Fri 07-09"),
        (at(30, 7), at(30, 9), "Mon 07-09"),
        (at(24, 7) + timedelta(days=7), at(24, 9) + timedelta(days=7), "12/1 07-09"),
        (at(25, 9), at(28, 9), "tmw 09-11/28"),
    ],
)
def test_when(start: datetime, end: datetime, expected: str) -> None:
    assert text(queue.when(start, end, NOW)) == expected


@pytest.mark.parametrize(
    ("korean", "start", "end", "expected"),
    [
        (False, at(24, 20), at(24, 23), "20-23"),
        (False, at(24, 20, 30), at(24, 23), "20:30-23"),
        (False, at(24, 20, 30), at(24, 23, 30), "20:30"),
        (False, at(25, 9, 30), at(25, 12, 30), "tmw 09:30"),
        (False, at(25, 9), at(25, 12), "tmw 09-12"),
        (False, at(28, 12, 30), at(28, 15), "Sat 12:30"),
        (True, at(24, 20), at(24, 23), "오늘 20-23"),
        (True, at(24, 20, 30), at(24, 23), "20:30-23"),
        (True, at(25, 9, 30), at(25, 12, 30), "내일 09:30"),
        (True, at(28, 12, 30), at(28, 15, 30), "토 12:30"),
    ],
)
def test_the_time_in_a_narrow_list_is_whole(
    data: Reference, korean: bool, start: datetime, end: datetime, expected: str
) -> None:
    language.use("ko" if korean else "en")
    row = QUEUE_ROW._replace(start_at=stamp(start), end_at=stamp(end))
    assert f" {expected} " in drawn(queue.row(row, data, NOW), queue.columns(), NARROW)


@given(
    room=st.integers(NARROW, 197),
    korean=st.booleans(),
    start=st.integers(-2, 20 * 48).map(lambda half_hours: at(24, 18) + half_hours * timedelta(minutes=30)),
    length=st.integers(1, 96),
    children=st.sampled_from(["2018-03-02/elementary", "2025-09-01/", "2014-12-02/elementary 2020-01-01/"]),
)
def test_no_time_and_no_age_is_cut(
    data: Reference, room: int, korean: bool, start: datetime, length: int, children: str
) -> None:
    language.use("ko" if korean else "en")
    end = start + length * timedelta(minutes=30)
    row = QUEUE_ROW._replace(start_at=stamp(start), end_at=stamp(end), children=children)
    given_room = dict(zip((one.id for one in queue.columns()), widths(queue.columns(), room), strict=True))
    cells = dict(zip(given_room, queue.row(row, data, NOW).cells, strict=True))
    for column in ("when", "children", "state"):
        cell = cells[column]
        assert isinstance(cell, Cell)
        assert CUT not in fit_cell(cell, given_room[column])


@pytest.mark.parametrize(
    ("row", "state", "clock", "look"),
    [
        (QUEUE_ROW._replace(state="offered", offer_expires_at=stamp(NOW) + 580), "offer", "9:40", "muted"),
        (QUEUE_ROW._replace(state="offered", offer_expires_at=stamp(NOW) + 60), "offer", "1:00", "soon"),
        (QUEUE_ROW._replace(state="offered", offer_expires_at=stamp(NOW) - 720), "offer", "+12m", "urgent"),
        (QUEUE_ROW._replace(state="held", held_until=stamp(at(24, 19, 30))), "hold", "19:30", "muted"),
        (QUEUE_ROW._replace(state="held", held_until=stamp(at(25, 9))), "hold", "11/25", "muted"),
        (QUEUE_ROW._replace(state="open", promised_at=stamp(at(24, 17, 55))), "new", "17:55", "muted"),
        (QUEUE_ROW._replace(state="open", promised_at=stamp(at(24, 17, 30))), "new", "17:30", "urgent"),
        (QUEUE_ROW._replace(state="open", channel="platform"), "web", "", "normal"),
        (QUEUE_ROW._replace(state="matching", channel="platform"), "match", "", "normal"),
        # The clock of an offer stops with its answer.
        (QUEUE_ROW._replace(state="accepted", offer_expires_at=stamp(NOW) + 60), "agree", "", "normal"),
    ],
)
def test_the_clock_that_runs(data: Reference, row: QueueRow, state: str, clock: str, look: str) -> None:
    ids = [column.id for column in queue.columns()]
    found = dict(zip(ids, queue.row(row, data, NOW).cells, strict=True))
    assert (text(found["state"]), found["clock"]) == (state, Cell(clock, cast(StyleName, look)))


@pytest.mark.parametrize(("band", "sign"), [(0, "‼"), (1, "+"), (2, "!"), (3, " "), (4, " ")])
def test_the_band_has_its_own_sign(data: Reference, band: int, sign: str) -> None:
    assert cells(data, QUEUE_ROW._replace(band=band))["wait"][0] == sign


def test_the_version_changes_with_what_is_shown_and_only_then(data: Reference) -> None:
    offered = QUEUE_ROW._replace(state="offered", offer_expires_at=stamp(NOW) + 500)
    second = timedelta(seconds=1)
    assert queue.row(QUEUE_ROW, data, NOW).version == queue.row(QUEUE_ROW, data, NOW + second).version
    assert queue.row(offered, data, NOW).version != queue.row(offered, data, NOW + second).version
    assert queue.row(QUEUE_ROW, data, NOW).version != queue.row(QUEUE_ROW, data, NOW + 60 * second).version
    moved = QUEUE_ROW._replace(changed_at=QUEUE_ROW.changed_at + 1)
    assert queue.row(QUEUE_ROW, data, NOW).version == queue.row(moved, data, NOW).version
    in_english = queue.row(QUEUE_ROW, data, NOW).version
    language.use("ko")
    assert queue.row(QUEUE_ROW, data, NOW).version != in_english


def test_no_name_on_the_list(data: Reference) -> None:
    line = drawn(queue.row(QUEUE_ROW, data, NOW), queue.columns(), 200)
    assert GUARDIAN not in line
    assert CHILD not in line
    assert "고*별" in line


def test_36_cells_have_room_for_what_matters(data: Reference) -> None:
    given = dict(zip((column.id for column in queue.columns()), widths(queue.columns(), NARROW), strict=True))
    assert [name for name, width in given.items() if width] == ["wait", "region", "children", "when", "state"]


@given(
    room=st.integers(17, 197),
    korean=st.booleans(),
    state=st.sampled_from(["open", "matching", "offered", "accepted", "held"]),
    urgency=st.sampled_from(["normal", "urgent", "emergency", "abuse"]),
    band=st.integers(0, 4),
    waited=st.integers(-60, 10**7),
    children=st.lists(st.dates(at(1, 0).date().replace(year=2013), at(1, 0).date()).map("{}/elementary".format)),
    guardian=st.one_of(st.none(), st.text(max_size=12)),
    region=st.sampled_from(["41110", "41360", "99999"]),
)
def test_any_row_fits_any_width(
    data: Reference,
    room: int,
    korean: bool,
    state: str,
    urgency: str,
    band: int,
    waited: int,
    children: list[str],
    guardian: str | None,
    region: str,
) -> None:
    language.use("ko" if korean else "en")
    row = QUEUE_ROW._replace(
        state=state,
        urgency=urgency,
        band=band,
        opened_at=stamp(NOW) - waited,
        offer_expires_at=stamp(NOW) + waited,
        children=" ".join(children),
        guardian=None,
        region=region,
    )
    line = drawn(queue.row(row, data, NOW), queue.columns(), room)
    assert cell_len(line) <= room
    assert safe(line)
    named = drawn(queue.row(row._replace(guardian=guardian), data, NOW), queue.columns(), room)
    assert cell_len(named) <= room
