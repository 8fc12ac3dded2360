"""What can be said while a request is still being typed: verdicts, matches, the request as it would be, duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from callcenter.care.eligibility import Need, Verdict
from callcenter.care.priority import Urgency
from callcenter.care.said_age import verdict_for_possible
from callcenter.desk.duplicates import Asked, duplicates
from callcenter.desk.matches import Matches, weigh
from callcenter.desk.permission import Actor
from callcenter.desk.providers_read import ProvidersRead
from callcenter.desk.session import seconds
from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.store.duplicates import DuplicateRow
from callcenter.store.reads import ChildRow, RequestRow


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed so far.

    `needs` has one need for each birth a child may have (`care.said_age`), none while region or times are missing;
    `request_id` is the request that is amended, which is no duplicate of itself.
    """

    needs: tuple[tuple[Need, ...], ...] = ()
    asked: Asked = field(default_factory=Asked)
    promised: datetime | None = None
    urgency: Urgency = "normal"
    request_id: str = ""


class SoFar(NamedTuple):
    """What is known of it: the request as it would stand in the queue, None while too little was typed."""

    verdicts: tuple[Verdict, ...] = ()
    view: RequestView | None = None
    matches: Matches | None = None
    duplicates: tuple[DuplicateRow, ...] = ()


def so_far(
    providers: ProvidersRead,
    reference: Reference,
    programs: Sequence[str],
    typed: Typed,
    now: datetime,
    actor: Actor | None = None,
) -> SoFar:
    """Work it out, read only. Only providers that take the children at every age they may have are matches."""
    found = tuple(duplicates(providers.connection, typed.asked, now, actor, without=[typed.request_id]))
    if not typed.needs:
        return SoFar(duplicates=found)
    verdicts = verdicts_so_far(reference, programs, typed, now)
    request = _request(typed, now)
    oldest, youngest = (_children(typed.needs, at) for at in (0, -1))
    possible = [oldest] if youngest == oldest else [oldest, youngest]
    view = RequestView(request, None, oldest, [], [], None, None, [], [])
    return SoFar(verdicts, view, weigh(providers, reference, verdicts, request, possible, now).matches, found)


def verdicts_so_far(reference: Reference, programs: Sequence[str], typed: Typed, now: datetime) -> tuple[Verdict, ...]:
    """What each service of the programs can do for the children."""
    calendar, coverage = reference.calendar, reference.coverage
    return tuple(
        verdict_for_possible(service, typed.needs, now, calendar, coverage)
        for service in reference.services.values()
        if service.program in programs and typed.needs
    )


def _request(typed: Typed, now: datetime) -> RequestRow:
    need, at = typed.needs[0][0], seconds(now)
    return RequestRow(
        id=typed.request_id,
        number="",
        state="open",
        urgency=typed.urgency,
        region=need.region,
        residence=need.residence,
        service=None,
        channel="hotline",
        guardian_id="",
        call_id=None,
        start_at=seconds(need.start),
        end_at=seconds(need.end),
        reason="",
        opened_at=at,
        asked_at=at,
        operator="",
        promised_at=seconds(typed.promised) if typed.promised else None,
        held_until=None,
        ended_reason=None,
        changed_at=at,
    )


def _children(needs: Sequence[Sequence[Need]], at: int) -> list[ChildRow]:
    """The children as they are if each was born on the first, or the last, of the days it may be born on."""
    return [
        ChildRow(
            id=str(number),
            guardian_id="",
            name="",
            birth=possible[at].child.birth.isoformat(),
            school=possible[at].child.school,
            registered=possible[at].registered,
            needs=" ".join(sorted(possible[at].needs)),
            symptoms=" ".join(sorted(possible[at].symptoms)),
            care_note="",
        )
        for number, possible in enumerate(needs)
    ]
