"""Simulated ECG whose R peaks are known to the microsecond, with noise of a stated strength and with movement.

Each beat is a sum of five bell-shaped waves (the shapes of McSharry and others 2003, IEEE Trans Biomed Eng 50:289),
written down as a function of time, so that the true peak is not tied to any sample. Strength of noise is said as in the
MIT-BIH Noise Stress Test (Moody and others 1984, Computers in Cardiology 11:381): the square of the mean QRS height,
peak to peak, over eight, against the mean square of the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from benchmarks.accuracy.hearts import simulated_rest

Floats = NDArray[np.float64]
Draw = np.random.Generator

RATE_HZ = 130.0
"""What chest straps send."""
BREATH_DEPTH = 0.12
"""Share by which the breath raises and lowers the whole beat."""
MUSCLE_HZ, SKIN_HZ = (8.0, 55.0), (0.7, 8.0)
"""Bands of muscle noise and of the electrodes' noise; half of the power lies in each."""
WANDER_UV = 300.0
"""Height of the slow baseline, which counts as no noise here: every detector takes it off."""
MOVING_SHARE = 0.25
"""Share of the time in which a moving person moves."""


@dataclass(frozen=True, slots=True)
class Ecg:
    """One strip with its truth."""

    rate_hz: float
    microvolts: Floats
    """Whole microvolts, as a strap sends them."""
    peaks_s: Floats
    """True times of the R peaks, s from the first sample."""
    moving: NDArray[np.bool_]
    """Of each sample, whether the person moves."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Waves of one person's beat: heights in uV, places and widths in s."""

    heights_uv: Floats
    places_s: Floats
    widths_s: Floats

    def at(self, since_s: Floats, stretch: float) -> Floats:
        """Microvolts so many seconds after the R wave's middle; the T wave moves with the root of the interval."""
        places = np.where(self.places_s > 0.1, self.places_s * stretch, self.places_s)
        bells = np.exp(-0.5 * ((since_s[:, None] - places) / self.widths_s) ** 2)
        return np.asarray(bells @ self.heights_uv, dtype=np.float64)


def strip(draw: Draw, seconds: float, *, noise_db: float | None, moves: bool = False, upside_down: bool = False) -> Ecg:
    """One person's ECG. ``noise_db`` None leaves only the slow baseline; the rate is up to 1 % off 130 Hz."""
    rate_hz = RATE_HZ * draw.uniform(0.99, 1.01)
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    shape = _shape(draw)
    middles_s, rr_s = _beats(draw, seconds)
    breath = 1 + BREATH_DEPTH * np.sin(2 * np.pi * draw.uniform(0.15, 0.3) * middles_s)
    signal = np.zeros(time_s.size)
    for middle_s, interval_s, height in zip(middles_s, rr_s, breath, strict=True):
        near = slice(*np.searchsorted(time_s, (middle_s - 0.35, middle_s + 0.65)))
        signal[near] += height * shape.at(time_s[near] - middle_s, np.sqrt(interval_s / 0.85))
    fine_s = np.linspace(-0.03, 0.03, 6001)
    wave = shape.at(fine_s, 1.0)
    peaks_s = middles_s + fine_s[np.argmax(wave)]
    wave = shape.at(np.linspace(-0.08, 0.08, 1601), 1.0)
    if noise_db is not None:
        signal += _noise(draw, time_s.size, rate_hz, np.ptp(wave) / np.sqrt(8) * 10 ** (-noise_db / 20))
    moving = np.zeros(time_s.size, dtype=bool)
    if moves:
        moving, movement = _movement(draw, time_s, rate_hz, float(wave.max()))
        signal += movement
    signal += WANDER_UV * np.sin(2 * np.pi * (0.05 * time_s + draw.random()))
    sign = -1.0 if upside_down else 1.0
    inside = (peaks_s > 0) & (peaks_s < time_s[-1])
    return Ecg(rate_hz, np.round(sign * signal), peaks_s[inside], moving)


def _shape(draw: Draw) -> _Shape:
    """P, Q, R, S and T; S is never deeper than 60 % of R, T up to 45 %."""
    r_uv = draw.uniform(500, 1600)
    parts = np.array(
        [draw.uniform(0.05, 0.15), -draw.uniform(0, 0.2), 1, -draw.uniform(0, 0.6), draw.uniform(0.1, 0.45)]
    )
    width = draw.uniform(0.008, 0.013)
    places = np.array([-draw.uniform(0.14, 0.18), -2.6 * width, 0.0, 2.6 * width, draw.uniform(0.24, 0.30)])
    return _Shape(r_uv * parts, places, np.array([0.02, 0.8 * width, width, width, draw.uniform(0.035, 0.05)]))


def _beats(draw: Draw, seconds: float) -> tuple[Floats, Floats]:
    """Times of the R waves' middles and the interval before each: a breathing heart at 50 to 130 a minute."""
    speed = draw.uniform(0.5, 1.2)
    rr_s = speed * simulated_rest(draw, int(seconds / 0.3)) / 1000
    times_s = draw.uniform(0.1, 0.9) + np.cumsum(rr_s)
    inside = times_s < seconds
    return times_s[inside], rr_s[inside]


def _noise(draw: Draw, size: int, rate_hz: float, rms_uv: float) -> Floats:
    parts = [
        sosfiltfilt(butter(2, band, "bandpass", fs=rate_hz, output="sos"), draw.normal(size=size))
        for band in (MUSCLE_HZ, SKIN_HZ)
    ]
    mixed = sum(part / part.std() for part in parts)
    return np.asarray(rms_uv * mixed / np.std(mixed), dtype=np.float64)


def _movement(draw: Draw, time_s: Floats, rate_hz: float, r_uv: float) -> tuple[NDArray[np.bool_], Floats]:
    """Bursts of 2 to 8 s: a swing at the pace of steps, jumps of the baseline that fade, and muscle."""
    moving, signal, at_s = np.zeros(time_s.size, dtype=bool), np.zeros(time_s.size), draw.uniform(5, 15)
    while at_s < time_s[-1]:
        lasts_s = draw.uniform(2, 8)
        here = (time_s >= at_s) & (time_s < at_s + lasts_s)
        inside_s = time_s[here] - at_s
        envelope = np.sin(np.pi * inside_s / lasts_s)
        swing = draw.uniform(0.2, 0.8) * np.sin(2 * np.pi * draw.uniform(1.2, 2.8) * inside_s)
        burst = envelope * (swing + 0.15 * draw.normal(size=inside_s.size))
        signal[here] += r_uv * burst
        for jump_s in draw.uniform(0, lasts_s, draw.poisson(lasts_s / 2)):
            since_s = np.maximum(time_s - at_s - jump_s, 0)
            signal += r_uv * draw.uniform(-1, 1) * np.where(time_s >= at_s + jump_s, np.exp(-since_s / 0.25), 0)
        moving |= here
        at_s += lasts_s / MOVING_SHARE * draw.uniform(0.6, 1.4)
    return moving, signal
