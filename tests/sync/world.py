"""A model world: desks in real files whose operators work, whose clocks go wrong, whose files are lost and put back."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.store import joined as kept
from callcenter.store.engine import beside
from callcenter.store.transactions import writing
from callcenter.sync.exchange import Exchange
from callcenter.sync.link import Link, open_link
from callcenter.sync.memory import Memory
from callcenter.sync.problems import CentreRefuses, CentreSilent, ChainMoved, LinkProblem
from tests.conftest import NOW, SUPERVISOR
from tests.desk import wishes
from tests.patience import PATIENCE
from tests.published import REFERENCE
from tests.sync.model_centre import ModelCentre
from tests.sync.operators import PROVIDERS, act
from tests.sync.oracle import broken

NAMES = ("A", "B", "C", "D")
A_MOMENT = timedelta(milliseconds=7)
"""Between any two steps of the world: no two are of one moment."""
_ROUNDS = 40


def make_desks(folder: Path) -> dict[str, Path]:
    """A file each for desks that have joined, with the providers, to be copied for every world."""
    made = {}
    for name in NAMES:
        path = folder / f"{name}.db"
        entropy = Random(f"fresh {name}").randbytes
        desk = init_desk(path, REFERENCE, NOW, name=name, programs=[], supervisor=SUPERVISOR.name, entropy=entropy)
        wishes.have(desk, *PROVIDERS)
        with writing(desk.connection):
            kept.join(desk.connection, kept.JoinedRow("", "0", 0, 0, name, 0, 0, 0))
        settle(desk)
        desk.close()
        made[name] = path
    return made


def settle(desk: Desk) -> None:
    """Put the WAL into the file, so that the file alone may be copied."""
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass
class Post:
    """One desk of the world: `skew` is how far its clock is off, `online` whether it may speak to the centre."""

    label: str
    desk: Desk
    entropy: Random
    skew: timedelta = timedelta()
    online: bool = True
    kept: list[Path] = field(default_factory=list)
    """Copies of the file from earlier."""
    acknowledged: set[str] = field(default_factory=set)
    """Entries that this machine was told are at the centre."""
    _memory: Memory = field(default_factory=Memory)
    _link: Link | None = None
    _exchange: Exchange | None = None

    @property
    def name(self) -> str:
        """The desk's name, which its copies share."""
        return self.desk.name

    def crash(self) -> None:
        """The program is gone without a word, and started again."""
        self._reopen()

    def keep(self) -> None:
        """Copy the file aside, as a backup does."""
        settle(self.desk)
        copy = self.desk.path.with_name(f"{self.label}-{len(self.kept)}.kept")
        shutil.copy(self.desk.path, copy)
        self.kept.append(copy)

    def put_back(self, copy: Path) -> None:
        """Replace the file by an earlier copy of it: what was written since is lost on this machine."""
        self._reopen(copy)

    def ids(self) -> set[str]:
        """The entries in the file."""
        return {row[0] for row in self.desk.connection.execute("SELECT id FROM entry")}

    def part(self) -> None:
        """Leave the centre, without a word to it."""
        if self._link is not None:
            self._link.close()
            with writing(self.desk.connection):
                kept.set_live(self.desk.connection, 0, 0)
        self._link = self._exchange = None

    def meet(self, centre: ModelCentre, clock: Callable[[], datetime]) -> Exchange:
        """The exchange with the centre, which is greeted first; raises the `LinkProblem` that stands in the way."""
        if self._exchange is None:
            self._link = open_link(centre.file(self.name))
            exchange = Exchange(self.desk, self._link, clock, self._memory)
            exchange.greet()
            self._exchange = exchange
        with writing(self.desk.connection):
            kept.set_live(self.desk.connection, int(clock().timestamp()), 0)
        return self._exchange

    def note_acknowledged(self) -> None:
        """Remember what the centre has said it has."""
        row = kept.joined(self.desk.connection)
        assert row is not None
        sql = "SELECT id FROM entry WHERE desk = ? AND seq <= ?"
        self.acknowledged |= {one[0] for one in self.desk.connection.execute(sql, (row.chain, row.acked))}

    def _reopen(self, copy: Path | None = None) -> None:
        self.part()
        path = self.desk.path
        self.desk.close()
        if copy is not None:
            for file in beside(path):
                file.unlink(missing_ok=True)
            shutil.copy(copy, path)
        self.desk = open_desk(path, REFERENCE, self.entropy.randbytes)
        self._memory = Memory()


