"""What an operator does with calls on the screen, over a real file."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from callcenter.console.widgets.call_strip import CallStrip
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.line_list import LineList
from callcenter.desk.calls import end_call, open_call, take_call
from callcenter.desk.new_requests import open_request
from callcenter.desk.permission import Actor
from callcenter.desk.session import Desk
from callcenter.store import calls, reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import SIZE, Watch, ask, console, screen_of, text_of, until, wish
from tests.console.telephone import PHONE, open_callbacks, state_of_call, tell

STORED = "+821000007531"
LATER = NOW + timedelta(seconds=12)


async def rings(pilot: "Pilot[None]", count: int = 1) -> None:
    """So many calls ring on the screen."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.phone is not None and screen.phone.waiting_count == count)
    # It is mounted after the first paint.
    await until(pilot, lambda: bool(screen.query(CallStrip)) and screen.query_one(CallStrip).display)
    await pilot.pause()


async def on_a_call(pilot: "Pilot[None]") -> None:
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.state().talking and screen.phone and screen.phone.own)
    await pilot.pause()


def told_on(pilot: "Pilot[None]", text: str) -> bool:
    return text in text_of(pilot)


def line_of(pilot: "Pilot[None]", word: str) -> str:
    return next((line for line in text_of(pilot).splitlines() if word in line), "")


