"""From frames of samples to chunks of a second, pulse intervals and gaps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, SampleChunk
from acquisition.polar_stream import CLOCK_GAP, CONTACT_GAP, HOLE_GAP, LINK_GAP, MOVED_GAP, PolarStream
from tests.bluetooth.polar_frames import acc_frame, ecg_frame, ppi_frame

FRAME, RATE_HZ, DEVICE_S = 73, 131.3, 599_616_000.0
"""Samples a frame; a true rate 1 % off the nominal one; a sensor whose clock stands in 2019."""


def ecg(
    seconds: float, *, radio: Random | None = None, first: int = 0, device_s: float = DEVICE_S
) -> list[tuple[float, bytes]]:
    """Frames with their arrival; each sample's value is its own number."""
    found = []
    for k in range(int(seconds * RATE_HZ / FRAME)):
        numbers = range(first + k * FRAME, first + (k + 1) * FRAME)
        made_s = numbers[-1] / RATE_HZ
        delay_s = radio.expovariate(50) if radio else 0.0
        found.append((10 + made_s + delay_s, ecg_frame(round((device_s + made_s) * 1e9), list(numbers))))
    return found


def feed(frames: Iterable[tuple[float, bytes]], stream: PolarStream | None = None) -> list[Item]:
    stream = stream or PolarStream("heart-2")
    return [item for arrival_s, data in frames for item in stream.feed(arrival_s, data)]


def chunks(items: Iterable[Item]) -> list[SampleChunk]:
    return [item for item in items if isinstance(item, SampleChunk)]


def gaps(items: Iterable[Item]) -> list[Gap]:
    return [item for item in items if isinstance(item, Gap)]


def test_every_sample_comes_once_and_in_order_in_chunks_of_about_a_second() -> None:
    """On a stream of its own that carries the person's number."""
    found = chunks(feed(ecg(60)))
    numbers = np.concatenate([chunk.samples for chunk in found])
    assert numbers.tolist() == list(range(len(numbers)))
    assert [chunk.seq for chunk in found] == list(range(len(found)))
    assert {(chunk.stream, chunk.kind, chunk.unit) for chunk in found} == {("ecg-2", "ecg", "uV")}
    assert all(1.0 <= len(chunk.samples) / chunk.sampling_rate_hz < 1.0 + FRAME / RATE_HZ for chunk in found)


def test_samples_lie_on_our_clock_and_the_rate_is_the_true_one() -> None:
    """Whatever year the sensor believes in, and though the radio is late now and then."""
    for chunk in chunks(feed(ecg(60, radio=Random(1))))[3:]:
        assert chunk.sampling_rate_hz == pytest.approx(RATE_HZ, rel=1e-4)
        assert chunk.time_s == pytest.approx(10 + chunk.samples[-1] / RATE_HZ, abs=0.025)


def test_time_never_runs_back() -> None:
    """Neither between chunks nor over a gap."""
    frames = [*ecg(20, radio=Random(2)), *ecg(20, first=4000, radio=Random(3))]
    times = [chunk.time_s for chunk in chunks(feed(frames))]
    assert all(a < b for a, b in pairwise(times))


def test_lost_frames_are_a_gap_and_no_sample_is_moved() -> None:
    """The stamps tell how long it was."""
    frames = ecg(30)
    items = feed([*frames[:20], *frames[23:]])
    (gap,) = gaps(items)
    assert (gap.stream, gap.reason) == ("ecg-2", HOLE_GAP)
    assert gap.to_s - gap.from_s == pytest.approx(3 * FRAME / RATE_HZ, rel=0.02)
    assert isinstance(items[items.index(gap) + 1], SampleChunk)


@pytest.mark.parametrize("device_s", [0.0, DEVICE_S - 3600, DEVICE_S + 3600])
def test_a_device_clock_that_is_set_anew_begins_a_new_segment(device_s: float) -> None:
    """Backwards or far ahead: our own clock goes on."""
    items = feed([*ecg(10), *ecg(10, first=2000, device_s=device_s)])
    assert [gap.reason for gap in gaps(items)] == [CLOCK_GAP]
    for chunk in chunks(items):
        assert chunk.time_s == pytest.approx(10 + chunk.samples[-1] / RATE_HZ, abs=0.02)


