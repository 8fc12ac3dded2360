"""`callcenter phone listen`: the ports at which telephone agents tell what the telephone does."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from callcenter.errors import CallcenterError
from callcenter.gateways.telephone_http import application, is_loopback, serving
from callcenter.gateways.telephone_lines import Lines
from callcenter.gateways.telephone_process import Pulse, run_until_stopped
from callcenter.gateways.telephone_recorder import Recorder
from callcenter.language import _, mark


class NotLoopback(CallcenterError):
    """The host is open to others, and nobody said that this is wanted. Values: host."""

    code = "not_loopback"
    sentence = mark(
        "{host} can be reached from other computers, and what they send is not encrypted. "
        "Use 127.0.0.1, or add --allow-remote if your network is safe."
    )


class NoToken(CallcenterError):
    """Without a token anybody could make the telephone ring."""

    code = "no_token"
    sentence = mark(
        "Set a token, a long random word that the telephone agent knows too: CALLCENTER_PHONE_TOKEN, or --token."
    )


class PortTaken(CallcenterError):
    """The port cannot be opened. Values: host, port, reason."""

    code = "port_taken"
    sentence = mark("{host} port {port} cannot be opened ({reason}). Is it running already? Choose another port.")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen; `lines` is the port for lines of JSON, None for none. 0 lets the system choose."""

    host: str
    http: int
    lines: int | None


def check_access(host: str, token: str, *, remote: bool) -> None:
    """Refuse what would let others in: raises `NotLoopback`, `NoToken`."""
    if not remote and not is_loopback(host):
        raise NotLoopback(host=host)
    if not token.strip() or not token.isprintable():
        raise NoToken


async def listen(
    recorder: Recorder, pulse: Pulse, ports: Ports, token: str, stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Take events until told to stop; raises `PortTaken`."""
    async with AsyncExitStack() as open_ports:
        app = application(recorder.record, token, ports.host)
        try:
            port = await open_ports.enter_async_context(serving(app, ports.host, ports.http))
        except OSError as error:
            raise PortTaken(host=ports.host, port=ports.http, reason=error.strerror) from error
        say(_("Listening at http://{host}:{port}/v1/calls").format(host=ports.host, port=port))
        if ports.lines is not None:
            lines = Lines(recorder.record, token)
            try:
                port = await open_ports.enter_async_context(lines.serving(ports.host, ports.lines))
            except OSError as error:
                raise PortTaken(host=ports.host, port=ports.lines, reason=error.strerror) from error
            say(_("Lines of JSON at {host}:{port}").format(host=ports.host, port=port))
        pulse.set("connected")
        await run_until_stopped(_stopped(stop), pulse)


async def _stopped(stop: asyncio.Event) -> None:
    await stop.wait()