async def test_a_ring_is_a_line_and_one_key_takes_it(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(LATER), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        # It is mounted after the first paint.
        await until(pilot, lambda: bool(screen_of(pilot).query(CallStrip)))
        assert not screen_of(pilot).query_one(CallStrip).display
        call = tell(desk, "c1", "ringing")
        await rings(pilot)
        told = line_of(pilot, "rings ")
        assert "F12" in told
        assert "0:12" in told
        assert "010-****-7531" in told
        assert "new caller" in told
        await pilot.press("f12")
        await until(pilot, lambda: state_of_call(desk, call) == ("talking", OPERATOR.name))
        await until(pilot, lambda: "talking" in line_of(pilot, "010-****-7531"))


async def test_from_a_ring_to_a_closed_enquiry_in_three_keys(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        call = tell(desk, "c1", "ringing")
        await rings(pilot)
        await pilot.press("f12")
        await on_a_call(pilot)
        await pilot.press("f3", "2")
        await until(pilot, lambda: state_of_call(desk, call)[0] == "ended")
        ended = reads.call(desk.connection, call)
        assert ended is not None
        assert (ended.topic, ended.outcome) == ("how_to", "answered")
        await until(pilot, lambda: not screen_of(pilot).query_one(CallStrip).display)


async def test_the_banner_tells_who_it_is_and_what_must_not_be_overlooked(desk: Desk, tmp_path: Path) -> None:
    asked = wish(name="박하나", phone=PHONE)
    child = replace(asked.children[0], care_note="땅콩 알레르기")
    request = open_request(desk, OPERATOR, NOW, replace(asked, children=(child,)))
    earlier = open_call(desk, OPERATOR, NOW - timedelta(minutes=30), PHONE)
    end_call(desk, OPERATOR, NOW - timedelta(minutes=28), earlier.call_id, "dropped")
    app = console(desk, Watch(LATER), tmp_path)
    async with app.run_test(size=(200, 40)) as pilot:
        tell(desk, "c1", "ringing")
        await rings(pilot)
        told = line_of(pilot, "rings ")
        for wanted in ("박*나", "땅콩 알레르기", request.number, "call-back", "line was cut"):
            assert wanted in told, told
        assert "박하나" not in told


async def test_a_caller_who_was_cut_off_is_said_to_be_back(desk: Desk, tmp_path: Path) -> None:
    first = tell(desk, "c1", "answered", NOW - timedelta(minutes=6))
    tell(desk, "c1", "ended", NOW - timedelta(minutes=4))
    take_call(desk, OPERATOR, NOW - timedelta(minutes=4), first)
    end_call(desk, OPERATOR, NOW - timedelta(minutes=4), first, "dropped")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        tell(desk, "c2", "ringing")
        await rings(pilot)
        assert "line was cut 4 min ago" in line_of(pilot, "rings ")


async def test_two_ring_lines_at_most_and_how_many_more(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(LATER), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for number in range(4):
            tell(desk, f"c{number}", "ringing", NOW + timedelta(seconds=number), f"010-0000-111{number}")
        await rings(pilot, 4)
        lines = [line for line in text_of(pilot).splitlines() if "rings " in line]
        assert len(lines) == 2
        assert "1110" in lines[0]
        assert "F12" in lines[0]
        assert "F12" not in lines[1]
        assert "+2 more" in lines[1]


async def test_of_two_consoles_one_takes_the_call_and_the_other_is_told_who(desk: Desk, tmp_path: Path) -> None:
    call = tell(desk, "c1", "ringing")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await rings(pilot)
        # The other console is faster by the blink that this one needs to read it.
        app.live.stop()
        take_call(desk, SUPERVISOR, NOW, call)
        await pilot.press("f12")
        await until(pilot, lambda: "has had this call" in text_of(pilot))
        assert SUPERVISOR.name in text_of(pilot)
        assert state_of_call(desk, call) == ("talking", SUPERVISOR.name)


async def test_a_ring_moves_neither_cursor_nor_focus_and_takes_no_key_from_the_form(desk: Desk, tmp_path: Path) -> None:
    ask(desk)
    second = ask(desk, 1, name="이가을", phone="010-0000-5678")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.query_one("#queue", LineList).total == 2)
        await pilot.press("down")
        await until(pilot, lambda: screen.shown == second.request_id)
        tell(desk, "c1", "ringing")
        await rings(pilot)
        assert screen.query_one("#queue", LineList).cursor_key == second.request_id
        await pilot.press("f2")
        await until(pilot, lambda: screen.form is not None and screen.form.is_open)
        await pilot.press(*"수")
        focused = screen.focused
        tell(desk, "c2", "ringing", caller="010-0000-1111")
        await rings(pilot, 2)
        await pilot.press(*"원")
        assert screen.focused is focused
        assert getattr(focused, "value", "") == "수원"
        # Taking it leaves what was typed where it is.
        await pilot.press("f12")
        await on_a_call(pilot)
        assert getattr(screen.focused, "value", "") == "수원"


async def test_a_ring_takes_no_key_from_a_choice(desk: Desk, tmp_path: Path) -> None:
    mine = open_call(desk, OPERATOR, NOW, "010-0000-1111")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("f3")
        tell(desk, "c1", "ringing")
        await rings(pilot)
        await pilot.press("3")
        await until(pilot, lambda: state_of_call(desk, mine.call_id)[0] == "ended")


async def test_a_second_call_holds_the_first_and_a_key_goes_back(desk: Desk, tmp_path: Path) -> None:
    first = open_call(desk, OPERATOR, NOW, "010-0000-1111").call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        second = tell(desk, "c1", "ringing")
        await rings(pilot)
        await pilot.press("f12")
        await until(pilot, lambda: state_of_call(desk, first)[0] == "held")
        await until(pilot, lambda: screen_of(pilot).talking_call == second)
        assert "Ctrl+]" in line_of(pilot, "1111")
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: state_of_call(desk, first)[0] == "talking")
        assert state_of_call(desk, second)[0] == "held"


async def test_hold_and_back_by_the_same_key(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1111").call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: screen_of(pilot).state().held)
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: screen_of(pilot).state().talking)
        assert state_of_call(desk, call) == ("talking", OPERATOR.name)


async def test_with_no_telephone_system_a_call_is_taken_numbered_and_ended_by_keys(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).phone is not None)
        await pilot.press("f12")
        await on_a_call(pilot)
        await pilot.press("#", *"01000007531", "enter")
        await until(pilot, lambda: "010-****-7531" in text_of(pilot))
        await pilot.press("ctrl+o", "3")
        await until(pilot, lambda: not screen_of(pilot).state().talking)
        ended = calls.calls_of_number(desk.connection, STORED, 1)[0]
        assert (ended.outcome, ended.agency) == ("transferred", "112")


