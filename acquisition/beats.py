"""What flows from every source, and the one seam behind which sensor, browser, replay and simulation are equal.

A source yields items in the order of its own time. Every item names its stream and carries its own time in seconds
since the source's origin; nothing downstream reads a clock. A tick comes at least once a second in the source's own
time, so that silence is data too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:  # a tenth of a second, for those who only name a beat
    import numpy as np
    from numpy.typing import NDArray

TICKS_PER_S = 1024
"""Unit of RR intervals on the air: 1/1024 s (Bluetooth SIG, Heart Rate Service 1.0, 0x2A37)."""


def ticks_to_ms(ticks: int) -> float:
    """Milliseconds of an RR interval given in 1/1024 s; exact in binary floating point.

    >>> ticks_to_ms(1024)
    1000.0
    """
    return ticks * 1000.0 / TICKS_PER_S


class LinkState(StrEnum):
    """Where the link to a sensor stands; always with a reason that a page can act on when it is not ``streaming``."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    DEGRADED = "degraded"
    LOST = "lost"
    BLUETOOTH_OFF = "bluetooth_off"


@dataclass(frozen=True, slots=True)
class Notification:
    """One frame as it came from the sensor, untouched."""

    stream: str
    time_s: float
    """Arrival, seconds since the source's origin."""
    arrival_ns: int
    """Arrival on the monotonic clock, ns."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Beat:
    """One RR interval as received, at the time at which it ended."""

    stream: str
    seq: int
    """Counts up by one within the stream; a hole would be a lost beat."""
    time_s: float
    """End of the interval."""
    rr_ms: float
    rr_ticks: int | None = None
    """The interval in 1/1024 s, or None when the source does not count in ticks."""
    arrival_s: float | None = None
    """When its frame arrived, or None when the source has no arrival times."""
    uncertainty_ms: float | None = None
    """Half-width of the interval that holds the true time in 95 % of beats, or None when unknown."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without beats. Comes right before the first beat after it; no difference is taken across it."""

    stream: str
    from_s: float
    to_s: float
    reason: str

    @property
    def time_s(self) -> float:
        """Time at which the gap is over."""
        return self.to_s


@dataclass(frozen=True, slots=True)
class SampleChunk:
    """A run of evenly spaced samples (ECG, acceleration)."""

    stream: str
    seq: int
    time_s: float
    """Time of the last sample."""
    kind: Literal["ecg", "acc", "eda", "ppg"]
    sampling_rate_hz: float
    unit: str
    samples: NDArray[np.float64]
    """Shape (n,) or (n, channels)."""


@dataclass(frozen=True, slots=True)
class LinkChange:
    """The link to the sensor changed its state."""

    stream: str
    time_s: float
    state: LinkState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SensorFact:
    """Something the sensor told of itself: battery_percent, model, firmware, serial, manufacturer, location."""

    stream: str
    time_s: float
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A note that a file or a session carries at a time; what ``data`` means is for the rooms to the right."""

    stream: str
    time_s: float
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed, at least once a second, whether or not anything else came."""

    stream: str
    time_s: float


Item: TypeAlias = Notification | Beat | Gap | SampleChunk | LinkChange | SensorFact | Marker | Tick


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source is and where its times begin."""

    kind: Literal["sensor", "browser", "replay", "simulation"]
    name: str
    """For people: the sensor's printed name, the file's name, the scenario."""
    streams: tuple[str, ...]
    started_at: datetime | None = None
    """Wall clock at origin, or None when the file does not say."""
    origin_ns: int | None = None
    """Monotonic clock at origin, or None when it is not of this machine's run."""
    delay_s: float = 0.0
    """How much later than the heart's beat its interval reaches us (Polar H10 about 2.6 s)."""
    speed: float = 1.0
    """Seconds of source time per second of the clock; ``inf`` is as fast as can be."""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What the person is asked to do now; a simulated heart answers to it, a real one does so by itself."""

    kind: Literal["rest", "control", "stress", "paced", "recovery"]
    breathing_rate_bpm: float | None = None
    """Breaths a minute when paced, else None (own breathing)."""


@runtime_checkable
class BeatSource(Protocol):
    """The seam. ``async for item in source`` gives items until the source ends or is closed."""

    @property
    def info(self) -> SourceInfo:
        """What this source is."""
        ...

    def __aiter__(self) -> AsyncIterator[Item]: ...

    async def aclose(self) -> None:
        """Stop, let go of whatever is held, and end the iteration; may be called twice."""
        ...


@runtime_checkable
class Responsive(Protocol):
    """A source whose heart reacts to what the session does (simulation)."""

    def respond(self, stimulus: Stimulus) -> None:
        """From now on in source time, answer to this."""
        ...
