"""What the operator says to the guardian about a request as it stands now. 말하기: say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from callcenter.care.eligibility import Need, Verdict
from callcenter.care.matching import Match
from callcenter.care.referrals import Referral, referrals_for
from callcenter.desk.matches import Matches, moment, needs_of
from callcenter.desk.view import RequestView
from callcenter.desk.wording import fee_sentence, to_say, told
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store.reads import OfferRow
from callcenter.text import moments

_REFERRALS = 2

# What is said of a request that moves; the sentences about services and rules are in `phrases.toml`.
_SENTENCES: Mapping[str, str] = {
    # 먼저 119에 연결하겠습니다. 전화를 끊지 말고 기다려 주세요.
    "emergency": mark("I am calling 119 first. Please stay on the line."),
    # {when} {service} 대상은 되시는데, 지금 받아 줄 기관이 없어 더 알아보겠습니다.
    "no_provider": mark("{service} is open to you {when}, but nobody can take the child now; I will go on looking."),
    # 곧 다시 전화드리겠습니다.
    "call_back_soon": mark("I will call you back shortly."),
    # {provider}에 {when} 자리를 물어보고 있습니다.
    "offered": mark("I am asking {provider} for a place {when}."),
    # {provider}에서 {when} 맡아 주시기로 했습니다.
    "accepted": mark("{provider} will take the child {when}."),
    # 이대로 진행할까요?
    "shall_we": mark("Shall we settle it so?"),
    # {when} {provider} 이용이 확정되었습니다.
    "confirmed": mark("{provider} is settled for {when}."),
    # 이번에는 맡아 드릴 곳을 찾지 못했습니다. 죄송합니다.
    "unplaced": mark("I am sorry, we found nobody who can take the child this time."),
    # 신청을 취소해 드렸습니다. 필요하시면 언제든 다시 전화 주세요.
    "cancelled": mark("The request is cancelled. Please call again whenever you need us."),
    # 아이는 지금 {provider}에 있습니다. {by}까지 데리러 와 주세요.
    "in_care": mark("Your child is at {provider} now. Please come by {by}."),
    # 이용해 주셔서 감사합니다.
    "finished": mark("Thank you for using the service."),
}


def text(view: RequestView, matches: Matches | None, chosen: Match | None, reference: Reference, now: datetime) -> str:
    """The sentences to read aloud, in the language in use.

    Before the matches are worked out only what does not depend on them is said.
    """
    request = view.request
    needs = needs_of(request, view.children)
    offer = next((one for one in view.offers if one.id == request.offer_id), None)
    said: list[str] = []
    if request.urgency == "emergency" and request.state in ("open", "matching"):
        return _sentence("emergency")
    if request.state in ("open", "matching"):
        said += _possible(view, needs, matches, chosen, reference, now)
    elif request.state == "offered" and offer is not None:
        said += _offered(view, offer, reference, now)
    elif request.state == "accepted" and offer is not None:
        said += _accepted(view, needs, offer, matches, reference, now)
    elif request.state == "confirmed" and offer is not None:
        said += _confirmed(view, offer, matches, reference, now)
    elif request.state == "held":
        said += _later(request.held_until, reference, now)
    elif request.state == "unplaced":
        said.append(_sentence("unplaced"))
        said += _refer(needs, matches, reference)
    elif request.state in ("cancelled", "finished"):
        said.append(_sentence(request.state))
    elif request.state == "in_care" and offer is not None:
        end = moments.stamp(moment(request.end_at), now)
        said.append(_sentence("in_care", provider=offer.provider or "", by=end))
    return " ".join(filter(None, said))


def _speech(reference: Reference, key: str, **values: object) -> str:
    return str(reference.phrases.speech[key]).format(**values)


def _sentence(key: str, **values: object) -> str:
    return _(_SENTENCES[key]).format(**values)


def _possible(
    view: RequestView,
    needs: Sequence[Need],
    matches: Matches | None,
    chosen: Match | None,
    reference: Reference,
    now: datetime,
) -> list[str]:
    """What is possible for a request that nobody has been asked for: the best of it, or why nothing is."""
    if not needs or matches is None:
        return []
    need, request = needs[0], view.request
    if chosen is not None:
        candidate = chosen.candidate
        verdict = _of_service(matches, matches.services.get(candidate.provider_id))
        if verdict is None:
            return []
        if verdict.outcome == "blocked":
            # The provider has rules of its own, which allow what its service does not; so is its fee, perhaps.
            verdict = replace(verdict, outcome="available", blocks=(), fee=None)
        known = candidate.free is not None and candidate.free >= len(needs)
        said = [to_say(reference, need, verdict, now, candidate.name, known)]
        return said if verdict.outcome == "ask" else [*said, *_later(request.promised_at, reference, now)]
    # A wish for one service leaves the others out.
    open_to = [one for one in matches.verdicts if request.service in (None, one.service)]
    possible = next((one for one in open_to if one.outcome == "available"), None)
    if possible is not None:
        service, when = str(reference.services[possible.service].name), moments.span(need.start, need.end, now)
        said = [_sentence("no_provider", service=service, when=when)]
        return [*said, *_later(request.promised_at, reference, now)]
    asked = next((one for one in open_to if one.outcome == "ask"), None)
    if asked is not None:
        return [to_say(reference, need, asked, now)]
    blocked = _nearest_miss(open_to)
    said = [to_say(reference, need, blocked, now)] if blocked is not None else []
    return said + _refer(needs, matches, reference)


def _nearest_miss(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The service that is possible soonest; where none ever is, the one with the fewest reasons against it."""
    return min(
        verdicts,
        key=lambda one: (one.next is None, one.next[0].timestamp() if one.next else len(one.blocks)),
        default=None,
    )


def _offered(view: RequestView, offer: OfferRow, reference: Reference, now: datetime) -> list[str]:
    request = view.request
    when = moments.span(moment(request.start_at), moment(request.end_at), now)
    said = _sentence("offered", provider=offer.provider or "", when=when)
    return [said, *_later(request.promised_at or offer.expires_at, reference, now)]


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
    said = [_sentence("accepted", provider=offer.provider or "", when=when)]
    verdict = _offered_service(view, offer, matches)
    if verdict is not None and needs:
        said += [fee_sentence(reference, verdict.fee), _bring(verdict, reference), _papers(verdict, needs, reference)]
    return [*said, _sentence("shall_we")]


def _confirmed(
    view: RequestView, offer: OfferRow, matches: Matches | None, reference: Reference, now: datetime
) -> list[str]:
    request = view.request
    when = moments.span(moment(request.start_at), moment(request.end_at), now)
    said = [_sentence("confirmed", provider=offer.provider or "", when=when)]
    verdict = _offered_service(view, offer, matches)
    if verdict is not None:
        said.append(_bring(verdict, reference))
    return [*said, _speech(reference, "number", number=request.number)]


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
    return [_speech(reference, "call_back", by=told(at, now)) if at > now else _sentence("call_back_soon")]


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
