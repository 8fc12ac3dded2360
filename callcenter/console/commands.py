"""The words of the command line: what `/배정 7 2` or `/place 7 2` means, and how a line can go on.

A request is named by its receipt number or the end of it: A-1124-007, 1124-7, 007 and 7 are the same one while no other
open request ends so. Every word works in both languages, whatever language the screen speaks, and in Korean with
Hangul switched off.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from callcenter.console.actions import command_word, in_scopes
from callcenter.console.presentation.completion import Completion, split
from callcenter.errors import CallcenterError
from callcenter.language import LANGUAGES, Words, _, current, mark
from callcenter.text.hangul import to_hangul

SELECT = "request.select"
"""Not an action of the registry: the number alone selects its request."""
NOTE = "note.add"
"""Not an action of the registry: writes the note to the selected request."""

Kind = Literal["", "match", "minutes", "language", "text", "words"]
_MATCHES = "123456789"
_MINUTES = ("15", "30", "60")
_NUMBER = re.compile(r"(?:[A-Z0-9]{1,6}-)?(?:\d{1,4}-)?\d{1,6}", re.IGNORECASE)


class CommandMistake(CallcenterError):
    """The line is no command."""

    code = "command"
    sentence = mark("Type a command; Tab shows how it can go on.")


class NoSuchCommand(CommandMistake):
    """No verb of this name. Values: word."""

    code = "no_such_command"
    sentence = mark("There is no command «{word}». Tab shows what there is.")


class NoSuchNumber(CommandMistake):
    """No open request has this number. Values: number."""

    code = "no_such_number"
    sentence = mark("No open request has the number {number}.")


class SeveralNumbers(CommandMistake):
    """The number is the end of several. Values: number, numbers."""

    code = "several_numbers"
    sentence = mark("{number} could be {numbers}. Type more of it.")


class WrongArgument(CommandMistake):
    """What stands behind the command is not what it takes. Values: found, allowed."""

    code = "wrong_argument"
    sentence = mark("«{found}» cannot stand here. It can be: {allowed}.")


class TooMuch(CommandMistake):
    """More words than the command takes. Values: found."""

    code = "too_much"
    sentence = mark("«{found}» is too much for this command.")


class NothingNoted(CommandMistake):
    """A note without a word."""

    code = "nothing_noted"
    sentence = mark("Write the note behind the command.")


@dataclass(frozen=True, slots=True)
class Command:
    """What a line means: an action, the receipt number of the request it is for, and its argument.

    Without a number the selected request is meant. The argument is, by action: the number of a match, minutes to hold,
    a language, the provider's answer (`accepted`, `declined`, `no_answer`, `busy`, `wrong_number`, `later`), the text
    of a note, or words as they were typed: what to search for, a telephone number, a time.
    """

    action: str
    number: str | None = None
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that begins a line: whether a request may follow, what may follow then, or which argument it implies."""

    action: str
    words: Words
    request: bool = False
    kind: Kind = ""
    implied: str | None = None


VERBS: tuple[Verb, ...] = (
    Verb("match.place", Words("배정", "place"), request=True, kind="match"),
    Verb("match.choose", Words("기관선택", "match"), kind="match"),
    Verb("match.next", Words("다음기관", "next")),
    Verb("plan.open", Words("전체제안", "wholequeue")),
    Verb("plan.open", Words("전체", "whole")),
    Verb("offer.answer", Words("수락", "accept"), request=True, implied="accepted"),
    Verb("offer.answer", Words("거절", "refuse"), request=True, implied="declined"),
    Verb("offer.answer", Words("무응답", "noanswer"), request=True, implied="no_answer"),
    Verb("offer.answer", Words("통화중", "busy"), request=True, implied="busy"),
    Verb("offer.answer", Words("번호오류", "wrongnumber"), request=True, implied="wrong_number"),
    Verb("offer.answer", Words("나중에", "later"), request=True, implied="later"),
    Verb("offer.answer", Words("응답", "answer"), request=True),
    Verb("place.keep", Words("자리맡기", "keepplace"), request=True),
    Verb("place.give_back", Words("자리반납", "giveback"), request=True),
    Verb("request.confirm", Words("확정", "confirm"), request=True),
    Verb("request.hold", Words("보류", "hold"), request=True, kind="minutes"),
    Verb("request.cancel", Words("취소", "cancel"), request=True),
    Verb("request.amend", Words("수정", "amend"), request=True),
    Verb("message.show", Words("문자", "messages"), request=True),
    Verb("after.open", Words("사후", "afterwards"), request=True),
    Verb("step.correct", Words("정정", "correct")),
    Verb("record.reveal", Words("가림해제", "show"), request=True),
    Verb("request.new", Words("새상담", "new")),
    Verb("draft.open", Words("작성중", "drafts")),
    Verb("enquiry.close", Words("단순종결", "enquiry")),
    Verb(NOTE, Words("메모", "note"), kind="text"),
    Verb("search.open", Words("찾기", "search"), kind="words"),
    Verb("desk.undo", Words("실행취소", "undo")),
    Verb("call.take", Words("전화받기", "takecall")),
    Verb("call.end", Words("통화종료", "endcall")),
    Verb("call.hold", Words("통화보류", "holdcall")),
    Verb("call.number", Words("발신번호", "callernumber"), kind="words"),
    Verb("callback.list", Words("콜백", "call-backs"), kind="words"),
    Verb("callback.promise", Words("콜백약속", "promise"), kind="words"),
    Verb("stay.list", Words("이용", "care")),
    Verb("safety.raise", Words("위급", "danger")),
    Verb("alarm.acknowledge", Words("알림확인", "noted")),
    Verb("conflict.decide", Words("충돌", "conflict"), request=True),
    Verb("work.take_over", Words("넘겨받기", "takeover"), request=True),
    Verb("field.choose", Words("두값", "twovalues"), request=True),
    Verb("centre.open", Words("중앙", "centre")),
    Verb("language.switch", Words("언어", "language"), kind="language"),
    Verb("help.open", Words("도움", "help")),
    Verb("availability.open", Words("기관", "availability")),
    Verb("menu.open", Words("메뉴", "menu")),
    Verb("command.open", Words("명령", "command")),
    Verb("pane.next", Words("다음칸", "nextpane")),
    Verb("pane.previous", Words("이전칸", "previouspane")),
    Verb("program.quit", Words("종료", "quit")),
)


