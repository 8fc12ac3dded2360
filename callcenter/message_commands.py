"""`callcenter messages`: the process that sends text messages, what became of each, and a test."""

import asyncio
import os
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, clock, reading, reference_of, settings_of
from callcenter.errors import CallcenterError
from callcenter.language import _, mark

if TYPE_CHECKING:
    from callcenter.gateways.message_gateway import Gateway
    from callcenter.settings import Settings

app = typer.Typer(help=_("Text messages to providers and guardians."), no_args_is_help=True)

Plain = Annotated[
    bool, typer.Option("--allow-plain", help=_("Let messages go to another computer over http://, for all to read."))
]


class NoGateway(CallcenterError):
    """No gateway for messages is set."""

    code = "no_message_gateway"
    sentence = mark("No gateway for text messages is set. Set «messages» to webhook or file.")


@app.command("run", help=_("Send the text messages of the desk until told to end; a process beside the console."))
def run(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once/--watch", help=_("Send what is due now and end, or go on watching."))
    ] = False,
    allow_plain: Plain = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Send the text messages of the desk."""
    from random import Random

    from callcenter.desk.session import open_desk
    from callcenter.gateways.message_sender import Sender
    from callcenter.gateways.telephone_process import stopping

    found = settings_of(context, db, lang)
    reference = reference_of(found)

    async def send() -> int:
        with stopping() as stop:
            async with (
                _gateway(found, plain=allow_plain) as gateway,
                Sender(lambda: open_desk(found.db, reference), gateway, clock, Random(), _say, _complain) as sender,
            ):
                if once:
                    await sender.send_due()
                else:
                    _say(_("Sending messages; end with Ctrl+C."))
                    await sender.run(stop)
                return sender.left

    left = asyncio.run(send())
    if once and left:
        raise typer.Exit(1)


@app.command("list", help=_("What was written to whom, and what became of it; numbers masked, no texts."))
def message_list(
    context: typer.Context,
    state: Annotated[
        Literal["waiting", "leaving", "sent", "failed", "dropped"] | None,
        typer.Option(show_default=False, help=_("Only these.")),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help=_("So many at most, the newest."))] = 100,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """What was written to whom, and what became of it."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        print_lines(listing.messages(connection, state, limit), json_wanted)


@app.command("try", help=_("Send a test to a number, past the outbox, to see whether the gateway takes it."))
def try_out(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help=_("A mobile number."), show_default=False)],
    text: Annotated[str | None, typer.Option(show_default=False, help=_("What to send."))] = None,
    allow_plain: Plain = False,
    lang: Lang = None,
) -> None:
    """Send a test to a number."""
    from callcenter.gateways.message_gateway import Outcome, Outgoing
    from callcenter.journal.entry import uuid7
    from callcenter.text.phone import read_phone
    from callcenter.text.sanitize import clean

    found = settings_of(context, None, lang)
    to = read_phone(number).stored
    milliseconds = int(clock().timestamp() * 1000)
    said = clean(text or _("callcenter: this is a test message."), lines=True)
    message = Outgoing(uuid7(milliseconds, 0, os.urandom(8)), to, said, found.lang, milliseconds // 1000)

    async def send() -> Outcome:
        async with _gateway(found, plain=allow_plain) as gateway:
            return await gateway(message)

    outcome = asyncio.run(send())
    if outcome.state != "sent":
        print(_("The gateway did not take it: {told}").format(told=outcome.told), file=sys.stderr)
        raise typer.Exit(1)
    print(_("The gateway took it: {told}").format(told=outcome.told))


def _gateway(found: "Settings", *, plain: bool) -> "AbstractAsyncContextManager[Gateway]":
    """The gateway that the settings name; raises `NoGateway`, and what each refuses."""
    if found.messages == "file":
        from callcenter.gateways.message_file import file_gateway

        return nullcontext(file_gateway(found.messages_folder))
    if found.messages == "webhook":
        from callcenter.gateways.message_webhook import check_address, read_secret, webhook

        check_address(found.messages_url, plain=plain)
        return webhook(found.messages_url, read_secret(_secret(found)), lambda: clock().timestamp(), plain=plain)
    raise NoGateway


def _secret(found: "Settings") -> str:
    """Never a flag, which others on this computer could see."""
    if found.messages_secret_file != Path():
        return found.messages_secret_file.read_text(encoding="utf-8")
    return os.environ.get("CALLCENTER_MESSAGES_SECRET", "")


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _complain(trouble: Exception) -> None:
    print(trouble, file=sys.stderr, flush=True)
