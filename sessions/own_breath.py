"""The person's own resting breath, as the baseline shows it: where the guide will meet them."""

from __future__ import annotations

from statistics import median

from processing.values import IndexValue

LEAST_SHARE = 0.5
"""Share of the baseline's readings that must show a rate: else it would be the rate of a few chance moments."""


class OwnBreath:
    """Readings of one baseline."""

    def __init__(self) -> None:
        self._shown: list[float] = []
        self._read = 0

    def hear(self, rate: IndexValue, confidence: IndexValue) -> None:
        """Take a second's reading; a second without one, shown or not, does not count."""
        if confidence.value is not None:
            self._read += 1
            if rate.value is not None:
                self._shown.append(rate.value)

    @property
    def rate_bpm(self) -> float | None:
        """Middle of the rates shown, or None while the heart's rhythm does not say."""
        if not self._shown or len(self._shown) < LEAST_SHARE * self._read:
            return None
        return median(self._shown)
