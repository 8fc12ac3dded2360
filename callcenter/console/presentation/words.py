"""Words for the codes of the desk, in the language in use: states, urgencies, channels, schools, refusals, reasons."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from callcenter.care.calendar import Kind
from callcenter.care.child import months_at, school_entry
from callcenter.care.lifecycle import CALL, OFFER, REQUEST, CallState, OfferState, RequestState
from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import StyleName
from callcenter.language import _, mark
from callcenter.reference import Reference

if TYPE_CHECKING:
    from callcenter.care.near_miss import Change

MONTHS_SAID_BELOW = 24
"""Below two years a child's age is told in months: the age bands of daycare are."""

_SHORT_STATES: Mapping[str, str] = {
    "open": mark("new"),
    "matching": mark("match"),
    "offered": mark("offer"),
    "accepted": mark("agree"),
    "held": mark("hold"),
}
_STATE_LOOKS: Mapping[str, StyleName] = {
    "open": "strong",
    "matching": "info",
    "offered": "soon",
    "accepted": "ok",
    "confirmed": "ok",
    "in_care": "ok",
    "unplaced": "urgent",
}
_URGENCIES: Mapping[str, str] = {
    "normal": mark("normal"),
    "urgent": mark("urgent"),
    "emergency": mark("emergency"),
    "abuse": mark("abuse"),
}
_URGENCY_SIGNS: Mapping[str, tuple[str, StyleName]] = {
    "urgent": (glyphs.SOON, "soon"),
    "emergency": (glyphs.URGENT, "urgent"),
    "abuse": (glyphs.URGENT, "urgent"),
}
# Whom the operator rings first (아동학대처벌법 article 10: suspected abuse is told to 112).
_FIRST_NUMBERS: Mapping[str, str] = {"emergency": "119", "abuse": "112"}
_BAND_SIGNS: tuple[tuple[str, StyleName], ...] = (
    (glyphs.URGENT, "urgent"),
    ("+", "urgent"),
    (glyphs.SOON, "soon"),
    (" ", "normal"),
    (" ", "muted"),
)
_CHANNELS: Mapping[str, str] = {
    "hotline": mark("hotline"),
    "platform": mark("platform"),
    "direct": mark("direct"),
}
_RELATIONS: Mapping[str, str] = {
    "mother": mark("mother"),
    "father": mark("father"),
    "grandparent": mark("grandparent"),
    "guardian": mark("legal guardian"),
    "institution": mark("institution"),
    "other": mark("other relation"),
}
_LANGUAGES: Mapping[str, str] = {
    "ko": mark("Korean"),
    "en": mark("English"),
    "zh": mark("Chinese"),
    "vi": mark("Vietnamese"),
    "th": mark("Thai"),
    "ru": mark("Russian"),
    "uz": mark("Uzbek"),
    "mn": mark("Mongolian"),
    "ja": mark("Japanese"),
    "tl": mark("Tagalog"),
    "km": mark("Khmer"),
    "ne": mark("Nepali"),
}
_SCHOOLS: Mapping[str, str] = {
    "none": mark("not in school"),
    "kindergarten": mark("kindergarten"),
    "elementary": mark("elementary school"),
    "middle": mark("middle school"),
}
_CONSENTS: Mapping[str, str] = {
    "collect": mark("keeping what is told"),
    "sensitive": mark("health of the child"),
    "third_party": mark("telling the provider"),
}
_ROLES: Mapping[str, str] = {"operator": mark("operator"), "supervisor": mark("supervisor")}
_WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
_DAY_KINDS: Mapping[Kind, str] = {
    "weekday": mark("Weekdays"),
    "saturday": mark("Saturdays"),
    "sunday": mark("Sundays"),
    "holiday": mark("Public holidays"),
}
_BLOCKS: Mapping[str, str] = {
    "age_under": mark("too young"),
    "age_over": mark("too old"),
    "school_age": mark("goes to school"),
    "not_in_school": mark("not in school yet"),
    "region_not_served": mark("region not served"),
    "residence": mark("residents only"),
    "outside_hours": mark("outside its hours"),
    "outside_admission": mark("outside arrival times"),
    "closed_day": mark("closed that day"),
    "cutoff_passed": mark("booking closed"),
    "notice_too_short": mark("too short notice"),
    "hotline_closed": mark("hotline cannot link now"),
    "too_long": mark("too long"),
    "too_short": mark("too short"),
    "too_many_days": mark("too many days"),
    "not_registered": mark("not registered"),
    "symptoms": mark("sick child"),
    "special_care": mark("no special care"),
    "in_the_past": mark("time is past"),
    "licence_expired": mark("licence ended"),
    "training_expired": mark("training ended"),
    "too_far": mark("too far for the carer"),
    "off_roster": mark("not at work then"),
    "no_duty": mark("nobody on duty"),
    "no_contact": mark("not with this family"),
    "no_group": mark("no group of this age"),
    "no_place": mark("no place"),
    "refused": mark("tried already"),
    "asked": mark("being asked"),
}
_MOVES: Mapping[tuple[str, bool], str] = {
    ("shift", True): mark("{minutes} min later"),
    ("shift", False): mark("{minutes} min earlier"),
    ("start", True): mark("starts +{minutes} min"),
    ("start", False): mark("starts -{minutes} min"),
    ("end", True): mark("ends +{minutes} min"),
    ("end", False): mark("ends -{minutes} min"),
}
_OUTCOMES: Mapping[str, str] = {
    "answered": mark("answered"),
    "dropped": mark("line was cut"),
    "transferred": mark("transferred"),
    "wrong_number": mark("wrong number"),
    "silent": mark("nobody spoke"),
    "abandoned": mark("call missed"),
}
_TRY_RESULTS: Mapping[str, str] = {
    "reached": mark("reached"),
    "no_answer": mark("no answer"),
    "busy": mark("busy"),
    "wrong_number": mark("wrong number"),
}
_FIELDS: Mapping[str, str] = {
    "region": mark("Region"),
    "residence": mark("Residence"),
    "service": mark("Service"),
    "start_at": mark("Start"),
    "end_at": mark("End"),
    "reason": mark("Reason"),
    "urgency": mark("Urgency"),
    "promised_at": mark("Promised call-back"),
    "care_place": mark("Place of care"),
    "handover": mark("Handover"),
    "name": mark("Name"),
    "phone": mark("Telephone number"),
    "relation": mark("Relation"),
    "language": mark("Language"),
    "address": mark("Address"),
    "reachable": mark("When to ring"),
    "second_name": mark("2nd person"),
    "second_phone": mark("2nd number"),
    "child.name": mark("Child's name"),
    "child.birth": mark("Birth date"),
    "child.school": mark("School"),
    "child.registered": mark("Registration"),
    "child.registration": mark("Registration"),
    "child.needs": mark("Needs"),
    "child.symptoms": mark("Illness"),
    "child.care_note": mark("What to look out for"),
    "child.sex": mark("Sex"),
}
_DONE: Mapping[str, str] = {
    "call.take": mark("The call is taken."),
    "call.end": mark("The call is ended."),
    "enquiry.close": mark("The enquiry is closed."),
    "call.hold": mark("The caller is on hold."),
    "call.resume": mark("You are on this call again."),
    "call.hang_up": mark("The line is dead; the call is still to be written up."),
    "call.number": mark("The number is noted."),
    "callback.try": mark("The try is noted."),
    "callback.close": mark("The call-back is off the list."),
    "safety.report": mark("The report is noted."),
    "request.amend": mark("The request is changed."),
    "request.hold": mark("The request is on hold."),
    "request.resume": mark("The request is taken up again."),
    "request.reopen": mark("The request is taken up again."),
    "request.cancel": mark("The request is cancelled."),
    "request.unplaced": mark("The request is closed as not placed."),
    "request.confirm": mark("Confirmed: the placement stands."),
    "offer.answer": mark("The answer is written down."),
    "stay.release": mark("The place is given back: tell the provider (the list of care keeps it)."),
    "stay.notice": mark("The provider is told."),
    "stay.under_way": mark("The carer is on the way."),
    "stay.arrived": mark("The carer has arrived."),
    "stay.turned_away": mark("The child goes home; care does not begin."),
    "stay.bar": mark("Noted: who must not pick the child up."),
    "offer.renew": mark("The clock runs anew."),
    "place.give_back": mark("The place is given back."),
    "desk.undo": mark("Taken back."),
    "note.add": mark("The note is written."),
    "after.no_show": mark("Noted as no-show; the place is free."),
    "after.early": mark("The early end is noted."),
    "after.incident": mark("The incident is noted; every supervisor is alarmed."),
    "after.taken_over": mark("You have taken the incident over."),
    "after.satisfaction": mark("The score is noted."),
    "after.complaint": mark("The complaint is written down; it rings when it is due."),
    "after.close": mark("The complaint is closed."),
    "after.hand_on": mark("Handed on: the complaint is theirs to answer now."),
    "after.correct": mark("Corrected; both stay to be seen."),
    "message.send": mark("It leaves now."),
    "message.told": mark("Noted as told by telephone."),
    "conflict.agreed": mark("Noted: the offer stays as it is."),
    "conflict.places": mark("Noted; the offer takes one of the places."),
    "places.confirm": mark("The places are confirmed."),
    "availability.same": mark("Confirmed: nothing has changed."),
    "availability.hours": mark("The hours are written down."),
    "availability.close": mark("The closure is written down. Whoever is placed there stays."),
    "availability.lift": mark("The closure is taken back."),
    "availability.places": mark("The places are written down."),
    "availability.set_apart": mark("This family and this provider are kept apart now."),
    "availability.lift_apart": mark("This family and this provider may meet again."),
}


