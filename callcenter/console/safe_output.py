"""The last step before the terminal: no text, wherever it came from, is obeyed instead of shown.

Textual and Rich pass ESC, OSC, C1 and bidi characters on as they are, so a caller's name could type into a
form or set the clipboard. `SafeOutput` filters every painted line; `cell` and `label` make sure that text is
not read as markup either.
"""

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.content import Content
from textual.filter import ANSIToTruecolor, LineFilter

from callcenter.text.sanitize import UNSAFE, visible


class VisibleControls(LineFilter):
    """Shows ▫ for what a terminal would obey, keeps the line's width, and lets no text carry a link."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line, safe; the list itself when it was safe already."""
        # All texts at once: a list of half hours has sixty segments a line.
        texts = [text for text, _style, control in segments if not control]
        linked = [style for _text, style, control in segments if style is not None and style.link and not control]
        if not linked and UNSAFE.search("".join(texts)) is None:
            return segments
        shown = [_shown(segment) if _is_unsafe(segment) else segment for segment in segments]
        # ▫ is one cell where the character had none: without this the next widget would be pushed aside.
        return Segment.adjust_line_length(shown, Segment.get_line_length(segments))


def _is_unsafe(segment: Segment) -> bool:
    if segment.control:
        return False
    return UNSAFE.search(segment.text) is not None or (segment.style is not None and segment.style.link is not None)


def _shown(segment: Segment) -> Segment:
    style = segment.style.update_link(None) if segment.style is not None else None
    return Segment(visible(segment.text), style)


_FILTER = VisibleControls()


class SafeOutput(App[Any]):
    """An app whose every painted line is filtered; the console is one."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, then ours as the last one.

        Its filter for the sixteen colours of a terminal is left out: every colour of ours is given in full.
        """
        own = (one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor))
        return [*own, _FILTER]


def cell(value: object, style: str = "") -> Text:
    """A table cell, tree node or log line holding exactly this text: never markup."""
    return Text(str(value), style=style, no_wrap=True)


def label(value: object, style: str = "") -> Content:
    """The content of a Static, Label, Button, Option, title … holding exactly this text: never markup."""
    return Content.styled(str(value), style) if style else Content(str(value))
