"""Sockets: one page holds a session at a time, and nothing that a page does harms another."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets

from dashboard.live_socket import GONE_CODE
from sessions.records import Asker
from tests.dashboard.running import Running, begun, heard, recording_sitting, server

__all__ = ["server"]


async def test_a_socket_from_another_site_is_refused(server: Running) -> None:
    """The handshake itself is answered 403."""
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with server.page("session/x", origin="http://evil.test"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("topic", ["session/unknown", "replay/unknown", "other/x"])
async def test_a_page_without_a_session_is_told_so(server: Running, topic: str) -> None:
    """It gets one word and a code by which it need not try again."""
    async with server.page(topic) as page:
        assert json.loads(await page.recv()) == {"k": "gone"}
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await page.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == GONE_CODE


async def test_a_page_gets_the_view_at_once_and_the_clock_when_it_asks(server: Running) -> None:
    """The answer repeats the question and names when it came and when it went."""
    async with server.page(await begun(server)) as page:
        assert (await heard(page, "view"))["view"]["screen"] in ("connect", "plan")
        await page.send(json.dumps({"k": "clk", "c": 12.5}))
        answer = await heard(page, "clk")
        assert answer["c"] == 12.5
        assert answer["r"] <= answer["x"]


async def test_the_newest_page_takes_over_and_the_older_can_take_it_back(server: Running) -> None:
    """The older one says "elsewhere", hears nothing more, and its presses do nothing until it is used again."""
    topic = await begun(server)
    async with server.page(topic) as old:
        await heard(old, "view")
        await old.send(json.dumps({"k": "clk", "c": 0}))
        async with server.page(topic) as new:
            while (await heard(old, "view"))["view"]["panel"] != "elsewhere":
                pass
            assert (await heard(new, "view"))["view"]["panel"] != "elsewhere"
            await old.send(json.dumps({"k": "do", "action": "use_here"}))
            while (await heard(new, "view"))["view"]["panel"] != "elsewhere":
                pass
            while (await heard(old, "view"))["view"]["panel"] == "elsewhere":
                pass


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 20_000, '{"k": "do"}', '{"k": "do", "action": 1}', '{"k": "do", "action": "x", "data": []}'],
)
async def test_a_page_that_talks_nonsense_is_told_and_stays(server: Running, text: str) -> None:
    """Whatever a page sends, its socket and its session go on."""
    async with server.page(await begun(server)) as page:
        await page.send(text)
        await heard(page, "refused")
        await page.send(json.dumps({"k": "clk", "c": 1}))
        assert (await heard(page, "clk"))["c"] == 1


async def test_a_message_of_absurd_length_ends_only_its_own_socket(server: Running) -> None:
    """The session lives on, and another page can show it."""
    topic = await begun(server)
    async with server.page(topic) as page:
        await page.send("x" * (1 << 20))
        with pytest.raises(websockets.ConnectionClosed):
            await heard(page, "nothing that is ever said")
    async with server.page(topic) as page:
        await heard(page, "view")


async def test_a_page_that_was_away_catches_up_without_a_hole(server: Running) -> None:
    """Everything that was said meanwhile comes, once and in order; asking for what never was gives a fresh view."""
    topic = await begun(server)
    hub = server.ctx.engine.hub
    async with server.page(topic) as page:
        await heard(page, "view")
    last = hub.number(topic)
    for count in range(5):
        hub.publish(topic, {"k": "tried", "count": count})
    async with server.page(topic) as page:
        await page.send(json.dumps({"k": "since", "n": last}))
        assert [(await heard(page, "tried"))["count"] for _ in range(5)] == [0, 1, 2, 3, 4]
        await page.send(json.dumps({"k": "since", "n": last + 1000}))
        while "n" in await heard(page, "view"):
            pass


async def test_a_page_whose_socket_was_lost_is_the_same_page(server: Running) -> None:
    """One that asks what it missed is the one before; one that does not is new, and its session may be careful."""
    topic = await begun(server)
    seen: list[str] = []
    server.ctx.engine.page_seen = lambda topic, page_id: seen.append(page_id)  # type: ignore[method-assign]  # listens
    for first in ({"k": "clk", "c": 0}, {"k": "since", "n": 0}, {"k": "clk", "c": 0}):
        async with server.page(topic) as page:
            await page.send(json.dumps(first))
            await page.send(json.dumps({"k": "clk", "c": 1}))
            while (await heard(page, "clk"))["c"] != 1:
                pass
    assert seen[0] == seen[1] != seen[2]


async def test_a_server_that_stops_closes_a_running_sitting_whole(server: Running) -> None:
    """From the first page to a recording that runs; then the program ends: closed, not cut off."""
    topic = await recording_sitting(server)
    await asyncio.to_thread(server.ctx.engine.stop)
    (kept,) = server.ctx.service.recordings(Asker("system"))
    assert (kept.state, kept.exercise, kept.simulated) == ("closed", "tour", True)
    assert server.ctx.service.recording(Asker("system"), kept.id).meta.details["session"] == topic.split("/")[1]
