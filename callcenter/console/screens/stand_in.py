"""A list that stands in place of the queue on the desk's screen while it is wanted."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.widget import Widget

from callcenter.console.widgets.line_list import LineList

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen


class StandIn(LineList):
    """Hidden until `stand_in`; the screen has the class `-NAME` while the list stands there."""

    NAME: ClassVar[str]
    _came_from: Widget | None = None

    @property
    def desk(self) -> "DeskScreen":
        """The screen it stands on."""
        return cast("DeskScreen", self.screen)

    @property
    def stands(self) -> bool:
        """Whether it stands in place of the queue now."""
        return self.screen.has_class(f"-{self.NAME}")

    def stand_in(self) -> None:
        """Take the place of the queue, or of the list that stands there, and the focus."""
        if not self.stands:
            other = self.desk.stand_in
            self._came_from = other._came_from if other is not None else self.screen.focused
            self.desk.put_list_away()
        self.screen.add_class(f"-{self.NAME}")
        self.focus()

    def put_away(self) -> None:
        """The queue again, and the focus where it was; the request under its cursor is shown."""
        self.screen.remove_class(f"-{self.NAME}")
        queue, before = self.screen.query_one("#queue", LineList), self._came_from
        (before if before is not None and before.is_attached else queue).focus()
        self.desk.select(queue.cursor_key)
