"""Typing on the desk's screen: the line becomes a request, a draft outlives the console, a second call has its own."""

import json
import os
import signal
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.forms.duplicate_panel import DuplicatePanel
from callcenter.console.forms.field_box import FieldBox
from callcenter.console.forms.line_box import LineBox
from callcenter.console.widgets.panel import Panel
from callcenter.desk import drafts as desk_drafts
from callcenter.desk.calls import end_call, open_call
from callcenter.desk.session import Desk
from callcenter.store import reads
from callcenter.store.drafts import drafts
from callcenter.store.engine import open_reader
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import Watch, ask, console, give_places, screen_of, until
from tests.console.test_endings import Terminal
from tests.patience import soon

LINE = "수원 180302 초2 오늘 20-23 야근 010-0000-6789 김지영님"


def kept(desk: Desk) -> dict[str, str]:
    """The drafts on the disk: the line of each."""
    return {row.id: json.loads(row.body)["raw"].get("line", "") for row in drafts(desk.connection)}


def told(pilot: "Pilot[None]") -> str:
    shown = screen_of(pilot).query_one("#status", Panel)
    return " ".join(shown.render_line(y).text.strip() for y in range(shown.size.height))


def said(pilot: "Pilot[None]") -> str:
    shown = screen_of(pilot).query_one("#say", Panel)
    return " ".join(shown.render_line(y).text.strip() for y in range(shown.size.height))


async def form_opened(pilot: "Pilot[None]") -> None:
    await until(pilot, lambda: (form := screen_of(pilot).form) is not None and form.is_open)
    await pilot.pause()


async def test_a_line_is_a_request_with_all_that_can_be_said_of_it_meanwhile(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    async with console(desk, Watch(), tmp_path).run_test(size=(120, 36)) as pilot:
        screen = screen_of(pilot)
        await pilot.press("f2")
        await form_opened(pilot)
        assert screen.query_one(LineBox).focused == "line"
        await pilot.press(*"수원 8세 20-23")
        form = screen.form
        assert form is not None
        await until(pilot, lambda: form.so_far.view is not None)
        await until(pilot, lambda: "birth" in said(pilot) or "school" in said(pilot))
        await pilot.press("ctrl+u", *LINE)
        await until(pilot, lambda: form.so_far.matches is not None and form.so_far.matches.ranking.fitting > 0)
        await until(pilot, lambda: LINE in kept(desk).values())
        await pilot.press("f7")
        await until(pilot, lambda: "consents 3/3" in screen.query_one("#form-title", Panel).render_line(0).text)
        await pilot.press("f5")
        await until(pilot, lambda: screen.view is not None and screen.view.request.number == "A-1124-001")
        assert not form.is_open
        await until(pilot, lambda: kept(desk) == {})
        request = screen.view
        assert request is not None
        assert request.guardian is not None
        assert (request.guardian.name, request.request.reason, request.request.region) == (
            "김지영",
            "overtime",
            "41110",
        )
        assert [child.birth for child in request.children] == ["2018-03-02"]


async def test_what_was_typed_is_offered_again_to_whom_it_belongs(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"수원 김지영님", "tab", "tab", "tab", "backspace")
        await until(pilot, lambda: kept(desk) != {})
        await until(pilot, lambda: json.loads(drafts(desk.connection)[0].body)["raw"].get("guardian") == "김지")
    async with console(desk, Watch(), tmp_path).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 draft was not saved. Ctrl+Y goes on with it." in told(pilot))
        await pilot.press("ctrl+y")
        await form_opened(pilot)
        screen = screen_of(pilot)
        assert screen.query_one(LineBox).field.raw == "수원 김지영님"
        assert screen.query_one(FieldBox).raw["guardian"] == "김지"
        await pilot.press("f9")
        assert kept(desk) != {}
        await pilot.press("f9")
        await until(pilot, lambda: kept(desk) == {})
        assert screen.form is not None
        assert not screen.form.is_open
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "There is no draft." in told(pilot))


async def test_a_desk_that_was_closed_for_days_keeps_what_was_typed_and_says_until_when(
    desk: Desk, tmp_path: Path
) -> None:
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"수원")
        await until(pilot, lambda: "수원" in kept(desk).values())
    watch.now = NOW + timedelta(days=5)
    async with console(desk, watch, tmp_path).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "What has lain for long is kept until tomorrow 17:40." in told(pilot))
        assert "1 draft was not saved. Ctrl+Y goes on with it." in told(pilot)
        assert "수원" in kept(desk).values()
    watch.now = NOW + timedelta(days=7)
    async with console(desk, watch, tmp_path).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 old draft that nobody went on with was forgotten." in told(pilot))
        assert kept(desk) == {}


