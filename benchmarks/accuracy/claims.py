"""One line of proof, and what a proof is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Setting:
    """What every proof gets."""

    seed: int = 1
    """All randomness comes from it; a claim holds for any."""
    recordings: Path | None = None
    """Folder of real recordings, or None; a claim that needs it is then ``not_run``."""
    short: bool = False
    """Fewer draws, to show within seconds that the proof still runs."""

    def folder_with(self, *names: str) -> Path | None:
        """The folder of real recordings when it holds all these files, else None."""
        folder = self.recordings
        return folder if folder is not None and all((folder / name).is_file() for name in names) else None


class Cell(NamedTuple):
    """Where a figure stands when a page shows it in a table of rows and columns."""

    table: str
    """Heading of the table."""
    row: str
    column: str


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
    cell: Cell | None = None
    """Its place in a table, or None when it is a line of its own."""

    def as_dict(self, proof: int) -> dict[str, float | str | bool | None]:
        """As one object of the command's JSON."""
        return {
            "proof": proof,
            "claim": self.claim,
            "target": self.target,
            "value": self.value,
            "n": self.n,
            "met": self.met,
        }


def not_run(claim: str, target: str, why: str = "not run: needs --recordings DIR") -> Claim:
    """A claim without its material; it says so instead of vanishing."""
    return Claim(claim, target, why, 0, None)
