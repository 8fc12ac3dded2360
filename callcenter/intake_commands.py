"""Commands that take applications from the online platform; what a command needs is imported inside it."""

import json
import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Annotated

import typer

from callcenter.command_settings import Db, Lang, clock, reference_of, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Applications from the online platform."), no_args_is_help=True)

_SERVE = _(
    "Take applications over HTTP. POST /v1/applications takes what «intake example» prints and «intake schema» "
    "defines. Sign every request: X-Timestamp is the time in seconds since 1970, X-Signature is «sha256=» and the "
    "HMAC-SHA256 in hex of the time stamp, a dot and the body (of GET: the path), with the secret in "
    "CALLCENTER_INTAKE_SECRET. GET /v1/applications/ID says how far one is; /docs and /openapi.json tell the rest."
)


@app.command("watch", help=_("Take applications out of a folder: *.json and *.csv, as they come."))
def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=_("Where the platform puts its files."))],
    once: Annotated[bool, typer.Option("--once", help=_("Take what is there now and end."))] = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take applications out of a folder; ends with 1 when a file was refused or has to wait, with `--once`."""
    from callcenter.desk.session import open_desk
    from callcenter.gateways import drop_folder

    found = settings_of(context, db, lang)
    left = False
    with closing(open_desk(found.db, reference_of(found))) as desk, suppress(KeyboardInterrupt):
        for taken in drop_folder.watch(desk, folder, clock, once=once):
            print(drop_folder.told(taken), file=sys.stdout if taken.state == "done" else sys.stderr, flush=True)
            left = left or taken.state != "done"
    if left and once:
        raise typer.Exit(1)


@app.command("serve", help=_SERVE)
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help=_("The address to listen on; beyond this machine use TLS too."))] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help=_("The port; 0 takes a free one."))] = 8720,
    secret_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=_("The secret, instead of the environment."))
    ] = None,
    rate: Annotated[int, typer.Option(min=1, max=100_000, help=_("Requests a second of one address."))] = 50,
    tls_cert: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_("Certificate chain, PEM."))] = (
        None
    ),
    tls_key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_("Its key, PEM."))] = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take applications over HTTP until told to end."""
    import asyncio

    from callcenter.desk.session import open_desk
    from callcenter.gateways import intake_http
    from callcenter.gateways.intake_signature import read_secret

    found = settings_of(context, db, lang)
    secret = secret_file.read_text(encoding="utf-8") if secret_file else os.environ.get("CALLCENTER_INTAKE_SECRET", "")
    tls = intake_http.tls_of(tls_cert, tls_key)
    door = intake_http.Door(host, port, read_secret(secret), rate, tls)
    reference = reference_of(found)

    def told(address: str) -> None:
        print(_("Listening on {address}; end with Ctrl+C.").format(address=address), flush=True)

    with suppress(KeyboardInterrupt):
        asyncio.run(intake_http.serve(door, found.db, lambda: open_desk(found.db, reference), told))


@app.command("example", help=_("Print an application as the platform sends it."))
def example() -> None:
    """Print an application as the platform sends it."""
    from callcenter.gateways.application import EXAMPLE

    print(json.dumps(EXAMPLE, ensure_ascii=False, indent=2))


@app.command("schema", help=_("Print the JSON Schema of an application."))
def schema() -> None:
    """Print the JSON Schema of an application."""
    from callcenter.gateways import application

    print(json.dumps(application.schema(), ensure_ascii=False, indent=2))
