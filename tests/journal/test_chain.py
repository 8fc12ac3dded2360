"""The chain: gapless, linked, ordered in time, and folded as it is written."""

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from callcenter.journal.chain import Chain
from callcenter.journal.entry import GENESIS, canonical, header_text, next_hlc, uuid7
from callcenter.store.transactions import writing
from tests.journal.conftest import Entropy
from tests.journal.evenings import AT, append, child, folded, guardian, offer, request

if TYPE_CHECKING:
    from sqlite3 import Connection


def test_entries_of_a_desk_are_numbered_without_gaps_and_linked(connection: "Connection", entropy: Entropy) -> None:
    first = append(connection, "guardian-1", guardian(), entropy=entropy)
    other = append(connection, "guardian-2", guardian("이가을"), desk="B", entropy=entropy)
    second = append(connection, "guardian-1", child(), entropy=entropy)
    assert [first.seq, second.seq, other.seq] == [1, 2, 1]
    assert (first.prev, second.prev, other.prev) == (GENESIS, first.digest, GENESIS)
    assert first.hlc < other.hlc < second.hlc


def test_the_clock_of_the_journal_never_goes_back(connection: "Connection", entropy: Entropy) -> None:
    today = append(connection, "guardian-1", guardian(), at=AT, entropy=entropy)
    yesterday = append(connection, "guardian-1", child(), at=AT - 86_400_000, entropy=entropy)
    assert yesterday.hlc > today.hlc
    assert yesterday.at < today.at


def test_a_failed_use_case_leaves_neither_entry_nor_row(connection: "Connection", entropy: Entropy) -> None:
    append(connection, "request-1", request(), entropy=entropy)
    before = folded(connection)
    append(connection, "request-1", offer("offer-1", 1), entropy=entropy)

    def use_case() -> None:
        with writing(connection):
            chain = Chain(connection, "A", "김상담", AT, entropy)
            chain.append("guardian-1", guardian())
            chain.append("request-1", offer("offer-2", 1))

    with pytest.raises(dbapi2.IntegrityError):
        use_case()
    after = folded(connection)
    assert after["guardian"] == before["guardian"] == []
    assert len(after["place_taken"]) == 4
    assert connection.execute("SELECT count(*) FROM entry").fetchone() == (2,)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**64), st.binary(min_size=8, max_size=8))
def test_identifiers_are_uuids_of_version_7_that_sort_by_time(milliseconds: int, counter: int, entropy: bytes) -> None:
    made = UUID(uuid7(milliseconds, counter, entropy))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == milliseconds
    if milliseconds < 2**48 - 1:
        assert uuid7(milliseconds, 0xFFF, b"\xff" * 8) < uuid7(milliseconds + 1, 0, b"\0" * 8)


@given(st.lists(st.integers(0, 2**47)))
def test_hybrid_clocks_only_grow(times: list[int]) -> None:
    last = 0
    for time in times:
        following = next_hlc(last, time)
        assert following > last
        assert following >> 16 >= time
        last = following


def test_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"나": 1, "a": [True, None, "«»"]}) == '{"a":[true,null,"«»"],"나":1}'
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})


def test_identifiers_of_one_millisecond_sort_as_they_were_written(connection: "Connection", entropy: Entropy) -> None:
    written = [append(connection, f"guardian-{number}", guardian(), entropy=entropy).id for number in range(20)]
    assert written == sorted(written)


_TEXT = st.text()
_NUMBER = st.integers(0, 2**62)


@given(st.tuples(_TEXT, _TEXT, _NUMBER, _NUMBER, _NUMBER, _TEXT, _TEXT, _TEXT, _NUMBER))
def test_a_header_is_written_as_any_other_value(
    header: tuple[str, str, int, int, int, str, str, str, int],
) -> None:
    assert header_text(header) == canonical(header)
