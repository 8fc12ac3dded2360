"""A journal in a real file, and a seeded source of entropy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from callcenter.store.engine import create
from callcenter.store.tables import schema

if TYPE_CHECKING:
    from sqlite3 import Connection

Entropy = Callable[[int], bytes]


@pytest.fixture
def connection(tmp_path: Path) -> "Iterator[Connection]":
    connection = create(tmp_path / "desk.db", schema())
    yield connection
    connection.close()


@pytest.fixture
def entropy() -> Entropy:
    return Random(7).randbytes
