"""What the operator says to the guardian about a request as it stands now. 말하기: say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from callcenter.care.eligibility import Need, Verdict
from callcenter.care.matching import Ranking
from callcenter.care.near_miss import Miss
from callcenter.care.referrals import Referral, referrals_for
from callcenter.care.siblings import Split
from callcenter.care.stays import state_of
from callcenter.console.presentation import words
from callcenter.desk.conflicts import in_conflict
from callcenter.desk.matches import Matches, Option
from callcenter.desk.near_miss import asked_of
from callcenter.desk.needs import needs_of
from callcenter.desk.view import RequestView
from callcenter.desk.wording import fee_sentence, to_say, told
from callcenter.reference import Reference
from callcenter.store.reads import OfferRow
from callcenter.store.stays import StayRow
from callcenter.text import moments
from callcenter.text.moments import moment

_REFERRALS = 2
_REASONS = 3


def text(
    view: RequestView,
    matches: Matches | None,
    chosen: Option | None,
    reference: Reference,
    now: datetime,
    *,
    certain: bool = True,
) -> str:
    """The sentences to read aloud, in the language in use.

    Before the matches are worked out only what does not depend on them is said; to who may not see it, nothing.
    Where other desks cannot be asked, no place is `certain` to be free.
    """
    if view.hidden:
        return ""
    request = view.request
    needs = needs_of(request, view.children)
    offer = view.leading
    said: list[str] = []
    if request.urgency == "emergency" and request.state in ("open", "matching"):
        return _speech(reference, "emergency")
    if request.state in ("open", "matching"):
        said += _possible(view, needs, matches, chosen, reference, now, certain=certain)
    elif request.state == "offered" and offer is not None:
        said += _offered(view, offer, reference, now)
    elif request.state == "accepted" and offer is not None:
        said += _accepted(view, needs, offer, matches, reference, now)
    elif held := _held(view, reference):
        said += held
    elif request.state == "confirmed" and offer is not None:
        said += _confirmed(view, offer, matches, reference, now)
    elif request.state == "held":
        said += _later(request.held_until, reference, now)
    elif request.state == "unplaced":
        said.append(_speech(reference, "unplaced"))
        said += _refer(needs, matches, reference)
    elif request.state in ("cancelled", "finished"):
        said.append(_speech(reference, request.state))
    if request.state == "in_care" and offer is not None:
        end = moments.stamp(moment(request.end_at), now)
        said.append(_speech(reference, "in_care", provider=offer.provider or "", by=end))
    return " ".join(filter(None, said))


def _speech(reference: Reference, key: str, **values: object) -> str:
    return str(reference.phrases.speech[key]).format(**values)


def _possible(
    view: RequestView,
    needs: Sequence[Need],
    matches: Matches | None,
    chosen: Option | None,
    reference: Reference,
    now: datetime,
    *,
    certain: bool,
) -> list[str]:
    """What is possible for a request that nobody has been asked for: the best of it, or why nothing is."""
    if not needs or matches is None:
        return []
    need, request = needs[0], view.request
    if isinstance(chosen, Split):
        return [_why_nobody(matches.ranking, reference), _apart(view, chosen, reference)]
    if isinstance(chosen, Miss):
        return [_why_nobody(matches.ranking, reference), _changed(view, matches, chosen, reference, now)]
    if chosen is not None:
        candidate = chosen.candidate
        verdict = _of_service(matches, matches.services.get(candidate.provider_id))
        if verdict is None:
            return []
        if verdict.outcome == "blocked":
            # The provider has rules of its own, which allow what its service does not; so is its fee, perhaps.
            verdict = replace(verdict, outcome="available", blocks=(), fee=None)
        known = certain and candidate.free is not None and candidate.free >= len(needs)
        said = [to_say(reference, need, verdict, now, candidate.name, known)]
        return said if verdict.outcome == "ask" else [*said, *_later(request.promised_at, reference, now)]
    # A wish for one service leaves the others out.
    open_to = [one for one in matches.verdicts if request.service in (None, one.service)]
    possible = next((one for one in open_to if one.outcome == "available"), None)
    if possible is not None:
        service, when = str(reference.services[possible.service].name), moments.span(need.start, need.end, now)
        said = [_speech(reference, "no_provider", service=service, when=when)]
        said.append(_why_nobody(matches.ranking, reference))
        return [*said, *_later(request.promised_at, reference, now)]
    asked = next((one for one in open_to if one.outcome == "ask"), None)
    if asked is not None:
        return [to_say(reference, need, asked, now)]
    blocked = _soonest(open_to)
    said = [to_say(reference, need, blocked, now)] if blocked is not None else []
    return said + _refer(needs, matches, reference)


def _soonest(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The service that is possible soonest; where none ever is, the one with the fewest reasons against it."""
    return min(
        verdicts,
        key=lambda one: (one.next is None, one.next[0].timestamp() if one.next else len(one.blocks)),
        default=None,
    )


