"""The file that lets one desk in at the centre: written by `centre desk add`, read by `sync join`."""

import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from callcenter.errors import CallcenterError
from callcenter.language import mark

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NoConnectionFile(CallcenterError):
    """There is no such file. Values: path."""

    code = "no_connection_file"
    sentence = mark("There is no connection file {path}. The centre's administrator makes it with «centre desk add».")


class BadConnectionFile(CallcenterError):
    """The file is not what the centre wrote. Values: path, problem."""

    code = "bad_connection_file"
    sentence = mark("{path} cannot be used: {problem}. Ask the centre's administrator for a new one.")


@dataclass(frozen=True, slots=True)
class ConnectionFile:
    """How a desk reaches the centre, and what it serves there.

    `host` may be a folder, which is a unix socket; `ca` is the PEM text of the organisation's certificate authority,
    empty where the host is this machine; `all` means every program and region, which supervisors' desks have.
    """

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)
    desk: str
    sslmode: str
    ca: str = ""
    programs: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    all: bool = False


def is_local(host: str) -> bool:
    """Whether what is sent to this host never leaves the machine: loopback, or a unix socket's folder."""
    return host in LOOPBACK or host.startswith("/")


def text(connection: ConnectionFile) -> str:
    """The file's contents: TOML."""
    lines = [f"{one.name} = {_written(getattr(connection, one.name))}" for one in fields(connection)]
    return "[centre]\n" + "\n".join(lines) + "\n"


def read(path: Path) -> ConnectionFile:
    """Read a connection file; raises `NoConnectionFile` or `BadConnectionFile`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("centre")
    except FileNotFoundError as error:
        raise NoConnectionFile(path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConnectionFile(path=path, problem=str(error)) from error
    if not isinstance(table, dict):
        raise BadConnectionFile(path=path, problem="[centre]")
    return _checked(path, table)


def _checked(path: Path, table: dict[str, Any]) -> ConnectionFile:
    """What the table says; names this version does not know are left for those that do."""
    values: dict[str, Any] = {}
    for one in fields(ConnectionFile):
        if one.name in table:
            given = table[one.name]
            values[one.name] = tuple(given) if isinstance(given, list) else given
    try:
        made = ConnectionFile(**values)
    except TypeError as error:
        raise BadConnectionFile(path=path, problem=str(error)) from error
    wanted = {"port": int, "programs": tuple, "regions": tuple, "all": bool}
    for one in fields(made):
        value = getattr(made, one.name)
        if type(value) is not wanted.get(one.name, str):
            shown = "…" if one.name == "password" else repr(value)
            raise BadConnectionFile(path=path, problem=f"{one.name} = {shown}")
    if not all(isinstance(name, str) for name in (*made.programs, *made.regions)):
        raise BadConnectionFile(path=path, problem="programs, regions")
    return made


def _written(value: object) -> str:
    """A TOML value: JSON's strings, numbers, lists and truth values are TOML's too."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")
