"""What is recorded goes out over Lab Streaming Layer: the same intervals at the same moments, and nobody's words."""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from acquisition import lsl_inlet
from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification, Tick
from acquisition.formats.xdf import NAMED
from acquisition.lsl_inlet import LslSource
from acquisition.simulated_faults import Faults
from acquisition.simulated_strap import SimulatedStrap
from processing.pipeline import LivePipeline, SecondUpdate
from processing.thresholds import LIVE_NAMES
from sessions import lsl_outlets
from sessions.lsl_outlets import LslOutlets, Sending, marker_of
from sessions.records import PhaseKind, PhaseSpan, Rating, RecordingMeta, SessionMarker
from sessions.service import Service
from tests.sessions.keeping import STREAM, SYSTEM, heard, keep, meta

AHEAD_S = 100.0
FEW = 32
SECRET = "I called my sister"


def calm(seconds: int) -> list[Item]:
    """A simulated strap without faults."""
    strap = SimulatedStrap(3, faults=Faults())
    return [item for _ in range(seconds) for item in strap.next_second()]


class Outlet:
    """One that remembers; a test may hold it up."""

    def __init__(self, *_: object) -> None:
        self.sent: list[tuple[list[Any], float]] = []
        self.open = threading.Event()
        self.open.set()

    def push_sample(self, values: list[Any], stamp: float) -> None:
        self.open.wait(30)
        self.sent.append((values, stamp))

    @property
    def texts(self) -> list[str]:
        return [values[0] for values, _ in self.sent]


def outlets() -> dict[str, Any]:
    return {STREAM: Outlet(), "markers": Outlet(), "numbers": Outlet()}


def sent(items: list[Any], how: RecordingMeta | None = None) -> dict[str, Any]:
    """What goes out of these items."""
    out = outlets()
    sending = Sending(how or meta(), out, AHEAD_S)
    for item in items:
        sending.send(item)
    sending.end()
    return out


def test_each_interval_goes_out_once_stamped_with_its_end_on_this_machines_clock() -> None:
    """A frame's arrival says when the recording's 0 was, to the nanosecond."""
    items = heard(60)
    beats = [item for item in items if isinstance(item, Beat)]
    frame = next(item for item in items if isinstance(item, Notification))
    zero_s = frame.arrival_ns / 1e9 - frame.time_s
    out = sent(items)
    assert [values for values, _ in out[STREAM].sent] == [[beat.rr_ms] for beat in beats]
    assert [stamp for _, stamp in out[STREAM].sent] == [
        pytest.approx(AHEAD_S + zero_s + beat.time_s, abs=1e-6) for beat in beats
    ]


def test_a_simulated_heart_goes_by_the_recordings_own_beginning_and_speed() -> None:
    """Its frames were never on this machine's clock."""
    how = replace(meta(source="simulation: x"), origin_ns=50_000_000_000, details={"speed": "4"})
    out = sent([Notification(STREAM, 1.0, 5, b""), Beat(STREAM, 0, 8.0, 900.0)], how)
    assert out[STREAM].sent == [([900.0], AHEAD_S + 50.0 + 2.0)]


def test_the_numbers_are_those_of_the_live_pipeline_and_withheld_ones_are_no_number() -> None:
    """One row a second, in the order of its labels."""
    items = calm(40)
    pipeline, rows = LivePipeline(STREAM, 2.6), []
    for item in items:
        rows += [u.indices for u in pipeline.feed(item) if isinstance(u, SecondUpdate)]
    out = sent(items)["numbers"].sent
    assert len(out) == 40
    assert [[None if math.isnan(v) else v for v in values] for values, _ in out] == [
        [row[name].value for name in LIVE_NAMES] for row in rows
    ]
    assert math.isnan(out[0][0][0])
    assert out[-1][0][0] > 30


def span(kind: PhaseKind, start_s: float, end_s: float | None = None) -> PhaseSpan:
    return PhaseSpan(0, kind, kind, start_s, end_s)


@pytest.mark.parametrize(
    ("spans", "counted"),
    [
        ([], True),
        ([span("baseline", 0.0)], True),
        ([span("baseline", 0.0), span("pause", 1.0)], False),
        ([span("baseline", 0.0), span("pause", 1.0), span("pause", 1.0, 2.0)], True),
        ([span("baseline", 0.0), span("baseline", 0.0, 2.0)], False),
        ([span("baseline", 0.0), span("baseline", 0.0, 2.0), span("rating", 2.0), span("rating", 2.0, 3.0)], False),
        ([span("baseline", 0.0, 2.0), span("stressor", 2.0)], True),
    ],
)
def test_numbers_are_of_the_parts_of_the_script_alone(spans: list[PhaseSpan], counted: bool) -> None:
    """Pauses and questions lie outside, as they do on the page."""
    items: list[Any] = [*spans, *(item for item in calm(20) if item.time_s > 3.0)]
    assert math.isnan(sent(items)["numbers"].sent[-1][0][0]) is not counted


def test_markers_tell_parts_answers_and_the_link() -> None:
    """With the recording's beginning, the sensor's delay, and the end."""
    items: list[Any] = [
        span("baseline", 0.0),
        LinkChange(STREAM, 1.0, LinkState.LOST, "out of reach"),
        Gap(STREAM, 1.0, 9.5, "link lost"),
        span("baseline", 0.0, 12.0),
        Rating(13.0, "baseline", "suds", 35, "0-100"),
        SessionMarker(14.0, "time_out"),
        Tick(STREAM, 15.0),
    ]
    out = sent(items)["markers"]
    assert out.texts == [
        *("begin", "sensor delay 2.6 s", "phase baseline", "link lost", "gap 8.5 s link lost", "phase baseline over"),
        *("rating suds 35", "marker time_out", "end"),
    ]
    zero_s = AHEAD_S + (meta().origin_ns or 0) / 1e9
    assert [round(stamp - zero_s, 6) for _, stamp in out.sent] == [0, 0, 0, 1, 9.5, 12, 13, 14, 15]


