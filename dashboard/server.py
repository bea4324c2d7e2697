"""The server of one machine: gate, pages, sockets and the sessions' engine, joined and run in the main thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType

import uvicorn
from fastapi import FastAPI

from acquisition.errors import EnvironmentFault
from dashboard import facts
from dashboard.app import Pages, make_app
from dashboard.callbacks import Callbacks
from dashboard.engine import Engine
from dashboard.gate import Gate, content_policy, local_hosts
from dashboard.live_socket import LiveSockets
from dashboard.page import PageContext
from dashboard.report.page import add_report, script_hash
from dashboard.station_socket import StationSockets

HOST = "127.0.0.1"
"""The only address that is served until logins and TLS exist."""
BACKLOG = 64
SOCKET_MESSAGE_LIMIT = 1 << 16
"""Bytes of one message from a page (64 KiB); the longest is what a person wrote."""
STOP_TIMEOUT_S = 3
"""How long open connections may hold up a stopping server."""
INTERRUPTED = 130
SLOW_PARTS_AFTER_S = 3.0
"""When the rest is loaded, sittings here and NeuroKit2 in its own process: it must not hold up the first page."""

_log = logging.getLogger(__name__)


def claim(port: int) -> socket.socket:
    """The listening socket on this machine's own address; 0 takes any free port. EnvironmentFault when taken."""
    # asyncio sends small answers at once (TCP_NODELAY) only on sockets that name their protocol; else each waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there it would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(BACKLOG)
    except OSError as fault:
        listening.close()
        raise EnvironmentFault(
            f"the port cannot be used ({fault.strerror})",
            place=f"{HOST}:{port}",
            remedy="close the other program, or give another one with --port (0 takes any free one)",
        ) from fault
    return listening


def build(ctx: PageContext, port: int) -> Gate:
    """The whole ASGI application behind its gate."""
    app, routes = make_app(ctx)
    server: FastAPI = app.server
    server.add_api_route("/healthz", _health, methods=["GET"])
    add_report(server, ctx)
    StationSockets(ctx.engine).add_to(server)
    LiveSockets(ctx.engine).add_to(server)
    pages = Pages(Callbacks(server, app.callback_map), routes)
    return Gate(pages, hosts=local_hosts(port), policy=content_policy([*app.csp_hashes(), script_hash()]))


async def _health() -> dict[str, str]:
    return {"status": "ok", "version": facts.version()}


@dataclass(frozen=True, slots=True)
class Opening:
    """What happens when the server is ready."""

    path: str = "/"
    browser: bool = True
    say: Callable[[str], None] = lambda words: None
    """Gets the one line that names the address."""


class Server(uvicorn.Server):
    """uvicorn, with the signals left to us: an interrupt must first close every session whole."""

    def __init__(self, config: uvicorn.Config, engine: Engine, opening: Opening, url: str) -> None:
        super().__init__(config)
        self._engine, self._opening, self._url = engine, opening, url
        self._slow_parts = threading.Timer(SLOW_PARTS_AFTER_S, engine.warm)
        self._slow_parts.daemon = True
        self.interrupted = False

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, and remember an interrupt."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._on_signal) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = self.interrupted or number == signal.SIGINT
        self.handle_exit(number, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say where, open the browser, and load what is slow."""
        await super().startup(sockets)
        if self.should_exit:
            return
        self._opening.say(self._url)
        if self._opening.browser:
            threading.Thread(target=webbrowser.open, args=(self._url,), name="browser", daemon=True).start()
        self._slow_parts.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin nothing slow any more, give up what nobody will see, and end."""
        self._slow_parts.cancel()
        await asyncio.to_thread(self._engine.stop_reading)
        await super().shutdown(sockets)


def make_server(ctx: PageContext, listening: socket.socket, opening: Opening) -> Server:
    """A server on ``listening`` that has not begun yet."""
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        build(ctx, port),
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_LIMIT,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    return Server(config, ctx.engine, opening, f"http://{HOST}:{port}{opening.path}")


def run(ctx: PageContext, listening: socket.socket, opening: Opening) -> int:
    """Serve until stopped; every session is closed whole before it returns. Returns the exit status."""
    server = make_server(ctx, listening, opening)
    try:
        asyncio.run(serve(server, ctx, listening))
    finally:
        listening.close()
    return INTERRUPTED if server.interrupted else 0


async def serve(server: Server, ctx: PageContext, listening: socket.socket) -> None:
    """Serve on the running loop until stopped, then close what lives."""
    ctx.engine.start(asyncio.get_running_loop())
    _log.info("serving")
    try:
        await server.serve(sockets=[listening])
    finally:
        await asyncio.to_thread(ctx.engine.stop)
        _log.info("stopped")
