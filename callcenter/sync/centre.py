"""The centre from its administrator's side: the schema in PostgreSQL, and the desks that may come in."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from callcenter.desk.setup import DESK_NAME, BadDeskName
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.sync.connection_file import ConnectionFile, is_local

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.errors import Diagnostic
    from psycopg.sql import Composed

VERSION = 2
"""The version of the schema that the SQL files make."""
OLDEST = 130000
"""The oldest PostgreSQL that will do, as the server numbers it: xid8 is new in 13."""

_PASSWORD_BYTES = 32
_ROLE_BYTES = 63
# Long enough for a page of a large table on a slow disk, short enough that a lost desk holds nobody up. Parameters
# are what families said: they stay out of the server's log. Statements as short as ours are never worth compiling.
_SETTINGS = {
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "5s",
    "transaction_timeout": "5s",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "jit": "off",
}
# Two connections a desk, and as many again while a cut one has not been noticed yet.
_CONNECTIONS = 4
_LOGIN_ROLE = f"ALTER ROLE {{}} LOGIN CONNECTION LIMIT {_CONNECTIONS} PASSWORD {{}}"


class NoPsycopg(CallcenterError):
    """The part of callcenter that speaks to PostgreSQL is not installed."""

    code = "no_psycopg"
    sentence = mark("The connection to the centre is not installed. Install it: pip install 'callcenter[centre]'")


class NoCentre(CallcenterError):
    """The database could not be reached. Values: told."""

    code = "no_centre"
    sentence = mark("The centre's database cannot be reached: {told}")


class NotMade(CallcenterError):
    """The database has no centre in it."""

    code = "centre_not_made"
    sentence = mark("This database is no centre yet. Make it one with «callcenter centre init».")


class OlderCentre(CallcenterError):
    """The schema is older than this program. Values: found, needed."""

    code = "older_centre"
    sentence = mark(
        "The centre is older (version {found}) than this program (version {needed}). "
        "Run «callcenter centre upgrade» first; the desks may go on meanwhile."
    )


class OldPostgres(CallcenterError):
    """PostgreSQL is too old. Values: found."""

    code = "old_postgres"
    sentence = mark("The centre needs PostgreSQL 13 or newer; this is {found}.")


class MayNot(CallcenterError):
    """The administrator's role may not do it. Values: told."""

    code = "centre_may_not"
    sentence = mark("The database refused: {told}. Connect as a superuser, or let the DBA run «centre init --print».")


class NoSuchDesk(CallcenterError):
    """The centre does not know the desk. Values: name."""

    code = "no_such_desk"
    sentence = mark("The centre knows no desk «{name}». «callcenter centre status» lists those it knows.")


class NoScope(CallcenterError):
    """Nothing was said of what the desk serves."""

    code = "no_scope"
    sentence = mark("Say what the desk serves: --program and --region, or --all for a supervisors' desk.")


class NoAuthority(CallcenterError):
    """The centre is on another machine and no certificate authority was given. Values: host."""

    code = "no_authority"
    sentence = mark("{host} is another computer: name the certificate of your organisation's authority with --ca.")


@dataclass(frozen=True, slots=True)
class Made:
    """What `install` found and did: versions of the schema, and what the server said while at it."""

    before: int
    version: int
    notices: tuple[str, ...]


@contextmanager
def administering(dsn: str) -> Iterator["Connection[Any]"]:
    """A connection in autocommit as the administrator; raises `NoPsycopg`, `NoCentre`, `OldPostgres`, `MayNot`."""
    try:
        import psycopg
    except ImportError as error:
        raise NoPsycopg from error
    try:
        connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10, application_name="callcenter centre")
    except psycopg.Error as error:
        raise NoCentre(told=_first_line(error)) from error
    with connection:
        if connection.info.server_version < OLDEST:
            raise OldPostgres(found=connection.info.parameter_status("server_version"))
        try:
            yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise MayNot(told=_first_line(error)) from error
        except psycopg.OperationalError as error:
            raise NoCentre(told=_first_line(error)) from error


def scripts() -> list[tuple[str, str]]:
    """The numbered SQL files in their order: name and text. They can be run again at any time."""
    folder = files("callcenter.sync") / "sql"
    found = sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))
    return [(name, (folder / name).read_text(encoding="utf-8")) for name in found]


def script() -> str:
    """All of it as one text for a DBA to read and to run with psql."""
    parts = "\n".join(f"-- {name}\n{text}" for name, text in scripts())
    return f"BEGIN;\n\n{parts}\nCOMMIT;\n"


def install(connection: "Connection[Any]") -> Made:
    """Make schema, roles and functions, or bring them to this version, in one transaction."""
    before = _version(connection)
    notices: list[str] = []

    def heard(diagnostic: "Diagnostic") -> None:
        notices.append(diagnostic.message_primary or "")

    with connection.transaction():
        # Two administrators at once: the second waits.
        connection.execute("SELECT pg_advisory_xact_lock(20260, -1)")
        # What is there already is no news.
        connection.execute("SET LOCAL client_min_messages = notice")
        connection.add_notice_handler(heard)
        for _name, text in scripts():
            connection.execute(text.encode())
        connection.remove_notice_handler(heard)
    said = tuple(one for one in notices if "already exists, skipping" not in one)
    return Made(before, _version(connection), said)


