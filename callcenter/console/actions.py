"""Every action of the operator, once: from here come bindings, footer, `?` help, menu, command words, README table.

Rules of the keys: with the Hangul input method on, a letter arrives late or not at all, so what matters lies on
F-keys, digits, Enter, Delete, punctuation and Ctrl+letter; a bare letter is only ever a second way, and harmless.
Some terminals keep F1, F10 and F11 for themselves, so an action on one of them has another key; every action has a word
for the command line and a line in the menu besides. Ctrl+letters stay clear of those that edit a text field.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from callcenter.desk.restricted import Restricted
from callcenter.language import _, mark

if TYPE_CHECKING:
    from textual.binding import Binding

Scope = Literal[
    "everywhere", "desk", "list", "callbacks", "messages", "availability", "plan", "stays", "form", "choice", "command"
]
Group = Literal["call", "request", "placement", "view", "program"]

GROUPS: dict[Group, str] = {
    "call": mark("Calls"),
    "request": mark("Requests"),
    "placement": mark("Placement"),
    "view": mark("Lists and windows"),
    "program": mark("Program"),
}

SCOPES: dict[Scope, str] = {
    "everywhere": mark("Everywhere"),
    "desk": mark("Desk"),
    "list": mark("In a list"),
    "callbacks": mark("In the call-backs"),
    "messages": mark("In the messages"),
    "availability": mark("In the availability"),
    "plan": mark("In the plan"),
    "stays": mark("In the list of care"),
    "form": mark("In a form"),
    "choice": mark("In a choice"),
    "command": mark("On the command line"),
}


@dataclass(frozen=True, slots=True)
class State:
    """What the desk is about right now: all that decides whether an action can be taken."""

    ringing: bool = False
    """Whether there is a call that nobody has taken yet."""
    talking: bool = False
    held: bool = False
    """Whether a caller of this operator is on hold."""
    wrap_up: bool = False
    request: str | None = None
    """State of the selected request (as in care.lifecycle), None when none is selected."""
    hidden: bool = False
    """Whether the selected request is restricted and this operator may not see what it is about."""
    matches: int = 0
    reserved: bool = False
    """Whether a place is kept for the selected request."""
    undoable: bool = False
    alarms: int = 0


Needs = Callable[[State], str | None]


def nothing(state: State) -> str | None:
    """Always possible."""
    return None


def _ringing_or_free(state: State) -> str | None:
    if state.talking and not state.ringing:
        return _("You are on a call. Put it on hold first to write down another one.")
    return None


def _own_call(state: State) -> str | None:
    return None if state.talking or state.held or state.wrap_up else _("You are on no call.")


def _to_hold(state: State) -> str | None:
    return None if state.talking or state.held else _("There is no call to put on hold.")


def _call_or_request(state: State) -> str | None:
    return None if state.request or _own_call(state) is None else _("Take a call or select a request first.")


def _selected(state: State) -> str | None:
    if state.request is None:
        return _("Select a request first.")
    return _(Restricted.sentence) if state.hidden else None


def _request_in(states: frozenset[str], sentence: str) -> Needs:
    def needs(state: State) -> str | None:
        return _selected(state) or (None if state.request in states else _(sentence))

    return needs


_placeable = _request_in(
    # While one provider is asked, the next key asks others beside it.
    frozenset({"open", "matching", "offered", "held", "unplaced"}),
    mark("This request is not waiting for a place."),
)


_keepable = _request_in(
    frozenset({"open", "matching"}),
    mark("A place can only be kept while nobody is being asked."),
)


def _match_to_offer(state: State) -> str | None:
    return _placeable(state) or (None if state.matches else _("No provider can take this request now."))


def _match_to_keep(state: State) -> str | None:
    return _keepable(state) or _match_to_offer(state)


def _kept(state: State) -> str | None:
    return _selected(state) or (None if state.reserved else _("No place is kept for this request."))


def _other_match(state: State) -> str | None:
    return _placeable(state) or (None if state.matches > 1 else _("There is no other match."))


def _undoable(state: State) -> str | None:
    return None if state.undoable else _("Nothing to undo: the ten seconds are over or nothing was done.")


def _alarm(state: State) -> str | None:
    return None if state.alarms else _("There is no alarm.")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the operator can do.

    `label` and `tooltip` are message ids; `label` is short, for it is also the word on the command line. `footer`
    ranks it on the line of key hints (1 goes last when room is short, 0 is not shown there).
    """

    id: str
    keys: tuple[str, ...]
    label: str
    tooltip: str
    group: Group
    scope: Scope = "desk"
    needs: Needs = field(default=nothing)
    footer: int = 0
    fleeting: bool = False
    """On the line of key hints only while it can be taken: the next step of a request under way."""