async def test_writing_up_after_the_line_is_dead(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1111").call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("ctrl+o", "8")
        await until(pilot, lambda: screen_of(pilot).state().wrap_up)
        await pilot.press("ctrl+o", "1")
        await until(pilot, lambda: state_of_call(desk, call)[0] == "ended")


async def test_an_enquiry_is_found_by_its_first_consonants_and_takes_a_note_on_tab(desk: Desk, tmp_path: Path) -> None:
    from callcenter import language

    language.use("ko")
    call = open_call(desk, OPERATOR, NOW, "010-0000-1111").call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        # 이용안내 with Hangul switched off.
        await pilot.press("f3", "tab", "d", "d", "enter", *"hours", "enter")
        await until(pilot, lambda: state_of_call(desk, call)[0] == "ended")
        ended = reads.call(desk.connection, call)
        assert ended is not None
        assert ended.topic == "how_to"
        assert [note.text for note in reads.notes(desk.connection, call)] == ["hours"]


async def test_a_cut_off_call_is_owed_and_tried_until_somebody_is_reached(desk: Desk, tmp_path: Path) -> None:
    open_call(desk, OPERATOR, NOW, PHONE)
    watch = Watch()
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("ctrl+o", "2")
        await until(pilot, lambda: open_callbacks(desk) == [("dropped", STORED)])
        await pilot.press("f4")
        await until(pilot, lambda: "cut off" in text_of(pilot))
        assert "010-****-7531" in text_of(pilot)
        assert "0000-7531" not in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "010-0000-7531" in text_of(pilot))
        kinds = [row[0] for row in desk.connection.execute("SELECT kind FROM entry ORDER BY seq DESC LIMIT 1")]
        assert kinds == ["record.read"]
        await pilot.press("2")
        await until(pilot, lambda: "1x 17:40 no answer" in text_of(pilot))
        assert "0000-7531" not in text_of(pilot)
        for told in ("2x", "3x"):
            watch.now += timedelta(minutes=11)
            await pilot.press("enter")
            await until(pilot, lambda: "010-0000-7531" in text_of(pilot))
            await pilot.press("2")
            await until(pilot, partial(told_on, pilot, told))
        # No second contact is known, so it is the supervisor's now.
        await until(pilot, lambda: "supervisor" in line_of(pilot, "3x"))
        await pilot.press("enter")
        await until(pilot, lambda: "tell the supervisor" in text_of(pilot))
        await pilot.press("1")
        await until(pilot, lambda: open_callbacks(desk) == [])
        await pilot.press("f4")
        await until(pilot, lambda: screen_of(pilot).focused is screen_of(pilot).query_one("#queue"))


async def test_the_list_opens_in_place_of_the_queue_and_escape_leaves_it(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: screen_of(pilot).shown == request.request_id)
        await pilot.press("f4")
        await until(pilot, lambda: screen_of(pilot).has_class("-callbacks"))
        queue = screen_of(pilot).query_one("#queue")
        assert not queue.display
        tell(desk, "c1", "ringing")
        tell(desk, "c1", "ended", LATER)
        await until(pilot, lambda: "missed" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: queue.display and screen_of(pilot).focused is queue)
        assert screen_of(pilot).shown == request.request_id


async def test_an_action_never_hits_a_request_that_the_list_hides(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk, promised=None)
    tell(desk, "c1", "ringing")
    tell(desk, "c1", "ended")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).matches is not None)
        await pilot.press("f4")
        await until(pilot, lambda: screen_of(pilot).query_one("#callbacks", LineList).total)
        await until(pilot, lambda: screen_of(pilot).shown is None or screen_of(pilot).shown == request.request_id)
        await until(pilot, lambda: any(row.kind == "missed" for row in screen_of(pilot).phone.callbacks))  # type: ignore[union-attr]
        missed = next(row for row in screen_of(pilot).phone.callbacks if row.kind == "missed")  # type: ignore[union-attr]
        screen_of(pilot).query_one("#callbacks", LineList).highlight(missed.id)
        await until(pilot, lambda: screen_of(pilot).shown is None)
        await pilot.press("f5")
        await until(pilot, lambda: "Select a request first" in text_of(pilot))


