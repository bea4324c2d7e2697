"""Sockets: one page holds a session at a time, and nothing that a page does harms another."""

from __future__ import annotations

import asyncio
import json
from typing import Any

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


def staged(feedback: str, start_s: float) -> dict[str, object]:
    """A view message of a part."""
    phase = {"name": "breath", "feedback": feedback, "start_s": start_s}
    return {"k": "view", "view": {"screen": "phase", "panel": None, "version": 1, "phase": phase}}


async def first_words(server: Running, topic: str, word: dict[str, object]) -> list[dict[str, Any]]:
    """What a page hears until something of its own is refused, which comes after all that its first word brings."""
    async with server.page(topic) as page:
        await page.send(json.dumps(word))
        await page.send(json.dumps({"k": "do", "action": "x", "data": []}))
        told: list[dict[str, Any]] = []
        while not told or told[-1]["k"] != "refused":
            told.append(json.loads(await page.recv()))
    return told


async def test_a_page_opened_anew_is_told_the_heart_of_its_part(server: Running) -> None:
    """The bloom need not begin from nothing after a reload; beats of the part before are not the page's business."""
    hub, beat = server.ctx.engine.hub, {"k": "beat", "rr": 900.0, "hr": 66.7, "ok": True}
    hub.publish("session/b", {**beat, "t": 59.0, "q": 1})
    hub.publish("session/b", staged("pacer_and_wave", 60.0))
    for seq in (2, 3):
        hub.publish("session/b", {**beat, "t": 59.0 + seq, "q": seq})
    hub.publish("session/b", {"k": "fix", "q": 2, "ok": False})
    told = await first_words(server, "session/b", {"k": "clk", "c": 0})
    kinds = [message["k"] for message in told]
    assert kinds.index("view") < kinds.index("heart")
    (heart,) = (message["told"] for message in told if message["k"] == "heart")
    assert [(message["k"], message["q"]) for message in heart] == [("beat", 2), ("beat", 3), ("fix", 2)]


async def test_a_page_that_knows_the_heart_or_may_not_is_told_nothing_of_it(server: Running) -> None:
    """One whose socket was lost only gets what it missed; one whose part shows no heart gets none at all."""
    hub, beat = server.ctx.engine.hub, {"k": "beat", "t": 61.0, "q": 2, "rr": 900.0, "hr": 66.7, "ok": True}
    hub.publish("session/b", staged("pacer_and_wave", 60.0))
    hub.publish("session/b", beat)
    again = await first_words(server, "session/b", {"k": "since", "n": hub.number("session/b")})
    assert "heart" not in [message["k"] for message in again]
    hub.publish("session/b", staged("pacer", 90.0))
    other = await first_words(server, "session/b", {"k": "clk", "c": 0})
    assert "heart" not in [message["k"] for message in other]


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
