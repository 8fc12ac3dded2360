"""The list of care on the screen: telling the guardian, the door, a longer stay, going home, over a real file."""

from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from callcenter.console.screens.care import StayList
from callcenter.console.screens.desk import DeskScreen
from callcenter.console.stay_operations import tenths_of
from callcenter.console.widgets.alarm_lane import AlarmLane
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.line_list import LineList
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_view import CareLine
from callcenter.desk.new_requests import NewChild
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.providers import record_providers
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk
from callcenter.store import reads, stays
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import SIZE, SUWON_CENTRE, Watch, ask, console, give_places, screen_of, text_of, until
from tests.desk.test_station import GYEONGSAN, STATION

START, END = NOW.replace(hour=20, minute=0), NOW.replace(hour=23, minute=0)


def accepted(desk: Desk, **more: object) -> str:
    """A request with an accepted place at the centre of 수원."""
    give_places(desk, 3)
    request_id = ask(desk, **more).request_id  # type: ignore[arg-type]
    made = make_offer(desk, OPERATOR, NOW, request_id, SUWON_CENTRE)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    return request_id


def expected(desk: Desk, **more: object) -> str:
    request_id = accepted(desk, **more)
    confirm_request(desk, OPERATOR, NOW, request_id)
    return request_id


def inside(desk: Desk, at: datetime = START, **more: object) -> str:
    request_id = expected(desk, **more)
    admit(desk, OPERATOR, at, request_id, child(desk, request_id).child_id, AtTheDoor(temperature=366))
    return request_id


def child(desk: Desk, request_id: str) -> stays.StayRow:
    return stays.stays_of(desk.connection, request_id)[0]


def state(desk: Desk, request_id: str) -> str:
    found = reads.request(desk.connection, request_id)
    assert found is not None
    return found.state


def stay_of(screen: DeskScreen) -> CareLine | None:
    """The line under the cursor of the list, while it is shown."""
    return screen.query_one(StayList).line if screen.has_class("-stays") else None


