"""A text field for Korean: the syllable being composed appears at the caret, and what is pasted is clean."""

import unicodedata

from textual import events
from textual.geometry import Offset, Size
from textual.reactive import Reactive
from textual.widgets import Input

from callcenter.console.keys import is_hangul_key
from callcenter.console.widgets.kept_lines import KeptFrame
from callcenter.text.sanitize import clean


class ImeInput(Input, KeptFrame):
    """Textual's Input with the terminal's own cursor at the caret, where an input method draws.

    Nothing of what is typed or pasted is lost: the lines of a paste are joined by spaces, and a syllable that
    the input method commits together with Escape is kept. The value is always clean (`text.sanitize`).
    """

    # Textual lays the whole screen out again when the text gets longer; a field that is as wide as it is needs none.
    virtual_size = Reactive(Size(0, 0))

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cell of the caret; Textual's own is one to the right of it at the end of the text."""
        x, y, _width, _height = self.content_region
        scroll_x, _ = self.scroll_offset
        return Offset(x + self._position_to_cell(self.cursor_position) - scroll_x, y)

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Move the terminal's cursor along: Textual leaves it where it was before the text scrolled."""
        super().watch_scroll_x(old_value, new_value)
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def validate_value(self, value: str) -> str:
        """Clean whatever becomes the value, by any way."""
        return clean(value)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        # Textual's own handler would come next, and insert the first line as it is.
        event.prevent_default()
        self._type(clean(event.text.strip("\r\n")))

    async def _on_key(self, event: events.Key) -> None:
        if event.key.startswith("alt+") and is_hangul_key(event.key):
            # Escape pressed in mid-syllable; the key goes on to be Escape.
            self._type(event.key.removeprefix("alt+"))

    def _type(self, text: str) -> None:
        text = unicodedata.normalize("NFC", text)
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)
