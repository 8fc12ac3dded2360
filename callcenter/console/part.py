"""A part of what the operator does on the desk's screen, and the one way in which all parts are told of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from callcenter.console.widgets.choice import Option

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen

Do = Callable[..., None]
"""Runs a use case in the writer's thread: under which name, which one, and what it is given after actor and time."""
Ask = Callable[[str, str, Sequence[Option]], None]
"""Opens a choice: its name, its title, its options."""


class Part:
    """What its keys begin, what the answers to its questions do, and what is done once a use case was committed.

    A use case without an end of its own is told of in a word.
    """

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        self._screen = screen
        self._do = do
        self._ask = ask
        self.handlers: Mapping[str, Callable[[int | None], None]] = {}
        """By action, with the digit that was pressed."""
        self.answers: Mapping[str, Callable[[str, str], None]] = {}
        """By the name of the choice, with the code that was chosen and the note."""
        self.ends: Mapping[str, Callable[[Any], None]] = {}
        """By the name that the use case ran under, with what it returned."""
