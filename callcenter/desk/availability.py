"""Providers with their half hours of tonight and the next days: a window of the list, and who is in a cell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.calendar import SEOUL
from callcenter.care.eligibility import Block
from callcenter.care.matching import NO_PLACE
from callcenter.care.places import choose_places, slot_of, slot_start, slots
from callcenter.desk.facilities import takes_part
from callcenter.desk.listed_groups import ListedGroups
from callcenter.desk.needs import children_months
from callcenter.desk.permission import Actor
from callcenter.desk.presence import presences
from callcenter.desk.provider_rules import provider_blocks
from callcenter.desk.restricted import hidden
from callcenter.desk.session import seconds
from callcenter.desk.slot_states import SlotState, states
from callcenter.desk.to_confirm import wanted_tonight, with_old_word
from callcenter.desk.view import RequestView
from callcenter.desk.weighing import NO_GROUP
from callcenter.reference import Reference
from callcenter.store import availability as store
from callcenter.store import reads
from callcenter.store.engine import last_entry
from callcenter.store.overstays import full_of_overstays, with_overstays
from callcenter.store.provider_times import ClosureRow, closures
from callcenter.store.reservations import taken_by_group
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

DAYS = 8
"""Tonight and the next seven days."""
SLOTS = 48
_MORNING = time(6)
_A_LITTLE = 200
_WANTED_BY = 20
"""The requests whose matches are looked at for whom to ring; so many keep nobody waiting."""
_WANTED_FOR = timedelta(minutes=3)
_CLOSED: SlotState = "closed"
_LISTED_ANEW = frozenset({"provider.recorded"})
"""Kinds of entries after which other groups may be listed, or in another order."""
_THERE_ANEW = _LISTED_ANEW | {"hours.set", "closure.set", "closure.lifted", "roster.set", "roster.day_set", "duty.set"}
"""Kinds of entries after which providers may be there at other times."""


class Wish(NamedTuple):
    """What is listed: which providers, on which day (0 is tonight), which lines; `cursor` is a group to be found.

    Those `to_confirm` stand in the order to ring them, all others by region and name.
    """

    region: str | None = None
    service: str | None = None
    text: str = ""
    now_free: bool = False
    to_confirm: bool = False
    day: int = 0
    offset: int = 0
    limit: int = 0
    cursor: str | None = None

    @property
    def listed(self) -> tuple[object, ...]:
        """What decides which groups are listed, and in which order."""
        return self[:5]

    def lists_as(self, other: "Wish") -> bool:
        """Whether both list the same groups of the same day, whatever lines of them."""
        return self.listed == other.listed and self.day == other.day


class AvailabilityRow(NamedTuple):
    """A group of a provider with its half hours."""

    provider: reads.ProviderRow
    group: reads.GroupRow
    states: tuple[SlotState, ...]


class AvailabilityView(NamedTuple):
    """The lines from `offset` on, out of `total`; `window` are the slots of their half hours.

    `cursor_index` is where the wish's cursor stands in the whole list, None where it is not listed.
    """

    wish: Wish
    window: range
    total: int
    offset: int
    rows: list[AvailabilityRow]
    cursor_index: int | None


class CellView(NamedTuple):
    """One half hour of a group: its places, who is in them, why it is closed where somebody said so.

    Of restricted requests the names are left out.
    """

    provider: reads.ProviderRow
    group: reads.GroupRow
    slot: int
    state: SlotState
    capacity: int | None
    closed: ClosureRow | None
    """The closure that keeps it shut."""
    seats: list[store.SeatRow]


def window_of(now: datetime, day: int) -> range:
    """The 48 slots of a day: of tonight those from this hour on, of a later day from six in the morning to six.

    A night belongs to the evening before, as it does to who is on duty.
    """
    local = now.astimezone(SEOUL)
    if not day:
        first = local.replace(minute=0, second=0, microsecond=0)
    else:
        # Before six it is still last night, and tomorrow begins this morning.
        today = (local - timedelta(hours=_MORNING.hour)).date()
        first = datetime.combine(today + timedelta(days=day), _MORNING, SEOUL)
    start = slot_of(first)
    return range(start, start + SLOTS)


@dataclass(slots=True)
class _There:
    """The groups of the providers that are there in a slot, of those up to `after`; None once that is all of them.

    `moved` counts how often providers had moved before.
    """

    slot: int
    moved: int
    groups: set[str]
    after: str | None = ""


class Availability:
    """Reads windows of the list for one desk; keeps which groups are listed until that may have changed."""

    def __init__(self, reference: Reference, programs: Sequence[str]) -> None:
        self._reference = reference
        self._programs = programs
        self._services = [one.id for one in reference.services.values() if one.program in programs]
        self._names: tuple[int, ListedGroups] | None = None
        self._listed: tuple[object, list[str]] = (None, [])
        self._there = _There(-1, 0, set())
        self._wanted: tuple[datetime, Mapping[str, int]] | None = None
        self._recorded = self._moved = 0
        self._seen = -1

    def view(self, connection: "Connection", wish: Wish, now: datetime) -> AvailabilityView:
        """The window of the list that is wished for, as it is now."""
        self._look(connection)
        ids = self._ids(connection, wish, now)
        offset = max(0, min(wish.offset, len(ids) - wish.limit))
        window = window_of(now, wish.day)
        rows = self._rows(connection, ids[offset : offset + wish.limit], window, now)
        try:
            at = ids.index(wish.cursor or "")
        except ValueError:
            at = None
        return AvailabilityView(wish, window, len(ids), offset, rows, at)

    def regions(self, connection: "Connection") -> list[tuple[str, int]]:
        """The regions that can be chosen, and how many providers each has."""
        return store.listed_regions(connection, self._services)

    def _look(self, connection: "Connection") -> None:
        """Notice what was told of providers since the last look."""
        latest = last_entry(connection)
        if latest != self._seen:
            kinds = store.kinds_since(connection, self._seen)
            self._recorded += not _LISTED_ANEW.isdisjoint(kinds)
            self._moved += not _THERE_ANEW.isdisjoint(kinds)
            self._seen = latest

    def _ids(self, connection: "Connection", wish: Wish, now: datetime) -> list[str]:
        """The groups that are listed; asked again where only the window moves."""
        slot = slot_of(now)
        key = (wish.listed, self._recorded, (slot, self._seen) if wish.now_free or wish.to_confirm else None)
        if self._listed[0] != key:
            ids = self._all(connection).find(wish.region, wish.service, wish.text)
            if wish.now_free:
                there = self._there_at(connection, slot, at_once=True)
                full = store.not_free(connection, slot) | full_of_overstays(connection, slot, seconds(now))
                ids = [one for one in ids if one in there and one not in full]
            if wish.to_confirm:
                mine = set(ids)
                ids = [one for one in self._to_ring(connection, now) if one in mine]
            self._listed = (key, ids)
        return self._listed[1]

    def _all(self, connection: "Connection") -> ListedGroups:
        """The groups of all services of the desk."""
        if self._names is None or self._names[0] != self._recorded:
            self._names = self._recorded, ListedGroups(store.listed_names(connection, self._services))
        return self._names[1]

    def _to_ring(self, connection: "Connection", now: datetime) -> list[str]:
        """The groups with an old word or none that tonight's requests want, in the order to ring.

        What is wanted is worked out anew every few minutes; what was confirmed meanwhile is left out at once.
        """
        if self._wanted is None or now - self._wanted[0] >= _WANTED_FOR:
            self._wanted = now, wanted_tonight(connection, self._reference, self._programs, now, _WANTED_BY)
        found = with_old_word(connection, self._reference, self._wanted[1], now)
        return [group.id for one in found for group in one.groups]

    def prepare(self, connection: "Connection", now: datetime) -> None:
        """Work out a little of who is there now, while nobody asks for it: all of it would keep a key waiting."""
        self._look(connection)
        self._there_at(connection, slot_of(now), at_once=False)

    def _there_at(self, connection: "Connection", slot: int, *, at_once: bool) -> set[str]:
        """The groups of the providers that are there in the slot; without `at_once` as far as they are known."""
        if (self._there.slot, self._there.moved) != (slot, self._moved):
            self._there = _There(slot, self._moved, set())
        there, window = self._there, range(slot, slot + 1)
        while there.after is not None:
            providers = store.providers_after(connection, there.after, _A_LITTLE)
            mine = [row for row in providers if row.service in self._services]
            present = presences(connection, self._reference, mine, window)
            open_ones = [provider for provider, one in present.items() if not one.shut(slot)]
            there.groups.update(store.groups_of_providers(connection, open_ones))
            there.after = providers[-1].id if len(providers) == _A_LITTLE else None
            if not at_once:
                break
        return there.groups

    def _rows(
        self, connection: "Connection", ids: Sequence[str], window: range, now: datetime
    ) -> list[AvailabilityRow]:
        taken: dict[str, dict[int, list[reads.TakenRow]]] = {}
        held = reads.taken(connection, ids, window[0], window[-1])
        for row in with_overstays(connection, held, ids, window[0], window[-1], seconds(now)):
            taken.setdefault(row.group_id, {}).setdefault(row.slot, []).append(row)
        offers = {row.offer_id for by_slot in taken.values() for here in by_slot.values() for row in here}
        pending = reads.pending_among(connection, offers)
        day = slot_start(window[0]).astimezone(SEOUL).date()
        lines = store.listed_rows(connection, ids)
        providers = {line.provider.id: line.provider for line in lines if takes_part(line.provider, day)}
        present = presences(connection, self._reference, list(providers.values()), window)
        return [
            AvailabilityRow(
                provider,
                group,
                states(one, one.capacity(group.places), taken.get(group.id, {}), pending)
                if (one := present.get(provider.id)) is not None
                else (_CLOSED,) * len(window),
            )
            for provider, group in lines
        ]

    def cell(
        self, connection: "Connection", group_id: str, slot: int, actor: Actor | None, now: datetime
    ) -> CellView | None:
        """The half hour of a group, or None when there is no such group any more."""
        window = range(slot, slot + 1)
        found = self._rows(connection, [group_id], window, now)
        if not found:
            return None
        provider, group, (state,) = found[0]
        (places,) = presences(connection, self._reference, [provider], window)[provider.id].capacity(group.places)
        start, end = (int(slot_start(one).timestamp()) for one in (slot, slot + 1))
        closed = next(iter(closures(connection, [provider.id], start, end)), None)
        seats = store.seats_at(connection, group_id, slot, seconds(now))
        unseen = hidden(connection, {seat.request_id for seat in seats}, actor)
        shown = [
            seat._replace(guardian=None, child=None, birth=None) if seat.request_id in unseen else seat
            for seat in seats
        ]
        return CellView(provider, group, slot, state, places, closed, shown)


def why_not(
    connection: "Connection", reference: Reference, view: RequestView, provider_id: str, now: datetime
) -> tuple[Block, ...] | None:
    """What keeps a provider from taking the selected request; None when there is no such provider any more."""
    provider = reads.provider(connection, provider_id)
    if provider is None or not takes_part(provider, moment(view.request.start_at).date()):
        return None
    if blocks := provider_blocks(reference, view.request, view.children, provider, now):
        return blocks
    start, end = moment(view.request.start_at), moment(view.request.end_at)
    window = slots(start, end)
    present = presences(connection, reference, [provider], window)[provider_id]
    if away := present.absences(start, end):
        return away
    months = children_months(view.request, view.children)
    groups = [present.group(row) for row in reads.groups_of(connection, [provider_id])]
    for age in months.values():
        if not any(group.months_min <= age <= group.months_max for group in groups):
            return (Block(NO_GROUP, {"months": age}),)
    ids = [group.id for group in groups]
    held = reads.taken(connection, ids, window[0], window[-1])
    taken = taken_by_group(with_overstays(connection, held, ids, window[0], window[-1], seconds(now)))
    seats = choose_places(groups, months, window, taken)
    return (Block(NO_PLACE, {}),) if seats is None else ()
