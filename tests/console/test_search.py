"""The search of the console: typed, found while typing, gone to, left, and written down."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.presentation.search import columns
from callcenter.console.widgets import search_line
from callcenter.console.widgets.command_line import CommandLine
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.search_line import SearchLine
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.console.seats import SIZE, Watch, ask, console, screen_of, text_of, until


@pytest.fixture(autouse=True)
def _looked_at_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for long at what is found of half a word, however slowly it is typed."""
    monkeypatch.setattr(search_line, "LOOKED_SECONDS", 600)


READINGS = "SELECT body FROM entry WHERE kind = 'record.read' ORDER BY seq"


def readings(desk: Desk) -> list[str]:
    return [row[0] for row in desk.connection.execute(READINGS)]


def total(pilot: "Pilot[None]") -> int:
    """How many lines the search shows."""
    return screen_of(pilot).query_one(SearchLine).query_one(LineList).total


def is_open(pilot: "Pilot[None]") -> bool:
    line = screen_of(pilot).query_one_optional(SearchLine)
    return line is not None and bool(line.display)


async def type_in(pilot: "Pilot[None]", text: str) -> None:
    await until(pilot, lambda: is_open(pilot))
    await pilot.press(*(character if character != " " else "space" for character in text))


async def test_what_is_typed_is_found_masked_and_gone_to(desk: Desk, tmp_path: Path) -> None:
    ended = ask(desk, name="김지영", phone="010-0000-5678")
    cancel_request(desk, OPERATOR, NOW + timedelta(minutes=1), ended.request_id, "withdrawn")
    other = ask(desk, 2, name="박하나")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).shown == other.request_id)
        await pilot.press("ctrl+f")
        await type_in(pilot, "ㄱㅈㅇ")
        await until(pilot, lambda: total(pilot) == 1)
        shown = text_of(pilot)
        assert ended.number in shown
        assert "김*영" in shown
        assert "010-****-5678" in shown
        assert "김지영" not in shown
        assert "1 request found." in shown
        await pilot.press("enter")
        await until(pilot, lambda: screen_of(pilot).shown == ended.request_id)
        assert not is_open(pilot)
        await until(pilot, lambda: "cancelled" in text_of(pilot))
        await until(pilot, lambda: readings(desk) == ['{"count":1,"what":"search","why":"search"}'])
        assert screen_of(pilot).focused is screen_of(pilot).query_one("#queue")


async def test_leaving_moves_nothing_and_an_unsuccessful_search_is_not_written(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).shown == request.request_id)
        for key in ("escape", "f10"):
            await pilot.press("ctrl+f")
            await type_in(pilot, "nobody")
            await until(pilot, lambda: "Nothing found." in text_of(pilot))
            # Nothing to go to: Enter stays.
            await pilot.press("enter", key)
            await until(pilot, lambda: not is_open(pilot))
        assert screen_of(pilot).shown == request.request_id
        await pilot.press("ctrl+f")
        await until(pilot, lambda: is_open(pilot))
        assert "Name, first consonants" in text_of(pilot)
        await pilot.press("escape")
    assert readings(desk) == []


async def test_enter_before_the_answer_goes_to_the_first_that_is_found(desk: Desk, tmp_path: Path) -> None:
    wanted = ask(desk, name="김지영")
    last = ask(desk, 5)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.shown in (wanted.request_id, last.request_id))
        screen.select(last.request_id)
        await pilot.press("ctrl+f")
        await until(pilot, lambda: is_open(pilot))
        await pilot.press("김", "지", "enter")
        await until(pilot, lambda: screen.shown == wanted.request_id)


async def test_arrows_choose_among_what_was_found(desk: Desk, tmp_path: Path) -> None:
    requests = [ask(desk, minute, phone=f"010-0000-123{minute}") for minute in range(3)]
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f")
        await type_in(pilot, "123")
        await until(pilot, lambda: total(pilot) == 3)
        await pilot.press("down", "down", "up", "enter")
        await until(pilot, lambda: screen_of(pilot).shown == requests[1].request_id)
        await until(pilot, lambda: screen_of(pilot).query_one("#queue", LineList).cursor_key == requests[1].request_id)


async def test_what_stood_on_the_screen_was_looked_at(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f")
        await type_in(pilot, "박하나")
        await until(pilot, lambda: total(pilot) == 1)
        assert readings(desk) == []
        monkeypatch.setattr(search_line, "LOOKED_SECONDS", 0.1)
        await pilot.press("backspace")
        await until(pilot, lambda: len(readings(desk)) == 1)
        await pilot.press("escape")
        await until(pilot, lambda: not is_open(pilot))
    assert len(readings(desk)) == 1


async def test_a_receipt_number_on_the_command_line_finds_an_ended_request(desk: Desk, tmp_path: Path) -> None:
    ended = ask(desk)
    cancel_request(desk, OPERATOR, NOW + timedelta(minutes=1), ended.request_id, "withdrawn")
    ask(desk, 2)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.shown is not None and screen.query(CommandLine))
        assert screen.shown != ended.request_id
        await pilot.press("slash", *ended.number, "enter")
        await until(pilot, lambda: screen.shown == ended.request_id)
        assert not is_open(pilot)
        await pilot.press("slash", *"A-1124-099", "enter")
        await until(pilot, lambda: is_open(pilot) and "Nothing found." in text_of(pilot))


async def test_the_word_of_the_command_line_searches_for_what_stands_behind_it(desk: Desk, tmp_path: Path) -> None:
    ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: screen_of(pilot).query(CommandLine))
        await pilot.press("slash", *"찾기", "space", *"하나", "enter")
        await until(pilot, lambda: is_open(pilot) and total(pilot) == 1)
        assert "박*나" in text_of(pilot)


async def test_hostile_text_is_searched_for_and_shown_as_what_it_is(desk: Desk, tmp_path: Path) -> None:
    ask(desk, name="[red]박하나")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f")
        await type_in(pilot, "1234")
        await until(pilot, lambda: total(pilot) == 1)
        line = screen_of(pilot).query_one(SearchLine)
        line.open("\x1b[31m%' OR 1=1 --", columns())
        await until(pilot, lambda: "Nothing found." in text_of(pilot))
