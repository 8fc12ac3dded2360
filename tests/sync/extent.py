"""How long the tests that draw at random go on: CALLCENTER_TEST_TIMES=20 makes them twenty times as many."""

import os


def times(examples: int) -> int:
    """So many examples, times what the environment asks for."""
    return examples * int(os.environ.get("CALLCENTER_TEST_TIMES", "1"))
