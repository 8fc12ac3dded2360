"""Two consoles on one real centre, by keys alone: the last place, the same request, the line cut and healed.

Both run in one loop, so a test looks at what stands on the screens: what asks for «the app» would get the other one.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from callcenter.console.app import Console, Seat
from callcenter.console.widgets.choice import Choice
from callcenter.desk.new_requests import open_request
from callcenter.reference import Reference
from callcenter.settings import Settings
from callcenter.store import reads
from callcenter.sync import joining
from tests.console.conftest import words_stay
from tests.console.seats import SIZE, SUWON_CENTRE, Watch, give_places, screen_of, text_of, until, wish
from tests.sync.conftest import Centre
from tests.sync.desks import Joined, join, operator, quiet
from tests.sync.proxy import Proxy

__all__ = ["words_stay"]

PLACES = 1


@pytest.fixture
def desks(centre: Centre, tmp_path: Path, data: Reference) -> Iterator[tuple[Joined, Joined]]:
    """Desks A and B that know of each other's request and of one place."""
    pair = join(tmp_path, data, centre.add("A")), join(tmp_path, data, centre.add("B"))
    give_places(pair[0].desk, PLACES)
    for one, name, phone in zip(pair, ("박하나", "이가을"), ("010-0000-1234", "010-0000-5678"), strict=True):
        open_request(one.desk, operator(one), one.clock(), wish(name, phone))
    quiet(*pair)
    for one in pair:
        one.loop.stop()
    yield pair
    for one in pair:
        one.close()


def console(joined: Joined, folder: Path) -> Console:
    """The desk's console, as it is opened by somebody of the desk."""
    joining.keep(joined.desk.path, joined.file)
    desk, actor = joined.desk, operator(joined)
    settings = Settings(db=desk.path, config=folder)
    return Console(
        Seat(desk.path, desk.name, desk.programs, (actor,), desk.reference, settings, Watch(), folder), actor
    )


def own_request(joined: Joined) -> str:
    """The request that was taken at this desk."""
    found = reads.request_by_number(joined.desk.connection, f"{joined.desk.name}-1124-001")
    assert found is not None
    return found.id


def offers(joined: Joined, request_id: str) -> list[reads.OfferRow]:
    return reads.offers_of_request(joined.desk.connection, request_id)


def history(pilot: "Pilot[None]") -> str:
    """What became of the selected request between the desks."""
    view = screen_of(pilot).view
    return "" if view is None else " ".join(step.words for step in view.claims)


async def shown(pilot: "Pilot[None]", request_id: str) -> None:
    """The request is selected, with its matches, and the line stands."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.link.live and screen.shown is not None)
    if screen.shown != request_id:
        await pilot.press("down")
    await until(pilot, lambda: screen.shown == request_id and screen.matches is not None and screen.chosen)


async def test_the_last_place_goes_to_one_and_the_other_is_told_who_has_it(
    desks: tuple[Joined, Joined], tmp_path: Path, centre: Centre
) -> None:
    first, second = desks
    request = own_request(second)
    one, other = console(first, tmp_path), console(second, tmp_path)
    async with one.run_test(size=SIZE) as here, other.run_test(size=SIZE) as there:
        await shown(here, own_request(first))
        await shown(there, request)
        assert screen_of(there).chosen == SUWON_CENTRE
        # What is behind a transaction that goes on comes to nobody, so that both want the place before they hear of it.
        with centre.admin().transaction() as going_on:
            going_on.connection.execute("SELECT pg_current_xact_id()")
            await here.press("f5")
            await until(here, lambda: [row.claim for row in offers(first, own_request(first))] == ["granted"])
            assert offers(second, own_request(first)) == []
            await there.press("f5")
            await until(there, lambda: [row.claim for row in offers(second, request)] == ["refused"])
        await until(there, lambda: "desk A has the place" in text_of(there))
        # The next best match is chosen already, and one key asks it.
        await until(there, lambda: "matching" in text_of(there))
        await until(there, lambda: screen_of(there).chosen not in (None, SUWON_CENTRE))
        await there.press("f5")
        await until(there, lambda: len(offers(second, request)) == 2)
        assert offers(second, request)[1].provider_id != SUWON_CENTRE
        await until(there, lambda: [row.claim for row in offers(second, request)] == ["refused", "granted"])


async def test_a_request_is_worked_on_by_one_and_taken_over_with_a_reason(
    desks: tuple[Joined, Joined], tmp_path: Path
) -> None:
    first, second = desks
    request = own_request(first)
    one, other = console(first, tmp_path), console(second, tmp_path)
    async with one.run_test(size=SIZE) as here, other.run_test(size=SIZE) as there:
        await shown(here, request)
        await shown(there, request)
        await here.press("f6")
        await until(there, lambda: "desk A 김상담A" in text_of(there))
        await there.press("f5")
        await until(there, lambda: "works on it" in text_of(there).splitlines()[-2])
        assert offers(second, request) == []
        await there.press("$")
        await until(there, lambda: there.app.screen.query_one(Choice).display)
        await there.press("2")
        await until(here, lambda: "desk B 김상담B" in text_of(here))
        await until(there, lambda: "works on it" not in text_of(there))
        await there.press("f5")
        await until(there, lambda: len(offers(second, request)) == 1)
        # Who it was taken from sees why.
        await until(here, lambda: "The guardian has called here" in history(here))


async def test_a_line_that_is_cut_leads_to_a_conflict_that_a_person_decides(
    desks: tuple[Joined, Joined], tmp_path: Path
) -> None:
    first, second = desks
    with Proxy(first.file.port) as line:
        first.file = replace(first.file, port=line.port)
        one, other = console(first, tmp_path), console(second, tmp_path)
        async with one.run_test(size=SIZE) as here, other.run_test(size=SIZE) as there:
            await shown(here, own_request(first))
            await shown(there, own_request(second))
            line.set("refuse")
            await until(here, lambda: "offline since" in text_of(here))
            await here.press("f5")
            await until(here, lambda: "Provisional" in text_of(here))
            await there.press("f5")
            await until(there, lambda: [row.claim for row in offers(second, own_request(second))] == ["granted"])
            line.set("pass")
            await here.press("@", "f5", "f10")
            await until(here, lambda: "given twice" in text_of(here))
            await until(there, lambda: "given twice" in text_of(there))
            await here.press("!")
            await until(here, lambda: here.app.screen.query_one(Choice).display)
            await here.press("1")
            await until(here, lambda: "No alarms" in text_of(here))
            await until(there, lambda: "No alarms" in text_of(there))
            assert [row.decided for row in offers(first, own_request(first))] == ["another"]
