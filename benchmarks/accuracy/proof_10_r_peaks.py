"""R peaks of an ECG: beats found, beats invented, and how far off in time.

Every figure is of the live way: chunks of a strap's frames through the stream that a session uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.signal import resample_poly

from benchmarks.accuracy import wfdb
from benchmarks.accuracy.claims import Cell, Claim, Setting, not_run
from benchmarks.accuracy.ecg_hearts import RATE_HZ, Floats, strip
from processing.r_peaks import RPeakStream, r_peaks

LEVELS_DB = (24.0, 18.0, 12.0, 6.0)
ASKED_DB = 18.0
"""Noise stronger than this is that of a strap that sits badly; told without a target, as movement is."""
STRIPS, SECONDS = 8, 120.0
SHORT_STRIPS, SHORT_SECONDS = 1, 30.0
TURNED_EVERY = 4
"""One strip in so many is worn upside down."""
CHUNK = 146
"""Samples in two frames of a strap, which make one chunk."""
WITHIN_S = 0.05
EDGE_S = 0.5
"""Beats this near to either end are not asked for."""
SETTLED_IN_S = 6.0
"""Beats before the first look wait for it."""
SLOWEST_S = 2.2
"""Three of four intervals of the slowest strap in the table of delays are told later (acquisition/sensor_delay.py)."""
SENSITIVITY, PRECISION = 0.998, 0.999
RECORD, RECORD_FILES = "mitdb100", ("mitdb100.hea", "mitdb100.dat", "mitdb100.atr")
TABLE = "Simulated ECG, 130 Hz"


@dataclass
class Tally:
    """Beats of several strips against their truth."""

    wanted: int = 0
    told: int = 0
    errors_s: list[float] = field(default_factory=list)
    """Told minus true, of each beat found."""

    def add(self, told_s: Floats, true_s: Floats, end_s: float) -> None:
        """Compare one strip; each true beat is found once at most."""
        wanted = true_s[(true_s > EDGE_S) & (true_s < end_s - EDGE_S)]
        told = told_s[(told_s > EDGE_S - WITHIN_S) & (told_s < end_s - EDGE_S + WITHIN_S)]
        self.wanted += wanted.size
        found, near_edges = matched(told, wanted), matched(told, true_s)
        self.told += told.size - (len(near_edges) - len(found))
        self.errors_s += found

    @property
    def sensitivity(self) -> float:
        """Share of true beats that were told."""
        return len(self.errors_s) / max(self.wanted, 1)

    @property
    def precision(self) -> float:
        """Share of beats told that are true."""
        return len(self.errors_s) / max(self.told, 1)

    def off_ms(self, percent: float) -> float:
        """Distance from the truth that this share of the beats found keeps."""
        return 1000 * float(np.percentile(np.abs(self.errors_s), percent)) if self.errors_s else float("nan")


def matched(told_s: Floats, true_s: Floats) -> list[float]:
    """Told minus true of each pair within 50 ms, in order."""
    errors, i, j = list[float](), 0, 0
    while i < told_s.size and j < true_s.size:
        error = float(told_s[i] - true_s[j])
        if abs(error) <= WITHIN_S:
            errors.append(error)
        i, j = i + (error <= WITHIN_S), j + (error >= -WITHIN_S)
    return errors


def streamed_s(microvolts: Floats, rate_hz: float, waits_s: list[float] | None = None) -> Floats:
    """Times of the peaks that the live stream tells, s; ``waits_s`` gets how long after its own time each was told."""
    stream, told = RPeakStream(rate_hz), list[Floats]()
    for at in range(0, microvolts.size, CHUNK):
        for look in stream.push(microvolts[at : at + CHUNK]):
            told.append(look.places)
            if waits_s is not None and at > SETTLED_IN_S * rate_hz:
                waits_s += ((at + CHUNK - look.places) / rate_hz).tolist()
    return np.concatenate([*told, stream.finish().places]) / rate_hz


def claims(setting: Setting) -> Iterator[Claim]:
    """Four levels of noise, movement, and the labelled record at its own rate and at a strap's."""
    for level in LEVELS_DB:
        yield from _simulated(setting, f"noise {level:g} dB below the beats", level, asked=level >= ASKED_DB)
    yield from _simulated(setting, "noise 24 dB below, moving a quarter of the time", LEVELS_DB[0], moves=True)
    yield _delay(setting)
    yield from _labelled(setting)


