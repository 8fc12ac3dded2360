"""The list of mutants fits the source as it is: a mutant whose words are gone would be killed by nobody and nothing."""

import pytest

from tests.sync.mutant_list import MUTANTS, Change, Mutant
from tests.sync.mutants import ROOT, Unusable, mutated


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_source(mutant: Mutant) -> None:
    for change in mutant.changes:
        source = (ROOT / change.file).read_text(encoding="utf-8")
        assert mutated(source, change) != source
    for test in mutant.tests:
        file, _, name = test.partition("[")[0].partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("source", ["nothing of it", "two of it, two of it"])
def test_a_mutant_whose_words_are_not_there_once_is_refused(source: str) -> None:
    with pytest.raises(Unusable):
        mutated(source, Change("example.py", "two of it", "none"))
