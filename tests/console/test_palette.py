"""The palette finds every action by name, first consonants and Latin typed for Hangul."""

import pytest
from textual.app import ComposeResult
from textual.command import CommandInput, CommandPalette
from textual.screen import Screen
from textual.widgets import Static

from callcenter.console.actions import Hint, State, hints, in_scopes
from callcenter.console.keys import HangulKeys
from callcenter.console.palette import ActionProvider, score_of, shown
from callcenter.console.safe_output import SafeOutput
from callcenter.console.theme import DARK, register


class Desk(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("desk")

    def state(self) -> State:
        return State(request="open", matches=1)

    def action_act(self, action: str, number: int | None = None) -> None:
        self.done.append(action)


class Host(HangulKeys, SafeOutput):
    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.push_screen(self.desk)

    def open(self, providers: tuple[type[ActionProvider], ...] = (ActionProvider,)) -> None:
        self.push_screen(CommandPalette(providers))


@pytest.mark.parametrize(
    ("typed", "action"), [("Pla", "match.place"), ("hold", "request.hold"), ("quit", "program.quit")]
)
async def test_an_action_is_found_and_taken(typed: str, action: str) -> None:
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        host.open()
        await pilot.pause()
        host.screen.query_one(CommandInput).value = typed
        await pilot.pause(0.4)
        await pilot.press("enter")
        await pilot.pause()
        assert host.desk.done == [action]


async def test_everything_is_offered_before_a_letter_is_typed() -> None:
    host = Host()
    async with host.run_test(size=(80, 24)):
        provider = ActionProvider(host.desk)
        found = [hit async for hit in provider.discover()]
        expected = {action.id for action in in_scopes("desk", "everywhere")} - {"menu.open", "match.choose"}
        assert len(found) == len(expected)
        helps = {str(hit.text): str(hit.help) for hit in found}
        assert helps["Answer"] == "No offer is waiting for an answer."
        assert helps["Place"].startswith("Offer the request")


async def test_another_screen_offers_nothing() -> None:
    host = Host()
    async with host.run_test(size=(80, 24)):
        assert [hit async for hit in ActionProvider(Screen()).discover()] == []


def hint(label: str, tooltip: str = "") -> Hint:
    return Hint("x", ("F5",), label, tooltip, "", None, 0)


@pytest.mark.parametrize(
    ("query", "label", "tooltip", "score"),
    [
        ("배", "배정", "", 1.0),
        ("ㅂㅈ", "배정", "", 0.8),
        ("qowjd", "배정", "", 0.8),
        ("정", "배정", "", 0.8),
        ("시계", "배정", "자리를 잡고 응답 시계를 켭니다.", 0.4),
        ("보류", "배정", "자리를 잡습니다.", 0.0),
    ],
)
def test_how_well_a_query_finds(query: str, label: str, tooltip: str, score: float) -> None:
    assert score_of(query, hint(label, tooltip)) == score


def test_a_name_is_shown_with_its_keys_and_is_no_markup() -> None:
    assert shown(hint("[b]배정")).plain == "[b]배정  F5"
    assert all(one.label for one in hints(State(), "desk"))
