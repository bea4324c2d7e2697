"""One sitting: source, conductor, recorder and page joined; the one mutable object of the project."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial

from acquisition.beats import BeatSource, Item, Tick
from acquisition.clock import Anchor, ReadNs, monotonic_ns
from acquisition.errors import BadInput, EnvironmentFault
from acquisition.silence import SilentSource
from sessions import words
from sessions.conductor import Conductor
from sessions.entering import Doorway, Scan, SourceChoice, SourceFactory, Strap
from sessions.exercise import Exercise
from sessions.keeping import meta_of, settings_of, zero_of
from sessions.ladder import admitted, begin_recording
from sessions.listener import Listener
from sessions.messages import tick
from sessions.presence import Watch
from sessions.records import Asker
from sessions.running import Running
from sessions.service import Service
from sessions.session_view import Sitting, session_view
from sessions.summary import Summarise, summary_of, worked_out
from sessions.view import SessionView, SummaryView

__all__ = ["Publish", "Scan", "Session", "SourceChoice", "SourceFactory", "Strap"]

Publish = Callable[[dict[str, object]], None]
"""Takes one JSON-ready message for the page, on the session's loop."""

FASTEST_SHOWN = 1000.0
"""Speed that a page is told when the source runs as fast as it can; JSON has no infinity."""
NS_PER_MS = 1_000_000