async def listed(pilot: "Pilot[None]", count: int = 1) -> None:
    """The list is open with so many lines, the cursor on one."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.care is not None and len(screen.care.lines) == count)
    await pilot.press("=")
    await until(pilot, lambda: stay_of(screen) is not None or not count)
    await pilot.pause()


def tried(pilot: "Pilot[None]", count: int) -> bool:
    line = stay_of(screen_of(pilot))
    return line is not None and len(line.tries) == count


async def asked(pilot: "Pilot[None]") -> None:
    await until(pilot, lambda: screen_of(pilot).query_one(Choice).display)
    await pilot.pause()


async def test_a_child_without_a_name_is_called_by_its_age(desk: Desk, tmp_path: Path) -> None:
    expected(desk, children=(NewChild("", date(2018, 3, 2), "elementary", registered=True),))
    watch = Watch(START)
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("=")
        await until(pilot, lambda: "8 y" in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "8 y: at the door" in text_of(pilot))


async def test_a_child_is_taken_in_and_goes_home_with_three_keys_each(desk: Desk, tmp_path: Path) -> None:
    request_id = expected(desk)
    watch = Watch(START)
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "expected" in text_of(pilot)
        await pilot.press("enter", "1")
        await until(pilot, lambda: state(desk, request_id) == "in_care")
        await until(pilot, lambda: "in care 1" in text_of(pilot))
        seen = stays.screenings(desk.connection, request_id)
        assert [(one.code_word, one.disinfected, one.temperature) for one in seen] == [(1, 1, None)]
        watch.now = END
        await until(pilot, lambda: stay_of(screen_of(pilot)) is not None)
        await until(pilot, lambda: (line := stay_of(screen_of(pilot))) is not None and line.state == "in_care")
        await pilot.press("enter", "1")
        await until(pilot, lambda: state(desk, request_id) == "finished")
        await until(pilot, lambda: "15,000 won" in text_of(pilot))
        await until(pilot, lambda: "Nobody has a place tonight." in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not screen_of(pilot).has_class("-stays"))
        assert screen_of(pilot).focused is screen_of(pilot).query_one("#queue", LineList)


async def test_a_fever_typed_at_the_door_holds_the_child_and_alarms(desk: Desk, tmp_path: Path) -> None:
    request_id = expected(desk)
    app = console(desk, Watch(START), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("enter", "2", "3", "7", ".", "9", "enter")
        await until(pilot, lambda: child(desk, request_id).held_why == "fever")
        await until(pilot, lambda: "held at the door: ring the guardian" in text_of(pilot))
        await until(pilot, lambda: (line := stay_of(screen_of(pilot))) is not None and line.state == "held")
        # Home again: the last of what can come of it.
        await pilot.press("enter", "8")
        await until(pilot, lambda: state(desk, request_id) == "cancelled")


async def test_the_guardian_is_told_and_the_number_stands_there_meanwhile(desk: Desk, tmp_path: Path) -> None:
    request_id = accepted(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("enter")
        await asked(pilot)
        assert "010-0000-1234" in text_of(pilot)
        read = "SELECT count(*) FROM entry WHERE kind = 'record.read' AND body LIKE '%reveal%care%'"
        assert desk.connection.execute(read).fetchone() == (1,)
        await pilot.press("1")
        await until(pilot, lambda: state(desk, request_id) == "confirmed")
        await until(pilot, lambda: "010-0000-1234" not in text_of(pilot))


async def test_a_guardian_who_wants_another_place_gives_this_back_and_the_provider_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    request_id = accepted(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("enter")
        await asked(pilot)
        await pilot.press("5")
        await until(pilot, lambda: state(desk, request_id) == "matching")
        await until(pilot, lambda: "tell the provider" in text_of(pilot))
        await until(pilot, lambda: (line := stay_of(screen_of(pilot))) is not None and line.notice is not None)
        await pilot.press("enter")
        await asked(pilot)
        await pilot.press("1")
        await until(pilot, lambda: stays.open_notices(desk.connection, 9) == [])


async def test_nobody_reached_is_the_first_thing_offered_when_every_try_is_spent(desk: Desk, tmp_path: Path) -> None:
    request_id = accepted(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        for count in range(1, 4):
            await pilot.press("enter")
            await asked(pilot)
            await pilot.press("2")
            await until(pilot, partial(tried, pilot, count))
        await until(pilot, lambda: "give the place back" in text_of(pilot))
        await pilot.press("enter")
        await asked(pilot)
        await pilot.press("1")
        await until(pilot, lambda: state(desk, request_id) == "matching")


async def test_a_longer_stay_is_two_keys_and_says_the_new_fee(desk: Desk, tmp_path: Path) -> None:
    request_id = inside(desk, end=END - timedelta(hours=1))
    app = console(desk, Watch(END - timedelta(hours=1, minutes=20)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "care ends soon" in text_of(pilot))
        await listed(pilot)
        await pilot.press("enter", "5")
        await until(pilot, lambda: child(desk, request_id).end_at == int(END.timestamp()))
        await until(pilot, lambda: "15,000 instead of 10,000" in text_of(pilot))
        await pilot.press("enter", "6")
        await asked(pilot)
        await pilot.press(*"02:00", "enter")
        await until(pilot, lambda: "cannot keep the child so long" in text_of(pilot))


async def test_siblings_come_and_go_with_one_digit(desk: Desk, tmp_path: Path) -> None:
    two = tuple(NewChild(name, date(2018, 3, 2), "elementary", registered=True) for name in ("박새봄", "박가을"))
    request_id = expected(desk, children=two)
    watch = Watch(START)
    app = console(desk, watch, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot, 2)
        await pilot.press("enter", "6")
        await until(pilot, lambda: "in care 2" in text_of(pilot))
        watch.now = END
        await pilot.press("enter", "9")
        await until(pilot, lambda: state(desk, request_id) == "finished")


async def test_a_key_rings_about_a_child_in_care_and_notes_what_came_of_it(desk: Desk, tmp_path: Path) -> None:
    request_id = inside(desk)
    app = console(desk, Watch(END), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("f6")
        await asked(pilot)
        assert "010-0000-1234" in text_of(pilot)
        await pilot.press("2")
        await until(pilot, partial(tried, pilot, 1))
        await until(pilot, lambda: "supervisor" in text_of(pilot))
        assert state(desk, request_id) == "in_care"


async def test_an_overdue_child_alarms_and_the_alarm_leads_to_its_line(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    inside(desk, name="박하나", phone="010-0000-1111")
    late = inside(desk, name="이가을", phone="010-0000-2222", end=END - timedelta(hours=1))
    app = console(desk, Watch(END - timedelta(minutes=45)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.query_one(AlarmLane).oldest is not None)
        assert "not picked up" in text_of(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: (line := stay_of(screen)) is not None and line.request_id == late)
        await until(pilot, lambda: screen.shown == late)
        await until(pilot, lambda: "until 22:00" in text_of(pilot))


async def test_whoever_must_not_pick_up_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    request_id = inside(desk)
    app = console(desk, Watch(END), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("f7", "1")
        await asked(pilot)
        await pilot.press(*"Kim,order", "enter")
        await until(pilot, lambda: (line := stay_of(screen_of(pilot))) is not None and line.bars)
        await pilot.press("enter", "3")
        await asked(pilot)
        assert "Must not be given to Kim" in text_of(pilot)
        await pilot.press(*"kim", "enter")
        await until(pilot, lambda: "Do not give the child to kim" in text_of(pilot))
        assert state(desk, request_id) == "in_care"


async def test_a_service_that_asks_nobody_is_placed_with_one_key_and_taken_back_with_another(
    desk: Desk, tmp_path: Path
) -> None:
    record_providers(desk, SUPERVISOR, NOW, [STATION])
    request_id = ask(desk, region=GYEONGSAN).request_id
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.chosen is not None)
        screen.choose(STATION.id)
        await pilot.press("f5")
        await until(pilot, lambda: state(desk, request_id) == "accepted")
        await until(pilot, lambda: "has a place" in text_of(pilot))
        await until(pilot, lambda: screen.state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: state(desk, request_id) == "matching")


async def test_the_list_speaks_both_languages_and_fits_the_smallest_screen(desk: Desk, tmp_path: Path) -> None:
    inside(desk)
    app = console(desk, Watch(END), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        assert "in care" in text_of(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "Due" not in text_of(pilot))
        await pilot.press("f4")
        await until(pilot, lambda: screen_of(pilot).has_class("-callbacks"))
        assert not screen_of(pilot).has_class("-stays")
        await pilot.press("=")
        await until(pilot, lambda: screen_of(pilot).listed == ("stays",))


async def test_a_cancelled_place_stays_on_the_list_until_the_provider_is_told(desk: Desk, tmp_path: Path) -> None:
    request_id = expected(desk)
    cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn")
    app = console(desk, Watch(NOW + timedelta(minutes=3)), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await listed(pilot)
        assert "tell the provider" in text_of(pilot)


def test_a_temperature_as_it_is_said() -> None:
    said = ("36.7", "36,7", "367", "37", "37.5도", " 38.25 ", "3", "", "abc", "36.x", "3.7")
    assert [tenths_of(one) for one in said] == [367, 367, 367, 370, 375, 382, None, None, None, None, None]
