"""What an operator does on the availability screen, over a real file."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from textual._compositor import Compositor, LayoutUpdate
from textual.pilot import Pilot

from callcenter import language
from callcenter.care.provider_record import GroupRecord
from callcenter.console.presentation import evening
from callcenter.console.screens.availability import AvailabilityScreen
from callcenter.console.screens.desk import DeskScreen
from callcenter.console.screens.help import HelpScreen
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.command_line import CommandLine
from callcenter.console.widgets.slot_grid import SlotGrid
from callcenter.desk.offers import make_offer
from callcenter.desk.session import Desk
from callcenter.store import reads
from callcenter.store.no_contact import kept_apart
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import SIZE, SUWON_CENTRE, Watch, ask, console, give_places, screen_of, text_of, until
from tests.console.telephone import tell
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE


def shown(pilot: "Pilot[None]") -> AvailabilityScreen:
    found = pilot.app.screen
    assert isinstance(found, AvailabilityScreen)
    return found


def group_of(pilot: "Pilot[None]") -> str | None:
    row = shown(pilot).row
    return row.group.id if row else None


def places(desk: Desk, group: str) -> tuple[int | None, str | None, str | None]:
    found = reads.group(desk.connection, group)
    assert found is not None
    return found.places, found.confirmed_by, found.confirmed_how


async def opened(pilot: "Pilot[None]", text: str = "") -> AvailabilityScreen:
    """The screen with its first lines; with a text, only the providers of such a name."""
    await pilot.press("f10")
    await until(pilot, lambda: isinstance(pilot.app.screen, AvailabilityScreen))
    await until(pilot, lambda: shown(pilot).row is not None)
    if text:
        await pilot.press("ctrl+f", *text, "enter")
        await until(pilot, lambda: (view := shown(pilot).view) is not None and view.wish.text == text and view.total)
        await until(pilot, lambda: shown(pilot).row is not None)
    return shown(pilot)


@pytest.mark.parametrize("leave", ["f10", "escape"])
async def test_a_key_opens_it_and_two_lead_back(desk: Desk, tmp_path: Path, leave: str) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "All providers" in text_of(pilot)
        await pilot.press(leave)
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen))


async def test_a_command_opens_it(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).query(CommandLine))
        await pilot.press("slash", *"기관", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AvailabilityScreen))


async def test_nothing_is_read_of_it_after_it_was_left(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert app.live._wanted.listing is not None
        await pilot.press("f10")
        await until(pilot, lambda: app.live._wanted.listing is None)


async def test_the_desk_it_hides_is_painted_when_it_is_seen_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = []
    painted = Compositor.render_full_update

    def counted(compositor: Compositor, simplify: bool = False) -> LayoutUpdate:
        whole.append(compositor)
        return painted(compositor, simplify)

    watch = Watch()
    async with console(desk, watch, tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot)
        monkeypatch.setattr(Compositor, "render_full_update", counted)
        request = ask(desk)
        watch.now += timedelta(seconds=1)
        await until(pilot, lambda: screen_of(pilot).queue.rows)
        watch.now += timedelta(minutes=1)
        # The clocks of the one that is seen run on; those of the desk have had their turn as well by then.
        await until(pilot, lambda: "17:41" in text_of(pilot))
        await pilot.pause(1.5)
        assert screen_of(pilot)._compositor not in whole
        await pilot.resize_terminal(80, 24)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen))
        await until(pilot, lambda: request.number[-3:] in text_of(pilot))
        assert screen_of(pilot).has_class("-narrow")
        assert all(len(line) <= 80 for line in text_of(pilot).splitlines())


async def test_the_half_hour_under_the_cursor_tells_who_is_in_it(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 3)
    request = ask(desk)
    make_offer(desk, OPERATOR, NOW, request.request_id, SUWON_CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "다함께돌봄센터 6호")
        # It is 17:40; at 20:00 the child is there.
        await pilot.press(*["right"] * 5)
        await until(pilot, lambda: "2 of 3 left" in text_of(pilot))
        told = text_of(pilot)
        for wanted in (request.number, "박*봄", "(박*나)", "until 23:00", "20:00", "김상담", "by telephone"):
            assert wanted in told, told
        assert "박새봄" not in told
        await pilot.press(*["right"] * 6)
        await until(pilot, lambda: "3 of 3 left" in text_of(pilot))
        assert request.number not in "\n".join(text_of(pilot).splitlines()[-8:])


async def test_it_follows_what_others_do(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, ONE_PLACE)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "한자리")
        before = text_of(pilot).count(evening.SIGNS["held"])
        make_offer(desk, OPERATOR, NOW, request.request_id, ONE_PLACE.id)
        await until(pilot, lambda: text_of(pilot).count(evening.SIGNS["held"]) == before + 6)


async def test_the_same_as_before_is_one_key(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "시험")
        assert "never confirmed" in text_of(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "nothing has changed" in text_of(pilot))
        assert places(desk, "centre/72-155m") == (2, OPERATOR.name, "telephone")
        await until(pilot, lambda: "just now" in text_of(pilot) and "never confirmed" not in text_of(pilot))


async def test_the_key_that_lists_care_on_the_desk_confirms_nothing_here(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "시험")
        written = wishes.entries(desk.connection)
        await pilot.press("=", "f2", "7", "enter")
        await until(pilot, lambda: places(desk, "centre/72-155m")[0] == 7)
        assert wishes.kinds(desk, written) == ["places.confirmed"]


async def test_unknown_places_cannot_be_the_same_and_are_written_down(desk: Desk, tmp_path: Path) -> None:
    group = "unknown/72-155m"
    wishes.have(desk, wishes.UNKNOWN)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "정원미상")
        await pilot.press("f6")
        await until(pilot, lambda: "not known yet" in text_of(pilot))
        assert places(desk, group) == (None, None, None)
        await pilot.press("f2", *"많음", "enter")
        await until(pilot, lambda: "is no number" in text_of(pilot))
        assert "많음" in text_of(pilot)
        await pilot.press(*["backspace"] * 2, "7", "enter")
        await until(pilot, lambda: places(desk, group)[0] == 7)
        await until(pilot, lambda: "The places are written down." in text_of(pilot))
        await pilot.press("f2", "?", "enter")
        await until(pilot, lambda: places(desk, group)[0] is None)


async def test_a_refusal_is_told_here(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "시험")
        await pilot.press("f2", *"5000", "enter")
        await until(pilot, lambda: "cannot be the number of places" in text_of(pilot))
        assert places(desk, "centre/72-155m") == (2, None, None)
        # It is still there, and a digit less makes it a number.
        await until(pilot, lambda: shown(pilot).query_one(Choice).display)
        await pilot.press(*["backspace"] * 2, "enter")
        await until(pilot, lambda: places(desk, "centre/72-155m")[0] == 50)


async def test_days_by_digit_and_sign_keep_the_time_of_day(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        await pilot.press(*["right"] * 5)
        for keys, day in ((("3",), "11/26"), ((".",), "11/27"), ((",", ","), "tomorrow"), (("8",), "12/1")):
            await pilot.press(*keys)
            await until(pilot, lambda day=day: f"{day} 20:00" in text_of(pilot))  # type: ignore[misc]
        await pilot.press(".")
        assert screen.wish.day == 7
        await pilot.press("1")
        await until(pilot, lambda: screen.view is not None and screen.view.wish.day == 0)
        assert "20:00" in text_of(pilot)


async def test_what_is_done_before_the_day_was_read_is_done_on_that_day(desk: Desk, tmp_path: Path) -> None:
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        app.live.stop()
        await pilot.press("3")
        assert screen.view is not None
        assert screen.view.wish.day == 0
        assert screen.day == NOW.date() + timedelta(days=2)


async def test_whom_to_ring_first_and_keeping_apart(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE, ONE_PLACE)
    request = ask(desk)
    guardian = reads.request(desk.connection, request.request_id).guardian_id  # type: ignore[union-attr]
    app = console(desk, Watch(), tmp_path, SUPERVISOR)
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        every = screen.view.total  # type: ignore[union-attr]
        await pilot.press("^")
        await until(pilot, lambda: screen.wish.to_confirm and screen.view.wish.to_confirm)  # type: ignore[union-attr]
        assert "to ring first" in text_of(pilot)
        assert 0 < screen.view.total < every  # type: ignore[union-attr]
        first = group_of(pilot)
        assert first is not None
        await pilot.press("f2", "2", "enter")
        await until(pilot, lambda: group_of(pilot) not in (None, first))
        provider = screen.row.provider.id  # type: ignore[union-attr]
        await pilot.press("ctrl+x")
        await until(pilot, lambda: screen.query_one(Choice).display)
        await pilot.press("1", *"a quarrel", "enter")
        await until(pilot, lambda: provider in kept_apart(desk.connection, guardian))
        await pilot.press("^")
        await until(pilot, lambda: not screen.view.wish.to_confirm)  # type: ignore[union-attr]


async def test_filters_by_region_service_and_free_now(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE._replace(region="41190"), wishes.CARER)
    services = [one.id for one in desk.reference.services.values() if one.program in desk.programs]
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        every = screen.view.total  # type: ignore[union-attr]
        await pilot.press("f7")
        await until(pilot, lambda: screen.query_one(Choice).display)
        await pilot.press(*"Suwon", "enter")
        await until(pilot, lambda: screen.wish.region == "41110" and screen.view.total < every)  # type: ignore[union-attr]
        assert {row.provider.region for row in screen.view.rows} == {"41110"}  # type: ignore[union-attr]
        await pilot.press("f7")
        await until(pilot, lambda: screen.query_one(Choice).display)
        await pilot.press("1", "f9", str(services.index(wishes.CARER.service) + 2))
        await until(pilot, lambda: screen.view.wish.service == screen.wish.service is not None)  # type: ignore[union-attr]
        assert {row.provider.service for row in screen.view.rows} == {screen.wish.service}  # type: ignore[union-attr]
        await pilot.press("f9", "1", "f11")
        await until(pilot, lambda: screen.view.wish.now_free)  # type: ignore[union-attr]
        assert "free now" in text_of(pilot)
        await pilot.press("*")
        await until(pilot, lambda: screen.view.total == every)  # type: ignore[union-attr]


async def test_first_consonants_find_while_they_are_typed_and_leaving_shows_all(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, ONE_PLACE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        every = screen.view.total  # type: ignore[union-attr]
        await pilot.press("/", "ㅎ", "ㅈ", "ㄹ")
        await until(pilot, lambda: screen.view.total == 1 and group_of(pilot) == "one-place/72-155m")  # type: ignore[union-attr]
        await pilot.press("escape")
        await until(pilot, lambda: screen.view.total == every)  # type: ignore[union-attr]
        assert isinstance(pilot.app.screen, AvailabilityScreen)
        assert pilot.app.focused is screen.query_one(SlotGrid)
        await pilot.press("/", *"없는이름")
        await until(pilot, lambda: "Nothing fits." in text_of(pilot))
        await pilot.press("f6")
        await until(pilot, lambda: "no line under the cursor" in text_of(pilot))


async def test_the_cursor_stays_on_its_provider_when_others_are_recorded(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        await pilot.press(*["down"] * 3)
        mine = group_of(pilot)
        total = screen.view.total  # type: ignore[union-attr]
        wishes.have(desk, CENTRE._replace(name="가가가", region="41110"))
        await until(pilot, lambda: screen.view.total == total + 1)  # type: ignore[union-attr]
        await pilot.pause(0.1)
        assert group_of(pilot) == mine


async def test_the_first_line_in_sight_says_whose_it_is(desk: Desk, tmp_path: Path) -> None:
    two = (GroupRecord("72-119m", 72, 119, 6), GroupRecord("120-155m", 120, 155, 4))
    wishes.have(desk, *(CENTRE._replace(id=f"two-{one}", name=f"두반 {one:02}", groups=two) for one in range(20)))
    async with console(desk, Watch(), tmp_path).run_test(size=(80, 24)) as pilot:
        grid = (await opened(pilot, "두반")).query_one(SlotGrid)

        def lines() -> list[str]:
            return [grid.render_line(y).text for y in range(grid.size.height)]

        assert ["두반" in line for line in lines()[:4]] == [True, False, True, False]
        # What is in sight is read first, and the rest of the page after it.
        await until(pilot, lambda: (view := shown(pilot).view) is not None and len(view.rows) == 40)
        # The cursor goes one line below the last one in sight.
        await pilot.press(*["down"] * grid.size.height)
        await until(pilot, lambda: grid.scroll_offset.y == 1)
        assert ["두반 00" in line for line in lines()[:3]] == [True, False, False]
        assert ["10-12" in line or "120-155" in line for line in lines()[:3]] == [True, False, True]
        await pilot.press("up", "up")
        await pilot.press("home")
        await until(pilot, lambda: grid.scroll_offset.y == 0)
        assert ["두반" in line for line in lines()[:4]] == [True, False, True, False]


async def test_enter_chooses_the_provider_for_the_selected_request(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    give_places(desk, 3)
    request = ask(desk)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen_of(pilot).matches is not None and screen_of(pilot).chosen)
        assert screen_of(pilot).chosen == SUWON_CENTRE
        await opened(pilot, "시험")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen))
        await until(pilot, lambda: f"is chosen for {request.number}" in text_of(pilot))
        assert screen_of(pilot).chosen == "centre"
        await pilot.press("f5")
        await until(pilot, lambda: "instead of the first: why?" in text_of(pilot))
        await pilot.press("1")
        await until(pilot, lambda: reads.offers_of_request(desk.connection, request.request_id))
        assert [one.provider_id for one in reads.offers_of_request(desk.connection, request.request_id)] == ["centre"]


async def test_enter_says_why_the_provider_cannot_take_the_request(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, "6호")
        await pilot.press("enter")
        await until(pilot, lambda: "Select a request first" in text_of(pilot))
        await pilot.press("f10")
        ask(desk)
        wishes.have(desk, CENTRE._replace(name="유아만", groups=(GroupRecord("6-35m", 6, 35, 3),)))
        await until(pilot, lambda: screen_of(pilot).matches is not None and screen_of(pilot).chosen)
        await opened(pilot, "유아만")
        await pilot.press("enter")
        await until(pilot, lambda: "No group for this age." in text_of(pilot))
        assert isinstance(pilot.app.screen, AvailabilityScreen)


async def test_a_ring_is_seen_and_taken_from_here(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot)
        tell(desk, "r1", "ringing", NOW, "010-0000-5678")
        await until(pilot, lambda: "010-****-5678" in text_of(pilot))
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen))
        await until(pilot, lambda: screen_of(pilot).state().talking)


async def test_the_help_lists_its_keys(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("?")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        assert "As it was" in text_of(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, AvailabilityScreen))


async def test_the_language_changes_here_too(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "기관 현황" in text_of(pilot) and "연령" in text_of(pilot))
        assert language.current() == "ko"
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "All providers" in text_of(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=["80x24", "120x36", "200x50"])
async def test_every_size_has_the_half_hour_of_the_cursor_in_sight(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    give_places(desk, 3)
    async with console(desk, Watch(), tmp_path).run_test(size=size) as pilot:
        screen = await opened(pilot, "6호")
        for steps in (40, -40):
            await pilot.press(*["right" if steps > 0 else "left"] * abs(steps))
            await until(pilot, lambda: len(_reversed(screen)) == 1)
            (sign,) = _reversed(screen)
            row, view = screen.row, screen.view
            assert row is not None
            assert view is not None
            assert sign == evening.SIGNS[row.states[screen.column]]
        assert "F6" in text_of(pilot)


def _reversed(screen: AvailabilityScreen) -> list[str]:
    """What stands in reverse on the grid: the half hour under the cursor, if it is to be seen."""
    grid = screen.query_one(SlotGrid)
    lines = [grid.render_line(y) for y in range(grid.size.height)]
    return [segment.text for line in lines for segment in line if segment.style and segment.style.reverse]


async def test_a_click_goes_to_its_half_hour(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot)
        await pilot.click(SlotGrid, offset=(screen.painting._shape.cell_of(7), 2))
        await until(pilot, lambda: screen.column == 7 and screen.query_one(SlotGrid)._cursor == 2)


async def test_a_closure_is_set_seen_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot, "시험")
        await pilot.press(*["right"] * 5)  # 20:00
        await until(pilot, lambda: "2 of 2 left" in text_of(pilot))
        await pilot.press("f4", "1", *"정전", "enter")
        await until(pilot, lambda: "Whoever is placed there stays" in text_of(pilot))
        await until(pilot, lambda: "정전 (until tomorrow 00:00, 김상담)" in text_of(pilot))
        row, view = screen.row, screen.view
        assert row is not None
        assert view is not None
        assert set(row.states[screen.column :][:8]) == {"closed"}
        assert "free" in row.states  # tomorrow morning
        await pilot.press("f4", "1")
        await until(pilot, lambda: "The closure is taken back" in text_of(pilot))
        await until(pilot, lambda: "2 of 2 left" in text_of(pilot))


async def test_several_days_of_closure_want_a_number_and_a_reason(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    async with console(desk, Watch(), tmp_path).run_test(size=SIZE) as pilot:
        screen = await opened(pilot, "시험")
        await pilot.press("3", "f4", "3", *"방학", "enter")
        await until(pilot, lambda: "Type how many days" in text_of(pilot))
        await pilot.press("f4", "3", *"2 방학", "enter")
        await until(pilot, lambda: "Whoever is placed there stays" in text_of(pilot))
        for day, closed in (("3", True), ("4", True), ("5", False)):
            await pilot.press(day)
            # A day here ends at six in the morning after it, when centres sleep.
            await until(pilot, partial(_is_closed, screen, int(day) - 1, closed))


async def test_own_hours_are_a_supervisors_to_write(desk: Desk, tmp_path: Path) -> None:
    wishes.have(desk, CENTRE)
    for actor, expected in ((OPERATOR, "You may not do this"), (SUPERVISOR, "The hours are written down.")):
        async with console(desk, Watch(), tmp_path, actor).run_test(size=SIZE) as pilot:
            screen = await opened(pilot, "시험")
            await pilot.press("f3", "1", *"18", "enter")
            await until(pilot, lambda: "are no hours" in text_of(pilot))
            await pilot.press("f3", "1", *"18:00-22:00", "enter")
            await until(pilot, lambda expected=expected: expected in text_of(pilot))  # type: ignore[misc]
            # From 17:00 on, as it is 17:40; the service's own hours begin at 20.
            opens = 2 if actor == SUPERVISOR else 6
            await until(pilot, partial(_opens_at, screen, opens))


def _is_closed(screen: AvailabilityScreen, day: int, closed: bool) -> bool:
    shown = screen.view is not None and screen.view.wish.day == day and screen.row is not None
    return shown and screen.row is not None and (set(screen.row.states) == {"closed"}) is closed


def _opens_at(screen: AvailabilityScreen, half_hour: int) -> bool:
    return screen.row is not None and screen.row.states.index("free") == half_hour
