"""Messages in words: how far each is in the request's panel, and the texts to read out in a window of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.flow import cut, flowed
from callcenter.console.presentation.lines import broken
from callcenter.desk.sending import Text
from callcenter.language import _, mark
from callcenter.store.messages import MessageRow
from callcenter.text import moments
from callcenter.text.masking import mask_phone
from callcenter.text.moments import moment

SHOWN = 3
CHOOSABLE = 9
OCCASIONS: Mapping[str, str] = {
    "offer_made": mark("offer"),
    "offer_withdrawn": mark("offer is over"),
    "confirmed": mark("confirmed"),
    "released": mark("place not needed"),
    "extended": mark("extended"),
    "callback_promised": mark("we call back"),
    "ending_soon": mark("care ends soon"),
    "overdue": mark("pick-up overdue"),
    "cancelled": mark("cancelled"),
    "unplaced": mark("not placed"),
}
_RECEIVERS: Mapping[str, str] = {"provider": mark("to the provider"), "guardian": mark("to the guardian")}
SHORT: Mapping[str, str] = {"provider": mark("provider"), "guardian": mark("guardian")}
STATES: Mapping[str, tuple[str, str, StyleName]] = {
    "waiting": (glyphs.OFF, mark("waits"), "muted"),
    "leaving": (glyphs.CURSOR, mark("being sent"), "info"),
    "sent": (glyphs.YES, mark("sent"), "ok"),
    "failed": (glyphs.NO, mark("not sent"), "urgent"),
    "dropped": (glyphs.NO, mark("dropped"), "muted"),
}
RESULTS: Mapping[str, str] = {
    "late": mark("too late"),
    "lost": mark("sender broke off"),
    "timeout": mark("no answer"),
    "undone": mark("undone"),
    "overtaken": mark("no longer true"),
    "restricted": mark("restricted"),
    "replaced": mark("replaced"),
    "told": mark("told by telephone"),
}


def panel_lines(messages: Sequence[MessageRow], now: datetime, width: int) -> list[Pieces]:
    """The last messages of a request: when, to whom, about what, and what became of it."""
    found: list[Pieces] = []
    for row in messages[-SHOWN:]:
        at = moments.stamp(moment(row.changed_at or row.made_at), now)
        what = f"{_(SHORT[row.receiver])}: {_(OCCASIONS[row.occasion])}"
        found += flowed([(Cell(f"{at} ", "muted"), *_state(row)), (Cell(what),)], width)
    return found


def text_lines(number: str, texts: Sequence[Text], chosen: int, sends: bool, now: datetime, width: int) -> list[Pieces]:
    """Every text in a line, the whole of the chosen one below it; `sends` says that the desk sends messages."""
    found: list[Pieces] = [(Cell(_("Messages of {number}").format(number=number), "title"),)]
    for place, text in enumerate(texts):
        sign = glyphs.CURSOR if place == chosen else " "
        head = Cell(f"{sign} {place + 1} ", "key")
        what = Cell(
            f"{_(_RECEIVERS[text.to])}: {_(OCCASIONS[text.occasion])}", "strong" if place == chosen else "normal"
        )
        found.append(cut((head, what, Cell("  "), *_whereto(text, sends)), width))
        if place == chosen:
            found += [
                (Cell("      "), Cell(line, "note"))
                for said in glyphs.plain(text.text).splitlines()
                for line in broken(said, max(width - 6, 8))
            ]
    return found


def _state(row: MessageRow) -> Pieces:
    sign, word, look = STATES[row.state]
    result = "" if row.result is None or row.state == "sent" else f" ({_result(row.result)})"
    return (Cell(f"{sign} {_(word)}{result}", look),)


def _result(code: str) -> str:
    return _(RESULTS[code]) if code in RESULTS else code


def _whereto(text: Text, sends: bool) -> Pieces:
    phone = Cell(f"{mask_phone(text.phone)} " if text.phone else "", "muted")
    if text.message is not None:
        return (phone, *_state(text.message))
    if not text.phone:
        return (Cell(_("no mobile number: tell it by telephone"), "soon"),)
    return (phone, Cell(_("not sent yet") if sends else _("to be read out"), "info"))
