"""The selected request: who asks, for whom, when and why, what was tried, whom to ring now, what the rules say."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from callcenter.care.lifecycle import OFFER, WAITING
from callcenter.care.priority import ClockKind, clock
from callcenter.console.presentation import after, claims, glyphs, stays, to_ring, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, length
from callcenter.console.presentation.flow import cut, flowed, paragraph
from callcenter.console.presentation.to_ring import CLOCK_LOOKS, number_to_ring
from callcenter.desk.permission import PLATFORM
from callcenter.desk.restricted import Restricted
from callcenter.desk.view import RequestView
from callcenter.language import _, ngettext
from callcenter.reference import Reference
from callcenter.store.choices import ChoiceRow
from callcenter.store.reads import ChildRow, GuardianRow, OfferRow, ProviderRow, RequestRow
from callcenter.text import moments
from callcenter.text.masking import mask_address, mask_name, mask_people, mask_phone
from callcenter.text.moments import moment
from callcenter.text.phone import display_phone

NOTES = 2
NOTE_LINES = 3


def lines(view: RequestView, reference: Reference, now: datetime, width: int, revealed: bool) -> list[Pieces]:
    """Everything known of the request but its matches, none of it wider than `width`.

    Names and numbers of the family are masked, in notes too, unless they are `revealed`.
    """
    request = view.request
    if view.hidden:
        found = flowed(_title(request, reference), width)
        found += flowed([*_wish(request, reference, now), *_clocks(request, now)], width)
        return found + paragraph(Cell(f"{glyphs.URGENT} ", "urgent"), Cell(_(Restricted.sentence), "urgent"), width)
    names = [child.name for child in view.children] + ([view.guardian.name] if view.guardian else [])

    def told(text: str) -> str:
        return text if revealed else mask_people(text, names)

    found = flowed(_title(request, reference), width)
    found += flowed([*_wish(request, reference, now), *_clocks(request, now)], width)
    found += _danger(view.danger, width)
    found += flowed(_guardian(view.guardian, view.history, now, revealed), width)
    found += _handover(request, told, width)
    if view.past is not None:
        found += flowed([after.no_show(view.past.no_shows, now)], width)
    for child in view.children:
        found += flowed(_child(child, moment(request.start_at).date(), revealed), width)
        found += _care(child, reference, told, width)
    found += stays.lines(view.stays, now, width)
    for offer in view.offers:
        if offer is not view.leading:
            found += flowed(_offer(offer, view.asked.get(offer.provider_id), reference, now), width)
            found += to_ring.condition(offer, width)
        if choice := view.choices.get(offer.id):
            who = "" if offer is view.leading else f"{words.short_provider(reference, offer.provider or '')} "
            found += _chosen(choice, who, reference, width)
    if view.messages:
        from callcenter.console.presentation.messages import panel_lines

        found += panel_lines(view.messages, now, width)
    found += after.lines(view.past, now, width)
    for note in view.notes[-NOTES:]:
        head = f"{moments.stamp(moment(note.at), now)} {note.operator}: "
        if note.operator == PLATFORM.name:
            found += _marked(head, told(note.text), width)
        else:
            found += _short(paragraph(Cell(head, "muted"), Cell(told(note.text), "note"), width), width)
    return found + claims.step_lines(view.claims, told, now, width)


def _danger(danger: Sequence[tuple[str, str]], width: int) -> list[Pieces]:
    """That danger was raised in a call of the request: whom it was told, and the case numbers where they fit."""
    if not danger:
        return []
    from callcenter.desk.safety import AGENCIES

    def line(told: Sequence[str]) -> Pieces:
        sentence = _("Danger was raised: {agencies}").format(agencies=", ".join(dict.fromkeys(told)))
        return (Cell(f"{glyphs.URGENT} {sentence}", "urgent"),)

    whole = line([f"{AGENCIES[what]} {number}".strip() for what, number in danger])
    return [whole if length(whole) <= width else cut(line([AGENCIES[what] for what, _number in danger]), width)]


def _chosen(choice: ChoiceRow, who: str, reference: Reference, width: int) -> list[Pieces]:
    """That another than the first was taken and why, or what the guardian agreed to change for it."""
    from callcenter.care.near_miss import read_change

    found: list[Pieces] = []
    reason = reference.choice_reasons.get(choice.why_not_first)
    if reason is not None:
        head = who + _("choice {rank}").format(rank=choice.rank) + ": "
        found += paragraph(Cell(head, "muted"), Cell(str(reason.words)), width)
    if choice.change:
        change = words.change(reference, read_change(choice.change))
        found.append(cut((Cell(who, "muted"), Cell(_("changed: {change}").format(change=change))), width))
    return found


def _title(request: RequestRow, reference: Reference) -> list[Pieces]:
    sign, look = words.urgency_sign(request.urgency)
    urgent = f"{sign} {words.urgency(request.urgency)} {words.first_number(request.urgency)}".rstrip()
    ended = reference.refusals.get(request.ended_reason or "")
    why = str(ended.words) if ended else request.ended_reason or ""
    return [
        (Cell(request.number, "title"),),
        (Cell(urgent, look),) if request.urgency != "normal" else (),
        (Cell(words.state(request.state), words.state_look(request.state)), Cell(f" {why}" if why else "")),
        (Cell(words.channel(request.channel), "info"),) if request.channel != "hotline" else (),
    ]


def _wish(request: RequestRow, reference: Reference, now: datetime) -> list[Pieces]:
    start, end = moment(request.start_at), moment(request.end_at)
    region = reference.regions.get(request.region)
    residence = request.residence if request.residence != request.region else None
    reason = reference.reasons.get(request.reason)
    wished = reference.services.get(request.service or "")
    return [
        (Cell(str(region.name) if region else request.region, "strong"),),
        (Cell(_("lives in {region}").format(region=words.region(reference, residence)), "soon"),) if residence else (),
        (Cell(moments.span(start, end, now), "strong"), Cell(f" ({moments.duration(end - start)})", "muted")),
        (Cell(str(reason.words) if reason else request.reason),),
        (Cell(_("only {service}").format(service=wished.short), "info"),) if wished else (),
        (Cell(words.care_place(request.care_place), "info"),) if request.care_place else (),
    ]


def _clocks(request: RequestRow, now: datetime) -> list[Pieces]:
    if request.state == "held" and request.held_until is not None:
        return [_due("hold", _("held until {at}"), moment(request.held_until), now)]
    if request.promised_at is not None and request.state in ("open", "matching", "offered", "accepted"):
        return [_due("call_back", _("call-back promised by {at}"), moment(request.promised_at), now)]
    return []


def _due(kind: ClockKind, sentence: str, due: datetime, now: datetime) -> Pieces:
    return (Cell(sentence.format(at=moments.stamp(due, now)), CLOCK_LOOKS[clock(kind, due, now).state]),)


def _guardian(
    guardian: GuardianRow | None, history: Sequence[RequestRow], now: datetime, revealed: bool
) -> list[Pieces]:
    if guardian is None:
        return [(Cell(_("The guardian's data was erased."), "muted"),)]
    name = guardian.name if revealed else mask_name(guardian.name)
    phone = display_phone(guardian.phone) if revealed else mask_phone(guardian.phone)
    look: StyleName = "note" if revealed else "normal"
    return [
        (Cell(name, look), Cell(f" ({words.relation(guardian.relation)})", "muted")),
        (Cell(phone, look),),
        (Cell(guardian.reachable, "soon"),) if guardian.reachable else (),
        (Cell(guardian.address if revealed else mask_address(guardian.address), look),) if guardian.address else (),
        (Cell(words.language_name(guardian.language), "soon"),) if guardian.language != "ko" else (),
        _history(history, now),
    ]


def _history(history: Sequence[RequestRow], now: datetime) -> Pieces:
    if not history:
        return (Cell(_("first request"), "muted"),)
    last = history[0]
    count = ngettext("{count} earlier", "{count} earlier", len(history)).format(count=len(history))
    day = moments.day(moment(last.start_at).date(), now)
    return (
        Cell(f"{count}, ", "muted"),
        Cell(_("last {day} {state}").format(day=day, state=words.state(last.state)), words.state_look(last.state)),
    )


def _child(child: ChildRow, day: date, revealed: bool) -> list[Pieces]:
    birth = date.fromisoformat(child.birth)
    school = words.grade(birth, child.school, day) or words.school(child.school) if child.school else ""
    name = child.name if revealed else mask_name(child.name)
    asked: StyleName = "muted" if child.registered else "soon"
    return [
        (Cell(name, "note" if revealed else "normal"), Cell(f" {words.age(birth, day)}", "strong")),
        (Cell(school),) if school else (),
        (Cell(words.sex(child.sex)),) if child.sex else (),
        (Cell(words.registered(child.registered), asked),),
    ]


def _handover(request: RequestRow, told: Callable[[str], str], width: int) -> list[Pieces]:
    """Who brings and who fetches the children."""
    if not request.handover:
        return []
    return paragraph(Cell(_("Handover") + ": ", "muted"), Cell(told(request.handover), "note"), width)


def _care(child: ChildRow, reference: Reference, told: Callable[[str], str], width: int) -> list[Pieces]:
    """What must not be overlooked about a child, never cut."""
    symptoms = [
        str(reference.symptoms[code].words) if code in reference.symptoms else code for code in child.symptoms.split()
    ]
    needs = [
        str(reference.abilities[code].words) if code in reference.abilities else code for code in child.needs.split()
    ]
    parts = [
        _("sick: {symptoms}").format(symptoms=", ".join(symptoms)) if symptoms else "",
        _("needs: {needs}").format(needs=", ".join(needs)) if needs else "",
        told(child.care_note),
    ]
    text = " / ".join(filter(None, parts))
    return paragraph(Cell(f"  {glyphs.URGENT} ", "urgent"), Cell(text, "urgent"), width) if text else []


def _offer(offer: OfferRow, provider: ProviderRow | None, reference: Reference, now: datetime) -> list[Pieces]:
    """An offer that is over and how it ended; one beside the leading one, whom to ring for it and until when."""
    name = words.short_provider(reference, offer.provider or "")
    if offer.state in OFFER.open:
        number = number_to_ring(provider, reference, now) if provider and offer.state != "reserved" else ""
        left = moments.countdown(moment(offer.expires_at), now)
        return [
            (
                Cell(f"{name} ", "strong"),
                Cell(words.offer_state(offer.state), "soon" if offer.state in WAITING else "ok"),
                Cell(f" {left}" if offer.state != "accepted" else "", "soon"),
            ),
            (Cell(number, "strong"),) if number else (),
            (Cell(offer.operator, "muted"),),
        ]
    ended = claims.ended(offer) or words.answer(reference, offer.answer or offer.state)
    made = Cell(f"{moments.stamp(moment(offer.made_at), now)} ", "muted")
    return [(made, Cell(name), Cell(f" {ended}", "muted"))]


def _marked(head: str, text: str, width: int) -> list[Pieces]:
    """What a machine took in or marked: nobody has read it yet, so none of it is cut."""
    first, *rest = text.splitlines() or [""]
    found = paragraph(Cell(head, "muted"), Cell(first, "soon"), width)
    for line in rest:
        found += paragraph(Cell("  "), Cell(line, "soon"), width)
    return found


def _short(lines: list[Pieces], width: int) -> list[Pieces]:
    """A note of more lines than there is room for ends in the sign of the cut."""
    if len(lines) <= NOTE_LINES:
        return lines
    # Handed over longer than the line, so that the cut is seen.
    rest = Cell(" ".join(line[-1].text for line in lines[NOTE_LINES - 1 :]), lines[-1][-1].style)
    return [*lines[: NOTE_LINES - 1], cut((*lines[NOTE_LINES - 1][:-1], rest), width)]