def _simulated(
    setting: Setting, what: str, noise_db: float, *, moves: bool = False, asked: bool = False
) -> Iterator[Claim]:
    tally = Tally()
    seconds = SHORT_SECONDS if setting.short else SECONDS
    for number in range(SHORT_STRIPS if setting.short else STRIPS):
        draw = np.random.default_rng((setting.seed, 10, number, int(noise_db), moves))
        made = strip(draw, seconds, noise_db=noise_db, moves=moves, upside_down=number % TURNED_EVERY == 1)
        tally.add(streamed_s(made.microvolts, made.rate_hz), made.peaks_s, made.microvolts.size / made.rate_hz)
    yield from _shares(what, tally, asked=asked, table=TABLE)
    for percent in (50, 95):
        column = f"time off, p{percent}, ms"
        yield Claim(
            f"{what}: {column}",
            "",
            round(tally.off_ms(percent), 2),
            len(tally.errors_s),
            None,
            Cell(TABLE, what, column),
        )


def _delay(setting: Setting) -> Claim:
    """From the beat to the chunk that lets it be told; the radio and this computer come on top."""
    waits_s = list[float]()
    made = strip(np.random.default_rng((setting.seed, 100)), SHORT_SECONDS, noise_db=LEVELS_DB[0])
    streamed_s(made.microvolts, made.rate_hz, waits_s)
    middle, late = np.percentile(waits_s, (50, 95)).tolist()
    what = f"live: from a beat until it can be told, in chunks of 1.1 s, p95, s (median {middle:.1f} s)"
    return Claim(what, f"{SLOWEST_S} or less", round(late, 2), len(waits_s), late <= SLOWEST_S)


def _shares(what: str, tally: Tally, *, asked: bool, table: str | None = None) -> Iterator[Claim]:
    """Sensitivity and precision within 50 ms."""
    for name, value, least, n in (
        ("sensitivity", tally.sensitivity, SENSITIVITY, tally.wanted),
        ("precision", tally.precision, PRECISION, tally.told),
    ):
        cell = Cell(table, what, name) if table is not None else None
        target = f"{least} or more" if asked else ""
        yield Claim(f"{what}: {name}", target, round(value, 4), n, value >= least if asked else None, cell)


def _labelled(setting: Setting) -> Iterator[Claim]:
    """The record is long; the short run takes its first minutes."""
    folder = setting.folder_with(*RECORD_FILES)
    if folder is None:
        yield not_run("the labelled ECG record: sensitivity", f"{SENSITIVITY} or more")
        yield not_run("the labelled ECG record: precision", f"{PRECISION} or more")
        return
    record = wfdb.load(folder, RECORD)
    size = int(120 * record.rate_hz) if setting.short else record.ecg_mv.size
    own = 1000 * record.ecg_mv[:size]
    true_s = record.beat_samples[record.beat_samples < size] / record.rate_hz
    strap = np.round(resample_poly(own, int(RATE_HZ), int(record.rate_hz)))
    for what, told_s in (
        (f"the labelled ECG record, live, {record.rate_hz:g} Hz", streamed_s(own, record.rate_hz)),
        (f"the labelled ECG record, live, {RATE_HZ:g} Hz", streamed_s(strap, RATE_HZ)),
        (f"the labelled ECG record, whole, {RATE_HZ:g} Hz", r_peaks(strap, RATE_HZ).places / RATE_HZ),
    ):
        tally = Tally(true_s.size, told_s.size, matched(told_s, true_s))
        yield from _shares(what, tally, asked=True)
        off = f"{what}: time off from the labels, p95, ms"
        yield Claim(off, "", round(tally.off_ms(95), 1), len(tally.errors_s), None)
