"""A desk in a real file, with the real data, at one known evening."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import hypothesis
import pytest
from hypothesis import HealthCheck

from callcenter import language, reference
from callcenter.care.calendar import SEOUL
from callcenter.desk.permission import Actor
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.locale.build import compile_catalogues
from tests.sync.extent import times

# A slow machine is no mistake in the code: wall clocks never fail a test. Examples are the same each time unless more
# are asked for: what chance finds is looked for on purpose, and does not fail somebody else's work.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=times(1) == 1,
    database=None,
    # A desk that many examples work at one after the other is what several tests are about.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("house")

NOW = datetime(2026, 11, 24, 17, 40, tzinfo=SEOUL)
OPERATOR = Actor("김상담", "operator")
SUPERVISOR = Actor("이팀장", "supervisor")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests read English unless they say otherwise, and never meet the settings of who runs them."""
    monkeypatch.setenv("CALLCENTER_CONFIG", str(tmp_path / "config"))
    for name in ("CALLCENTER_DB", "CALLCENTER_LANG", "CALLCENTER_KEY"):
        monkeypatch.delenv(name, raising=False)
    language.use("en")


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    """The sentences as they stand in the checkout, compiled as an installation would."""
    locale = Path(language.__file__).parent / "locale"
    sources = list(locale.glob("*/LC_MESSAGES/*.po"))
    if any(_age(source.with_suffix(".mo")) <= _age(source) for source in sources):
        compile_catalogues(locale)


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


@pytest.fixture(scope="session")
def data() -> reference.Reference:
    return reference.load(reference.data_folder())


@pytest.fixture
def desk(tmp_path: Path, data: reference.Reference) -> Iterator[Desk]:
    made = init_desk(
        tmp_path / "desk.db",
        data,
        NOW,
        name="A",
        programs=["gyeonggi-always", "gyeongsan-119"],
        supervisor=SUPERVISOR.name,
        entropy=Random(7).randbytes,
    )
    yield made
    made.close()
