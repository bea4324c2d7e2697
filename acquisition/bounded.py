"""A time-out that holds: waiting for a step ends in time even when the step does not obey its cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from acquisition.errors import SensorError

T = TypeVar("T")


async def bounded(step: Coroutine[Any, Any, T], seconds: float, grace_s: float, what: str) -> T:
    """The result of ``step``, or SensorError after ``seconds``, also when it does not obey its cancelling.

    A step that goes on after ``grace_s`` more is left behind; what it gives or raises later is dropped.
    """
    task = asyncio.ensure_future(step)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=grace_s)
    if not task.done() or task.cancelled():
        raise SensorError(f"{what} took longer than {seconds:g} s")
    return task.result()
