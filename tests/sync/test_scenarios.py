"""What random desks came upon, told as short stories that every run tells again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.desk.conflicts import agree, conflicts, find_another, in_conflict
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.providers import confirm_places
from callcenter.store import reads
from callcenter.store.entries import chain_here
from tests.conftest import SUPERVISOR
from tests.sync.agreement import disagreements, nothing
from tests.sync.model_centre import ModelCentre
from tests.sync.world import Post, World

Worlds = Callable[[str], World]


@pytest.fixture
def worlds(tmp_path: Path, model_centre: ModelCentre, fresh_desks: dict[str, Path]) -> Iterator[Worlds]:
    """Makes a world of the desks named, whose centre is empty."""
    made = []

    def make(names: str) -> World:
        model_centre.empty()
        made.append(World(tmp_path, fresh_desks, list(names), model_centre))
        return made[-1]

    yield make
    for world in made:
        world.close()


def exchange(world: World, *posts: Post) -> None:
    for post in posts:
        while world.push(post) or world.pull(post):
            pass


def states(post: Post) -> list[tuple[str, str, str]]:
    """State, claim and desk of every offer, the oldest first."""
    return post.desk.connection.execute("SELECT state, claim, desk FROM offer ORDER BY id").fetchall()


def test_two_machines_with_one_file_that_both_write_on_from_what_the_centre_has(worlds: Worlds) -> None:
    world = worlds("AB")
    one, other = world.posts
    exchange(world, one)
    copy = world.copy(one)
    world.work(copy, "open", 1)
    exchange(world, copy)
    assert chain_here(copy.desk.connection) == "A"
    one.part()
    # The centre has as much of the chain as this one wrote before, and more that it never saw.
    for pick in range(3):
        world.work(one, "open", pick)
    exchange(world, one, other)
    assert chain_here(one.desk.connection) == "A~2"
    world.quiet()
    nothing(disagreements(world))
    assert other.desk.connection.execute("SELECT count(*) FROM request").fetchone() == (4,)


def test_a_machine_that_only_listened_gets_what_its_copy_wrote_on_their_chain(worlds: Worlds) -> None:
    world = worlds("A")
    one = world.posts[0]
    exchange(world, one)
    copy = world.copy(one)
    world.work(copy, "open", 1)
    exchange(world, copy)
    # Its own chain is passed over while it may take the chain for its own.
    world.pull(one)
    world.work(one, "open", 2)
    exchange(world, one)
    world.quiet()
    nothing(disagreements(world))


def test_of_two_who_place_one_child_unseen_the_centre_grants_one_and_people_decide_about_the_other(
    worlds: Worlds,
) -> None:
    world = worlds("ABC")
    one, other, third = world.posts
    world.work(one, "open", 0)
    exchange(world, one, other, third)
    world.work(one, "place", 0)
    world.now += timedelta(seconds=1)
    world.work(other, "place", 1)
    # The one that was made last is the first to arrive.
    exchange(world, other, one)
    world.quiet()
    nothing(disagreements(world))
    assert states(third) == [("accepted", "refused", "A"), ("accepted", "granted", "B")]
    conflict = next(one for one in conflicts(third.desk.connection, SUPERVISOR) if in_conflict(one.refused.offer))
    assert (conflict.why, conflict.refused.offer.desk, conflict.other_desk) == ("child", "A", "B")
    find_another(one.desk, SUPERVISOR, world.clock(one), conflict.refused.offer.id)
    world.quiet()
    nothing(disagreements(world))
    assert states(third) == [("withdrawn", "refused", "A"), ("accepted", "granted", "B")]
    assert third.desk.connection.execute("SELECT state FROM request").fetchall() == [("confirmed",)]
    assert conflicts(third.desk.connection, SUPERVISOR) == []


@pytest.mark.parametrize("by", [0, 1, 2])
def test_once_one_of_two_offers_for_a_child_is_given_up_the_other_is_granted_and_nothing_rings(
    worlds: Worlds, by: int
) -> None:
    world = worlds("ABC")
    one, other, third = world.posts
    world.work(one, "open", 0)
    exchange(world, one, other, third)
    world.work(one, "place", 0)
    world.work(other, "place", 1)
    exchange(world, other, one, third, other)
    refused, granted = reads.live_offers(third.desk.connection, requests(third)[0])
    assert (refused.claim, granted.claim) == ("refused", "granted")
    answer_offer(world.posts[by].desk, SUPERVISOR, world.clock(one), granted.id, "withdrawn")
    # Over the links that stand: nobody greets the centre anew, which would ask for everything once more.
    exchange(world, world.posts[by], one, other, third)
    assert states(third) == [("accepted", "granted", "A"), ("withdrawn", "granted", "B")]
    assert conflicts(third.desk.connection, SUPERVISOR) == []
    world.quiet()
    nothing(disagreements(world))


def test_who_was_agreed_to_come_all_the_same_has_the_place_once_it_is_given_back(worlds: Worlds) -> None:
    world = worlds("AB")
    one, other = world.posts
    for post in world.posts:
        world.work(post, "open", 0)
        world.work(post, "place", 0)
    exchange(world, one, other, one)
    refused = next(one.refused.offer for one in conflicts(other.desk.connection, SUPERVISOR))
    assert (refused.desk, refused.claim_why) == ("B", "place")
    agree(other.desk, SUPERVISOR, world.clock(other), refused.id, "둘 다 받기로 함")
    exchange(world, other, one)
    answer_offer(one.desk, SUPERVISOR, world.clock(one), refused.claim_other, "withdrawn")
    exchange(world, one, other, other)
    found = reads.offer(other.desk.connection, refused.id)
    assert found is not None
    assert (found.claim, conflicts(other.desk.connection, SUPERVISOR)) == ("granted", [])
    centre = world.centre.rows("SELECT DISTINCT offer_id FROM callcenter.place_taken") if world.centre else []
    assert centre == [(refused.id,)]
    world.quiet()
    nothing(disagreements(world))


def test_who_was_agreed_to_come_all_the_same_has_the_place_that_their_own_desk_hears_of(worlds: Worlds) -> None:
    world = worlds("AB")
    one, other = world.posts
    for post in world.posts:
        world.work(post, "open", 0)
        world.work(post, "place", 0)
    exchange(world, one, other)
    refused = next(one.refused.offer for one in conflicts(other.desk.connection, SUPERVISOR))
    agree(other.desk, SUPERVISOR, world.clock(other), refused.id, "둘 다 받기로 함")
    exchange(world, other)
    (group,) = reads.groups_of_offer(other.desk.connection, refused.id)
    confirm_places(other.desk, SUPERVISOR, world.clock(other), group, 2)
    # Nothing comes from anybody else meanwhile.
    exchange(world, other)
    found = reads.offer(other.desk.connection, refused.id)
    assert found is not None
    assert found.claim == "granted"
    world.quiet()
    nothing(disagreements(world))


def requests(post: Post) -> list[str]:
    return [row[0] for row in post.desk.connection.execute("SELECT id FROM request ORDER BY id")]


@pytest.mark.parametrize("late", [0, 1, 2])
def test_a_centre_that_lost_what_it_had_is_told_again_by_whoever_knows(worlds: Worlds, late: int) -> None:
    world = worlds("ABC")
    exchange(world, *world.posts)
    world.keep_centre()
    for pick, post in enumerate(world.posts):
        world.work(post, "open", pick)
        world.work(post, "place", pick)
    exchange(world, *world.posts, *world.posts)
    world.fail_over(0)
    # One of them does not come back for a long time; the others know what it wrote.
    world.posts[late].online = False
    others = [post for number, post in enumerate(world.posts) if number != late]
    exchange(world, *others, *others, *others)
    centre = {row[0] for row in world.centre.rows("SELECT id FROM callcenter.entry")} if world.centre else set()
    assert set().union(*(post.acknowledged for post in world.posts)) <= centre
    world.quiet()
    nothing(disagreements(world))
