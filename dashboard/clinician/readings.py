"""Reviews for pages: read apart, and kept while the recording does not change. Loads nothing of what reading needs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from dashboard.apart import Apart
from sessions.kept import RecordingSummary
from sessions.records import Asker
from sessions.service import Service

if TYPE_CHECKING:
    from dashboard.clinician.recording_values import InWords, RecordingView

T = TypeVar("T")

KEPT = 8
"""Reviews kept in memory: a clinician goes back and forth between a few."""


class Readings:
    """Reviews by recording, read again as soon as anything about the recording has changed.

    Read ``apart``, or in this process without it.
    """

    def __init__(self, apart: Apart | None = None) -> None:
        self._apart = apart
        self._views: _Kept[RecordingView] = _Kept()
        self._words: _Kept[InWords] = _Kept()

    def view(self, service: Service, asker: Asker, recording_id: str) -> RecordingView:
        """The page's values as this asker may see them. Takes seconds for a long recording: not on an event loop.

        Raises BadInput when the asker knows of no such recording, EnvironmentFault when reading broke off.
        """
        stored = service.recording(asker, recording_id)
        key, apart = stored.summary.id, self._apart
        return self._views.get(
            stored.summary, stored, lambda: read(service, asker, key) if apart is None else apart.ask(read, asker, key)
        )

    def in_words(self, service: Service, asker: Asker, recording_id: str) -> InWords:
        """Its sentences, each asked in all its ways; takes as long again. Raises as ``view`` does.

        They hang on the person's other recordings too, by their own band.
        """
        stored = service.recording(asker, recording_id)
        summary, apart = stored.summary, self._apart
        others = [one for one in service.recordings(asker) if one.client is not None and one.client == summary.client]
        return self._words.get(
            summary,
            (stored, others),
            lambda: words(service, asker, summary.id) if apart is None else apart.ask(words, asker, summary.id),
        )


class _Kept(Generic[T]):
    """The last few answers, each as long as its recording does not change."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[object, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, summary: RecordingSummary, state: object, ask: Callable[[], T]) -> T:
        """The answer about this recording, asked again when ``state`` differs; of one still being recorded none is
        kept."""
        key = summary.id
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None and kept[0] == state:
                self._answers.move_to_end(key)
                return kept[1]
        answer = ask()
        if summary.state != "open":
            with self._lock:
                self._answers[key] = state, answer
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
        return answer


def read(service: Service, asker: Asker, recording_id: str) -> RecordingView:
    """One review, worked out now, wherever this runs."""
    from dashboard.clinician import reading

    return reading.read(service, asker, recording_id)


def words(service: Service, asker: Asker, recording_id: str) -> InWords:
    """Its sentences, worked out now, wherever this runs."""
    from dashboard.clinician import reading

    return reading.read_words(service, asker, recording_id)
