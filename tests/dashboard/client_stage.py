"""Every state of a client's page as a view, and a server that plays them: no conductor, only what pages see."""

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
from typing import Any

import uvicorn

from acquisition.clock import monotonic_ns
from acquisition.heart_rate_stream import NO_RR
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.page import PageContext
from dashboard.server import build, claim
from dashboard.settings import resolve
from dashboard.source_setup import SourceSetup
from sessions import prompts, words
from sessions.service import Service
from sessions.summary import HEADINGS
from sessions.view import (
    PacerView,
    PhaseView,
    SensorView,
    SessionView,
    StepView,
    StrapView,
    SummaryNote,
    SummaryView,
)

NAMES = ("Connect", "Settle", "Exercise", "Breathe", "Reflect")
STEADY = SensorView("streaming", "Sensor steady", None, "Polar H10 1A2B3C4D", True, True, 2.6)
LONGEST_RR_S = 1.0
DEMO_START_S = 100.0
"""The session's time when a staged sitting begins, so that the heart has a past."""


def steps(now: int) -> tuple[StepView, ...]:
    """The header with step number ``now``."""
    return tuple(StepView(n, "now" if i == now else "done" if i < now else "ahead") for i, n in enumerate(NAMES))


REST = PhaseView(
    "rest", "Rest", "baseline", "Settle in and watch the slow picture. Breathe as usual.", "none",
    1, 6, 0.0, 300, 240, 0.0, True, False, False, True, "Plain scene", offers_tone=True,
)  # fmt: skip
STRESSOR = replace(
    REST,
    name="out-of-reach", title="Out of reach", kind="stressor", number=3, seconds=240, min_seconds=60, skippable=True,
    can_lighten=True, picture=False, next_title="Soft breath", offers_tone=False, eyes_closed=True,
    instruction="Choose a small, everyday moment when you hoped for someone you care about and they were busy or far "
    "away. Pick about a 4 out of 10. Let it be now. Where are you? What do you hear in the quiet? You can open your "
    "eyes or stop at any time.",
)  # fmt: skip
BREATH = replace(
    REST,
    name="soft-breath", title="Soft breath", kind="paced_breathing", number=4, feedback="pacer_and_wave",
    min_seconds=120, skippable=True, picture=False, next_title="Back to rest", offers_tone=False,
    instruction="Follow the shape. Let each breath be small and easy, with a longer, unhurried breath out. If you feel "
    "light-headed, breathe less, or go back to your own breath.",
)  # fmt: skip
LOOK_BACK = replace(
    REST, name="look-back", title="Look back", kind="reflection", number=6, picture=False, offers_tone=False,
    seconds=180, min_seconds=0,
    instruction="What did you first feel, and where? What did you want to do? What would have been kind to hear?",
)  # fmt: skip
GUIDE = PacerView(0.0, 0.4, 0.0, 0.6, 0.0, ((0.0, 10.0, None),), 6.0, True)
BASE = SessionView(
    "x", 1, "plan", None, "When someone is out of reach", steps(0), STEADY,
    plan=(("Rest", 300), ("Plain scene", 120), ("Out of reach", 240), ("Soft breath", 300), ("Back to rest", 300),
          ("Look back", 180)),
)  # fmt: skip
RUNNING = replace(BASE, screen="phase", recording=True)
AFTER = replace(BASE, steps=steps(4), sensor=replace(STEADY, word=words.SENSOR_DONE))
"""After the last part: the heart is not recorded any more."""
TOUR = (("Settle", 30.0), ("Rest", 45.0), ("Plain scene", 30.0), ("Small moment", 40.0), ("Soft breath", 60.0),
        ("Back to rest", 30.0), ("Look back", 30.0))  # fmt: skip
"""The plan with the most parts of those that are supplied."""


def curve() -> tuple[tuple[float, float | None], ...]:
    """A heart over 22 minutes: steady, up in the exercise with a gap, and back."""
    points: list[tuple[float, float | None]] = []
    for t in range(0, 1320, 3):
        up = (
            13 * (1 - math.exp(-(t - 420) / 60))
            if 420 <= t < 660
            else 13 * math.exp(-(t - 660) / 90)
            if t >= 660
            else 0
        )
        value = 70 + up + 0.8 * math.sin(t / 31) + 0.6 * math.sin(t / 12.7)
        points.append((float(t), None if 610 < t < 632 else value))
    return tuple(points)


