"""Every desk that a test worked at must have a journal that proves and rebuilds."""

from collections.abc import Iterator

import pytest

from callcenter.desk.session import Desk
from tests.desk import wishes


@pytest.fixture
def desk(desk: Desk) -> Iterator[Desk]:
    wishes.have(desk, wishes.CENTRE, wishes.ONE_PLACE, wishes.UNKNOWN, wishes.CARER)
    yield desk
    wishes.holds(desk)
