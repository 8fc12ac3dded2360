"""How the Korean reads: nothing hides from the extraction, nothing stays English, everything fits the terminal."""

import ast
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

import callcenter
from callcenter.console.actions import ACTIONS, in_scopes
from callcenter.reference import data_folder

PACKAGE = Path(callcenter.__file__).parent
with (PACKAGE / "locale" / "ko" / "LC_MESSAGES" / "callcenter.po").open("rb") as lines:
    CATALOGUE = read_po(lines, locale="ko", abort_invalid=True)

FUNCTIONS: dict[str, tuple[int, ...] | None] = {"_": None, "mark": None, "ngettext": (1, 2)}
# Hours stand in a column of four cells.
AS_THEY_ARE = {"ID", "TOML", "? km", "{hours}h"}
# The console's last step makes the dash and the dots plain; the two marks stand in a command's table only.
TYPOGRAPHIC = set("–…✓✗")
# «을(를)» is nothing a colleague would say: a sentence is built so that any word fits into it.
BOTH_PARTICLES = ("(을", "(를", "(이)", "(가)", "(은", "(는", "(으", "을/를", "이/가", "은/는", "과/와")
LABEL = 5
_MOMENTS = "at|by|due|until|since|when|day|time|from|end|start|earliest|now"
# «at yesterday 18:00», «on tomorrow».
_BEFORE_SOME = re.compile(rf"\b(at|on) {{({_MOMENTS})}}")
# A particle that goes by the last sound, or one that no «오늘» or «내일» has.
_BEHIND_SOME = re.compile(rf"{{({_MOMENTS})}}\)?(이면|면|이|가|은|는|을|를|로|으로|과|와)\b|{{(day|from|until)}}에\b")


def sentences() -> list[tuple[str, str]]:
    """Each sentence of the code, and its Korean."""
    found = []
    for message in CATALOGUE:
        if message.id:
            english, korean = (one if isinstance(one, str) else one[0] for one in (message.id, message.string or ""))
            found.append((english, korean))
    return found


def said(path: Path) -> Iterator[str]:
    """What is given to one of the functions in a file, wherever the call stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def spoken(text: str) -> str:
    """A sentence without its values."""
    return "".join(part for part, *_rest in Formatter().parse(text))


def test_no_sentence_hides_from_the_extraction() -> None:
    """Babel does not look into an f-string on Python 3.11."""
    extracted = {
        message if isinstance(message, str) else message[0]
        for _file, _line, message, *_rest in extract_from_dir(PACKAGE, keywords=FUNCTIONS)
    }
    assert {text for path in PACKAGE.rglob("*.py") for text in said(path)} - extracted == set()


def test_no_english_is_left() -> None:
    with_words = [one for one in sentences() if any(map(str.isalpha, spoken(one[0]))) and one[0] not in AS_THEY_ARE]
    assert len(with_words) > 500
    assert [english for english, korean in with_words if not any("가" <= one <= "힣" for one in korean)] == []


def test_every_sign_is_as_wide_as_it_is_counted() -> None:
    ambiguous = [
        (korean, sign)
        for _english, korean in sentences()
        for sign in korean
        if unicodedata.east_asian_width(sign) == "A" and sign not in TYPOGRAPHIC
    ]
    assert ambiguous == []


def test_no_particle_is_left_to_choose() -> None:
    assert [korean for _english, korean in sentences() if any(one in korean for one in BOTH_PARTICLES)] == []


def data_sentences() -> Iterator[str]:
    """Each text of the data that values are put into, in both languages."""
    for name in ("phrases", "messages"):
        waiting: list[object] = [tomllib.loads((data_folder() / f"{name}.toml").read_text(encoding="utf-8"))]
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                waiting += one.values()
            elif isinstance(one, str):
                yield one


def test_a_moment_stands_where_any_can() -> None:
    """A moment is «18:00» or «yesterday 18:00», a day «today» or «Sat 11/28»: what is around it has to fit all."""
    texts = [*(text for pair in sentences() for text in pair), *data_sentences()]
    assert len(texts) > 1500
    assert [text for text in texts if _BEFORE_SOME.search(text) or _BEHIND_SOME.search(text)] == []


@pytest.fixture(scope="module")
def korean() -> Translations:
    compiled = BytesIO()
    write_mo(compiled, CATALOGUE)
    compiled.seek(0)
    return Translations(compiled)


def test_a_word_of_the_command_line_means_one_action(korean: Translations) -> None:
    words = [korean.gettext(action.label) for action in in_scopes("desk", "everywhere")]
    assert not any(" " in word for word in words)
    assert len(set(words)) == len(words)


def test_a_label_is_short_enough_for_the_line_of_keys(korean: Translations) -> None:
    assert [label for action in ACTIONS if len(label := korean.gettext(action.label)) > LABEL] == []


def test_the_line_of_keys_says_what_the_desk_calls_it(korean: Translations) -> None:
    wanted = {
        "f2": "새상담",
        "f3": "단순종결",
        "f5": "배정",
        "f6": "다음기관",
        "f7": "보류",
        "f9": "실행취소",
        "/": "명령",
        "?": "도움",
    }
    labels = {key: korean.gettext(action.label) for action in in_scopes("desk", "everywhere") for key in action.keys}
    assert {key: labels[key] for key in wanted} == wanted
