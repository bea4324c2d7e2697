"""What is kept of a sitting that an earlier run of the program began and did not end."""

from __future__ import annotations

from contextlib import suppress

from acquisition.errors import BadInput
from sessions.kept import RecordingSummary
from sessions.records import Asker
from sessions.service import Service

SYSTEM = Asker("system")


def kept_of(service: Service, session_id: str) -> RecordingSummary | None:
    """Its recording, or None. The person's own page asks, and may know of it whatever was shared."""
    for recording_id in service.recovered_at_start:
        with suppress(BadInput):  # it may have been deleted since
            stored = service.recording(SYSTEM, recording_id)
            if stored.meta.details.get("session") == session_id:
                return stored.summary
    return None
