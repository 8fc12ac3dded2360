"""Two complete languages: every sentence of the code has its Korean, every sentence of the data has both."""

import gettext
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import callcenter
from callcenter import language
from callcenter.language import Words
from callcenter.reference import Reference

PACKAGE = Path(callcenter.__file__).parent
CATALOGUE = PACKAGE / "locale" / "ko" / "LC_MESSAGES" / "callcenter.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2), "mark": None}
_PLACEHOLDER = re.compile(r"\{([a-z_]*)[^}]*\}")
_HANGUL = re.compile(r"[가-힣]")
_OTHER_SCRIPT = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")

Message = str | tuple[str, ...]


def placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


@cache
def in_code() -> dict[Message, str]:
    """Every message of the code, and where it stands."""
    found: dict[Message, str] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found[message] = f"{file}:{line}"
    return found


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="ko", abort_invalid=True)


def translated() -> Iterator[tuple[Message, tuple[str, ...]]]:
    for message in catalogue():
        if message.id:
            strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            yield message.id if isinstance(message.id, str) else tuple(message.id), tuple(map(str, strings))


def singular(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def test_the_code_is_read() -> None:
    assert len(in_code()) > 200
    assert ("{count} entry, unbroken.", "{count} entries, unbroken.") in in_code()
    assert "{path} exists already. Nothing was changed." in in_code()


def test_every_sentence_of_the_code_is_in_the_catalogue() -> None:
    known = {singular(message): message for message, _strings in translated()}
    missing = [f"{where}: {message!r}" for message, where in in_code().items() if singular(message) not in known]
    assert missing == []
    # One that is counted must be counted in both.
    plain = [
        message for message in in_code() if not isinstance(message, str) and isinstance(known[singular(message)], str)
    ]
    assert plain == []


def test_the_catalogue_holds_no_sentence_that_the_code_lost() -> None:
    said = {singular(message) for message in in_code()}
    assert [message for message, _strings in translated() if singular(message) not in said] == []
    assert list(catalogue().obsolete) == []


def test_every_translation_is_there_and_sure() -> None:
    assert [message for message, strings in translated() if not all(strings)] == []
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    wrong = []
    for message, strings in translated():
        # Korean has one form; it must hold what the plural holds.
        wanted = placeholders(message if isinstance(message, str) else message[-1])
        wrong += [(message, text) for text in strings if placeholders(text) != wanted]
    assert wrong == []


def test_a_translation_neither_adds_nor_drops_blanks_at_its_ends() -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert [message for message, (text, *_) in translated() if ends(text) != ends(singular(message))] == []


def test_what_is_said_in_english_is_english() -> None:
    # Two words of the other language are its own names, shown so that who cannot read this one finds it.
    own_names = {"한국어", "한/영"}
    found = [message for message in in_code() if _OTHER_SCRIPT.search(singular(message))]
    assert [message for message in found if not any(name in singular(message) for name in own_names)] == []


def test_the_program_speaks_korean_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_current", "en")
    language.use("ko")
    try:
        said = language._("There is nothing to list.")
        counted = language.ngettext("{count} entry, unbroken.", "{count} entries, unbroken.", 2)
        assert _HANGUL.search(said)
        assert _HANGUL.search(counted)
        assert language.current() == "ko"
        assert str(Words("가", "a")) == "가"
        assert language._("") == ""
    finally:
        language.use("en")
    assert language._("There is nothing to list.") == "There is nothing to list."
    assert str(Words("가", "a")) == "a"
    assert Words("가", "a").in_("ko") == "가"


def test_the_catalogue_gives_what_one_read_in_whole_gives() -> None:
    whole = gettext.translation("callcenter", PACKAGE / "locale", ["ko"])
    searched = gettext.translation("callcenter", PACKAGE / "locale", ["ko"], language.Catalogue)
    assert isinstance(searched, language.Catalogue)
    known = [*translated()]
    assert len(known) > 1000
    for message, _strings in known:
        if isinstance(message, str):
            assert searched.gettext(message) == whole.gettext(message)
            continue
        one, many, *_more = message
        for count in (1, 2):
            assert searched.ngettext(one, many, count) == whole.ngettext(one, many, count)
    for unknown in ("", "A", "There is no such sentence.", "힣"):
        assert searched.gettext(unknown) == whole.gettext(unknown)
    assert [searched.ngettext("one cat", "{count} cats", count) for count in (1, 2)] == ["one cat", "{count} cats"]


def words_in(value: object, path: str) -> Iterator[tuple[str, Words]]:
    """Every bilingual text below a value, and where it stands."""
    if isinstance(value, Words):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from words_in(item, f"{path}.{key}")
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name, item in zip(value._fields, value, strict=True):
            yield from words_in(item, f"{path}.{name}")
    elif isinstance(value, (tuple, list)):
        for number, item in enumerate(value):
            yield from words_in(item, f"{path}[{number}]")
    elif isinstance(value, Reference):
        yield from words_in(vars(value), path)
    elif is_dataclass(value):
        for field in fields(value):
            yield from words_in(getattr(value, field.name), f"{path}.{field.name}")


def test_every_text_of_the_data_is_there_in_both_languages(data: Reference) -> None:
    found = list(words_in(data, "data"))
    assert len(found) > 150
    for path, words in found:
        assert words.ko.strip(), path
        assert words.en.strip(), path
        assert set(placeholders(words.ko)) == set(placeholders(words.en)), path
        assert not _OTHER_SCRIPT.search(words.en), path