def state(code: str) -> str:
    """The state of a request."""
    return _(REQUEST.words[cast(RequestState, code)])


def state_look(code: str) -> StyleName:
    """The look of a request's state."""
    return _STATE_LOOKS.get(code, "muted")


def short_state(code: str) -> str:
    """The state of an open request in one short word, for the queue."""
    return _(_SHORT_STATES[code]) if code in _SHORT_STATES else state(code)


def short_states() -> tuple[str, ...]:
    """Every short word of a state, to measure a column with."""
    return tuple(map(short_state, _SHORT_STATES))


def offer_state(code: str) -> str:
    """The state of an offer."""
    return _(OFFER.words[cast(OfferState, code)])


def call_state(code: str) -> str:
    """The state of a call."""
    return _(CALL.words[cast(CallState, code)])


def outcome(code: str) -> str:
    """How a call ended."""
    return _(_OUTCOMES[code])


def try_result(code: str) -> str:
    """What ringing back came to."""
    return _(_TRY_RESULTS[code])


def urgency(code: str) -> str:
    """How urgent a request is. 긴급구분: urgency."""
    return _(_URGENCIES[code])


def urgency_sign(code: str) -> tuple[str, StyleName]:
    """The sign and look of an urgency; a blank for a normal one."""
    return _URGENCY_SIGNS.get(code, (" ", "normal"))


