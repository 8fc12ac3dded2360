"""What an operator does with keys on the screen, over a real file."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.screens.sign_in import SignIn
from callcenter.console.widgets.line_list import LineList
from callcenter.desk.calls import open_call
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.permission import Actor
from callcenter.desk.requests import cancel_request, leave_unplaced, reopen_request
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import (
    SIZE,
    SUWON_CENTRE,
    Watch,
    ask,
    console,
    give_places,
    places_taken,
    ready,
    screen_of,
    state_of,
    text_of,
    until,
)


async def test_a_new_desk_says_whole_what_to_do_first(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Choose a request on the left" in text_of(pilot))
        assert "for a new one." in text_of(pilot)


async def test_one_key_places_the_child_and_another_takes_it_back(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        assert screen_of(pilot).chosen == SUWON_CENTRE
        await pilot.press("f5")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")
        assert places_taken(desk) == 6
        await until(pilot, lambda: "Ring now" in text_of(pilot))
        await until(pilot, lambda: screen_of(pilot).state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: state_of(desk, request.request_id) == "matching")
        assert places_taken(desk) == 0


async def test_undo_is_over_after_ten_seconds(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    watch = Watch()
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen_of(pilot).state().undoable)
        watch.now = NOW + timedelta(seconds=11)
        await pilot.press("f9")
        await until(pilot, lambda: "ten seconds are over" in text_of(pilot))
        assert state_of(desk, request.request_id) == "offered"


async def test_from_offer_to_placement_by_keys_alone(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        # Nobody knew how many places there are, so the yes asks for what is left.
        await pilot.press("enter", "1", "2", "enter")
        await until(pilot, lambda: screen_of(pilot).state().request == "accepted")
        group = reads.groups_of(desk.connection, [screen_of(pilot).view.provider.id])[0]  # type: ignore[union-attr]
        assert group.places == 3
        await pilot.press("ctrl+g")
        await until(pilot, lambda: state_of(desk, request.request_id) == "confirmed")
        await until(pilot, lambda: screen_of(pilot).query_one("#queue", LineList).total == 0)
        assert screen_of(pilot).shown == request.request_id


async def test_a_provider_that_refused_is_not_asked_again(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        await pilot.press("enter", "2", "1")
        await until(pilot, lambda: screen_of(pilot).state().request == "matching")
        await until(pilot, lambda: screen_of(pilot).chosen not in (None, SUWON_CENTRE))


async def test_a_digit_chooses_another_match(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        second = screen_of(pilot).matches.ranking.matches[1].candidate.provider_id  # type: ignore[union-attr]
        # Another than the first is asked for its reason, which one digit gives.
        await pilot.press("2", "f5", "1")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")
        await until(pilot, lambda: "choice 2: The guardian wishes it" in text_of(pilot))
        assert [offer.provider_id for offer in reads.offers_of_request(desk.connection, request.request_id)] == [second]


async def test_an_enquiry_is_closed_in_two_keys(desk: Desk, tmp_path: Path) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-9999")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).state().talking)
        await pilot.press("f3", "2")
        await until(pilot, lambda: reads.calls_of_operator(desk.connection, OPERATOR.name) == [])
        ended = reads.call(desk.connection, call.call_id)
        assert ended is not None
        assert (ended.topic, ended.outcome) == ("how_to", "answered")


async def test_a_request_can_be_held_resumed_and_ended_with_a_reason(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f7", "1")
        await until(pilot, lambda: screen_of(pilot).state().request == "held")
        await pilot.press("f7")
        await until(pilot, lambda: screen_of(pilot).state().request == "matching")
        await pilot.press("delete", "2")
        await until(pilot, lambda: state_of(desk, request.request_id) == "unplaced")


@pytest.mark.parametrize("end", [leave_unplaced, cancel_request])
async def test_a_request_that_was_closed_without_a_place_is_found_and_taken_up_again(
    end: Callable[[Desk, Actor, datetime, str, str], None], desk: Desk, tmp_path: Path
) -> None:
    request = ask(desk)
    end(desk, OPERATOR, NOW, request.request_id, "withdrawn")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).query_one("#queue", LineList).total == 0)
        await pilot.press("ctrl+f", *request.number)
        await until(pilot, lambda: request.number in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: screen_of(pilot).state().request in ("unplaced", "cancelled"))
        await pilot.press("f7")
        await until(pilot, lambda: screen_of(pilot).state().request == "matching")
        await until(pilot, lambda: screen_of(pilot).query_one("#queue", LineList).total == 1)


async def test_anothers_request_appears_and_the_cursor_stays_on_its_own(desk: Desk, tmp_path: Path) -> None:
    mine = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, mine.request_id)
        urgent = ask(desk, 1, name="이가을", phone="010-0000-5678", urgency="emergency")
        queue = screen_of(pilot).query_one("#queue", LineList)
        # «live» means within a quarter of a second; the bench measures it, here it only has to come.
        await until(pilot, lambda: queue.total == 2)
        await until(pilot, lambda: urgent.number[-3:] in text_of(pilot) or queue.total == 2)
        assert queue.cursor_key == mine.request_id
        assert screen_of(pilot).shown == mine.request_id


async def left_the_queue(desk: Desk, pilot: "Pilot[None]", shown: str, below: str) -> LineList:
    """The request that is shown leaves the queue, whose cursor then stands on the one below it."""
    await ready(pilot, shown)
    cancel_request(desk, OPERATOR, NOW, shown, "withdrawn")
    queue = screen_of(pilot).query_one("#queue", LineList)
    await until(pilot, lambda: queue.cursor_key == below)
    return queue


async def test_a_key_never_hits_the_child_that_moved_up(desk: Desk, tmp_path: Path) -> None:
    first = ask(desk)
    second = ask(desk, 1, name="이가을", phone="010-0000-5678")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await left_the_queue(desk, pilot, first.request_id, second.request_id)
        await until(pilot, lambda: screen_of(pilot).state().request == "cancelled")
        await pilot.press("f5")
        await pilot.pause(0.3)
        assert state_of(desk, second.request_id) == "open"
        assert screen_of(pilot).shown == first.request_id


async def test_what_comes_back_to_the_queue_is_under_the_cursor_again(desk: Desk, tmp_path: Path) -> None:
    first = ask(desk)
    second = ask(desk, 1, name="이가을", phone="010-0000-5678")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        queue = await left_the_queue(desk, pilot, first.request_id, second.request_id)
        reopen_request(desk, OPERATOR, NOW, first.request_id)
        await until(pilot, lambda: queue.total == 2 and queue.cursor_key == first.request_id)
        assert screen_of(pilot).shown == first.request_id


async def test_who_went_on_meanwhile_is_not_called_back_to_it(desk: Desk, tmp_path: Path) -> None:
    first = ask(desk)
    second = ask(desk, 1, name="이가을", phone="010-0000-5678")
    third = ask(desk, 2, name="최겨울", phone="010-0000-9012")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        queue = await left_the_queue(desk, pilot, first.request_id, second.request_id)
        await pilot.press("down")
        await until(pilot, lambda: screen_of(pilot).shown == third.request_id)
        reopen_request(desk, OPERATOR, NOW, first.request_id)
        await until(pilot, lambda: queue.total == 3)
        assert queue.cursor_key == screen_of(pilot).shown == third.request_id


async def test_a_place_taken_meanwhile_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    group = give_places(desk, 1)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        # The last place goes to somebody else in the moment before the key.
        row = reads.request(desk.connection, request.request_id)
        assert row is not None
        slots = range(row.start_at // 1800, row.end_at // 1800)
        app.live.stop()
        for slot in slots:
            desk.connection.execute("INSERT INTO place_taken VALUES (?, ?, 1, 'other', 'other')", (group, slot))
        await pilot.press("f5")
        await until(pilot, lambda: "no place left" in text_of(pilot))
        assert state_of(desk, request.request_id) == "open"


async def test_what_cannot_be_done_says_why(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: "Select a request first" in text_of(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=["80x24", "120x36", "200x50"])
async def test_every_size_shows_queue_request_matches_sentence_and_keys(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    give_places(desk, 3)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, request.request_id)
        await until(pilot, lambda: "F5" in text_of(pilot))
        shown = text_of(pilot)
        for wanted in ("수원", request.number, "Say", "F2", "F5"):
            assert wanted in shown, shown
        assert "6호점" in shown, shown


async def test_people_stay_masked_until_shown_with_a_reason_which_is_kept(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk, name="남궁카나리아", phone="010-0000-7531")
    watch = Watch()
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        assert "카나리" not in text_of(pilot)
        assert "0000-7531" not in text_of(pilot)
        await pilot.press("*", "1")
        await until(pilot, lambda: "남궁카나리아" in text_of(pilot))
        kinds = [row[0] for row in desk.connection.execute("SELECT kind FROM entry ORDER BY seq DESC LIMIT 1")]
        assert kinds == ["record.read"]
        watch.now = NOW + timedelta(seconds=31)
        await until(pilot, lambda: "카나리" not in text_of(pilot))


async def test_names_from_outside_are_neither_markup_nor_commands(desk: Desk, tmp_path: Path) -> None:
    hostile = "[/b][@click=app.exit]누르기[/]\x1b]0;x\x07"
    request = ask(desk, name="[/i]김", note=hostile)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await until(pilot, lambda: "@click=app.exit" in text_of(pilot))
        assert "\x1b" not in text_of(pilot)


async def test_an_erased_guardian_leaves_the_request_standing(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    row = reads.request(desk.connection, request.request_id)
    assert row is not None
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        erase_guardian(desk, SUPERVISOR, NOW, row.guardian_id, "requested")
        await until(pilot, lambda: screen_of(pilot).view and screen_of(pilot).view.guardian is None)  # type: ignore[union-attr]
        assert request.number in text_of(pilot)


async def test_the_language_changes_while_running(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        assert "Place" in text_of(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "배정" in text_of(pilot))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "Place" in text_of(pilot))


async def test_keys_work_with_hangul_on(desk: Desk, tmp_path: Path) -> None:
    first = ask(desk)
    second = ask(desk, 1, name="이가을", phone="010-0000-5678")
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, first.request_id)
        await pilot.press("ㅓ")  # the key of j
        await until(pilot, lambda: screen_of(pilot).shown == second.request_id)


async def test_who_acts_is_asked_when_nobody_said(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path, actor=None)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SignIn))
        await pilot.press("2")
        await until(pilot, lambda: app.actor == SUPERVISOR)


async def test_a_confirmed_request_by_another_console_ends_here_too(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("f5")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        offer = reads.offers_of_request(desk.connection, request.request_id)[0]
        answer_offer(desk, SUPERVISOR, NOW, offer.id, "accepted", free=0)
        confirm_request(desk, SUPERVISOR, NOW, request.request_id)
        await until(pilot, lambda: screen_of(pilot).state().request == "confirmed")
