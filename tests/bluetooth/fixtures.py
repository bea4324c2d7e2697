"""Fixtures for tests that need Bluetooth: in this process (``bluetooth``), for other processes (``bluetooth_stack``).

Importing this needs nothing of Linux; using it does.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bluetooth.private_bus import PrivateBus

if TYPE_CHECKING:
    from tests.bluetooth.bluez import EmulatedBlueZ

ROOT = Path(__file__).resolve().parents[2]
BUS = "DBUS_SYSTEM_BUS_ADDRESS"


@pytest.fixture
def bluetooth_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A message bus that bleak takes for the system's."""
    with PrivateBus() as bus:
        monkeypatch.setenv(BUS, bus.address)
        yield bus


@pytest.fixture
async def bluetooth(bluetooth_bus: PrivateBus) -> AsyncIterator[EmulatedBlueZ]:
    """A powered adapter with nothing in reach; ``add`` straps to it."""
    from tests.bluetooth.bluez import EmulatedBlueZ

    bluez = EmulatedBlueZ(bluetooth_bus.address)
    await bluez.start()
    yield bluez
    await bluez.stop()
    bluetooth_bus.stop()
    await settle()


async def settle() -> None:
    """Let bleak see that the bus is gone, so that nothing of it outlives the test's event loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=2)


@dataclass
class BluetoothStack:
    """Emulated straps in a process of their own."""

    env: dict[str, str]
    """Environment for the program under test."""
    addresses: tuple[str, ...]
    process: subprocess.Popen[str]

    def tell(self, command: str) -> None:
        """Give one command of ``tests.bluetooth.serve`` and wait until it is done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer == "ok", f"{command}: {answer}"

    def close(self) -> None:
        """End the process."""
        with self.process:
            assert self.process.stdin is not None
            self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def start_stack(kinds: Sequence[str] = ("strap",)) -> BluetoothStack:
    """Start straps of these kinds (``strap``, ``no-rr``, ``polar``); ``close`` it in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bluetooth.serve", *kinds],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    addresses = tuple(strap["address"] for strap in told["straps"])
    return BluetoothStack({**os.environ, BUS: told["bus"]}, addresses, process)


@pytest.fixture
def bluetooth_stack() -> Iterator[Callable[..., BluetoothStack]]:
    """Call with kinds of straps, ``bluetooth_stack("strap", "strap")``; ended when the test ends."""
    with ExitStack() as stacks:

        def start(*kinds: str) -> BluetoothStack:
            stack = start_stack(kinds or ("strap",))
            stacks.callback(stack.close)
            return stack

        yield start
