"""Reviews for pages: read apart, and kept while the recording does not change. Loads nothing of what reading needs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from dashboard.apart import Apart
from sessions.kept import StoredRecording
from sessions.records import Asker
from sessions.service import Service

if TYPE_CHECKING:
    from dashboard.clinician.recording_values import RecordingView

KEPT = 8
"""Reviews kept in memory: a clinician goes back and forth between a few."""


class Readings:
    """Reviews by recording, read again as soon as anything about the recording has changed.

    Read ``apart``, or in this process without it.
    """

    def __init__(self, apart: Apart | None = None) -> None:
        self._apart = apart
        self._kept: OrderedDict[str, tuple[StoredRecording, RecordingView]] = OrderedDict()
        self._lock = threading.Lock()

    def view(self, service: Service, asker: Asker, recording_id: str) -> RecordingView:
        """The page's values as this asker may see them. Takes seconds for a long recording: not on an event loop.

        Raises BadInput when the asker knows of no such recording, EnvironmentFault when reading broke off.
        """
        stored = service.recording(asker, recording_id)
        key = stored.summary.id
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] == stored:
                self._kept.move_to_end(key)
                return kept[1]
        view = read(service, asker, key) if self._apart is None else self._apart.ask(read, asker, key)
        if stored.summary.state != "open":
            with self._lock:
                self._kept[key] = stored, view
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return view


def read(service: Service, asker: Asker, recording_id: str) -> RecordingView:
    """One review, worked out now, wherever this runs."""
    from dashboard.clinician import reading

    return reading.read(service, asker, recording_id)
