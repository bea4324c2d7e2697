"""The conversation with the control point, in virtual time against a scripted sensor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from acquisition.errors import SensorError
from acquisition.links import Signal
from acquisition.polar_commands import Setting
from acquisition.polar_control import PolarControl, chosen
from acquisition.polar_measurement import Kind
from tests.acquisition.virtual_time import VirtualLoop, run
from tests.bluetooth.polar_frames import answer, settings_list

ECG_SETTINGS = settings_list((0, 2, [130]), (1, 2, [14]))
ECG_START = bytes.fromhex("02000001820001010e00")


class Scripted:
    """Answers each command as ``reply`` says."""

    def __init__(self, reply: Callable[[bytes], list[bytes]]) -> None:
        self.reply, self.written, self.ended = reply, list[bytes](), list[Signal]()
        self.control = PolarControl(self.write, self.ended.append, 10.0)

    async def write(self, command: bytes) -> None:
        self.written.append(command)
        for each in self.reply(command):
            asyncio.get_running_loop().call_later(0.1, self.control.on_indication, each)


def obeys(command: bytes) -> list[bytes]:
    return [answer(command[0], command[1], 0, ECG_SETTINGS if command[0] == 1 else b"")]


def test_settings_are_asked_for_before_the_start() -> None:
    """And what is offered is what is started."""

    async def main(_: VirtualLoop) -> None:
        sensor = Scripted(obeys)
        await sensor.control.start(Kind.ECG)
        assert sensor.written == [b"\x01\x00", ECG_START]
        await sensor.control.stop()
        assert sensor.written[2:] == [b"\x03\x00"]
        await sensor.control.stop()
        assert len(sensor.written) == 3

    run(main)


def test_a_signal_left_running_is_stopped_and_started() -> None:
    """An earlier program may have died without stopping it."""
    left = [True]

    def reply(command: bytes) -> list[bytes]:
        if command[0] == 2 and left.pop() if left else False:
            return [answer(2, 0, 6)]
        return obeys(command)

    async def main(_: VirtualLoop) -> None:
        sensor = Scripted(reply)
        await sensor.control.start(Kind.ECG)
        assert [command[0] for command in sensor.written] == [1, 2, 3, 2]
        assert sensor.control.running == [Kind.ECG]

    run(main)


@pytest.mark.parametrize(
    ("status", "words"), [(5, "settings"), (3, "does not offer"), (10, "too small"), (13, "charger")]
)
def test_a_refusal_is_told_by_name(status: int, words: str) -> None:
    """What the control point's number means, and what happens now."""

    async def main(_: VirtualLoop) -> None:
        sensor = Scripted(lambda command: [answer(2, 0, status)] if command[0] == 2 else obeys(command))
        with pytest.raises(SensorError, match=f"{words}.*intervals are used alone"):
            await sensor.control.start(Kind.ECG)
        assert sensor.control.running == []

    run(main)


def test_a_control_point_that_never_answers_is_given_up_after_10_s() -> None:
    """And the next request is not answered by a late reply to this one."""

    async def main(loop: VirtualLoop) -> None:
        sensor = Scripted(lambda _: [])
        with pytest.raises(SensorError, match="did not answer"):
            await sensor.control.start(Kind.ECG)
        assert loop.time() == pytest.approx(10)
        sensor.reply = lambda command: [answer(1, 0, 0, ECG_SETTINGS), answer(3, 2, 0), *obeys(command)[:0]]
        with pytest.raises(SensorError, match=r"did not answer \(start\)"):
            await sensor.control.start(Kind.PPI)

    run(main)


def test_two_requests_wait_for_each_other() -> None:
    """The control point takes one at a time."""

    async def main(_: VirtualLoop) -> None:
        sensor = Scripted(obeys)
        await asyncio.gather(sensor.control.start(Kind.ECG), sensor.control.start(Kind.PPI))
        assert len(sensor.control.running) == 2

    run(main)


def test_a_signal_that_the_sensor_ends_by_itself_is_told_and_not_stopped_again() -> None:
    """It comes unasked; kinds that were not running are nobody's."""

    async def main(_: VirtualLoop) -> None:
        sensor = Scripted(obeys)
        await sensor.control.start(Kind.ECG)
        sensor.control.on_indication(bytes((1, Kind.ECG, Kind.ACC)))
        assert sensor.ended == ["ecg"]
        await sensor.control.stop()
        assert len(sensor.written) == 2

    run(main)


def test_nonsense_from_the_control_point_is_dropped() -> None:
    """Whether or not a request waits."""
    control = PolarControl(lambda _: asyncio.sleep(0), lambda _: None, 1.0)
    for data in (b"", b"\xf0", b"\x01\x00", answer(2, 0, 0)):
        control.on_indication(data)


def test_the_wish_is_taken_where_it_is_offered_and_else_the_largest() -> None:
    """50 Hz and 4 g of acceleration; what is not a choice of ours is left out."""
    offered = {Setting.RATE: (25, 50, 100), Setting.RANGE: (2, 8), Setting.FACTOR: (1,), Setting.CHANNELS: (3,)}
    assert chosen(Kind.ACC, offered) == {Setting.RATE: 50, Setting.RANGE: 8, Setting.CHANNELS: 3}
