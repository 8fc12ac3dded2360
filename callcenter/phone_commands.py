"""`callcenter phone`: the gateways of the telephone, each a process of its own beside the console."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.command_settings import Db, Lang, clock, reference_of, settings_of
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.gateways.telephone_recorder import Recorder
    from callcenter.settings import Settings

app = typer.Typer(help=_("Events from a telephone system: who rings, who was answered."), no_args_is_help=True)

Token = Annotated[
    str | None,
    typer.Option(
        envvar="CALLCENTER_PHONE_TOKEN",
        show_envvar=True,
        show_default=False,
        help=_("What an agent has to know. The variable is safer: others on this computer can see a flag."),
    ),
]

_EVENT = '{"id":"c1","state":"ringing","caller":"01000001234","at":"2026-11-24T20:00:00+09:00"}'
_CURL = f"""curl -H 'Authorization: Bearer TOKEN' -d '{_EVENT}' http://127.0.0.1:8719/v1/calls"""
_NC = f"""printf '%s\\n' '{{"token":"TOKEN"}}' '{_EVENT}' | nc -N 127.0.0.1 8720"""


@app.command(
    "listen",
    help=_("Take telephone events over HTTP (POST /v1/calls), and as lines of JSON over TCP, from this computer."),
    # \b keeps the lines as they are, to be copied.
    epilog="\b\n" + _("Try it:") + f"\n{_CURL}\n{_NC}",
)
def listen(
    context: typer.Context,
    token: Token = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help=_("The port for HTTP."))] = 8719,
    tcp_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, show_default=False, help=_("A port for lines of JSON as well."))
    ] = None,
    host: Annotated[str, typer.Option(help=_("The address to listen at."))] = "127.0.0.1",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help=_("Let other computers send events; nothing is encrypted."))
    ] = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take telephone events over HTTP, and as lines of JSON over TCP."""
    from callcenter.gateways import telephone_listen
    from callcenter.gateways.telephone_process import Pulse, stopping

    found = settings_of(context, db, lang)
    telephone_listen.check_access(host, token or "", remote=allow_remote)

    async def run() -> None:
        with stopping() as stop:
            async with _recorder(found) as recorder:
                pulse = Pulse(found.db, "listen", str(port), clock)
                ports = telephone_listen.Ports(host, port, tcp_port)
                await telephone_listen.listen(recorder, pulse, ports, token or "", stop, _say)

    asyncio.run(run())


@app.command("watch", help=_("Follow the calls of an extension at a SIP telephone system (dialog events)."))
def watch(
    context: typer.Context,
    extension: Annotated[str, typer.Argument(help=_("Its address: sip:1001@pbx.example.kr, ;transport=tls for TLS."))],
    user: Annotated[
        str | None, typer.Option(show_default=False, help=_("The account that may watch; else the extension itself."))
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(show_default=False, help=_("The telephone system, if it is elsewhere: HOST or HOST:PORT.")),
    ] = None,
    authority: Annotated[
        Path | None,
        typer.Option(
            "--ca",
            exists=True,
            dir_okay=False,
            show_default=False,
            help=_("The certificate authority, if it is an own one."),
        ),
    ] = None,
    expires: Annotated[int, typer.Option(min=60, max=86_400, help=_("Seconds until it is asked for again."))] = 120,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Follow the calls of an extension; the password comes from CALLCENTER_SIP_PASSWORD or is asked for."""
    from random import Random

    from callcenter.gateways import telephone_watch
    from callcenter.gateways.telephone_process import Pulse, run_until_stopped, stopping

    found = settings_of(context, db, lang)
    peer = telephone_watch.peer_of(extension, server, authority)
    account = telephone_watch.account_of(extension, user, _password, expires)

    async def run() -> None:
        with stopping() as stop:
            async with _recorder(found) as recorder:
                pulse = Pulse(found.db, "watch", account.resource.user, clock)

                def stands(standing: bool) -> None:
                    pulse.set("connected" if standing else "connecting")

                sink = telephone_watch.persistent(recorder.record, _complain)
                watching = telephone_watch.Watch(peer, account, sink, stands, _complain, clock)
                await run_until_stopped(telephone_watch.watch(watching, stop, Random()), pulse)

    asyncio.run(run())


def _recorder(found: "Settings") -> "Recorder":
    from callcenter.desk.session import open_desk
    from callcenter.gateways.telephone_recorder import Recorder

    reference = reference_of(found)
    return Recorder(lambda: open_desk(found.db, reference), clock)


def _password(user: str) -> str:
    """The account's password: never a flag, which others on this computer could see."""
    if password := os.environ.get("CALLCENTER_SIP_PASSWORD"):
        return password
    asked: str = typer.prompt(_("Password of {user}").format(user=user), hide_input=True, err=True)
    return asked


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _complain(trouble: Exception) -> None:
    print(trouble, file=sys.stderr, flush=True)
