"""Who could take the request, best first, with the reasons in points; who is out, and why; and what else there is."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice

from callcenter.care.matching import Match, Out, Points, Ranking, Term
from callcenter.care.near_miss import Miss
from callcenter.care.siblings import Split
from callcenter.console.presentation import glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName, length
from callcenter.console.presentation.columns import Column
from callcenter.console.presentation.figures import kilometres as _km
from callcenter.console.presentation.figures import signed as _points
from callcenter.console.presentation.flow import cut, flowed
from callcenter.desk.matches import Matches, Option
from callcenter.desk.wording import block_sentence
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.text import moments

NEAREST_OUT = 3
_DIGITS = 9

TERMS: Mapping[Term, str] = {
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
    """The best matches, or what else there is: as many as there are digits to choose them by."""
    best = islice(matches.options.items(), _DIGITS)
    return [_row(number, key, option, reference) for number, (key, option) in enumerate(best, 1)]


def places(free: int | None, total: int | None) -> Cell:
    """Free places of all; unknown ones are never a number."""
    if total is None:
        return Cell(_("places unknown"), "unknown")
    look: StyleName = "ok" if free else "muted"
    return Cell(_("{free}/{total} free").format(free=free, total=total), look)


def explain(option: Option, ages: Mapping[str, str], reference: Reference, now: datetime, width: int) -> list[Pieces]:
    """The name and every reason with its points: «거리 1.2km -1.2 ∙ 잔여 3 +6 ∙ 수락 92% +9».

    Of siblings apart who takes whom, by the `ages` of the children, and why they are not together; of a near miss what
    would be otherwise.
    """
    if isinstance(option, Split):
        return _apart(option, ages, reference, width)
    if isinstance(option, Miss):
        changed = (Cell(_("Only if: "), "title"), Cell(words.change(reference, option.change), "soon"))
        return flowed([changed, *_explained(option.match, reference, now)], width)
    return flowed(_explained(option, reference, now), width)


def points_lines(matches: Matches, chosen: str | None, reference: Reference, width: int) -> list[Pieces]:
    """The points of the other matches, one line each: «2 주이레 거리 -2.8 잔여 +2 수락 +8»."""
    found: list[Pieces] = []
    for number, match in enumerate(matches.ranking.matches[:_DIGITS], 1):
        if match.candidate.provider_id != chosen:
            name = words.short_provider(reference, match.candidate.name)
            parts = [Cell(f"{number} ", "key"), Cell(name)]
            for points in match.points:
                if points.value:
                    look: StyleName = "ok" if points.value > 0 else "soon"
                    parts += [Cell(f" {_(TERMS[points.term])} ", "muted"), Cell(_points(points.value), look)]
            found.append(cut(tuple(parts), width))
    return found


def out_lines(ranking: Ranking, reference: Reference, now: datetime, width: int) -> list[Pieces]:
    """The nearest who are out with their first reason, and how many are out for which reason."""
    found = [cut(_out(out, reference, now, width), width) for out in ranking.out[:NEAREST_OUT]]
    if ranking.why_out:
        counted = words.counted(ranking.why_out.items())
        found.append(cut((Cell(_("Out: "), "title"), Cell(counted, "muted")), width))
    return found


def _explained(match: Match, reference: Reference, now: datetime) -> list[Pieces]:
    name = words.short_provider(reference, match.candidate.name)
    found: list[Pieces] = [(Cell(name, "strong"), Cell(f" {_points(match.score)}", "info"))]
    for points in match.points:
        if points.value or points.fact is not None:
            fact = Cell(f"{_(TERMS[points.term])} {_fact(points, now)} ")
            look: StyleName = "ok" if points.value > 0 else "soon" if points.value < 0 else "muted"
            found.append((fact, Cell(_points(points.value), look)))
    return found


def _apart(split: Split, ages: Mapping[str, str], reference: Reference, width: int) -> list[Pieces]:
    found: list[Pieces] = [(Cell(_("Apart: "), "title"),)]
    for part in split.parts:
        candidate = part.match.candidate
        whom = ", ".join(ages.get(child, "?") for child in part.children)
        name = words.short_provider(reference, candidate.name)
        found.append(
            (
                Cell(f"{whom} > "),
                Cell(name, "strong"),
                Cell(f" {_km(candidate.km)} "),
                places(candidate.free, candidate.places),
            )
        )
    found = flowed(found, width)
    if split.why:
        found.append(cut((Cell(_("Not together: "), "title"), Cell(words.counted(split.why), "muted")), width))
    return found


def _row(number: int, key: str, option: Option, reference: Reference) -> Row:
    digit = Cell(str(number), "key")
    if isinstance(option, Split):
        names = "+".join(words.short_provider(reference, part.match.candidate.name) for part in option.parts)
        apart = Cell(_("apart, {count}").format(count=len(option.parts)), "soon")
        cells = (
            digit,
            Cell(names),
            Cell(_km(option.km), "muted"),
            apart,
            Cell(_points(option.score), "info"),
            Cell(""),
        )
        return Row(key, cells, hash(cells))
    match = option.match if isinstance(option, Miss) else option
    candidate = match.candidate
    room = (
        Cell(words.change(reference, option.change), "soon")
        if isinstance(option, Miss)
        else places(candidate.free, candidate.places)
    )
    cells = (
        digit,
        Cell(words.short_provider(reference, candidate.name), "strong" if number == 1 else "normal"),
        Cell(_km(candidate.km), "muted"),
        room,
        Cell(_points(match.score), "info"),
        Cell(words.region(reference, candidate.region), "muted"),
    )
    return Row(key, cells, hash(cells))


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
