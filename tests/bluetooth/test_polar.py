"""The real bleak and emulated Polar sensors: ECG, acceleration and pulse intervals beside the beats, and refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from acquisition import Beat, Gap, LinkState, SampleChunk
from acquisition.links import Signal
from acquisition.polar_stream import CLOCK_GAP, LINK_GAP
from acquisition.sensor import LinkTimings, SensorSource
from acquisition.supervision import SIGNAL_ENDED, SIGNAL_ON
from tests.bluetooth.bluez import BlueZError, EmulatedBlueZ
from tests.bluetooth.listening import Listener, listening
from tests.bluetooth.polar import ACC, ECG, PPI, EmulatedPolar
from tests.bluetooth.quick import SHORT, source

pytestmark = pytest.mark.bluetooth

START, STOP = 2, 3


def polar(**knobs: object) -> EmulatedPolar:
    """A sensor whose heart is that of the quick strap."""
    return EmulatedPolar("A0:00:00:00:00:01", "Polar H10 1", mean_rr_s=0.2, period_s=0.25, **knobs)


def measuring(
    sensor: EmulatedPolar, signals: Collection[Signal] = ("ecg",), timings: LinkTimings = SHORT
) -> SensorSource:
    return source(sensor, timings, signals=signals)


def chunks(heard: Listener, stream: str) -> list[SampleChunk]:
    return [chunk for chunk in heard.of(SampleChunk) if chunk.stream == stream]


async def told(heard: Listener, signal: str) -> str:
    """What became of a signal."""
    return await heard.until(lambda: heard.fact(signal)) or ""


async def test_ecg_and_acceleration_flow_beside_the_beats_and_are_stopped(bluetooth: EmulatedBlueZ) -> None:
    """Row 26: every sample once, in chunks of a second; on the way out each signal is stopped before the link ends."""
    sensor = polar()
    bluetooth.add(sensor)
    async with listening(measuring(sensor, ("ecg", "acc"))) as heard:
        await heard.until(lambda: len(chunks(heard, "ecg-1")) >= 2 and len(chunks(heard, "acc-1")) >= 2)
        assert (heard.fact("ecg"), heard.fact("acc")) == (SIGNAL_ON, SIGNAL_ON)
        assert set(sensor.running) == {ECG, ACC}
    ecg = np.concatenate([chunk.samples for chunk in chunks(heard, "ecg-1")])
    assert ecg.tolist() == list(range(len(ecg)))
    assert {chunk.samples.shape[1:] for chunk in chunks(heard, "acc-1")} == {(3,)}
    assert len(heard.of(Beat)) > 5
    assert sensor.running == {}
    assert bluetooth.calls[-2:] == ["StopNotify", "Disconnect"]
    assert [command[:2] for command in sensor.written if command[0] == STOP] == [bytes((STOP, ACC)), bytes((STOP, ECG))]


async def test_compressed_acceleration_is_read(bluetooth: EmulatedBlueZ) -> None:
    """The same samples as raw ones."""
    sensor = polar()
    sensor.compressed = True
    bluetooth.add(sensor)
    async with listening(measuring(sensor, ("acc",))) as heard:
        await heard.until(lambda: chunks(heard, "acc-1"))
    samples = np.concatenate([chunk.samples for chunk in chunks(heard, "acc-1")])
    assert samples.tolist() == [[k % 500, -(k % 500), 1000] for k in range(len(samples))]


async def test_pulse_intervals_come_on_a_stream_of_their_own(bluetooth: EmulatedBlueZ) -> None:
    """An optical sensor sends no RR; its pulse intervals are never taken for them."""
    sensor = polar(sends_rr=False)
    bluetooth.add(sensor)
    async with listening(measuring(sensor, ("ppi",))) as heard:
        beats = await heard.beats(8)
    assert {(beat.stream, beat.rr_ms) for beat in beats} == {("ppi-1", 250.0)}
    assert PPI not in sensor.running


async def test_a_signal_that_still_runs_is_stopped_and_started_anew(bluetooth: EmulatedBlueZ) -> None:
    """Row 22: status "already in this state", as an earlier program that died left it."""
    sensor = polar()
    bluetooth.add(sensor)
    sensor.leave_running(ECG)
    async with listening(measuring(sensor)) as heard:
        assert await told(heard, "ecg") == SIGNAL_ON
        await heard.until(lambda: chunks(heard, "ecg-1"))
    assert [command[0] for command in sensor.written] == [1, START, STOP, START, STOP]
    assert sensor.running == {}


@pytest.mark.parametrize(
    ("status", "words"), [(5, "does not accept these settings"), (3, "does not offer this signal")]
)
async def test_a_refused_signal_leaves_the_beats_alone(bluetooth: EmulatedBlueZ, status: int, words: str) -> None:
    """Row 22: the reason is told by name, and the intervals are used alone."""
    sensor = polar()
    sensor.refuse[START] = [status]
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        why = await told(heard, "ecg")
        await heard.beats(3)
    assert words in why
    assert "intervals are used alone" in why
    assert set(heard.links()) <= {LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING}


async def test_a_sensor_that_wants_to_be_paired_is_paired_once(bluetooth: EmulatedBlueZ) -> None:
    """Row 22: insufficient authentication; after pairing the write is tried again and the ECG flows."""
    sensor = polar()
    bluetooth.add(sensor)
    bluetooth.fail("WriteValue", BlueZError("NotPermitted", "Not paired"))
    async with listening(measuring(sensor)) as heard:
        assert await told(heard, "ecg") == SIGNAL_ON
    assert bluetooth.calls.count("Pair") == 1


async def test_a_pairing_that_fails_is_told_with_what_to_do(bluetooth: EmulatedBlueZ) -> None:
    """Row 22: the beats go on; the person can pair in the system's settings."""
    sensor = polar()
    bluetooth.add(sensor)
    bluetooth.fail("WriteValue", BlueZError("NotPermitted", "Not paired"))
    bluetooth.fail("Pair", BlueZError("AuthenticationFailed"))
    async with listening(measuring(sensor)) as heard:
        assert "system's Bluetooth settings" in await told(heard, "ecg")
        await heard.beats(3)


