"""Whom to ring now for a request and until when, in lines of cells."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from callcenter.care.priority import clock
from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.flow import BETWEEN, cut, paragraph
from callcenter.desk.facilities import day_number_answers, numbers_in_turn
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store.reads import OfferRow, ProviderRow
from callcenter.text import moments
from callcenter.text.moments import moment

CLOCK_LOOKS: Mapping[str, StyleName] = {"ok": "info", "soon": "soon", "over": "urgent"}


_HEADINGS: Mapping[str, tuple[str, StyleName]] = {
    "reserved": (mark("Place kept"), "soon"),
    "pending": (mark("Ring now"), "key"),
    "conditional": (mark("Yes on a condition"), "soon"),
    "accepted": (mark("Has accepted"), "ok"),
}


def lines(
    record: Mapping[str, str],
    offer: OfferRow,
    now: datetime,
    width: int,
    *,
    by_day: bool,
    doubted: Collection[str] = (),
) -> list[Pieces]:
    """Whom to ring now and until when, while an offer is under way or accepted, or a place is kept; else nothing.

    `record` is the provider's row of `providers.csv`. The number is the one for the hour, at which the day number is
    answered or not (`by_day`); where it is not known, the next one that is. `doubted` are numbers at which the
    provider was not to be reached.
    """
    if offer.state not in _HEADINGS:
        return []
    heading, look = _HEADINGS[offer.state]
    name = offer.provider or record.get("name", "")
    found = [*paragraph(Cell(f"{_(heading)}: ", look), Cell(name, "strong"), width)]
    if offer.state != "reserved":
        found += _called(record, by_day, doubted, width)
    found += condition(offer, width)
    state = _agreed(offer, now) if offer.state == "accepted" else _waiting(offer, now)
    return [*found, cut(state, width)]


def condition(offer: OfferRow, width: int) -> list[Pieces]:
    """What the provider asks for before it takes the child; nothing where it asks for nothing, or said no."""
    if not offer.condition or offer.state not in ("conditional", "accepted"):
        return []
    return paragraph(Cell(_("Condition: "), "soon"), Cell(offer.condition, "urgent"), width)


def _called(record: Mapping[str, str], by_day: bool, doubted: Collection[str], width: int) -> list[Pieces]:
    label, number = number_for(record, by_day=by_day)
    if not number:
        return [cut((Cell(f"{glyphs.URGENT} " + _("check the telephone number"), "urgent"),), width)]
    found = [cut((Cell(f"{glyphs.CURSOR} {number}", "strong"), Cell(f" {label}", "muted")), width)]
    if number in doubted:
        found += paragraph(Cell(f"{glyphs.URGENT} ", "urgent"), Cell(_("This was a wrong number."), "urgent"), width)
    return found


def _agreed(offer: OfferRow, now: datetime) -> Pieces:
    if offer.confirmed_at is not None:
        return (Cell(_("guardian confirmed {at}").format(at=moments.stamp(moment(offer.confirmed_at), now)), "ok"),)
    return (Cell(_("now tell the guardian and confirm"), "soon"),)


def _waiting(offer: OfferRow, now: datetime) -> Pieces:
    due, reserved = moment(offer.expires_at), offer.state == "reserved"
    look = CLOCK_LOOKS[clock("reservation" if reserved else "offer", due, now).state]
    if reserved:
        sentence = _("kept until {at} while the guardian thinks")
    elif offer.state == "conditional":
        sentence = _("ask the guardian by {at}")
    else:
        sentence = _("ring again: {at}") if offer.ring_again else _("answer by {at}")
    told = sentence.format(at=moments.stamp(due, now))
    ask = not offer.places_known and not reserved
    asked: Pieces = (BETWEEN, Cell(_("ask how many places are free"), "soon")) if ask else ()
    return (Cell(f"{moments.countdown(due, now)} ", look), Cell(told, "muted"), *asked)


def number_for(record: Mapping[str, str], *, by_day: bool) -> tuple[str, str]:
    """The kind of number and the number to ring; the number is "" when none is known."""
    labels = {"phone_day": _("by day"), "phone_night": _("at night"), "phone_oncall": _("on call")}
    return next(
        ((labels[field], record[field]) for field in numbers_in_turn(by_day=by_day) if record.get(field)), ("", "")
    )


def number_to_ring(provider: ProviderRow, reference: Reference, now: datetime) -> str:
    """The provider's number for the hour; "" when none is known."""
    return number_for(json.loads(provider.record), by_day=day_number_answers(reference, provider, now))[1]
