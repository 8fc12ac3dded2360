"""A console over a real file with a handful of requests, for tests that press keys."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from textual.pilot import Pilot

from callcenter.console.app import Console, Seat
from callcenter.console.screens.desk import DeskScreen
from callcenter.console.widgets.choice import Choice
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest, RequestTaken, open_request
from callcenter.desk.permission import Actor
from callcenter.desk.providers import confirm_places
from callcenter.desk.session import Desk
from callcenter.settings import Settings
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

SUWON_CENTRE = "elementary-suwon-dahamkke-6"
SIZE = (120, 36)
"""The size the screen is laid out for."""


class Watch:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def wish(name: str = "박하나", phone: str = "010-0000-1234", region: str = "41110", **more: object) -> NewRequest:
    """A request for an eight-year-old in 수원, tonight from 20 to 23."""
    start = NOW.replace(hour=20, minute=0)
    child = NewChild("박새봄", date(2018, 3, 2), "elementary", registered=True)
    facts: dict[str, object] = {"reason": "overtime", "start": start, "end": start + timedelta(hours=3)}
    facts |= {"children": (child,), **more}
    return NewRequest(NewGuardian(name, phone), region=region, **facts)  # type: ignore[arg-type]


def ask(desk: Desk, minutes: int = 0, **more: object) -> RequestTaken:
    """Take a request so many minutes after the beginning."""
    return open_request(desk, OPERATOR, NOW + timedelta(minutes=minutes), wish(**more))  # type: ignore[arg-type]


def give_places(desk: Desk, places: int, provider: str = SUWON_CENTRE) -> str:
    """Confirm the places of a centre; returns its group."""
    group: str = desk.connection.execute("SELECT id FROM provider_group WHERE provider_id = ?", (provider,)).fetchone()[
        0
    ]
    confirm_places(desk, OPERATOR, NOW, group, places)
    return group


def seat_at(desk: Desk, clock: Callable[[], datetime], folder: "Path") -> Seat:
    """A place to sit at the desk's file, with nothing set."""
    settings = Settings(db=desk.path, config=folder)
    people = (OPERATOR, SUPERVISOR)
    return Seat(desk.path, desk.name, desk.programs, people, desk.reference, settings, clock, desk.path.parent)


def console(desk: Desk, watch: Watch, folder: "Path", actor: Actor | None = OPERATOR) -> Console:
    """The console of the operator on the desk's file."""
    return Console(seat_at(desk, watch, folder), actor)


def screen_of(pilot: "Pilot[None]") -> DeskScreen:
    """The operator's screen, below whatever lies on it."""
    found = pilot.app.screen_stack[0]
    assert isinstance(found, DeskScreen)
    return found


def _is_whole(pilot: "Pilot[None]") -> bool:
    """What the desk's screen mounts after its first paint is there, for keys to open."""
    screen = pilot.app.screen_stack[0]
    choice = screen.query_one_optional(Choice) if isinstance(screen, DeskScreen) else None
    return not isinstance(screen, DeskScreen) or (choice is not None and choice.is_mounted)


async def until(pilot: "Pilot[None]", holds: Callable[[], object]) -> None:
    """Wait for something that the threads bring about; a test that waits in vain fails."""
    ends = time.monotonic() + PATIENCE
    while not (_is_whole(pilot) and holds()):
        assert time.monotonic() < ends, "it did not come about"
        await pilot.pause(0.02)


def text_of(pilot: "Pilot[None]") -> str:
    """What stands on the screen, line by line."""
    screen = pilot.app.screen
    width, height = screen.size
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text.ljust(width) for strip in strips[:height])


async def ready(pilot: "Pilot[None]", request_id: str) -> None:
    """The request is shown with its matches."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.shown == request_id and screen.matches is not None and screen.chosen)


async def asked(pilot: "Pilot[None]", words: str) -> None:
    """The choice asks this."""
    await until(pilot, lambda: pilot.app.screen.query_one(Choice).display and words in text_of(pilot))


def state_of(desk: Desk, request_id: str) -> str:
    """The state of a request, as it is on the disk."""
    found = reads.request(desk.connection, request_id)
    assert found is not None
    return found.state


def offers(desk: Desk, request_id: str) -> list[reads.OfferRow]:
    """Every offer that was made for a request."""
    return reads.offers_of_request(desk.connection, request_id)


def places_taken(desk: Desk) -> int:
    """How many half hours of places are taken."""
    count: int = desk.connection.execute("SELECT count(*) FROM place_taken").fetchone()[0]
    return count
