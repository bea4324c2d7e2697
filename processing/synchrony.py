"""Whether two hearts move together, with which lag, and how sure that is: windowed cross-correlation on one clock.

Heart rate is smoothed on absolute beat times, so that a refused or missing beat moves nothing. Windows of one minute,
each with its trend taken out, are correlated at every lag (Boker et al. 2002, doi 10.1037/1082-989X.7.3.338). All
other alignments of the same two recordings, shifted by half a minute and more, are the surrogates: they keep each
heart's own rhythm and break what is shared (Moulder et al. 2018, doi 10.1037/met0000172). A strong match says that the
two moved together, never who moved whom: turn-taking and a shared task do the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from processing.indices import MS_PER_MIN
from processing.lag import Lag, lag_of
from processing.values import Judgement, Verdict

Floats = NDArray[np.float64]
Span = tuple[float, float]

GRID_HZ = 4.0
"""Heart rate is read so often; lags are interpolated between its steps."""
FINE = 8
"""Beats are laid on a grid this much finer before smoothing: 31 ms, far under the accuracy of a lag."""
SMOOTHING_S = 1.2
"""SD of the smoothing. It passes the slow waves (half at 0.16 Hz) and takes away most of each one's own breath."""
WINDOW_S, STEP_S = 60.0, 15.0
"""Length and step of the windows (published ones run from 8 to 60 s; the slow waves take 10 s and more)."""
LAG_S = 10.0
"""Lags that are looked at, either way."""
LEAST_COVER = 0.8
"""Share of a window that normal beats must cover."""
LEAST_WINDOWS = 9
"""Windows a verdict needs: three minutes."""
LEAST_SURROGATES = 39
"""Shifts it needs: with fewer, no p of 0.05 could be trusted; five minutes together give as many."""
APART_S = 30.0
"""A surrogate is shifted at least so far: three of the slow waves, beyond which they have forgotten their phase."""
SURROGATE_STEP_S = 5.0
"""Between shifts; nearer ones hardly differ."""
ALPHA = 0.05
"""Level of the test of the pair."""
METHOD: dict[str, object] = {
    "smoothing_sd_s": SMOOTHING_S,
    "window_s": WINDOW_S,
    "step_s": STEP_S,
    "lags_s": [-LAG_S, LAG_S],
    "least_cover": LEAST_COVER,
    "surrogates": f"all alignments at least {APART_S:g} s apart, every {SURROGATE_STEP_S:g} s",
    "lag": "phase of the cross-spectrum, weighted by coherence",
    "alpha": ALPHA,
}
"""Everything needed to compute it again."""
_LAGS = round(LAG_S * GRID_HZ)
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Person:
    """One heart on the shared clock; arrays of shape (n,)."""

    time_s: Floats
    """Ends of the intervals."""
    rr_ms: Floats
    """Raw intervals; only normal ones are used."""
    normal: NDArray[np.bool_]

    @classmethod
    def of(cls, judgements: Sequence[Judgement], offset_s: float = 0.0) -> Person:
        """A judged stream whose time 0 stands at ``offset_s`` of the shared clock."""
        return cls(
            np.array([j.time_s for j in judgements]) + offset_s,
            np.array([j.rr_ms for j in judgements]),
            np.array([j.verdict is Verdict.NORMAL for j in judgements], dtype=bool),
        )


@dataclass(frozen=True, slots=True)
class Synchrony:
    """What two hearts share; None wherever ``reason`` says why."""

    windows: int
    """Windows that could be used."""
    r: float | None
    """Correlation at the strongest lag, mean over windows (of Fisher's z); negative: one rises as the other falls."""
    lag_s: float | None
    """Lag of strongest match; positive: the second comes after the first. None unless linked."""
    lag_uncertainty_s: float | None
    """Half-width of its 95 % interval."""
    linked: bool | None
    """Whether they match better than at the 0.05 level of all other alignments."""
    p: float | None
    """Share of alignments that match at least as well."""
    chance_r: float | None
    """Size of correlation that 95 % of the other alignments stay under."""
    above_chance_percent: float | None
    """Windows beyond the 95th percentile of windows in other alignments; 5 by chance."""
    in_phase_percent: float | None
    """Of these windows, those that go up together."""
    reason: str | None
    set_apart: int = 0
    """Windows left out because both breathed with a guide: that alone makes two hearts alike."""