async def test_a_promise_takes_two_keys_and_any_spoken_time_one_command(desk: Desk, tmp_path: Path) -> None:
    open_call(desk, OPERATOR, NOW, PHONE)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("ctrl+k", "2")
        await until(pilot, lambda: open_callbacks(desk) == [("promised", STORED)])
        await pilot.press("/", *"콜백 21:15", "enter")
        due = int(NOW.replace(hour=21, minute=15).timestamp())

        def moved() -> bool:
            return [row[0] for row in desk.connection.execute("SELECT due_at FROM callback")] == [due]

        await until(pilot, moved)


async def test_a_word_that_is_no_time_promises_nothing(desk: Desk, tmp_path: Path) -> None:
    open_call(desk, OPERATOR, NOW, PHONE)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("/", *"promise soon", "enter")
        await until(pilot, lambda: "is no time" in text_of(pilot))
        assert open_callbacks(desk) == []


async def test_without_a_call_the_promise_is_that_of_the_request(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).view is not None)
        await pilot.press("ctrl+k", "3")

        def promised() -> bool:
            row = reads.request(desk.connection, request.request_id)
            return row is not None and row.promised_at == int((NOW + timedelta(hours=1)).timestamp())

        await until(pilot, promised)


async def test_danger_is_noted_with_one_digit_and_the_report_after_it(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, PHONE).call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: "1366" in text_of(pilot))
        assert "119" in text_of(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "Case number of 112" in text_of(pilot))
        kept = reads.call(desk.connection, call)
        assert kept is not None
        assert kept.safety == "abuse"
        await pilot.press(*"2026-77", "enter", *"told where", "enter")
        await until(pilot, lambda: calls.reports(desk.connection, call))
        report = calls.reports(desk.connection, call)[0]
        assert (report.reference, report.said, report.what) == ("2026-77", "told where", "abuse")
        await until(pilot, lambda: "1366" not in text_of(pilot))
        assert screen_of(pilot).said is None


async def test_the_case_number_can_come_later(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, PHONE).call_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await on_a_call(pilot)
        await pilot.press("f8", "1")
        await until(pilot, lambda: "Case number of 119" in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "What was said" in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: not screen_of(pilot).query_one(Choice).display)
        assert calls.reports(desk.connection, call) == []
        await pilot.press("f8", "4", *"119-5", "enter", "enter")
        await until(pilot, lambda: calls.reports(desk.connection, call))
        assert calls.reports(desk.connection, call)[0].reference == "119-5"


async def test_the_child_itself_on_the_line_has_its_own_words_even_over_the_form(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).phone is not None)
        await pilot.press("f2")
        await until(pilot, lambda: screen_of(pilot).form is not None and screen_of(pilot).form.is_open)  # type: ignore[union-attr]
        await pilot.press("f8", "3")
        await until(pilot, lambda: "Stay on the line with me" in text_of(pilot))


async def test_others_see_only_that_a_call_is_restricted(desk: Desk, tmp_path: Path) -> None:
    from callcenter.desk.safety import raise_safety

    other = Actor("박상담", "operator")
    call = open_call(desk, other, NOW, PHONE).call_id
    raise_safety(desk, other, NOW, call, "abuse")
    end_call(desk, other, NOW, call, "dropped")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).phone is not None)
        await pilot.press("f4")
        await until(pilot, lambda: "restricted" in text_of(pilot))
        assert "7531" not in line_of(pilot, "cut off")
        await pilot.press("enter")
        await until(pilot, lambda: "ask your supervisor" in text_of(pilot))


async def test_the_alarm_of_a_call_back_leads_to_its_line(desk: Desk, tmp_path: Path) -> None:
    for number in range(3):
        at = NOW + timedelta(seconds=number)
        tell(desk, f"c{number}", "ringing", at, f"010-0000-222{number}")
        tell(desk, f"c{number}", "ended", at, f"010-0000-222{number}")
    app = console(desk, Watch(NOW + timedelta(minutes=1)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).state().alarms == 3)
        await pilot.press("ctrl+n", "f4", "ctrl+n")
        found = screen_of(pilot).query_one("#callbacks", LineList)
        await until(pilot, lambda: found.total == len(screen_of(pilot).phone.callbacks) == 3)  # type: ignore[union-attr]
        await until(pilot, lambda: found.cursor_key == screen_of(pilot).phone.callbacks[1].id)  # type: ignore[union-attr]
