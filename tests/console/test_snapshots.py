"""A few whole screens, so that a change of their look is seen and meant."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from callcenter import language
from callcenter.console.screens.availability import AvailabilityScreen
from callcenter.console.widgets.choice import Choice
from callcenter.desk.calls import open_call
from callcenter.desk.offers import make_offer
from callcenter.desk.provider_hours import close_provider
from callcenter.desk.session import Desk
from tests.conftest import NOW, OPERATOR
from tests.console.seats import SUWON_CENTRE, Watch, ask, console, give_places, screen_of, text_of, until
from tests.console.telephone import tell as tell_by_telephone
from tests.console.test_centre import CUT, LIVE, THEIRS, conflict, tell
from tests.desk import wishes
from tests.desk.wishes import CARER, UNKNOWN

Compare = Callable[..., bool]


@pytest.fixture
def evening(desk: Desk) -> Desk:
    """A call, four requests, one of them offered and one for tomorrow, and places that were confirmed."""
    give_places(desk, 3)
    open_call(desk, OPERATOR, NOW - timedelta(minutes=2), "010-0000-4321")
    first = ask(desk, -30, name="이가을", phone="010-0000-5678", note="땅콩을 먹으면 안 됩니다.")
    make_offer(desk, OPERATOR, NOW - timedelta(minutes=1), first.request_id, SUWON_CENTRE)
    ask(desk, -12, name="최겨울", phone="010-0000-8765", region="41190")
    tomorrow = NOW.replace(hour=9, minute=30) + timedelta(days=1)
    ask(desk, -8, name="한겨울", phone="010-0000-1357", start=tomorrow, end=tomorrow + timedelta(hours=3))
    ask(desk, -4, name="정여름", phone="010-0000-2468", urgency="emergency")
    return desk


async def _settled(pilot: "Pilot[Any]") -> None:
    """All that the threads tell of what stands there has come; care is the last of it."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.view is not None and screen.matches is not None)
    await until(pilot, lambda: screen.phone is not None and screen.care is not None)
    await pilot.pause(0.2)


@pytest.mark.parametrize(
    ("spoken", "size"),
    [
        ("ko", (120, 36)),
        ("ko", (80, 24)),
        ("en", (120, 36)),
        ("en", (80, 24)),
        ("en", (100, 30)),
        ("ko", (200, 40)),
    ],
    ids=["ko-120x36", "ko-80x24", "en-120x36", "en-80x24", "en-100x30", "ko-200x40"],
)
def test_the_desk(
    evening: Desk, tmp_path: Path, snap_compare: Compare, spoken: language.Language, size: tuple[int, int]
) -> None:
    language.use(spoken)

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await pilot.press("down")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        await _settled(pilot)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_the_form(evening: Desk, tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    language.use("ko")

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: screen_of(pilot).form is not None)
        await pilot.press(*"수원 8세초2+14개월 오늘 20-23 야근 땅콩알레르기 010-0000-8765 김지영님 현관벨", "enter")
        form = screen_of(pilot).form
        await until(pilot, lambda: form is not None and form.so_far.matches is not None and form.so_far.duplicates)
        await pilot.pause(0.5)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=size, run_before=look)


def test_an_answer_is_chosen_below_the_queue(evening: Desk, tmp_path: Path, snap_compare: Compare) -> None:
    language.use("ko")

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await pilot.press("down")
        await until(pilot, lambda: screen_of(pilot).state().request == "offered")
        await _settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen_of(pilot).query_one(Choice).display)
        await pilot.pause(0.3)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=(120, 36), run_before=look)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_calls_ring_above_the_list_of_call_backs(
    evening: Desk, tmp_path: Path, snap_compare: Compare, size: tuple[int, int]
) -> None:
    language.use("ko")
    for number in range(3):
        at = NOW - timedelta(minutes=20 - 7 * number)
        tell_by_telephone(evening, f"m{number}", "ringing", at, f"010-0000-333{number % 2}")
        tell_by_telephone(evening, f"m{number}", "ended", at, f"010-0000-333{number % 2}")
    tell_by_telephone(evening, "r1", "ringing", NOW - timedelta(seconds=14), "010-0000-5678")
    tell_by_telephone(evening, "r2", "ringing", NOW - timedelta(seconds=3), "")

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: screen_of(pilot).phone is not None and screen_of(pilot).phone.callbacks)  # type: ignore[union-attr]
        await pilot.press("end", "home")
        await pilot.pause(0.3)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_all_providers_half_hour_by_half_hour(
    evening: Desk, tmp_path: Path, snap_compare: Compare, size: tuple[int, int]
) -> None:
    language.use("ko")
    wishes.have(evening, CARER, UNKNOWN)
    close_provider(evening, OPERATOR, NOW, CARER.id, NOW, NOW + timedelta(hours=4), "몸살")

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(pilot.app.screen, AvailabilityScreen))
        screen = cast("AvailabilityScreen", pilot.app.screen)
        await until(pilot, lambda: screen.row is not None)
        while screen.row is not None and screen.row.provider.id != SUWON_CENTRE:
            await pilot.press("down")
        await pilot.press(*["right"] * 5)
        await until(pilot, lambda: screen.cell is not None and screen.cell.seats)
        await pilot.pause(0.3)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_a_conflict_is_to_be_decided(desk: Desk, tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    language.use("ko")
    conflict(desk)

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        await tell(pilot, LIVE)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen_of(pilot).query_one(Choice).display)
        await _settled(pilot)

    watch = Watch(NOW + timedelta(minutes=2))
    assert snap_compare(console(desk, watch, tmp_path), terminal_size=size, run_before=look)


def test_the_window_of_the_centre(evening: Desk, tmp_path: Path, snap_compare: Compare) -> None:
    language.use("ko")

    async def look(pilot: "Pilot[Any]") -> None:
        await _settled(pilot)
        shown = screen_of(pilot).shown
        await tell(pilot, LIVE._replace(work={str(shown): THEIRS}))
        await pilot.press("@")
        await until(pilot, lambda: "박상담" in text_of(pilot))
        await tell(pilot, CUT)
        await until(pilot, lambda: "보낼 기록 3건" in text_of(pilot))
        # Its clock has gone round since.
        await pilot.pause(1.2)

    assert snap_compare(console(evening, Watch(), tmp_path), terminal_size=(120, 36), run_before=look)
