"""The mutants: what the centre's promises rest on, each broken in a few words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One break: in `file`, the words `old` become `new`; one of `tests` (pytest's names) must fail then."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS: tuple[Mutant, ...] = ()
