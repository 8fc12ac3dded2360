"""The offer loop by keys alone: several carers at once, places kept, every answer, and what must be read out."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from textual.pilot import Pilot

from callcenter.care.priority import OFFER_TIME, RESERVED_FOR
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.panel import Panel
from callcenter.desk.calls import open_call
from callcenter.desk.new_requests import NewChild, open_request
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer
from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk
from callcenter.store.telephones import doubted
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import (
    SIZE,
    SUWON_CENTRE,
    Watch,
    ask,
    asked,
    console,
    give_places,
    offers,
    places_taken,
    ready,
    screen_of,
    state_of,
    text_of,
    until,
    wish,
)

SMALLEST = (80, 24)


def states(desk: Desk, request_id: str) -> list[str]:
    return [one.state for one in offers(desk, request_id)]


async def placed(pilot: "Pilot[None]", request_id: str) -> None:
    """The request stands there with its first match asked."""
    await ready(pilot, request_id)
    await pilot.press("f5")
    await until(pilot, lambda: screen_of(pilot).state().request == "offered")
    await until(pilot, lambda: screen_of(pilot).chosen not in (None, SUWON_CENTRE))


async def test_the_next_best_are_asked_beside_and_the_first_yes_wins(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        watch.now = NOW + timedelta(seconds=5)
        await pilot.press("f5")
        await asked(pilot, "Ask others beside?")
        await pilot.press("2")
        await until(pilot, lambda: states(desk, request.request_id) == ["pending"] * 3)
        await until(pilot, lambda: len(screen_of(pilot).view.live) == 3)  # type: ignore[union-attr]
        # Each of them stands on the panel, and the answer says whose it is.
        assert text_of(pilot).count("awaiting an answer") == 2
        await pilot.press("ctrl+r")
        await asked(pilot, "Whose answer is it?")
        await pilot.press("2")
        await asked(pilot, "answer?")
        await pilot.press("1", "enter")
        await until(pilot, lambda: states(desk, request.request_id) == ["withdrawn", "accepted", "withdrawn"])
        assert state_of(desk, request.request_id) == "accepted"


async def test_what_one_key_asked_another_takes_back(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        watch.now = NOW + timedelta(seconds=5)
        await pilot.press("f5")
        await asked(pilot, "Ask others beside?")
        # Of the first, which could be taken back as well, nothing is said any more.
        screen_of(pilot).tell("")
        await pilot.press("2")
        await until(pilot, lambda: len(offers(desk, request.request_id)) == 3)
        told = screen_of(pilot).query_one("#status", Panel)
        await until(pilot, lambda: "ring" in told.render_line(0).text)
        await pilot.press("f9")
        await until(pilot, lambda: states(desk, request.request_id) == ["pending", "undone", "undone"])


async def test_a_key_pressed_twice_asks_nobody_else(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        await pilot.press("f5", "f5")
        await pilot.pause()
        assert not pilot.app.screen.query_one(Choice).display
        assert states(desk, request.request_id) == ["pending"]


async def test_a_place_is_kept_renewed_and_given_back(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    request = ask(desk)
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234")
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SMALLEST) as pilot:
        await ready(pilot, request.request_id)
        await until(pilot, lambda: screen_of(pilot).state().talking)
        await pilot.press("+")
        await until(pilot, lambda: states(desk, request.request_id) == ["reserved"])
        await until(pilot, lambda: "kept until 17:43" in text_of(pilot))
        assert offers(desk, request.request_id)[0].call_id == call.call_id
        watch.now = NOW + timedelta(minutes=2)
        await pilot.press("+")
        await until(pilot, lambda: "kept until 17:45" in text_of(pilot))
        await pilot.press("-")
        await until(pilot, lambda: states(desk, request.request_id) == ["released"])
        assert places_taken(desk) == 0


async def test_the_kept_place_is_the_one_that_is_offered(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        assert screen_of(pilot).chosen == SUWON_CENTRE
        await pilot.press("+")
        await until(pilot, lambda: screen_of(pilot).state().reserved)
        await pilot.press("f5")
        await until(pilot, lambda: states(desk, request.request_id) == ["pending"])
        assert offers(desk, request.request_id)[0].provider_id == SUWON_CENTRE


async def test_a_kept_place_whose_time_is_over_rings(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("+")
        await until(pilot, lambda: screen_of(pilot).state().reserved)
        watch.now = NOW + RESERVED_FOR
        screen_of(pilot).console_app.live.look_again()
        await until(pilot, lambda: "the kept place is over" in text_of(pilot))


async def test_the_console_asks_what_became_of_an_offer_whose_time_is_over(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        watch.now = NOW + OFFER_TIME
        screen_of(pilot).console_app.live.look_again()
        await until(pilot, lambda: screen_of(pilot).state().alarms == 1)
        await pilot.press("ctrl+n")
        await asked(pilot, "The time is over")
        await pilot.press("8")
        due = int((watch.now + OFFER_TIME).timestamp())
        await until(pilot, lambda: offers(desk, request.request_id)[0].expires_at == due)
        assert states(desk, request.request_id) == ["pending"]


async def test_who_wants_to_be_rung_later_keeps_the_place_until_then(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        await pilot.press("enter")
        await asked(pilot, "answer?")
        await pilot.press("7")
        await asked(pilot, "Ring again when?")
        await pilot.press("2")
        await until(pilot, lambda: "ring again: 18:00" in text_of(pilot))


async def test_busy_brings_the_next_one_up(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        await pilot.press("enter")
        await asked(pilot, "answer?")
        await pilot.press("4")
        await until(pilot, lambda: screen_of(pilot).state().request == "matching")
        await pilot.press("f5")
        await until(pilot, lambda: states(desk, request.request_id) == ["busy", "pending"])
        assert offers(desk, request.request_id)[1].provider_id != SUWON_CENTRE


async def test_a_wrong_number_is_seen_wherever_the_provider_is_asked_again(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    known = next(one for one in desk.reference.providers if one.id == SUWON_CENTRE)
    record_providers(desk, SUPERVISOR, NOW, [known._replace(phone_day="031-000-8001")])
    first, second = ask(desk), ask(desk, 1, name="이두리", phone="010-0000-4321")
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, first.request_id)
        await pilot.press("enter")
        await asked(pilot, "answer?")
        await pilot.press("5")
        await until(pilot, lambda: doubted(desk.connection, SUWON_CENTRE) == {"031-000-8001"})
        make_offer(desk, OPERATOR, NOW, second.request_id, SUWON_CENTRE)
        screen_of(pilot).show_request(second.request_id)
        await until(pilot, lambda: "was a wrong number" in text_of(pilot))


async def test_a_condition_waits_for_the_guardian(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await placed(pilot, request.request_id)
        await pilot.press("enter")
        await asked(pilot, "answer?")
        await pilot.press("6", *"22:00", "enter")
        await until(pilot, lambda: states(desk, request.request_id) == ["conditional"])
        await until(pilot, lambda: "Condition: 22:00" in text_of(pilot))
        await pilot.press("enter")
        await asked(pilot, "does the guardian agree?")
        await pilot.press("1")
        await until(pilot, lambda: state_of(desk, request.request_id) == "accepted")


def with_needs(desk: Desk) -> str:
    """A request of a child with an allergy and a court order, accepted by the centre."""
    needs = ("allergy", "court_order")
    found = NewChild("박새봄", date(2018, 3, 2), "elementary", True, needs, care_note="땅콩")
    request_id = open_request(desk, OPERATOR, NOW, replace(wish(), children=(found,))).request_id
    made = make_offer(desk, OPERATOR, NOW, request_id, SUWON_CENTRE)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    return request_id


async def test_each_danger_is_read_out_before_the_placement_stands(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request_id = with_needs(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SMALLEST) as pilot:
        await ready_without_choice(pilot, request_id)
        await pilot.press("ctrl+g")
        await asked(pilot, "Allergies")
        await pilot.press("1")
        await asked(pilot, "Court order")
        assert state_of(desk, request_id) == "accepted"
        await pilot.press("1")
        await until(pilot, lambda: state_of(desk, request_id) == "confirmed")


async def test_what_was_not_told_yet_confirms_nothing_and_what_was_told_stays_told(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request_id = with_needs(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await ready_without_choice(pilot, request_id)
        await pilot.press("ctrl+g")
        await asked(pilot, "Allergies")
        await pilot.press("1")
        await asked(pilot, "Court order")
        await pilot.press("3")
        await until(pilot, lambda: "first read it" in text_of(pilot))
        await until(pilot, lambda: len(screen_of(pilot).view.acknowledged) == 1)  # type: ignore[union-attr]
        await pilot.press("ctrl+g")
        await asked(pilot, "Court order")
        # It cannot keep a court order: the place is given back, and the next one comes up.
        await pilot.press("2")
        await until(pilot, lambda: state_of(desk, request_id) == "matching")
        await until(pilot, lambda: screen_of(pilot).chosen not in (None, SUWON_CENTRE))


async def ready_without_choice(pilot: "Pilot[None]", request_id: str) -> None:
    """The request is shown with its matches; an accepted one has none chosen."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.shown == request_id and screen.matches is not None)


async def test_everybody_sees_whom_the_others_try(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    first, second = ask(desk), ask(desk, 1, name="이두리", phone="010-0000-4321")
    make_offer(desk, OPERATOR, NOW, second.request_id, SUWON_CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SMALLEST) as pilot:
        await ready(pilot, first.request_id)
        await until(pilot, lambda: "Trying 1" in text_of(pilot))
        line = next(line for line in text_of(pilot).splitlines() if "Trying 1" in line)
        assert second.number in line
        assert "10:00" in line
        assert OPERATOR.name in line
        # What stands on the panel is not told twice.
        screen_of(pilot).show_request(second.request_id)
        await until(pilot, lambda: "Trying" not in text_of(pilot))
