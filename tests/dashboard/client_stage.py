"""A server that plays every state of a client's page: no conductor, only views, ticks and a heart."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import uvicorn

from acquisition.clock import monotonic_ns
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.page import PageContext
from dashboard.server import build, claim
from dashboard.settings import resolve
from dashboard.source_setup import SourceSetup
from sessions.service import Service
from sessions.view import SessionView
from tests.dashboard.client_views import VIEWS

LONGEST_RR_S = 1.0
DEMO_START_S = 100.0
"""The session's time when a staged sitting begins, so that the heart has a past."""
REFUSED = 45
"""The beat of each hundred that is refused, so that an open place in the bloom is seen, and one only."""


class Staged:
    """A sitting that only shows one view; presses are remembered, pause and resume open and close the panel."""

    def __init__(
        self, name: str, publish: Callable[[Mapping[str, object]], None], forget: Callable[[str], object]
    ) -> None:
        self.view, self._publish = replace(VIEWS[name], session_id=name), publish
        self._forget, self._watched = forget, False
        self.pressed: list[tuple[str, Mapping[str, object]]] = []
        self._seq = 0
        self._over = False
        self._origin = monotonic_ns() - int(DEMO_START_S * 1e9)
        if self.view.phase is not None:
            self.view = replace(self.view, phase=replace(self.view.phase, start_s=DEMO_START_S - 60))
        self.show(self.view)

    def _now(self) -> float:
        return (monotonic_ns() - self._origin) / 1e9

    @property
    def passed_s(self) -> float:
        """Seconds since the page that is open came."""
        return self._now() - DEMO_START_S

    def show(self, view: SessionView) -> None:
        """Another view from now on."""
        self.view = view
        self._publish({"k": "view", "view": asdict(view)})

    async def run(self) -> None:
        """Ticks each second, and beats where the page shows the heart."""
        due = DEMO_START_S
        while not self._over:
            await asyncio.sleep(0.1)
            if not self._watched:
                continue
            if self.view.phase is not None and self.view.phase.feedback == "pacer_and_wave" and self.view.panel is None:
                if self._seq == 0:
                    due = DEMO_START_S - 70
                while due + LONGEST_RR_S < self._now():
                    due = self._beat(due)
            self._tick()

    def _tick(self) -> None:
        now = self._now()
        phase = self.view.phase
        start, length = (phase.start_s, phase.seconds) if phase else (DEMO_START_S, 60.0)
        self._publish(
            {"k": "tick", "t": now, "w": monotonic_ns() / 1e6, "speed": 1.0, "elapsed": now - start,
             "left": start + length - now, "sensor": self.view.sensor.word}
        )  # fmt: skip
        if self.view.numbers_shown:
            self._publish({"k": "numbers", "hr": 68.4, "swing": 11.7, "together": "often together", "reason": None})

    def _beat(self, due: float) -> float:
        rate = 68 + 6 * math.sin(2 * math.pi * (due - 2.9) / 10) + 0.7 * math.sin(due * 1.7)
        rr = 60.0 / rate
        self._seq += 1
        message = {
            "k": "beat",
            "t": due + rr,
            "rr": rr * 1000,
            "hr": rate,
            "ok": self._seq % 100 != REFUSED,
            "q": self._seq,
        }
        self._publish(message)
        return due + rr

    def act(self, action: str, data: Mapping[str, object]) -> None:
        """Remember the press; open or close the pause."""
        self.pressed.append((action, data))
        phase, version = self.view.phase, self.view.version + 1
        if action == "pause" and phase is not None:
            ways = ("resume", "breathe_alone", "stop") if self.view.pacer else ("resume", "look_around", "stop")
            pacer = replace(self.view.pacer, moving=False) if self.view.pacer else None
            self.show(replace(self.view, version=version, panel="pause", pause_ways=ways, pacer=pacer,
                               phase=replace(phase, running=False)))  # fmt: skip
        elif action == "resume" and phase is not None:
            pacer = replace(self.view.pacer, moving=True, start_s=self._now()) if self.view.pacer else None
            self.show(replace(self.view, version=version, panel=None, pause_ways=(), pacer=pacer,
                               phase=replace(phase, running=True)))  # fmt: skip
        elif action == "numbers":
            self.show(replace(self.view, version=version, numbers_shown=bool(data.get("on"))))

    def page_seen(self) -> None:
        """Begin anew, so that each page sees the same."""
        self._origin = monotonic_ns() - int(DEMO_START_S * 1e9)
        self._seq = 0
        self._watched = True

    def page_gone(self) -> None:
        """What was told is forgotten, so that the next page does not see the heart of this one."""
        self._watched = False
        self._forget(f"session/{self.view.session_id}")
        self.show(self.view)

    async def aclose(self) -> None:
        """End with the next tick."""
        self._over = True


@contextmanager
def stage(folder: Path, port: int = 0) -> Iterator[tuple[str, dict[str, Staged]]]:
    """A running server with one sitting for each state; gives its address and the sittings."""
    with Service.open(folder, writable=True) as service:
        hub = Hub()
        ctx = PageContext(service, Engine(hub, service, SourceSetup("simulate")), resolve({}, {}))
        listening = claim(port)
        number = listening.getsockname()[1]
        config = uvicorn.Config(build(ctx, number), lifespan="off", ws="websockets-sansio", log_config=None)
        server = uvicorn.Server(config)
        acts: dict[str, Staged] = {}

        async def main() -> None:
            loop = asyncio.get_running_loop()
            ctx.engine.start(loop)
            forget = partial(loop.call_soon_threadsafe, hub.forget)
            for name in VIEWS:
                await ctx.engine.open(
                    f"session/{name}", lambda say, name=name: acts.setdefault(name, Staged(name, say, forget))
                )
            await server.serve(sockets=[listening])

        thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{number}", acts
        finally:
            server.should_exit = True
            thread.join(10)
            ctx.engine.stop()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder, stage(Path(folder) / "data", 8061) as (url, _):
        print(url, flush=True)
        threading.Event().wait()
