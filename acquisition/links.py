"""What supervision needs of a link to a sensor and of whoever makes one, and every time-out in one value."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from acquisition.beats import LinkState
from acquisition.identity import Identity

Signal = Literal["ecg", "acc", "ppi"]
"""What some sensors send beside their intervals: electrocardiogram, acceleration, pulse intervals."""

FACTS = ("battery_percent", "manufacturer", "model", "serial", "firmware", "location")
"""What a sensor is asked about itself, the battery first; each may be missing."""


@dataclass(frozen=True, slots=True)
class LinkTimings:
    """Every time-out of the link to a sensor, in seconds; tests pass shorter ones."""

    search_s: float = 8.0
    """One look for the sensor; straps advertise at least once a second, so it is found sooner when there."""
    connect_s: float = 20.0
    """Connecting, service discovery included (BlueZ itself gives up after about 20 s)."""
    subscribe_s: float = 5.0
    read_s: float = 3.0
    """Reading one fact; also how long a step may take to obey its cancelling."""
    degraded_after_s: float = 5.0
    """Silence until the person is told: straps send once a second."""
    reconnect_after_s: float = 10.0
    """Silence until the link is given up; a silent link never says so itself."""
    goodbye_s: float = 2.0
    """For each of unsubscribing and disconnecting."""
    backoff_first_s: float = 0.5
    backoff_most_s: float = 8.0
    backoff_jitter: float = 0.2
    """Share by which each wait differs at random, so that two sensors do not collide for ever."""
    calm_after_s: float = 30.0
    """Data for this long and the back-off starts from its first step again."""
    bluetooth_retry_s: float = 5.0
    """Between looks while Bluetooth is off or absent."""
    service_retry_s: float = 30.0
    """The same while the system's Bluetooth service is missing or forbidden, after some quicker looks: a restart is
    over within seconds, anything else needs a person."""
    battery_every_s: float = 300.0
    control_s: float = 10.0
    """For one answer of a sensor's control point; some need seconds while they measure."""
    clock_check_s: float = 1.0
    clock_jump_s: float = 2.0
    """The wall clock against the monotonic one, from one check to the next; corrections over the network are far
    slower."""


class Link(Protocol):
    """One connected sensor. All methods raise SensorError and nothing else."""

    @property
    def address(self) -> str:
        """Where it was found."""
        ...

    @property
    def name(self) -> str | None:
        """What is printed on it, or None when it does not say."""
        ...

    async def subscribe(self, on_frame: Callable[[bytes], None]) -> None:
        """Call ``on_frame`` with the bytes of each heart-rate frame from now on."""
        ...

    async def fact(self, name: str) -> str | None:
        """One of FACTS, or None when the sensor does not tell."""
        ...

    async def measure(
        self, signal: Signal, on_samples: Callable[[bytes], None], on_ended: Callable[[Signal], None]
    ) -> None:
        """Also send this signal; frames of all signals go to ``on_samples``, and ``on_ended`` is called when the sensor
        ends one by itself. Raises SensorError when it is refused."""
        ...

    async def stop_measuring(self) -> None:
        """Stop all signals that were started; a sensor may go on until its battery is empty otherwise."""
        ...

    async def unsubscribe(self) -> None:
        """Ask for no more frames."""
        ...

    async def disconnect(self) -> None:
        """Let go of the sensor, whatever state the link is in."""
        ...


class Connector(Protocol):
    """How links are made. All methods raise SensorError, of which BluetoothUnavailable is one, and nothing else."""

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The right to scan and connect; one holder in the process at a time."""
        ...

    async def ready(self) -> None:
        """Raises BluetoothUnavailable while there is no use in looking for a sensor."""
        ...

    async def find(self, wanted: Identity, seconds: float, strangers: Collection[str]) -> object:
        """Something ``connect`` takes: the sensor at the address, or one of its name whose serial number may prove it
        the same, but none at the addresses of ``strangers``. Raises SensorNotFound when there is none."""
        ...

    async def connect(self, found: Any, seconds: float, on_lost: Callable[[], None]) -> Link:
        """A link; ``on_lost`` is called when it ends, also when we end it."""
        ...


class Sink(Protocol):
    """Where a supervisor's observations go; ``at_ns`` is the reading of its clock. Must return at once."""

    def link(self, at_ns: int, state: LinkState, reason: str | None) -> None:
        """The link changed its state."""
        ...

    def frame(self, at_ns: int, data: bytes) -> None:
        """A frame came."""
        ...

    def samples(self, at_ns: int, data: bytes) -> None:
        """A frame of samples came."""
        ...

    def fact(self, at_ns: int, name: str, value: str) -> None:
        """The sensor told something of itself that is new."""
        ...
