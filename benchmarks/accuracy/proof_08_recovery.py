"""Coming back: half-time by definition and by fit, and no change told where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.accuracy.claims import Claim, Setting
from benchmarks.accuracy.coming_back import REST_S, WayBack, beats
from processing.own_band import Rest, changes
from processing.recovery import HalfTime, half_time

HALF_TIMES_S = (45.0, 180.0)
RISES_BPM = (15.0, 25.0)
NOISE = {"slow_bpm": 1.5, "wave_bpm": 1.5}
SERIES_SESSIONS = 8
BETWEEN_SD = {"mean_hr_bpm": 3.0, "ln_rmssd": 0.25}
"""SD between a person's own rests, in the range of published day-to-day values (Al Haddad et al. 2011)."""


def claims(setting: Setting) -> Iterator[Claim]:
    """Half-times, censoring, and series of sessions without any change."""
    draws = 5 if setting.short else 200
    rng = np.random.default_rng((setting.seed, 8))
    clean = [_errors(_draw(rng), rng) for _ in range(draws)]
    worst = max(by_definition for by_definition, _ in clean)
    yield Claim("RSA alone: largest error of the half-time (%)", "10 or less", round(worst, 1), draws, worst <= 10)
    noisy = np.array([_errors(replace(_draw(rng), **NOISE), rng) for _ in range(draws)])
    for column, name, limit in ((0, "by definition", 25.0), (1, "by the fit", 10.0)):
        median = float(np.nanmedian(noisy[:, column]))
        what = f"slow noise 1.5 and 0.1 Hz waves 1.5 beats/min: median error {name} (%)"
        yield Claim(what, f"{limit:g} or less", round(median, 1), draws, median <= limit)
    yield _censored(rng, draws)
    yield _no_change(rng, 50 if setting.short else 1000)


def _draw(rng: np.random.Generator) -> WayBack:
    return WayBack(rng.uniform(*HALF_TIMES_S), rng.uniform(*RISES_BPM))


def _found(made: WayBack, rng: np.random.Generator) -> HalfTime:
    return half_time(beats(made, rng), (), baseline=(0.0, REST_S), stressor=made.stressor, until_s=made.until_s)


def _errors(made: WayBack, rng: np.random.Generator) -> tuple[float, float]:
    """Error by definition and by fit, % of the truth; infinite when none is given."""
    found = _found(made, rng)
    return _off(found.value_s, made), _off(found.fitted_s, made)


def _off(value_s: float | None, made: WayBack) -> float:
    return np.inf if value_s is None else 100 * abs(value_s / made.half_time_s - 1)


def _censored(rng: np.random.Generator, draws: int) -> Claim:
    """Watched for half of the half-time only: the level cannot have been reached and held."""
    right = 0
    for _ in range(draws):
        made = replace(_draw(rng), **NOISE)
        found = _found(replace(made, watched_s=0.5 * made.half_time_s), rng)
        right += found.value_s is None
    share = 100 * right / draws
    return Claim("watched for half a half-time: not told as reached (%)", "95 or more", share, draws, share >= 95)


def _no_change(rng: np.random.Generator, series: int) -> Claim:
    """Eight sessions from one unchanging person; any index told as changed in any session counts."""
    told = 0
    for _ in range(series):
        rests = [
            Rest({name: float(rng.normal(0.0, sd)) for name, sd in BETWEEN_SD.items()}) for _ in range(SERIES_SESSIONS)
        ]
        told += any(change.outside for at in changes(rests) for change in at.values())
    share = 100 * told / series
    what = f"series of {SERIES_SESSIONS} sessions without true change in which one is told (%)"
    return Claim(what, "5 or fewer", round(share, 1), series, share <= 5)
