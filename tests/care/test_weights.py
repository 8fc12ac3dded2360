import re
from pathlib import Path

import pytest

from callcenter.care.weights import TERMS, Weights, weights_of
from callcenter.datafile.tables import parse_toml, read_toml
from callcenter.errors import DataFileError

FILE = Path(__file__).parents[2] / "data" / "matching.toml"


def test_the_file_that_is_shipped_is_read() -> None:
    weights = weights_of(read_toml(FILE), 4)
    assert isinstance(weights, Weights)
    assert (weights.per_km, weights.enough_places, weights.prior_acceptance) == (1.0, 3, 0.57)
    assert tuple(weights.why) == TERMS
    for reason in weights.why.values():
        assert re.search("[가-힣]", reason.ko)
        assert not re.search("[가-힣]", reason.en)


@pytest.mark.parametrize(
    ("wrong", "line_has", "field"),
    [
        ("per_km = -1.0", "per_km", "per_km"),
        ("per_km = true", "per_km", "per_km"),
        ("per_km = nan", "per_km", "per_km"),
        ("far_km = 0", "far_km", "far_km"),
        ('per_place = "2"', "per_place", "per_place"),
        ("enough_places = 2.5", "enough_places", "enough_places"),
        ("prior = 1.2", "prior =", "prior"),
        ("prior_offers = 0", "prior_offers", "prior_offers"),
    ],
)
def test_a_wrong_figure_is_told_with_its_line(wrong: str, line_has: str, field: str) -> None:
    key = wrong.split(" =")[0]
    text = re.sub(rf"(?m)^{key} = .*$", wrong, FILE.read_text("utf-8"), count=1)
    with pytest.raises(DataFileError) as refusal:
        weights_of(parse_toml(text.encode(), "matching.toml"), 4)
    told = refusal.value.values
    assert (told["file"], told["field"]) == ("matching.toml", field)
    assert isinstance(told["line"], int)
    assert text.splitlines()[told["line"] - 1].startswith(line_has)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("per_km = 1.0", "per_kilometre = 1.0", "per_km"),
        ("per_km = 1.0", "per_km = 1.0\nper_mile = 2.0", "per_mile"),
        ("[recent]", "[recently]", "recent"),
        ("why.en =", "why.fr =", "why"),
    ],
)
def test_a_missing_or_unknown_key_is_refused(old: str, new: str, field: str) -> None:
    text = FILE.read_text("utf-8").replace(old, new, 1)
    with pytest.raises(DataFileError) as refusal:
        weights_of(parse_toml(text.encode(), "matching.toml"), 4)
    assert refusal.value.values["field"] == field