def parse(line: str, numbers: Collection[str]) -> Command | CommandMistake:
    """What a line without its `/` means, or what is wrong with it; `numbers` are those of the open requests."""
    try:
        return _parsed(line, numbers)
    except CommandMistake as mistake:
        return mistake


def completions(line: str, numbers: Collection[str]) -> Sequence[Completion]:
    """Every word that could stand in place of the line's last one."""
    before = split(line)[0].split()
    if not before:
        return [*map(_offered, VERBS), *(Completion(number, _("Select it")) for number in sorted(numbers))]
    verb = _verb(before[0])
    if verb is None:
        return ()
    given = before[1:]
    if verb.request and not given:
        return [Completion(number) for number in sorted(numbers)]
    if len(given) == int(verb.request):
        return [Completion(word) for word in _allowed(verb.kind)]
    return ()


def request_of(word: str, numbers: Collection[str]) -> str:
    """The receipt number that a word means. Raises NoSuchNumber and SeveralNumbers."""
    wanted = word.upper()
    if wanted in numbers:
        return wanted
    found = sorted(number for number in numbers if _ends_so(number, wanted))
    if not found:
        raise NoSuchNumber(number=word)
    if len(found) > 1:
        raise SeveralNumbers(number=word, numbers=", ".join(found))
    return found[0]


def _parsed(line: str, numbers: Collection[str]) -> Command:
    word, _blank, rest = line.strip().removeprefix("/").strip().partition(" ")
    if not word:
        raise CommandMistake
    verb = _verb(word)
    if verb is None:
        if _NUMBER.fullmatch(word) and any(character.isdigit() for character in word):
            return _nothing_left(Command(SELECT, request_of(word, numbers)), rest.split())
        raise NoSuchCommand(word=word)
    if verb.kind == "text":
        if not rest.strip():
            raise NothingNoted
        return Command(verb.action, None, rest.strip())
    if verb.kind == "words":
        return Command(verb.action, None, rest.strip() or None)
    given = rest.split()
    number = request_of(given.pop(0), numbers) if verb.request and given else None
    argument = _argument(verb.kind, given.pop(0)) if verb.kind and given else verb.implied
    return _nothing_left(Command(verb.action, number, argument), given)


def _nothing_left(command: Command, words: Sequence[str]) -> Command:
    if words:
        raise TooMuch(found=" ".join(words))
    return command


def _verb(word: str) -> Verb | None:
    """The verb of a word: in either language, or by the label of its action as the screen shows it."""
    folded = word.casefold()
    typed = {folded, to_hangul(folded)}
    for verb in VERBS:
        if typed & {verb.words.ko, verb.words.en}:
            return verb
    labels = {command_word(action): action.id for action in in_scopes("desk", "everywhere")}
    action = labels.get(folded)
    return next((verb for verb in VERBS if verb.action == action and verb.implied is None), None)


def _offered(verb: Verb) -> Completion:
    return Completion(verb.words.in_(current()), verb.words.in_("en" if current() == "ko" else "ko"))


def _argument(kind: Kind, word: str) -> str:
    allowed = _allowed(kind)
    fits = word.isdecimal() and 0 < int(word) <= 24 * 60 if kind == "minutes" else word in allowed
    if not fits:
        raise WrongArgument(found=word, allowed=", ".join(allowed))
    return word


def _allowed(kind: Kind) -> Sequence[str]:
    match kind:
        case "match":
            return tuple(_MATCHES)
        case "minutes":
            return _MINUTES
        case "language":
            return LANGUAGES
    return ()


def _ends_so(number: str, wanted: str) -> bool:
    """Whether a receipt number ends in these parts; the last part is a number, so 7 is 007."""
    parts, asked = number.split("-"), wanted.split("-")
    if len(asked) > len(parts) or not asked[-1].isdecimal():
        return False
    return int(parts[-1]) == int(asked[-1]) and parts[-len(asked) : -1] == asked[:-1]
