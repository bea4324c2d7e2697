"""A request to end is heard within seconds, whatever runs: pages, a sitting, a replay, a review that is being read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import threading
import time
from pathlib import Path

import pytest
import websockets

from acquisition.errors import EnvironmentFault
from dashboard.clinician.readings import Readings
from dashboard.demonstration import seed_folder
from dashboard.replay.files import opener
from dashboard.replay.replay_session import ReplaySession
from sessions.records import Asker
from sessions.service import Service
from tests.dashboard.running import FAST, context, heard, recording_sitting, running, shown

SYSTEM = Asker("system")
SOON_S = 5.0
"""From the request to the end; a quiet machine takes a quarter of a second."""
PLAYED_S = 2.0


async def test_a_server_that_is_asked_to_end_ends_soon_with_everything_closed_whole(tmp_path: Path) -> None:
    """SIGTERM in the midst of it all: sockets closed, the sitting's recording closed, the review given up."""
    assert threading.current_thread() is threading.main_thread()  # where signals are heard
    ctx = context(tmp_path / "data", apart=True)
    seed_folder(ctx.service, "restless-strap")
    (sample,) = ctx.service.recordings(SYSTEM)
    async with running(ctx) as server, contextlib.AsyncExitStack() as pages:
        sitting = await pages.enter_async_context(server.page(await recording_sitting(server)))
        open_file = opener(ctx.service, SYSTEM)
        await ctx.engine.open(
            "replay/r", lambda publish: ReplaySession("sample:restless-strap", open_file=open_file, publish=publish)
        )
        replay = await pages.enter_async_context(server.page("replay/r"))
        await shown(replay, lambda view: view["state"] == "paused")
        await replay.send(json.dumps({"k": "do", "action": "play", "data": {}}))
        await heard(replay, "rows")
        review = asyncio.ensure_future(
            asyncio.to_thread(Readings(ctx.engine.apart).view, ctx.service, SYSTEM, sample.id)
        )
        await asyncio.sleep(0.1)
        assert not review.done()
        began = time.monotonic()
        signal.raise_signal(signal.SIGTERM)
        await server.ended
        took_s = time.monotonic() - began
        for page in (sitting, replay):
            with pytest.raises(websockets.ConnectionClosed):
                await heard(page, "nothing that is ever said")
        with pytest.raises(EnvironmentFault):
            await review
    assert took_s < SOON_S
    assert ctx.engine.topics == ()
    assert ctx.engine.apart is not None
    assert not ctx.engine.apart.running
    with Service.open(tmp_path / "data", writable=False) as kept:
        assert [summary.state for summary in kept.recordings(SYSTEM)] == ["closed", "closed"]
        assert kept.recordings(SYSTEM)[0].duration_s < PLAYED_S * FAST + SOON_S * FAST


async def test_pages_that_keep_asking_do_not_hold_it_up(tmp_path: Path) -> None:
    """A browser's open connections are closed, not waited for."""
    ctx = context(tmp_path / "data")
    async with running(ctx) as server:
        links = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(6)]
        links[0][1].write(b"GET /healthz HTTP/1.1\r\n")  # and never the rest of it
        began = time.monotonic()
        signal.raise_signal(signal.SIGTERM)
        await server.ended
        assert time.monotonic() - began < SOON_S
        for _, writer in links:
            writer.close()
