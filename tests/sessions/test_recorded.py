"""A stored recording told again: the same beats from the raw frames, or the stored ones, and it says which."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from acquisition.beats import Beat, BeatSource, Gap, Item, LinkChange, Marker, Notification, SampleChunk, Tick
from acquisition.formats import own, read
from acquisition.simulation import SimulatedSource
from sessions.recorded import recorded_source
from sessions.records import PhaseSpan, Rating, SessionMarker
from sessions.service import Service
from tests.sessions.keeping import STREAM, SYSTEM, heard, keep


def of_kind(items: tuple[Item, ...] | list[Item], *kinds: type) -> list[Item]:
    return [item for item in items if isinstance(item, kinds)]


@pytest.mark.parametrize("lost_at", [None, 20])
def test_beats_from_the_raw_frames_equal_the_stored_ones(service: Service, lost_at: int | None) -> None:
    """Beats, gaps and link changes come out of the frames as they did live, a lost link included."""
    items = heard(60, lost_at=lost_at)
    told = service.recording_file(SYSTEM, keep(service, items).recording_id)
    for kinds in ((Beat, Gap), (LinkChange,), (Notification,)):
        assert of_kind(told.items, *kinds) == of_kind(items, *kinds)
    assert "equal to the stored ones" in told.details["derived"]
    assert (len(told.gaps) == 1) is (lost_at is not None)


async def test_a_simulated_heart_with_faults_is_told_again_as_it_was(service: Service) -> None:
    """Ten simulated minutes go through the store and come out equal."""
    source = SimulatedSource(None, seed=3, speed=math.inf)
    items: list[Item] = []
    async for item in source:
        items.append(item)
        if isinstance(item, Tick) and item.time_s >= 600:
            break
    await source.aclose()
    told = service.recording_file(SYSTEM, keep(service, items).recording_id)
    assert len(told.beats) > 500
    assert of_kind(told.items, Beat, Gap) == of_kind(items, Beat, Gap)
    assert "equal to the stored ones" in told.details["derived"]


def test_a_tick_of_every_stream_comes_at_every_whole_second(service: Service) -> None:
    """Ticks are made again, up to the last moment recorded, silence at the end included."""
    items = [*heard(10), Tick(STREAM, 15.2)]
    told = service.recording_file(SYSTEM, keep(service, items).recording_id)
    assert [tick.time_s for tick in of_kind(told.items, Tick)] == [float(second) for second in range(1, 16)]


def test_frames_that_were_not_followed_by_their_beats_before_the_end_give_them_again(service: Service) -> None:
    """Killed between a frame and its beats, nothing is lost: the frame is there."""
    items = heard(30)
    last = max(number for number, item in enumerate(items) if isinstance(item, Notification))
    told = service.recording_file(SYSTEM, keep(service, items[: last + 1]).recording_id)
    assert of_kind(told.items, Beat) == of_kind(items, Beat)


def test_a_recording_begun_in_the_middle_of_a_stream_tells_its_stored_beats(service: Service) -> None:
    """The frames alone would number the beats anew; what was stored, and judged, is told, and it says so."""
    items = heard(60)[70:]
    told = service.recording_file(SYSTEM, keep(service, items).recording_id)
    assert of_kind(told.items, Beat) == of_kind(items, Beat)
    assert "as they were stored" in told.details["derived"]


def test_intervals_without_frames_are_told_as_they_were_stored(service: Service) -> None:
    """An imported RR file has no frames; its beats and gaps come back exactly."""
    beats: list[Item] = [Beat(STREAM, seq, (seq + 1) * 0.81, 810.0 + seq / 7) for seq in range(20)]
    items = [*beats[:10], Gap(STREAM, beats[9].time_s, 30.0, "missing in the file"), Beat(STREAM, 20, 31.0, 900.0)]
    told = service.recording_file(SYSTEM, keep(service, items).recording_id)
    assert of_kind(told.items, Beat, Gap) == items
    assert told.details == {}


def test_what_the_sitting_added_stands_among_the_items(service: Service) -> None:
    """Phases, ratings and notes are markers where they happened, and chunks of samples are there too."""
    samples = np.arange(6.0).reshape(2, 3)
    added = [
        PhaseSpan(0, "settle", "baseline", 2.0, 8.0),
        Rating(8.5, "settle", "suds", 20, "0-100"),
        SessionMarker(9.0, "note", "here"),
        SampleChunk("acc-1", 0, 9.5, "acc", 50.0, "mg", samples),
    ]
    told = service.recording_file(SYSTEM, keep(service, [*heard(10), *added]).recording_id)  # type: ignore[list-item]  # items of both kinds
    markers = of_kind(told.items, Marker)
    assert [(m.kind, m.time_s) for m in markers if isinstance(m, Marker)] == [
        ("phase", 2.0),
        ("rating", 8.5),
        ("marker", 9.0),
    ]
    assert isinstance(markers[0], Marker)
    assert markers[0].data["end_s"] == 8.0
    chunk = of_kind(told.items, SampleChunk)[0]
    assert isinstance(chunk, SampleChunk)
    assert np.array_equal(chunk.samples, samples)
    assert told.streams[:2] == (STREAM, "acc-1")


def test_written_to_our_own_file_and_read_again_it_is_the_same_recording(service: Service, tmp_path: Path) -> None:
    """A recording, its file, and what is read from the file hold equal items."""
    told = service.recording_file(SYSTEM, keep(service, heard(45, lost_at=12)).recording_id)
    path = tmp_path / "one.attune.jsonl"
    own.write(path, told.header, told.items)
    again = read(path)
    assert again.items == told.items
    assert again.started_at == told.started_at


async def test_a_stored_recording_is_a_source_like_any_other(service: Service) -> None:
    """It satisfies BeatSource and yields its items in order."""
    told = service.recording_file(SYSTEM, keep(service, heard(20)).recording_id)
    source = recorded_source(told)
    assert isinstance(source, BeatSource)
    assert tuple([item async for item in source]) == told.items
    assert source.info.delay_s == 2.6
