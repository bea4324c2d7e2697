"""Frequent ectopy: RMSSD near the truth or withheld, and the burden told or called not interpretable."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.accuracy import hearts
from benchmarks.accuracy.claims import Claim, Setting, not_run
from processing.analysis import Analysis, analyze

PERCENTS = (2, 5, 8, 12, 20, 33)
DRAWS, SHORT_DRAWS = 60, 1
BEATS = 450
RMSSD_WITHIN_PERCENT, BURDEN_WITHIN_POINTS = 10.0, 3.0

Maker = Callable[[np.random.Generator], hearts.Floats]


def claims(setting: Setting) -> Iterator[Claim]:
    """Each share of early beats in each heart."""
    for number, (name, make) in enumerate(_hearts(setting).items()):
        if make is None:
            yield not_run(f"{name}: RMSSD and burden with frequent ectopy", "within 10 % and 3 points, or withheld")
            continue
        for percent in PERCENTS[::3] if setting.short else PERCENTS:
            yield from _level(setting, number, name, make, percent)


def _hearts(setting: Setting) -> dict[str, Maker | None]:
    def real(draw: np.random.Generator) -> hearts.Floats:
        assert rest is not None
        start = int(draw.integers(0, rest.size - BEATS))
        return rest[start : start + BEATS]

    folder = setting.folder_with(hearts.REST_FILE)
    rest = None if folder is None else hearts.recorded(folder, hearts.REST_FILE)
    return {
        "real rest": None if rest is None else real,
        "simulated rest": lambda draw: hearts.simulated_rest(draw, BEATS),
        "paced ±150 ms": lambda draw: hearts.paced(draw, BEATS),
    }


def _level(setting: Setting, number: int, name: str, make: Maker, percent: int) -> Iterator[Claim]:
    draws = SHORT_DRAWS if setting.short else DRAWS
    errors, points, shown, told = [], [], 0, 0
    for draw_number in range(draws):
        draw = np.random.default_rng([setting.seed, 4, number, percent, draw_number])
        clean = make(draw)
        faulty = hearts.frequent_ectopy(draw, clean, percent)
        analysis = analyze(hearts.items(faulty.rr_ms))
        rmssd = value(analysis, "rmssd_ms")
        if rmssd is not None:
            shown += 1
            errors.append(100 * abs(rmssd - hearts.rmssd(clean)) / hearts.rmssd(clean))
        burden = value(analysis, "ectopic_percent")
        if burden is not None:
            told += 1
            points.append(abs(burden - 100 * len(faulty.faults) / clean.size))
    worst = round(max(errors, default=0.0), 1)
    yield Claim(
        f"{name}, {percent} % early: RMSSD shown in {shown} of {draws}, largest error, %",
        f"≤ {RMSSD_WITHIN_PERCENT:g} or withheld",
        worst if shown else "withheld",
        draws,
        worst <= RMSSD_WITHIN_PERCENT,
    )
    off = round(max(points, default=0.0), 2)
    yield Claim(
        f"{name}, {percent} % early: burden told in {told} of {draws}, furthest off, points",
        f"≤ {BURDEN_WITHIN_POINTS:g} or not interpretable",
        off if told else "not interpretable",
        draws,
        off <= BURDEN_WITHIN_POINTS,
    )


def value(analysis: Analysis, name: str) -> float | None:
    """One number of the whole recording, None when withheld."""
    return analysis.indices[name].value
