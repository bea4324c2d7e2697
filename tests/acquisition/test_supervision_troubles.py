"""What goes wrong around a link: services, clocks, batteries, and sensors that are not the one that was chosen."""

from __future__ import annotations

import asyncio
import dataclasses
from itertools import pairwise

import pytest

from acquisition.errors import BluetoothServiceMissing, SensorError
from acquisition.identity import STRANGER, Identity
from acquisition.supervision import CLOCK_JUMPED, SIGNAL_ON
from tests.acquisition.scripted_sensor import ScriptedSensor, fine, raises
from tests.acquisition.supervised import TIMINGS, S, streams, supervise


@pytest.mark.parametrize("step", ["ready", "find"])
def test_a_missing_service_is_asked_for_more_and_more_rarely(step: str) -> None:
    """5, 10, 20 and then 30 s: a restart is over within seconds, anything else needs a person."""
    gone = raises(BluetoothServiceMissing("no service"))
    heard = supervise(ScriptedSensor(troubles={step: [gone] * 20}), lambda _: asyncio.sleep(90))
    assert [b - a for a, b in pairwise(heard.when(S.BLUETOOTH_OFF))] == pytest.approx([5, 10, 20, 30])


def test_a_clock_that_jumps_ends_the_segment_and_connects_anew() -> None:
    """After a sleep of an hour the monotonic clock knows nothing of it; the wall clock does."""
    slept_ns = 0

    async def play(sensor: ScriptedSensor) -> None:
        nonlocal slept_ns
        await streams(5)(sensor)
        slept_ns = round(3600e9)
        await streams(5)(sensor)

    def wall() -> int:
        return round(asyncio.get_running_loop().time() * 1e9) + slept_ns

    heard = supervise(ScriptedSensor(), play, wall=wall)
    lost = [(at_s, reason) for at_s, state, reason in heard.links if state is S.LOST]
    assert lost == [(pytest.approx(6, abs=1), CLOCK_JUMPED)]
    assert ("clock_jump_s", "3600.0") in heard.facts
    assert heard.states[-1] is S.STREAMING


def test_a_clock_that_is_corrected_slowly_disturbs_nothing() -> None:
    """Half a second a minute adds up to 5 s in ten minutes and is no jump."""

    def wall() -> int:
        return round(asyncio.get_running_loop().time() * 1e9 * (1 + 0.5 / 60))

    assert S.LOST not in supervise(ScriptedSensor(), streams(600), wall=wall).states


def test_another_sensor_at_the_address_is_refused_and_nothing_of_it_is_heard() -> None:
    """The serial number decides; it is not connected to again."""
    sensor = ScriptedSensor(facts={"serial": "2"})
    heard = supervise(sensor, streams(60), wanted=Identity("A", serial="1"))
    assert (heard.frames, heard.facts) == ([], [])
    assert len(sensor.links) == 1
    assert any(STRANGER in (reason or "") for _, _, reason in heard.links)


def test_the_same_sensor_under_a_new_address_is_known_by_its_serial_number() -> None:
    """Some change their address; the serial number does not change."""
    sensor = ScriptedSensor(address="B", facts={"serial": "1"})
    assert supervise(sensor, streams(3), wanted=Identity("A", serial="1")).states[-1] is S.STREAMING


@pytest.mark.parametrize("facts", [{}, {"serial": "2"}])
def test_without_proof_a_sensor_at_another_address_is_never_taken(facts: dict[str, str]) -> None:
    """A sensor that tells no serial number proves nothing."""
    sensor = ScriptedSensor(address="B", facts=facts)
    assert supervise(sensor, streams(30), wanted=Identity("A", serial="1")).frames == []


def test_the_battery_warns_once_at_20_and_once_at_10_percent() -> None:
    """And again only when a new battery has become old."""

    async def play(sensor: ScriptedSensor) -> None:
        for percent in ("21", "20", "15", "10", "9", "90", "19"):
            sensor.facts["battery_percent"] = percent
            await streams(60)(sensor)

    facts = {"battery_percent": "22"}
    heard = supervise(ScriptedSensor(facts=facts), play, dataclasses.replace(TIMINGS, battery_every_s=60.0))
    warnings = [value for name, value in heard.facts if name == "battery_warning"]
    assert ["low" in warning for warning in warnings] == [True, False, True]


def test_a_signal_that_is_refused_leaves_the_beats_alone() -> None:
    """The fact of its name says why; what is granted flows and is stopped on the way out."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(3)(sensor)
        assert sensor.links[0].on_samples is not None
        sensor.links[0].on_samples(b"samples")
        await streams(2)(sensor)

    sensor = ScriptedSensor(troubles={"measure": [raises(SensorError("no")), fine]})
    heard = supervise(sensor, play, signals=("ecg", "acc"))
    assert heard.facts == [("ecg", "no"), ("acc", SIGNAL_ON)]
    assert heard.sampled == [(3, b"samples")]
    assert len(heard.frames) == 5
    assert sensor.links[0].said_goodbye == ["stop measuring", "unsubscribe", "disconnect"]
