"""A model world: desks in real files whose operators work, whose clocks go wrong, whose files are lost and put back."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.journal import history
from callcenter.journal.entry import Entry
from callcenter.store.engine import beside, writing
from tests.conftest import NOW, SUPERVISOR
from tests.desk import wishes
from tests.published import REFERENCE
from tests.sync.operators import PROVIDERS, act
from tests.sync.oracle import broken

NAMES = ("A", "B", "C", "D")
A_MOMENT = timedelta(milliseconds=7)
"""Between any two steps of the world: no two are of one moment."""


def fresh_desks(folder: Path) -> dict[str, Path]:
    """A file each for the desks, with the providers, to be copied for every world."""
    made = {}
    for name in NAMES:
        path = folder / f"{name}.db"
        entropy = Random(f"fresh {name}").randbytes
        desk = init_desk(path, REFERENCE, NOW, name=name, programs=[], supervisor=SUPERVISOR.name, entropy=entropy)
        wishes.have(desk, *PROVIDERS)
        settle(desk)
        desk.close()
        made[name] = path
    return made


def settle(desk: Desk) -> None:
    """Put the WAL into the file, so that the file alone may be copied."""
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass
class Post:
    """One desk of the world: `skew` is how far its clock is off, `online` whether its line is whole."""

    label: str
    desk: Desk
    entropy: Random
    skew: timedelta = timedelta()
    online: bool = True
    kept: list[Path] = field(default_factory=list)
    """Copies of the file from earlier."""

    @property
    def name(self) -> str:
        """The desk's name, which its copies share."""
        return self.desk.name

    def crash(self) -> None:
        """The program is gone without a word, and started again."""
        self.desk.close()
        self.desk = open_desk(self.desk.path, REFERENCE, self.entropy.randbytes)

    def keep(self) -> None:
        """Copy the file aside, as a backup does."""
        settle(self.desk)
        copy = self.desk.path.with_name(f"{self.label}-{len(self.kept)}.kept")
        shutil.copy(self.desk.path, copy)
        self.kept.append(copy)

    def put_back(self, kept: Path) -> None:
        """Replace the file by an earlier copy of it: what was written since is lost on this machine."""
        path = self.desk.path
        self.desk.close()
        for file in beside(path):
            file.unlink(missing_ok=True)
        shutil.copy(kept, path)
        self.desk = open_desk(path, REFERENCE, self.entropy.randbytes)


class World:
    """Some desks and the one true time; what goes on between them is the test's."""

    def __init__(self, folder: Path, fresh: dict[str, Path], names: Sequence[str], seed: int = 0) -> None:
        self.folder = folder
        self.now = NOW
        self.done: set[str] = set()
        self._seed = seed
        self.posts = [self._post(name, fresh[name]) for name in names]

    def _post(self, label: str, source: Path) -> Post:
        path = self.folder / f"{label}.db"
        shutil.copy(source, path)
        entropy = Random(f"{self._seed} {label}")
        return Post(label, open_desk(path, REFERENCE, entropy.randbytes), entropy)

    def close(self) -> None:
        """Close every file."""
        for post in self.posts:
            post.desk.close()

    def clock(self, post: Post) -> datetime:
        """What the post's own clock shows."""
        return self.now + post.skew

    def work(self, post: Post, name: str, pick: int) -> bool:
        """One act of the post's operators; whether it could be done."""
        self.now += A_MOMENT
        done = act(post.desk, self.clock(post), name, pick)
        if done:
            self.done.add(name)
        return done

    def copy(self, post: Post) -> Post:
        """A second machine goes on with a copy of the post's file, while the first goes on too."""
        settle(post.desk)
        made = self._post(f"{post.label}copy{len(self.posts)}", post.desk.path)
        made.skew = post.skew
        self.posts.append(made)
        return made

    def broken(self) -> dict[str, object]:
        """What does not hold, by desk; empty when all is well."""
        found: dict[str, object] = {post.label: broken(post.desk.connection) for post in self.posts}
        return {label: rows for label, rows in found.items() if rows}


def carry(entries: Sequence[Entry], to: Post) -> None:
    """Take entries to a post by hand, in one transaction."""
    with writing(to.desk.connection):
        history.receive(to.desk.connection, entries)