def _is_the_machines(problem: LinkProblem) -> bool:
    """A server that is late, or has not noticed yet who left, is no part of any world: the desk comes again."""
    return isinstance(problem, CentreSilent) or (isinstance(problem, CentreRefuses) and problem.state == "")


class World:
    """Some desks, perhaps a centre, and the one true time; what goes on between them is the test's."""

    def __init__(
        self, folder: Path, fresh: dict[str, Path], names: Sequence[str], centre: ModelCentre | None = None
    ) -> None:
        self.folder = folder
        self.centre = centre
        self.now = NOW
        self.done: set[str] = set()
        self.went_twice = False
        """Whether a file went on from one moment twice: its receipt numbers may then stand on two requests."""
        self.posts = [self._post(name, fresh[name]) for name in names]

    def _post(self, label: str, source: Path) -> Post:
        path = self.folder / f"{label}.db"
        shutil.copy(source, path)
        entropy = Random(f"world {label}")
        return Post(label, open_desk(path, REFERENCE, entropy.randbytes), entropy)

    def close(self) -> None:
        """Close every file."""
        for post in self.posts:
            post.part()
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

    def put_back(self, post: Post, copy: Path) -> None:
        """The post's file is lost, and an earlier copy of it takes its place."""
        self.went_twice = True
        post.put_back(copy)
        self._forget_what_is_nowhere()

    def copy(self, post: Post) -> Post:
        """A second machine goes on with a copy of the post's file, while the first goes on too."""
        self.went_twice = True
        settle(post.desk)
        made = self._post(f"{post.label}copy{len(self.posts)}", post.desk.path)
        made.skew = post.skew
        self.posts.append(made)
        return made

    def push(self, post: Post) -> bool:
        """Tell the centre the next of what the post has to say; whether there was anything, and it was heard."""
        return self._told(post, lambda exchange: exchange.pushing.send() or exchange.pushing.recover(), "push")

    def pull(self, post: Post) -> bool:
        """Take in the next page; whether there was anything in it."""

        def take(exchange: Exchange) -> bool:
            page = exchange.pulling.take(lambda: None)
            return bool(page.arrived) or page.more or page.tail

        return self._told(post, take, "pull")

    def _told(self, post: Post, step: Callable[[Exchange], bool], name: str) -> bool:
        self.now += A_MOMENT
        if self.centre is None or not post.online:
            return False
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                found = step(post.meet(self.centre, lambda: self.clock(post)))
                break
            except LinkProblem as problem:
                post.part()
                if not (_is_the_machines(problem) and time.monotonic() < deadline):
                    self.done.add(problem.code)
                    return isinstance(problem, ChainMoved)
            time.sleep(0.05)
        post.note_acknowledged()
        self.done.add(name)
        return found

    def fail_over(self, which: int) -> None:
        """The centre is lost, and served again from an earlier copy of it."""
        assert self.centre is not None
        for post in self.posts:
            post.part()
        self.centre.put_back(which)
        self._forget_what_is_nowhere()

    def _forget_what_is_nowhere(self) -> None:
        """Nobody can bring back what was lost at the centre and then with the only file that had it, or the reverse."""
        known = set().union(*(post.ids() for post in self.posts))
        if self.centre is not None:
            known |= {row[0] for row in self.centre.rows("SELECT id FROM callcenter.entry")}
        for post in self.posts:
            post.acknowledged &= known

    def keep_centre(self) -> None:
        """Copy the centre aside as it is now."""
        assert self.centre is not None
        for post in self.posts:
            post.part()
        self.centre.keep()

    def quiet(self) -> None:
        """Everybody is online and talks until nobody has anything to say."""
        for _round in range(_ROUNDS):
            before = [self._told_so_far(post) for post in self.posts]
            for post in self.posts:
                post.online = True
                # Of two machines with one file the one that only listens learns at a greeting what the other wrote.
                post.part()
                while self.push(post) or self.pull(post):
                    pass
            if [self._told_so_far(post) for post in self.posts] == before:
                return
        raise AssertionError("the desks never come to an end")

    def _told_so_far(self, post: Post) -> tuple[object, ...]:
        row = kept.joined(post.desk.connection)
        assert row is not None
        return row.chain, row.acked, row.epoch, len(post.ids())

    def broken(self) -> dict[str, object]:
        """What does not hold, by desk; empty when all is well."""
        found: dict[str, object] = {post.label: broken(post.desk.connection) for post in self.posts}
        return {label: rows for label, rows in found.items() if rows}
