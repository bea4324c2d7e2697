"""Every figure of docs/performance.md in one go: ``python -m benchmarks [--short] [--out FILE]``.

``--short`` takes a few seconds a figure and writes nothing; it shows that every benchmark still runs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import live_kernel, pages, recording, server_start

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
Row = tuple[str, str, str, bool | None]

HEAD = """# Performance

Made by `make benchmarks`; no figure here is typed by hand. Ratios within one run are the firm part, milliseconds vary
with the machine and what else it does.

Measured on: {machine}, Python {python}, load average {load:.1f} at the start.

| what | measured | goal | met |
|---|---|---|---|
"""


def kernel(short: bool) -> tuple[list[Row], str]:
    """One live beat against NeuroKit2 called directly."""
    result: Any = live_kernel.summary(live_kernel.measure(200 if short else 1200))
    figures, ratio = result["figures"], result["ratio"]["nk_60"]
    indices, verdict = figures["indices"]["median_ms"], figures["verdict"]["median_ms"]
    rows: list[Row] = [
        ("all live numbers of one beat (median)", f"{indices:.3f} ms", "0.2 ms", indices <= 0.2),
        ("verdict of one beat (median)", f"{verdict:.3f} ms", "1 ms", verdict <= 1.0),
        ("NeuroKit2 time + frequency over the live numbers, same run", f"{ratio:.0f} times", "50 times", ratio >= 50),
    ]
    return rows, "## One beat, in full\n\n" + live_kernel.table(result)


def recorded(short: bool) -> list[Row]:
    """From a frame's arrival to its acknowledgement on disk."""
    times = sorted(recording.latencies_ms(10.0 if short else 60.0))
    middle, high = statistics.median(times), times[int(0.95 * (len(times) - 1))]
    return [
        ("frame arrived → recorded and committed (p50)", f"{middle:.0f} ms", "1 s", middle <= 1000),
        ("frame arrived → recorded and committed (p95)", f"{high:.0f} ms", "1 s", high <= 1000),
    ]


def told(frames: dict[str, float]) -> str:
    """Frames a second and the longest wait."""
    return f"{frames['fps']:.1f} a second, {frames['longest_ms']:.0f} ms"


def stalled() -> list[Row]:
    """How late the sessions' loop runs beside the heaviest work, in a process that has loaded nothing yet."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.stall"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    loading, reading, inside = found["loading"], found["reading"], found["inside"]
    return [
        ("sessions' loop late at most, NeuroKit2 loading beside it", f"{loading:.0f} ms", "100 ms", loading <= 100),
        ("the same while a recording is opened", f"{reading:.0f} ms", "100 ms", reading <= 100),
        ("the same if NeuroKit2 were loaded in the server", f"{inside:.0f} ms", "", None),
    ]


def page() -> list[Row]:
    """The live page in headless Chromium."""
    found = pages.measure()
    pixel, busy, bare = found["event_to_pixel"], found["guide_busy"], found["bare_busy"]
    return [
        ("session's event → pixel (p50)", f"{pixel['p50_ms']:.1f} ms", "", None),
        ("session's event → pixel (p95)", f"{pixel['p95_ms']:.1f} ms", "100 ms", pixel["p95_ms"] <= 100),
        ("guide's frames, page idle", f"{found['guide_idle']['fps']:.1f} a second", "", None),
        ("guide's frames, main thread blocked 70 of 100 ms", f"{busy['fps']:.1f} a second", "55", busy["fps"] >= 55),
        ("longest wait for a frame meanwhile", f"{busy['longest_ms']:.0f} ms", "50 ms", busy["longest_ms"] <= 50),
        ("the same two on a page with one circle and nothing else", told(bare), "", None),
    ]


def started() -> list[Row]:
    """From the command to a page that can be used."""
    found = server_start.measure()
    return [
        (
            "`attune serve` → start page usable (median of 5)",
            f"{found['usable_s']:.1f} s",
            "3 s",
            found["usable_s"] <= 3,
        )
    ]


def text(rows: list[Row], more: str) -> str:
    """The whole page."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    head = HEAD.format(machine=machine, python=platform.python_version(), load=os.getloadavg()[0])
    words = {True: "yes", False: "**no**", None: ""}
    lines = [f"| {what} | {value} | {goal} | {words[met]} |" for what, value, goal, met in rows]
    return head + "\n".join(lines) + f"\n\n{more}\n\n" + TAIL


TAIL = """## What these say and do not say

The live numbers are those of a running session: heart rate, RMSSD, SDNN, pNN50, HF, LF, swing, rhythm and arousal,
each on its own window. NeuroKit2 is called as its own users call it (`hrv_time` and `hrv_frequency`), without import
time. Event to pixel runs from the session's stamp to the paint after the page has used it, on the page's own estimate
of the server's clock. Headless Chromium without a graphics card draws in software; a real screen adds about one
frame. The strap's own delay is far larger than all of this.

Run one part: `python -m benchmarks.live_kernel`, `benchmarks.recording`, `benchmarks.pages`,
`benchmarks.stall`, `benchmarks.server_start`.
"""


def main() -> int:
    """Measure, and write the page unless ``--short``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--out", type=Path, default=PAGE)
    args = parser.parse_args()
    rows, more = kernel(args.short)
    rows += recorded(args.short)
    if not args.short:
        rows += stalled() + page() + started()
    whole = text(rows, more)
    sys.stdout.write(whole)
    if not args.short:
        args.out.write_text(whole, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
