"""The rules' answers in words: a sentence for each block and each ask, and what the operator says to the caller."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from callcenter.care.codes import Code
from callcenter.care.eligibility import Ask, Block, Need, Verdict
from callcenter.care.rules import DAY_MINUTES, Window
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text import moments

_MONTHS_SAID_UP_TO = 24


def block_sentence(reference: Reference, block: Block, now: datetime) -> str:
    """Why a service cannot be booked, in the language in use."""
    values = dict(block.values)
    key = block.code
    if key in ("age_under", "age_over"):
        key = _age_sentence(key, values, now)
    elif key == "residence":
        key, values["place"] = _residents_of(reference, values)
    elif key == "region_not_served":
        key, values["nearby"] = _nearby(reference, values)
    elif key in ("outside_hours", "outside_admission", "hotline_closed") and not values["hours"]:
        key = key if key == "hotline_closed" else "outside_hours_none"
    elif key == "too_many_days" and "days_ahead" in values:
        key = "too_early"
    if "region" in values:
        values["region"] = _region_name(reference, values["region"])
    for field, names in (("symptoms", reference.symptoms), ("needs", reference.abilities)):
        if field in values:
            values[field] = _code_names(names, values[field])
    return str(reference.phrases.block[key]).format(**{name: told(value, now) for name, value in values.items()})


def ask_sentence(reference: Reference, ask: Ask, now: datetime) -> str:
    """What to ask the caller, in the language in use."""
    values = {name: told(value, now) for name, value in ask.values.items()}
    return str(reference.phrases.ask[ask.field]).format(**values)


def told(value: object, now: datetime) -> str:
    """A value of a rule as a sentence holds it: days and moments as said on the phone, lengths in words."""
    if isinstance(value, datetime):
        return moments.stamp(value, now)
    if isinstance(value, date):
        return moments.day(value, now)
    if isinstance(value, timedelta):
        return moments.duration(value)
    if isinstance(value, tuple):
        return ", ".join(window_text(one) if isinstance(one, Window) else str(one) for one in value)
    return str(value)


def window_text(window: Window) -> str:
    """Opening hours: «07:30–22:00», past midnight «22:00–next day 07:30»."""
    closes = window.closes
    if closes <= DAY_MINUTES:
        return f"{_clock(window.opens)}–{_clock(closes)}"
    return _("{opens}–next day {closes}").format(opens=_clock(window.opens), closes=_clock(closes - DAY_MINUTES))


def to_say(
    reference: Reference, need: Need, verdict: Verdict, now: datetime, provider: str = "", place_known: bool = False
) -> str:
    """What the operator says about one service (말하기), of the `provider` named when one is chosen.

    `place_known` says that a free place is certain, not only possible.
    """
    speech = reference.phrases.speech
    values: dict[str, str] = {
        "service": str(reference.services[verdict.service].name),
        "when": moments.span(need.start, need.end, now),
        "provider": provider,
    }
    if verdict.outcome == "ask":
        return " ".join(
            str(speech[f"ask_{ask.field}"]).format(**{name: told(value, now) for name, value in ask.values.items()})
            for ask in verdict.asks
        )
    if verdict.outcome == "blocked":
        values["why"] = block_sentence(reference, verdict.blocks[0], now)
        said = [str(speech["blocked"]).format(**values)]
        if verdict.next is not None:
            later = moments.span(*verdict.next, now)
            said.append(str(speech["next_time"]).format(**{**values, "when": later}))
        return " ".join(said)
    key = "available" if not provider else "available_place" if place_known else "available_provider"
    said = [str(speech[key]).format(**values), fee_sentence(reference, verdict.fee)]
    if verdict.bring:
        said.append(str(speech["bring"]).format(items=", ".join(map(str, verdict.bring))))
    return " ".join(said)


def fee_sentence(reference: Reference, fee: int | None) -> str:
    """The fee in won as it is said; an unknown one is promised, not guessed."""
    key = "fee_unknown" if fee is None else "fee" if fee else "fee_free"
    return str(reference.phrases.speech[key]).format(fee="" if fee is None else f"{fee:,}")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _age_sentence(key: str, values: dict[str, object], now: datetime) -> str:
    """A birthday is worth telling only when it is near: within a year, or during the care asked for."""
    reached = values["from"]
    if reached is None:
        # Of a child whose birth date is not told yet.
        values["age"] = _age(values.get("months", 0))
        return key
    if not isinstance(reached, date):
        raise TypeError(reached)
    today = now.astimezone(moments.SEOUL).date()
    if key == "age_over":
        return "age_over_during" if reached > today else "age_over"
    values["age"] = _age(values["months"])
    return "age_under_soon" if reached - today <= timedelta(days=366) else "age_under"


def _age(months: object) -> str:
    if not isinstance(months, int):
        raise TypeError(months)
    if months < _MONTHS_SAID_UP_TO:
        return _("{months} months").format(months=months)
    return _("{years} years").format(years=months // 12)


def _region_name(reference: Reference, code: object) -> str:
    region = reference.regions.get(str(code))
    return str(region.name) if region else str(code)


def _residents_of(reference: Reference, values: Mapping[str, object]) -> tuple[str, str]:
    within = values["within"]
    if within == "region":
        return "residence", _region_name(reference, values["region"])
    if within == "province":
        return "residence", str(reference.provinces[str(values["province"])])
    return "residence_covered", ""


def _nearby(reference: Reference, values: Mapping[str, object]) -> tuple[str, str]:
    region = reference.regions.get(str(values["region"]))
    served = values["regions"]
    if region is None or not isinstance(served, tuple):
        return "region_not_served", ""
    near = [_region_name(reference, code) for code in region.neighbours if code in served]
    return ("region_not_served_nearby", ", ".join(near)) if near else ("region_not_served", "")


def _code_names(names: Mapping[str, Code], codes: object) -> str:
    if not isinstance(codes, Collection):
        raise TypeError(codes)
    return ", ".join(str(names[code].words) if code in names else str(code) for code in codes)
