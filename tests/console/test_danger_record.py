"""What was reported of a danger, read again with F8: by those who may, and the journal says that they did."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.screens.record import RecordScreen
from callcenter.console.widgets.choice import Choice
from callcenter.desk.calls import end_call, open_call
from callcenter.desk.permission import Actor
from callcenter.desk.requests import add_note
from callcenter.desk.safety import add_report, raise_safety, raised_calls, read_record
from callcenter.desk.session import Desk
from callcenter.store import calls, reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import SIZE, Watch, ask, asked, console, screen_of, text_of, until

COLLEAGUE = Actor("박상담", "operator")
PHONE = "010-0000-1234"
NONE = "There is no report of the last 30 days"


def reported(desk: Desk, actor: Actor = OPERATOR, at: datetime = NOW, number: str = "2026-77") -> str:
    """A call that was reported to 112 and is over, and a request that it made: its receipt number."""
    call_id = open_call(desk, actor, at, PHONE).call_id
    taken = ask(desk, call_id=call_id)
    add_note(desk, actor, at, call_id, "아이가 울고 있음")
    raise_safety(desk, actor, at + timedelta(minutes=2), call_id, "abuse", number, "멍이 보인다고 함")
    end_call(desk, actor, at + timedelta(minutes=3), call_id, "transferred", agency="112")
    return taken.number


def readings(desk: Desk) -> list[str]:
    """Who read a restricted record, in order."""
    sql = "SELECT actor FROM entry WHERE kind = 'record.read' AND json_extract(body, '$.why') = 'abuse' ORDER BY hlc"
    return [row[0] for row in desk.connection.execute(sql)]


async def read(pilot: "Pilot[None]", digit: str = "4") -> None:
    """F8, and its last option."""
    await until(pilot, lambda: screen_of(pilot).phone is not None)
    await pilot.press("f8")
    await asked(pilot, "Read what was reported")
    await pilot.press(digit)


async def test_what_was_raised_and_reported_is_read_with_two_keys(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, PHONE).call_id
    app = console(desk, Watch(NOW + timedelta(minutes=1)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).phone is not None and screen_of(pilot).phone.own)  # type: ignore[union-attr]
        await pilot.press("f8", "2")
        await asked(pilot, "Case number of 112")
        await pilot.press(*"2026-77", "enter", *"told where", "enter")
        await until(pilot, lambda: calls.reports(desk.connection, call))
        # Once something was raised, the option to add to it stands before the one to read it.
        await read(pilot, "5")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen) and "2026-77" in text_of(pilot))
        shown = text_of(pilot)
        assert all(part in shown for part in ("Suspected abuse 112", "17:41", OPERATOR.name, "told where"))
        assert readings(desk) == [OPERATOR.name]
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen_of(pilot))
        assert "2026-77" not in text_of(pilot)
        assert "1366" not in text_of(pilot)


@pytest.mark.parametrize(("actor", "sees"), [(OPERATOR, True), (SUPERVISOR, True), (COLLEAGUE, False)])
async def test_a_supervisor_reads_it_too_and_a_colleague_does_not_find_it(
    desk: Desk, tmp_path: Path, actor: Actor, sees: bool
) -> None:
    number = reported(desk)
    app = console(desk, Watch(NOW + timedelta(minutes=5)), tmp_path, actor)
    async with app.run_test(size=SIZE) as pilot:
        await read(pilot)
        if not sees:
            await until(pilot, lambda: NONE in text_of(pilot))
            assert readings(desk) == []
            assert "2026-77" not in text_of(pilot)
            return
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen) and "2026-77" in text_of(pilot))
        shown = text_of(pilot)
        assert all(part in shown for part in ("17:42", number, "멍이 보인다고 함", "아이가 울고 있음"))
        assert readings(desk) == [actor.name]


async def test_of_several_the_newest_is_first(desk: Desk, tmp_path: Path) -> None:
    reported(desk, number="2026-1")
    newer = raise_safety(desk, COLLEAGUE, NOW + timedelta(minutes=9), None, "emergency", "119-2")
    app = console(desk, Watch(NOW + timedelta(minutes=15)), tmp_path, SUPERVISOR)
    async with app.run_test(size=SIZE) as pilot:
        await read(pilot)
        await asked(pilot, "Which report?")
        lines = [
            line for line in text_of(pilot).splitlines() if "Emergency 119" in line or "Suspected abuse 112" in line
        ]
        assert [COLLEAGUE.name in line for line in lines] == [True, False]
        assert "17:49" in lines[0]
        assert "A-1124-001" in lines[1]
        await pilot.press("1")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen) and "119-2" in text_of(pilot))
        assert "멍이" not in text_of(pilot)
        sql = "SELECT subject FROM entry WHERE kind = 'record.read'"
        assert [row[0] for row in desk.connection.execute(sql)] == [newer]


async def test_an_alarm_is_not_displaced_by_a_list_that_comes_late(desk: Desk, tmp_path: Path) -> None:
    reported(desk, number="2026-1")
    reported(desk, at=NOW + timedelta(minutes=4), number="2026-2")
    call = open_call(desk, OPERATOR, NOW + timedelta(minutes=8), PHONE).call_id
    late = raised_calls(desk, OPERATOR, NOW + timedelta(minutes=9))
    assert len(late) == 2
    app = console(desk, Watch(NOW + timedelta(minutes=9)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).phone is not None and screen_of(pilot).phone.own)  # type: ignore[union-attr]
        await read(pilot)
        await asked(pilot, "Which report?")
        await pilot.press("f8")
        await asked(pilot, "Who is in danger?")
        screen_of(pilot).operations.done("safety.list", late)
        assert screen_of(pilot).query_one(Choice).asks == "safety.raise"
        await pilot.press("1")
        await asked(pilot, "Case number of 119")
        kept = reads.call(desk.connection, call)
        assert kept is not None
        assert kept.safety == "emergency"
        screen_of(pilot).operations.done("safety.read", read_record(desk, OPERATOR, NOW, call))
        await pilot.pause()
        assert pilot.app.screen is screen_of(pilot)


async def test_the_request_says_to_whom_the_danger_was_told_as_soon_as_it_was(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, PHONE).call_id
    ask(desk, call_id=call)
    app = console(desk, Watch(NOW + timedelta(minutes=5)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).view is not None)
        assert "Danger was raised" not in text_of(pilot)
        raise_safety(desk, OPERATOR, NOW + timedelta(minutes=5), call, "abuse")
        await until(pilot, lambda: "Danger was raised: 112" in text_of(pilot))
        add_report(desk, OPERATOR, NOW + timedelta(minutes=6), call, "abuse", "2026-77")
        await until(pilot, lambda: "Danger was raised: 112 2026-77" in text_of(pilot))
