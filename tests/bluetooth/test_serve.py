"""Straps in a process of their own, commanded over standard input."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from acquisition import LinkState, SampleChunk
from acquisition.heart_rate_stream import NO_CONTACT
from acquisition.sensor import LinkTimings, SensorSource, scan
from tests.bluetooth.fixtures import BUS, BluetoothStack, settle
from tests.bluetooth.listening import listening

pytestmark = pytest.mark.bluetooth

Start = Callable[..., BluetoothStack]


async def test_another_process_streams_from_a_served_strap_through_its_faults(
    bluetooth_stack: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scan, stream, lose contact, drop for a second, recover."""
    stack = bluetooth_stack("strap", "no-rr")
    monkeypatch.setenv(BUS, stack.env[BUS])
    assert [sensor.address for sensor in await scan(0.5)] == list(stack.addresses)
    timings = LinkTimings(backoff_first_s=0.1, backoff_most_s=0.2)
    async with listening(SensorSource(stack.addresses[0], timings=timings)) as heard:
        await heard.beats(2)
        stack.tell("contact 1 off")
        await heard.link(LinkState.DEGRADED)
        assert heard.reason(LinkState.DEGRADED) == NO_CONTACT
        stack.tell("contact 1 on")
        await heard.link(LinkState.STREAMING, times=2)
        stack.tell("drop 1 1")
        await heard.link(LinkState.LOST)
        await heard.gap(2)
    stack.close()
    await settle()


def test_a_command_that_makes_no_sense_is_answered_and_not_fatal(bluetooth_stack: Start) -> None:
    """Each line has one answer."""
    stack = bluetooth_stack()
    for command in ("dance 1", "drop 7", "mute 1 perhaps", "repeat 1"):
        with pytest.raises(AssertionError, match="error"):
            stack.tell(command)
    stack.tell("mute 1 on")
    stack.tell("power off")


async def test_two_straps_of_one_stack_stream_at_once(bluetooth_stack: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on its own stream, each with its own heart."""
    stack = bluetooth_stack("strap", "strap")
    monkeypatch.setenv(BUS, stack.env[BUS])
    left, right = (SensorSource(a, stream=f"heart-{k}") for k, a in enumerate(stack.addresses, 1))
    async with listening(left) as a, listening(right) as b:
        await asyncio.gather(a.beats(2), b.beats(2))
    stack.close()
    await settle()


async def test_a_served_polar_sensor_sends_its_ecg(bluetooth_stack: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another process, beside its beats."""
    stack = bluetooth_stack("polar")
    monkeypatch.setenv(BUS, stack.env[BUS])
    async with listening(SensorSource(stack.addresses[0], signals=("ecg",))) as heard:
        await heard.until(lambda: heard.of(SampleChunk))
        stack.tell("lose 1 on")
        stack.tell("lose 1 off")
        await heard.beats(1)
    stack.close()
    await settle()
