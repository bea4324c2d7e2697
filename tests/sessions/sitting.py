"""What the tests of a sitting share: a simulated heart that lets the test act after each second, with no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification, SourceInfo, Stimulus, Tick
from acquisition.clock import Anchor
from acquisition.simulation import SimulatedSource
from sessions.exercise import Exercise, load
from sessions.records import Asker
from sessions.service import Service
from sessions.session import Scan, Session, SourceChoice

CLIENT = Asker("client")
CLINICIAN = Asker("clinician")
STARTED = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
SCRIPT = Path(__file__).parent / "test-strap.yaml"
Message = dict[str, object]
Act = Callable[[Session], None]


@dataclass
class Heart:
    """A simulated strap as fast as can be; after each tick the test may press. ``mute`` swallows what the strap sends
    in these seconds, as a lost link does."""

    act: Act
    seed: int = 3
    mute: tuple[tuple[float, float], ...] = ()
    ends_s: float = 7200.0
    session: Session | None = None
    asked: list[Stimulus] = field(default_factory=list)
    closed: bool = False

    def __post_init__(self) -> None:
        self._source = SimulatedSource(seed=self.seed, speed=float("inf"))
        self._lost = False

    @property
    def info(self) -> SourceInfo:
        return replace(self._source.info, name="Strap 1234")

    def respond(self, stimulus: Stimulus) -> None:
        self.asked.append(stimulus)
        self._source.respond(stimulus)

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for item in self._source:
            for one in self._through(item):
                yield one
            if isinstance(item, Tick):
                if item.time_s > self.ends_s:
                    return
                assert self.session is not None
                self.act(self.session)
                if self.session.view().screen == "summary" and self.session.view().summary is None:
                    await asyncio.sleep(0.05)  # the summary is worked out beside the sitting, in real time

    def _through(self, item: Item) -> list[Item]:
        away = self._lost
        if isinstance(item, Notification | Tick):
            away = any(a <= item.time_s < b for a, b in self.mute)
        changed = away != self._lost
        self._lost = away
        link = LinkChange(item.stream, item.time_s, LinkState.LOST if away else LinkState.STREAMING)
        if away and isinstance(item, Notification | Beat | Gap | LinkChange):
            return [link] if changed else []
        return [link, item] if changed else [item]

    async def aclose(self) -> None:
        self.closed = True
        await self._source.aclose()


@dataclass
class Sat:
    """A sitting that is over."""

    session: Session
    messages: list[Message]
    heart: Heart

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message["k"] == kind]


def anchor() -> Anchor:
    """A wall clock that stands still."""
    return Anchor(5_000, STARTED)


async def sit(
    service: Service,
    act: Act,
    *,
    script: str | Path | Exercise = SCRIPT,
    simulated: bool = True,
    scan: Scan | None = None,
    heart: Heart | None = None,
    before: Act | None = None,
) -> Sat:
    """Run a sitting to its end; ``act`` is called after each second, ``before`` once at the first page."""
    heart = heart or Heart(act)
    exercise = script if isinstance(script, Exercise) else load(script)
    messages: list[Message] = []

    def source(_choice: SourceChoice) -> Heart:
        return heart

    session = Session(
        "s1", exercise, service=service, asker=CLIENT, source_factory=source, publish=messages.append,
        scan=scan, simulated=simulated, anchor=anchor, clock=lambda: 0,
    )  # fmt: skip
    heart.session = session
    run = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    if before is not None:
        before(session)
    async with asyncio.timeout(60):
        await run
    return Sat(session, messages, heart)


def walk(session: Session, *, stop_in: str | None = None) -> None:
    """Press what leads on: begin, answer, keep a word, finish."""
    view = session.view()
    if stop_in is not None and view.screen == "phase" and view.phase and view.phase.name == stop_in:
        session.act("stop", {})
        return
    presses: dict[str, tuple[str, dict[str, object]]] = {
        "connect": ("continue", {}),
        "plan": ("begin", {}),
        "rating": ("rate", {"answers": {prompt.id: 20 for prompt in view.prompts if prompt.kind == "slider"}}),
        "grounding": ("leave_grounding", {}),
        "reflect": ("not_today", {"text": "a word"}),
        "summary": ("continue", {}),
        "sharing": ("share", {"scope": "clinician"}),
        "closing": ("finish", {}),
    }
    if view.screen in presses and not (view.screen == "summary" and view.summary is None):
        session.act(*presses[view.screen])
