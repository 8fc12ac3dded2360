"""What is taken as bits says the same as what is taken in pairs, whatever part of it is asked about."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.places import Group, Places, choose_places, free_count
from callcenter.care.taken import Taken

FIRST = 100
READ = range(FIRST, FIRST + 9)

Pairs = Mapping[str, frozenset[tuple[int, int]]]

WINDOWS = st.tuples(st.integers(0, 8), st.integers(1, 9)).map(
    lambda found: range(FIRST + found[0], min(READ.stop, FIRST + found[0] + found[1]))
)
PAIRS: st.SearchStrategy[Pairs] = st.dictionaries(
    st.sampled_from(["g0", "g1", "g2"]),
    st.frozensets(st.tuples(st.sampled_from(READ), st.integers(1, 4)), min_size=1, max_size=16),
)
CHILDREN = st.lists(st.integers(0, 8), max_size=4).map(lambda ages: {f"c{at}": age for at, age in enumerate(ages)})


@st.composite
def groups_over(draw: st.DrawFn, window: range) -> list[Group]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        low = draw(st.integers(0, 6))
        one = st.none() | st.integers(0, 4)
        differing = st.lists(one, min_size=len(window), max_size=len(window)).map(tuple)
        places: Places = draw(one | differing)
        found.append(Group(f"g{number}", low, low + draw(st.integers(0, 4)), places, draw(st.sampled_from([1, 1, 3]))))
    return found


def bits_of(pairs: Pairs) -> Taken:
    lines: dict[str, dict[int, int]] = {}
    for group, taken in pairs.items():
        for slot, number in taken:
            line = lines.setdefault(group, {})
            line[number] = line.get(number, 0) | 1 << (slot - FIRST)
    return Taken(FIRST, lines)


@given(st.data(), WINDOWS, PAIRS, CHILDREN)
def test_bits_say_what_pairs_say(data: st.DataObject, window: range, pairs: Pairs, children: dict[str, int]) -> None:
    groups, taken = data.draw(groups_over(window)), bits_of(pairs)
    for group in groups:
        assert taken.free(group, window) == free_count(pairs.get(group.id, ()), window, group.places)
    assert taken.choose(groups, children, window) == choose_places(groups, children, window, pairs)


@given(st.integers(0, 4), WINDOWS, PAIRS)
def test_where_a_group_is_surely_full_no_window_has_a_place(places: int, window: range, pairs: Pairs) -> None:
    taken = bits_of(pairs)
    full = taken.full("g0", places)
    if full & taken.mask(window):
        assert free_count(pairs.get("g0", ()), window, places) == 0
    everywhere = {"g0": frozenset((slot, number) for slot in window for number in range(1, places + 1))}
    assert not places or bits_of(everywhere).full("g0", places) == taken.mask(window)


def test_a_group_nobody_has_counted_is_never_surely_full() -> None:
    assert bits_of({"g0": frozenset({(FIRST, 1)})}).full("g0", None) == 0
