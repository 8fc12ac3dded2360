"""The line of key hints: whole hints only, in the registry's order."""

import pytest
from textual.app import App, ComposeResult

from callcenter import language
from callcenter.console.action import State
from callcenter.console.actions import Hint, hints
from callcenter.console.presentation.cells import length
from callcenter.console.theme import DARK, LOOKS, register
from callcenter.console.widgets.key_hints import KeyHints, fitting, line


def hint(action: str, label: str, rank: int, reason: str | None = None) -> Hint:
    return Hint(action, (action.upper(),), label, "", "", reason, rank)


THREE = (
    hint("f2", "새상담", 1)._replace(place="first"),
    hint("f5", "배정", 3, "Select a request first.")._replace(place="first"),
    hint("f9", "실행취소", 4),
)


def text(shown: tuple[Hint, ...]) -> str:
    return "".join(cell.text for cell in line(shown))


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (29, "F2 새상담 F5 배정 F9 실행취소"),
        (28, "F2 새상담 F5 배정"),
        (16, "F2 새상담"),
        (8, ""),
    ],
)
def test_only_whole_hints_by_rank(width: int, expected: str) -> None:
    assert text(fitting(THREE, width)) == expected


@pytest.mark.parametrize("width", range(0, 200, 7))
def test_the_hints_of_the_desk_fit_any_width(width: int) -> None:
    shown = fitting(hints(State(), "desk", "everywhere"), width)
    assert length(line(shown)) <= width


STATES = (
    State(),
    State(request="open", matches=3),
    State(request="open", matches=3, undoable=True),
    State(request="offered", matches=3),
    State(request="accepted", matches=3),
    State(request="held"),
    State(ringing=True, request="open"),
    State(talking=True, alarms=2),
)


@pytest.mark.parametrize("spoken", ["ko", "en"])
@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_what_is_always_there_never_moves(width: int, spoken: language.Language) -> None:
    language.use(spoken)
    places = set()
    for state in STATES:
        shown = fitting(hints(state, "desk", "everywhere"), width)
        drawn = "".join(cell.text for cell in line(shown, width))
        assert length(line(shown, width)) <= width
        fixed = [one for one in shown if one.place != "middle"]
        places.add(
            tuple((one.action, drawn.index(f"{one.keys[0]} {one.label}")) for one in fixed if one.place == "first")
        )
        assert [one.action for one in fixed if one.place == "last"] == ["command.open", "help.open"]
        assert drawn.endswith(shown[-1].label)
        assert length(line(shown, width)) == width
    assert len(places) == 1


@pytest.mark.parametrize("spoken", ["ko", "en"])
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(request="open", matches=3), {"request.hold"}),
        (State(request="open", matches=3, undoable=True), {"desk.undo"}),
        (State(request="offered", matches=3), {"offer.answer"}),
    ],
)
def test_what_can_be_done_now_is_on_80_columns_before_what_cannot(
    spoken: language.Language, state: State, expected: set[str]
) -> None:
    language.use(spoken)
    shown = fitting(hints(state, "desk", "everywhere"), 80)
    between = [one for one in shown if one.place == "middle"]
    assert expected <= {one.action for one in between}
    assert all(one.reason is None for one in between)


def test_80_columns_hold_what_a_call_needs_most() -> None:
    shown = {one.action for one in fitting(hints(State(), "desk", "everywhere"), 80)}
    needed = ("request.new", "enquiry.close", "match.place", "match.next", "safety.raise", "callback.list")
    assert {*needed, "command.open", "help.open"} <= shown


def test_a_hint_without_rank_is_not_shown() -> None:
    assert fitting((hint("tab", "Next pane", 0),), 80) == ()


class Host(App[None]):
    clicked: list[str]

    def compose(self) -> ComposeResult:
        yield KeyHints(id="hints")

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.clicked = []
        self.query_one(KeyHints).show(THREE)

    def on_key_hints_action_clicked(self, event: KeyHints.ActionClicked) -> None:
        self.clicked.append(event.action)


async def test_what_cannot_be_done_is_pale_and_all_can_be_clicked() -> None:
    host = Host()
    async with host.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        strip = host.query_one(KeyHints).render_line(0)
        colours = {segment.text.strip(): segment.style.color for segment in strip if segment.style}
        assert colours["F2"] == LOOKS[True]["key"].color
        assert colours["F5"] == colours["배정"] == LOOKS[True]["key_off"].color
        for x in (0, 8, 9, 10, 13, 17, 35):
            await pilot.click("#hints", offset=(x, 0))
        assert host.clicked == ["f2", "f2", "f5", "f5"]


async def test_the_hints_follow_the_width() -> None:
    host = Host()
    async with host.run_test(size=(40, 3)) as pilot:
        await pilot.resize_terminal(20, 3)
        await pilot.pause()
        assert host.query_one(KeyHints).render_line(0).text.rstrip() == "F2 새상담 F5 배정"
