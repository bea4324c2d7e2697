"""Whether what one person says goes with what their heart does, over many parts of many sessions.

Spearman's rank correlation within the person (as within-person associations are studied: Sommerfeldt 2019), never of
one session alone, always with its interval. It is no measure of honesty and no norm exists for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

LEAST_SESSIONS = 4
LEAST_PARTS = 12
"""Under either there is no coefficient (docs/protocol.md)."""
DRAWS = 2000
"""Bootstrap draws: the ends of a 95 % interval then move by under 0.02 between runs."""
LEVEL = 0.95
SEED = 20190101
"""Draws begin here, so that the same parts always give the same interval."""
NOTE = "A quiet heart is not a calm person: heart rate is one channel, and a split has many causes."

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """One part of one session: what was said and what the heart did, each against its own reference."""

    session: str
    felt: float
    """Change of the answer, of 100."""
    heart_bpm: float
    """Change of heart rate, beats/min."""


@dataclass(frozen=True, slots=True)
class Concordance:
    """The coefficient with its interval, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    sessions: int
    parts: int
    reason: str | None
    note: str = NOTE


def concordance(parts: Sequence[Said]) -> Concordance:
    """Coefficient of one person's parts; raises nothing, undefined cases are named."""
    sessions = len({part.session for part in parts})
    reason = None
    if sessions < LEAST_SESSIONS or len(parts) < LEAST_PARTS:
        needs = f"{LEAST_SESSIONS} sessions and {LEAST_PARTS} parts"
        reason = f"too_short: needs {needs}, has {sessions} and {len(parts)}"
        return Concordance(None, None, None, sessions, len(parts), reason)
    felt, heart = np.array([part.felt for part in parts]), np.array([part.heart_bpm for part in parts])
    found = _spearman(felt[None, :], heart[None, :])
    if not np.isfinite(found[0]):
        reason = "no_variability: one side never changes"
        return Concordance(None, None, None, sessions, len(parts), reason)
    drawn = np.random.default_rng(SEED).integers(0, felt.size, (DRAWS, felt.size))
    spread = _spearman(felt[drawn], heart[drawn])
    low, high = np.nanquantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Concordance(float(found[0]), float(low), float(high), sessions, len(parts), None)


def _spearman(one: Floats, two: Floats) -> Floats:
    """Rank correlation of each row, shape (rows,); NaN where a row does not vary."""
    ranks = [rankdata(side, axis=1) for side in (one, two)]
    first, second = (each - each.mean(axis=1, keepdims=True) for each in ranks)
    together = np.einsum("ij,ij->i", first, second)
    alone = np.sqrt(np.einsum("ij,ij->i", first, first) * np.einsum("ij,ij->i", second, second))
    found: Floats = np.divide(together, alone, out=np.full(together.size, np.nan), where=alone > 0)
    return found
