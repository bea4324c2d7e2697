"""Who listens to what is recorded, beside the recorder and never in its way."""

from __future__ import annotations

import logging

import pytest

from sessions.records import RecordingMeta, SessionMarker
from sessions.service import Service
from sessions.store.batch import Kept
from tests.sessions.keeping import SYSTEM, heard, meta


class Ear:
    """Remembers what it was told; fails from a given item on."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.told: list[object] = []
        self._fails_at = fails_at

    def begin(self, recording_id: str, meta: RecordingMeta) -> None:
        self.told.append((recording_id, meta))

    def hear(self, recording_id: str, item: Kept) -> None:
        if len(self.told) == self._fails_at:
            raise ValueError("an ear that hurts")
        self.told.append(item)

    def end(self, recording_id: str) -> None:
        self.told.append(recording_id)


def test_a_follower_is_told_everything_in_the_order_in_which_it_was_put(service: Service) -> None:
    """Beginning, each item, and one end however often it is closed."""
    ear = Ear()
    service.followers.add(ear)
    recorder = service.start_recording(SYSTEM, meta())
    items = [*heard(5), SessionMarker(5.0, "note")]
    for item in items:
        recorder.put(item)
    recorder.close()
    recorder.close()
    assert ear.told == [(recorder.recording_id, meta()), *items, recorder.recording_id]


def test_a_follower_that_fails_hears_no_more_and_harms_nobody(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """The recording is whole, the other one hears on, and the log says what happened."""
    hurts, hears = Ear(fails_at=3), Ear()
    service.followers.add(hurts)
    service.followers.add(hears)
    recorder = service.start_recording(SYSTEM, meta())
    items = heard(5)
    with caplog.at_level(logging.ERROR):
        for item in items:
            recorder.put(item)
    recorder.close()
    assert len(hurts.told) == 3
    assert hears.told[1:-1] == items
    assert "an ear that hurts" in caplog.text
    assert service.recordings(SYSTEM)[0].beats == len([item for item in items if type(item).__name__ == "Beat"])
