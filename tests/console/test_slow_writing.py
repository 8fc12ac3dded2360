"""Keys pressed while what the key before them asked for is still being written, as on a slow disk."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from callcenter.console.readings import Readings
from callcenter.console.widgets.choice import Choice
from callcenter.desk.new_requests import NewChild, open_request
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.console.seats import (
    SIZE,
    SUWON_CENTRE,
    Watch,
    ask,
    asked,
    console,
    give_places,
    offers,
    ready,
    screen_of,
    state_of,
    text_of,
    until,
    wish,
)
from tests.console.telephone import tell
from tests.console.test_queue_plan import open_plan, rows_of
from tests.console.test_typed_ahead import burst
from tests.patience import PATIENCE


@contextmanager
def slow_writing(pilot: "Pilot[None]") -> Iterator[None]:
    """Nothing is written until the end of this."""
    goes_on = Event()
    app = screen_of(pilot).console_app
    app.writer.do("record.read", lambda _desk, _actor, _now: goes_on.wait(PATIENCE), OPERATOR, NOW)
    try:
        yield
    finally:
        goes_on.set()


def fields(pilot: "Pilot[None]") -> list[str]:
    """What stands in the form's line."""
    return [one.value for one in screen_of(pilot).query("LineBox ImeInput").results(Input)]


def states(desk: Desk, request_id: str) -> list[str]:
    return [one.state for one in offers(desk, request_id)]