def synchrony(first: Person, second: Person, *, apart: Iterable[Span] = ()) -> Synchrony:
    """Compare two hearts; ``apart`` are spans (s, shared clock) in which both breathed with a guide."""
    rates = _aligned(first, second)
    if rates is None:
        return _withheld(0, 0, f"too_short: needs {_least_s():.0f} s together")
    start_s, one, two = rates
    size = round(WINDOW_S * GRID_HZ)
    starts = np.arange(_LAGS, one.shape[1] - size - _LAGS + 1, round(STEP_S * GRID_HZ))
    guided = np.zeros(starts.size, dtype=bool)
    for begun, ended in apart:
        at_s = start_s + starts / GRID_HZ
        guided |= (at_s < ended) & (at_s + WINDOW_S > begun)
    ours = _windows(one, starts[~guided], size)
    usable = np.isfinite(ours[:, 0])
    ours, starts = ours[usable], starts[~guided][usable]
    if starts.size < LEAST_WINDOWS:
        reason = f"{'gap' if guided.sum() < guided.size else 'paused'}: {starts.size} windows of a minute can be used"
        return _withheld(starts.size, int(guided.sum()), f"{reason}, {LEAST_WINDOWS} are needed")
    theirs = _windows(two, np.arange(two.shape[1] - size + 1), size)
    shifts = _Shifts(_every_alignment(ours, theirs, starts))
    if shifts.surrogates.size < LEAST_SURROGATES:
        return _withheld(starts.size, int(guided.sum()), f"too_short: needs {_least_s():.0f} s together")
    return shifts.verdict(ours, theirs, starts, int(guided.sum()))


def _least_s() -> float:
    return WINDOW_S + 2 * APART_S + LEAST_SURROGATES * SURROGATE_STEP_S


def _withheld(windows: int, set_apart: int, reason: str) -> Synchrony:
    return Synchrony(windows, None, None, None, None, None, None, None, None, reason, set_apart)


def _aligned(first: Person, second: Person) -> tuple[float, Floats, Floats] | None:
    """Start of the time that both have (s), and each one's rate and cover on its grid, shape (2, n)."""
    if not first.normal.any() or not second.normal.any():
        return None
    start_s = max(person.time_s[0] - person.rr_ms[0] / 1000.0 for person in (first, second))
    end_s = min(person.time_s[-1] for person in (first, second))
    if end_s - start_s < _least_s():
        return None
    return float(start_s), _rate(first, start_s, end_s), _rate(second, start_s, end_s)


def _rate(person: Person, start_s: float, end_s: float) -> Floats:
    """Heart rate (beats/min) and cover on the grid: beats over time, both under one bell.

    Each interval stands at its middle, where its mean rate belongs; beats of hearts of different rates are then
    compared without a lag of their own.
    """
    step_s = 1.0 / (GRID_HZ * FINE)
    rr_s = person.rr_ms[person.normal] / 1000.0
    place = (person.time_s[person.normal] - rr_s / 2 - start_s) / step_s
    margin = math.ceil(5 * SMOOTHING_S / step_s)
    size = math.floor((end_s - start_s) / step_s) + 1
    inside = (place > -margin) & (place < size + margin - 1)
    below = np.floor(place[inside]).astype(np.int64)
    share = place[inside] - below
    laid = np.zeros((2, size + 2 * margin))
    for row, weight in ((0, np.ones(below.size)), (1, rr_s[inside])):
        np.add.at(laid[row], below + margin, weight * (1.0 - share))
        np.add.at(laid[row], below + margin + 1, weight * share)
    smooth = gaussian_filter1d(laid, SMOOTHING_S / step_s, axis=1, mode="constant")[:, margin : margin + size : FINE]
    # Intervals that fill their time weigh 1 in all; what is missing was refused or lost.
    cover = smooth[1] / step_s
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(cover > _TINY, MS_PER_MIN / 1000.0 * smooth[0] / smooth[1], 0.0)
    return np.stack((rate, cover))


def _windows(rate: Floats, starts: NDArray[np.int64], size: int) -> Floats:
    """Windows of unit length without mean and trend, shape (windows, size); NaN where beats cover too little."""
    cut = np.lib.stride_tricks.sliding_window_view(rate, size, axis=1)[:, starts]
    values, cover = cut[0].copy(), cut[1]
    ramp = np.arange(size) - (size - 1) / 2
    ramp /= math.sqrt(float(ramp @ ramp))
    values -= values.mean(axis=1, keepdims=True)
    values -= np.outer(values @ ramp, ramp)
    length = np.sqrt(np.einsum("ij,ij->i", values, values))
    length[(np.minimum(cover, 1.0).mean(axis=1) < LEAST_COVER) | (length < _TINY)] = np.nan
    return np.asarray(values / length[:, None], dtype=np.float64)


