"""How long tests wait for what other threads, processes or servers bring about: whoever gets it does not wait."""

import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds after which it will never come, on the slowest machine; a test that has what it waits for goes on at once."""


def soon(reached: Callable[[], object]) -> None:
    """Wait until it is so; fails once that has taken too long."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)
