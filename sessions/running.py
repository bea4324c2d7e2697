"""A sitting from Begin to its end: each item is heard, judged, kept, and told to the page as far as the part allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from acquisition.beats import Item, LinkState, Marker, SourceInfo, Tick
from processing.pipeline import LivePipeline, SecondUpdate
from processing.quiet_alert import Second
from processing.values import IndexValue
from sessions.conductor import Conductor
from sessions.heart_watch import SPOKEN
from sessions.keeping import Keeping
from sessions.messages import LiveFeed, Message
from sessions.own_breath import OwnBreath
from sessions.presence import CLOSES_AFTER_S, Watch
from sessions.recorder import Recorder
from sessions.records import PhaseSpan, SessionRecord, SettingsRecord
from sessions.signal_watch import SignalWatch
from sessions.tap import AWAY, Tap

FRESH_S = 2.0
"""Numbers come once a second; older ones are no word of the heart as it is now."""


class Running:
    """Time on the recording's clock, from 0 at Begin: the source's item at ``zero_s`` was the last one before."""

    def __init__(
        self,
        conductor: Conductor,
        *,
        recorder: Recorder,
        info: SourceInfo,
        zero_s: float,
        signal: SignalWatch,
        watch: Watch,
        publish: Callable[[Message], None],
    ) -> None:
        self._pipeline = LivePipeline(info.streams[0], info.delay_s)
        self.keeping = Keeping(recorder, self._pipeline)
        self.now_s = 0.0
        self.pressed_s = 0.0
        """When the person did something last."""
        self._conductor = conductor
        self._tap = Tap(info.streams, zero_s)
        self._signal = signal
        self._watch = watch
        self._publish = publish
        self._feed = LiveFeed()
        self._away = False
        self._heart_ended = False
        self._numbers: Mapping[str, IndexValue] | None = None
        self._numbers_s = 0.0
        self._own_breath: tuple[int, OwnBreath] | None = None
        """Breath of the last baseline, and that part's place in the script."""

    @property
    def storing(self) -> bool:
        """Heartbeats are being kept now."""
        return self._conductor.heart_recorded and not self._away

    def begin(self, consent: SessionRecord | None, settings: SettingsRecord) -> None:
        """The recording's first entries: consent, settings, what is known of the sensor, and where its link stands."""
        self.keeping.records([record for record in (consent, settings) if record is not None])
        self._signal.restart(0.0)
        self._conductor.begin(0.0)
        for item in self._tap.begin(self._signal.facts):
            self._take(item)
        state = self._signal.state
        if state is not None:
            self._link(state, self._signal.reason)
        self.settle()

    def hear(self, item: Item) -> bool:
        """Take an item of the source; True when a second has passed with it."""
        ticked = isinstance(item, Tick)
        if not self._away:
            for heard in self._tap.feed(item):
                self._take(heard)
        if ticked:
            self.now_s = max(self.now_s, self._tap.time_of(item))
            self._second()
        return ticked

    def lost(self, reason: str | None) -> None:
        """The source has ended by itself."""
        self._link(LinkState.LOST, reason)

    def shift(self, zero_s: float) -> None:
        """Another source goes on."""
        self._tap.shift(zero_s)

    def settle(self) -> None:
        """Keep and follow what the conductor has written since the last call."""
        records = self._conductor.drain()
        self.keeping.records(records)
        for record in records:
            self._follow(record)
        if not self._conductor.heart_recorded and not self._heart_ended:
            self._heart_ended = True
            self.keeping.last_verdicts()
        conductor = self._conductor
        if conductor.screen == "phase" and conductor.panel is None:
            self._pipeline.resume(self.now_s)
        else:
            self._pipeline.pause(self.now_s)

    def numbers(self) -> Message | None:
        """Numbers for the page, where they are asked for and the part shows the heart."""
        conductor = self._conductor
        if not (conductor.numbers_shown and conductor.heart_shown) or self._numbers is None:
            return None
        return self._feed.numbers(self._numbers, self.now_s)

    def came_back(self) -> None:
        """A page is open again: storing goes on; the panel waits for a press."""
        if self._away:
            self._away = False
            self._link(LinkState.STREAMING, None)

    def _take(self, item: Item) -> None:
        """An item on the recording's clock. Markers of a recording told again belong to another sitting."""
        self._signal.feed(item)
        if self._heart_ended or isinstance(item, Marker):
            return
        self.keeping.item(item)
        shown = self._conductor.heart_shown
        for update in self._pipeline.feed(item):
            if isinstance(update, SecondUpdate):
                self._numbers, self._numbers_s = update.indices, update.time_s
            message = self._feed.of(update, shown=shown)
            if message is not None:
                self._publish(message)
        self.keeping.verdicts()

    def _second(self) -> None:
        presence = self._watch.at(self.now_s)
        if presence == "given_up":
            self._conductor.abandon(self.now_s)
        elif self._heart_ended and self.now_s - self.pressed_s > CLOSES_AFTER_S * self._watch.factor:
            self._conductor.abandon(self.now_s, "left open")
        elif presence == "away" and not self._away:
            self._conductor.tick(self.now_s)
            self._conductor.away(self.now_s)
            self._link(LinkState.LOST, AWAY)
            self._away = True
        elif not self._away:
            self._conductor.signal(self._signal.arriving, self._signal.silent_since_s)
            self._meet_own_breath()
            self._conductor.tick(self.now_s)
            self._conductor.heard(self._heart_now())
        self.settle()

    def _heart_now(self) -> Second:
        """The heart rate of this second; none where the numbers are those of a source that has gone."""
        if self._numbers is None or self._numbers_s < self.now_s - FRESH_S:
            return Second(self.now_s, None, 0.0)
        return Second.of(self.now_s, self._numbers["mean_hr_bpm"])

    def _meet_own_breath(self) -> None:
        """A guide will start at the rate that the baseline shows; known before the baseline ends."""
        conductor, numbers = self._conductor, self._numbers
        phase = conductor.phase
        if numbers is None or phase is None or phase.kind != "baseline" or conductor.screen != "phase":
            return
        if self._own_breath is None or self._own_breath[0] != conductor.index:
            self._own_breath = conductor.index, OwnBreath()
        if conductor.panel is None:
            self._own_breath[1].hear(numbers["breathing_rate_bpm"], numbers["breathing_confidence"])
        conductor.own_rate_bpm = self._own_breath[1].rate_bpm

    def _link(self, state: LinkState, reason: str | None) -> None:
        for item in self._tap.link(state, reason, self.now_s):
            self._take(item)

    def _follow(self, record: SessionRecord) -> None:
        """The live numbers know of the guide and of the own baseline."""
        if isinstance(record, SettingsRecord) and "pacer" in record.values:
            guide = self._conductor.guide
            self._pipeline.set_pacer(guide.plan if guide else None, guide.start_s if guide else 0.0)
        elif isinstance(record, PhaseSpan) and record.kind in ("baseline", "control") and record.end_s is not None:
            spoken = record.speech in SPOKEN
            if record.kind == "control" and not spoken:
                return
            found = self._pipeline.baseline_between(record.start_s, record.end_s, spoken=spoken)
            if found is not None:
                self._conductor.rests(found)
            if found is not None and record.kind == "baseline":
                self._pipeline.set_baseline(found)
