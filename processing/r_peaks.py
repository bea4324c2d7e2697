"""R peaks of an ECG: of a whole recording at once, or sample by sample as it comes, each told once and in order.

NeuroKit2 cleans and finds (its own method, the surest of those it offers on strap ECG by
``python -m benchmarks.accuracy --only 10``); what is added here is which way up the electrodes are worn, beats that
point the other way than the rest, the refusal of flat "beats", and the time between samples. Live, it looks again at a
trailing window every half second and tells the peaks that lie far enough from the window's end to stay where they are.
Where it looks is fixed by the count of samples, so the same samples give the same peaks however they were chunked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from processing import neurokit

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LEAST_HZ = 100.0
"""The mains filter takes two samples of a period of 50 Hz, and an R wave lasts for a few of these."""
WINDOW_S = 10.0
"""What each look sees. From 6 s on the same peaks are found as in the whole recording; a longer one costs more."""
HOP_S = 0.5
"""From one look to the next; a look costs about 7 ms."""
FIRST_LOOK_S = 4.0
"""At the start of a segment: three beats or more at any resting rate, to know how high a beat is."""
LEAST_S = 2.0
"""A segment that ends before this tells no peaks: NeuroKit2 compares each slope with those of 0.75 s around it."""
SETTLED_S = 0.4
"""A peak nearer than this to the end of the window may still move: half of the 0.75 s over which slopes are
averaged."""
LATEST_S = SETTLED_S + HOP_S
"""A peak is told at the latest so long after its sample has come."""
REFRACTORY_S = 0.25
"""No heart beats twice within this: a deep wave so near to a peak is part of the same beat, and a peak that has moved
by a sample is not told twice."""
BLIND_S = 0.35
"""NeuroKit2 tells no peak in the first 0.3 s; a deep wave up to here may belong to a beat that it has left out."""
FLAT = 0.5
"""Peaks whose rise and fall are below this share of the window's median are noise or T waves. Movement raises the
baseline, so height alone would refuse beats; a premature beat from the ventricle is higher, not lower."""
RISE_S = 0.05
"""Either side of a peak in which its rise and fall are measured: half of a QRS complex."""
TURNED = 1.3
"""The ECG is upside down when its usual depth exceeds its usual height by this factor, and upright again when the
other way round; in between, it stays as it was."""


@dataclass(frozen=True, slots=True)
class RPeaks:
    """Peaks of one look."""

    places: Floats
    """In samples from the first, between samples too; rising."""
    upside_down: bool
    """Whether the R waves point downwards."""


def r_peaks(microvolts: Floats, rate_hz: float, *, upside_down: bool = False) -> RPeaks:
    """R peaks of evenly spaced ECG samples (shape (n,), any unit) without gaps.

    ``rate_hz`` is the sampling rate; ``upside_down`` is what was known before. Beats within about 0.3 s of either end
    may be left out. Raises ValueError for another shape, or a rate under 100 Hz.
    """
    if microvolts.ndim != 1:
        raise ValueError(f"one ECG lead is wanted, shape (n,); this has {microvolts.shape}")
    if rate_hz < LEAST_HZ:
        raise ValueError(f"an ECG of {rate_hz:g} Hz is too coarse for R peaks, it takes {LEAST_HZ:g} Hz")
    rate = round(rate_hz)
    if microvolts.size < LEAST_S * rate_hz or np.ptp(microvolts) == 0 or not np.isfinite(microvolts).all():
        return RPeaks(np.empty(0), upside_down)
    clean = neurokit.clean_ecg(microvolts, rate)
    turned = _turned(clean, rate, upside_down)
    upright = -clean if turned else clean
    usual = _inside(neurokit.ecg_peaks(upright, rate), upright, rate)
    if usual.size == 0:
        return RPeaks(np.empty(0), turned)
    least = FLAT * float(np.median(_rise(upright, usual, rate)))
    usual = usual[_rise(upright, usual, rate) >= least]
    other = _turned_beats(upright, usual, least, rate)
    places = np.concatenate((_between_samples(upright, usual), _between_samples(-upright, other)))
    return RPeaks(np.sort(places), turned)


def _turned_beats(upright: Floats, usual: Places, least: float, rate: int) -> Places:
    """Beats that point the other way than the usual ones, as many from the ventricle do: in a QRS complex without a
    top, NeuroKit2 finds none."""
    places = _inside(neurokit.ecg_peaks(-upright, rate), upright, rate)
    alone = (_apart(places, usual) > REFRACTORY_S * rate) & (places > BLIND_S * rate)
    beats: Places = places[alone & (_rise(upright, places, rate) >= least)]
    return beats


def _turned(clean: Floats, rate: int, before: bool) -> bool:
    """Whether the R waves point downwards, by the usual height and depth of a second."""
    seconds = clean[: clean.size // rate * rate].reshape(-1, rate)
    height, depth = float(np.median(seconds.max(axis=1))), float(np.median(-seconds.min(axis=1)))
    return height <= TURNED * depth if before else depth > TURNED * height


def _inside(places: Places, clean: Floats, rate: int) -> Places:
    """Places whose surroundings are whole."""
    reach = round(RISE_S * rate)
    whole: Places = places[(places >= reach) & (places < clean.size - reach)]
    return whole


def _rise(clean: Floats, places: Places, rate: int) -> Floats:
    """Of each place, how far the ECG rises and falls around it."""
    reach = round(RISE_S * rate)
    return np.asarray(np.ptp(clean[places[:, None] + np.arange(-reach, reach + 1)], axis=1), dtype=np.float64)


def _apart(places: Places, others: Places) -> Places:
    """Of each place, the samples to the nearest of the others."""
    nearest: Places = np.abs(places[:, None] - others).min(axis=1, initial=np.iinfo(np.int64).max)
    return nearest


def _between_samples(clean: Floats, places: Places) -> Floats:
    """The top of the parabola through each peak and its neighbours."""
    before, top, after = clean[places - 1], clean[places], clean[places + 1]
    bend = before - 2 * top + after
    shift = np.divide(0.5 * (before - after), bend, out=np.zeros(places.size), where=bend < 0)
    return np.asarray(places + np.clip(shift, -0.5, 0.5), dtype=np.float64)


@dataclass
class RPeakStream:
    """R peaks of one gap-free segment as its samples come. Pure: equal samples give equal peaks, however chunked."""

    rate_hz: float
    upside_down: bool = False
    """Which way up it is taken for; may change while more is seen, and peaks on either side are then not comparable."""
    _samples: Floats = field(default_factory=lambda: np.empty(0))
    """The last ones, as many as a look sees."""
    _count: int = 0
    """Samples so far."""
    _last: float = -np.inf
    """Place of the peak told last."""

    def __post_init__(self) -> None:
        self._look_at = round(FIRST_LOOK_S * self.rate_hz)

    def push(self, microvolts: Floats) -> list[RPeaks]:
        """Take the next samples (shape (n,)); what each look tells, places counted from the segment's first sample."""
        looks = []
        while self._count + microvolts.size >= self._look_at:
            part = self._look_at - self._count
            self._add(microvolts[:part])
            microvolts = microvolts[part:]
            looks.append(self._look(SETTLED_S))
            self._look_at += round(HOP_S * self.rate_hz)
        self._add(microvolts)
        return looks

    def finish(self) -> RPeaks:
        """No more samples: the peaks that were still waiting."""
        return self._look(0.0)

    def _add(self, samples: Floats) -> None:
        most = round(WINDOW_S * self.rate_hz)
        self._samples = np.concatenate((self._samples, samples))[-most:]
        self._count += samples.size

    def _look(self, settled_s: float) -> RPeaks:
        found = r_peaks(self._samples, self.rate_hz, upside_down=self.upside_down)
        self.upside_down = found.upside_down
        places = found.places + (self._count - self._samples.size)
        told = []
        for place in places[places <= self._count - settled_s * self.rate_hz].tolist():
            if place > self._last + REFRACTORY_S * self.rate_hz:
                told.append(place)
                self._last = place
        return RPeaks(np.array(told), found.upside_down)
