"""What became of a request between the desks, in words: whose place it was, what was decided, who took it over."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.claim_entries import ClaimEntry, claim_entries

if TYPE_CHECKING:
    from sqlite3 import Connection

DECISIONS: Mapping[str, str] = {
    "another": mark("another match"),
    "places": mark("more places"),
    "agreed": mark("called and agreed"),
}
"""How a conflict is decided, as it is called."""

_REFUSED = {
    "place": mark("{provider}: desk {desk} has that place"),
    "child": mark("{provider}: desk {desk} has placed the child already"),
}


class ClaimStep(NamedTuple):
    """One line: when (seconds), by whom at which desk, and what, in the language in use."""

    at: int
    operator: str
    desk: str
    words: str


class _Story:
    """What is known of the offers while their entries are gone through in their order."""

    def __init__(self, provider_name: Callable[[str], str]) -> None:
        self._name = provider_name
        self._providers: dict[str, str] = {}
        self._claims: dict[str, str] = {}

    def words(self, entry: ClaimEntry) -> str | None:
        """What the entry tells, None for what needs no words."""
        said: dict[str, Any] = json.loads(entry.body or "{}")
        offer = said.get("offer", "")
        match entry.kind:
            case "offer.made":
                self._providers[offer], self._claims[offer] = self._name(said["provider"]), said.get("claim", "alone")
                return None
            case "offer.claimed":
                before, self._claims[offer] = self._claims.get(offer), said["claim"]
                return self._claimed(offer, said, before)
            case "offer.reseated":
                self._claims[offer] = said.get("claim", "asked")
                return _("{provider}: another place instead").format(provider=self._of(offer))
            case "offer.released":
                return self._released(offer, said["why"])
            case "conflict.decided":
                return _decided(said)
        return _taken_over(said)

    def _of(self, offer: str) -> str:
        return self._providers.get(offer, "")

    def _claimed(self, offer: str, said: Mapping[str, Any], before: str | None) -> str | None:
        if said["claim"] == "refused":
            sentence = _REFUSED[said["why"] or "place"]
            return _(sentence).format(provider=self._of(offer), desk=said["other_desk"])
        # What was granted as soon as it was asked for is as without a centre.
        if before in ("provisional", "refused"):
            return _("{provider}: the place is ours").format(provider=self._of(offer))
        return None

    def _released(self, offer: str, why: str) -> str | None:
        if why == "taken_elsewhere":
            return _("{provider}: taken back, nobody was told").format(provider=self._of(offer))
        return _("{provider}: given up").format(provider=self._of(offer)) if why == "conflict" else None


def claim_history(connection: "Connection", request_id: str) -> list[ClaimStep]:
    """What became of a request between the desks, the first first; nothing for one that no other desk met."""

    def name(provider_id: str) -> str:
        found = reads.provider(connection, provider_id)
        return found.name if found is not None else ""

    return list(_told(claim_entries(connection, request_id), _Story(name)))


def _told(entries: Iterable[ClaimEntry], story: _Story) -> Iterable[ClaimStep]:
    for entry in entries:
        words = story.words(entry)
        if words is not None:
            yield ClaimStep(entry.at, entry.operator, entry.desk, words)


def _decided(said: Mapping[str, Any]) -> str:
    decision = DECISIONS[said["how"]]
    return _("Conflict decided: {how}").format(how=_(decision))


def _taken_over(said: Mapping[str, Any]) -> str:
    if "why" not in said:
        return _("Taken over")
    return _("Taken over from {who}, desk {desk}: {why}").format(
        who=said["from_operator"], desk=said["from_desk"], why=said["why"]
    )
