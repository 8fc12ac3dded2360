"""A centre in a throw-away PostgreSQL: one server for all tests, a database of its own for each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from callcenter.sync import centre as administration
from callcenter.sync.connection_file import ConnectionFile
from tests.patience import PATIENCE
from tests.sync.model_centre import ModelCentre
from tests.sync.postgres import Server, running
from tests.sync.world import NAMES, make_desks


@dataclass(slots=True)
class Centre:
    """A database with the centre's schema in it, and the desks that were let in."""

    server: Server
    database: str
    desks: dict[str, ConnectionFile] = field(default_factory=dict)
    _open: "list[psycopg.Connection[Any]]" = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """How its administrator, a superuser, connects."""
        return self.server.dsn(self.database)

    def admin(self) -> "psycopg.Connection[Any]":
        """A connection of the superuser, to look into the tables; closed after the test."""
        self._open.append(self.server.connect(self.database))
        return self._open[-1]

    def add(
        self, name: str, programs: tuple[str, ...] = (), regions: tuple[str, ...] = (), *, everything: bool = True
    ) -> ConnectionFile:
        """Let a desk in, with everything in its scope unless the test says otherwise; its connection file."""
        with administration.administering(self.dsn) as connection:
            made, _missing = administration.add_desk(
                connection, name, programs=programs, regions=regions, everything=everything
            )
        self.desks[name] = made
        return made

    def connect(self, name: str) -> "psycopg.Connection[Any]":
        """A connection as the desk's role, by its password over TCP; closed after the test."""
        made = self.desks[name]
        self._open.append(self.server.connect(self.database, made.user, made.password))
        return self._open[-1]

    def listener(self, name: str) -> "psycopg.Connection[Any]":
        """A connection of the desk that hears the centre ring."""
        made = self.connect(name)
        made.execute("LISTEN callcenter")
        return made

    def rung(self, listener: "psycopg.Connection[Any]") -> list[str]:
        """What the listener was rung with since the last time."""
        # Rings come in the order in which they were committed: nothing comes late behind this one.
        self.admin().execute("NOTIFY callcenter, 'the last'")
        heard: list[str] = []
        for ring in listener.notifies(timeout=PATIENCE):
            if ring.payload == "the last":
                return heard
            heard.append(ring.payload)
        raise AssertionError("the centre does not ring")

    def remove(self) -> None:
        """Close what is open, drop the database and its desks' roles."""
        for connection in self._open:
            connection.close()
        self.server.drop_database(self.database)
        with self.server.connect() as connection:
            for made in self.desks.values():
                connection.execute(psycopg.sql.SQL("DROP ROLE IF EXISTS {}").format(psycopg.sql.Identifier(made.user)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this process of pytest."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def centre_template(postgres: Server) -> str:
    """A database with the schema, to copy."""
    name = postgres.create_database()
    with administration.administering(postgres.dsn(name)) as connection:
        administration.install(connection)
    return name


@pytest.fixture
def centre(postgres: Server, centre_template: str) -> Iterator[Centre]:
    """A fresh centre without desks."""
    made = Centre(postgres, postgres.create_database(centre_template))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def model_centre() -> Iterator[ModelCentre]:
    """A centre on a server of its own that would not outlive a power cut, and is quick."""
    with running("fsync = off\nsynchronous_commit = off\n") as server:
        made = ModelCentre(server, NAMES)
        yield made
        made.close()


@pytest.fixture(scope="session")
def fresh_desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of desks that have joined a centre and have providers, to copy."""
    return make_desks(tmp_path_factory.mktemp("fresh"))
