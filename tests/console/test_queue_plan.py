"""What an operator does with the plan of the whole queue, over a real file."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter import language
from callcenter.console.presentation.queue_plan import head
from callcenter.console.screens.queue_plan import PlanList
from callcenter.console.widgets.choice import Choice
from callcenter.desk.offers import make_offer
from callcenter.desk.queue_plan import QueueProposal
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, SUPERVISOR
from tests.console.seats import SIZE, SUWON_CENTRE, Watch, ask, console, give_places, screen_of, text_of, until

LATER = NOW + timedelta(minutes=5)


async def open_plan(pilot: "Pilot[None]", rows: int) -> None:
    """The plan is there with so many rows."""
    await pilot.press("&")
    await until(pilot, lambda: rows_of(pilot) == rows)
    await pilot.pause()


def rows_of(pilot: "Pilot[None]") -> int | None:
    plan = screen_of(pilot).operations.plan.plan
    return None if plan is None else len(plan.rows)


def cursor_of(pilot: "Pilot[None]") -> str | None:
    return screen_of(pilot).query_one(PlanList).cursor_key


def families(desk: Desk, count: int) -> list[str]:
    """So many requests of different families."""
    return [ask(desk, minutes=at, name="박하나", phone=f"010-0000-10{at:02}").request_id for at in range(count)]


def states(desk: Desk, ids: list[str]) -> list[str]:
    found = [reads.request(desk.connection, one) for one in ids]
    return [one.state for one in found if one is not None]


def offered_to(desk: Desk, request_id: str) -> str:
    (offer,) = reads.live_offers(desk.connection, request_id)
    return offer.provider_id


async def test_enter_takes_the_row_as_it_stands_and_the_row_is_gone(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    ids = families(desk, 3)
    async with console(desk, Watch(LATER), tmp_path).run_test(size=SIZE) as pilot:
        await open_plan(pilot, 3)
        plan = screen_of(pilot).operations.plan.plan
        assert plan is not None
        planned = {row.request.id: row.match.candidate.provider_id for row in plan.rows if row.match}
        assert "The plan serves 3 requests" in text_of(pilot)
        assert cursor_of(pilot) == ids[0]
        await pilot.press("down")
        await until(pilot, lambda: screen_of(pilot).shown == ids[1])
        await until(pilot, lambda: screen_of(pilot).chosen == planned[ids[1]])
        await pilot.press("enter")
        await until(pilot, lambda: states(desk, ids) == ["open", "offered", "open"])
        assert offered_to(desk, ids[1]) == planned[ids[1]]
        await until(pilot, lambda: rows_of(pilot) == 2 and screen_of(pilot).state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: rows_of(pilot) == 3)


async def test_one_place_is_planned_once_and_one_by_one_says_where(desk: Desk, tmp_path: Path) -> None:
    give_places(desk, 1)
    families(desk, 2)
    async with console(desk, Watch(LATER), tmp_path).run_test(size=SIZE) as pilot:
        await open_plan(pilot, 2)
        plan = screen_of(pilot).operations.plan.plan
        assert plan is not None
        names = [row.match.candidate.provider_id for row in plan.rows if row.match]
        assert names.count(SUWON_CENTRE) <= 1
        assert "the same" in text_of(pilot)


async def test_take_all_asks_first_and_one_key_takes_it_all_back(desk: Desk, tmp_path: Path) -> None:
    ids = families(desk, 4)
    async with console(desk, Watch(LATER), tmp_path).run_test(size=SIZE) as pilot:
        await open_plan(pilot, 4)
        await pilot.press("f6")
        await until(pilot, lambda: screen_of(pilot).query_one(Choice).display)
        assert states(desk, ids) == ["open"] * 4
        await pilot.press("2")
        await pilot.pause()
        assert states(desk, ids) == ["open"] * 4
        await pilot.press("f6", "1")
        await until(pilot, lambda: states(desk, ids) == ["offered"] * 4)
        await until(pilot, lambda: "4 offers made" in text_of(pilot))
        await until(pilot, lambda: rows_of(pilot) == 0 and screen_of(pilot).state().undoable)
        await pilot.press("f9")
        await until(pilot, lambda: rows_of(pilot) == 4)
        assert all(not reads.live_offers(desk.connection, one) for one in ids)


async def test_what_another_desk_takes_is_gone_from_the_plan_by_itself(desk: Desk, tmp_path: Path) -> None:
    ids = families(desk, 3)
    async with console(desk, Watch(LATER), tmp_path).run_test(size=SIZE) as pilot:
        await open_plan(pilot, 3)
        make_offer(desk, SUPERVISOR, LATER, ids[0], SUWON_CENTRE)
        await until(pilot, lambda: rows_of(pilot) == 2)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_leaving_moves_nothing_and_the_queue_has_the_focus(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    ids = families(desk, 2)
    async with console(desk, Watch(LATER), tmp_path).run_test(size=size) as pilot:
        await open_plan(pilot, 2)
        shown = text_of(pilot)
        assert "The plan serves 2 requests" in shown
        assert "Take all" in shown
        await until(pilot, lambda: screen_of(pilot).matches is not None)
        await pilot.press("3")
        await until(pilot, lambda: "leave the plan" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not screen_of(pilot).has_class("-plan"))
        assert screen_of(pilot).focused is screen_of(pilot).query_one("#queue")
        assert states(desk, ids) == ["open", "open"]
        await pilot.press("&", "&")
        await until(pilot, lambda: not screen_of(pilot).has_class("-plan"))


async def test_a_word_opens_it_and_an_empty_queue_says_so(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(LATER), tmp_path).run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"whole", "enter")
        await until(pilot, lambda: "Nobody waits for a place." in text_of(pilot))
        await pilot.press("enter", "f6")
        await until(pilot, lambda: "no row that can be taken" in text_of(pilot))


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (QueueProposal((), 15, 12, 0), "전체 제안 15건 ∙ 한 건씩 배정 12건 ∙ +3"),
        (QueueProposal((), 2, 2, 7), "전체 제안 2건 ∙ 한 건씩 배정 2건 ∙ 뒤쪽 7건은 살피지 않음"),
    ],
)
def test_the_comparison_in_korean(plan: QueueProposal, told: str) -> None:
    language.use("ko")
    (line,) = head(plan._replace(rows=(None,) * plan.served), 100)  # type: ignore[arg-type]
    assert "".join(cell.text for cell in line) == told
