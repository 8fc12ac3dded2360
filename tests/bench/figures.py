"""What a bench found: a figure, the raw limit of the same run, and whether the promise is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured promise. `judged` says whether the target is for the value itself or for value over raw.

    A figure without a target only informs. `promise` «at_most» or «at_least» is the direction of the target.
    """

    bench: str
    what: str
    value: float
    unit: str
    raw: float | None = None
    raw_what: str = ""
    target: float | None = None
    judged: Literal["value", "ratio"] = "value"
    promise: Literal["at_most", "at_least"] = "at_most"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure over its raw limit; None without one, or with a limit of nothing."""
        return self.value / self.raw if self.raw else None

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None where nothing is promised."""
        found = self.ratio if self.judged == "ratio" else self.value
        if self.target is None or found is None:
            return None
        return found <= self.target if self.promise == "at_most" else found >= self.target

    def as_json(self) -> dict[str, object]:
        """The figure with what follows from it, for a machine."""
        return {
            "bench": self.bench,
            "what": self.what,
            "value": round(self.value, 4),
            "unit": self.unit,
            "raw": None if self.raw is None else round(self.raw, 4),
            "raw_what": self.raw_what,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": self.target,
            "judged": self.judged,
            "promise": self.promise,
            "met": self.met,
            "note": self.note,
        }


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values does not exceed; raises on none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 0.5)
