"""The words of a message: what it is made of, and what each receiver is told of that.

Families' own words go into a text without control characters, addresses of web pages, and line ends: nothing that
somebody writes about a child can look like a second message of the desk.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.codes import Program
from callcenter.care.messages import FIELDS, Occasion, Receiver, Template, age_text, fill, moment_text, span_text
from callcenter.desk.facilities import day_number_answers, numbers_in_turn
from callcenter.desk.free_text import kept_text
from callcenter.desk.needs import children_months
from callcenter.language import Language
from callcenter.reference import Reference
from callcenter.store import consents, reads
from callcenter.store.placements import children_of_offers
from callcenter.text.masking import HIDDEN, mask_people
from callcenter.text.moments import moment
from callcenter.text.phone import PhoneError, display_phone, read_phone, receives_text

if TYPE_CHECKING:
    from sqlite3 import Connection

_MOST = 200
_WEB = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S+", re.IGNORECASE)
_PHONES = ("phone_oncall", "phone_night", "phone_day")


class Facts(NamedTuple):
    """Everything a text about a request can be made of; `children` are those of the offer where there is one."""

    reference: Reference
    program: Program
    request: reads.RequestRow
    guardian: reads.GuardianRow | None
    children: Sequence[reads.ChildRow]
    provider: reads.ProviderRow | None
    offer: reads.OfferRow | None
    may_tell_provider: bool
    """Whether the guardian agreed that a provider learns who they are (Personal Information Protection Act, 17)."""


def facts_of(
    connection: "Connection",
    reference: Reference,
    programs: Sequence[str],
    request: reads.RequestRow,
    offer: reads.OfferRow | None,
) -> Facts:
    """What is known of the request and the offer; `programs` are those the desk serves."""
    provider = reads.provider(connection, offer.provider_id) if offer else None
    children = reads.children_of_request(connection, request.id)
    if offer is not None:
        offered = children_of_offers(connection, [offer.id])[offer.id]
        children = [child for child in children if child.id in offered]
    agreed = {row.kind for row in consents.consents_of(connection, request.guardian_id)}
    return Facts(
        reference,
        _program(reference, programs, provider.service if provider else request.service),
        request,
        reads.guardian(connection, request.guardian_id),
        children,
        provider,
        offer,
        "third_party" in agreed,
    )


def number_of(facts: Facts, to: Receiver) -> str:
    """The receiver's number for text messages as it is stored; "" where there is none, as at a land line."""
    if to == "guardian":
        phone = facts.guardian.phone if facts.guardian else ""
        return phone if receives_text(phone) else ""
    record = json.loads(facts.provider.record) if facts.provider else {}
    for field in _PHONES:
        try:
            phone = read_phone(record.get(field) or "").stored
        except PhoneError:
            continue
        if receives_text(phone):
            return phone
    return ""


def language_of(facts: Facts, to: Receiver) -> Language:
    """Korean for providers and for guardians who speak it, English for all others."""
    return "en" if to == "guardian" and facts.guardian is not None and facts.guardian.language != "ko" else "ko"


def text_of(facts: Facts, template: Template, now: datetime) -> str:
    """The text as its receiver will read it."""
    language = language_of(facts, template.to)
    names = FIELDS[template.occasion, template.to].split()
    values = {name: _value(name, facts, template.occasion, language, now) for name in names}
    return fill(template.in_(language), values)


