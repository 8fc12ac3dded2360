"""The demo's desk, made once and copied for whoever plays on it."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.desk.session import Desk, open_desk
from callcenter.reference import Reference
from callcenter.simulator.demo_data import DemoData, load_demo
from callcenter.simulator.demo_desk import make_demo

NOW = datetime(2026, 11, 24, 18, 20, tzinfo=SEOUL)


@pytest.fixture(scope="session")
def demo_data(data: Reference) -> DemoData:
    return load_demo(data)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, data: Reference) -> Path:
    path = tmp_path_factory.mktemp("demo") / "desk.db"
    desk = make_demo(path, data, Random(7), NOW)
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    return path


@pytest.fixture
def demo_path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(made, tmp_path / "demo.db"))


@pytest.fixture
def demo(demo_path: Path, data: Reference) -> Iterator[Desk]:
    desk = open_desk(demo_path, data, Random(8).randbytes)
    yield desk
    desk.close()