SUMMARY = SummaryView(
    22.0, 70.2, curve(),
    (("Settle", "baseline", 0, 300), ("Everyday", "control", 300, 420), ("Exercise", "stressor", 420, 660),
     ("Breathe", "paced_breathing", 660, 960), ("Rest", "recovery", 960, 1200),
     ("Look back", "reflection", 1200, 1320)),
    marks=((722.0, 76.5, "half-way back after 1 min 2 s"),),
    felt=((305.0, 20.0), (425.0, 24.0), (662.0, 60.0), (965.0, 30.0)),
    notes=(
        SummaryNote(HEADINGS[0], "Your heart beat about 12 beats a minute faster than in the quiet part before.",
                    "noticed"),
        SummaryNote(HEADINGS[1], "After 1 min 2 s your heart was half-way back to where it began, with the breath "
                    "guide running.", "back"),
        SummaryNote(HEADINGS[2], "With the guide, each breath moved your heart by about 11 beats a minute.", "breath"),
    ),
    breaths=tuple(
        tuple((t / 1.15, 70 + swing * math.sin(2 * math.pi * t / 1.15 / period) + math.sin(t * 1.9)) for t in range(46))
        for swing, period in ((2.0, 4.1), (6.0, 10.0))
    ),
)  # fmt: skip


def _found(**changes: Any) -> SensorView:
    return replace(STEADY, **changes)


LOOKING = SensorView("searching", "Looking for the sensor", None, None, False, False)
VIEWS: Mapping[str, SessionView] = {
    "safety": replace(BASE, screen="safety"),
    "connect": replace(BASE, screen="connect", sensor=LOOKING),
    "no-bluetooth": replace(
        BASE, screen="connect",
        sensor=SensorView("bluetooth_off", "Bluetooth is off", "Turn Bluetooth on in the system's settings.", None,
                          False, False),
    ),
    "no-intervals": replace(
        BASE, screen="connect",
        sensor=_found(state="degraded", word="Signal patchy", reason=NO_RR, name="Wrist band", settled=False,
                      beats_arriving=False),
    ),
    "straps": replace(
        BASE, screen="connect", sensor=LOOKING,
        straps=(StrapView("A", "Polar H10 1A2B3C4D", remembered=True), StrapView("B", "Polar H10 99F0E1D2")),
    ),
    "found": replace(BASE, screen="connect", sensor=_found(settled=False, word="Signal settling")),
    "settled": replace(BASE, screen="connect"),
    "plan": replace(BASE, title="Short look", plan=TOUR),
    "baseline": replace(RUNNING, steps=steps(1), phase=REST),
    "exercise": replace(RUNNING, steps=steps(2), phase=STRESSOR),
    "rating": replace(
        RUNNING, screen="rating", steps=steps(2), phase=replace(STRESSOR, running=False),
        prompts=prompts.views(("suds", "closeness", "feelings", "here", "note")),
    ),
    "breathing": replace(RUNNING, steps=steps(3), phase=BREATH, pacer=GUIDE, notice="Softer."),
    "numbers": replace(RUNNING, steps=steps(3), phase=BREATH, pacer=GUIDE, notice="Softer.", numbers_shown=True),
    "pacer-only": replace(
        RUNNING, steps=steps(3), phase=replace(BREATH, feedback="pacer"), pacer=GUIDE, notice="Softer."
    ),
    "own-breath": replace(RUNNING, steps=steps(3), phase=BREATH),
    "paused": replace(
        RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="pause",
        pause_ways=("resume", "look_around", "breathe", "stop"),
    ),
    "sensor-lost": replace(
        RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="sensor_lost",
        sensor=_found(state="lost", word="Looking for the sensor", reason="No signal for 20 s."),
        pause_ways=("try_again", "without_sensor", "stop"),
    ),
    "lighter": replace(RUNNING, steps=steps(2), phase=replace(STRESSOR, running=False), panel="lighter"),
    "elsewhere": replace(RUNNING, steps=steps(2), phase=STRESSOR, panel="elsewhere"),
    "grounding": replace(
        RUNNING, screen="grounding", steps=steps(2),
        phase=replace(REST, name="grounding", kind="grounding", title="", instruction=words.GROUNDING, number=0,
                      picture=False, next_title=None),
    ),
    "reflect": replace(
        RUNNING, screen="reflect", steps=steps(4), phase=LOOK_BACK, prompts=prompts.views(("helped", "note"))
    ),
    "summary": replace(AFTER, screen="summary", summary=SUMMARY),
    "sharing": replace(AFTER, screen="sharing"),
    "closing": replace(AFTER, screen="closing", offer_rest=True),
    "ended": replace(AFTER, screen="ended", recording_id="20260101-x"),
}  # fmt: skip
"""Name of each state to its view."""


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
        message = {"k": "beat", "t": due + rr, "rr": rr * 1000, "hr": rate, "ok": self._seq % 23 != 0, "q": self._seq}
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
