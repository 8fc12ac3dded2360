"""The words of the command line."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import callcenter
from callcenter import language
from callcenter.console.actions import command_word, in_scopes
from callcenter.console.commands import (
    NOTE,
    SELECT,
    VERBS,
    Command,
    CommandMistake,
    Verb,
    completions,
    parse,
    request_of,
)
from callcenter.console.presentation.completion import completed, narrowed, split
from callcenter.text.hangul import to_keys

NUMBERS = ("A-1124-006", "A-1124-007", "A-1124-017", "A-1123-009", "B2-1124-007", "B2-1124-1042")
OWN = ("A-1124-006", "A-1124-007", "A-1124-017", "A-1123-009")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("배정 7 2", Command("match.place", "A-1124-007", "2")),
        ("/배정 7 2", Command("match.place", "A-1124-007", "2")),
        ("place 007 2", Command("match.place", "A-1124-007", "2")),
        ("PLACE a-1124-007", Command("match.place", "A-1124-007")),
        ("qowjd 7", Command("match.place", "A-1124-007")),
        ("배정", Command("match.place")),
        ("수락 7", Command("offer.answer", "A-1124-007", "accepted")),
        ("거절 17", Command("offer.answer", "A-1124-017", "declined")),
        ("무응답", Command("offer.answer", None, "no_answer")),
        ("응답 9", Command("offer.answer", "A-1123-009")),
        ("취소 7", Command("request.cancel", "A-1124-007")),
        ("보류 7 30", Command("request.hold", "A-1124-007", "30")),
        ("hold 7", Command("request.hold", "A-1124-007")),
        ("007", Command(SELECT, "A-1124-007")),
        ("/A-1124-007", Command(SELECT, "A-1124-007")),
        ("1123-9", Command(SELECT, "A-1123-009")),
        ("메모 7시에 다시  전화", Command(NOTE, None, "7시에 다시  전화")),
        ("note call again", Command(NOTE, None, "call again")),
        ("언어 en", Command("language.switch", None, "en")),
        ("language", Command("language.switch")),
        ("종료", Command("program.quit")),
        ("whdfy", Command("program.quit")),
        ("새상담", Command("request.new")),
        ("선택 3", None),
        ("기관선택 3", Command("match.choose", None, "3")),
    ],
)
def test_reads_commands(line: str, command: Command | None) -> None:
    found = parse(line, OWN)
    assert found == command if command else isinstance(found, CommandMistake)


@pytest.mark.parametrize("spoken", ["ko", "en"])
def test_every_word_works_in_both_languages(spoken: language.Language) -> None:
    language.use(spoken)
    for verb in VERBS:
        for word in (verb.words.ko, verb.words.en, to_keys(verb.words.ko), verb.words.en.upper()):
            found = parse(f"{word} x" if verb.kind == "text" else word, OWN)
            assert isinstance(found, Command), word
            assert (found.action, found.argument) == (verb.action, "x" if verb.kind == "text" else verb.implied)


def test_every_action_of_the_desk_has_the_word_that_its_label_is() -> None:
    catalogue = Path(callcenter.__file__).parent / "locale" / "ko" / "LC_MESSAGES" / "callcenter.po"
    with catalogue.open("rb") as lines:
        korean = read_po(lines)
    for action in in_scopes("desk", "everywhere"):
        words = next(verb.words for verb in VERBS if verb.action == action.id and verb.implied is None)
        translated = korean.get(action.label)
        assert words.en == command_word(action)
        assert translated is not None
        assert words.ko == "".join(str(translated.string).split())


def test_no_word_means_two_things() -> None:
    words = [word for verb in VERBS for word in {verb.words.ko, verb.words.en}]
    assert len(set(words)) == len(words)
    assert all(word.split() == [word] for word in words)


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("", "command", "Tab"),
        ("/", "command", "Tab"),
        ("놀기", "no_such_command", "놀기"),
        ("배", "no_such_command", "배"),
        ("배정 8", "no_such_number", "8"),
        ("8", "no_such_number", "8"),
        ("배정 7", "several_numbers", "A-1124-007, B2-1124-007"),
        ("1124-7", "several_numbers", "A-1124-007, B2-1124-007"),
        ("배정 A-1124-007 0", "wrong_argument", "0"),
        ("배정 A-1124-007 열", "wrong_argument", "열"),
        ("보류 6 내일", "wrong_argument", "내일"),
        ("보류 6 0", "wrong_argument", "0"),
        ("보류 6 9999", "wrong_argument", "9999"),
        ("언어 fr", "wrong_argument", "ko, en"),
        ("수락 6 7", "too_much", "7"),
        ("종료 지금", "too_much", "지금"),
        ("6 17", "too_much", "17"),
        ("메모", "nothing_noted", "note"),
        ("메모  ", "nothing_noted", "note"),
    ],
)
def test_says_what_is_wrong(line: str, code: str, told: str) -> None:
    found = parse(line, NUMBERS)
    assert isinstance(found, CommandMistake)
    assert found.code == code
    assert told in str(found)


@given(st.text())
def test_no_line_is_more_than_a_mistake(line: str) -> None:
    assert isinstance(parse(line, NUMBERS), Command | CommandMistake)


@given(st.sampled_from(NUMBERS), st.data())
def test_a_number_is_found_by_its_whole_and_never_by_that_of_another(number: str, data: st.DataObject) -> None:
    assert request_of(number, NUMBERS) == number
    end = number[data.draw(st.integers(0, len(number) - 1)) :]
    found = parse(end, NUMBERS)
    if isinstance(found, Command) and found.action == SELECT:
        assert found.number is not None
        assert int(found.number.split("-")[-1]) == int(end.split("-")[-1])


def offered(line: str) -> list[str]:
    return [one.text for one in narrowed(split(line)[1], completions(line, OWN))]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("pl", ["place"]),
        ("place ", sorted(OWN)),
        ("place A-1124-01", ["A-1124-017"]),
        ("place A-1124-007 ", list("123456789")),
        ("hold 7 ", ["15", "30", "60"]),
        ("language ", ["ko", "en"]),
        ("accept 7 ", []),
        ("quit ", []),
        ("note ", []),
        ("nonsense ", []),
        ("A-1123", ["A-1123-009"]),
    ],
)
def test_completes(line: str, left: list[str]) -> None:
    assert offered(line) == left


def test_completes_in_the_language_of_the_screen() -> None:
    language.use("ko")
    try:
        assert offered("ㅂㅈ") == ["배정"]
        assert offered("qow") == ["배정"]
        assert completed("배", completions("배", OWN)) == "배정 "
    finally:
        language.use("en")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.words.en)
def test_what_is_completed_is_understood(verb: Verb) -> None:
    line = verb.words.en
    while words := completions(f"{line} ", OWN):
        line = f"{line} {words[0].text}"
    found = parse(line, OWN)
    assert isinstance(found, Command) or found.code == "nothing_noted"
