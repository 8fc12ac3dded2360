"""Whether the places of an offer are the desk's own: what the centre said, or not yet, and what stands in the way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER
from callcenter.console.presentation import glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit
from callcenter.console.presentation.flow import cut, paragraph
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.text import moments
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.desk.claim_history import ClaimStep
    from callcenter.desk.conflicts import ClaimConflict, Side
    from callcenter.store.reads import OfferRow

_SHORT: Mapping[str, tuple[str, StyleName]] = {
    "asked": (mark("check"), "soon"),
    "provisional": (mark("prov."), "soon"),
    "refused": (mark("clash"), "urgent"),
}
_TOLD: Mapping[str, tuple[str, str, StyleName]] = {
    "asked": (glyphs.UNKNOWN, mark("Checking: the centre has not said yet that the place is ours."), "soon"),
    "provisional": (
        glyphs.SOON,
        mark("Provisional: the line to the centre is down, and another desk may have the place. Tell the guardian so."),
        "soon",
    ),
}
_WHY: Mapping[str, str] = {
    "place": mark("Conflict, {key} decides: another child has the place of {number}."),
    "given": mark("Conflict, {key} decides: this child's place was offered to {number} too."),
    "child": mark("Conflict, {key} decides: the child of {number} is placed elsewhere too."),
    "crossed": mark("Conflict, {key} decides: one desk ended the offer of {number}, another went on with it."),
}
_BAR = f" {glyphs.SEPARATOR} "
_INDENT = 2
_STEPS = 3


def short(claim: str) -> tuple[str, StyleName] | None:
    """One short word for the queue and the strip; None where there is nothing to be told."""
    found = _SHORT.get(claim)
    return None if found is None else (_(found[0]), found[1])


def ended(offer: "OfferRow") -> str:
    """How an offer ended whose place another desk has; "" for any other."""
    if offer.claim != "refused":
        return ""
    return _("desk {desk} has that place").format(desk=offer.claim_desk or glyphs.UNKNOWN)


def lines(offers: "Sequence[OfferRow]", width: int) -> list[Pieces]:
    """Which live offers the centre has not granted yet, or could not be asked for: said once for all of them."""
    found: list[Pieces] = []
    for claim, (sign, sentence, look) in _TOLD.items():
        if any(offer.claim == claim and offer.state in OFFER.open for offer in offers):
            found += paragraph(Cell(f"{sign} ", look), Cell(_(sentence), look), width)
    return found


def conflict_lines(
    conflict: "ClaimConflict", shown: str, reference: Reference, now: datetime, key: str, width: int
) -> list[Pieces]:
    """Both offers side by side, the refused one first, and the `key` that decides; `shown` is the selected request."""
    why = conflict.why
    if why == "place" and shown != conflict.refused.offer.request_id:
        why = "given"
    sentence = _(_WHY.get(why, _WHY["place"])).format(key=key, number=conflict.refused.offer.number)
    found = paragraph(Cell(f"{glyphs.URGENT} ", "urgent"), Cell(sentence, "urgent"), width)
    left = _side(conflict.refused, reference, now)
    right = _across(conflict, reference, now)
    half = max((width - _INDENT - len(_BAR)) // 2, 1)
    for row, (mine, theirs) in enumerate(zip_longest(left, right, fillvalue="")):
        look: StyleName = "strong" if row == 0 else "normal"
        pieces = (
            Cell(" " * _INDENT),
            Cell(fit(mine, half), look),
            Cell(_BAR, "muted"),
            Cell(fit(theirs, half).rstrip(), look),
        )
        found.append(cut(pieces, width))
    return found


def step_lines(steps: "Sequence[ClaimStep]", told: Callable[[str], str], now: datetime, width: int) -> list[Pieces]:
    """What became of the request between the desks, the last of it; `told` masks whom it names."""
    found: list[Pieces] = []
    for step in steps[-_STEPS:]:
        head = f"{moments.stamp(moment(step.at), now)} {step.desk} {step.operator}: "
        found += paragraph(Cell(head, "muted"), Cell(told(step.words), "info"), width)
    return found


def _side(side: "Side", reference: Reference, now: datetime) -> tuple[str, ...]:
    offer = side.offer
    who = _("desk {desk} {operator}").format(desk=offer.desk, operator=offer.operator)
    if side.hidden:
        return offer.number, who, _("restricted")
    state = _("confirmed by the guardian") if offer.confirmed_at is not None else words.offer_state(offer.state)
    day = moment(side.request.start_at).date() if side.request is not None else now.date()
    ages = ", ".join(words.age(date.fromisoformat(child.birth), day) for child in side.children)
    provider = words.short_provider(reference, offer.provider or "")
    made = moments.stamp(moment(offer.made_at), now)
    return offer.number, who, " ".join(filter(None, (provider, ages))), f"{made} {state}"


def _across(conflict: "ClaimConflict", reference: Reference, now: datetime) -> tuple[str, ...]:
    """What stands against the offer: another one, or what a desk did with it that had ended elsewhere."""
    if conflict.other is not None:
        return _side(conflict.other, reference, now)
    if not conflict.crossed:
        return _unknown(conflict.other_desk)
    last = conflict.crossed[-1]
    who = _("desk {desk} {operator}").format(desk=last.desk, operator=last.operator)
    return _("went on with it"), who, moments.stamp(moment(last.at), now)


def _unknown(desk: str) -> tuple[str, ...]:
    """The other offer has not come in yet; the centre only said whose it is."""
    return _("desk {name}").format(name=desk or glyphs.UNKNOWN), _("not known here yet")
