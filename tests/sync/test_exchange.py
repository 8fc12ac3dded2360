"""Two desks and a centre: what one writes the other has, whatever happened to the line in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.desk.calls import open_call
from callcenter.reference import Reference
from tests.sync.conftest import Centre
from tests.sync.desks import Clock, Joined, dump, join, operator, quiet


@pytest.fixture
def pair(tmp_path: Path, data: Reference, centre: Centre) -> Iterator[tuple[Joined, Joined]]:
    clock = Clock()
    one = join(tmp_path, data, centre.add("A"), clock=clock)
    other = join(tmp_path, data, centre.add("B"), clock=clock)
    yield one, other
    one.close()
    other.close()


def test_what_one_desk_writes_the_other_has(pair: tuple[Joined, Joined]) -> None:
    one, other = pair
    quiet(one, other)
    open_call(one.desk, operator(one), one.clock())
    quiet(one, other)
    assert dump(one.desk) == dump(other.desk)