ACTIONS: tuple[Action, ...] = (
    Action(
        "request.new",
        ("f2",),
        mark("New"),
        mark("Write down a new request."),
        "request",
        footer=1,
    ),
    Action(
        "enquiry.close",
        ("f3",),
        mark("Enquiry"),
        mark("Close the call as an enquiry: choose its topic and it is done."),
        "call",
        footer=2,
    ),
    Action(
        "callback.list",
        ("f4",),
        mark("Call-backs"),
        mark("Whom to ring back, the first that is due first; again: back to the queue."),
        "call",
        footer=5,
    ),
    Action(
        "stay.list",
        ("=", "ctrl+backslash"),
        mark("Care"),
        mark("Who has a place tonight and who is in care, the one first whose clock rings first; again: to the queue."),
        "placement",
        footer=6,
    ),
    Action(
        "match.place",
        ("f5",),
        mark("Place"),
        mark("Ask the chosen match: takes the place, starts the clock. Again: asks others beside, first yes wins."),
        "placement",
        needs=_match_to_offer,
        footer=1,
    ),
    Action(
        "match.choose",
        tuple("123456789"),
        mark("Match"),
        mark("Choose another match by its number."),
        "placement",
        needs=_match_to_offer,
    ),
    Action(
        "match.next",
        ("f6",),
        mark("Next"),
        mark("Go on to the next match."),
        "placement",
        needs=_other_match,
        footer=3,
    ),
    Action(
        "place.keep",
        ("+",),
        mark("Keep place"),
        mark("Keep the chosen match's place for three minutes while the guardian thinks; again: three minutes more."),
        "placement",
        needs=_match_to_keep,
        footer=14,
    ),
    Action(
        "place.give_back",
        ("-",),
        mark("Give back"),
        mark("Give back the place that was kept; the end of the call does it too."),
        "placement",
        needs=_kept,
        footer=9,
        fleeting=True,
    ),
    Action(
        "plan.open",
        ("&",),
        mark("Whole queue"),
        mark("Who would go where if all that wait were placed at once, beside one by one; again: back to the queue."),
        "placement",
        footer=14,
    ),
    Action(
        "offer.answer",
        ("enter", "ctrl+r"),
        mark("Answer"),
        mark("What became of the offer: accepted, refused, no answer, busy, wrong number, on a condition, later."),
        "placement",
        needs=_request_in(frozenset({"offered"}), mark("No offer is waiting for an answer.")),
        footer=2,
        fleeting=True,
    ),
    Action(
        "request.confirm",
        ("ctrl+g", "f11"),
        mark("Confirm"),
        mark("The guardian agrees: the placement stands. First asks what the provider must know, need by need."),
        "placement",
        needs=_request_in(frozenset({"accepted"}), mark("No provider has accepted this request yet.")),
        footer=2,
        fleeting=True,
    ),
    Action(
        "draft.open",
        ("ctrl+y",),
        mark("Drafts"),
        mark("Go on with a request that was typed and not saved."),
        "request",
        footer=13,
    ),
    Action(
        "request.hold",
        ("f7",),
        mark("Hold"),
        mark("Put the request aside until later, or take it up again."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "offered", "held"}),
            mark("Only a request that is still being placed can be held."),
        ),
        footer=4,
    ),
    Action(
        "safety.raise",
        ("f8",),
        mark("Danger"),
        mark("Somebody is in danger: 1 emergency 119, 2 suspected abuse 112. Restricts the call, notes the time."),
        "call",
        "everywhere",
        footer=3,
    ),
    Action(
        "request.amend",
        ("ctrl+e",),
        mark("Amend"),
        mark("Correct where, when or why care is needed."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "held", "unplaced"}),
            mark("Only a request without an offer can be amended."),
        ),
        footer=12,
    ),
    Action(
        "request.cancel",
        ("delete", "ctrl+d"),
        mark("Cancel"),
        mark("Cancel the request; asks for the reason."),
        "request",
        needs=_request_in(
            frozenset({"open", "matching", "offered", "accepted", "confirmed", "held", "unplaced"}),
            mark("This request is already closed."),
        ),
        footer=10,
    ),
    Action(
        "message.show",
        ("ctrl+s",),
        mark("Messages"),
        mark("The texts to the provider and the guardian: read one out, copy it, send it. The journal keeps who."),
        "placement",
        needs=_selected,
        footer=13,
    ),
    Action(
        "after.open",
        (";",),
        mark("Afterwards"),
        mark("By digit: no-show, early end, incident, satisfaction, complaint, and a wrong key to be corrected."),
        "request",
        needs=_selected,
    ),
    Action(
        "record.reveal",
        ("*", "ctrl+b"),
        mark("Show"),
        mark("Show name and number unmasked for 30 seconds; asks why, and the journal keeps it."),
        "request",
        needs=_selected,
    ),
    Action(
        "desk.undo",
        ("f9",),
        mark("Undo"),
        mark("Take back the last step, within ten seconds and before a message has left."),
        "placement",
        needs=_undoable,
        footer=3,
    ),
    Action(
        "call.take",
        ("f12", "ctrl+t"),
        mark("Take call"),
        mark("Take the ringing call, or write down one that came in on another telephone."),
        "call",
        "everywhere",
        _ringing_or_free,
        footer=7,
    ),
    Action(
        "call.end",
        ("ctrl+o",),
        mark("End call"),
        mark("Say with a digit how the call ended, or that only the line is dead. What was typed stays."),
        "call",
        "everywhere",
        _own_call,
        footer=9,
    ),
    Action(
        "call.hold",
        ("ctrl+right_square_bracket",),
        mark("Hold call"),
        mark("Put the caller on hold, or go back to the one who is; with two calls, from one to the other."),
        "call",
        "everywhere",
        _to_hold,
        footer=9,
    ),
    Action(
        "call.number",
        ("#",),
        mark("Caller number"),
        mark("Note the caller's number on the call."),
        "call",
        needs=_own_call,
    ),
    Action(
        "callback.promise",
        ("ctrl+k",),
        mark("Promise"),
        mark("Promise the caller to ring back by a time; without a call, the guardian of the request."),
        "call",
        needs=_call_or_request,
    ),
    Action(
        "alarm.acknowledge",
        ("ctrl+n",),
        mark("Noted"),
        mark("The oldest alarm is noted; it leaves the lane and its request is selected."),
        "view",
        "everywhere",
        _alarm,
        footer=8,
    ),
    Action(
        "search.open",
        ("ctrl+f",),
        mark("Search"),
        mark("Find a request, open or ended, by name, digits, receipt number or city; the journal keeps who searched."),
        "view",
        footer=13,
    ),
    Action(
        "availability.open",
        ("f10", "ctrl+u"),
        mark("Availability"),
        mark("All providers half hour by half hour, tonight and the next seven days: who has a place, who is in it."),
        "view",
        footer=6,
    ),
    Action(
        "command.open",
        ("/",),
        mark("Command"),
        mark("Type a command; Tab completes it."),
        "program",
        footer=2,
    ),
    Action(
        "help.open",
        ("?", "f1"),
        mark("Help"),
        mark("The keys of the place you are in."),
        "program",
        footer=1,
    ),
    Action(
        "menu.open",
        ("ctrl+p",),
        mark("Menu"),
        mark("Everything that can be done, by name."),
        "program",
        footer=11,
    ),
    Action(
        "pane.next",
        ("tab",),
        mark("Next pane"),
        mark("To the next part of the screen."),
        "view",
    ),
    Action(
        "pane.previous",
        ("shift+tab",),
        mark("Previous pane"),
        mark("To the part of the screen before."),
        "view",
    ),
    Action(
        "language.switch",
        ("ctrl+l",),
        mark("Language"),
        mark("Korean or English, at once."),
        "program",
        "everywhere",
    ),
    Action(
        "program.quit",
        ("ctrl+q",),
        mark("Quit"),
        mark("Leave the console; what was saved stays."),
        "program",
        "everywhere",
    ),
    Action("list.up", ("up", "k"), mark("Up"), mark("One line up."), "view", "list"),
    Action("list.down", ("down", "j"), mark("Down"), mark("One line down."), "view", "list"),
    Action("list.page_up", ("pageup",), mark("Page up"), mark("One page up."), "view", "list"),
    Action("list.page_down", ("pagedown",), mark("Page down"), mark("One page down."), "view", "list"),
    Action("list.first", ("home",), mark("First"), mark("To the first line."), "view", "list"),
    Action("list.last", ("end",), mark("Last"), mark("To the last line."), "view", "list"),
    Action("list.choose", ("enter",), mark("Choose"), mark("Take the line under the cursor."), "view", "list"),
    Action(
        "callback.ring",
        ("enter",),
        mark("Ring"),
        mark("Show the number to ring now; then a digit says what came of it. The journal keeps who saw it."),
        "call",
        "callbacks",
        footer=1,
    ),
    Action(
        "callback.leave",
        ("escape",),
        mark("Leave"),
        mark("Back to the queue."),
        "view",
        "callbacks",
        footer=2,
    ),
    Action("message.choose", tuple("123456789"), mark("Text"), mark("Choose a text."), "placement", "messages"),
    Action("message.up", ("up",), mark("Up"), mark("The text above."), "view", "messages"),
    Action("message.down", ("down",), mark("Down"), mark("The text below."), "view", "messages"),
    Action(
        "message.copy",
        ("enter", "f2"),
        mark("Copy"),
        mark("Copy the text to the clipboard."),
        "placement",
        "messages",
        footer=2,
    ),
    Action(
        "message.send",
        ("f5",),
        mark("Send"),
        mark("Send the text now, or once more; what has not left is replaced."),
        "placement",
        "messages",
        footer=3,
    ),
    Action(
        "message.told",
        ("f6",),
        mark("Told"),
        mark("It was told by telephone: the text that waits or was not sent is dropped."),
        "placement",
        "messages",
        footer=4,
    ),
    Action("message.leave", ("f10", "escape"), mark("Leave"), mark("Back to the desk."), "view", "messages", footer=1),
    Action(
        "availability.choose",
        ("enter",),
        mark("Take this one"),
        mark("Choose this provider for the selected request, or say why it cannot take it; F5 on the desk places."),
        "placement",
        "availability",
        _placeable,
        footer=2,
    ),
    Action(
        "availability.same",
        ("f6", "="),
        mark("As it was"),
        mark("The provider says that nothing has changed: its places are confirmed as they stand."),
        "placement",
        "availability",
        footer=1,
    ),
    Action(
        "availability.places",
        ("f2",),
        mark("Places"),
        mark("Write down how many places the group has; a question mark when the provider could not say."),
        "placement",
        "availability",
        footer=2,
    ),
    Action(
        "availability.hours",
        ("f3",),
        mark("Hours"),
        mark("Opening hours of its own for a kind of day, or those of its service again."),
        "placement",
        "availability",
        footer=8,
    ),
    Action(
        "availability.close",
        ("f4",),
        mark("Closure"),
        mark("Close the provider from the half hour under the cursor on, for a day or several; or open it again."),
        "placement",
        "availability",
        footer=5,
    ),
    Action(
        "availability.day",
        tuple("12345678"),
        mark("Day"),
        mark("Tonight (1), tomorrow (2), up to seven days ahead (8)."),
        "view",
        "availability",
        footer=3,
    ),
    Action("availability.day_before", (",",), mark("Day before"), mark("The day before."), "view", "availability"),
    Action("availability.day_after", (".",), mark("Day after"), mark("The day after."), "view", "availability"),
    Action("availability.earlier", ("left",), mark("Earlier"), mark("A half hour earlier."), "view", "availability"),
    Action("availability.later", ("right",), mark("Later"), mark("A half hour later."), "view", "availability"),
    Action(
        "availability.search",
        ("ctrl+f", "/"),
        mark("Find"),
        mark("Only providers whose name has this in it; first consonants will do. Enter goes back to the list."),
        "view",
        "availability",
        footer=4,
    ),
    Action(
        "availability.region",
        ("f7",),
        mark("Region"),
        mark("Only providers of one si or gun, or all again."),
        "view",
        "availability",
        footer=5,
    ),
    Action(
        "availability.service",
        ("f9",),
        mark("Service"),
        mark("Only providers of one service, or all again."),
        "view",
        "availability",
        footer=6,
    ),
    Action(
        "availability.free",
        ("f11", "*"),
        mark("Free now"),
        mark("Only groups that are open now and have a place left, or all again."),
        "view",
        "availability",
        footer=7,
    ),
    Action(
        "availability.help",
        ("?", "f1"),
        mark("Help"),
        mark("The keys of the place you are in."),
        "program",
        "availability",
        footer=3,
    ),
    Action(
        "availability.leave",
        ("f10", "escape"),
        mark("Leave"),
        mark("Back to the desk; out of the search first."),
        "view",
        "availability",
        footer=1,
    ),
    Action(
        "plan.take",
        ("enter", "f5"),
        mark("Take"),
        mark("Make the offer of this row as planned: takes the place and starts the clock for the answer."),
        "placement",
        "plan",
        footer=1,
    ),
    Action(
        "plan.take_all",
        ("f6",),
        mark("Take all"),
        mark("Make every offer of the plan; asks first. What was taken meanwhile is said and left out."),
        "placement",
        "plan",
        footer=2,
    ),
    Action(
        "plan.leave",
        ("escape",),
        mark("Leave"),
        mark("Back to the queue."),
        "view",
        "plan",
        footer=2,
    ),
    Action(
        "stay.next",
        ("enter",),
        mark("Next step"),
        mark("What comes next for this child, by digit: told, taken in, held at the door, stays longer, picked up."),
        "placement",
        "stays",
        footer=1,
    ),
    Action(
        "stay.ring",
        ("f6",),
        mark("Ring"),
        mark("Show the number to ring about this child; then a digit says what came of it. The journal keeps who saw."),
        "call",
        "stays",
        footer=2,
    ),
    Action(
        "stay.bar",
        ("f7",),
        mark("Must not pick up"),
        mark("Write down to whom this child must not be given; the pick-up is refused then."),
        "request",
        "stays",
        footer=4,
    ),
    Action(
        "stay.leave",
        ("escape",),
        mark("Leave"),
        mark("Back to the queue."),
        "view",
        "stays",
        footer=3,
    ),
    Action(
        "form.save",
        ("f5", "ctrl+s"),
        mark("Save"),
        mark("Save what was written down."),
        "request",
        "form",
        footer=1,
    ),
    Action(
        "form.leave",
        ("f10", "escape"),
        mark("Leave"),
        mark("Leave the form; what was typed stays as a draft."),
        "view",
        "form",
        footer=2,
    ),
    Action(
        "form.next",
        ("tab", "down"),
        mark("Next field"),
        mark("To the next field; Enter passes over those that the record answers."),
        "view",
        "form",
    ),
    Action("form.previous", ("shift+tab", "up"), mark("Previous field"), mark("To the field before."), "view", "form"),
    Action(
        "form.add_child",
        ("f6",),
        mark("Another child"),
        mark("Write down one more child of the same guardian."),
        "request",
        "form",
        footer=3,
    ),
    Action(
        "form.other",
        ("f2",),
        mark("Other draft"),
        mark("To the other draft, or to a new one for the call that came meanwhile; this one stays."),
        "request",
        "form",
        footer=6,
    ),
    Action(
        "form.consent",
        ("f7",),
        mark("Consents"),
        mark("All three consents were read out and given; each can be unset in its field."),
        "request",
        "form",
        footer=4,
    ),
    Action(
        "form.join",
        ("ctrl+g",),
        mark("Join"),
        mark("It is asked for already: write this to that request instead of taking a second one."),
        "request",
        "form",
        footer=5,
    ),
    Action(
        "form.different",
        ("ctrl+r",),
        mark("Different"),
        mark("The requests shown are different ones; they are not shown again for this draft."),
        "request",
        "form",
    ),
    Action(
        "form.discard",
        ("f9",),
        mark("Discard"),
        mark("Throw the draft away: press it twice."),
        "request",
        "form",
        footer=7,
    ),
    Action("choice.up", ("up",), mark("Up"), mark("One line up."), "view", "choice"),
    Action("choice.down", ("down",), mark("Down"), mark("One line down."), "view", "choice"),
    Action(
        "choice.note",
        ("tab",),
        mark("With a note"),
        mark("Write a note with the option that is chosen next, where it takes one."),
        "view",
        "choice",
    ),
    Action(
        "choice.leave",
        ("f10", "escape"),
        mark("Leave"),
        mark("Leave without choosing."),
        "view",
        "choice",
        footer=1,
    ),
    Action(
        "command.complete",
        ("tab",),
        mark("Complete"),
        mark("Complete the word; again for the next one that fits."),
        "view",
        "command",
        footer=2,
    ),
    Action("command.older", ("up",), mark("Older"), mark("The command before."), "view", "command"),
    Action("command.newer", ("down",), mark("Newer"), mark("The command after."), "view", "command"),
    Action(
        "command.leave",
        ("f10", "escape"),
        mark("Leave"),
        mark("Close the command line."),
        "view",
        "command",
        footer=1,
    ),
)

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
    "+": "plus",
    "-": "minus",
    "=": "equals_sign",
    ",": "comma",
    ".": "full_stop",
    "&": "ampersand",
    ";": "semicolon",
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


@dataclass(frozen=True, slots=True)
class Hint:
    """An action as the footer, the help and the menu show it; `reason` says why it cannot be taken now."""

    action: str
    keys: tuple[str, ...]
    label: str
    tooltip: str
    group: str
    reason: str | None
    rank: int


def hints(state: State, *scopes: Scope) -> tuple[Hint, ...]:
    """The actions of these scopes in the language in use, with what keeps each from being taken now."""
    return tuple(_hint(action, action.needs(state)) for action in in_scopes(*scopes))


def _hint(action: Action, reason: str | None) -> Hint:
    rank = 0 if action.fleeting and reason is not None else action.footer
    keys, group = key_names(action), _(GROUPS[action.group])
    return Hint(action.id, keys, _(action.label), _(action.tooltip), group, reason, rank)


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