def add_desk(
    connection: "Connection[Any]",
    name: str,
    *,
    programs: Sequence[str] = (),
    regions: Sequence[str] = (),
    everything: bool = False,
    ca: str = "",
    host: str = "",
    port: int = 0,
) -> tuple[ConnectionFile, list[str]]:
    """Let a desk in, or give one that is in a new password and scope; its file, and what the role could not be set.

    `host` and `port` are how the desk reaches the centre, where that is not how the administrator does.
    """
    if not DESK_NAME.fullmatch(name):
        raise BadDeskName(name=name)
    if not everything and not (programs and regions):
        raise NoScope
    ensure_current(connection)
    info = connection.info
    host = host or info.host
    if not is_local(host) and not ca:
        raise NoAuthority(host=host)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    with connection.transaction():
        role, missing = _make_role(connection, name, password)
        scopes = [f"{program}@{region}" for program in ("", *programs) for region in ("", *regions)]
        connection.execute(
            "INSERT INTO callcenter.desk (name, role, programs, regions, scopes, everything)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET role = excluded.role,"
            " programs = excluded.programs, regions = excluded.regions, scopes = excluded.scopes,"
            " everything = excluded.everything, revoked = NULL",
            (name, role, list(programs), list(regions), scopes, everything),
        )
    made = ConnectionFile(
        host=host,
        port=port or info.port,
        dbname=info.dbname,
        user=role,
        password=password,
        desk=name,
        sslmode="disable" if is_local(host) else "verify-full",
        ca=ca,
        programs=tuple(programs),
        regions=tuple(regions),
        all=everything,
    )
    return made, missing


def revoke_desk(connection: "Connection[Any]", name: str) -> int:
    """Shut a desk out and end its connections; returns how many it had. Its entries stay."""
    ensure_made(connection)
    with connection.transaction():
        row = connection.execute(
            "UPDATE callcenter.desk SET revoked = coalesce(revoked, now()) WHERE name = %s RETURNING role", (name,)
        ).fetchone()
        if row is None:
            raise NoSuchDesk(name=name)
        connection.execute(_named("ALTER ROLE {} NOLOGIN", row[0]))
    ended = connection.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = %s", row
    ).fetchone()
    return cast("int", ended[0]) if ended else 0


def restored(connection: "Connection[Any]") -> None:
    """After a dump was restored into this database: have every desk offer again what it has kept."""
    ensure_current(connection)
    connection.execute("SELECT callcenter.restored()")


def ensure_made(connection: "Connection[Any]") -> None:
    """Raise `NotMade` unless the centre is in this database."""
    if not _version(connection):
        raise NotMade


def ensure_current(connection: "Connection[Any]") -> None:
    """Raise `NotMade`, or `OlderCentre` where what this program asks for may be missing."""
    ensure_made(connection)
    if (found := _version(connection)) < VERSION:
        raise OlderCentre(found=found, needed=VERSION)


def _version(connection: "Connection[Any]") -> int:
    """The version of the schema in the database; 0 where there is none."""
    there = connection.execute("SELECT to_regclass('callcenter.centre') IS NOT NULL").fetchone()
    if there != (True,):
        return 0
    row = connection.execute("SELECT version FROM callcenter.centre").fetchone()
    return cast("int", row[0]) if row else 0


def _make_role(connection: "Connection[Any]", name: str, password: str) -> tuple[str, list[str]]:
    """Make the desk's login role, or set up the one it has; returns its name and the settings that were refused."""
    from psycopg import errors

    database = connection.info.dbname
    suffix = f"_{name.lower()}"
    role = database.encode()[: _ROLE_BYTES - len(suffix)].decode(errors="ignore") + suffix
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        connection.execute(_named("CREATE ROLE {} NOLOGIN", role))
    # The server gets the hash: a password in a statement would stand in its log.
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(_named(_LOGIN_ROLE, role, literal=hashed))
    connection.execute(_named("GRANT callcenter_desk TO {}", role))
    connection.execute(_named("GRANT CONNECT ON DATABASE {} TO {}", database, role))
    known = {row[0] for row in connection.execute("SELECT name FROM pg_settings")}
    missing = []
    for setting, value in _SETTINGS.items():
        if setting in known:
            try:
                with connection.transaction():
                    connection.execute(_named("ALTER ROLE {} SET {} = {}", role, setting, literal=value))
            except errors.InsufficientPrivilege:
                missing.append(setting)
    return role, missing


def _named(statement: str, *names: str, literal: str | None = None) -> "Composed":
    """A statement with quoted identifiers, and at its end a literal: role commands take no parameters."""
    from psycopg import sql

    values: list[Any] = [sql.Identifier(name) for name in names]
    if literal is not None:
        values.append(sql.Literal(literal))
    return sql.SQL(cast("Any", statement)).format(*values)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
