"""What a request asks for: the need of each child, and what every provider is weighed against."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, cast

from callcenter.care.child import Child, School, months_at
from callcenter.care.eligibility import Channel, Need
from callcenter.store import reads
from callcenter.text.moments import moment


class Wanted(NamedTuple):
    """What every provider is weighed against: the needs at all ages the children may have, the months at each."""

    request: reads.RequestRow
    needs: Sequence[Need]
    ages: Sequence[Mapping[str, int]]
    apart: frozenset[str] = frozenset()
    """Providers that the family is kept apart from."""

    @property
    def children(self) -> int:
        """How many children there are."""
        return len(self.ages[0])


def wanted_by(
    request: reads.RequestRow, possible: Sequence[Sequence[reads.ChildRow]], apart: frozenset[str] = frozenset()
) -> Wanted:
    """What the request wants for its children, who are given once for each age they may have."""
    return Wanted(
        request,
        [need for children in possible for need in needs_of(request, children)],
        [children_months(request, children) for children in possible],
        apart,
    )


def needs_of(request: reads.RequestRow, children: Sequence[reads.ChildRow]) -> list[Need]:
    """What each child of the request needs, as the rules ask it."""
    start, end = moment(request.start_at), moment(request.end_at)
    return [
        Need(
            region=request.region,
            child=Child(date.fromisoformat(child.birth), cast(School | None, child.school)),
            start=start,
            end=end,
            residence=request.residence,
            registered=None if child.registered is None else bool(child.registered),
            symptoms=frozenset(child.symptoms.split()),
            needs=frozenset(child.needs.split()),
            channel=cast(Channel, request.channel),
        )
        for child in children
    ]


def children_months(request: reads.RequestRow, children: Sequence[reads.ChildRow]) -> dict[str, int]:
    """Each child's age in whole months on the day care begins."""
    day = moment(request.start_at).date()
    return {child.id: months_at(date.fromisoformat(child.birth), day) for child in children}
