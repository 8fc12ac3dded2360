"""The console's colours: a dark and a light theme, and the looks that cells name.

Hues are those of Okabe and Ito (Color Universal Design, 2008), which stay apart for every kind of colour
vision; as text they are tinted (dark theme) or shaded (light theme) until they reach a contrast of 4.5 : 1 on
every ground they stand on (WCAG 2.2, 1.4.3). Colour never stands alone: a word or a glyph says the same.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from rich.style import Style
from textual.app import App
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

from callcenter.console.presentation.cells import StyleName

ORANGE: Final = "#E69F00"
SKY_BLUE: Final = "#56B4E9"
BLUISH_GREEN: Final = "#009E73"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
REDDISH_PURPLE: Final = "#CC79A7"

DARK: Final = Theme(
    name="callcenter-dark",
    dark=True,
    primary=SKY_BLUE,
    secondary=BLUE,
    accent=ORANGE,
    success=BLUISH_GREEN,
    warning=ORANGE,
    error=VERMILLION,
    foreground="#E4E8EC",
    background="#101418",
    surface="#161B21",
    panel="#20272F",
)

LIGHT: Final = Theme(
    name="callcenter-light",
    dark=False,
    primary="#005F96",
    secondary=BLUE,
    accent="#7A5200",
    success="#00664A",
    warning="#7A5200",
    error="#A34700",
    foreground="#1A1E23",
    background="#F7F7F5",
    surface="#FFFFFF",
    panel="#E9EBED",
)

THEMES: Final = (DARK, LIGHT)

CURSOR_TINT: Final = 20
"""How much of the primary colour, in per cent, lies on the line under the cursor."""
BLURRED_TINT: Final = 10
"""The same while keys go elsewhere."""

_ON_BOTH: dict[StyleName, str] = {
    "normal": "",
    "strong": "bold",
    "danger_alarm": f"bold #000000 on {VERMILLION}",
    "warning_alarm": f"bold #000000 on {ORANGE}",
    "notice_alarm": f"bold #000000 on {SKY_BLUE}",
    "free": f"#000000 on {BLUISH_GREEN}",
    "held": f"#000000 on {ORANGE}",
    "unknown": f"#000000 on {REDDISH_PURPLE}",
}

_ON_DARK: dict[StyleName, str] = {
    "muted": "#A3ADB8",
    "title": "bold #A3ADB8",
    "urgent": "bold #FF8C42",
    "soon": "#F0B030",
    "ok": "#34C79B",
    "info": SKY_BLUE,
    "note": "#DE97BE",
    "key": f"bold {SKY_BLUE}",
    "key_off": "#87919C",
    "taken": "#FFFFFF on #4A5560",
    "closed": "#A3ADB8 on #20272F",
}

_ON_LIGHT: dict[StyleName, str] = {
    "muted": "#525B66",
    "title": "bold #525B66",
    "urgent": "bold #9E4400",
    "soon": "#7A5200",
    "ok": "#00664A",
    "info": "#005F96",
    "note": "#8C3F6A",
    "key": "bold #005F96",
    "key_off": "#5C6672",
    "taken": "#FFFFFF on #5B6470",
    "closed": "#525B66 on #E1E4E7",
}


def looks(dark: bool) -> Mapping[StyleName, Style]:
    """The style of every look, to be laid over the line's own colours."""
    chosen = _ON_BOTH | (_ON_DARK if dark else _ON_LIGHT)
    return {name: Style.parse(definition) for name, definition in chosen.items()}


LOOKS: Final[Mapping[bool, Mapping[StyleName, Style]]] = {dark: looks(dark) for dark in (True, False)}


class PlainScrollBar(ScrollBarRender):
    """A scroll bar of coloured blanks: the half blocks at the ends of the usual one are of ambiguous width."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def register(app: App[Any]) -> None:
    """Make both themes known to the app, which chooses one by `app.theme = DARK.name`; scroll bars become plain."""
    ScrollBar.renderer = PlainScrollBar
    for theme in THEMES:
        app.register_theme(theme)