def _why_nobody(ranking: Ranking, reference: Reference) -> str:
    """What keeps those around from taking the children, the most frequent reasons first; "" where there is nobody."""
    if not ranking.why_out:
        return ""
    return _speech(reference, "why_nobody", why=words.counted(list(ranking.why_out.items())[:_REASONS]))


def _apart(view: RequestView, split: Split, reference: Reference) -> str:
    """Who takes which of the siblings, whether they are content with that."""
    day = moment(view.request.start_at).date()
    ages = {child.id: words.age(date.fromisoformat(child.birth), day) for child in view.children}
    parts = [
        _speech(
            reference,
            "split_part",
            age=", ".join(ages[child] for child in part.children if child in ages),
            provider=part.match.candidate.name,
        )
        for part in split.parts
    ]
    return _speech(reference, "split", parts=" / ".join(parts))


def _changed(view: RequestView, matches: Matches, miss: Miss, reference: Reference, now: datetime) -> str:
    """What would be possible with one change, and whether the guardian is content with it."""
    candidate, change = miss.match.candidate, miss.change
    asked = change.applied(asked_of(view.request))
    place = _speech(reference, "place_to_ask" if candidate.free is None else "place_free")
    values: dict[str, object] = {"provider": candidate.name, "place": place}
    if change.kind == "service":
        name = reference.services[matches.services.get(candidate.provider_id, change.code)].name
        return _speech(reference, "miss_service", service=name, **values)
    if change.kind == "region":
        return _speech(reference, "miss_region", region=reference.regions[change.code].name, **values)
    if change.kind == "wider":
        return _speech(reference, "miss_wider", km=f"{candidate.km or 0:.0f}", **values)
    return _speech(reference, "miss_time", when=moments.span(asked.start, asked.end, now), **values)


def _offered(view: RequestView, offer: OfferRow, reference: Reference, now: datetime) -> list[str]:
    request = view.request
    when = moments.span(moment(request.start_at), moment(request.end_at), now)
    # A yes on a condition waits for the guardian; the others are only being asked.
    offer = next((one for one in view.offers if one.state == "conditional"), offer)
    values = {"provider": offer.provider or "", "when": when}
    if offer.state == "conditional":
        said = [_speech(reference, "conditional", condition=offer.condition or "", **values)]
    else:
        said = [_speech(reference, "offered", **values)]
    if offer.claim == "provisional":
        said.append(_speech(reference, "provisional"))
    return [*said, *_later(request.promised_at or offer.expires_at, reference, now)]


def _accepted(
    view: RequestView,
    needs: Sequence[Need],
    offer: OfferRow,
    matches: Matches | None,
    reference: Reference,
    now: datetime,
) -> list[str]:
    """A place is found: what it costs, what to bring and which papers, and whether it shall be so."""
    request = view.request
    when = moments.span(moment(request.start_at), moment(request.end_at), now)
    said = [_speech(reference, "accepted", provider=offer.provider or "", when=when), *_claimed(offer, reference)]
    verdict = _offered_service(view, offer, matches)
    if verdict is not None and needs:
        said += [
            fee_sentence(reference, verdict.fee),
            _bring(verdict, reference),
            _papers(verdict, needs, reference),
        ]
    return said if in_conflict(offer) else [*said, _speech(reference, "shall_we")]


