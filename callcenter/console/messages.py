"""What happened, told by the console's threads to the screen: past-tense facts, painted by handlers of their names."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.desk.link_state import LinkState
from callcenter.desk.queue_view import QueueView
from callcenter.desk.view import RequestView
from callcenter.store.reads import ChildRow, GuardianRow

if TYPE_CHECKING:
    from callcenter.care.eligibility import Block
    from callcenter.desk.around import AroundRow
    from callcenter.desk.availability import AvailabilityView, CellView
    from callcenter.desk.care_view import CareView
    from callcenter.desk.centre_view import CentreView
    from callcenter.desk.claims import Settled
    from callcenter.desk.matches import Matches
    from callcenter.desk.phone_view import PhoneView
    from callcenter.desk.queue_plan import QueueProposal
    from callcenter.desk.search import Found
    from callcenter.desk.so_far import SoFar, Typed
    from callcenter.desk.telephone_state import TelephoneState


@dataclass
class QueueRead(Message):
    """The page of the queue that the screen shows was read."""

    view: QueueView

    def can_replace(self, message: Message) -> bool:
        """An older page of the queue still waiting to be painted is of no use."""
        return isinstance(message, QueueRead)


@dataclass
class PhoneRead(Message):
    """What the screen shows of the telephone was read: who rings, the operator's calls, the call-backs."""

    view: "PhoneView"

    def can_replace(self, message: Message) -> bool:
        """Only the newest look at the telephone counts."""
        return isinstance(message, PhoneRead)


@dataclass
class CareRead(Message):
    """Who has a place tonight and who is in care was read."""

    view: "CareView"

    def can_replace(self, message: Message) -> bool:
        """Only the newest look at care counts."""
        return isinstance(message, CareRead)


@dataclass
class TelephoneSeen(Message):
    """Another state of the gateways that tell of calls."""

    state: "TelephoneState"


@dataclass
class LinkChanged(Message):
    """The line to the centre, or what other desks work on, is not as it was."""

    link: LinkState

    def can_replace(self, message: Message) -> bool:
        """Only how it stands now counts."""
        return isinstance(message, LinkChanged)


@dataclass
class CentreRead(Message):
    """What the window of the centre tells beside the line itself was read."""

    view: "CentreView"

    def can_replace(self, message: Message) -> bool:
        """Only the newest look counts."""
        return isinstance(message, CentreRead)


@dataclass
class ClaimsSettled(Message):
    """The centre said whose places some offers have, and this desk did what follows from it."""

    settled: "list[Settled]"


@dataclass
class RequestRead(Message):
    """The selected request was read; None when there is none."""

    view: RequestView | None

    def can_replace(self, message: Message) -> bool:
        """Only the newest selection counts."""
        return isinstance(message, RequestRead)


@dataclass
class MatchesRead(Message):
    """The verdicts and matches of the selected request were worked out, and who is around."""

    request_id: str | None
    matches: "Matches | None"
    around: "list[AroundRow]"

    def can_replace(self, message: Message) -> bool:
        """Only the newest selection counts."""
        return isinstance(message, MatchesRead)


@dataclass
class PlanRead(Message):
    """The plan of the whole queue was worked out; None when that failed, and why was said."""

    plan: "QueueProposal | None"

    def can_replace(self, message: Message) -> bool:
        """Only the newest plan counts."""
        return isinstance(message, PlanRead)


@dataclass
class GuardianFound(Message):
    """Who calls from a number: the guardian with the children and the last region, or None."""

    guardian: GuardianRow | None
    children: list[ChildRow]
    region: str
    consents: tuple[str, ...] = ()


@dataclass
class SoFarRead(Message):
    """What can be said of a request that is being typed was worked out."""

    typed: "Typed"
    so_far: "SoFar"

    def can_replace(self, message: Message) -> bool:
        """Only what was typed last counts."""
        return isinstance(message, SoFarRead)


@dataclass
class SearchRead(Message):
    """What a search for this text found."""

    text: str
    found: "Found"

    def can_replace(self, message: Message) -> bool:
        """Only the newest search counts."""
        return isinstance(message, SearchRead)


@dataclass
class AvailabilityRead(Message):
    """The lines of the list of providers that the screen shows were read."""

    view: "AvailabilityView"

    def can_replace(self, message: Message) -> bool:
        """Only the newest look at the list counts."""
        return isinstance(message, AvailabilityRead)


@dataclass
class CellRead(Message):
    """Who is in a half hour of a group was read; None when there is no such group any more."""

    cell: "CellView | None"

    def can_replace(self, message: Message) -> bool:
        """Only the half hour under the cursor counts."""
        return isinstance(message, CellRead)


@dataclass
class RegionsRead(Message):
    """The regions with providers were read, with how many each has."""

    regions: list[tuple[str, int]]


@dataclass
class FitRead(Message):
    """What keeps a provider from taking the selected request was worked out; None: there is no such provider."""

    provider_id: str
    blocks: "tuple[Block, ...] | None"


@dataclass
class ReadingFailed(Message):
    """The reading thread met a refusal or a fault; it goes on with the next change."""

    error: Exception


@dataclass
class ActionDone(Message):
    """A use case was committed."""

    action: str
    result: object


@dataclass
class ActionRefused(Message):
    """A use case was refused or failed, and nothing was changed."""

    action: str
    error: Exception
