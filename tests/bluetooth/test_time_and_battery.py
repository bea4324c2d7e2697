"""The computer's clock and the strap's battery."""

from __future__ import annotations

import time

import pytest

from acquisition import LinkState
from acquisition.supervision import CLOCK_JUMPED
from tests.bluetooth.bluez import BlueZError, EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import quick_strap, source

pytestmark = pytest.mark.bluetooth


class Wall:
    """A time of day that can be set."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> int:
        return time.time_ns() + round(self.ahead_s * 1e9)


@pytest.mark.parametrize("by_s", [3600.0, -3.0], ids=["slept an hour", "set back 3 s"])
async def test_a_jump_of_the_clock_ends_the_segment_and_connects_anew(bluetooth: EmulatedBlueZ, by_s: float) -> None:
    """Row 20: what the monotonic clock did not see is told, and kept as a fact."""
    strap, wall = quick_strap(), Wall()
    bluetooth.add(strap)
    async with listening(source(strap, wall=wall)) as heard:
        await heard.beats(3)
        wall.ahead_s += by_s
        await heard.link(LinkState.STREAMING, times=2)
        await heard.gap()
    assert heard.reason(LinkState.LOST) == CLOCK_JUMPED
    assert float(heard.fact("clock_jump_s") or 0) == pytest.approx(by_s, abs=0.5)


async def test_a_low_battery_is_told_twice_on_its_way_down(bluetooth: EmulatedBlueZ) -> None:
    """Row 21: at 20 and at 10 per cent; the figure itself comes whenever it changes."""
    strap = quick_strap()
    bluetooth.add(strap)
    level = strap.services[-1].characteristics[0]
    async with listening(source(strap)) as heard:
        await heard.until(lambda: heard.fact("battery_percent") == "87")
        assert heard.fact("battery_warning") is None
        level.value = bytes([20])
        await heard.until(lambda: "low" in (heard.fact("battery_warning") or ""))
        level.value = bytes([9])
        await heard.until(lambda: "nearly empty" in (heard.fact("battery_warning") or ""))
        await heard.beats(1)


async def test_a_battery_that_cannot_be_read_is_no_trouble(bluetooth: EmulatedBlueZ) -> None:
    """Row 21: a refused read is left out, and everything else is told."""
    strap = quick_strap()
    bluetooth.add(strap)
    bluetooth.fail("ReadValue", BlueZError("NotSupported"))
    async with listening(source(strap)) as heard:
        await heard.until(lambda: heard.fact("location"))
        assert LinkState.LOST not in heard.links()
