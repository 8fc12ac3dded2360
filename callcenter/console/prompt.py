"""What opens at the bottom of the screen; a line to be typed, asked for once more when it cannot be taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from callcenter.console.widgets.choice import Choice

if TYPE_CHECKING:
    from callcenter.console.screens.availability import AvailabilityScreen
    from callcenter.console.screens.desk import DeskScreen


def when_whole(screen: "DeskScreen", opens: Callable[[], object]) -> None:
    """Open this now; where the very first key is quicker than what it opens, mount that, and further keys wait."""
    if screen.whole:
        opens()
    else:
        screen.console_app.open_soon(_mounted, opens)


async def _mounted(screen: "DeskScreen", opens: Callable[[], object]) -> None:
    await screen.mount_hidden()
    opens()


def write(screen: "DeskScreen", name: str, title: str, *, needed: bool = True) -> None:
    """Ask for a line of text, with nothing to choose before it; an empty one will do unless it is `needed`."""
    when_whole(screen, lambda: screen.query_one(Choice).write(name, title, needed=needed))


def refuse(screen: "DeskScreen | AvailabilityScreen", why: str) -> None:
    """Say why, and ask once more for what was typed last, if that was it."""
    choice = screen.query_one_optional(Choice)
    if choice is not None:
        choice.again(why)
    screen.tell(why, "soon")
