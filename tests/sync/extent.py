"""How long the tests that draw at random go on, and where: CALLCENTER_TEST_TIMES=20 makes them twenty times as many."""

import os
from pathlib import Path


def times(examples: int) -> int:
    """So many examples, times what the environment asks for."""
    return examples * int(os.environ.get("CALLCENTER_TEST_TIMES", "1"))


def in_memory() -> Path | None:
    """A folder that is no disk, for files that have to outlive no power cut; None where there is none."""
    folder = Path("/dev/shm")
    return folder if os.access(folder, os.W_OK) else None