def _confirmed(
    view: RequestView, offer: OfferRow, matches: Matches | None, reference: Reference, now: datetime
) -> list[str]:
    request = view.request
    when = moments.span(moment(request.start_at), moment(request.end_at), now)
    unsure = _claimed(offer, reference)
    # Nothing is settled that may still change.
    said = [
        _speech(reference, "accepted" if unsure else "confirmed", provider=offer.provider or "", when=when),
        *unsure,
    ]
    verdict = _offered_service(view, offer, matches)
    if verdict is not None:
        said.append(_bring(verdict, reference))
    return [*said, _speech(reference, "number", number=request.number)]


def _held(view: RequestView, reference: Reference) -> list[str]:
    """Why who was not taken in at the door waits there, and what the guardian is asked for: once a reason."""
    from callcenter.desk.care_view import at_home

    waiting: dict[str, list[StayRow]] = {}
    for one in (one for one in view.stays if state_of(one.stay) == "held"):
        key = f"held_{one.held_why}" + ("_home" if one.held_why != "code_word" and at_home(reference, one) else "")
        waiting.setdefault(key, []).append(one)
    return [
        _speech(reference, key, child=_who(rows, view, reference), provider=rows[0].provider)
        for key, rows in waiting.items()
    ]


def _who(rows: Sequence[StayRow], view: RequestView, reference: Reference) -> str:
    """Whom it is about: by age where not every child of the request is meant."""
    ages = [words.age(date.fromisoformat(one.birth), moment(one.start_at).date()) for one in rows if one.birth]
    if len(rows) == len(view.stays) or not ages:
        return _speech(reference, "child")
    return _speech(reference, "child_of", age=", ".join(ages))


def _claimed(offer: OfferRow, reference: Reference) -> list[str]:
    """What is not sure yet about a place that was promised: whether another desk gave it away."""
    if in_conflict(offer):
        return [_speech(reference, "in_doubt")]
    unsure = {"asked": "being_checked", "provisional": "provisional"}.get(offer.claim)
    return [_speech(reference, unsure)] if unsure else []


def _offered_service(view: RequestView, offer: OfferRow, matches: Matches | None) -> Verdict | None:
    """The verdict of the service whose provider holds the offer."""
    if matches is None:
        return None
    held_by = view.provider.service if view.provider is not None else matches.services.get(offer.provider_id)
    return _of_service(matches, held_by)


def _of_service(matches: Matches, service: str | None) -> Verdict | None:
    return next((one for one in matches.verdicts if one.service == service), None)


def _bring(verdict: Verdict, reference: Reference) -> str:
    return _speech(reference, "bring", items=", ".join(map(str, verdict.bring))) if verdict.bring else ""


def _papers(verdict: Verdict, needs: Sequence[Need], reference: Reference) -> str:
    rules = reference.services[verdict.service].rules_on(needs[0].start.date(), needs[0].region)
    if rules.papers is None:
        return ""
    return _speech(reference, "papers", items=", ".join(map(str, rules.papers.items)))


def _later(due: int | None, reference: Reference, now: datetime) -> list[str]:
    """When we ring back; a time that has passed is not promised again."""
    if due is None:
        return []
    at = moment(due)
    return [_speech(reference, "call_back", by=told(at, now)) if at > now else _speech(reference, "call_back_soon")]


def _refer(needs: Sequence[Need], matches: Matches | None, reference: Reference) -> list[str]:
    """Where else to turn, for all children together."""
    verdicts = matches.verdicts if matches else ()
    found: dict[str, Referral] = {}
    for need in needs:
        for referral in referrals_for(reference.referrals, need, verdicts, reference.calendar):
            # One number is said once, for the first of its reasons.
            found.setdefault(referral.number or referral.id, referral)
    return [
        _speech(reference, "refer", to=referral.to, number=referral.number)
        if referral.number
        else _speech(reference, "refer_no_number", to=referral.to)
        for referral in list(found.values())[:_REFERRALS]
    ]
