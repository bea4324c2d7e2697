"""One window, ours and others: time domain and frequency domain of the same intervals, each program in its own way.

    python -m benchmarks.peers [--peers]

With ``--peers`` each other program is installed by pip into an environment of its own under a temporary folder and run
there; without it their lines say "not run". Versions are pinned: some break with others' newer releases.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import neurokit2
import numpy as np

from benchmarks.live_kernel import in_absolute_units, rest
from processing.indices import time_domain
from processing.spectrum import HF_HZ, LF_HZ, tachogram_4hz, welch

REQUIREMENTS = {
    "pyhrv": ("pyhrv==0.5.0", "nolds<0.6", "peakutils"),
    "hrv-analysis": ("hrv-analysis==1.0.5", "nolds<0.6", "numpy<2.4"),
    "systole": ("systole==0.3.1",),
    "biosppy": ("biosppy==2.2.4", "peakutils"),
}
"""What pip is asked for: peakutils is needed without being declared, nolds 0.6 does not load on every Python 3.11, and
hrv-analysis calls what numpy 2.4 took out; its 1.0.6 asks for the newer nolds."""
PROBE = Path(__file__).with_name("peer_probe.py")
WINDOWS_S = (60, 300)
INSTALL_S, RUN_S = 1200, 600
"""Seconds that an installation and a measurement may take."""
WARM_UP, CALLS = 3, 30
HEAD = "| program | " + " | ".join(f"time, {s} s | frequency, {s} s" for s in WINDOWS_S) + " |"


@dataclass(frozen=True)
class Measured:
    """A program's milliseconds by window, or why there are none."""

    name: str
    ms: dict[str, list[float]]
    """Time and frequency domain, by seconds."""
    reason: str = ""

    def row(self) -> str:
        """One line of the table."""
        if self.reason:
            return f"| {self.name} | {self.reason} |" + " |" * (2 * len(WINDOWS_S) - 1)
        cells = [f"{value:.3f} ms" for seconds in WINDOWS_S for value in self.ms[str(seconds)]]
        return f"| {self.name} | {' | '.join(cells)} |"


def windows() -> dict[str, list[float]]:
    """The last so many seconds of a resting heart, RR in ms."""
    beats = rest(2 * WINDOWS_S[-1])
    return {str(s): [beat.rr_ms for beat in beats if beat.time_s > beats[-1].time_s - s] for s in WINDOWS_S}


def here(name: str, time_work: Callable[..., object], frequency_work: Callable[..., object]) -> Measured:
    """A program that runs in this process; both parts take RR in ms and ends in s."""
    found = {}
    for seconds, series in windows().items():
        rr = np.array(series)
        ends = np.cumsum(rr) / 1000
        found[seconds] = [_milliseconds(work, rr, ends) for work in (time_work, frequency_work)]
    return Measured(name, found)


def _milliseconds(work: Callable[..., object], rr: np.ndarray, ends: np.ndarray) -> float:
    times = []
    for call in range(WARM_UP + CALLS):
        begun = time.perf_counter()
        work(rr, ends)
        if call >= WARM_UP:
            times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _our_time(rr: np.ndarray, _: np.ndarray) -> object:
    good = np.ones(rr.size, dtype=bool)
    return time_domain(rr, good, good)


def _our_powers(rr: np.ndarray, ends: np.ndarray) -> object:
    spectrum = welch(tachogram_4hz(ends, rr))
    return spectrum.power_ms2(LF_HZ), spectrum.power_ms2(HF_HZ)


def peer(name: str, folder: Path) -> Measured:
    """Another program, in an environment of its own below ``folder``."""
    home = folder / name
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS[name]]
    asked = json.dumps({"peer": name, "windows": windows()})
    try:
        subprocess.run(pip, capture_output=True, text=True, check=True, timeout=INSTALL_S)
        done = subprocess.run(
            [str(python), str(PROBE)], input=asked, capture_output=True, text=True, check=True, timeout=RUN_S
        )
    except subprocess.TimeoutExpired as late:
        return Measured(name, {}, f"not run: no end after {late.timeout:.0f} s")
    except subprocess.CalledProcessError as failed:
        last = (failed.stderr.strip().splitlines() or ["no word"])[-1]
        return Measured(name, {}, f"not run: {last[:160]}")
    return Measured(f"{' '.join(REQUIREMENTS[name][:1])}", json.loads(done.stdout))


def table(run_peers: bool) -> str:
    """All programs, in Markdown."""
    measured = [
        here("ours", _our_time, _our_powers),
        here(
            f"neurokit2=={neurokit2.__version__} (4 Hz, not normalised)",
            lambda rr, ends: neurokit2.hrv_time({"RRI": rr, "RRI_Time": ends}),
            lambda rr, ends: in_absolute_units({"RRI": rr, "RRI_Time": ends}),
        ),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name in REQUIREMENTS:
            measured.append(peer(name, Path(folder)) if run_peers else Measured(name, {}, "not run: needs --peers"))
    return "\n".join((HEAD, "|---|" + "---|" * (2 * len(WINDOWS_S)), *(each.row() for each in measured)))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true", help="install and measure the other programs too")
    print(table(parser.parse_args(arguments).peers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
