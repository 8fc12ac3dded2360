"""The operators who work at random do get somewhere: whoever is refused everything proves nothing."""

from pathlib import Path
from random import Random

from tests.desk import wishes
from tests.sync.operators import ACTS, OFTEN
from tests.sync.world import World


def test_every_act_is_done_in_one_evening_or_another(tmp_path: Path, fresh_desks: dict[str, Path]) -> None:
    done: set[str] = set()
    for seed in range(12):
        rng = Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        world = World(folder, fresh_desks, "A")
        for _ in range(100):
            world.work(world.posts[0], rng.choice(OFTEN), rng.randrange(18))
        wishes.holds(world.posts[0].desk)
        assert world.broken() == {}
        done |= world.done
        world.close()
    assert done == set(ACTS)
