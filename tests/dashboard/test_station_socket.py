"""The socket of a page that holds a strap: into the sitting and its recording, and no further for anybody else."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import websockets

from acquisition.beats import Notification
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.live_socket import GONE_CODE
from dashboard.page import PageContext
from dashboard.settings import resolve
from dashboard.source_setup import SourceSetup
from dashboard.station_socket import REFUSED_CODE
from sessions.records import Asker
from sessions.service import Service
from tests.bluetooth.frames import heart_rate_frame
from tests.dashboard.running import PATIENCE_S, Running, begun, heard, running, server, shown

__all__ = ["server"]

RUN = "0123456789abcdef"
HELLO = {"k": "hello", "run": RUN, "first": 1, "name": "Strap 4711"}


@pytest.fixture
async def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """A server for real people, on a computer without any Bluetooth."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    service = Service.open(tmp_path / "data", writable=True)
    ctx = PageContext(service, Engine(Hub(), service, SourceSetup("sensor")), resolve({"data": tmp_path / "data"}, {}))
    async with running(ctx) as made:
        yield made


async def asked(server: Running, topic: str) -> None:
    """Past consent, the person wants the strap of their own browser."""
    async with server.page(topic) as page:
        await press(page, "consent", {"health": "no", "scopes": ["record"]})
        await shown(page, lambda view: view["screen"] == "connect")
        await press(page, "use_station", {"name": "Strap 4711"})
        await shown(page, lambda view: view["sensor"]["name"] == "Strap 4711")


async def press(page: Any, action: str, data: dict[str, Any] | None = None) -> None:
    await page.send(json.dumps({"k": "do", "action": action, "data": data or {}}))


def station(server: Running, topic: str) -> websockets.connect:
    """The socket beside the page's own."""
    return server.page(topic.replace("session/", "station/"))


def items(first: int, *frames: bytes, ago_ms: float = 0.0) -> str:
    """A message with these frames, as from a page whose clock is ours."""
    now_ms = asyncio.get_running_loop().time() * 1000 - ago_ms
    told = [{"n": first + k, "t": now_ms, "o": 0.0, "frame": b64encode(data).decode()} for k, data in enumerate(frames)]
    return json.dumps({"k": "items", "trip": 0.5, "whole": True, "items": told})


def frame(ticks: int) -> bytes:
    return heart_rate_frame(60, [ticks], contact=True)


async def test_a_page_that_holds_a_strap_is_heard_acknowledged_and_recorded(real: Running) -> None:
    """Across two sockets, with a repetition: every frame once, byte for byte, under the strap's own name."""
    topic = await begun(real)
    await asked(real, topic)
    async with real.page(topic) as page:
        async with station(real, topic) as strap:
            await strap.send(json.dumps({"k": "clk", "c": 3.5}))
            assert (await heard(strap, "clk"))["c"] == 3.5
            await strap.send(json.dumps(HELLO))
            assert (await heard(strap, "ack"))["kept"] == 0
            await strap.send(items(1, frame(1000)))
            assert await heard(strap, "ack") == {"k": "ack", "run": RUN, "kept": 1}
            await shown(page, lambda view: view["sensor"]["beats_arriving"])
            await press(page, "continue")
            await press(page, "begin")
            view = await shown(page, lambda view: view["recording"])
            await strap.send(items(2, frame(1001), frame(1002)))
            assert (await heard(strap, "ack"))["kept"] == 3
        async with station(real, topic) as strap:
            await strap.send(json.dumps(HELLO))
            assert (await heard(strap, "ack"))["kept"] == 3
            await strap.send(items(2, frame(1001), frame(1002), frame(1003)))
            assert (await heard(strap, "ack"))["kept"] == 4
            await asyncio.to_thread(real.ctx.engine.stop)
    kept = real.ctx.service.recording_file(Asker("system"), view["recording_id"])
    frames = [item.data for item in kept.items if isinstance(item, Notification)]
    assert frames == [frame(1001), frame(1002), frame(1003)]
    assert real.ctx.service.recordings(Asker("system"))[0].source == "browser: Strap 4711"


