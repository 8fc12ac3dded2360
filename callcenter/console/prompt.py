"""A line to be typed: asked for, and asked for once more with the text and the reason when it cannot be."""

from typing import TYPE_CHECKING

from callcenter.console.widgets.choice import Choice

if TYPE_CHECKING:
    from callcenter.console.screens.availability import AvailabilityScreen
    from callcenter.console.screens.desk import DeskScreen


def write(screen: "DeskScreen", name: str, title: str, *, needed: bool = True) -> None:
    """Ask for a line of text, with nothing to choose before it; an empty one will do unless it is `needed`."""
    choice = screen.query_one_optional(Choice)
    if choice is not None and choice.is_mounted:
        choice.write(name, title, needed=needed)


def refuse(screen: "DeskScreen | AvailabilityScreen", why: str) -> None:
    """Say why, and ask once more for what was typed last, if that was it."""
    choice = screen.query_one_optional(Choice)
    if choice is not None:
        choice.again(why)
    screen.tell(why, "soon")
