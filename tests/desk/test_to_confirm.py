"""«그대로», how old a word is, and whom to ring first."""

from datetime import datetime, timedelta

import pytest

from callcenter.care.freshness import Age, age
from callcenter.desk.providers import NothingToConfirm, confirm_places, confirm_same
from callcenter.desk.session import Desk, NotFound
from callcenter.desk.to_confirm import to_confirm
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        (None, Age(None, "never")),
        (NOW, Age(timedelta(), "fresh")),
        (NOW + HOUR, Age(timedelta(), "fresh")),
        (NOW - 4 * HOUR + timedelta(seconds=1), Age(4 * HOUR - timedelta(seconds=1), "fresh")),
        (NOW - 4 * HOUR, Age(4 * HOUR, "old")),
    ],
)
def test_a_word_ages(confirmed: datetime | None, expected: Age) -> None:
    assert age(confirmed, NOW, 4) == expected


def said(desk: Desk, provider: str) -> list[tuple[int | None, int | None, str | None]]:
    return [(row.places, row.confirmed_at, row.confirmed_by) for row in reads.groups_of(desk.connection, [provider])]


def test_as_before_is_confirmed_without_a_number(desk: Desk) -> None:
    stamp = int(NOW.timestamp())
    assert confirm_same(desk, OPERATOR, NOW, "centre") == 1
    assert said(desk, "centre") == [(2, stamp, OPERATOR.name)]
    assert confirm_same(desk, OPERATOR, NOW + HOUR, "centre/72-155m") == 1
    assert said(desk, "centre") == [(2, stamp + 3600, OPERATOR.name)]


def test_what_nobody_knows_cannot_be_as_before(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    with pytest.raises(NothingToConfirm):
        confirm_same(desk, OPERATOR, NOW, "unknown")
    with pytest.raises(NotFound):
        confirm_same(desk, OPERATOR, NOW, "nobody")
    assert wishes.entries(desk.connection) == before


def ring(desk: Desk, now: datetime = NOW) -> list[tuple[str, int, str]]:
    """Made-up providers to ring: whom, wanted by how many, and how their word stands."""
    found = to_confirm(desk.connection, desk.reference, desk.programs, now)
    mine = {"centre", "one-place", "unknown"}
    return [(one.provider.id, one.wanted, one.age.state) for one in found if one.provider.id in mine]


def test_without_requests_there_is_nobody_to_ring(desk: Desk) -> None:
    assert ring(desk) == []


def test_the_most_wanted_come_first_then_the_oldest_word(desk: Desk) -> None:
    for group in ("centre", "one-place"):
        confirm_places(desk, OPERATOR, NOW, f"{group}/72-155m", 2 if group == "centre" else 1)
    wishes.take(desk)
    # Two children of one family fit the centre of two places, and where nobody knows how many there are.
    twins = (wishes.child("박새봄"), wishes.child("박새힘"))
    wishes.take(desk, *twins)
    assert ring(desk) == [("unknown", 2, "never")]
    later = NOW + 4 * HOUR
    with_start = {"start": later + HOUR, "end": later + 2 * HOUR}
    wishes.take(desk, now=later, **with_start)
    wishes.take(desk, *twins, now=later, **with_start)
    wanted = {provider: so_many for provider, so_many, _state in ring(desk, later)}
    assert wanted["centre"] > wanted["one-place"] > 0
    assert [provider for provider, *_rest in ring(desk, later)] == ["unknown", "centre", "one-place"]
    confirm_same(desk, OPERATOR, later, CENTRE.id)
    assert [provider for provider, *_rest in ring(desk, later)] == ["unknown", "one-place"]


def test_who_was_placed_needs_nobody(desk: Desk) -> None:
    wishes.place(desk)
    assert ring(desk) == []
