"""Supervision with the shipped time-outs, in virtual time, against a scripted sensor."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from itertools import pairwise
from random import Random

import pytest

from acquisition.bounded import bounded
from acquisition.errors import BluetoothUnavailable, SensorError
from acquisition.links import LinkTimings
from acquisition.supervision import LINK_LOST, SILENT, SILENT_TOO_LONG, Supervisor
from tests.acquisition.scripted_sensor import Heard, ScriptedSensor, Trouble, hang, hang_stubbornly, raises
from tests.acquisition.supervised import TIMINGS, WANTED, S, streams, supervise
from tests.acquisition.virtual_time import VirtualLoop, run


def test_it_searches_connects_and_streams_from_the_first_frame() -> None:
    """Streaming is said when data flows, not when a subscription is promised."""
    heard = supervise(ScriptedSensor(), streams(3))
    assert heard.links == [(0, S.SEARCHING, None), (0, S.CONNECTING, None), (1, S.STREAMING, None)]
    assert [at_s for at_s, _ in heard.frames] == [1, 2, 3]


def test_five_silent_seconds_degrade_and_ten_connect_anew() -> None:
    """The watchdog's two steps, counted from the last frame."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(3)(sensor)
        await asyncio.sleep(11)
        assert sensor.links[0].said_goodbye == ["unsubscribe", "disconnect"]
        await streams(2)(sensor)

    heard = supervise(ScriptedSensor(), play)
    assert heard.links[3:5] == [(8, S.DEGRADED, SILENT), (13, S.LOST, SILENT_TOO_LONG)]
    assert heard.states[5:] == [S.SEARCHING, S.CONNECTING, S.STREAMING]


def test_a_link_that_never_sends_is_given_up_like_a_silent_one() -> None:
    """The watchdog counts from the subscription until the first frame."""
    heard = supervise(ScriptedSensor(), lambda _: asyncio.sleep(10.2))
    assert heard.links[2:4] == [(5, S.DEGRADED, SILENT), (10, S.LOST, SILENT_TOO_LONG)]


def test_data_in_time_ends_the_degradation() -> None:
    """The same link goes on."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(2)(sensor)
        await asyncio.sleep(6)
        await streams(20)(sensor)
        assert len(sensor.links) == 1

    assert supervise(ScriptedSensor(), play).states[2:] == [S.STREAMING, S.DEGRADED, S.STREAMING]


def test_a_lost_link_is_told_at_once_and_made_again() -> None:
    """The loss carries the moment of the callback; a new subscription follows."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(3)(sensor)
        await asyncio.sleep(0.5)
        sensor.links[0].lose()
        await streams(3)(sensor)
        assert len(sensor.links) == 2
        assert sensor.links[0].said_goodbye == ["disconnect"]

    heard = supervise(ScriptedSensor(), play)
    assert (3.5, S.LOST, LINK_LOST) in heard.links
    assert heard.states.count(S.STREAMING) == 2


def test_an_old_link_that_calls_late_is_ignored() -> None:
    """Frames and losses of an earlier client touch nothing."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(3)(sensor)
        sensor.links[0].lose()
        await streams(3)(sensor)
        sensor.links[0].send(b"late")
        sensor.links[0].lose()
        await streams(3)(sensor)

    heard = supervise(ScriptedSensor(), play)
    assert b"late" not in [data for _, data in heard.frames]
    assert heard.states.count(S.LOST) == 1


def test_the_back_off_doubles_up_to_its_cap() -> None:
    """0.5, 1, 2, 4, 8, 8 s between attempts that fail at once."""
    sensor = ScriptedSensor(troubles={"connect": [raises(SensorError("no"))] * 7})
    heard = supervise(sensor, lambda _: asyncio.sleep(35))
    connecting = heard.when(S.CONNECTING)
    waits = [b - a for a, b in pairwise(connecting)]
    assert waits == pytest.approx([0.5, 1, 2, 4, 8, 8, 8])


def test_the_jitter_stays_within_its_share() -> None:
    """Two sensors lost together do not meet for ever; no wait leaves ±20 %."""
    sensor = ScriptedSensor(troubles={"connect": [raises(SensorError("no"))] * 30})
    heard = supervise(sensor, lambda _: asyncio.sleep(200), LinkTimings())
    connecting = heard.when(S.CONNECTING)
    capped = [b - a for a, b in pairwise(connecting)][5:]
    assert all(6.4 <= wait <= 9.6 for wait in capped)
    assert len(set(capped)) > 5


def test_thirty_seconds_of_data_start_the_back_off_anew() -> None:
    """A link that held is followed by a quick attempt, one that did not by a slower one."""

    def wait_after(seconds: float) -> float:
        async def play(sensor: ScriptedSensor) -> None:
            await streams(seconds)(sensor)
            sensor.links[-1].lose()
            await asyncio.sleep(20)

        sensor = ScriptedSensor(troubles={"connect": [raises(SensorError("no"))] * 3})
        heard = supervise(sensor, play)
        lost = heard.when(S.LOST)[0]
        return next(at_s for at_s in heard.when(S.CONNECTING) if at_s > lost) - lost

    assert wait_after(40) == pytest.approx(0.5)
    assert wait_after(20) == pytest.approx(4)


@pytest.mark.parametrize("step", ["ready", "find", "connect", "subscribe"])
@pytest.mark.parametrize(
    "trouble", [hang, hang_stubbornly, raises(SensorError("no"))], ids=["hangs", "stubborn", "fails"]
)
def test_any_step_may_fail_or_hang_and_it_goes_on(step: str, trouble: Trouble) -> None:
    """Each step has a time-out that holds even when the step does not obey."""
    sensor = ScriptedSensor(troubles={step: [trouble]})
    heard = supervise(sensor, streams(60))
    assert heard.states[-1] is S.STREAMING
    assert sensor.attempts == 2


@pytest.mark.parametrize("step", ["unsubscribe", "disconnect"])
def test_a_goodbye_that_hangs_delays_the_next_attempt_by_4_s_at_most(step: str) -> None:
    """2 s for the step and 2 s for its cancelling."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(40)(sensor)
        await asyncio.sleep(20)

    heard = supervise(ScriptedSensor(troubles={step: [hang_stubbornly]}), play)
    lost = heard.when(S.LOST)[0]
    assert next(at_s for at_s in heard.when(S.SEARCHING) if at_s > lost) - lost <= 4.5


