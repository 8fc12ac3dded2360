"""kill -9 of a desk at every point of its exchange, and of PostgreSQL in the middle of pushes: nothing is lost."""

import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep

import pytest

from callcenter.desk.session import open_desk
from tests.patience import PATIENCE
from tests.published import REFERENCE
from tests.sync.agreement import disagreements, nothing
from tests.sync.desk_process import POINTS, Orders, Shot, Side, context, run
from tests.sync.model_centre import ModelCentre
from tests.sync.operators import OFTEN
from tests.sync.postgres import Server, running
from tests.sync.world import NAMES, World

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a signal of POSIX")
SIDES: tuple[Side, ...] = ("before", "after")


@pytest.fixture
def world(tmp_path: Path, model_centre: ModelCentre, fresh_desks: dict[str, Path]) -> Iterator[World]:
    model_centre.empty()
    made = World(tmp_path, fresh_desks, "AB", model_centre)
    yield made
    made.close()


def worked(world: World, seed: int, times: int = 25) -> None:
    """Both desks have something to tell, some of it about the same places."""
    rng = Random(seed)
    for post in world.posts:
        for pick in range(2):
            world.work(post, "open", pick)
            world.work(post, "place", pick)
        for _ in range(times):
            world.work(post, rng.choice(OFTEN), rng.randrange(60))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("point", POINTS)
def test_a_desk_that_is_shot_goes_on_from_where_it_was(world: World, point: str, side: Side) -> None:
    """At the first time and at a later one: with everything still to do, and in the middle of it."""
    one, other = world.posts
    assert world.centre is not None
    died = 0
    for nth in (1, 2):
        worked(world, nth)
        while world.push(other) or world.pull(other):
            pass
        one.part()
        one.desk.close()
        ours, theirs = context().Pipe()
        orders = Orders(
            one.desk.path, world.centre.file("A"), shot=Shot(point, "before" if side == "before" else "after", nth)
        )
        process = context().Process(target=run, args=(orders, theirs))
        process.start()
        assert ours.recv() == "ready"
        wait((process.sentinel, ours), PATIENCE)
        # Some points come again by themselves; if this one does not, the desk came to it less often.
        process.join(1.0)
        if process.is_alive():
            ours.send("end")
            process.join(PATIENCE)
        # On its way to the end it may come to that point after all.
        assert process.exitcode in (0, -signal.SIGKILL)
        died += process.exitcode != 0
        one.desk = open_desk(one.desk.path, REFERENCE, one.entropy.randbytes)
        one.note_acknowledged()
    assert died
    world.quiet()
    nothing(disagreements(world))


@pytest.fixture
def mortal() -> Iterator[tuple[Server, ModelCentre]]:
    """A server that is killed, and keeps what it had committed."""
    with running() as server:
        centre = ModelCentre(server, NAMES)
        yield server, centre
        centre.close()


def test_postgres_that_is_shot_keeps_what_it_acknowledged(
    tmp_path: Path, mortal: tuple[Server, ModelCentre], fresh_desks: dict[str, Path]
) -> None:
    server, centre = mortal
    world = World(tmp_path, fresh_desks, "ABC", centre)
    rng = Random(9)
    for _death in range(3):
        for post in world.posts:
            world.pull(post)
        shooter = Thread(target=_shoot, args=(server, rng.uniform(0.02, 0.3)))
        shooter.start()
        while shooter.is_alive():
            post = rng.choice(world.posts)
            world.work(post, rng.choice(OFTEN), rng.randrange(60))
            world.push(post)
            world.pull(post)
        shooter.join()
        # Whenever it died, somebody comes upon it.
        for post in world.posts:
            world.push(post)
        server.start()
    world.quiet()
    nothing(disagreements(world))
    world.close()
    assert {"push", "pull"} & world.done
    assert world.done & {"link_cut", "centre_unreachable"}


def _shoot(server: Server, seconds: float) -> None:
    sleep(seconds)
    server.kill()
