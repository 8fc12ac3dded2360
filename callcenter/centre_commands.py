"""`callcenter centre`: for the administrator of the PostgreSQL that desks share."""

import json
import os
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Lang, reference_of, settings_of
from callcenter.desk.link_state import STALE_AFTER
from callcenter.errors import CallcenterError
from callcenter.language import _, mark, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from callcenter.reference import Reference
    from callcenter.sync.centre import Made
    from callcenter.sync.centre_status import CentreStatus

app = typer.Typer(help=_("The centre: the PostgreSQL that desks share."), no_args_is_help=True)
desk_app = typer.Typer(help=_("The desks that may come in at the centre."), no_args_is_help=True)
app.add_typer(desk_app, name="desk")

_VARIABLE = "CALLCENTER_CENTRE_DSN"
_DSN_HELP = _("The database: postgresql://administrator@host/name")
Dsn = Annotated[str, typer.Argument(envvar=_VARIABLE, show_envvar=True, show_default=False, help=_DSN_HELP)]
DsnOption = Annotated[
    str, typer.Option("--dsn", envvar=_VARIABLE, show_envvar=True, show_default=False, help=_DSN_HELP)
]


class NoDsn(CallcenterError):
    """Nobody said which database."""

    code = "no_dsn"
    sentence = mark("Say which database, such as postgresql://postgres@centre.example/callcenter, or --print.")


class BadAuthority(CallcenterError):
    """The file of the certificate authority is none. Values: path."""

    code = "bad_authority"
    sentence = mark("{path} is not a certificate in PEM: it should begin with «-----BEGIN CERTIFICATE-----».")


class ConnectionFileInTheWay(CallcenterError):
    """A connection file is there already. Values: path."""

    code = "connection_file_in_the_way"
    sentence = mark("{path} exists already. Choose another name, or remove it: its password will no longer be good.")


class UnknownRegion(CallcenterError):
    """The region is not in the data. Values: region."""

    code = "unknown_region"
    sentence = mark("There is no region «{region}». Give the five digits of a si or gun, such as 41110.")


@app.command("init", help=_("Make the centre in a database of its own; where it is already, nothing is lost."))
def init(
    context: typer.Context,
    dsn: Annotated[str | None, typer.Argument(envvar=_VARIABLE, show_envvar=True, help=_DSN_HELP)] = None,
    printed: Annotated[bool, typer.Option("--print", help=_("Only print the SQL, for a DBA to read and run."))] = False,
    lang: Lang = None,
) -> None:
    """Make schema, roles and functions."""
    from callcenter.sync import centre

    settings_of(context, None, lang)
    if printed:
        print(centre.script(), end="")
        return
    if not dsn:
        raise NoDsn
    with centre.administering(dsn) as connection:
        _say_made(centre.install(connection), connection.info.dbname)


@app.command("upgrade", help=_("Bring the centre to this version; desks may go on meanwhile."))
def upgrade(context: typer.Context, dsn: Dsn, lang: Lang = None) -> None:
    """Bring the centre to this version."""
    from callcenter.sync import centre

    settings_of(context, None, lang)
    with centre.administering(dsn) as connection:
        centre.ensure_made(connection)
        _say_made(centre.install(connection), connection.info.dbname)


@app.command("restored", help=_("After a dump was restored: have every desk offer again what it has kept."))
def restored(context: typer.Context, dsn: Dsn, lang: Lang = None) -> None:
    """Say that a dump was restored into the centre's database."""
    from callcenter.sync import centre

    settings_of(context, None, lang)
    with centre.administering(dsn) as connection:
        centre.restored(connection)
    print(_("The centre has a new epoch. Every desk offers again what it has kept."))


@desk_app.command("add", help=_("Let a desk in; its connection file has its password and is written once."))
def desk_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The desk's name, as in its receipt numbers."), show_default=False)],
    dsn: DsnOption,
    program: Annotated[list[str] | None, typer.Option(help=_("A program the desk serves; may be repeated."))] = None,
    region: Annotated[
        list[str] | None, typer.Option(help=_("A si or gun the desk serves, five digits; may be repeated."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Every program and region: a desk of supervisors."))
    ] = False,
    ca: Annotated[
        Path | None, typer.Option(help=_("The certificate of your authority, in PEM; for any other computer."))
    ] = None,
    host: Annotated[str, typer.Option(help=_("The server as desks reach it, if not as you do."))] = "",
    port: Annotated[int, typer.Option(help=_("Its port as desks reach it."), show_default=False)] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("The file to write, for your eyes only."))
    ] = None,
    lang: Lang = None,
) -> None:
    """Let a desk in, or give one that is in a new password and scope."""
    from callcenter.sync import centre
    from callcenter.sync.connection_file import text

    reference = reference_of(settings_of(context, None, lang))
    _check_scope(reference, program or (), region or ())
    if output is not None and output.exists():
        raise ConnectionFileInTheWay(path=output)
    authority = "" if ca is None else _authority(ca)
    with centre.administering(dsn) as connection:
        made, missing = centre.add_desk(
            connection,
            name,
            programs=program or (),
            regions=region or (),
            everything=everything,
            ca=authority,
            host=host,
            port=port,
        )
    if output is None:
        print(text(made), end="")
    else:
        _write_private(output, text(made))
    where = output if output is not None else _("printed above")
    _say(
        _("Desk {name} may come in as role {role}; its connection file: {where}").format(
            name=name, role=made.user, where=where
        )
    )
    _say(_("On the desk: callcenter sync join FILE. The file opens the centre: hand it over as you would a key."))
    for setting in missing:
        _say(
            _('As a superuser: ALTER ROLE "{role}" SET {setting} = 0; parameters else may stand in the log.').format(
                role=made.user, setting=setting
            )
        )


