"""What the program was started with: a strap, a simulated heart, a recording, another program. Loads little."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from acquisition.station import Station

if TYPE_CHECKING:
    from acquisition.formats import RecordingFile

Kind = Literal["sensor", "simulate", "file", "elsewhere"]
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class SourceSetup:
    """Where the hearts of sittings come from, unless a page chooses otherwise."""

    kind: Kind = "sensor"
    seed: int = DEFAULT_SEED
    speed: float = 1.0
    """Seconds of the sitting per second of the clock; only simulated hearts and recordings can be other than 1."""
    recording: RecordingFile | None = None
    """What is told again when ``kind`` is ``file``."""
    elsewhere: str | None = None
    """What brings the heart when ``kind`` is ``elsewhere``: ``lsl:STREAM`` or ``plugin:NAME``."""
    stations: dict[str, Station] = field(default_factory=dict, compare=False)
    """By the sitting's id: where a page tells of a strap that its own browser holds."""

    @property
    def simulated(self) -> bool:
        """No person wears a strap: nobody is recorded, so nobody is asked for consent."""
        return self.kind in ("simulate", "file")

    def station_of(self, session_id: str) -> Station:
        """The sitting's station, made when it is first asked for; a few bytes that stay until the program ends."""
        return self.stations.setdefault(session_id, Station())
