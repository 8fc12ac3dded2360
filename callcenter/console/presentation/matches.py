"""Who could take the request, best first, with the reasons in points; and who is out, and why."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from callcenter.care.matching import Match, Out, Points, Ranking, Term
from callcenter.console.presentation import glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName, length
from callcenter.console.presentation.columns import Column
from callcenter.console.presentation.figures import kilometres as _km
from callcenter.console.presentation.figures import signed as _points
from callcenter.console.presentation.flow import cut, flowed
from callcenter.desk.matches import Matches
from callcenter.desk.wording import block_sentence
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.text import moments

NEAREST_OUT = 3
_DIGITS = 9

_TERMS: Mapping[Term, str] = {
    "distance": mark("distance"),
    "free": mark("free"),
    "unknown_places": mark("places"),
    "acceptance": mark("accepts"),
    "freshness": mark("checked"),
    "recent": mark("last asked"),
}

COLUMNS: tuple[Column, ...] = (
    Column("digit", "", 1),
    Column("name", "", 10, share=1),
    Column("km", "", 5, align="right", importance=1),
    Column("places", "", 14),
    Column("points", "", 5, align="right", importance=2),
    Column("region", "", 6, importance=3),
)
"""The columns of the matches; titles would say nothing that the cells do not."""


def rows(matches: Matches, reference: Reference, now: datetime) -> list[Row]:
    """The best matches, the first nine with the digit that chooses them."""
    return [_row(number, match, reference) for number, match in enumerate(matches.ranking.matches, 1)]


def places(free: int | None, total: int | None) -> Cell:
    """Free places of all; unknown ones are never a number."""
    if total is None:
        return Cell(_("places unknown"), "unknown")
    look: StyleName = "ok" if free else "muted"
    return Cell(_("{free}/{total} free").format(free=free, total=total), look)


def explain(match: Match, reference: Reference, now: datetime, width: int) -> list[Pieces]:
    """The name and every reason that counts, with its points: «거리 1.2km -1.2 ∙ 잔여 3 +6 ∙ 수락 92% +9»."""
    name = words.short_provider(reference, match.candidate.name)
    found: list[Pieces] = [(Cell(name, "strong"), Cell(f" {_points(match.score)}", "info"))]
    for points in match.points:
        if points.value:
            fact = Cell(f"{_(_TERMS[points.term])} {_fact(points, now)} ")
            found.append((fact, Cell(_points(points.value), "ok" if points.value > 0 else "soon")))
    return flowed(found, width)


def out_lines(ranking: Ranking, reference: Reference, now: datetime, width: int) -> list[Pieces]:
    """The nearest who are out with their first reason, and how many are out for which reason."""
    found = [cut(_out(out, reference, now, width), width) for out in ranking.out[:NEAREST_OUT]]
    if ranking.why_out:
        counted = ", ".join(f"{words.block(code)} {count}" for code, count in ranking.why_out.items())
        found.append(cut((Cell(_("Out: "), "title"), Cell(counted, "muted")), width))
    return found


def _row(number: int, match: Match, reference: Reference) -> Row:
    candidate = match.candidate
    cells = (
        Cell(str(number) if number <= _DIGITS else "", "key"),
        Cell(words.short_provider(reference, candidate.name), "strong" if number == 1 else "normal"),
        Cell(_km(candidate.km), "muted"),
        places(candidate.free, candidate.places),
        Cell(_points(match.score), "info"),
        Cell(words.region(reference, candidate.region), "muted"),
    )
    return Row(candidate.provider_id, cells, hash(cells))


def _out(out: Out, reference: Reference, now: datetime, width: int) -> Pieces:
    candidate = out.candidate
    head = (
        Cell(f"{glyphs.NO} ", "muted"),
        Cell(words.short_provider(reference, candidate.name)),
        Cell(f" {_km(candidate.km)} ", "muted"),
    )
    whole = block_sentence(reference, candidate.blocks[0], now) if candidate.blocks else ""
    fits = whole and length((*head, Cell(whole))) <= width
    return (*head, Cell(whole if fits else words.block(out.codes[0]), "muted"))


_FACTS: Mapping[Term, Callable[[float, datetime], str]] = {
    "distance": lambda fact, _now: _km(fact),
    "free": lambda fact, _now: f"{fact:.0f}",
    "acceptance": lambda fact, _now: f"{fact:.0%}",
    "freshness": lambda fact, now: moments.ago(now - timedelta(minutes=fact), now),
    "recent": lambda fact, now: moments.ago(now - timedelta(minutes=fact), now),
}
_MISSING: Mapping[Term, str] = {
    "distance": mark("unknown"),
    "acceptance": mark("never asked"),
    "freshness": mark("never"),
    "recent": mark("never"),
}


def _fact(points: Points, now: datetime) -> str:
    if points.term == "unknown_places":
        return _("to be checked")
    if points.fact is None:
        return _(_MISSING[points.term])
    return _FACTS[points.term](points.fact, now)
