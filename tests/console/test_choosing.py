"""Keys for what else there is where nobody takes the children as asked: another time, siblings apart."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from callcenter import language
from callcenter.care.near_miss import Miss
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.care.siblings import Split
from callcenter.desk.new_requests import NewChild, open_request
from callcenter.desk.offers import make_offer
from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.console.seats import (
    SIZE,
    Watch,
    ask,
    console,
    places_taken,
    ready,
    screen_of,
    state_of,
    text_of,
    until,
    wish,
)
from tests.published import ELEMENTARY, SUWON

SMALL = (80, 24)
ONE = ProviderRecord("one", ELEMENTARY, "하나 돌봄센터", SUWON, groups=(GroupRecord("72-155m", 72, 155, 1),), demo=True)
TWO = ONE._replace(id="two", name="두리 돌봄센터")


def only(desk: Desk, *providers: ProviderRecord) -> None:
    """These providers and nobody else."""
    ended = [one._replace(valid_from=None, valid_to=date(2020, 1, 1)) for one in desk.reference.providers]
    record_providers(desk, SUPERVISOR, NOW, [*ended, *providers])


def siblings(desk: Desk) -> str:
    brother = NewChild("박가을", date(2016, 3, 2), "elementary", registered=True)
    both = replace(wish(), children=(*wish().children, brother))
    return open_request(desk, OPERATOR, NOW, both).request_id


@pytest.mark.parametrize("size", [SIZE, SMALL], ids=["120x36", "80x24"])
async def test_another_time_is_said_and_one_key_changes_and_places(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    language.use("ko")
    only(desk, ONE)
    start = NOW.replace(hour=20, minute=0)
    other = ask(desk, name="이가을", phone="010-0000-5678", start=start, end=start + timedelta(minutes=30))
    make_offer(desk, OPERATOR, NOW, other.request_id, ONE.id)
    request = ask(desk, 1)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=size) as pilot:
        screen = screen_of(pilot)
        await until(pilot, lambda: screen.shown)
        screen.show_request(request.request_id)
        await ready(pilot, request.request_id)
        assert isinstance(screen.chosen_option, Miss)
        await until(pilot, lambda: "30분 늦게" in text_of(pilot))
        shown = text_of(pilot)
        assert "자리 없음 1" in shown
        assert "20:30~23:30" in shown
        await pilot.press("f5")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")
        row = reads.request(desk.connection, request.request_id)
        assert row is not None
        assert row.start_at == int((start + timedelta(minutes=30)).timestamp())
        await until(pilot, lambda: screen.state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: state_of(desk, request.request_id) == "matching")
        row = reads.request(desk.connection, request.request_id)
        assert row is not None
        assert row.start_at == int(start.timestamp())


@pytest.mark.parametrize("size", [SIZE, SMALL], ids=["120x36", "80x24"])
async def test_siblings_apart_are_placed_with_one_key(desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    only(desk, ONE, TWO)
    request_id = siblings(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, request_id)
        assert isinstance(screen_of(pilot).chosen_option, Split)
        await until(pilot, lambda: "Apart:" in text_of(pilot) and "Not together: no place 2" in text_of(pilot))
        await pilot.press("f5")
        await until(pilot, lambda: state_of(desk, request_id) == "offered")
        assert places_taken(desk) == 12
        assert len(reads.live_offers(desk.connection, request_id)) == 2
        await until(pilot, lambda: screen_of(pilot).state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: state_of(desk, request_id) == "matching")
        assert places_taken(desk) == 0


async def test_leaving_the_question_why_places_nothing(desk: Desk, tmp_path: Path) -> None:
    only(desk, ONE, TWO)
    request = ask(desk)
    app = console(desk, Watch(), tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot, request.request_id)
        await pilot.press("2", "f5")
        await until(pilot, lambda: "instead of the first: why?" in text_of(pilot))
        await pilot.press("f10")
        await pilot.pause(0.2)
        assert state_of(desk, request.request_id) == "open"
        await pilot.press("1", "f5")
        await until(pilot, lambda: state_of(desk, request.request_id) == "offered")
