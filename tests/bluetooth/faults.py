"""Calls that are to go wrong: each fault is met once, by the next call of its name."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

HANG = float("inf")
"""As a fault: the call is never answered."""


class BlueZError(Exception):
    """An error reply: ``Failed`` means ``org.bluez.Error.Failed``; a full name is taken as it is."""

    def __init__(self, name: str, text: str = "emulated") -> None:
        super().__init__(name, text)
        self.name = name if "." in name else f"org.bluez.Error.{name}"
        self.text = text


class Faults:
    """What waits for the calls of each name."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[BlueZError | float]] = defaultdict(list)

    def expect(self, member: str, faults: Iterable[BlueZError | float]) -> None:
        """For the next calls of this name: errors, seconds of delay, or no answer ever (HANG), one each."""
        self._waiting[member].extend(faults)

    async def meet(self, member: str) -> None:
        """A call has come: raise, wait, or let it through."""
        faults = self._waiting[member]
        if not faults:
            return
        fault = faults.pop(0)
        if isinstance(fault, BlueZError):
            raise fault
        if fault == HANG:
            await asyncio.Event().wait()
        await asyncio.sleep(fault)
