"""The lag between two series cut into windows, from the phase of their cross-spectrum, and how sure it is.

Each frequency speaks with the weight of its coherence C, C / (1 - C): the maximum-likelihood estimate of a delay
(Knapp and Carter 1976, doi 10.1109/TASSP.1976.1162830). What only one of the two does, such as an own breath, then
moves nothing. The interval is that of the same estimate on many made-up series of the same coherence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal.windows import hann
from scipy.stats import t as student

Floats = NDArray[np.float64]

BAND_HZ = (0.015, 0.15)
"""The slow waves that two hearts may share, from what a minute's window holds up to the breath."""
AROUND_S = 2.5
"""How far from the first guess the lag is looked for: a quarter of the slow waves' 10 s, where phase is unambiguous."""
GRID_S = 0.01
"""Step of the search."""
HIGHEST_COHERENCE = 0.98
"""One frequency must not outshout all others: estimated coherence is never better than its number of windows."""
DRAWS = 400
"""Made-up series behind an interval."""
APART = 0.48
"""Share of windows that count as independent at one frequency: Hann windows that overlap by three quarters (Welch
1967, doi 10.1109/TAU.1967.1161901)."""
WHOLE = 0.2
"""The same over all frequencies together: four windows begin in a minute, and a Hann taper uses four fifths of it."""
LEAST_HALF_WIDTH_S = 0.05
"""No lag is claimed finer than this: a beat's place is known to about 0.03 s."""


@dataclass(frozen=True, slots=True)
class Lag:
    """A lag in seconds; positive when the second series comes after the first."""

    lag_s: float
    half_width_s: float
    """Of its 95 % interval."""


def lag_of(first: Floats, second: Floats, rate_hz: float, guess_s: float, sign: float) -> Lag:
    """Lag of ``second`` after ``first``, both of shape (windows, samples), second already moved by ``guess_s``.

    ``sign`` is -1 where one goes up as the other goes down. Needs at least two windows.
    """
    taper = hann(first.shape[1], sym=False)
    hz = np.fft.rfftfreq(first.shape[1], 1 / rate_hz)
    inside = (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])
    one, two = (np.fft.rfft(each * taper, axis=1)[:, inside] for each in (first, second))
    cross = (one * two.conj()).sum(axis=0) * sign
    power_one, power_two = ((np.abs(each) ** 2).sum(axis=0) for each in (one, two))
    lags_s = np.arange(-AROUND_S, AROUND_S + GRID_S / 2, GRID_S)
    turns = np.exp(-2j * np.pi * np.outer(hz[inside], lags_s))
    coherence = _coherence(cross, power_one, power_two, max(2, round(APART * first.shape[0])))
    found = lags_s[int(_likelihood(cross, coherence, turns).argmax())]
    minutes = max(2, round(WHOLE * first.shape[0]))
    error_s = float(np.quantile(np.abs(_errors(coherence, minutes, lags_s, turns)), 0.95))
    # The coherence is itself an estimate from so many minutes, so the normal's width is Student's.
    error_s *= float(student.ppf(0.975, minutes - 1) / student.ppf(0.975, 1e6))
    return Lag(guess_s + float(found), max(error_s, LEAST_HALF_WIDTH_S))


def _errors(coherence: Floats, independent: int, lags_s: Floats, turns: NDArray[np.complex128]) -> Floats:
    """Errors of the same estimate on series of this coherence without any lag, shape (DRAWS,)."""
    rng = np.random.default_rng(0)
    shape = (2, DRAWS, independent, coherence.size)
    one, noise = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    two = np.sqrt(coherence) * one + np.sqrt(1 - coherence) * noise
    cross = (one * two.conj()).sum(axis=1)
    power_one, power_two = ((np.abs(each) ** 2).sum(axis=1) for each in (one, two))
    again = _coherence(cross, power_one, power_two, independent)
    return np.asarray(lags_s[_likelihood(cross, again, turns).argmax(axis=1)], dtype=np.float64)


def _coherence(cross: NDArray[np.complex128], power_one: Floats, power_two: Floats, independent: int) -> Floats:
    """Magnitude-squared coherence less what chance gives so many windows."""
    found = np.abs(cross) ** 2 / np.maximum(power_one * power_two, np.finfo(float).tiny)
    return np.clip((found - 1 / independent) / (1 - 1 / independent), 0.0, HIGHEST_COHERENCE)


def _likelihood(cross: NDArray[np.complex128], coherence: Floats, turns: NDArray[np.complex128]) -> Floats:
    """How well each lag explains the phases, shape (..., lags)."""
    weight = coherence / (1 - coherence)
    phase = cross / np.maximum(np.abs(cross), np.finfo(float).tiny)
    return np.asarray(((weight * phase) @ turns).real, dtype=np.float64)
