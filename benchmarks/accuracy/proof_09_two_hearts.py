"""Two hearts: the lag between them, and no link where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.accuracy.claims import Claim, Setting
from benchmarks.accuracy.two_hearts import Pair, pair
from processing.synchrony import Synchrony, synchrony

LAG_S = 2.0


def claims(setting: Setting) -> Iterator[Claim]:
    """Lag where all is shared, its interval where half is, and the share of strangers that are called linked."""
    yield _all_shared(setting.seed, range(0, 11, 10 if setting.short else 1), 1 if setting.short else 10)
    yield _half_shared(setting.seed, 2 if setting.short else 200)
    yield _strangers(setting.seed, 2 if setting.short else 200)


def _compare(made: Pair, seed: tuple[int, ...]) -> Synchrony:
    return synchrony(*pair(made, np.random.default_rng(seed)))


def _all_shared(seed: int, losses: range, draws: int) -> Claim:
    """0 to 10 beats lost a person, recordings that begin 0.8 s apart."""
    worst, count = 0.0, 0
    for dropped in losses:
        for draw in range(draws):
            found = _compare(Pair(lag_s=LAG_S, dropped=dropped), (seed, 9, dropped, draw))
            worst = max(worst, abs(found.lag_s - LAG_S) if found.lag_s is not None else np.inf)
            count += 1
    what = "all slow variation shared, 0 to 10 beats lost a person, start 0.8 s apart: largest error of the lag (s)"
    return Claim(what, "0.25 or less", round(worst, 3), count, worst <= 0.25)


def _half_shared(seed: int, draws: int) -> Claim:
    held = told = 0
    widths = []
    for draw in range(draws):
        found = _compare(Pair(lag_s=LAG_S, shared=0.5), (seed, 90, draw))
        if found.lag_s is not None and found.lag_uncertainty_s is not None:
            told += 1
            widths.append(found.lag_uncertainty_s)
            held += abs(found.lag_s - LAG_S) <= found.lag_uncertainty_s
    share = 100.0 * held / max(told, 1)
    what = (
        f"half of it shared: stated 95 % intervals that hold the true lag (%), of {told} linked, "
        f"median half-width {np.median(widths) if widths else np.nan:.2f} s"
    )
    return Claim(what, "90 or more", round(share, 1), draws, share >= 90.0)


def _strangers(seed: int, draws: int) -> Claim:
    linked = sum(bool(_compare(Pair(shared=0.0), (seed, 900, draw)).linked) for draw in range(draws))
    share = 100.0 * linked / draws
    return Claim("unlinked pairs called linked (%)", "8 or fewer", round(share, 1), draws, share <= 8.0)
