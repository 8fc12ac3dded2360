"""An app that shows hostile text in every kind of widget, for a real terminal: `hostile_app.py filtered|bare`.

Each place has its own two letters in its text, so that a leak names where it came from.
"""

import sys
from typing import Any

from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import (
    Button,
    Checkbox,
    Collapsible,
    DataTable,
    Header,
    Input,
    Label,
    ListItem,
    ListView,
    Log,
    OptionList,
    RadioButton,
    RichLog,
    Select,
    Static,
    Tab,
    Tabs,
    TextArea,
    Tree,
)
from textual.widgets.option_list import Option

from callcenter.console.keys import HangulKeys
from callcenter.console.safe_output import SafeOutput, cell, label
from callcenter.console.widgets.ime_input import ImeInput

PLACES = (
    "static",
    "label",
    "button",
    "checkbox",
    "radio",
    "border title",
    "border subtitle",
    "cell",
    "column",
    "option",
    "select",
    "value",
    "placeholder",
    "area",
    "node",
    "tab",
    "item",
    "collapsible",
    "log",
    "rich log",
    "note",
    "note title",
    "app title",
    "link",
    "ime placeholder",
)


def mark(place: str) -> str:
    """The letters by which a place is known in what the terminal got."""
    number = PLACES.index(place)
    return f"Q{chr(97 + number // 26)}{chr(97 + number % 26)}Q"


def hostile(place: str) -> str:
    """Clipboard, title, clear, a query that the terminal answers, 8-bit controls, bidi, zero-width, a filler."""
    name = mark(place)
    return (
        f"{name}\x1b]52;c;{name}\x1b\\\x1b]2;{name}\x1b\\\x1b[6n\x1bP{name}\x1b\\\x9b2J\x9d0;{name}\x9c"
        f"\u202e\u2066\u200b\ufeff\u3164\x01\x7f"
    )


class Places(App[None]):
    """All places on one screen."""

    CSS = "Screen { layout: grid; grid-size: 5; } Screen > * { height: 6; min-width: 0; } Header { height: 3; }"

    def compose(self) -> ComposeResult:
        """One widget for each place."""
        yield Header()
        yield Static(label(hostile("static")))
        yield Label(label(hostile("label")))
        yield Button(label(hostile("button")))
        yield Checkbox(label(hostile("checkbox")))
        yield RadioButton(label(hostile("radio")))
        yield DataTable()
        yield OptionList(Option(label(hostile("option"))))
        yield Select([(label(hostile("select")), 1)], value=1)
        yield Input(hostile("value"))
        yield Input(placeholder=hostile("placeholder"))
        yield ImeInput(placeholder=hostile("ime placeholder"))
        yield TextArea(hostile("area"))
        tree: Tree[None] = Tree(cell(hostile("node")))
        yield tree
        yield Tabs(Tab(label(hostile("tab"))))
        yield ListView(ListItem(Static(label(hostile("item")))))
        yield Collapsible(title=label(hostile("collapsible")).markup)
        yield Log()
        yield RichLog()
        bordered = VerticalScroll(id="bordered")
        bordered.styles.border = ("solid", "white")
        bordered.border_title = label(hostile("border title"))
        bordered.border_subtitle = label(hostile("border subtitle"))
        yield bordered

    def on_mount(self) -> None:
        """Fill what is filled later; whoever runs this ends it."""
        self.title = hostile("app title")
        table: DataTable[Text] = self.query_one(DataTable)
        table.add_column(cell(hostile("column")))
        table.add_row(cell(hostile("cell")))
        self.query_one(Log).write_line(hostile("log"))
        rich_log = self.query_one(RichLog)
        rich_log.write(hostile("rich log"))
        rich_log.write(Text("a link", style=Style(link=f"https://example.invalid/{hostile('link')}")))
        self.notify(hostile("note"), title=hostile("note title"), markup=False, timeout=60)


class Filtered(HangulKeys, SafeOutput, Places):
    """The same, as the console shows it."""


if __name__ == "__main__":
    apps: dict[str, type[App[Any]]] = {"filtered": Filtered, "bare": Places}
    apps[sys.argv[1]]().run()
