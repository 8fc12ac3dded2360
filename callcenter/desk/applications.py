"""Applications from the online platform: taken once each, with whatever is wrong in them marked for the operator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.care.need import Channel
from callcenter.desk.application_doubts import with_doubts
from callcenter.desk.free_text import kept_text
from callcenter.desk.known_families import recognised
from callcenter.desk.new_requests import NewRequest, append_request
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import ConsentKind
from callcenter.desk.session import Desk, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store import applications
from callcenter.text.phone import read_phone

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.chain import Chain

_CHANNEL: Channel = "platform"

_ASKED: Mapping[ConsentKind, str] = {
    "collect": mark("use of personal data"),
    "sensitive": mark("use of health data"),
    "third_party": mark("telling the provider"),
}

Progress = Literal["received", "in_progress", "placed", "in_care", "finished", "not_placed", "cancelled"]

# What the platform is told of a request. Until the guardian has agreed a place is only being looked for.
_PROGRESS: Mapping[str, Progress] = {
    "open": "received",
    "matching": "in_progress",
    "offered": "in_progress",
    "accepted": "in_progress",
    "held": "in_progress",
    "confirmed": "placed",
    "in_care": "in_care",
    "finished": "finished",
    "unplaced": "not_placed",
    "cancelled": "cancelled",
}


class ApplicationChanged(CallcenterError):
    """An application with this identifier was taken before and said something else.

    Values: external_id; and of what it became then: number, progress.
    """

    code = "application_changed"
    sentence = mark(
        "The application {external_id} was taken before with other contents. Send changes with a new identifier, "
        "or tell the desk by telephone."
    )


@dataclass(frozen=True, slots=True)
class Consents:
    """What the guardian agreed to on the platform, and when."""

    kinds: tuple[ConsentKind, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """An application whose form is right; its facts may not be.

    `external_id` is the platform's own identifier, `digest` the SHA-256 in hex of what was said under it.
    """

    external_id: str
    digest: str
    wish: NewRequest
    consents: Consents | None = None


class Accepted(NamedTuple):
    """The request an application became, whether this was the first time it came, and how far the request is."""

    request_id: str
    number: str
    state: Literal["new", "same"]
    progress: Progress = "received"


class Standing(NamedTuple):
    """How far an application is, as the family may know it; times are seconds since 1970 in UTC."""

    external_id: str
    number: str
    progress: Progress
    received_at: int
    changed_at: int
    start_at: int
    end_at: int
    provider: str | None


@requires("application.accept")
def accept(desk: Desk, actor: Actor, now: datetime, application: Application) -> Accepted:
    """Put an application into the queue, or find the request that it became before.

    A fact that cannot be right does not keep a family out of the queue: the request says it in a note. Raises
    `ApplicationChanged`.
    """
    (answer,) = accept_all(desk, actor, now, [application])
    if isinstance(answer, ApplicationChanged):
        raise answer
    return answer


@requires("application.accept")
def accept_all(
    desk: Desk, actor: Actor, now: datetime, together: Sequence[Application]
) -> list[Accepted | ApplicationChanged]:
    """Accept several in one transaction, so that they wait for the disk once; an answer for each, in their order.

    A refusal keeps no other out, and stands where its application's answer would; any other error takes back all.
    """
    answers: list[Accepted | ApplicationChanged] = []
    asked = [_asked(desk.reference, now, application) for application in together]
    with desk.writing_much(actor.name, now) as (held, chain):
        for strangers in _without_acquaintance(asked):
            # One look for all of them: none can be what another one of them became.
            before = applications.taken(held.connection, [one.application.external_id for one in strangers])
            families = applications.families_by_phone(held.connection, [one.phone for one in strangers if one.phone])
            for one in strangers:
                known = before.get(one.application.external_id)
                if known is None:
                    answers.append(_take(held, chain, now, one, families.get(one.phone, ())))
                else:
                    answers.append(_taken_before(one.application, known))
    return answers


def standing(connection: "Connection", external_id: str) -> Standing | None:
    """How far the application is, or None when none of this identifier was taken."""
    row = applications.standing(connection, external_id)
    return None if row is None else Standing(row.external_id, row.number, _PROGRESS[row.state], *row[3:])


class _Asked(NamedTuple):
    """An application with its wish as it can be kept, what is doubtful in it, and the number as it is stored."""

    application: Application
    wish: NewRequest
    doubts: list[str]
    phone: str


def _asked(reference: Reference, now: datetime, application: Application) -> _Asked:
    wish, doubts = with_doubts(reference, application.wish, now)
    return _Asked(application, wish, doubts, read_phone(wish.guardian.phone).stored)


def _without_acquaintance(asked: Sequence[_Asked]) -> Iterator[list[_Asked]]:
    """The applications in their order, parted wherever one has an identifier or a number of those before it."""
    strangers: list[_Asked] = []
    seen: set[str] = set()
    for one in asked:
        # An identifier that looks like another's number parts them too, which costs a look and no more.
        names = {one.application.external_id, one.phone} - {""}
        if not seen.isdisjoint(names):
            yield strangers
            strangers, seen = [], set()
        strangers.append(one)
        seen |= names
    if strangers:
        yield strangers


def _taken_before(application: Application, before: applications.ApplicationRow) -> Accepted | ApplicationChanged:
    progress = _PROGRESS[before.state]
    if before.digest != application.digest:
        return ApplicationChanged(external_id=application.external_id, number=before.number, progress=progress)
    return Accepted(before.request_id, before.number, "same", progress)


def _take(desk: Desk, chain: "Chain", now: datetime, asked: _Asked, family: Sequence[applications.Member]) -> Accepted:
    from callcenter.journal import bodies

    application = asked.application
    wish, differences, children = recognised(desk.reference, asked.wish, family)
    doubled = applications.overlapping_requests(desk.connection, children, seconds(wish.start), seconds(wish.end))
    taken, guardian_id = append_request(
        desk, chain, now, wish if wish.channel == _CHANNEL else replace(wish, channel=_CHANNEL)
    )
    received = bodies.ApplicationReceived(external_id=application.external_id, digest=application.digest)
    chain.append(taken.request_id, received)
    if application.consents is not None and application.consents.kinds:
        given = application.consents
        # The platform's clock may be ahead of ours.
        at = seconds(min(given.at, now))
        consent = bodies.ConsentGiven(kinds=list(given.kinds), who=wish.guardian.relation, how="online", at=at)
        chain.append(guardian_id, consent)
    if marks := [*_marks(application, doubled, asked.doubts, differences)]:
        chain.append(taken.request_id, bodies.NoteAdded(text=kept_text("\n".join(marks), lines=True)))
    return Accepted(taken.request_id, taken.number, "new")


def _marks(
    application: Application, doubled: Sequence[str], doubts: Sequence[str], differences: Sequence[str]
) -> Iterator[str]:
    """What the operator has to see before anything else, the weightiest first."""
    if doubled:
        told = _("The same child is in {numbers} for this time too. Keep one of them.")
        yield told.format(numbers=", ".join(doubled))
    if doubts:
        yield _("Please ask the guardian, the application cannot be right here:")
        yield from (f"- {doubt}" for doubt in doubts)
    if differences:
        yield _("We know this family with other facts, which stand as they were. Please ask:")
        yield from (f"- {difference}" for difference in differences)
    if missing := _missing_consents(application):
        yield _("Not agreed to yet, please ask: {kinds}").format(kinds=", ".join(missing))


def _missing_consents(application: Application) -> list[str]:
    given = application.consents.kinds if application.consents else ()
    sensitive = any(child.needs or child.symptoms or child.care_note for child in application.wish.children)
    return [_(words) for kind, words in _ASKED.items() if kind not in given and (sensitive or kind != "sensitive")]
