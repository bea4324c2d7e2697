"""The conversation with Polar's control point: one request at a time, each with a time-out, each answer matched.

Free of any Bluetooth library: it is given a way to write, and told what the sensor indicates.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from acquisition.errors import MalformedFrame, SensorError
from acquisition.links import Signal
from acquisition.polar_commands import (
    Command,
    Response,
    Setting,
    Status,
    response,
    settings,
    settings_command,
    start_command,
    stop_command,
    stopped_kinds,
)
from acquisition.polar_measurement import Kind

KINDS: Final[Mapping[Signal, Kind]] = {"ecg": Kind.ECG, "acc": Kind.ACC, "ppi": Kind.PPI}
WISHES: Final[Mapping[Kind, Mapping[Setting, int]]] = {
    Kind.ECG: {Setting.RATE: 130, Setting.RESOLUTION: 14},
    Kind.ACC: {Setting.RATE: 50, Setting.RESOLUTION: 16, Setting.RANGE: 4},
    Kind.PPI: {},
}
"""What is asked for where the sensor offers it: enough for breathing and movement, and little to send."""
NO_ANSWER = "the sensor did not answer"
REFUSED_REMEDY = "its intervals are used alone"


class PolarControl:
    """One sensor's control point, from one connection to its end."""

    def __init__(
        self, write: Callable[[bytes], Awaitable[None]], on_ended: Callable[[Signal], None], timeout_s: float
    ) -> None:
        self._write, self._on_ended, self._timeout_s = write, on_ended, timeout_s
        self._lock = asyncio.Lock()
        self._asked: tuple[int, int] | None = None
        self._answer: asyncio.Future[Response] | None = None
        self.running: list[Kind] = []
        """What was started and not stopped."""

    def on_indication(self, data: bytes) -> None:
        """What the control point says: an answer, or that a signal has ended. What answers no request is dropped."""
        ended = stopped_kinds(data)
        if ended is not None:
            self._forget(ended)
            return
        try:
            answer = response(data)
        except MalformedFrame:
            return
        waiting = self._answer
        if waiting is not None and not waiting.done() and (answer.command, answer.kind) == self._asked:
            waiting.set_result(answer)

    def _forget(self, ended: Collection[int]) -> None:
        for signal, kind in KINDS.items():
            if kind in ended and kind in self.running:
                self.running.remove(kind)
                self._on_ended(signal)

    async def start(self, kind: Kind) -> None:
        """Begin a measurement with the best settings there are. Raises SensorError with the reason of a refusal."""
        offered = settings((await self._ask(settings_command(kind))).parameters) if WISHES[kind] else {}
        command = start_command(kind, chosen(kind, offered))
        answer = await self._request(command)
        if answer.status == Status.ALREADY_IN_STATE:  # an earlier program never stopped it
            await self._request(stop_command(kind))
            answer = await self._request(command)
        _check(answer)
        self.running.append(kind)

    async def stop(self) -> None:
        """End everything that was started. Raises SensorError when the sensor does not answer."""
        while self.running:
            await self._request(stop_command(self.running.pop()))

    async def _ask(self, command: bytes) -> Response:
        answer = await self._request(command)
        _check(answer)
        return answer

    async def _request(self, command: bytes) -> Response:
        async with self._lock:
            self._asked = (command[0], command[1])
            self._answer = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(self._timeout_s):
                    await self._write(command)
                    return await self._answer
            except TimeoutError:
                raise SensorError(f"{NO_ANSWER} ({Command(command[0]).name.lower()})", remedy=REFUSED_REMEDY) from None
            finally:
                self._asked = self._answer = None


def chosen(kind: Kind, offered: Mapping[Setting, tuple[int, ...]]) -> dict[Setting, int]:
    """One value of each setting offered: the one wished for, or the largest."""
    wishes = WISHES[kind]
    return {
        setting: wishes[setting] if wishes.get(setting) in values else max(values)
        for setting, values in offered.items()
        if values and setting in (Setting.RATE, Setting.RESOLUTION, Setting.RANGE, Setting.CHANNELS)
    }


def _check(answer: Response) -> None:
    if answer.status != Status.SUCCESS:
        raise SensorError(f"the sensor refuses: {answer.meaning}", remedy=REFUSED_REMEDY)
