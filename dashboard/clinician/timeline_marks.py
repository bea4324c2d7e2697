"""Marks of the timeline that are no signal: ratings, changes by phase, gaps and pauses, as Plotly traces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import plotly.graph_objects as go

from dashboard.clinician.timeline_frame import Y_AXIS, on_axis
from dashboard.clinician.timeline_lines import Shown, line
from dashboard.clinician.timeline_values import FeltPoint, TimelineValues
from dashboard.figures import ink

FELT_WORDS: Mapping[str, str] = {
    "suds": "distress",
    "body": "body stirred up",
    "pleasant": "pleasantness",
    "closeness": "closeness",
    "vivid": "how real",
    "helped": "how much it helped",
}
"""Short names of the prompts for charts and tables."""

FELT_SYMBOLS: Mapping[str, str] = {"suds": "diamond", "body": "diamond-open"}

LEAST_HOLE_SHARE = 0.004
"""A gap is drawn at least this share of the recording wide, so that a short one can be seen."""


def felt(values: TimelineValues) -> Iterator[Shown]:
    """Answers as diamonds on their full 0 to 100, a dotted link between those to one question."""
    by_prompt: dict[str, list[FeltPoint]] = {}
    for point in values.felt:
        by_prompt.setdefault(point.prompt, []).append(point)
    for prompt, points in by_prompt.items():
        told = FELT_WORDS.get(prompt, prompt)
        yield (
            {},
            go.Scatter(
                x=[on_axis(point.time_s) for point in points],
                y=[point.value for point in points],
                yaxis=Y_AXIS["felt"],
                mode="lines+markers",
                line={"color": ink("felt", 0.7), "width": 1.25, "dash": "dot"},
                marker={
                    "symbol": FELT_SYMBOLS.get(prompt, "diamond-open"),
                    "size": 11,
                    "opacity": 1,
                    "color": ink("felt"),
                    "line": {"width": 1.5, "color": ink("felt" if prompt != "suds" else "surface")},
                },
                cliponaxis=False,
                hovertemplate=told + " %{y:.0f}<extra></extra>",
            ),
        )


def change(values: TimelineValues) -> Iterator[Shown]:
    """Each phase's change of heart rate against its reference, as a level with a dot."""
    bands = [band for band in values.phases if band.change_bpm is not None]
    if not bands:
        return
    lines: list[tuple[float, float | None]] = []
    for band in bands:
        lines += [(band.start_s, band.change_bpm), (band.end_s, band.change_bpm), (band.end_s, None)]
    yield {}, line(lines, "change", "heart", 2.0)
    yield (
        {},
        go.Scatter(
            x=[on_axis((band.start_s + band.end_s) / 2) for band in bands],
            y=[band.change_bpm for band in bands],
            yaxis=Y_AXIS["change"],
            mode="markers",
            marker={
                "symbol": "circle",
                "size": 9,
                "color": ink("heart"),
                "line": {"width": 1.5, "color": ink("surface")},
            },
            text=[band.reference or "" for band in bands],
            hovertemplate="heart %{y:+.1f} a minute against %{text}<extra></extra>",
        ),
    )


def holes(values: TimelineValues) -> Iterator[Shown]:
    """Gaps hatched, pauses dotted and named, behind the heart and RMSSD panels."""
    for pause in (False, True):
        stretches = [hole for hole in values.holes if hole.pause is pause]
        if not stretches:
            continue
        least = values.duration_s * LEAST_HOLE_SHARE
        yield (
            {},
            go.Bar(
                x=[on_axis(hole.from_s) for hole in stretches],
                width=[1000.0 * (max(least, hole.to_s - hole.from_s)) for hole in stretches],
                offset=0,
                y=[1] * len(stretches),
                yaxis=Y_AXIS["holes"],
                text=["Pause" if pause else ""] * len(stretches),
                textangle=-90,
                textposition="inside",
                insidetextanchor="end",
                textfont={"size": 12, "color": ink("ink-2")},
                customdata=[hole.words for hole in stretches],
                hovertemplate="%{customdata}<extra></extra>",
                marker={
                    "color": ink("surface-2"),
                    "line": {"width": 0},
                    "pattern": {
                        "shape": "." if pause else "/",
                        "fgcolor": ink("gap"),
                        "bgcolor": ink("surface-2"),
                        "fillmode": "replace",
                        "size": 6,
                        "solidity": 0.35,
                    },
                },
            ),
        )


def discs(values: TimelineValues) -> Iterator[Shown]:
    """Markers as numbered discs above the panels."""
    if not values.markers:
        return
    yield (
        {},
        go.Scatter(
            x=[on_axis(marker.time_s) for marker in values.markers],
            y=[0.5] * len(values.markers),
            yaxis=Y_AXIS["discs"],
            mode="markers+text",
            marker={"symbol": "circle", "size": 18, "color": ink("ink"), "opacity": 1},
            text=[f"<b>{marker.number}</b>" for marker in values.markers],
            textposition="middle center",
            textfont={"size": 11, "color": ink("surface")},
            customdata=[marker.words for marker in values.markers],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        ),
    )
