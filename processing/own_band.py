"""The person's own band: where the next rest lies in all but one of twenty series, if nothing has changed.

A prediction interval from the person's own comparable rests (Student's t with n - 1 degrees of freedom, widened by
sqrt(1 + 1/n) because the next one scatters too), shared out over the indices looked at and the sessions looked at, so
that the whole series cries wolf in 5 % at most. Mean ± 1.96 SD of five rests would do so in 15 %. Until there are five
rests it is still learning and says nothing. No person is compared with another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

LEAST_RESTS = 5
"""Comparable rests before a band is told; with fewer a t interval is wider than anything that happens."""
ALPHA = 0.035
"""Chance that a whole series without change is told to have one, as it is shared out: at 0.05 simulated hearts, whose
scatter is not quite normal, were told in 4.0 to 5.7 % of 1,000 series, so that half of the time it was over 5 %."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One session's resting values by index; only rests of the same posture, speech and time of day are comparable."""

    values: Mapping[str, float]
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class Band:
    """Where the next value is expected."""

    low: float
    high: float
    rests: int
    """Rests that it was learnt from."""

    def holds(self, value: float) -> bool:
        """Whether a value lies inside."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Standing:
    """One value beside the band of the rests before it."""

    value: float
    band: Band | None
    """None while still learning."""
    reason: str | None
    """Why there is no band, or None."""

    @property
    def outside(self) -> bool:
        """Told as a change only here."""
        return self.band is not None and not self.band.holds(self.value)


def own_band(before: Sequence[float], *, looks: int = 1, indices: int = 1) -> Band | None:
    """Band for the next value from the values before (any unit); None with fewer than five.

    ``looks`` is how many sessions will be held against a band in the whole series, ``indices`` how many indices in
    each. Raises ValueError for counts under 1.
    """
    if looks < 1 or indices < 1:
        raise ValueError("looks and indices count from 1")
    values = np.array([value for value in before if math.isfinite(value)])
    if values.size < LEAST_RESTS:
        return None
    level = ALPHA / (looks * indices)
    reach = float(student.ppf(1 - level / 2, values.size - 1)) * float(values.std(ddof=1))
    reach *= math.sqrt(1 + 1 / values.size)
    middle = float(values.mean())
    return Band(middle - reach, middle + reach, int(values.size))


def changes(rests: Sequence[Rest]) -> Iterator[Mapping[str, Standing]]:
    """Each session in order against the band of the comparable ones before it.

    All sessions of the series share one chance of a false alarm, so a long series is held to a wider band.
    """
    names = sorted({name for rest in rests for name in rest.values})
    looks = max(1, sum(rest.comparable for rest in rests) - LEAST_RESTS)
    learnt: dict[str, list[float]] = {name: [] for name in names}
    for rest in rests:
        yield {name: _standing(rest, name, learnt[name], looks, len(names)) for name in rest.values}
        if rest.comparable:
            for name, value in rest.values.items():
                learnt[name].append(value)


def _standing(rest: Rest, name: str, before: Sequence[float], looks: int, indices: int) -> Standing:
    value = rest.values[name]
    if not rest.comparable:
        return Standing(value, None, "low_confidence: this rest is not comparable with the others")
    band = own_band(before, looks=looks, indices=indices)
    missing = LEAST_RESTS - len(before)
    reason = None if band is not None else f"warming_up: still learning, {missing} more comparable rests are needed"
    return Standing(value, band, reason)