@desk_app.command("revoke", help=_("Shut a desk out and end its connections; what it wrote stays."))
def desk_revoke(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The desk's name."), show_default=False)],
    dsn: DsnOption,
    lang: Lang = None,
) -> None:
    """Shut a desk out."""
    from callcenter.sync import centre

    settings_of(context, None, lang)
    with centre.administering(dsn) as connection:
        ended = centre.revoke_desk(connection, name)
    print(
        ngettext(
            "Desk {name} is shut out; {count} connection was ended.",
            "Desk {name} is shut out; {count} connections were ended.",
            ended,
        ).format(name=name, count=ended)
    )


@app.command("status", help=_("The desks, what waits, what nobody decided yet, and what holds the desks back."))
def status(context: typer.Context, dsn: Dsn, json_wanted: Json = False, lang: Lang = None) -> None:
    """How the centre stands."""
    from callcenter.sync.centre import administering
    from callcenter.sync.centre_status import read_status

    settings_of(context, None, lang)
    with administering(dsn) as connection:
        found = read_status(connection)
    if json_wanted:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    _print_whole(found)
    print()
    print_lines(map(_desk_line, found.desks), json_wanted=False)
    if found.work:
        print()
        print_lines(map(_work_line, found.work), json_wanted=False)
        if any(map(_is_silent, found.work)):
            print(_("Ring the desk that is not heard of, or take the request over at another one: $, with a reason."))
            print(_("After an hour in which nothing is heard it is nobody's by itself."))


def _desk_line(desk: dict[str, Any]) -> dict[str, Any]:
    """What fits a screen of a desk; `--json` has it all."""
    return {
        "desk": desk["desk"],
        "seen": None if desk["seen"] is None else f"{_in_seoul(desk['seen']):%m-%d %H:%M}",
        "connections": _("shut out") if desk["revoked"] else desk["connections"],
        **{name: desk[name] for name in ("entries", "waiting", "behind", "conflicts", "parked")},
        "serves": _("everything") if desk["all"] else f"{' '.join(desk['programs'])}: {' '.join(desk['regions'])}",
    }


def _work_line(work: dict[str, Any]) -> dict[str, Any]:
    """Who works on which request, and for how long nothing was heard of them."""
    from callcenter.text.moments import lasting

    silent = lasting(timedelta(seconds=work["silent_seconds"]))
    return {
        "number": work["number"],
        "desk": work["desk"],
        "operator": work["operator"],
        "for": lasting(timedelta(seconds=work["for_seconds"])),
        "remark": _("not heard of for {time}").format(time=silent) if _is_silent(work) else "",
    }


def _is_silent(work: dict[str, Any]) -> bool:
    return timedelta(seconds=work["silent_seconds"]) > STALE_AFTER


def _in_seoul(at: str) -> "datetime":
    from datetime import datetime

    from callcenter.care.calendar import SEOUL

    return datetime.fromisoformat(at).astimezone(SEOUL)


def _print_whole(found: "CentreStatus") -> None:
    print(_("PostgreSQL {server}, schema {version}, epoch {epoch}").format(**asdict(found)))
    print(
        _("Entries: {entries}. Parked: {parked}. Conflicts over places that nobody decided yet: {conflicts}.").format(
            **asdict(found)
        )
    )
    for desk in found.desks:
        if count := desk["recovered"]:
            recovered = ngettext(
                "{count} entry of desk {desk} was lost here and brought back by another desk.",
                "{count} entries of desk {desk} were lost here and brought back by other desks.",
                count,
            )
            print(recovered.format(count=count, desk=desk["desk"]))
        if count := desk["emptied"]:
            emptied = ngettext(
                "Desk {desk} had {count} entry emptied because a person was erased.",
                "Desk {desk} had {count} entries emptied because a person was erased.",
                count,
            )
            print(emptied.format(count=count, desk=desk["desk"]))
    if found.settle_lag is None:
        print(_("How old the oldest transaction is, the centre's owner may not see."))
    else:
        print(_("The oldest transaction is {seconds} s old.").format(seconds=round(found.settle_lag / 1000, 1)))
    if found.xids_ahead:
        print(_("A dump was restored here: run «callcenter centre restored», else no desk hears anything new."))


def _say_made(made: "Made", database: str) -> None:
    if made.before == made.version:
        print(
            _("{database}: the centre was there in version {version}; functions and rights were set again.").format(
                database=database, version=made.version
            )
        )
    elif made.before:
        print(
            _("{database}: the centre went from version {before} to {version}.").format(
                database=database, before=made.before, version=made.version
            )
        )
    else:
        print(
            _(
                "{database}: schema «callcenter» was made in version {version}, with the roles callcenter_owner and"
                " callcenter_desk."
            ).format(database=database, version=made.version)
        )
        print(_("Next: callcenter centre desk add NAME"))
    for notice in made.notices:
        print(notice)


def _check_scope(reference: "Reference", programs: "Sequence[str]", regions: "Sequence[str]") -> None:
    from callcenter.desk.setup import UnknownProgram

    known = [one.id for one in reference.programs]
    for program in programs:
        if program not in known:
            raise UnknownProgram(program=program, known=", ".join(known))
    for region in regions:
        if region not in reference.regions:
            raise UnknownRegion(region=region)


def _authority(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise BadAuthority(path=path)
    return text


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _say(sentence: str) -> None:
    """To people, beside the file that may be going to standard output."""
    print(sentence, file=sys.stderr)
