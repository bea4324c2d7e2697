"""Hearts that follow a breath guide with a known resonance: their swing is that of a resonance at each rate."""

from __future__ import annotations

import numpy as np

from acquisition.beats import Gap
from processing.pacer import BreathPattern, PacerPlan, Stretch
from processing.resonance_criteria import PacedTrial
from processing.values import Verdict
from processing.windows import Series
from tests.processing.hearts import Floats, normal_judgements

HALVES = BreathPattern(0.5, 0.0, 0.5, 0.0)


def intervals(
    plan: PacerPlan,
    until_s: float,
    *,
    peak_bpm: float = 5.5,
    q: float = 3.0,
    lag_s: float = 0.3,
    delay_s: float = 0.0,
    noise_bpm: float = 0.7,
    seed: int = 0,
) -> Floats:
    """RR in ms from 0 on; fastest when the guide of equal halves is full, turned by the resonance and the lag."""
    draw = np.random.default_rng(seed)
    time_s, series = 0.0, []
    while time_s < until_s:
        at = max(0.0, time_s + 0.45 - lag_s - delay_s)
        state = plan.at(at)
        bpm = state.rate_bpm
        answer = 1 / (1 + 1j * q * (bpm / peak_bpm - peak_bpm / bpm))
        breaths = plan.breaths_between(0.0, at)
        rate = 66.0 - 7.0 * (answer * np.exp(2j * np.pi * breaths)).real + draw.normal(0, noise_bpm)
        series.append(60_000 / rate)
        time_s += series[-1] / 1000
    return np.array(series)


def series_of(rr_ms: Floats, *, refused: int = 0, gaps: tuple[Gap, ...] = ()) -> Series:
    """All normal but every ``refused``-th."""
    judged = list(normal_judgements(rr_ms))
    if refused:
        judged[::refused] = [type(j)(j.seq, j.time_s, j.rr_ms, Verdict.LONG, False) for j in judged[::refused]]
    return Series.of(judged, gaps)


def steps(rates: tuple[float, ...], seconds: float = 180.0) -> tuple[PacerPlan, tuple[PacedTrial, ...]]:
    """One guide through all rates, and its trials."""
    stretches, start_s = [], 0.0
    for rate in rates:
        breaths = round(seconds * rate / 60)
        stretches.append(Stretch(start_s, 60.0 / rate, breaths))
        start_s += breaths * 60.0 / rate
    ends = [*(stretch.start_s for stretch in stretches[1:]), start_s]
    stretches[-1] = Stretch(stretches[-1].start_s, stretches[-1].period_s, None)
    plan = PacerPlan(HALVES, tuple(stretches))
    trials = (
        PacedTrial(rate, stretch.start_s, end_s, plan, 0.0)
        for rate, stretch, end_s in zip(rates, stretches, ends, strict=True)
    )
    return plan, tuple(trials)