def test_a_connection_that_comes_after_its_time_out_is_ended() -> None:
    """Nobody else knows of it, and a strap that thinks it is held would not be found again."""

    async def slow() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await hang()
        await asyncio.sleep(10)

    sensor = ScriptedSensor(troubles={"connect": [slow]})
    supervise(sensor, streams(60))
    late = sensor.links[-1] if len(sensor.links) == 1 else sensor.links[1]
    assert "disconnect" in late.said_goodbye


def test_an_absent_sensor_is_looked_for_with_advice() -> None:
    """The search goes on, and its reason says what the last look found."""
    heard = supervise(ScriptedSensor(present=False), lambda _: asyncio.sleep(60))
    assert set(heard.states) == {S.SEARCHING}
    assert heard.links[0] == (0, S.SEARCHING, None)
    assert {reason for _, _, reason in heard.links[1:]} == {"not seen"}


def test_bluetooth_that_is_off_is_asked_for_every_5_s_without_a_search() -> None:
    """No scan storm, no back-off, and no flicker between states."""
    off = raises(BluetoothUnavailable("off", remedy="turn it on"))
    sensor = ScriptedSensor(troubles={"ready": [off] * 4})
    heard = supervise(sensor, streams(21.5))
    assert heard.when(S.BLUETOOTH_OFF) == pytest.approx([0, 5, 10, 15])
    assert heard.states[4:] == [S.SEARCHING, S.CONNECTING, S.STREAMING]
    assert heard.links[0][2] == "off; turn it on"


def test_facts_are_told_once_and_the_battery_every_5_minutes() -> None:
    """Only what is new is told, also after a reconnection; what hangs is left out."""

    async def play(sensor: ScriptedSensor) -> None:
        await streams(290)(sensor)
        sensor.facts["battery_percent"] = "80"
        await streams(20)(sensor)
        sensor.links[0].lose()
        await streams(20)(sensor)

    facts = {"battery_percent": "81", "model": "E1"}
    heard = supervise(ScriptedSensor(facts=facts, troubles={"fact": [hang]}), play)
    assert heard.facts == [("model", "E1"), ("battery_percent", "80")]


def test_cancelling_says_goodbye() -> None:
    """Whoever stops a session frees the strap."""
    sensor = ScriptedSensor()
    supervise(sensor, streams(3))
    assert sensor.links[0].said_goodbye == ["unsubscribe", "disconnect"]


def test_two_supervisors_never_search_at_once() -> None:
    """The right to scan and connect is held by one; the second waits and then streams as well."""
    lock = asyncio.Lock()
    left, right = ScriptedSensor(lock=lock, present=False), ScriptedSensor(lock=lock)
    heard = Heard()

    async def main(loop: VirtualLoop) -> None:
        both = [
            asyncio.create_task(
                Supervisor(
                    WANTED, sensor, sink, clock=loop.now_ns, wall=loop.now_ns, timings=TIMINGS, random=Random(1)
                ).run()
            )
            for sensor, sink in ((left, Heard()), (right, heard))
        ]
        await streams(30)(right)
        for task in both:
            task.cancel()
        await asyncio.wait(both, timeout=60)

    run(main)
    assert heard.when(S.CONNECTING) == [pytest.approx(TIMINGS.search_s)]
    assert heard.states[-1] is S.STREAMING


def test_bounded_gives_the_result_or_a_sensor_error() -> None:
    """What a left-behind step does later disturbs nobody."""

    async def quick() -> int:
        return 7

    async def main(_: VirtualLoop) -> None:
        assert await bounded(quick(), 1, 1, "x") == 7
        with pytest.raises(SensorError, match="connecting took longer than 2 s"):
            await bounded(hang_stubbornly(), 2, 1, "connecting")

    run(main)


def test_time_outs_are_one_frozen_value() -> None:
    """Nobody can change one by the way."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        TIMINGS.search_s = 1.0  # type: ignore[misc]  # that is the point
