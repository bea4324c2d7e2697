"""What a recorded sitting did to its live numbers, done again: the breath guide, and the time that lay outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from acquisition.formats.recording_file import RecordingFile
from processing.pipeline import LivePipeline
from sessions.told import Told, told


@dataclass(frozen=True, slots=True)
class _Event:
    time_s: float
    happen: Callable[[LivePipeline], None]


class Sitting:
    """Guides and pauses of one recording, in order of time. Used once, forwards."""

    def __init__(self, what: Told) -> None:
        self._events = sorted(_events(what), key=lambda event: event.time_s)
        self._next = 0

    def until(self, time_s: float, pipeline: LivePipeline) -> None:
        """Let everything happen that had happened before ``time_s``."""
        while self._next < len(self._events) and self._events[self._next].time_s < time_s:
            self._events[self._next].happen(pipeline)
            self._next += 1


def sitting_of(recording: RecordingFile, end_s: float) -> Sitting:
    """The sitting that a recording tells of; one without any for plain intervals."""
    return Sitting(told(recording, end_s))


def _events(what: Told) -> Iterator[_Event]:
    followed = {guide.from_s for guide in what.paced}
    for guide in what.paced:
        yield _Event(guide.from_s, partial(LivePipeline.set_pacer, plan=guide.plan, start_s=guide.plan_start_s))
        if guide.to_s not in followed:
            yield _Event(guide.to_s, partial(LivePipeline.set_pacer, plan=None))
    for span in what.inserted:
        if span.end_s is not None:
            yield _Event(span.start_s, partial(LivePipeline.pause, time_s=span.start_s))
            yield _Event(span.end_s, partial(LivePipeline.resume, time_s=span.end_s))
