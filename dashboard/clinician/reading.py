"""From the store to the page's values: one review of one recording, kept while the recording cannot change."""

from __future__ import annotations

from dashboard.clinician.recording_values import RecordingView
from sessions.records import Asker
from sessions.service import Service


class Readings:
    def view(self, service: Service, asker: Asker, recording_id: str) -> RecordingView:
        raise NotImplementedError
