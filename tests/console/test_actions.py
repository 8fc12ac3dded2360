"""The registry of actions: every key once, every action explained."""

from collections import Counter
from typing import get_args

import pytest
from textual.widgets import Input

from callcenter.console.action import GROUPS, SCOPES, Action, Scope, State
from callcenter.console.actions import (
    ACTIONS,
    bindings,
    by_group,
    by_id,
    command_word,
    hints,
    in_scopes,
    key_name,
    key_names,
    markdown_table,
)
from callcenter.console.presentation import glyphs

EVERY = State(ringing=True, request="open", matches=3, undoable=True, alarms=1)
LETTERS_ALLOWED = {"list.up", "list.down"}


def ids(action: Action) -> str:
    return action.id


@pytest.mark.parametrize("scope", [scope for scope in get_args(Scope) if scope != "everywhere"])
def test_no_key_is_bound_twice_where_it_is_heard(scope: Scope) -> None:
    count = Counter(key for action in in_scopes(scope, "everywhere") for key in action.keys)
    assert [key for key, times in count.items() if times > 1] == []


def test_an_action_exists_once() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS, ids=ids)
def test_every_action_is_explained(action: Action) -> None:
    assert action.keys
    assert action.label
    assert action.tooltip.endswith(".")
    assert action.group in GROUPS
    assert action.scope in SCOPES
    assert glyphs.safe(action.label + action.tooltip)


@pytest.mark.parametrize("action", ACTIONS, ids=ids)
def test_no_letter_does_anything_but_move_the_cursor(action: Action) -> None:
    letters = [key for key in action.keys if len(key) == 1 and key.isalpha()]
    assert not letters or action.id in LETTERS_ALLOWED
    assert len(letters) < len(action.keys)


@pytest.mark.parametrize("action", ACTIONS, ids=ids)
def test_keys_that_terminals_take_have_a_second_way(action: Action) -> None:
    assert not set(action.keys) <= {"f1", "f10", "f11", "f12"}


def test_keys_heard_everywhere_do_not_edit_a_text_field() -> None:
    editing = {key for binding in Input.BINDINGS for key in _keys(binding)}
    for action in in_scopes("everywhere", "form", "choice", "command"):
        taken = set(action.keys) & editing
        assert not taken, (action.id, taken)


def _keys(binding: object) -> list[str]:
    return str(getattr(binding, "key", "")).split(",")


def test_ctrl_letters_that_a_terminal_cannot_tell_from_other_keys_are_free() -> None:
    same_as_named = {"ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h", "ctrl+left_square_bracket", "ctrl+c", "ctrl+z"}
    assert not same_as_named & {key for action in ACTIONS for key in action.keys}


def test_command_words_of_the_desk_are_one_word_each() -> None:
    words = [command_word(action) for action in in_scopes("desk", "everywhere")]
    assert len(set(words)) == len(words)
    assert all(word.split() == [word] for word in words)


@pytest.mark.parametrize(
    ("action", "state", "possible"),
    [
        ("match.place", State(request="open", matches=1), True),
        ("match.place", State(request="open", matches=0), False),
        ("match.place", State(request="offered", matches=2), True),
        ("match.place", State(request="accepted", matches=2), False),
        ("place.keep", State(request="matching", matches=1), True),
        ("place.keep", State(request="offered", matches=1), False),
        ("place.give_back", State(request="matching"), False),
        ("place.give_back", State(request="matching", reserved=True), True),
        ("match.place", State(), False),
        ("match.next", State(request="open", matches=1), False),
        ("match.next", State(request="open", matches=2), True),
        ("offer.answer", State(request="offered"), True),
        ("offer.answer", State(request="accepted"), False),
        ("request.confirm", State(request="accepted"), True),
        ("request.confirm", State(request="offered"), False),
        ("request.hold", State(request="held"), True),
        ("request.cancel", State(request="cancelled"), False),
        ("request.cancel", State(request="confirmed"), True),
        ("desk.undo", State(undoable=True), True),
        ("desk.undo", State(), False),
        ("call.take", State(talking=True), False),
        ("call.take", State(ringing=True), True),
        ("call.take", State(), True),
        ("call.end", State(talking=True), True),
        ("call.end", State(), False),
        ("alarm.acknowledge", State(), False),
        ("request.new", State(), True),
    ],
)
def test_what_an_action_needs(action: str, state: State, possible: bool) -> None:
    reason = by_id(action).needs(state)
    assert (reason is None) is possible
    assert reason is None or reason.endswith(".")


def test_states_named_by_the_actions_are_those_of_a_request() -> None:
    reachable = ["open", "matching", "offered", "accepted", "confirmed", "held", "unplaced", "cancelled"]
    possible = {
        action.id: {state for state in reachable if not action.needs(State(request=state, matches=2))}
        for action in in_scopes("desk")
    }
    assert possible["match.place"] == {"open", "matching", "offered", "held", "unplaced"}
    assert possible["place.keep"] == {"open", "matching"}
    assert possible["offer.answer"] == {"offered"}
    assert possible["request.confirm"] == {"accepted"}
    assert possible["request.hold"] == {"open", "matching", "offered", "held", "unplaced", "cancelled"}
    assert possible["request.cancel"] == set(reachable) - {"cancelled"}


def test_bindings_come_from_the_registry() -> None:
    made = {binding.key: binding.action for binding in bindings("desk", "everywhere")}
    assert made["f5"] == "act('match.place')"
    assert made["3"] == "act('match.choose', 3)"
    assert made["slash"] == "act('command.open')"
    assert made["question_mark"] == "act('help.open')"
    assert made["ctrl+g"] == made["f11"] == "act('request.confirm')"
    assert len(made) == sum(len(action.keys) for action in in_scopes("desk", "everywhere"))


def test_key_names() -> None:
    assert [key_name(key) for key in ("ctrl+g", "f5", "shift+tab", "/", "delete")] == [
        "Ctrl+G",
        "F5",
        "Shift+Tab",
        "/",
        "Del",
    ]
    assert key_names(by_id("match.choose")) == ("1-9",)
    assert key_names(by_id("help.open")) == ("?", "F1")


def test_hints_say_why_not() -> None:
    shown = {hint.action: hint for hint in hints(State(), "desk")}
    assert shown["request.new"].reason is None
    assert shown["match.place"].reason == "Select a request first."
    assert shown["match.place"].keys == ("F5",)


def test_help_is_by_group_and_loses_nothing() -> None:
    all_hints = hints(EVERY, "desk", "everywhere", "list")
    groups = by_group(all_hints)
    assert sum(map(len, groups.values())) == len(all_hints)
    assert list(groups) == ["Calls", "Requests", "Placement", "Lists and windows", "Program"]


def test_the_readme_table_has_every_key_once() -> None:
    lines = markdown_table().splitlines()
    assert len(lines) == len(ACTIONS) + 2
    assert "| Desk | `F5` | Place | Ask the chosen match: takes the place" in markdown_table()
    assert all(line.count("|") == 5 for line in lines)
