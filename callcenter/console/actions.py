"""Every action of the operator, once: from here come bindings, footer, `?` help, menu, command words, README table.

Rules of the keys: with the Hangul input method on, a letter arrives late or not at all, so what matters lies on
F-keys, digits, Enter, Delete, punctuation and Ctrl+letter; a bare letter is only ever a second way, and harmless.
Some terminals keep F1, F10 and F11 for themselves, so an action on one of them has another key; every action has a word
for the command line and a line in the menu besides. Ctrl+letters stay clear of those that edit a text field.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.console.action import ALWAYS_SHOWN, GROUPS, SCOPES, Action, Scope, State
from callcenter.console.availability_actions import AVAILABILITY_ACTIONS
from callcenter.console.desk_actions import DESK_ACTIONS
from callcenter.console.place_actions import PLACE_ACTIONS
from callcenter.language import _

if TYPE_CHECKING:
    from textual.binding import Binding

ACTIONS: tuple[Action, ...] = (*DESK_ACTIONS, *AVAILABILITY_ACTIONS, *PLACE_ACTIONS)

_BY_ID = {action.id: action for action in ACTIONS}

_NAMED_KEYS = {
    "enter": "Enter",
    "delete": "Del",
    "escape": "Esc",
    "tab": "Tab",
    "up": "Up",
    "down": "Down",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "shift": "Shift",
    "ctrl": "Ctrl",
    "right_square_bracket": "]",
    "left": "Left",
    "right": "Right",
    "backslash": "\\",
}


def by_id(action_id: str) -> Action:
    """The action of this id; KeyError when there is none, which is a mistake in the program."""
    return _BY_ID[action_id]


def in_scopes(*scopes: Scope) -> tuple[Action, ...]:
    """The actions of these scopes, in the order of the registry."""
    return tuple(action for action in ACTIONS if action.scope in scopes)


def bindings(*scopes: Scope) -> "list[Binding]":
    """Textual's bindings for these scopes: each runs `action_act(id)` of the widget or screen that has them.

    A digit runs `action_act(id, number)`, as 1 to 9 do for `match.choose`.
    """
    from textual.binding import Binding

    made: list[Binding] = []
    for action in in_scopes(*scopes):
        for key in action.keys:
            arguments = f"{action.id!r}, {key}" if key.isdigit() else repr(action.id)
            made.append(Binding(_TEXTUAL_KEYS.get(key, key), f"act({arguments})", action.label, show=False))
    return made


_TEXTUAL_KEYS = {
    "/": "slash",
    "?": "question_mark",
    "*": "asterisk",
    "#": "number_sign",
    "^": "circumflex_accent",
    "+": "plus",
    "-": "minus",
    "=": "equals_sign",
    ",": "comma",
    ".": "full_stop",
    "&": "ampersand",
    ";": "semicolon",
    "!": "exclamation_mark",
    "@": "at",
    "$": "dollar_sign",
    "%": "percent_sign",
}


def key_name(key: str) -> str:
    """How a key is written on screen: `ctrl+g` is Ctrl+G, `f5` is F5."""
    return "+".join(_NAMED_KEYS.get(part, part.upper()) for part in key.split("+"))


def key_names(action: Action) -> tuple[str, ...]:
    """How the keys of an action are written; a run of digits is one range."""
    if len(action.keys) > 1 and all(key.isdigit() for key in action.keys):
        return (f"{action.keys[0]}-{action.keys[-1]}",)
    return tuple(key_name(key) for key in action.keys)


def command_word(action: Action) -> str:
    """The word of the action on the command line, in the language in use: its label without blanks, in lower case."""
    return "".join(_(action.label).split()).casefold()


class Hint(NamedTuple):
    """An action as the footer, the help and the menu show it; `reason` says why it cannot be taken now."""

    action: str
    keys: tuple[str, ...]
    label: str
    tooltip: str
    group: str
    reason: str | None
    rank: int
    place: Literal["first", "middle", "last"] = "middle"
    """Where on the line of key hints: what comes and goes with what can be done stands between what is always there."""


def hints(state: State, *scopes: Scope) -> tuple[Hint, ...]:
    """The actions of these scopes in the language in use, with what keeps each from being taken now."""
    return tuple(_hint(action, action.needs(state)) for action in in_scopes(*scopes))


def key_line(state: State, front: Sequence[Scope], behind: Sequence[Scope]) -> tuple[Hint, ...]:
    """The hints of the places in front, then those behind them whose keys do not mean something else in front."""
    first = in_scopes(*front)
    taken = {key for action in first for key in action.keys}
    rest = [action for action in in_scopes(*behind) if taken.isdisjoint(action.keys)]
    return tuple(_hint(action, action.needs(state)) for action in (*first, *rest))


def _hint(action: Action, reason: str | None) -> Hint:
    rank = 0 if action.fleeting and reason is not None else action.footer
    keys, group = key_names(action), _(GROUPS[action.group])
    place: Literal["first", "middle", "last"] = "middle"
    if 0 < action.footer <= ALWAYS_SHOWN and not action.fleeting:
        place = "last" if action.group == "program" else "first"
    return Hint(action.id, keys, _(action.label), _(action.tooltip), group, reason, rank, place)


def by_group(shown: Iterable[Hint]) -> dict[str, list[Hint]]:
    """The hints under the titles of their groups, groups and hints in the order of the registry's groups."""
    found = list(shown)
    titles = [_(title) for title in GROUPS.values()]
    return {title: members for title in titles if (members := [hint for hint in found if hint.group == title])}


def markdown_table(scopes: Sequence[Scope] = tuple(SCOPES)) -> str:
    """The keys as a Markdown table in the language in use, for the README: where, keys, label, what it does."""
    titles = (_("Where"), _("Keys"), _("Action"), _("What it does"))
    head = [f"| {' | '.join(titles)} |", "|---|---|---|---|"]
    lines = [
        f"| {_(SCOPES[scope])} | {', '.join(f'`{name}`' for name in key_names(action))} "
        f"| {_(action.label)} | {_(action.tooltip)} |"
        for scope in scopes
        for action in in_scopes(scope)
    ]
    return "\n".join([*head, *lines]) + "\n"
