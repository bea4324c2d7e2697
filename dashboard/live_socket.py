"""The one websocket of a page: ``/ws/session/ID`` and ``/ws/replay/ID``.

A session has one page at a time: the newest takes over, the older shows "open in another window" and can take it
back. Clock questions are answered at once and never wait behind other messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.websockets import WebSocket, WebSocketDisconnect

from acquisition.clock import NS_PER_S, ReadNs, monotonic_ns
from acquisition.errors import AttunementError
from dashboard.engine import Engine
from dashboard.heart_history import heart_history
from dashboard.hub import Hub, Subscription, encode

KINDS = ("session", "replay")
GONE_CODE = 4404
"""Close code of ours: nothing lives under this id; the page need not try again."""
ACTION_LIMIT = 40
"""Characters of an action's name."""
NS_PER_MS = NS_PER_S // 1000


class _Page(Subscription):
    """One open socket's queue, and who it is once it has said its first word."""

    id: str | None = None


class LiveSockets:
    """Every open page of every topic, and which of them holds its session."""

    def __init__(self, engine: Engine, clock: ReadNs = monotonic_ns) -> None:
        self._engine = engine
        self._hub: Hub = engine.hub
        self._clock = clock
        self._holders: dict[str, _Page] = {}
        self._last_page: dict[str, str] = {}

    def add_to(self, server: FastAPI) -> None:
        """Serve the sockets on ``server``."""
        server.add_api_websocket_route("/ws/{kind}/{live_id}", self.serve)

    async def serve(self, socket: WebSocket, kind: str, live_id: str) -> None:
        """One page, from its handshake to its going."""
        topic = f"{kind}/{live_id}"
        await socket.accept()
        if kind not in KINDS or (not self._engine.running(topic) and self._hub.number(topic) == 0):
            await socket.send_text(encode({"k": "gone"}))
            await socket.close(GONE_CODE)
            return
        page = _Page()
        self._take(topic, page)
        tasks = [
            asyncio.ensure_future(self._read(socket, topic, page)),
            asyncio.ensure_future(write_all(socket, page)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._leave(topic, page)

    def _take(self, topic: str, page: _Page) -> None:
        """Make ``page`` the one that shows the session; the page before it is told so."""
        before = self._holders.get(topic)
        if before is not None and before is not page:
            self._hub.unsubscribe(topic, before)
            before.clear()
            self._put_view(topic, before, panel="elsewhere")
        self._holders[topic] = page
        page.clear()
        self._hub.add(topic, page)
        self._put_view(topic, page)

    def _know(self, topic: str, page: _Page, first: Mapping[str, Any]) -> None:
        """A page's first word says who it is: one that asks what it missed is the one whose socket was lost."""
        if first.get("k") != "since" or topic not in self._last_page:
            self._last_page[topic] = secrets.token_hex(4)
        page.id = self._last_page[topic]
        if self._holders.get(topic) is page:
            if first.get("k") != "since":
                self._put_heart(topic, page)
            self._engine.page_seen(topic, page.id)

    def _leave(self, topic: str, page: _Page) -> None:
        self._hub.unsubscribe(topic, page)
        if self._holders.get(topic) is page:
            del self._holders[topic]
            self._engine.page_gone(topic)

    def _put_view(self, topic: str, page: _Page, **changed: object) -> None:
        """A fresh view outside the numbered row: it moves nobody's place in it."""
        latest = self._hub.latest(topic, "view")
        if latest is None:
            return
        view = latest["view"]
        if changed and isinstance(view, Mapping):
            view = {**view, **changed}
        page.put(encode({"k": "view", "view": view}))

    def _put_heart(self, topic: str, page: _Page) -> None:
        """What the page cannot know of the heart any more, where it shows it; replaces what the page knows."""
        latest = self._hub.latest(topic, "view")
        heart = heart_history(latest["view"], self._hub.recent(topic)) if latest is not None else None
        if heart is not None:
            page.put(encode(heart))

    async def _read(self, socket: WebSocket, topic: str, page: _Page) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                text = await socket.receive_text()
                arrived = self._clock()
                message = _parsed(text)
                if page.id is None:
                    self._know(topic, page, message)
                match message.get("k"):
                    case "clk":
                        await socket.send_text(self._clock_answer(message, arrived))
                    case "since":
                        self._catch_up(topic, page, message)
                    case "do":
                        await self._do(topic, page, message)
                    case _:
                        page.put(encode({"k": "refused", "action": None, "why": "unknown message"}))

    def _clock_answer(self, message: Mapping[str, Any], arrived_ns: int) -> str:
        asked = message.get("c")
        echo = asked if isinstance(asked, int | float) else None
        received_ms, sent_ms = arrived_ns / NS_PER_MS, self._clock() / NS_PER_MS
        return json.dumps({"k": "clk", "c": echo, "r": received_ms, "x": sent_ms})

    def _catch_up(self, topic: str, page: _Page, message: Mapping[str, Any]) -> None:
        last = message.get("n")
        if self._holders.get(topic) is not page or not isinstance(last, int):
            return
        missed = self._hub.since(topic, last)
        page.clear()
        if missed is None:
            self._put_view(topic, page)
            self._put_heart(topic, page)
            return
        for text in missed:
            page.put(text)

    async def _do(self, topic: str, page: _Page, message: Mapping[str, Any]) -> None:
        action, data = message.get("action"), message.get("data", {})
        if not isinstance(action, str) or len(action) > ACTION_LIMIT or not isinstance(data, dict):
            page.put(encode({"k": "refused", "action": None, "why": "an action needs a name and an object"}))
            return
        if action == "use_here":
            self._take(topic, page)
            self._put_heart(topic, page)
            self._engine.page_seen(topic, page.id or "")
            return
        if self._holders.get(topic) is not page:
            return  # the session is open in another window; its own page decides
        try:
            await self._engine.act(topic, action, data)
        except AttunementError as refused:
            page.put(encode({"k": "refused", "action": action, "why": str(refused)}))
        except (ValueError, KeyError, TypeError):
            page.put(encode({"k": "refused", "action": action, "why": "that does not fit here"}))


async def write_all(socket: WebSocket, page: Subscription) -> None:
    """Send what a subscription gets, in order, until the page has gone."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # RuntimeError: sent after the page had gone
        while True:
            await socket.send_text(await page.next())


def _parsed(text: str) -> Mapping[str, Any]:
    """The message, or an empty one when it is no JSON object (too deep included)."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
