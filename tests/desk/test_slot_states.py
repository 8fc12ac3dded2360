"""What a half hour is, by what is open, how many places there are, and who has them."""

import pytest

from callcenter.care.availability import NO_TIMES, Presence
from callcenter.care.calendar import Calendar
from callcenter.desk.presence import Present
from callcenter.desk.slot_states import SlotState, states
from callcenter.store.reads import TakenRow


def there(window: range, opened: int, most: tuple[int | None, ...] | None = None) -> Present:
    return Present(window, NO_TIMES, Presence(opened, most), Calendar())


def taken(*offers: str, slot: int = 100) -> dict[int, list[TakenRow]]:
    return {slot: [TakenRow("g", slot, number, offer, "r") for number, offer in enumerate(offers, 1)]}


@pytest.mark.parametrize(
    ("opened", "places", "offers", "expected"),
    [
        (1, 2, (), "free"),
        (1, 2, ("accepted",), "free"),
        (1, 2, ("accepted", "accepted"), "taken"),
        (1, 2, ("accepted", "pending"), "held"),
        (1, 1, ("accepted", "pending"), "held"),  # lowered below what is taken
        (1, 0, (), "taken"),
        (1, None, (), "unknown"),
        (1, None, ("pending",), "unknown"),
        (0, 2, (), "closed"),
        (0, None, (), "closed"),
        (0, 1, ("accepted",), "closed"),
    ],
)
def test_one_half_hour(opened: int, places: int | None, offers: tuple[str, ...], expected: SlotState) -> None:
    assert states(there(range(100, 101), opened), (places,), taken(*offers), {"pending"}) == (expected,)


def test_each_half_hour_has_its_own_places_and_what_lies_outside_is_left_out() -> None:
    here = {**taken("accepted", slot=101), **taken("accepted", slot=99), **taken("accepted", slot=104)}
    found = states(there(range(100, 104), 0b1011), (1, 1, 1, 2), here, set())
    assert found == ("free", "taken", "closed", "free")


def test_nobody_on_duty_is_closed_and_nobody_knows_who_is_unknown() -> None:
    present = there(range(100, 103), 0b111, (0, None, 2))
    assert states(present, (0, None, 2), {}, set()) == ("closed", "unknown", "free")
