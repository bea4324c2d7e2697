"""One right to scan and connect a process: the system answers "in progress" to the second of two at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakKeyDictionary

_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""A process has one loop for Bluetooth, tests one after the other. The only module state; it holds nothing of any
session."""


@contextlib.asynccontextmanager
async def radio() -> AsyncIterator[None]:
    """Hold the right for the length of the block."""
    loop = asyncio.get_running_loop()
    async with _radios.setdefault(loop, asyncio.Lock()):
        yield
