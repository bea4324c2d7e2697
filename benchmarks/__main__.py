"""Every figure of docs/performance.md in one go: ``python -m benchmarks [--short] [--peers] [--out FILE]``.

``--short`` takes a few seconds a figure and writes nothing; it shows that every benchmark still runs. ``--peers``
installs other programs into environments of their own and measures them too.
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

from benchmarks import growth, live_kernel, pages, peers, recording, server_start

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


def many(short: bool) -> list[Row]:
    """A window sliding over many recordings, and a whole day; each in a process of its own, for time and memory."""
    slid = told_by("benchmarks.sliding", "--recordings", "20" if short else "1000")
    day = told_by("benchmarks.long_recording", "--hours", "1" if short else "24")
    return [
        (
            f"60 s sliding by 1 s over {slid['recordings']} recordings of 20 min, time domain, LF, HF",
            f"{slid['core_s']:.1f} core-s, {slid['ratio']:.0f} times under NeuroKit2 in the same run",
            "15 core-s a thousand, or 500 times",
            slid["met"],
        ),
        (
            f"{day['hours']:g} h by five minutes, all numbers with entropy and DFA, from judged beats",
            f"{day['core_s']:.2f} core-s",
            "3 s",
            day["core_s"] <= 3,
        ),
        ("the same: verdicts of its beats", f"{day['judging_core_s']:.1f} core-s", "", None),
        ("the same: peak memory", f"{day['peak_mb']:.0f} MB", "500 MB", day["peak_mb"] < 500),
    ]


def told_by(module: str, *arguments: str) -> dict[str, Any]:
    """The figures of a benchmark that prints them as JSON on its last line."""
    asked = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


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

The sliding window has a spline of its own beats at each place. In the pictures a dashed line is NeuroKit2's, a solid
one ours; a curve ends where one call takes over three seconds. Other programs measure other things under the same
names (docs/accuracy.md says what ours are worth), so their milliseconds tell what a call costs, not what it gives.

Run one part: `python -m benchmarks.live_kernel`, `benchmarks.recording`, `benchmarks.pages`,
`benchmarks.stall`, `benchmarks.server_start`, `benchmarks.sliding`, `benchmarks.long_recording`, `benchmarks.growth`,
`benchmarks.peers`.
"""


def main() -> int:
    """Measure, and write the page unless ``--short``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--peers", action="store_true", help="install and measure other programs too")
    parser.add_argument("--out", type=Path, default=PAGE)
    args = parser.parse_args()
    rows, more = kernel(args.short)
    rows += many(args.short) + recorded(args.short)
    if not args.short:
        rows += stalled() + page() + started()
    drawn = growth.pictures(args.short)
    whole = text(
        rows, "\n\n".join((more, "## One window, ours and others", peers.table(args.peers), shown(drawn, args.out)))
    )
    sys.stdout.write(whole)
    if not args.short:
        args.out.write_text(whole, encoding="utf-8")
        for name, drawing in drawn.items():
            plot(args.out, name).write_text(drawing, encoding="utf-8")
    return 0


def plot(out: Path, name: str) -> Path:
    """Where a picture of the page lies."""
    return out.with_name(f"{out.stem}-{name}.svg")


def shown(drawn: dict[str, str], out: Path) -> str:
    """The pictures' lines on the page."""
    words = {
        "growth": "What a whole recording costs, by its beats",
        "live": "What a live beat costs, by those before it",
    }
    return "\n\n".join(("## How cost grows", *(f"![{words[name]}]({plot(out, name).name})" for name in drawn)))


if __name__ == "__main__":
    sys.exit(main())
