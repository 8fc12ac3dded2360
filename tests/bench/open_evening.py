"""The console on a filled desk, on the evening it was filled for: `python -m tests.bench.open_evening DB`."""

import sys
import time
from pathlib import Path

from callcenter import language, reference, settings
from callcenter.console import start
from callcenter.simulator.clock import SimulatedClock
from tests.bench.filled import EVENING, SUPERVISOR


def main(path: Path) -> None:
    """Open it with a clock that began at the evening's time."""
    found = settings.load(db=path, lang="ko")
    language.use(found.lang)
    clock = SimulatedClock(EVENING, time.time())
    start._run(found, reference.load(reference.data_folder()), clock.now, operator=SUPERVISOR.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