class Session:
    """A sitting by its id. ``run`` conducts it; every other method is called on the same loop.

    ``choice`` is the source to begin with; without one a real person chooses a strap on the page. A ``simulated``
    sitting (demo, replay of a file) needs no consent. Sittings of real people are recorded from Begin, after consent.
    """

    def __init__(
        self,
        session_id: str,
        exercise: Exercise,
        *,
        service: Service,
        asker: Asker,
        source_factory: SourceFactory,
        publish: Publish,
        scan: Scan | None = None,
        choice: SourceChoice | None = None,
        simulated: bool = False,
        speed: float = 1.0,
        client: str | None = None,
        anchor: Callable[[], Anchor] = Anchor.now,
        clock: ReadNs = monotonic_ns,
        summarise: Summarise | None = None,
    ) -> None:
        self.id = session_id
        self.exercise = admitted(exercise, service, client, simulated=simulated)
        self._service, self._asker, self._client = service, asker, client
        self._publish, self._anchor, self._clock = publish, anchor, clock
        self._summarise, self._simulated = summarise or partial(summary_of, service, asker), simulated
        self._speed = min(speed, FASTEST_SHOWN)
        self._silent_speed = speed
        self._conductor = Conductor(exercise)
        self._watch = Watch(self._speed)
        self._listener = Listener(self._heard, self._source_ended, self._broke)
        self._door = Doorway(
            service=service,
            asker=asker,
            listener=self._listener,
            make_source=source_factory,
            scan=scan,
            choice=choice or (SourceChoice() if simulated else None),
            simulated=simulated,
            silent_speed=speed,
            anchor=anchor,
            changed=self._changed,
        )
        self._running: Running | None = None
        self._summary: SummaryView | None = None
        self._told: SessionView | None = None
        self._shared: str | None = None
        self._summarising: asyncio.Task[None] | None = None
        self._zero_s = 0.0
        self._over = asyncio.Event()
        self._broken: BaseException | None = None
        self._closed = False

    @property
    def recording_id(self) -> str | None:
        """The recording's id from Begin on, else None."""
        return self._running.keeping.recording_id if self._running is not None else None

    @property
    def ended(self) -> bool:
        """The sitting is over."""
        return self._conductor.ended

    async def run(self) -> None:
        """Conduct the sitting from the first page to the closed recording, which is closed whatever happens."""
        try:
            self._door.arrive()
            self._changed()
            await self._over.wait()
            if self._broken is not None:
                raise self._broken
        finally:
            await self.aclose()

    def act(self, action: str, data: Mapping[str, object], time_s: float | None = None) -> None:
        """Do what the page asks; a press without a place now does nothing.

        ``time_s`` is when it was pressed, else the time of the last item. Raises ValueError for unusable data, and
        then nothing has changed.
        """
        if self.ended:
            return
        try:
            if self._running is not None:
                now_s = self._running.now_s if time_s is None else max(time_s, self._running.now_s)
                self._conductor.act(action, data, now_s)
                self._running.pressed_s = now_s
                if action == "try_again" and isinstance(self._listener.source, SilentSource):
                    again = self._door.again()
                    if again is not None:
                        self._go_on_with(self._running, again)
                self._share()
            else:
                self._before(action, data)
        except BadInput as refused:
            raise ValueError(str(refused)) from refused
        self._changed()

    def view(self) -> SessionView:
        """What the client's page must show now."""
        return self._told if self._told is not None else self._look(0)

    def page_seen(self, page_id: str = "") -> None:
        """A page is open on this sitting."""
        another = self._watch.seen(page_id)
        if self._running is not None and not self.ended:
            self._running.came_back()
            if another:
                self._conductor.reentered(self._running.now_s)
            self._changed()

    def page_gone(self, page_id: str = "") -> None:
        """That page has closed or lost touch."""
        self._watch.gone(page_id, self._running.now_s if self._running is not None else self._listener.now_s)

    async def aclose(self) -> None:
        """End whole: the source let go, the recording closed. May be called twice."""
        if self._closed:
            return
        self._closed = True
        running = self._running
        if not self.ended:
            self._conductor.abandon(running.now_s if running is not None else 0.0, "program ended")
        if running is not None:
            running.settle()
        await self._door.aclose()
        await self._listener.aclose()
        if self._summarising is not None:
            await asyncio.gather(self._summarising, return_exceptions=True)
        if running is not None:
            await running.keeping.close()
        self._tell_view()
        self._over.set()

    def _before(self, action: str, data: Mapping[str, object]) -> None:
        """Presses before Begin, and Begin."""
        if action == "stop":
            self._conductor.stop(0.0)
        elif action == "begin" and self._door.may_begin:
            self._begin()
        else:
            self._door.act(action, data)

    def _begin(self) -> None:
        info = self._listener.info
        if info is None:
            return
        zero_s = self._listener.now_s - self._listener.offset_s
        begun = zero_of(info, self._anchor(), zero_s)
        meta = meta_of(info, self.exercise, begun, client=self._client, simulated=self._simulated, speed=self._speed)
        try:
            named = replace(meta, details={**meta.details, "session": self.id})
            recorder = begin_recording(self._service, self._asker, named, self.exercise)
        except EnvironmentFault as fault:
            self._door.refused(str(fault))
            return
        self._running = Running(
            self._conductor,
            recorder=recorder,
            info=info,
            zero_s=zero_s,
            signal=self._door.signal,
            watch=self._watch,
            publish=self._publish,
        )
        self._zero_s = self._listener.now_s
        if not self._door.with_sensor:
            self._conductor.without_sensor(0.0)
        self._running.begin(self._door.consent, settings_of(self.exercise, self._speed))

    def _heard(self, item: Item) -> None:
        if self._closed:
            return
        running = self._running
        if running is None:
            self._door.hear(item)
            if isinstance(item, Tick):
                if self._watch.at(self._listener.now_s) == "given_up":
                    self._conductor.abandon(self._listener.now_s)
                self._changed()
        elif running.hear(item):
            self._changed()
            self._tell_second(running)

    def _broke(self, error: BaseException) -> None:
        """Something that nobody foresaw: the sitting ends whole, and ``run`` raises it."""
        self._broken = error
        self._over.set()

    def _source_ended(self, reason: str | None) -> None:
        """No source ends a sitting: time goes on without one."""
        if self._running is not None:
            self._running.lost(reason)
            self._go_on_with(self._running, SilentSource(self._silent_speed))
        else:
            self._door.ended(reason)
        self._changed()

    def _go_on_with(self, running: Running, source: BeatSource) -> None:
        self._listener.open(source)
        running.shift(self._zero_s - self._listener.offset_s)

    def _changed(self) -> None:
        """Keep what has happened, follow it, and tell the page when it looks different."""
        running = self._running
        if running is not None:
            running.settle()
            self._listener.respond(self._conductor.stimulus(running.now_s))
            if self._conductor.screen == "summary":
                self._summarising = self._summarising or asyncio.create_task(self._work_out_summary(running))
        self._tell_view()
        if self.ended:
            self._over.set()

    def _tell_view(self) -> None:
        version = self._told.version if self._told is not None else 0
        if self._told is None or self._look(version) != self._told:
            self._told = self._look(version + 1)
            self._publish({"k": "view", "view": asdict(self._told)})

    def _look(self, version: int) -> SessionView:
        running, conductor = self._running, self._conductor
        failing = running is not None and running.keeping.failing
        done = running is not None and not conductor.heart_recorded
        info = self._listener.info
        with_sensor = conductor.with_sensor and self._door.with_sensor
        sitting = Sitting(
            session_id=self.id,
            version=version,
            sensor=self._door.signal.view(with_sensor=with_sensor, done=done, delay_s=info.delay_s if info else 0.0),
            simulated=self._simulated,
            speed=self._speed,
            recording=running is not None and running.storing and not failing,
            entrance=self._door.entrance,
        )
        view = session_view(conductor, sitting, running.now_s if running is not None else 0.0)
        if failing:
            view = replace(view, notice=words.NOT_KEPT)
        return replace(view, summary=self._summary, recording_id=self.recording_id)

    def _tell_second(self, running: Running) -> None:
        now_s = running.now_s
        elapsed, left = self._conductor.progress(now_s)
        server_ms = self._clock() / NS_PER_MS
        self._publish(tick(now_s, server_ms, self._speed, elapsed, left, self.view().sensor.word))
        numbers = running.numbers()
        if numbers is not None:
            self._publish(numbers)

    def _share(self) -> None:
        scope, recording = self._conductor.scope, self.recording_id
        if scope is not None and scope != self._shared and recording is not None:
            self._shared = scope
            self._service.set_visibility(self._asker, recording, scope)

    async def _work_out_summary(self, running: Running) -> None:
        await running.keeping.flush()
        self._summary = await worked_out(self._summarise, running.keeping.recording_id)
        self._tell_view()