@pytest.mark.parametrize(
    "item",
    [
        Rating(1.0, "reflect", "keep", SECRET, "text"),
        Rating(1.0, "reflect", "words", [SECRET]),
        SessionMarker(1.0, "keep", SECRET, {"text": SECRET}),
    ],
)
def test_what_a_person_wrote_is_never_sent(item: Any) -> None:
    """That it was written is."""
    marked = marker_of(item)
    assert marked is not None
    assert SECRET not in marked[1]


def test_our_own_reader_takes_the_stream_of_a_recorder_for_intervals() -> None:
    """By the name and type under which it is sent."""
    names: list[str] = []

    class Library:
        class StreamInfo:
            def __init__(self, name: str, kind: str, channels: int, rate: int, *_: str) -> None:
                assert rate == 0
                names.extend([f"{name} ({kind})"] if channels == 1 and NAMED.search(f"{name} ({kind})") else [])

            def set_channel_labels(self, labels: list[str]) -> None: ...

            def set_channel_units(self, units: list[str]) -> None: ...

        StreamOutlet = Outlet

    assert set(lsl_outlets._open(Library, (STREAM, "heart-2"))) == {STREAM, "heart-2", "markers", "numbers"}
    assert names == [f"Attunement RR {STREAM} (RR)", "Attunement RR heart-2 (RR)"]


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Outlets of a library that does not come back."""
    made = outlets()
    monkeypatch.setattr(lsl_outlets, "library", lambda *, network: None)
    monkeypatch.setattr(lsl_outlets, "open_here", lambda make: made)
    monkeypatch.setattr(lsl_outlets, "clock_ahead_s", lambda pylsl: 0.0)
    for outlet in made.values():
        outlet.open.clear()
    yield made
    for outlet in made.values():
        outlet.open.set()


def test_a_library_that_hangs_holds_up_nothing_and_what_was_not_sent_is_counted(
    service: Service, stuck: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every beat is in the recording; the oldest that waited are gone from the row alone."""
    monkeypatch.setattr(lsl_outlets, "MOST_WAITING", FEW)
    sender = LslOutlets()
    service.followers.add(sender)
    items = heard(60)
    recorder = keep(service, items)
    assert service.recordings(SYSTEM)[0].beats == sum(isinstance(item, Beat) for item in items)
    assert sender.dropped >= len(items) - FEW - 2
    for outlet in stuck.values():
        outlet.open.set()
    while sender.waiting:
        time.sleep(0.01)
    sender.close()
    assert stuck["markers"].texts[-1] == "end"
    assert recorder.closed


def test_a_second_recording_beside_the_first_is_not_mixed_into_it(service: Service, stuck: dict[str, Any]) -> None:
    """The one that began first is sent to its end; the next one after it is sent again."""
    for outlet in stuck.values():
        outlet.open.set()
    sender = LslOutlets()
    service.followers.add(sender)
    first, second = (service.start_recording(SYSTEM, meta()) for _ in range(2))
    second.put(Beat(STREAM, 0, 1.0, 777.0))
    first.put(Beat(STREAM, 0, 1.0, 888.0))
    second.close()
    first.close()
    keep(service, [Beat(STREAM, 0, 1.0, 999.0)])
    sender.close()
    assert [values for values, _ in stuck[STREAM].sent] == [[888.0], [999.0]]


@pytest.mark.xdist_group("lsl")
async def test_another_program_receives_what_is_recorded(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the real library: its beats are those of the recording, each at its moment; markers arrive beside them."""
    pylsl = pytest.importorskip("pylsl", reason="the extra lsl is not installed", exc_type=ImportError)
    if sys.platform != "linux":
        pytest.skip("outlets stay closed here")
    monkeypatch.setattr(lsl_inlet, "SEARCH_S", 0.7)
    sender = LslOutlets()
    service.followers.add(sender)
    source = LslSource(f"attunement-rr-{STREAM}")
    got: list[Beat] = []
    items = calm(30)
    beats = [item for item in items if isinstance(item, Beat)]

    async def listen() -> None:
        async for item in source:
            got.extend([item] if isinstance(item, Beat) else [])
            if len(got) == len(beats):
                await source.aclose()

    async with asyncio.timeout(30):
        listening = asyncio.create_task(listen())
        (info,) = pylsl.resolve_byprop("source_id", "attunement-markers", timeout=10.0)
        markers = pylsl.StreamInlet(info)
        markers.open_stream(5.0)
        while not sender._outlets[STREAM].have_consumers():
            await asyncio.sleep(0.01)
        keep(service, items)
        await listening
    texts, _ = markers.pull_chunk(timeout=2.0)
    sender.close()
    assert [beat.rr_ms for beat in got] == [beat.rr_ms for beat in beats]
    origin_s = (source.info.origin_ns or 0) / 1e9
    zero_s = [beat.time_s + origin_s - true.time_s for beat, true in zip(got, beats, strict=True)]
    assert max(zero_s) - min(zero_s) <= 0.002
    assert texts[0] == ["begin"]
