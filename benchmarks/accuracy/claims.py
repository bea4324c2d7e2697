"""One line of proof, and what a proof is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """What every proof gets."""

    seed: int = 1
    """All randomness comes from it; a claim holds for any."""
    recordings: Path | None = None
    """Folder of real recordings, or None; a claim that needs it is then ``not_run``."""
    short: bool = False
    """Fewer draws, to show within seconds that the proof still runs."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with the figure that was measured for it."""

    claim: str
    target: str
    """What must hold, in words; empty where a figure is only reported."""
    value: float | str | None
    """The measured figure with as many digits as mean something; None when not run."""
    n: int
    """Draws, series or beats behind the figure."""
    met: bool | None
    """None when not run, or when there is no target."""


def not_run(claim: str, target: str, why: str = "not run: needs --recordings DIR") -> Claim:
    """A claim without its material; it says so instead of vanishing."""
    return Claim(claim, target, why, 0, None)
