"""A service for text messages on a real port: it answers as it is told to, and remembers what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.patience import PATIENCE


class Service:
    """`answers` are the statuses to come, the last for ever; `before` runs when a message is in, before the answer.

    The first wait for each other until so many as `together` are in.
    """

    def __init__(self) -> None:
        self.answers = [200]
        self.wait = 0.0
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.before: Callable[[], None] = lambda: None
        self.together = 1
        self.at_once = self.most_at_once = 0
        self._met = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.before()
        if self.at_once >= self.together:
            self._met.set()
        await asyncio.wait_for(self._met.wait(), PATIENCE)
        await asyncio.sleep(self.wait)
        self.at_once -= 1
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 307 else None)


@asynccontextmanager
async def running() -> AsyncIterator[Service]:
    """A service that listens on a free port of this computer."""
    service = Service()
    app = web.Application()
    app.router.add_post("/{anything}", service.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.port = runner.addresses[0][1]
    try:
        yield service
    finally:
        await runner.cleanup()