async def test_a_supervisor_takes_over_after_a_while(desk: Desk, tmp_path: Path) -> None:
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"수원")
        await until(pilot, lambda: "수원" in kept(desk).values())
    watch.now = NOW + timedelta(minutes=11)
    async with console(desk, watch, tmp_path, SUPERVISOR).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "1 draft" in told(pilot))
        await pilot.press("ctrl+y")
        await form_opened(pilot)
        assert [row.operator for row in drafts(desk.connection)] == [SUPERVISOR.name]
        assert desk_drafts.offered(desk.connection, OPERATOR, watch.now) == []


async def test_a_second_call_has_a_draft_of_its_own(desk: Desk, tmp_path: Path) -> None:
    first = open_call(desk, OPERATOR, NOW, "010-0000-1111")
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=(120, 36)) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.talking_call == first.call_id)
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"수원")
        watch.now = NOW + timedelta(minutes=1)
        second = open_call(desk, OPERATOR, watch.now, "010-0000-2222")
        await until(pilot, lambda: screen.talking_call == second.call_id)
        await pilot.press("f2")
        await until(pilot, lambda: screen.form is not None and screen.form.call_id == second.call_id)
        await pilot.press(*"화성")
        await until(pilot, lambda: sorted(kept(desk).values()) == ["수원", "화성"])
        end_call(desk, OPERATOR, watch.now, second.call_id)
        await until(pilot, lambda: screen.talking_call == first.call_id)
        await pilot.press("f2")
        await until(pilot, lambda: screen.form is not None and screen.form.call_id == first.call_id)
        assert screen.query_one(LineBox).field.raw == "수원"
        assert screen.query_one(FieldBox).raw["phone"] == "010-0000-1111"


async def test_a_call_joins_the_request_that_is_here_already(desk: Desk, tmp_path: Path) -> None:
    taken = ask(desk, -20, phone="010-0000-6789")
    async with console(desk, Watch(), tmp_path).run_test(size=(120, 36)) as pilot:
        screen = screen_of(pilot)
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"아직인가요 010-0000-6789")
        panel = screen.query_one(DuplicatePanel)
        await until(pilot, lambda: [row.id for row in panel.rows] == [taken.request_id])
        await pilot.press("ctrl+r")
        await until(pilot, lambda: panel.rows == ())
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "No request like" in screen.query_one("#form-told", Panel).render_line(0).text)
        await pilot.press("f9", "f9")
        await until(pilot, lambda: screen.form is not None and not screen.form.is_open)
        await until(pilot, lambda: not screen._just_closed)
        await pilot.press("f2")
        await form_opened(pilot)
        await pilot.press(*"아직인가요 010-0000-6789")
        await until(pilot, lambda: [row.id for row in panel.rows] == [taken.request_id])
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "Written to request A-1124-001" in told(pilot))
        found = reads.request(desk.connection, taken.request_id)
        assert found is not None
        assert found.urgency == "urgent"
        notes = [note.text for note in reads.notes(desk.connection, taken.request_id)]
        assert notes == ["Called again: 아직인가요 010-0000-6789"]
        await until(pilot, lambda: kept(desk) == {})


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is Unix's")
def test_every_character_is_there_after_a_kill(desk: Desk) -> None:
    first = Terminal(desk.path)
    first.read_until(b"No open request")
    os.write(first.outside, b"\x1bOQ")
    first.read_until(b"One line")
    os.write(first.outside, "수원 8세초2 20-23 김지".encode())

    def is_kept() -> bool:
        with closing(open_reader(desk.path)) as connection:
            return any("김지" in row.body for row in drafts(connection))

    soon(is_kept)
    os.killpg(first.process.pid, signal.SIGKILL)
    first.process.wait()
    os.close(first.outside)
    again = Terminal(desk.path)
    again.read_until(b"draft was not saved")
    os.write(again.outside, b"\x19")
    again.read_until("8세초2 20-23 김지".encode())
    os.killpg(again.process.pid, signal.SIGKILL)
    again.process.wait()
    os.close(again.outside)
