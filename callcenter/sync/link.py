"""The two connections to the centre: one that is asked, one that only listens for its bell."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import sql

from callcenter.language import _
from callcenter.sync.connection_file import ConnectionFile, is_local
from callcenter.sync.problems import (
    CentreRefuses,
    CentreSilent,
    DeskRevoked,
    LinkCut,
    LinkProblem,
    NoSuchCentre,
    NotTheCentre,
    Unreachable,
    WeakConnection,
    WrongPassword,
)
from callcenter.sync.watchdog import Watchdog

T = TypeVar("T")

CONNECT_SECONDS = 4
CALL_SECONDS = 3.5
"""With the poll of a second a dead line is noticed within five; over a slow one less is sent at once."""
_CHANNEL = "callcenter"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_JSON: LiteralString = "SELECT callcenter.{}({}::jsonb)"
# SQL's words for a function, schema or table that is not there, and for what this role may not call.
_NO_SUCH = frozenset({"42883", "3F000", "42P01", "42501"})
# Classes in which the server says that the connection is over.
_CUT = ("08", "57P")
_REVOKED = frozenset({"CC001", "CC002"})
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


class Link:
    """Connections that stand. A call raises a `LinkProblem`; after one that is no `CentreRefuses` they are over."""

    def __init__(self, desk: str, asked: "psycopg.Connection[Any]", heard: "psycopg.Connection[Any]") -> None:
        self._desk = desk
        self._asked = asked
        self._heard = heard
        self._cursor = asked.cursor(binary=True)
        self._watchdog = Watchdog(asked.pgconn.socket)

    def call(self, function: str, argument: object, seconds: float = CALL_SECONDS) -> Any:  # noqa: ANN401 - any JSON
        """The answer of a function of the centre that takes and gives JSON."""
        return self.answer(function, encoded(argument), seconds)

    def answer(self, function: str, text: str, seconds: float = CALL_SECONDS) -> Any:  # noqa: ANN401 - any JSON
        """The same for an argument that is encoded."""
        return self._asked_for(function, _JSON, (text,), seconds)[0][0]

    def rows(self, function: str, arguments: Sequence[object], seconds: float = CALL_SECONDS) -> list[tuple[Any, ...]]:
        """The rows that a function of the centre gives."""
        return self._asked_for(function, "SELECT * FROM callcenter.{}({})", arguments, seconds)

    @property
    def bell(self) -> int | None:
        """The number of the socket on which the centre rings, None once it is gone."""
        try:
            return self._heard.pgconn.socket
        except psycopg.Error:
            return None

    def rings(self) -> set[str]:
        """What others had the centre ring for since the last time: "" for entries, «work» for who works on what."""
        heard = set()
        try:
            self._heard.pgconn.consume_input()
            while (ring := self._heard.pgconn.notifies()) is not None:
                if ring.be_pid != self._asked.info.backend_pid:
                    heard.add(ring.extra.decode())
        except psycopg.Error as error:
            raise LinkCut(reason=_reason(error)) from error
        return heard

    def cut(self) -> None:
        """Break off whatever is being asked, from any thread."""
        self._watchdog.bite()

    def close(self) -> None:
        """End both connections."""
        self._watchdog.close()
        for connection in (self._asked, self._heard):
            connection.close()

    def _asked_for(
        self, function: str, pattern: LiteralString, arguments: Sequence[object], seconds: float
    ) -> list[tuple[Any, ...]]:
        try:
            with self._watchdog.within(seconds):
                return self._cursor.execute(_statement(pattern, function, len(arguments)), arguments).fetchall()
        except psycopg.Error as error:
            if self._watchdog.bitten:
                raise CentreSilent(seconds=f"{seconds:g}") from error
            raise _problem(error, function, self._desk) from error


@contextmanager
def beside(asked: Callable[[], T]) -> Iterator[Future[T]]:
    """What is asked of the centre in a thread of its own; it has been answered at the end of the block."""
    with ThreadPoolExecutor(1, "centre-answer") as thread:
        yield thread.submit(asked)


def encoded(argument: object) -> str:
    """The argument of a call as JSON."""
    return _ENCODER.encode(argument)


@cache
def _statement(pattern: LiteralString, function: str, arguments: int) -> bytes:
    """Put together once: that takes longer than many a call."""
    places = sql.SQL(", ").join([sql.Placeholder()] * arguments)
    return sql.SQL(pattern).format(sql.Identifier(function), places).as_bytes(None)


def open_link(file: ConnectionFile, seconds: int = CONNECT_SECONDS) -> Link:
    """Connect as the connection file says; raises `WeakConnection`, or the `LinkProblem` that stands in the way."""
    refuse_weak(file)
    with _parameters(file, seconds) as parameters:
        asked = _connected(parameters, file.desk)
        try:
            heard = _connected(parameters, file.desk)
            try:
                _listen(heard, seconds)
                return Link(file.desk, asked, heard)
            except BaseException:
                heard.close()
                raise
        except psycopg.Error as error:
            asked.close()
            raise _problem(error, "LISTEN", file.desk) from error
        except BaseException:
            asked.close()
            raise


def _listen(heard: "psycopg.Connection[Any]", seconds: float) -> None:
    watchdog = Watchdog(heard.pgconn.socket)
    try:
        with watchdog.within(seconds):
            heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(_CHANNEL)))
    except psycopg.Error as error:
        if watchdog.bitten:
            raise CentreSilent(seconds=f"{seconds:g}") from error
        raise
    finally:
        watchdog.close()


def refuse_weak(file: ConnectionFile) -> None:
    """Raise `WeakConnection` unless it is this machine, or somebody in between could neither read nor pretend."""
    if is_local(file.host):
        return
    if file.sslmode != "verify-full":
        raise WeakConnection(what=f"sslmode = {file.sslmode}")
    if _CERTIFICATE not in file.ca:
        raise WeakConnection(what=f"ca = {file.ca[:20]!r}")


@contextmanager
def _parameters(file: ConnectionFile, seconds: int) -> Iterator[dict[str, str]]:
    """What the driver is told; all that a variable of the environment could weaken is said here."""
    said = {
        "host": file.host,
        "port": str(file.port),
        "dbname": file.dbname,
        "user": file.user,
        "password": file.password,
        "connect_timeout": str(seconds),
        "client_encoding": "utf8",
        "application_name": f"callcenter {file.desk}",
        "gssencmode": "disable",
        "sslcertmode": "disable",
        "target_session_attrs": "read-write",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "2",
    }
    if is_local(file.host):
        # The address as well, for a name can be given any.
        address = {} if file.host.startswith("/") else {"hostaddr": "::1" if file.host == "::1" else "127.0.0.1"}
        yield {**said, **address, "sslmode": "disable"}
        return
    with tempfile.TemporaryDirectory(prefix="callcenter-ca-") as folder:
        authority = Path(folder) / "ca.pem"
        authority.write_text(file.ca, encoding="utf-8")
        yield {
            **said,
            "sslmode": "verify-full",
            "sslrootcert": str(authority),
            "channel_binding": "require",
            "ssl_min_protocol_version": "TLSv1.2",
        }


def _connected(parameters: dict[str, str], desk: str) -> "psycopg.Connection[Any]":
    try:
        return psycopg.connect(psycopg.conninfo.make_conninfo(**parameters), autocommit=True)
    except psycopg.Error as error:
        raise _refusal(error, desk) from error


def _refusal(error: psycopg.Error, desk: str) -> LinkProblem:
    """Why there is no connection; the server says it in its own language, and its code is lost on the way."""
    reason = _reason(error)
    if any(sign in reason for sign in ("certificate", "인증서")):
        return NotTheCentre(reason=reason)
    if any(sign in reason for sign in ("password", "SCRAM", "패스워드", "비밀번호", "암호")):
        return WrongPassword(desk=desk)
    if any(sign in reason for sign in ("log in", "로그인")):
        return DeskRevoked(desk=desk)
    if any(sign in reason for sign in ("FATAL", "치명적")):
        return CentreRefuses(reason=reason, state="")
    return Unreachable(reason=reason)


def _problem(error: psycopg.Error, function: str, desk: str) -> LinkProblem:
    state = error.sqlstate
    if state is None or state.startswith(_CUT):
        return LinkCut(reason=_reason(error))
    if state in _REVOKED:
        return DeskRevoked(desk=desk)
    if state in _NO_SUCH:
        return NoSuchCentre(function=function)
    return CentreRefuses(reason=_reason(error), state=state)


def _reason(error: psycopg.Error) -> str:
    """What the driver says in one line, without details, which may tell of people."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else _("no reason given")
