"""The two connections to the centre: one that is asked, one that only listens for its bell."""

import ipaddress
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from callcenter.errors import CallcenterError
from callcenter.language import _
from callcenter.sync.problems import (
    CentreRefuses,
    CentreSilent,
    DeskRevoked,
    LinkCut,
    NoSuchCentre,
    Unreachable,
    WeakConnection,
    WrongPassword,
)
from callcenter.sync.watchdog import Watchdog

CONNECT_SECONDS = 4
CALL_SECONDS = 4.0
"""Long enough for a full page over a slow line; with the poll of a second a dead line is noticed within five."""
_CHANNEL = "callcenter"
# SQL's words for a function, schema or table that is not there, and for what this role may not call.
_NO_SUCH = frozenset({"42883", "3F000", "42P01", "42501"})
# Classes in which the server tells that the connection is over, or that it is not the call's fault.
_CUT = ("08", "57P")


class Row(NamedTuple):
    """An entry as the centre gives it, with its place in the order of the centre."""

    sx: str
    n: int
    chain: str
    header: str
    body: str | None
    salt: bytes | None
    body_digest: bytes
    prev: bytes
    digest: bytes


class Link:
    """A connection that stands. Any call raises a `LinkProblem`; after one that is not `CentreRefuses` it is over."""

    def __init__(self, asked: "psycopg.Connection[Any]", heard: "psycopg.Connection[Any]") -> None:
        self._asked = asked
        self._heard = heard
        self._watchdog = Watchdog(asked.pgconn.socket)

    def call(self, function: str, argument: object, seconds: float = CALL_SECONDS) -> dict[str, Any]:
        """The answer of a function of the centre that takes and gives JSON."""
        statement = sql.SQL("SELECT callcenter.{}(%s::jsonb)").format(sql.Identifier(function))
        text = json.dumps(argument, ensure_ascii=False, separators=(",", ":"))
        answer: dict[str, Any] = self._rows(function, statement, (text,), seconds)[0][0]
        return answer

    def rows(self, function: str, arguments: Sequence[object], seconds: float = CALL_SECONDS) -> list[tuple[Any, ...]]:
        """The rows that a function of the centre gives."""
        places = sql.SQL(", ").join([sql.Placeholder()] * len(arguments))
        statement = sql.SQL("SELECT * FROM callcenter.{}({})").format(sql.Identifier(function), places)
        return self._rows(function, statement, arguments, seconds)

    @property
    def bell(self) -> int:
        """The number of the socket on which the centre rings."""
        return self._heard.pgconn.socket

    def rung(self) -> bool:
        """Whether the centre rang since the last time."""
        try:
            self._heard.pgconn.consume_input()
            rung = False
            while self._heard.pgconn.notifies() is not None:
                rung = True
        except psycopg.Error as error:
            raise LinkCut(reason=_reason(error)) from error
        return rung

    def cut(self) -> None:
        """Break off whatever is being asked, from any thread."""
        self._watchdog.bite()

    def close(self) -> None:
        """End both connections."""
        self._watchdog.close()
        for connection in (self._asked, self._heard):
            connection.close()

    def _rows(
        self, function: str, statement: sql.Composed, arguments: Sequence[object], seconds: float
    ) -> list[tuple[Any, ...]]:
        try:
            with self._watchdog.within(seconds):
                return self._asked.execute(statement, arguments).fetchall()
        except psycopg.Error as error:
            if self._watchdog.bitten:
                raise CentreSilent(seconds=f"{seconds:g}") from error
            raise _problem(error, function) from error


def open_link(parameters: Mapping[str, str], seconds: int = CONNECT_SECONDS) -> Link:
    """Connect as the connection file says; raises `WeakConnection`, or the `LinkProblem` that stands in the way."""
    refuse_weak(parameters)
    settled = {
        "client_encoding": "utf8",
        "gssencmode": "disable",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "2",
        **parameters,
        "connect_timeout": str(seconds),
    }
    desk = parameters.get("user", "")
    asked = _connected(settled, desk)
    try:
        heard = _connected(settled, desk)
        try:
            heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(_CHANNEL)))
            return Link(asked, heard)
        except BaseException:
            heard.close()
            raise
    except psycopg.Error as error:
        asked.close()
        raise _problem(error, "LISTEN") from error
    except BaseException:
        asked.close()
        raise


def refuse_weak(parameters: Mapping[str, str]) -> None:
    """Raise `WeakConnection` unless it is this machine, or somebody in between could neither read nor pretend."""
    hosts = [*parameters.get("host", "").split(","), *filter(None, parameters.get("hostaddr", "").split(","))]
    if "service" in parameters:
        raise WeakConnection(what="service")
    if all(_is_here(host) for host in hosts) and parameters.get("host"):
        return
    for name, needed in (("sslmode", "verify-full"), ("channel_binding", "require")):
        if parameters.get(name) != needed:
            raise WeakConnection(what=f"{name}={parameters.get(name, '')}")
    authority = parameters.get("sslrootcert", "")
    if not authority or not Path(authority).is_file():
        raise WeakConnection(what=f"sslrootcert={authority}")


def _is_here(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(parameters: Mapping[str, str], desk: str) -> "psycopg.Connection[Any]":
    try:
        return psycopg.connect(autocommit=True, **parameters)  # type: ignore[arg-type]  # libpq takes them as text
    except psycopg.Error as error:
        raise _refusal(error, desk) from error


def _refusal(error: psycopg.Error, desk: str) -> CallcenterError:
    """Why there is no connection; the server says it in its own language, and its code is lost on the way."""
    reason = _reason(error)
    if any(sign in reason for sign in ("password", "SCRAM", "패스워드", "비밀번호", "암호")):
        return WrongPassword(desk=desk)
    if any(sign in reason for sign in ("log in", "로그인")):
        return DeskRevoked(desk=desk)
    if any(sign in reason for sign in ("FATAL", "치명적")):
        return CentreRefuses(reason=reason, state="")
    return Unreachable(reason=reason)


def _problem(error: psycopg.Error, function: str) -> CallcenterError:
    state = error.sqlstate
    if state is None or state.startswith(_CUT):
        return LinkCut(reason=_reason(error))
    if state in _NO_SUCH:
        return NoSuchCentre(function=function)
    return CentreRefuses(reason=_reason(error), state=state)


def _reason(error: psycopg.Error) -> str:
    """The first line of what the driver says, without the statement, which may tell of people."""
    lines = str(error).strip().splitlines()
    return lines[-1 if len(lines) > 1 and "failed:" in lines[-1] else 0] if lines else _("no reason given")
