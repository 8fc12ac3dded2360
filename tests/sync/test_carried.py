"""Desks whose entries are carried to each other by hand in any order, with no centre to judge.

Whatever the order, a desk's tables are those of the set of entries it has.
"""

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from callcenter.journal import history
from callcenter.store.engine import writing
from tests.journal.evenings import folded
from tests.sync.operators import ACTS, OFTEN
from tests.sync.world import World, carry, fresh_desks

posts = st.integers(0, 2)
picks = st.integers(0, 60)


class Carried(RuleBasedStateMachine):
    fresh: dict[str, Path]
    done: set[str]

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="callcenter-carried-")
        self.world = World(Path(self.folder.name), self.fresh, ("A", "B", "C"))

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.everybody_hears_everything()
            self.done.update(self.world.done)
        finally:
            self.world.close()
            self.folder.cleanup()

    @rule(post=posts, acts=st.lists(st.tuples(st.sampled_from(OFTEN), picks), min_size=1, max_size=8))
    def work(self, post: int, acts: list[tuple[str, int]]) -> None:
        for name, pick in acts:
            self.world.work(self.world.posts[post], name, pick)

    @rule(post=posts, pick=picks)
    def an_evening(self, post: int, pick: int) -> None:
        """Requests and places as most are, so that there is something to be of two minds about."""
        for name in ("open", "place", "open", "offer", "yes", "admit"):
            self.world.work(self.world.posts[post], name, pick)

    @rule(one=posts, other=posts, seed=st.integers(0, 999))
    def carry(self, one: int, other: int, seed: int) -> None:
        """All that the one knows, so that nothing comes before what it was said of; in any order."""
        entries = list(history.entries(self.world.posts[one].desk.connection))
        Random(seed).shuffle(entries)
        carry(entries, self.world.posts[other])

    @rule(post=posts)
    def fold_again(self, post: int) -> None:
        connection = self.world.posts[post].desk.connection
        before = folded(connection)
        with writing(connection):
            history.rebuild(connection)
        assert folded(connection) == before

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def all_is_well(self) -> None:
        assert self.world.broken() == {}

    def everybody_hears_everything(self) -> None:
        for one in self.world.posts:
            for other in self.world.posts:
                carry(list(history.entries(one.desk.connection)), other)
        first, *rest = [folded(post.desk.connection) for post in self.world.posts]
        assert all(tables == first for tables in rest)
        assert self.world.broken() == {}


def test_entries_carried_in_any_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    Carried.fresh = fresh_desks(tmp_path_factory.mktemp("fresh"))
    Carried.done = set()
    run_state_machine_as_test(
        Carried, settings=settings(max_examples=20, stateful_step_count=30, suppress_health_check=list(HealthCheck))
    )
    assert {"open", "place", "yes", "cancel"} <= Carried.done
    assert Carried.done <= set(ACTS)