def _every_alignment(ours: Floats, theirs: Floats, starts: NDArray[np.int64]) -> Floats:
    """Fisher's z of each of our windows with the other's at every shift, round the ends; shape (windows, shifts).

    Column ``_LAGS`` is no shift. A window that would run over the end has no partner there (NaN).
    """
    r = ours @ theirs.T
    shift = np.arange(-_LAGS, theirs.shape[0] + ours.shape[1] - 1 - _LAGS)
    at = (starts[:, None] + shift[None, :]) % shift.size
    z = np.full(at.shape, np.nan)
    known = at < theirs.shape[0]
    rows = np.broadcast_to(np.arange(starts.size)[:, None], at.shape)
    z[known] = np.arctanh(np.clip(r[rows[known], at[known]], -1 + 1e-12, 1 - 1e-12))
    return z


class _Shifts:
    """All alignments of two recordings: the true one, and the others as its surrogates."""

    def __init__(self, z: Floats) -> None:
        self.width = 2 * _LAGS + 1
        self.near = z[:, : self.width]
        apart = round(APART_S * GRID_HZ)
        first = np.arange(apart, z.shape[1] - self.width - apart, round(SURROGATE_STEP_S * GRID_HZ))
        enough = np.isfinite(z).sum(axis=0) >= max(2, z.shape[0] // 2)
        with np.errstate(invalid="ignore"):
            mean = np.where(enough, np.nansum(z, axis=0) / np.maximum(np.isfinite(z).sum(axis=0), 1), np.nan)
        self.mean = mean
        strongest = np.array([_strongest(mean[at : at + self.width]) for at in first])
        self.surrogates = strongest[np.isfinite(strongest)]
        blocks = np.array([_each_strongest(z[:, at : at + self.width]) for at in first[:: len(first) // 20 or 1]])
        self.chance_z = float(np.nanpercentile(blocks, 95.0)) if blocks.size else math.nan

    def verdict(self, ours: Floats, theirs: Floats, starts: NDArray[np.int64], set_apart: int) -> Synchrony:
        """What the true alignment is worth among them."""
        here = self.mean[: self.width]
        strongest = _strongest(here)
        p = (1 + int(np.count_nonzero(self.surrogates >= strongest))) / (1 + self.surrogates.size)
        linked = p <= ALPHA
        best = int(np.nanargmax(np.abs(here)))
        lag = _lag(ours, theirs, starts, best - _LAGS, float(np.sign(here[best]))) if linked else None
        each = _each_strongest(self.near)
        beyond = each > self.chance_z
        at = np.nanargmax(np.where(np.isfinite(self.near), np.abs(self.near), -1.0), axis=1)
        together = self.near[np.arange(at.size), at] > 0
        return Synchrony(
            windows=self.near.shape[0],
            r=float(np.tanh(here[best])),
            lag_s=lag.lag_s if lag is not None else None,
            lag_uncertainty_s=lag.half_width_s if lag is not None else None,
            linked=linked,
            p=p,
            chance_r=float(np.tanh(np.percentile(self.surrogates, 95.0))),
            above_chance_percent=100.0 * float(beyond.mean()),
            in_phase_percent=100.0 * float(together[beyond].mean()) if beyond.any() else None,
            reason=None if linked else "low_confidence: they match no better than at any other alignment",
            set_apart=set_apart,
        )


def _strongest(z: Floats) -> float:
    return float(np.nanmax(np.abs(z))) if np.isfinite(z).any() else math.nan


def _each_strongest(z: Floats) -> Floats:
    """Largest size in each row, NaN in a row without any."""
    size = np.where(np.isfinite(z), np.abs(z), -1.0).max(axis=1)
    return np.where(size < 0, np.nan, size)


def _lag(ours: Floats, theirs: Floats, starts: NDArray[np.int64], shift: int, sign: float) -> Lag:
    """The lag near the strongest correlation, from the windows that both have there."""
    partners = theirs[starts + shift]
    both = np.isfinite(partners[:, 0])
    return lag_of(ours[both], partners[both], GRID_HZ, shift / GRID_HZ, sign)