async def test_undo_takes_back_what_is_still_being_written_and_nothing_before_it(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    first, second = ask(desk), ask(desk, 1, name="이가을", phone="010-0000-5678")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await ready(pilot, first.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen.state().undoable)
        screen.show_request(second.request_id)
        await ready(pilot, second.request_id)
        with slow_writing(pilot):
            await pilot.press("f5", "f9")
        await until(pilot, lambda: "undone" in states(desk, first.request_id) + states(desk, second.request_id))
        assert states(desk, first.request_id) == ["pending"]
        assert states(desk, second.request_id) == ["undone"]


async def test_undo_waits_for_the_first_step_there_is(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        with slow_writing(pilot):
            await pilot.press("f5", "f9", "f2", *"수원")
        await until(pilot, lambda: states(desk, request.request_id) == ["undone"])
        # What was typed behind it was typed for what opened then.
        await until(pilot, lambda: fields(pilot) == ["수원"])


async def test_undo_where_nothing_was_ever_written_says_so_at_once(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f9")
        await until(pilot, lambda: "Nothing to undo" in text_of(pilot))


async def test_a_step_after_a_plan_is_the_one_that_is_taken_back(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    watch = Watch(NOW + timedelta(minutes=5))
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await open_plan(pilot, 1)
        await pilot.press("f6")
        await until(pilot, lambda: screen.query_one(Choice).display)
        await pilot.press("1")
        await until(pilot, lambda: rows_of(pilot) == 0 and screen.state().undoable)
        await pilot.press("escape")
        await until(pilot, lambda: not screen.has_class("-plan"))
        await until(pilot, lambda: screen.state().request == "offered" and screen.state().matches)
        watch.now += timedelta(seconds=2)
        await pilot.press("f5")
        await asked(pilot, "Ask others beside?")
        await pilot.press("1")
        await until(pilot, lambda: states(desk, request.request_id) == ["pending"] * 2)
        await until(pilot, lambda: "F9 takes it back" in text_of(pilot))
        await pilot.press("f9")
        await until(pilot, lambda: "undone" in states(desk, request.request_id))
        assert states(desk, request.request_id) == ["pending", "undone"]
        await until(pilot, lambda: not screen.state().undoable)


def accepted(desk: Desk, minutes: int, name: str, phone: str, *needs: str) -> str:
    child = NewChild("박새봄", date(2018, 3, 2), "elementary", True, needs)
    wanted = replace(wish(name, phone), children=(child,))
    request_id = open_request(desk, OPERATOR, NOW + timedelta(minutes=minutes), wanted).request_id
    made = make_offer(desk, OPERATOR, NOW, request_id, SUWON_CENTRE)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    return request_id


async def shown(pilot: "Pilot[None]", request_id: str) -> None:
    screen = screen_of(pilot)
    screen.show_request(request_id)
    await until(pilot, lambda: screen.view is not None and screen.view.request.id == request_id)


async def test_the_request_whose_needs_were_read_out_is_confirmed_and_not_the_one_shown_by_then(
    desk: Desk, tmp_path: Path
) -> None:
    give_places(desk, 3)
    read_out = accepted(desk, 0, "박하나", "010-0000-1234", "allergy")
    other = accepted(desk, 1, "이가을", "010-0000-5678")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).shown)
        await shown(pilot, read_out)
        await pilot.press("ctrl+g")
        await asked(pilot, "Allergies")
        with slow_writing(pilot):
            await pilot.press("1")
            await shown(pilot, other)
        await until(pilot, lambda: "confirmed" in (state_of(desk, read_out), state_of(desk, other)))
        assert (state_of(desk, read_out), state_of(desk, other)) == ("confirmed", "accepted")


async def test_each_answer_of_several_typed_at_once_is_to_its_own_question(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request_id = accepted(desk, 0, "박하나", "010-0000-1234", "allergy", "court_order")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).shown)
        await shown(pilot, request_id)
        with slow_writing(pilot):
            await pilot.press("ctrl+g", "1", "3")
        await until(pilot, lambda: "first read it" in text_of(pilot))
        view = screen_of(pilot).view
        await until(pilot, lambda: (view := screen_of(pilot).view) is not None and len(view.acknowledged) == 1)
        assert view is not None
        assert state_of(desk, request_id) == "accepted"


async def test_the_answer_after_a_refusal_is_its_reason(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    make_offer(desk, OPERATOR, NOW, request.request_id, SUWON_CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        reasons = [one.code for one in desk.reference.refusals.values() if one.use == "answer"]
        burst(pilot, "enter", "2", "3")
        await until(pilot, lambda: states(desk, request.request_id) != ["pending"])
        (offer,) = offers(desk, request.request_id)
        assert (offer.state, offer.answer) == ("declined", reasons[2])


async def test_a_digit_typed_before_the_list_of_steps_is_there_chooses_no_match(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await ready(pilot, request.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen.state().request == "offered" and screen.state().matches > 1)
        await pilot.press("2")
        await until(pilot, lambda: (screen.matches, screen.chosen))
        chosen = screen.chosen
        with slow_writing(pilot):
            await pilot.press("ctrl+x", "1")
        await asked(pilot, "Correct it: why?")
        assert screen.chosen == chosen


async def test_an_answer_hits_no_request_that_was_not_shown_when_it_was_asked(desk: Desk, tmp_path: Path) -> None:
    first, second = ask(desk), ask(desk, 1, name="이가을", phone="010-0000-5678")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await ready(pilot, first.request_id)
        await pilot.press("f7")
        await asked(pilot, "Hold until when?")
        # As where a form was saved a moment ago and its request is shown only now.
        await shown(pilot, second.request_id)
        await pilot.press("1")
        await until(pilot, lambda: "nothing was done" in text_of(pilot))
        await shown(pilot, first.request_id)
        await pilot.press("f7", "1")
        await until(pilot, lambda: state_of(desk, first.request_id) == "held")
        assert state_of(desk, second.request_id) == "open"
        assert screen.shown == first.request_id


@pytest.mark.parametrize("slow", ["writing", "reading"])
async def test_a_form_opened_right_behind_the_key_that_takes_the_call_is_of_that_call(
    slow: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        call = tell(desk, "c1", "ringing")
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.phone is not None and screen.phone.waiting_count == 1)
        if slow == "reading":
            monkeypatch.setattr(Readings, "queue", lambda *_given: None)
        with slow_writing(pilot) if slow == "writing" else nullcontext():
            await pilot.press("f12", "f2")
        await until(pilot, lambda: screen.form is not None and screen.form.is_open)
        assert screen.form is not None
        assert screen.form.call_id == call
        assert screen.form.draft.raw["phone"] == "010-0000-7531"
