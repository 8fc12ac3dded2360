"""The parts of what the operator does stand beside each other: no name is answered by two of them."""

from collections import Counter
from pathlib import Path

from callcenter.console.actions import in_scopes
from callcenter.console.part import Part
from callcenter.desk.session import Desk
from tests.console.seats import Watch, console, screen_of


async def test_each_name_belongs_to_one_part_and_each_action_of_the_desk_to_one(desk: Desk, tmp_path: Path) -> None:
    async with console(desk, Watch(), tmp_path).run_test() as pilot:
        operations = screen_of(pilot).operations
        parts = [one for one in vars(operations).values() if isinstance(one, Part)]
        for told in ("handlers", "answers", "ends"):
            names = Counter(name for part in parts for name in getattr(part, told))
            assert names
            assert {name: count for name, count in names.items() if count > 1} == {}
        assert {one.id for one in in_scopes("desk", "everywhere")} <= set(operations._handlers)
