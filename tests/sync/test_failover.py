"""A standby takes over without the last commits of the centre that died: desks notice, and tell again what it lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.store.joined import joined
from tests.sync.agreement import disagreements, nothing
from tests.sync.model_centre import ModelCentre
from tests.sync.postgres import Server, running
from tests.sync.world import NAMES, Post, World


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as made:
        yield made


def exchange(world: World, *posts: Post) -> None:
    for post in posts:
        while world.push(post) or world.pull(post):
            pass


def evening(world: World, posts: list[Post], first: int) -> None:
    for number, post in enumerate(posts):
        for pick in range(first, first + 3):
            world.work(post, "open", pick)
            world.work(post, "place", pick + number)


def epochs(world: World) -> set[str]:
    found = [joined(post.desk.connection) for post in world.posts]
    return {row.epoch for row in found if row is not None}


def cursor(post: Post) -> int:
    row = joined(post.desk.connection)
    assert row is not None
    return int(row.sx)


def test_a_promoted_standby_that_lacks_the_last_commits(
    tmp_path: Path, server: Server, fresh_desks: dict[str, Path]
) -> None:
    centre = ModelCentre(server, NAMES)
    world = World(tmp_path, fresh_desks, "ABC", centre)
    one, other, third = world.posts
    evening(world, world.posts, 0)
    exchange(world, *world.posts, *world.posts)
    before = epochs(world)
    standby = server.standby()
    try:
        server.caught_up(standby)
        standby.stop()
        # From here on the standby hears nothing, and what desks are told is there will be gone.
        for first in (3, 6, 9):
            evening(world, [one, other], first)
            exchange(world, one, other, one)
        ahead = cursor(one)
        server.kill()
        assert not world.push(third)
        world.work(third, "open", 1)
        standby.start()
        standby.promote()
        centre.move_to(standby)
        ((at,),) = centre.rows("SELECT pg_current_xact_id()::text::bigint")
        assert at < ahead, "the standby lacks nothing, so nothing is shown"
        for post in world.posts:
            post.part()
        # What the third desk writes there has a number that the others' cursors are beyond.
        exchange(world, third)
        # One of those that wrote what was lost is the last to come back.
        one.online = False
        exchange(world, other, third, other)
        known = {row[0] for row in centre.rows("SELECT id FROM callcenter.entry")}
        assert one.acknowledged | other.acknowledged <= known
        world.quiet()
        nothing(disagreements(world))
        assert len(epochs(world)) == 1
        assert not epochs(world) & before
    finally:
        world.close()
        centre.close()
        standby.remove()
