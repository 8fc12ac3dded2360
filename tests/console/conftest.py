"""What the tests of the console share."""

import pytest

from callcenter.console.screens import availability_painting, desk


@pytest.fixture(autouse=True)
def words_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the screen says for some seconds is there to be read, however slow the machine is."""
    for module in (desk, availability_painting):
        monkeypatch.setattr(module, "TOLD_SECONDS", 600)
