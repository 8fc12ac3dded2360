"""A provider's record is kept in the very words of the journal, however it is written there."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from callcenter.journal.entry import canonical
from callcenter.journal.fold.providers import record_text

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(TEXTS, TEXTS, max_size=8))
def test_a_record_of_texts_in_order_is_what_canonical_writes(record: dict[str, Any]) -> None:
    in_order = dict(sorted(record.items()))
    assert record_text(in_order) == record_text(record) == canonical(record)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_a_record_of_anything_else_is_what_canonical_writes(record: dict[str, Any]) -> None:
    assert record_text(dict(sorted(record.items()))) == record_text(record) == canonical(record)


def test_every_character_that_is_escaped_is_escaped_alike() -> None:
    record = {"all": "".join(map(chr, (*range(0x250), 0x2028, 0x2029, 0xFFFE, 0x1F600)))}
    assert record_text(record) == canonical(record)
