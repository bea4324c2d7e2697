"""The marks of the timeline as Plotly traces, each with the reader's choices under which it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import plotly.graph_objects as go

from dashboard.clinician import words
from dashboard.clinician.timeline_frame import AROUSAL_LIMIT_SD, Y_AXIS, on_axis
from dashboard.clinician.timeline_lines import Shown, line
from dashboard.clinician.timeline_marks import change, discs, felt, holes
from dashboard.clinician.timeline_values import Hole, Reading, TimelineValues
from dashboard.figures import ink
from processing.values import Judgement, Verdict

MARK_SYMBOLS: Mapping[Verdict, str] = {
    Verdict.ECTOPIC: "triangle-down",
    Verdict.MISSED: "circle-open",
    Verdict.EXTRA: "x-thin-open",
    Verdict.LONG: "triangle-right-open",
    Verdict.SHORT: "triangle-left-open",
    Verdict.OUT_OF_RANGE: "square-open",
}
"""Early: triangle, missed: ring, extra: cross; the others have open shapes of their own."""


def traces(values: TimelineValues) -> list[Shown]:
    """All traces, back to front."""
    return [
        *holes(values),
        *_heart(values),
        *_artefacts(values),
        *_rmssd(values),
        *_arousal(values),
        *felt(values),
        *change(values),
        *discs(values),
    ]


def arousal_step(sd: float) -> int:
    """Which of the seven shades a value has: steps of one SD from below -1 up to over 4.

    >>> [arousal_step(v) for v in (-3.0, -0.5, 0.2, 1.0, 3.9, 4.0, 4.1)]
    [0, 1, 2, 3, 5, 5, 6]
    """
    if sd > AROUSAL_LIMIT_SD:
        return 6
    if sd < -1:
        return 0
    return min(5, int(sd + 2) if sd >= 0 else 1)


def _rates(beats: Iterable[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    return [(time_s, round(60000.0 / rr, 2) if rr else None) for time_s, rr in beats]


def corrected(beats: tuple[Judgement, ...]) -> Iterator[tuple[float, float | None]]:
    """Intervals with what stands in place of the refused; a hole where nothing can stand."""
    for beat in beats:
        if beat.verdict is Verdict.NORMAL:
            yield beat.time_s, beat.rr_ms
        elif beat.corrected_ms:
            end_s = beat.time_s - beat.rr_ms / 1000
            for interval in beat.corrected_ms:
                end_s += interval / 1000
                yield end_s, interval
        elif beat.verdict not in (Verdict.ECTOPIC, Verdict.EXTRA):
            yield beat.time_s, None


def with_holes(
    points: Iterable[tuple[float, float | None]], holes: tuple[Hole, ...]
) -> list[tuple[float, float | None]]:
    """The same points with a break at every hole that has no points of its own, so that no line bridges it."""
    breaks = [((hole.from_s + hole.to_s) / 2, None) for hole in holes if not hole.pause]
    return sorted([*points, *breaks], key=lambda point: point[0])


def _heart(values: TimelineValues) -> Iterator[Shown]:
    raw = with_holes([(beat.time_s, beat.rr_ms) for beat in values.beats], values.holes)
    mended = with_holes(corrected(values.beats), values.holes)
    yield {"signal": "hr", "beats": "corrected"}, line(_rates(mended), "heart", "heart", 1.0, 0.5)
    yield {"signal": "hr", "beats": "raw"}, line(_rates(raw), "heart", "heart", 1.0, 0.5)
    yield {"signal": "rr", "beats": "corrected"}, line(mended, "heart", "heart", 1.0, 0.5)
    yield {"signal": "rr", "beats": "raw"}, line(raw, "heart", "heart", 1.0, 0.5)
    means = [(reading.time_s, reading.value) for reading in values.means]
    for signal, points in (("hr", means), ("rr", _rates(means))):
        thick = line(points, "heart", "heart", 2.25)
        unit = "heart %{y:.0f} a minute" if signal == "hr" else "RR %{y:.0f} ms"
        thick.update(hovertemplate=unit + "<extra></extra>", hoverinfo=None)
        yield {"signal": signal}, thick


def _artefacts(values: TimelineValues) -> Iterator[Shown]:
    marks = values.marks
    for verdict, symbol in MARK_SYMBOLS.items():
        times = [on_axis(mark.time_s) for mark in marks if mark.verdict is verdict]
        if not times:
            continue
        yield (
            {},
            go.Scatter(
                x=times,
                y=[0.5] * len(times),
                yaxis=Y_AXIS["marks"],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 8,
                    "color": ink("artefact"),
                    "line": {"width": 1.75, "color": ink("artefact")},
                },
                cliponaxis=False,
                hovertemplate=words.VERDICT_WORDS[verdict] + "<extra></extra>",
            ),
        )


def _rmssd(values: TimelineValues) -> Iterator[Shown]:
    points = [(reading.time_s, reading.value) for reading in values.rmssd]
    drawn = line(points, "rmssd", "vagal", 2.0)
    drawn.update(hovertemplate="RMSSD %{y:.0f} ms<extra></extra>", hoverinfo=None)
    yield {}, drawn


def _arousal(values: TimelineValues) -> Iterator[Shown]:
    runs = list(_runs(values.arousal))
    if not runs:
        return
    yield (
        {},
        go.Bar(
            x=[on_axis(run[0].time_s) for run in runs],
            width=[1000.0 * (run[1] - run[0].time_s) for run in runs],
            offset=0,
            y=[1] * len(runs),
            yaxis=Y_AXIS["arousal"],
            marker={
                "color": [_shade(run[0]) for run in runs],
                "line": {"width": 0},
                "pattern": {
                    "shape": ["/" if run[0].value is None else "" for run in runs],
                    "fgcolor": ink("gap"),
                    "bgcolor": [_shade(run[0]) for run in runs],
                    "fillmode": "replace",
                    "size": 6,
                    "solidity": 0.35,
                },
            },
            hoverinfo="skip",
        ),
    )
    told = go.Scatter(
        x=[on_axis(reading.time_s) for reading in values.arousal],
        y=[0.5] * len(values.arousal),
        yaxis=Y_AXIS["arousal"],
        mode="lines",
        line={"width": 0},
        text=[arousal_words(reading) for reading in values.arousal],
        hovertemplate="arousal %{text}<extra></extra>",
    )
    yield {}, told


def arousal_words(reading: Reading) -> str:
    """A value of the strip as it is said: within ±4 SD, "over 4" above, the reason where there is none."""
    if reading.value is None:
        return f"{words.DASH} {words.reason(reading.reason)}".strip()
    if abs(reading.value) > AROUSAL_LIMIT_SD:
        return f"{'over' if reading.value > 0 else 'under ' + words.MINUS}{' ' * (reading.value > 0)}4 SD"
    return f"{words.signed(reading.value)} SD"


def _shade(reading: Reading) -> str:
    return ink("surface-2") if reading.value is None else ink(f"ar-{arousal_step(reading.value)}")


def _runs(readings: tuple[Reading, ...]) -> Iterator[tuple[Reading, float]]:
    """Neighbouring seconds of one shade as one bar: (first reading, end in s)."""
    shades = groupby(
        enumerate(readings),
        key=lambda pair: None if pair[1].value is None else arousal_step(pair[1].value),
    )
    for _, run in shades:
        members = list(run)
        last = members[-1][0]
        end = readings[last + 1].time_s if last + 1 < len(readings) else readings[last].time_s + 1.0
        yield members[0][1], end
