"""What of a sitting goes into its recording: items, records and confirmed verdicts, from Begin to the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from acquisition.beats import Item, SourceInfo
from acquisition.clock import NS_PER_S, Anchor
from acquisition.errors import EnvironmentFault
from processing.pipeline import LivePipeline
from sessions.exercise import Exercise
from sessions.recorder import Recorder
from sessions.records import RecordingMeta, SessionRecord, SettingsRecord

log = logging.getLogger("attunement.session")

LIVE = ("sensor", "browser")
"""Kinds of sources whose origin is a reading of this machine's clock."""


class Keeping:
    """One recording being written, and how far its verdicts are kept."""

    def __init__(self, recorder: Recorder, pipeline: LivePipeline) -> None:
        self._recorder = recorder
        self._pipeline = pipeline
        self._judged = 0
        self._closed = False

    @property
    def recording_id(self) -> str:
        """The recording's id."""
        return self._recorder.recording_id

    @property
    def failing(self) -> bool:
        """Nothing can be written at the moment."""
        return self._recorder.error is not None

    def item(self, item: Item) -> None:
        """Keep an item as it came."""
        self._recorder.put(item)

    def records(self, records: Iterable[SessionRecord]) -> None:
        """Keep what the sitting itself has to say."""
        for record in records:
            self._recorder.put(record)

    def verdicts(self) -> None:
        """Keep verdicts that have been confirmed since the last call."""
        for judgement in self._pipeline.judgements[self._judged :]:
            self._recorder.put(judgement)
        self._judged = len(self._pipeline.judgements)

    def last_verdicts(self) -> None:
        """No more beats are kept: settle the last ones with what is known."""
        self._pipeline.finish()
        self.verdicts()

    async def flush(self) -> None:
        """Wait until everything so far is on disk; what cannot be written is tried on."""
        try:
            await asyncio.to_thread(self._recorder.flush)
        except EnvironmentFault as fault:
            log.warning("the recording is not on disk yet: %s", fault.what)

    async def close(self) -> None:
        """End the recording whole; may be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.to_thread(self._recorder.close)
        except EnvironmentFault as fault:
            log.warning("the recording could not be ended: %s", fault.what)


def zero_of(info: SourceInfo, now: Anchor, zero_s: float) -> Anchor:
    """Time 0 of a recording that begins after the source's item at ``zero_s``: exact where the source goes by this
    machine's clock, so that it can be laid beside what other devices record; else now."""
    if info.kind not in LIVE or info.origin_ns is None or info.speed != 1.0:
        return now
    return now.at(info.origin_ns + round(zero_s * NS_PER_S))


def meta_of(
    info: SourceInfo, exercise: Exercise, begun: Anchor, *, client: str | None, simulated: bool, speed: float
) -> RecordingMeta:
    """What is known when a sitting's recording begins; ``begun`` is its time 0."""
    return RecordingMeta(
        source=f"{info.kind}: {info.name}",
        started_at=begun.wall,
        streams=info.streams,
        exercise=exercise.id,
        exercise_sha256=exercise.sha256,
        client=client,
        simulated=simulated,
        origin_ns=begun.monotonic_ns,
        delay_s=info.delay_s,
        details={**info.details, "speed": f"{speed:g}"},
    )


def settings_of(exercise: Exercise, speed: float) -> SettingsRecord:
    """The whole definition of the exercise, so that the sitting can be read again however the script changes."""
    script = {"id": exercise.id, "version": exercise.version, "definition": exercise.definition}
    return SettingsRecord(0.0, {"exercise": script, "speed": speed})
