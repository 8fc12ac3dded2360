"""Who acts is chosen at the start."""

import pytest

from callcenter.console.keys import HangulKeys
from callcenter.console.safe_output import SafeOutput
from callcenter.console.screens.sign_in import SignIn
from callcenter.console.theme import DARK, register
from callcenter.desk.permission import Actor

PEOPLE = (Actor("김상담", "operator"), Actor("박상담", "operator"), Actor("이팀장", "supervisor"))


class Host(HangulKeys, SafeOutput):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Actor | None] = []

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.push_screen(SignIn(PEOPLE), self.answers.append)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    ("keys", "who"),
    [
        (["3"], "이팀장"),
        (["enter"], "김상담"),
        (["down", "enter"], "박상담"),
        (["ㅂ", "ㅅ", "enter"], "박상담"),
        (["escape"], None),
        (["f10"], None),
    ],
)
async def test_somebody_is_chosen(keys: list[str], who: str | None, size: tuple[int, int]) -> None:
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        expected = next((actor for actor in PEOPLE if actor.name == who), None)
        assert host.answers == [expected]
        assert not isinstance(host.screen, SignIn)


async def test_everybody_stands_there_with_a_digit_and_a_role() -> None:
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = ["".join(piece.text for piece in strip) for strip in host.screen._compositor.render_strips()]
        for number, actor in enumerate(PEOPLE, 1):
            (line,) = (line for line in shown if actor.name in line)
            assert f"{number} {actor.name}" in line
            assert actor.role in line