def first_number(code: str) -> str:
    """The number to ring before anything else at this urgency, or nothing."""
    return _FIRST_NUMBERS.get(code, "")


def band_sign(band: int) -> tuple[str, StyleName]:
    """The sign and look of a band of the queue, as `care.priority` numbers them."""
    return _BAND_SIGNS[band]


def channel(code: str) -> str:
    """How a request came in."""
    return _(_CHANNELS[code]) if code in _CHANNELS else code


def consent(code: str) -> str:
    """What a guardian agrees to."""
    return _(_CONSENTS[code]) if code in _CONSENTS else code


def relation(code: str) -> str:
    """Who the guardian is to the child."""
    return _(_RELATIONS[code]) if code in _RELATIONS else code


def sex(code: str) -> str:
    """A girl or a boy."""
    return {"girl": _("girl"), "boy": _("boy")}.get(code, code)


def care_place(code: str) -> str:
    """Where a child is to be cared for."""
    return {"home": _("at home"), "facility": _("at a facility")}.get(code, code)


def language_name(code: str) -> str:
    """The language a guardian speaks."""
    return _(_LANGUAGES[code]) if code in _LANGUAGES else code.upper()


def school(code: str) -> str:
    """The school a child goes to."""
    return _(_SCHOOLS[code]) if code in _SCHOOLS else code


