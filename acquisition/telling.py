"""What a sensor says of itself: each fact once and again when it changes, the battery again and again.

Nothing here is needed for beats, so whatever fails is left out. A battery's figure is passed on as it is (coin cells
read near 100 % almost until they are empty); a warning comes once at 20 % and once at 10 %.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from acquisition.bounded import bounded
from acquisition.errors import SensorError
from acquisition.links import FACTS, Link, LinkTimings

BATTERY = FACTS[0]
BATTERY_WARNING = "battery_warning"
BATTERY_WARNINGS = (
    (10.0, "the strap's battery is nearly empty: change it before the next sitting"),
    (20.0, "the strap's battery is getting low: have a new one at hand"),
)
"""Per cent, from the lowest up, and what is told at it."""


class Telling:
    """What one sensor has told so far, over all its links."""

    def __init__(self, tell: Callable[[str, str], None], timings: LinkTimings) -> None:
        self._tell, self._timings = tell, timings
        self._facts: dict[str, str] = {}

    async def facts(self, link: Link) -> None:
        """Ask for everything once."""
        for name in FACTS:
            await self.ask(link, name)

    async def battery(self, link: Link) -> None:
        """Ask for the battery from time to time; ends only by being cancelled."""
        while True:
            await asyncio.sleep(self._timings.battery_every_s)
            await self.ask(link, BATTERY)

    async def ask(self, link: Link, name: str) -> str | None:
        """One fact now, or None when it cannot be had."""
        limit_s = self._timings.read_s
        try:
            value = await bounded(link.fact(name), limit_s, limit_s, f"reading {name}")
        except SensorError:
            return None
        if value is not None:
            self._learn(name, value)
            if name == BATTERY:
                self._warn(value)
        return value

    def _learn(self, name: str, value: str) -> None:
        if self._facts.get(name) != value:
            self._facts[name] = value
            self._tell(name, value)

    def _warn(self, percent: str) -> None:
        """Told again only when it has become worse, or when a new battery has become old."""
        warning = next((words for limit, words in BATTERY_WARNINGS if float(percent) <= limit), None)
        if warning is None:
            self._facts.pop(BATTERY_WARNING, None)
        else:
            self._learn(BATTERY_WARNING, warning)
