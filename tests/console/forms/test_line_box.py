"""The line on the form: what it says beneath itself moves nothing while somebody types."""

import pytest

from callcenter.console.forms import request_form
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.console.forms.hosts import Host, settle
from tests.console.seats import until

LINE = "수원 8세초2+14개월 오늘 20-23 야근 땅콩알레르기 010-0000-6789 김지영 현관비번은 모름"


def places(host: Host) -> tuple[int, int]:
    """Where the fields begin and where the verdicts do."""
    return host.box.region.y, host.query_one(VerdictPanel).region.y


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_stands_below_stays_where_it_is(size: tuple[int, int], data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=size) as pilot:
        await host.form.open_new()
        await settle(pilot)
        blank = places(host)
        await pilot.press(*LINE)
        await settle(pilot)
        assert host.line.asks
        full = places(host)
        assert full[0] > blank[0]
        assert full[1] < blank[1]
        # The question goes with the word it is about, the verdicts with the line, and each leaves its place empty.
        for _key in range(3):
            await pilot.press("ctrl+u")
            await settle(pilot)
            assert not host.line.asks
            assert places(host) == full
            await pilot.press(*"수원 8세 20-23")
            await settle(pilot)
            assert places(host) == full
        assert not host.line.question.focusable


async def test_a_form_that_is_opened_takes_no_more_room_than_it_needs(data: Reference) -> None:
    host = Host(data, NOW)
    async with host.run_test(size=(120, 36)) as pilot:
        await host.form.open_new()
        await settle(pilot)
        blank = places(host)
        await pilot.press(*LINE)
        await settle(pilot)
        await pilot.press("f9", "f9")
        await settle(pilot)
        await host.form.open_new()
        await settle(pilot)
        assert places(host) == blank


def children(host: Host) -> list[int]:
    return list(host.box.children_shown)


async def test_what_can_be_said_of_a_sibling_does_not_wait_for_fields_and_a_key_does(
    data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Host(data, NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        # However slowly it is typed here, nobody has rested yet.
        monkeypatch.setattr(request_form, "REST_SECONDS", 600)
        await app.form.open_new()
        await pilot.press(*"수원 20-23 8세")
        alone = list(app.verdicts)
        await pilot.press(*"+14개월")
        await until(pilot, lambda: app.verdicts != alone)
        assert app.shown_at_answer == (1,)
        assert children(app) == [1]
        monkeypatch.setattr(request_form, "REST_SECONDS", 0.05)
        await pilot.press("space")
        await until(pilot, lambda: children(app) == [1, 2])
        assert app.box.raw["child2.birth"] == "14개월"

        await pilot.press(*["backspace"] * 6)
        await until(pilot, lambda: children(app) == [1])

        monkeypatch.setattr(request_form, "REST_SECONDS", 600)
        await pilot.press(*"+7세", "enter")
        await pilot.pause()
        assert children(app) == [1, 2]
        assert app.box.raw["child2.birth"] == "7세"


@pytest.mark.parametrize("width", [60, 40, 30])
async def test_what_is_still_missing_is_said_whole(width: int, data: Reference) -> None:
    host = Host(data, NOW)
    # 40 cells are not the form's.
    async with host.run_test(size=(40 + width, 24)) as pilot:
        await host.form.open_new()
        await settle(pilot)
        said = " ".join(line.strip() for line in host.verdicts).strip()
        assert said == "Region, birth date or age, and times decide."
