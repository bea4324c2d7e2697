"""A server of this process on the test's own loop, and what a page of it hears."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import websockets

from dashboard.apart import Apart
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.page import PageContext
from dashboard.server import Opening, claim, make_server, serve
from dashboard.settings import resolve
from dashboard.source_setup import SourceSetup
from sessions.records import Asker
from sessions.service import Service

PATIENCE_S = 20.0
FAST = 20.0


class Running:
    """A server of this process, on the test's own loop."""

    def __init__(self, ctx: PageContext, port: int, ended: Awaitable[None]) -> None:
        self.ctx, self.port, self.ended = ctx, port, ended
        self.origin = f"http://127.0.0.1:{port}"

    async def fetch(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Any:
        """(status, headers, body) of one request."""

        def ask() -> tuple[int, dict[str, str], str]:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
            sent = {"Origin": self.origin, "Content-Type": "application/json"} if body is not None else {}
            with contextlib.closing(link):
                link.request(method, path, body, {**sent, **headers})
                answer = link.getresponse()
                head = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, head, answer.read().decode("utf-8", "replace")

        return await asyncio.to_thread(ask)

    def page(self, topic: str, origin: str | None = None) -> websockets.connect:
        """A page's socket."""
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws/{topic}", origin=websockets.Origin(origin or self.origin)
        )


def context(data: Path, *, apart: bool = False) -> PageContext:
    """Everything that pages need, over a data folder of its own; recordings are read here unless ``apart``."""
    service = Service.open(data, writable=True)
    setup = SourceSetup("simulate", seed=3, speed=FAST)
    engine = Engine(Hub(), service, setup, Apart(data) if apart else None)
    return PageContext(service, engine, resolve({"data": data}, {}))


@contextlib.asynccontextmanager
async def running(ctx: PageContext) -> AsyncIterator[Running]:
    """A server on a free port, stopped and closed whole in the end."""
    listening = claim(0)
    made = make_server(ctx, listening, Opening(browser=False))
    task = asyncio.create_task(serve(made, ctx, listening))
    async with asyncio.timeout(PATIENCE_S):
        while not made.started:
            await asyncio.sleep(0.01)
    try:
        yield Running(ctx, listening.getsockname()[1], task)
    finally:
        made.should_exit = True
        await task
        listening.close()
        ctx.service.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    """A server of the test's own."""
    async with running(context(tmp_path / "data")) as made:
        yield made


async def heard(page: Any, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await page.recv())
            if message["k"] == kind:
                return dict(message)


async def begun(server: Running) -> str:
    """The topic of a sitting on a simulated heart."""
    session_id = await server.ctx.engine.start_session("tour", asker=Asker("clinician"))
    return f"session/{session_id}"


async def shown(page: Any, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The first view that is as wanted."""
    while True:
        view = dict((await heard(page, "view"))["view"])
        if wanted(view):
            return view


async def recording_sitting(server: Running) -> str:
    """The topic of a sitting on a simulated heart that a page has brought past Begin."""
    topic = await begun(server)
    async with server.page(topic) as page:
        await page.send(json.dumps({"k": "clk", "c": 0}))
        await shown(page, lambda view: view["sensor"]["beats_arriving"])
        await page.send(json.dumps({"k": "do", "action": "continue", "data": {}}))
        await shown(page, lambda view: view["screen"] == "plan")
        await page.send(json.dumps({"k": "do", "action": "begin", "data": {}}))
        await shown(page, lambda view: view["recording"])
        await heard(page, "tick")
    return topic
