"""When Python may look through everything for garbage: while the operator rests, not between a key and its paint."""

import gc
from time import monotonic

REST_SECONDS = 2.0
"""So long after the last key nobody waits for the next one to be painted within a frame."""
LOOK_SECONDS = 30.0
"""How often there is a look at most."""
_NEVER = 1_000_000


class Garbage:
    """Looks at all of memory take 60 ms and more on a full desk and stop every thread; those at what is new stay."""

    def __init__(self) -> None:
        self._thresholds = gc.get_threshold()
        self._pressed = self._looked = monotonic()
        self._frozen = False

    def begin(self) -> None:
        """From now on; what is loaded by now is never looked at again."""
        gc.freeze()
        gc.set_threshold(*self._thresholds[:2], _NEVER)
        gc.enable()

    def end(self) -> None:
        """As it was before."""
        gc.set_threshold(*self._thresholds)

    def pressed(self) -> None:
        """A key was pressed."""
        self._pressed = monotonic()

    def look(self) -> None:
        """To be called about every second: looks when it is time to, and the operator rests."""
        now = monotonic()
        if now - self._pressed < REST_SECONDS or (self._frozen and now - self._looked < LOOK_SECONDS):
            return
        gc.collect()
        self._looked = now
        if not self._frozen:
            # By the first rest the threads have loaded what they need as well.
            self._frozen = True
            gc.freeze()
