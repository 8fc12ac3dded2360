"""What was typed into a prompt and cannot be: the prompt is there again with the text and the reason."""

from typing import TYPE_CHECKING

from callcenter.console.widgets.choice import Choice

if TYPE_CHECKING:
    from callcenter.console.screens.availability import AvailabilityScreen
    from callcenter.console.screens.desk import DeskScreen


def refuse(screen: "DeskScreen | AvailabilityScreen", why: str) -> None:
    """Say why, and ask once more for what was typed last, if that was it."""
    choice = screen.query_one_optional(Choice)
    if choice is not None:
        choice.again(why)
    screen.tell(why, "soon")
