"""The chooser: by digit, by arrow, by first consonants, with a note where one is due."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Button

from callcenter import language
from callcenter.console.presentation import after
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.choice import Choice, ChoiceInput, ChoiceTitle, Option
from callcenter.console.widgets.line_list import LineList
from callcenter.language import _

ANSWERS = (
    Option("accepted", "수락"),
    Option("declined", "거절", "다음 기관으로", note="optional"),
    Option("no_answer", "무응답"),
    Option("other", "기타", note="required"),
)


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[str, str, str]] = []
        self.left: list[str] = []

    def compose(self) -> ComposeResult:
        yield Button("x")
        yield Choice()

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.query_one(Button).focus()

    def on_choice_made(self, event: Choice.Made) -> None:
        self.made.append((event.name, event.option, event.note))

    def on_choice_left(self, event: Choice.Left) -> None:
        self.left.append(event.name)

    def ask(self, options: tuple[Option, ...] = ANSWERS) -> Choice:
        choice = self.query_one(Choice)
        choice.open("answer", "기관 답변", options)
        return choice

    @property
    def lines(self) -> list[str]:
        shown = self.query_one(LineList)
        return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]


SIZE = (60, 20)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["1"], ("accepted", "")),
        (["3"], ("no_answer", "")),
        (["enter"], ("accepted", "")),
        (["down", "down", "enter"], ("no_answer", "")),
        (["down", "up", "enter"], ("accepted", "")),
        (["ㅁ", "enter"], ("no_answer", "")),
        (["ㅁ", "ㅇ", "ㄷ", "enter"], ("no_answer", "")),
        (["ㅁ", "backspace", "enter"], ("accepted", "")),
        (["2", "enter"], ("declined", "")),
        (["2", *"만석 3", "enter"], ("declined", "만석 3")),
        (["ㄱ", "ㅈ", "enter", "x", "enter"], ("declined", "x")),
        (["4", "enter", "enter", *"1 x", "enter"], ("other", "1 x")),
    ],
)
async def test_ways_to_choose(keys: list[str], expected: tuple[str, str]) -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        choice = host.ask()
        await pilot.press(*keys)
        await pilot.pause()
        assert host.made == [("answer", *expected)]
        assert not choice.display
        assert host.focused is host.query_one(Button)


@pytest.mark.parametrize("key", ["escape", "f10"])
@pytest.mark.parametrize("before", [[], ["2"], ["4", "a"], ["ㅅ"]])
async def test_ways_out(key: str, before: list[str]) -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        choice = host.ask()
        await pilot.press(*before, key)
        assert (host.made, host.left) == ([], ["answer"])
        assert not choice.display


async def test_a_required_note_is_asked_for_until_it_is_there() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask()
        await pilot.press("4", "space", "enter")
        await pilot.pause()
        assert host.made == []
        assert host.query_one(Choice).display
        assert _("Please write a few words first.") in host.query_one(ChoiceTitle).render_line(0).text


async def test_what_is_refused_is_asked_for_again_with_what_was_typed() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        choice = host.ask()
        assert not choice.again("Nothing was typed yet.")
        await pilot.press("4", *"99999", "enter")
        await pilot.pause()
        assert not choice.display
        assert choice.again("Too many.")
        await pilot.pause()
        assert choice.display
        assert "Too many." in host.query_one(ChoiceTitle).render_line(0).text
        await pilot.press("backspace", "enter")
        await pilot.pause()
        assert host.made[-1] == ("answer", "other", "9999")
        assert host.focused is host.query_one(Button)


@pytest.mark.parametrize("then", ["taken", "another question", "left"])
async def test_what_was_typed_is_not_asked_for_again_later(then: str) -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        choice = host.ask()
        await pilot.press("4", *"99999", "enter")
        await pilot.pause()
        if then == "taken":
            choice.forget()
        else:
            host.ask()
            await pilot.press("1" if then == "another question" else "escape")
            await pilot.pause()
        assert not choice.again("Too many.")
        assert not choice.display


async def test_an_option_that_says_what_to_write_asks_for_that() -> None:
    places = Option("accepted", "수락", "남은 자리는 몇 개입니까?", note="optional")
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.query_one(Choice).open("answer", "어떤 응답입니까?", (places, *ANSWERS[1:]))
        await pilot.press("1")
        await pilot.pause()
        title = host.query_one(ChoiceTitle).render_line(0).text
        assert "어떤 응답입니까? 수락  남은 자리는 몇 개입니까? (Enter)" in title


async def test_a_resident_number_is_taken_out_before_the_text_leaves_the_prompt() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask()
        await pilot.press("4", *"moved 180302-3123456", "enter")
        await pilot.pause()
        assert host.made == []
        assert host.query_one(ChoiceInput).value == "moved "
        assert _("Do not take the resident number; it is not kept. The birth date is enough.")[:30] in (
            host.query_one(ChoiceTitle).render_line(0).text
        )
        await pilot.press("enter")
        await pilot.pause()
        assert host.made == [("answer", "other", "moved")]


async def test_options_show_their_digits_and_keep_them_when_narrowed() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask()
        await pilot.pause()
        assert host.lines[:2] == ["> 1 수락", host.lines[1]]
        assert host.lines[1].split() == ["2", "거절", "다음", "기관으로"]
        assert len(host.lines) == 4
        await pilot.press("ㅁ")
        await pilot.pause()
        assert [line for line in host.lines if line] == ["> 3 무응답"]
        await pilot.press("ㅋ", "enter")
        await pilot.pause()
        assert host.made == []
        assert host.lines[0].strip() == _("Nothing fits.")
        await pilot.press("4")
        assert host.query_one(ChoiceInput).takes_note


@pytest.mark.parametrize("lang", ["ko", "en"])
async def test_what_can_be_noted_after_care_is_told_whole_on_a_narrow_screen(lang: language.Language) -> None:
    language.use(lang)
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        host.ask(tuple(Option(code, _(label), _(hint)) for code, (label, hint) in after.NOTES.items()))
        await pilot.pause()
        assert len(host.lines) == len(after.NOTES)
        assert not [line for line in host.lines if ".." in line]


async def test_other_options_under_the_same_ids_are_drawn_anew() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask()
        await pilot.pause()
        host.ask((Option("accepted", "Accepted"), Option("no_answer", "No answer")))
        await pilot.pause()
        assert host.lines == ["> 1 Accepted", "  2 No answer"]


async def test_more_than_ten_options_can_be_reached() -> None:
    topics = tuple(Option(f"t{number}", f"유형 {number}") for number in range(1, 14))
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask(topics)
        await pilot.press("0")
        assert host.made == [("answer", "t10", "")]
        host.ask(topics)
        await pilot.press(*["down"] * 12, "enter")
        assert host.made[-1] == ("answer", "t13", "")


async def test_a_double_click_takes_an_option() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        host.ask()
        await pilot.pause()
        await pilot.click(LineList, offset=(5, 2), times=2)
        assert host.made == [("answer", "no_answer", "")]


async def test_more_options_than_lines_begin_at_the_first() -> None:
    async with Host().run_test(size=SIZE) as pilot:
        host = pilot.app
        assert isinstance(host, Host)
        host.ask(tuple(Option(str(number), f"이유 {number}") for number in range(12)))
        await pilot.pause()
        assert "이유 0" in host.lines[0]


async def test_the_next_question_of_as_many_options_shows_its_own() -> None:
    host = Host()
    async with host.run_test(size=SIZE) as pilot:
        for number in range(3):
            host.ask(tuple(Option(f"{number}{option.id}", f"{option.label}{number}") for option in ANSWERS))
            await pilot.pause()
            painted = "\n".join(strip.text for strip in host.screen._compositor.render_strips())
            assert f"무응답{number}" in painted
            await pilot.press("f10" if number else "1")
            await pilot.pause()