async def test_a_page_that_comes_before_its_source_waits(real: Running) -> None:
    """It gets its first acknowledgement when the source is there, and is sent home when the source goes."""
    topic = await begun(real)
    async with station(real, topic) as strap:
        await strap.send(json.dumps(HELLO))
        await strap.send(json.dumps({"k": "clk", "c": 1}))
        assert json.loads(await strap.recv())["k"] == "clk"
        await asked(real, topic)
        assert (await heard(strap, "ack"))["kept"] == 0
        async with real.page(topic) as page:
            await press(page, "scan")
            assert await heard(strap, "let_go") == {"k": "let_go"}


async def test_a_socket_from_another_site_is_refused(real: Running) -> None:
    """The handshake itself is answered 403, for whatever session."""
    topic = await begun(real)
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with real.page(topic.replace("session/", "station/"), origin="http://evil.test"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("make", [lambda server: asyncio.sleep(0, "session/0123456789abcdef"), begun])
async def test_a_session_that_is_none_or_simulated_has_no_station(
    server: Running, make: Callable[[Running], Coroutine[Any, Any, str]]
) -> None:
    """One word, and a code by which the page need not try again; nothing is kept of it."""
    async with station(server, await make(server)) as strap:
        assert json.loads(await strap.recv()) == {"k": "gone"}
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await strap.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == GONE_CODE
    assert server.ctx.engine.setup.stations == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 20_000,
        '{"k": "clk"}',
        '{"k": "clk", "c": true}',
        '{"k": "do", "action": "stop"}',
        json.dumps({**HELLO, "run": "../../etc"}),
        '{"k": "items", "trip": 1, "whole": true, "items": [{"n": 1, "t": 1e999, "o": 0, "frame": ""}]}',
    ],
)
async def test_what_no_page_of_ours_says_is_refused_and_cut_off(real: Running, text: str) -> None:
    """It is told why, by a typed refusal; the sitting and other sockets go on."""
    topic = await begun(real)
    await asked(real, topic)
    async with station(real, topic) as strap:
        await strap.send(text)
        assert "station message" in (await heard(strap, "refused"))["why"]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(strap, "anything more")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == REFUSED_CODE
    async with station(real, topic) as strap:
        await strap.send(json.dumps(HELLO))
        assert (await heard(strap, "ack"))["kept"] == 0


async def test_a_message_of_absurd_length_or_of_bytes_ends_only_its_own_socket(real: Running) -> None:
    """The next page is heard as ever."""
    topic = await begun(real)
    await asked(real, topic)
    for absurd in ("x" * (1 << 20), b"\x00\x01"):
        async with station(real, topic) as strap:
            await strap.send(absurd)
            with pytest.raises(websockets.ConnectionClosed):
                await heard(strap, "anything")
    async with station(real, topic) as strap:
        await strap.send(json.dumps(HELLO))
        assert (await heard(strap, "ack"))["kept"] == 0


async def test_a_flood_is_bounded_by_what_the_sitting_takes(real: Running) -> None:
    """Repetitions and numbers out of their turn are answered and kept nowhere."""
    topic = await begun(real)
    await asked(real, topic)
    async with station(real, topic) as strap:
        await strap.send(json.dumps(HELLO))
        await heard(strap, "ack")
        for _ in range(50):
            await strap.send(items(1, frame(1000)))
            await strap.send(items(9, frame(1000)))
        async with asyncio.timeout(PATIENCE_S):
            answers = [(await heard(strap, "ack"))["kept"] for _ in range(100)]
    assert set(answers) == {1}
    made = real.ctx.engine.setup.station_of(topic.removeprefix("session/"))
    assert made.repeated == 49
