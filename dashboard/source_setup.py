"""What the program was started with: a strap, a simulated heart, or a recording. Light, for it comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from acquisition.formats import RecordingFile

Kind = Literal["sensor", "simulate", "file"]
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

    @property
    def simulated(self) -> bool:
        """No person wears a strap: nobody is recorded, so nobody is asked for consent."""
        return self.kind != "sensor"
