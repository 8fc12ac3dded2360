"""A centre for model worlds, behind a proxy: emptied in a moment, put back to an earlier state; desks stay let in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from callcenter.sync import centre as administration
from callcenter.sync.connection_file import ConnectionFile
from tests.sync.proxy import Proxy

if TYPE_CHECKING:
    from psycopg import Connection

    from tests.sync.postgres import Server

# Everything but the centre's own row and the desks that may come in.
_TABLES = ("chain", "claim", "entry", "parked", "place_taken", "presence", "subject", "work")
_ALL = ", ".join(f"callcenter.{table}" for table in _TABLES)
_ANOTHER = "UPDATE callcenter.centre SET restore_id = gen_random_uuid()"


class ModelCentre:
    """One database with the schema, in which every desk may see everything."""

    def __init__(self, server: "Server", desks: Sequence[str]) -> None:
        self._server = server
        self._database = server.create_database()
        with administration.administering(server.dsn(self._database)) as connection:
            administration.install(connection)
            self._files = {name: administration.add_desk(connection, name, everything=True)[0] for name in desks}
        self.proxy = Proxy(server.port)
        self.kept = 0
        """How many copies of earlier there are."""

    def file(self, desk: str) -> ConnectionFile:
        """How the desk comes in, through the proxy."""
        return replace(self._files[desk], port=self.proxy.port)

    def admin(self) -> "Connection[Any]":
        """A connection of the superuser, past the proxy."""
        return self._server.connect(self._database)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the superuser reads."""
        with self.admin() as connection:
            return connection.execute(sql.encode()).fetchall()

    def empty(self) -> None:
        """Begin anew: no entry, no claim, no copy, another centre."""
        self._run(f"TRUNCATE {_ALL}", _ANOTHER, *(f"DROP SCHEMA kept{one} CASCADE" for one in range(self.kept)))
        self.kept = 0

    def keep(self) -> None:
        """Copy everything aside, as a dump or a standby that falls behind from here on."""
        schema = f"kept{self.kept}"
        copies = [f"CREATE TABLE {schema}.{table} AS TABLE callcenter.{table}" for table in _TABLES]
        self._run(f"CREATE SCHEMA {schema}", *copies)
        self.kept += 1

    def put_back(self, which: int) -> None:
        """Lose all that was committed since that copy was made, and serve what it has."""
        copies = [f"INSERT INTO callcenter.{table} SELECT * FROM kept{which}.{table}" for table in _TABLES]
        self._run(f"TRUNCATE {_ALL}", *copies, _ANOTHER)

    def move_to(self, server: "Server") -> None:
        """Another server is the centre from now on, such as a standby that was promoted."""
        self._server = server
        self.proxy.set("reset")
        self.proxy.server_port = server.port
        self.proxy.set("pass")

    def close(self) -> None:
        """Listen no more; the database goes with its server."""
        self.proxy.close()

    def _run(self, *statements: str) -> None:
        with self.admin() as connection, connection.transaction():
            for statement in statements:
                connection.execute(statement.encode())
