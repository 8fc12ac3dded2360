"""A centre for model worlds: cloned in a moment with its desks let in, behind a proxy, put back to an earlier state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from callcenter.sync import centre as administration
from callcenter.sync.connection_file import ConnectionFile
from tests.sync.proxy import Proxy

if TYPE_CHECKING:
    from psycopg import Connection

    from tests.sync.postgres import Server


@dataclass(frozen=True, slots=True)
class Template:
    """A database with the schema and desks that may come in, to clone; nobody is connected to it."""

    server: "Server"
    database: str
    files: dict[str, ConnectionFile]


def template_with(server: "Server", bare: str, desks: Sequence[str]) -> Template:
    """A template from a database with the schema; every desk may see everything."""
    database = server.create_database(bare)
    with administration.administering(server.dsn(database)) as connection:
        files = {name: administration.add_desk(connection, name, everything=True)[0] for name in desks}
    return Template(server, database, files)


class ModelCentre:
    """A clone of the template, behind a proxy of its own."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._server = template.server
        self.database = self._server.create_database(template.database)
        self._kept: list[str] = []
        self.proxy = Proxy(self._server.port)

    def file(self, desk: str) -> ConnectionFile:
        """How the desk comes in, through the proxy."""
        return replace(self._template.files[desk], dbname=self.database, port=self.proxy.port)

    def admin(self) -> "Connection[Any]":
        """A connection of the superuser, past the proxy."""
        return self._server.connect(self.database)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the superuser reads."""
        with self.admin() as connection:
            return connection.execute(sql.encode()).fetchall()

    def keep(self) -> None:
        """Copy the database aside, as a standby that falls behind from here on; nobody may be connected."""
        self._kept.append(self._server.create_database(self.database))

    def put_back(self, which: int) -> None:
        """Lose all that was committed since that copy was made, and serve it; nobody may be connected."""
        old, self.database = self.database, self._server.create_database(self._kept[which])
        self._server.drop_database(old)
        with self.admin() as connection:
            connection.execute("UPDATE callcenter.centre SET restore_id = gen_random_uuid()")

    @property
    def kept(self) -> int:
        """How many copies there are."""
        return len(self._kept)

    def close(self) -> None:
        """Drop everything."""
        self.proxy.close()
        for name in (self.database, *self._kept):
            self._server.drop_database(name)
