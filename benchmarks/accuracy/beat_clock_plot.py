"""The beat clock's picture: where its beats are placed, beside the arrival of the packets that brought them."""

from __future__ import annotations

import statistics
from itertools import chain

from benchmarks.accuracy.beat_clock import Heart, packets, place
from benchmarks.accuracy.claims import Setting
from benchmarks.chart import COLOURS, Axis, Chart

WORDS = "Beats as placed by the beat clock and as their packets arrived, against their true times"
MINUTES, FROM_S = 5.0, 60.0
"""What is drawn: the clock has settled by then."""
LIMITS_MS = (-1200.0, 1200.0)
LOST = 0.01
"""Share of packets that never come."""
PALE = "#cfe0f3"


def picture(setting: Setting) -> str:
    """Four minutes of a draw with lost packets: error by time, and the uncertainty that the clock states.

    Behind a lost packet the beats lie early until the loss is seen; that is drawn too.
    """
    sent = list(packets(1000 * setting.seed, MINUTES, Heart(missing=LOST)))
    placed = place(iter(sent))
    arrived_s = [packet.arrival_s for packet in sent if packet.arrival_s is not None]
    stamped = [
        (true_s, 1000 * (arrival_s - true_s))
        for arrival_s, truth_s in zip(arrived_s, placed.truth_s, strict=True)
        for true_s in truth_s
    ]
    truth_s = list(chain.from_iterable(placed.truth_s))
    stated_ms = [frame.uncertainty_ms for frame in placed.frames for _ in frame.times_s]
    drawn = [row for row in zip(truth_s, placed.errors_ms, stated_ms, strict=True) if row[0] >= FROM_S]
    chart = Chart(WORDS, Axis("time (s)", FROM_S, 60 * MINUTES), Axis("placed or arrived minus true (ms)", *LIMITS_MS))
    low = [(at, error - stated) for at, error, stated in drawn]
    high = [(at, error + stated) for at, error, stated in drawn]
    chart.band(low, high, PALE, "the uncertainty stated with each placed beat")
    chart.dots([dot for dot in stamped if dot[0] >= FROM_S], COLOURS[1], f"arrival of its packet ({_spread(stamped)})")
    placed_at = [(at, error) for at, error, _ in drawn]
    chart.line(placed_at, COLOURS[0], f"placed by the beat clock ({_spread(placed_at)})")
    return chart.svg()


def _spread(points: list[tuple[float, float]]) -> str:
    """Median and 95th percentile of the distance from the usual error."""
    errors = [error for at, error in points if at >= FROM_S]
    middle = statistics.median(errors)
    apart = sorted(abs(error - middle) for error in errors)
    return f"spread p50 {statistics.median(apart):.0f} ms, p95 {apart[int(0.95 * len(apart))]:.0f} ms"
