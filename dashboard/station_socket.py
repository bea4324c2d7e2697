"""The websocket of a page that holds a strap: ``/ws/station/SESSION``.

Beside the page's own socket, so that beats never wait behind what is drawn. Clock questions are answered at once; all
else is checked and handed to the sitting's ``Station``. Whoever says what no page of ours says is told why and cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.websockets import WebSocket, WebSocketDisconnect

from acquisition.clock import NS_PER_S, ReadNs, monotonic_ns
from acquisition.errors import BadInput
from acquisition.station import Station, Tell
from acquisition.station_messages import read_message
from dashboard.engine import Engine
from dashboard.hub import Subscription, encode
from dashboard.live_socket import GONE_CODE, write_all

REFUSED_CODE = 1008
"""WebSocket close code "policy violation" (RFC 6455, 7.4.1); the page does not try again."""
NS_PER_MS = NS_PER_S // 1000


class StationSockets:
    """Every page that holds a strap. A station lives on the engine's loop and is touched from there only."""

    def __init__(self, engine: Engine, clock: ReadNs = monotonic_ns) -> None:
        self._engine, self._clock = engine, clock

    def add_to(self, server: FastAPI) -> None:
        """Serve the sockets on ``server``; before the pages' own, whose pattern is wider."""
        server.add_api_websocket_route("/ws/station/{session_id}", self.serve)

    async def serve(self, socket: WebSocket, session_id: str) -> None:
        """One page, from its handshake to its going."""
        await socket.accept()
        setup = self._engine.setup
        if setup.simulated or not self._engine.running(f"session/{session_id}"):
            await socket.send_text(encode({"k": "gone"}))
            await socket.close(GONE_CODE)
            return
        station = setup.station_of(session_id)
        answers = Subscription()
        web = asyncio.get_running_loop()

        def tell(message: Mapping[str, object]) -> None:
            with contextlib.suppress(RuntimeError):  # the web loop may have closed meanwhile
                web.call_soon_threadsafe(answers.put, encode(message))

        tasks = [
            asyncio.ensure_future(self._read(socket, station, tell)),
            asyncio.ensure_future(write_all(socket, answers)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._on_engine(station.gone, tell)

    async def _read(self, socket: WebSocket, station: Station, tell: Tell) -> None:
        try:
            while True:
                text = await socket.receive_text()
                arrived_ns = self._clock()
                message = _object(text)
                match message.get("k"):
                    case "clk":
                        await socket.send_text(self._clock_answer(message, arrived_ns))
                        await self._on_engine(station.heard, tell)
                    case "since":  # what every socket of ours says when it is back; the hello says more
                        pass
                    case _:
                        await self._on_engine(station.say, tell, read_message(message))
        except BadInput as refused:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # RuntimeError: closed from the other side
                await socket.send_text(encode({"k": "refused", "why": str(refused)}))
                await socket.close(REFUSED_CODE)
        except (WebSocketDisconnect, KeyError):  # KeyError: bytes instead of text, which no page of ours sends
            pass

    async def _on_engine(self, what: Callable[..., None], *values: object) -> None:
        """Call something of a station on the loop where it lives."""

        async def calling() -> None:
            what(*values)

        work = calling()
        try:
            await self._engine.call(work)
        except RuntimeError:  # the engine has ended, and every station with it
            work.close()

    def _clock_answer(self, message: Mapping[str, Any], arrived_ns: int) -> str:
        asked = message.get("c")
        if isinstance(asked, bool) or not isinstance(asked, int | float):
            raise BadInput("a clock question carries the page's time", place="station message, c")
        return json.dumps({"k": "clk", "c": asked, "r": arrived_ns / NS_PER_MS, "x": self._clock() / NS_PER_MS})


def _object(text: str) -> Mapping[str, Any]:
    """The message. Raises BadInput when it is no JSON object (too deep included)."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("that is not JSON", place="station message") from None
    if not isinstance(message, dict):
        raise BadInput("a message is an object", place="station message")
    return message
