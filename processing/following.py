"""Whether the breath that the heart shows is the one that the guide set: achieved against paced rate.

People often do not follow: under a guide of 6 a minute a group breathed about 12 (Steffen 2021). So what was achieved
is told, never what was set, and where the heart does not show a breath nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from processing.values import IndexValue

NOT_FOLLOWED_BPM = 1.0
"""Breaths a minute from the guide's rate beyond which the guide was not followed; a shown rate is as exact."""

Finding = Literal["followed", "pacer not followed", "not known"]


@dataclass(frozen=True, slots=True)
class Following:
    """Achieved against paced rate over one stretch."""

    finding: Finding
    paced_bpm: float
    """Mean rate of the guide over the stretch."""
    achieved_bpm: float | None
    """What the heart shows, or None when hidden."""
    reason: str | None
    """Why the finding is ``not known``, else None."""

    @property
    def off_bpm(self) -> float | None:
        """Achieved less paced, breaths a minute, or None when not known."""
        return None if self.achieved_bpm is None else self.achieved_bpm - self.paced_bpm


def following(paced_bpm: float, breathing_rate: IndexValue) -> Following:
    """Compare the guide's mean rate with ``breathing_rate_bpm`` of the same stretch.

    >>> shown = IndexValue("breathing_rate_bpm", 11.8, "breaths/min", 120.0, 140, 0.0)
    >>> following(6.0, shown).finding
    'pacer not followed'
    """
    achieved = breathing_rate.value
    if achieved is None:
        return Following("not known", paced_bpm, None, breathing_rate.reason)
    off = abs(achieved - paced_bpm) > NOT_FOLLOWED_BPM
    return Following("pacer not followed" if off else "followed", paced_bpm, achieved, None)
