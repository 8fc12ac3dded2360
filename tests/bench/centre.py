"""The centre that benches run against: a throw-away PostgreSQL at fsync=on, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from callcenter.sync import centre as administration
from tests.sync.conftest import Centre
from tests.sync.postgres import running


@contextmanager
def standing(*names: str) -> Iterator[Centre]:
    """A new centre with these desks, each with everything in its scope; gone afterwards."""
    with running() as server:
        made = Centre(server, server.create_database())
        with administration.administering(made.dsn) as connection:
            administration.install(connection)
        for name in names:
            made.add(name)
        yield made
