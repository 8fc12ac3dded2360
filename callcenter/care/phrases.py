"""The sentences the rules are told in: which there are, and the values each may hold."""

from collections.abc import Mapping
from typing import NamedTuple

from callcenter.language import Words

BLOCK_FIELDS: Mapping[str, str] = {
    "age_under": "age",
    "age_under_soon": "age from",
    "age_over": "years",
    "age_over_during": "years from",
    "school_age": "",
    "not_in_school": "",
    "region_not_served": "region",
    "region_not_served_nearby": "region nearby",
    "residence": "place",
    "residence_covered": "",
    "outside_hours": "hours day",
    "outside_hours_none": "day",
    "outside_admission": "hours day",
    "closed_day": "day reason",
    "cutoff_passed": "by",
    "notice_too_short": "notice earliest",
    "hotline_closed": "hours otherwise",
    "too_long": "most",
    "too_short": "least",
    "too_many_days": "days",
    "too_early": "days_ahead from",
    "not_registered": "registration",
    "symptoms": "symptoms",
    "special_care": "needs",
    "in_the_past": "now",
    "licence_expired": "until",
    "training_expired": "until",
    "too_far": "km radius",
    "off_roster": "",
    "no_duty": "",
    "no_contact": "",
    "no_group": "",
    "no_place": "",
    "refused": "",
    "asked": "",
}
"""Sentences for blocks: the code, or the code and what makes its case a special one; and their values."""

ASK_FIELDS: Mapping[str, str] = {"school": "day", "registered": "registration", "birth": ""}
"""Questions to the caller, by the field they fill."""

SPEECH_FIELDS: Mapping[str, str] = {
    "available": "service when",
    "available_provider": "service when provider",
    "available_place": "service when provider",
    "next_time": "service when provider",
    "blocked": "service when why",
    "fee": "fee",
    "fee_free": "",
    "fee_unknown": "",
    "bring": "items",
    "papers": "items",
    "call_back": "by",
    "refer": "to number",
    "refer_no_number": "to",
    "number": "number",
    "enquiry_end": "",
    "ask_school": "day",
    "ask_registered": "registration",
    "ask_birth": "",
    "emergency": "",
    "no_provider": "service when",
    "why_nobody": "why",
    "miss_time": "when provider place",
    "miss_service": "service provider place",
    "miss_region": "region provider place",
    "miss_wider": "provider km place",
    "place_free": "",
    "place_to_ask": "",
    "split": "parts",
    "split_part": "age provider",
    "call_back_soon": "",
    "offered": "when provider",
    "conditional": "when provider condition",
    "accepted": "when provider",
    "shall_we": "",
    "being_checked": "",
    "provisional": "",
    "provisional_text": "",
    "in_doubt": "",
    "confirmed": "when provider",
    "unplaced": "",
    "cancelled": "",
    "held_fever": "child provider",
    "held_fever_home": "child provider",
    "held_symptoms": "child provider",
    "held_symptoms_home": "child provider",
    "held_code_word": "child provider",
    "child": "",
    "child_of": "age",
    "in_care": "provider by",
    "finished": "",
    "child_alone": "",
}
"""What the operator reads aloud, 말하기."""


class Phrases(NamedTuple):
    """The sentences, by the keys above, with `{value}` where a value goes."""

    block: Mapping[str, Words]
    ask: Mapping[str, Words]
    speech: Mapping[str, Words]