def role(code: str) -> str:
    """What a person may do at the desk."""
    return _(_ROLES[code])


def in_minutes(minutes: int) -> str:
    """How long it is until then."""
    return _("in {minutes} minutes").format(minutes=minutes)


def weekday(day: date) -> str:
    """The day of the week in one short word."""
    return _(_WEEKDAYS[day.weekday()])


def day_kind(kind: Kind) -> str:
    """A kind of day, as opening hours are told for it."""
    return _(_DAY_KINDS[kind])


def registered(known: int | None) -> str:
    """Whether the child is registered with the service in advance; None: nobody has asked yet."""
    if known is None:
        return _("registration?")
    return _("registered") if known else _("not registered")


def age(birth: date, day: date) -> str:
    """만 age on a day: in months below two years, else in years."""
    months = months_at(birth, day)
    if months < MONTHS_SAID_BELOW:
        return _("{months} mo").format(months=max(0, months))
    return _("{years} y").format(years=months // 12)


def grade(birth: date, school_code: str, day: date) -> str:
    """The school in one short word, with the grade that the year of entry by law gives; nothing before school.

    Who entered early or late is in another grade than that, so a grade outside of the school is not told.
    """
    if school_code not in ("elementary", "middle"):
        return ""
    year = day.year - school_entry(birth).year + (1 if day.month >= 3 else 0)
    if school_code == "middle":
        year -= 6
    known = 1 <= year <= (6 if school_code == "elementary" else 3)
    if school_code == "elementary":
        return _("el.{grade}").format(grade=year if known else "")
    return _("mid.{grade}").format(grade=year if known else "")


def answer(reference: Reference, code: str) -> str:
    """What a provider answered: a refusal of the list, or the state the offer went to."""
    refusal = reference.refusals.get(code)
    if code == "condition_refused":
        return _("condition not wanted")
    return str(refusal.words) if refusal else offer_state(code)


def block(code: str) -> str:
    """Why a service or provider is out, in a few words for counting; the whole sentence is in `desk.wording`."""
    return _(_BLOCKS[code]) if code in _BLOCKS else code


def counted(reasons: Iterable[tuple[str, int]]) -> str:
    """Reasons with how many are out for each: «no place 4, outside its hours 7»."""
    return ", ".join(f"{block(code)} {count}" for code, count in reasons)


def change(reference: Reference, found: "Change") -> str:
    """What is otherwise than asked, in a few words: «30 min later»."""
    if found.kind == "service":
        return str(reference.services[found.code].short)
    if found.kind == "region":
        return _("in {region}").format(region=region(reference, found.code))
    if found.kind == "wider":
        return _("further away")
    return _(_MOVES[found.kind, found.minutes > 0]).format(minutes=abs(found.minutes))


def field(code: str) -> str:
    """The name of a request's field."""
    return _(_FIELDS[code]) if code in _FIELDS else code


def done(action: str) -> str:
    """That an action of the registry was carried out."""
    return _(_DONE[action]) if action in _DONE else _("Done.")


def region(reference: Reference, code: str) -> str:
    """The short name of a si or gun: 수원, without 시 or 군 where two syllables are left."""
    found = reference.regions.get(code)
    if found is None:
        return code
    name = str(found.name)
    return name[:-1] if len(name) > 2 and name[-1] in "시군" else name


# What most names of providers share; what is left tells them apart.
_NUMBERED = re.compile(r" (\d+호)$")
_SHARED_WORDS = ("지역아동센터", "아이돌봄센터", "돌봄센터", "어린이집", "돌봄터", "시연 ")


def short_provider(reference: Reference, name: str) -> str:
    """A provider's name without its city and the words that many share: 다함께 6호, 시립장미; never nothing."""
    left = name
    for found in reference.regions.values():
        city = found.name.ko
        if left.startswith(city):
            # 고양시립: what is run by the city keeps 시립.
            left = left.removeprefix(city[:-1] if left.startswith(f"{city}립") else city)
            break
    for word in _SHARED_WORDS:
        left = left.replace(word, "")
    # «다함께 15호» and «다함께 16호» must still differ where the column ends.
    return _NUMBERED.sub(r"\1", " ".join(left.replace("호점", "호").split())) or name
