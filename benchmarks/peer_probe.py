"""Run by another program's own interpreter: the milliseconds of its time and frequency domain on the intervals given.

Reads ``{"peer": NAME, "windows": {SECONDS: [ms, ...]}}`` and prints ``{SECONDS: [time_ms, frequency_ms]}``. Imports
nothing of this project. What a peer prints itself goes to stderr.
"""

import contextlib
import json
import statistics
import sys
import time
import warnings

WARM_UP, CALLS = 3, 30


def pyhrv():
    """Time domain without its figure; Welch without its figure."""
    import matplotlib as mpl

    mpl.use("Agg")
    from pyhrv import frequency_domain, time_domain

    return (
        lambda rr: time_domain.time_domain(nni=rr, plot=False, show=False),
        lambda rr: frequency_domain.welch_psd(nni=rr, show=False, mode="dev"),
    )


def hrv_analysis():
    """Its feature functions, Welch."""
    import hrvanalysis

    return (
        hrvanalysis.get_time_domain_features,
        lambda rr: hrvanalysis.get_frequency_domain_features(rr, method="welch"),
    )


def systole():
    """Its two tables."""
    from systole import hrv

    return (
        lambda rr: hrv.time_domain(rr, input_type="rr_ms"),
        lambda rr: hrv.frequency_domain(rr, input_type="rr_ms"),
    )


def biosppy():
    """Without detrending."""
    from biosppy.signals import hrv

    return (
        lambda rr: hrv.hrv_timedomain(rri=rr, detrend_rri=False, show=False),
        lambda rr: hrv.hrv_frequencydomain(rri=rr, detrend_rri=False, show=False),
    )


PEERS = {"pyhrv": pyhrv, "hrv-analysis": hrv_analysis, "systole": systole, "biosppy": biosppy}


def milliseconds(work, rr):
    """Median of some calls."""
    for _ in range(WARM_UP):
        work(rr)
    times = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        work(rr)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main():
    """Measure each window."""
    asked = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):
        import numpy as np

        both = PEERS[asked["peer"]]()
        found = {
            seconds: [milliseconds(work, np.array(rr)) for work in both] for seconds, rr in asked["windows"].items()
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
