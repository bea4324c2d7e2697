"""The one door to Lab Streaming Layer (pylsl, an extra): loaded late, and kept to this computer unless told otherwise.

The library has no passwords and opens its ports on every network of the machine. Its configuration keeps the search for
streams on this computer; the ports that an outlet opens are then bound to the loopback device, so that nobody outside
can take data even if they know the port. Only Linux can bind a port that is already open; elsewhere an outlet has to be
asked for with ``network=True``.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from acquisition.clock import NS_PER_S, monotonic_ns
from acquisition.errors import BadInput, EnvironmentFault

T = TypeVar("T")

PLACE = "Lab Streaming Layer"
HERE_ONLY = "[multicast]\nResolveScope = machine\n[log]\nlevel = -1\n"
"""The library's own configuration (lsl_api.cfg): ask and answer within this computer alone, log warnings only."""
LOOPBACK_DEVICE = b"lo"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - looked for, so that it can be narrowed
DESCRIPTORS = Path("/dev/fd")

_lock = threading.Lock()
_opened_to_network: bool | None = None
"""Whether the library may use the network; it is told once a process."""


def library(*, network: bool = False) -> Any:
    """The pylsl module, configured. ``network`` leaves it to the system's own lsl_api.cfg.

    Raises EnvironmentFault when the extra is not installed, BadInput when this process has asked otherwise before.
    """
    global _opened_to_network
    try:
        import pylsl
        from pylsl.util import set_config_content
    except (ImportError, RuntimeError, OSError) as error:  # without liblsl pylsl raises RuntimeError
        remedy = "install it: pip install 'attunement[lsl]'"
        raise EnvironmentFault("Lab Streaming Layer is not installed", place=PLACE, remedy=remedy) from error
    with _lock:
        if _opened_to_network is None:
            if not network:
                set_config_content(HERE_ONLY)
            _opened_to_network = network
        if _opened_to_network != network:
            before = "the network" if _opened_to_network else "this computer alone"
            raise BadInput(f"this program has opened it to {before}", place=PLACE, remedy="ask alike, or start anew")
    return pylsl


def clock_ahead_s(pylsl: Any) -> float:
    """How far the library's clock is ahead of ours, s: the closest of some readings, each between two of ours."""
    readings = []
    for _ in range(5):
        before, theirs, after = monotonic_ns(), pylsl.local_clock(), monotonic_ns()
        readings.append((after - before, theirs - (before + after) / 2 / NS_PER_S))
    return float(min(readings)[1])


def open_here(make: Callable[[], T]) -> T:
    """What ``make`` opens, with every port that is opened meanwhile on all networks bound to the loopback device.

    Raises EnvironmentFault where the system cannot do that; what was opened is let go then.
    """
    if sys.platform != "linux":
        raise EnvironmentFault(
            "on this system its ports cannot be kept from the network",
            place=PLACE,
            remedy="say network=True if the network is trusted and the firewall closed",
        )
    with _lock:
        before = _descriptors()
        made = make()
        try:
            for port in _opened_since(before):
                port.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, LOOPBACK_DEVICE)
        except OSError as error:
            del made
            why = f"its ports cannot be kept from the network ({error.strerror})"
            raise EnvironmentFault(why, place=PLACE, remedy="say network=True if the network is trusted") from error
    return made


def _descriptors() -> set[int]:
    return {int(path.name) for path in DESCRIPTORS.iterdir()}


def _opened_since(before: set[int]) -> Iterator[socket.socket]:
    """Sockets of this process that are new and bound to all networks."""
    for number in _descriptors() - before:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as port:
            name = port.getsockname()
            if isinstance(name, tuple) and name[0] in EVERYWHERE:
                yield port
