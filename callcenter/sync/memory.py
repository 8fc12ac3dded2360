"""What a desk keeps in mind from one link to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from callcenter.sync import incoming, outgoing

_LEAST_PAGE = 10


@dataclass(slots=True)
class Memory:
    """What is worth keeping from one link to the next: how much the line and the disk take at once.

    `claimed` is the last of our entries that the centre was asked about before they were pushed. `unsettled` are
    offers whose places are to be asked for again, `recover` chains of which the centre may have lost entries.
    `counted` says that the centre was asked how much there is to come, `forked` that it has other entries than ours in
    the places of our chain.
    """

    batch: int = outgoing.MOST_ENTRIES
    page: int = incoming.PAGE
    pace: incoming.Pace = field(default_factory=incoming.Pace)
    claimed: int = 0
    unsettled: dict[str, None] = field(default_factory=dict)
    recover: list[str] = field(default_factory=list)
    came: int = 0
    counted: bool = False
    forked: bool = False

    def take_less(self) -> None:
        """The centre did not answer in time: over a slow line less at once comes through."""
        self.batch, self.page = max(1, self.batch // 4), max(_LEAST_PAGE, self.page // 4)

    def ask_again(self, offers: Iterable[str]) -> None:
        """Ask anew for the places of these offers with the next push."""
        self.unsettled |= dict.fromkeys(offers)