async def test_a_signal_that_the_sensor_ends_by_itself_is_told(bluetooth: EmulatedBlueZ) -> None:
    """The beats go on, and it is not stopped a second time on the way out."""
    sensor = polar()
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        await heard.until(lambda: chunks(heard, "ecg-1"))
        sensor.end_by_itself(ECG)
        await heard.until(lambda: heard.fact("ecg") == SIGNAL_ENDED)
        await heard.beats(2)
    assert STOP not in [command[0] for command in sensor.written]


async def test_a_control_point_that_never_answers_is_given_up(bluetooth: EmulatedBlueZ) -> None:
    """Row 23: its time-out ends the request, beats flow all the while, and leaving takes a bounded time."""
    sensor = polar()
    sensor.deaf = True
    bluetooth.add(sensor)
    live = measuring(sensor, timings=replace(SHORT, control_s=0.5))
    async with listening(live) as heard:
        assert "did not answer" in await told(heard, "ecg")
        await heard.beats(3)
        async with asyncio.timeout(10):
            await live.aclose()


async def test_a_sensor_whose_clock_is_set_anew_begins_a_new_segment(bluetooth: EmulatedBlueZ) -> None:
    """Row 24: only differences of its stamps count; our time goes on evenly."""
    sensor = polar(speed=4.0)
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        await heard.until(lambda: len(chunks(heard, "ecg-1")) >= 2)
        sensor.clock_shift_s = -3600.0
        await heard.until(lambda: [gap for gap in heard.of(Gap) if gap.stream == "ecg-1"])
        await heard.until(lambda: isinstance(heard.items[-1], SampleChunk))
    assert [gap.reason for gap in heard.of(Gap) if gap.stream == "ecg-1"] == [CLOCK_GAP]
    times = [chunk.time_s for chunk in chunks(heard, "ecg-1")]
    assert times == sorted(times)
    ecg = np.concatenate([chunk.samples for chunk in chunks(heard, "ecg-1")])
    assert ecg.tolist() == list(range(len(ecg)))


async def test_packets_too_small_for_an_ecg_are_told(bluetooth: EmulatedBlueZ) -> None:
    """Row 25: with how many bytes there are and how many it takes; nothing is started that could not arrive."""
    sensor = polar(packet_size=100)
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        assert "carries 100 bytes at a time and an ECG needs 232" in await told(heard, "ecg")
        await heard.beats(3)
    assert START not in [command[0] for command in sensor.written]


async def test_a_strap_without_the_service_says_so(bluetooth: EmulatedBlueZ) -> None:
    """Old firmware has none, whatever the name on it promises."""
    sensor = polar()
    sensor.services = sensor.services[:-1]
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        assert "does not offer it" in await told(heard, "ecg")
        await heard.beats(3)


async def test_a_lost_link_takes_the_signal_up_again(bluetooth: EmulatedBlueZ) -> None:
    """Row 1: it is negotiated anew with each connection, and a gap lies where samples are missing."""
    sensor = polar()
    bluetooth.add(sensor)
    async with listening(measuring(sensor)) as heard:
        await heard.until(lambda: chunks(heard, "ecg-1"))
        bluetooth.drop(sensor)
        await heard.until(lambda: [gap for gap in heard.of(Gap) if gap.stream == "ecg-1"])
        assert [gap.reason for gap in heard.of(Gap) if gap.stream == "ecg-1"] == [LINK_GAP]
        await heard.until(lambda: isinstance(heard.items[-1], SampleChunk))
