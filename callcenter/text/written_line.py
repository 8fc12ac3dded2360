"""The words of a line of intake written as a line that says the same."""

from collections.abc import Iterable
from datetime import date

from callcenter.text.intake_line import Kind, Word
from callcenter.text.person_names import quoted, written_name
from callcenter.text.spoken_ages import written_children
from callcenter.text.spoken_days import written_day
from callcenter.text.spoken_times import Span, written_span

_APART: frozenset[tuple[Kind, Kind | None]] = frozenset({("time", "day"), ("time", "time"), ("child", "child")})


def written(words: Iterable[Word]) -> str:
    """The words as a line that `read_line` reads back with the same kinds, values and choices; notes are in quotes.

    What was refused is left out, and neighbouring notes become one.
    """
    parts: list[str] = []
    last: Kind | None = None
    asked = False
    for word in words:
        if word.kind == "note" and last == "note":
            parts[-1] = f"{parts[-1][:-1]} {_written(word)[1:]}"
        elif word.kind == "child" and last == "child" and not asked:
            parts[-1] += f"+{_written(word)}"
        elif word.kind == "refused" or (word.kind, last) in _APART:
            # What stood apart stays apart: a time does not join the day or the start before it.
            parts.append(";" if word.kind == "refused" else f"; {_written(word)}")
        else:
            parts.append(_written(word))
        last, asked = word.kind, bool(word.choices)
    return " ".join(parts).strip("; ")


def _written(word: Word) -> str:
    if word.choices:
        return word.text
    if isinstance(word.value, Span):
        return written_span(word.value)
    if isinstance(word.value, tuple):
        return written_children(word.value)
    if isinstance(word.value, date):
        return written_day(word.value)
    if word.kind == "guardian" or word.kind == "child_name":
        return written_name(str(word.value), word.kind)
    if word.kind == "note":
        return quoted(str(word.value))
    return str(word.value) if word.kind == "phone" else word.text