def _value(name: str, facts: Facts, occasion: Occasion, language: Language, now: datetime) -> str:
    request, reference = facts.request, facts.reference
    match name:
        case "desk":
            return facts.program.name.in_(language)
        case "phone":
            return facts.program.phone
        case "number":
            return request.number
        case "when":
            return span_text(moment(request.start_at), moment(request.end_at), language)
        case "end":
            return moment_text(moment(request.end_at), now, language)
        case "region":
            region = reference.regions.get(request.region)
            return region.name.in_(language) if region else ""
        case "by":
            due = facts.offer.expires_at if occasion == "offer_made" and facts.offer else request.promised_at
            return moment_text(moment(due), now, language) if due is not None else ""
        case "children":
            return ", ".join(_ages(facts, language).values())
        case "names":
            return _names(facts, language)
        case "who":
            return ", ".join(_plain(child.name) for child in facts.children)
        case "safety":
            return _safety(facts, language, named=occasion == "confirmed" and facts.may_tell_provider)
        case "contact":
            return _contact(facts)
        case "home":
            return _home(facts)
        case "handover":
            return _plain(request.handover or "") if facts.may_tell_provider else ""
        case "bring":
            return _bring(facts, language)
        case "provisional":
            waits = facts.offer is not None and facts.offer.claim == "provisional"
            return reference.phrases.speech["provisional_text"].in_(language) if waits else ""
    return _of_provider(facts, name, now)


def _ages(facts: Facts, language: Language) -> dict[str, str]:
    months = children_months(facts.request, facts.children)
    return {child.id: age_text(months[child.id], language) for child in facts.children}


def _names(facts: Facts, language: Language) -> str:
    ages = _ages(facts, language)
    if not facts.may_tell_provider:
        return ", ".join(ages.values())
    return ", ".join(f"{_plain(child.name)} ({ages[child.id]})" for child in facts.children)


def _safety(facts: Facts, language: Language, *, named: bool) -> str:
    """Needs, symptoms and the note of each child who has any; without names and numbers unless `named`."""
    reference, ages = facts.reference, _ages(facts, language)
    people = [child.name for child in facts.children] + ([facts.guardian.name] if facts.guardian else [])
    found = []
    for child in facts.children:
        codes = [reference.abilities.get(code) for code in child.needs.split()]
        codes += [reference.symptoms.get(code) for code in child.symptoms.split()]
        note = _plain(child.care_note if named else mask_people(child.care_note, people))
        parts = [code.words.in_(language) for code in codes if code is not None] + ([note] if note else [])
        if parts:
            found.append((f"{ages[child.id]} " if len(facts.children) > 1 else "") + ", ".join(parts))
    return " / ".join(found)


def _contact(facts: Facts) -> str:
    if facts.guardian is None or not facts.may_tell_provider:
        return ""
    return (
        f"{_plain(facts.guardian.name)} {display_phone(facts.guardian.phone) if facts.guardian.phone else ''}".strip()
    )


def _home(facts: Facts) -> str:
    """Where the family lives, for who comes there."""
    visited = facts.request.care_place == "home" and facts.may_tell_provider
    return _plain(facts.guardian.address) if facts.guardian is not None and visited else ""


def _bring(facts: Facts, language: Language) -> str:
    service = facts.reference.services.get(facts.provider.service) if facts.provider else None
    if service is None or facts.provider is None:
        return ""
    day = moment(facts.request.start_at).date()
    bring = service.rules_on(day, facts.request.region, facts.provider.id).bring
    return ", ".join(one.in_(language) for one in bring.items) if bring else ""


def _of_provider(facts: Facts, name: str, now: datetime) -> str:
    if facts.provider is None:
        return ""
    record = json.loads(facts.provider.record)
    if name == "provider":
        return _plain(facts.provider.name)
    if name == "address":
        return _plain(record.get("address") or "")
    # Whoever reads it rings while the child is there.
    then = max(now, moment(facts.request.start_at))
    by_day = day_number_answers(facts.reference, facts.provider, then)
    return _plain(next((record[field] for field in numbers_in_turn(by_day=by_day) if record.get(field)), ""))


def _plain(text: str) -> str:
    return " ".join(_WEB.sub(HIDDEN, kept_text(text)).split())[:_MOST]


def _program(reference: Reference, programs: Sequence[str], service: str | None) -> Program:
    """The programme in whose name the desk writes: that of the service, else the first it serves."""
    found = reference.services.get(service or "")
    served = [program for program in reference.programs if program.id in programs] or list(reference.programs)
    return next((program for program in served if found is not None and program.id == found.program), served[0])