def test_a_lost_link_hands_on_what_waited_and_leaves_a_gap() -> None:
    """No sample that came is lost."""
    stream = PolarStream("heart-2")
    before = feed(ecg(5), stream)
    released = stream.link(LinkChange("heart-2", 15.2, LinkState.LOST))
    numbers = np.concatenate([chunk.samples for chunk in chunks([*before, *released])])
    assert len(numbers) == int(5 * RATE_HZ / FRAME) * FRAME
    after = feed(ecg(5, first=3000), stream)
    assert [gap.reason for gap in gaps(after)] == [LINK_GAP]
    assert stream.link(LinkChange("heart-2", 99.0, LinkState.STREAMING)) == []


@pytest.mark.parametrize("device_s", [0.0, DEVICE_S, 2 * DEVICE_S])
def test_a_sensor_that_lost_its_clock_while_away_is_on_time_again(device_s: float) -> None:
    """Where its samples lie is learned anew with each link."""
    stream = PolarStream("heart-2")
    feed(ecg(5), stream)
    stream.link(LinkChange("heart-2", 15.2, LinkState.LOST))
    for chunk in chunks(feed(ecg(5, first=3000, device_s=device_s), stream)):
        assert chunk.time_s == pytest.approx(10 + chunk.samples[-1] / RATE_HZ, abs=0.02)


def test_acceleration_has_three_columns_in_thousandths_of_g() -> None:
    """On its own stream, beside the ECG."""
    frames = [(float(k), acc_frame(k * 10**9, [(1, -2, 1000)] * 50)) for k in range(1, 5)]
    found = chunks(feed(frames))
    assert {(chunk.stream, chunk.unit, chunk.samples.shape) for chunk in found} == {("acc-2", "mg", (50, 3))}


def test_frames_that_cannot_be_read_are_counted() -> None:
    """They cost their own samples only."""
    stream = PolarStream("heart-2")
    frames = ecg(10)
    items = feed([*frames[:5], (12.0, b"\x00\x01"), *frames[5:]], stream)
    assert stream.malformed == 1
    assert gaps(items) == []


def test_pulse_intervals_are_beats_of_a_stream_of_their_own() -> None:
    """With the sensor's error in their uncertainty, and no 1/1024 s."""
    frames = [(5.0 * k, ppi_frame(0, [(60, 1000 + 2 * j, 30, 6) for j in range(5)])) for k in range(1, 8)]
    beats = [item for item in feed(frames) if isinstance(item, Beat)]
    assert [beat.rr_ms for beat in beats[:5]] == [1000, 1002, 1004, 1006, 1008]
    assert {(beat.stream, beat.rr_ticks) for beat in beats} == {("ppi-2", None)}
    assert all((beat.uncertainty_ms or 0) > 90 for beat in beats)
    assert [beat.seq for beat in beats] == list(range(35))


@pytest.mark.parametrize(("flags", "reason"), [(1, MOVED_GAP), (4, CONTACT_GAP)])
def test_pulse_intervals_that_are_not_to_be_used_become_a_gap(flags: int, reason: str) -> None:
    """What comes before and after them in the same frame keeps its time."""
    pulses = [(60, 1000, 10, 6), (60, 1000, 10, 6), (60, 700, 500, flags), (60, 1000, 10, 6), (60, 1000, 10, 6)]
    items = [item for item in feed([(10.0, ppi_frame(0, pulses))]) if isinstance(item, Beat | Gap)]
    times = [item.time_s for item in items if isinstance(item, Beat)]
    assert times == pytest.approx([6.3, 7.3, 9.0, 10.0])
    (gap,) = gaps(items)
    assert (gap.from_s, gap.to_s, gap.reason) == (pytest.approx(7.3), pytest.approx(8.0), reason)
