"""The timeline of one recording as a figure: all panels on one time axis, nothing drawn across a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from dashboard.clinician import words
from dashboard.clinician.timeline_frame import (
    NARROW,
    WIDE,
    Y_AXIS,
    Frame,
    axes,
    axis_key,
    heart_range,
    on_axis,
    rr_range,
)
from dashboard.clinician.timeline_traces import traces
from dashboard.clinician.timeline_values import INSERTED, PHASE_TOKENS, TimelineValues
from dashboard.figures import figure, ink, label

WASH_SHARE = 0.11
"""Strength of a phase's wash behind the panels (tokens.css ``--wash``: 0.10 light, 0.12 dark)."""

HOVER_PX = 8
"""The crosshair tells only of what lies within so many px: a rating minutes away is not of this moment."""

PANELS: Mapping[str, tuple[str, tuple[str, ...], str, str]] = {
    "heart": ("Heart rate", ("beats/min", "thick: 30 s mean"), "beats/min; thick: 30 s mean", "heart"),
    "rmssd": ("RMSSD", ("ms, last 60 s", "dots: baseline"), "ms, last 60 s; dots: baseline", "vagal"),
    "arousal": ("Arousal", ("SD from baseline",), "SD from baseline", "ink"),
    "felt": ("Felt", ("0 to 100",), "0 to 100", "felt"),
    "change": ("Heart", ("change against", "its reference,", "beats/min"), "change against its reference", "heart"),
}
"""(title, lines under it on a wide page, the same after it on a narrow one, colour) of each panel."""


def timeline(values: TimelineValues) -> go.Figure:
    """The whole picture. What differs on a narrow page or for RR intervals travels in ``layout.meta``."""
    drawing = figure(WIDE.height, margin={"l": WIDE.left, "r": 10, "t": 0, "b": WIDE.bottom})
    shown = traces(values)
    drawing.add_traces([trace for _, trace in shown])
    rates = [60000.0 / beat.rr_ms for beat in values.beats if beat.rr_ms > 0]
    kept = [60000.0 / beat.rr_ms for beat in values.beats if beat.rr_ms > 0 and beat.verdict == "normal"]
    heart = heart_range(kept or rates)
    drawing.update_layout(
        **_look(values, WIDE, heart),
        hovermode="x unified",
        hoversubplots="axis",
        hoverdistance=HOVER_PX,
        spikedistance=-1,
        barmode="overlay",
        uirevision="keep",
        meta={
            "only": [only for only, _ in shown],
            "narrow": {
                "height": NARROW.height,
                "margin": {"l": NARROW.left, "r": 6, "t": 0, "b": NARROW.bottom},
                **_look(values, NARROW, heart),
            },
            "heart_axis": axis_key("heart"),
            "ranges": {
                "hr corrected": list(heart),
                "hr raw": list(heart_range(rates)),
                "rr corrected": list(rr_range(kept or rates)),
                "rr raw": list(rr_range(rates)),
            },
            "rr_titles": _rr_titles(),
            "names": list(_names(values)),
            "names_y": {"wide": WIDE.share(WIDE.names_y), "narrow": NARROW.share(NARROW.names_y)},
        },
    )
    return drawing


def _look(values: TimelineValues, frame: Frame, heart: tuple[float, float]) -> dict[str, Any]:
    return {
        **axes(values, frame, heart=heart),
        "shapes": [*_washes(values, frame), *_guides(values, frame), *_flags(values, frame)],
        "annotations": list(_titles(frame)),
    }


def _washes(values: TimelineValues, frame: Frame) -> Iterable[dict[str, Any]]:
    top, bottom = frame.rows["heart"][0], frame.rows["change"][1]
    for band in values.phases:
        token = PHASE_TOKENS.get(band.kind)
        if token is None:
            continue
        place = {"type": "rect", "xref": "x", "yref": "paper", "x0": on_axis(band.start_s), "x1": on_axis(band.end_s)}
        quiet = {"line": {"width": 0}, "layer": "below"}
        yield {
            **place,
            **quiet,
            "y0": frame.share(bottom),
            "y1": frame.share(top),
            "fillcolor": ink(token, WASH_SHARE),
        }
        yield {
            **place,
            **quiet,
            "y0": frame.share(frame.strip[1]),
            "y1": frame.share(frame.strip[0]),
            "fillcolor": ink(token),
        }


def _guides(values: TimelineValues, frame: Frame) -> Iterable[dict[str, Any]]:
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    if values.rmssd_baseline_ms is not None:
        level = values.rmssd_baseline_ms
        dots = {"color": ink("vagal", 0.8), "width": 1.5, "dash": "dot"}
        yield {**across, "yref": Y_AXIS["rmssd"], "y0": level, "y1": level, "line": dots}
    rest = {"color": ink("line-strong", 0.8), "width": 1, "dash": "dot"}
    yield {**across, "yref": Y_AXIS["change"], "y0": 0, "y1": 0, "line": rest}


def _flags(values: TimelineValues, frame: Frame) -> Iterable[dict[str, Any]]:
    for marker in values.markers:
        yield {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": on_axis(marker.time_s),
            "x1": on_axis(marker.time_s),
            "y0": frame.share(frame.rows["change"][1]),
            "y1": frame.share(frame.rows["discs"][1]),
            "line": {"color": ink("ink", 0.4), "width": 1, "dash": "dot"},
            "layer": "below",
        }


def _titles(frame: Frame) -> Iterable[dict[str, Any]]:
    for row, (title, units, short, token) in PANELS.items():
        top = frame.rows[row][0]
        colour = {"size": 13, "color": ink(token)}
        if frame is NARROW:
            text = f"<b>{title}</b>, {short}"
            yield label(text, 0, frame.share(top - 13), xshift=-frame.left, font=colour, name=f"title-{row}")
            continue
        yield label(f"<b>{title}</b>", 0, frame.share(top + 7), xshift=-frame.left, font=colour, name=f"title-{row}")
        for line, unit in enumerate(units):
            y = frame.share(top + 24 + 15 * line)
            yield label(unit, 0, y, xshift=-frame.left, name=f"unit-{row}-{line}")


def _rr_titles() -> dict[str, str]:
    return {
        "title-heart": "<b>RR interval</b>",
        "unit-heart-0": "ms",
        "unit-heart-1": "thick: 30 s mean",
        "narrow": "<b>RR interval</b>, ms; thick: 30 s mean",
    }


def _names(values: TimelineValues) -> Iterable[dict[str, Any]]:
    """Phase names from longest to shortest; the page writes the longest that fits, so that none is cut off."""
    for band in values.phases:
        if band.kind in INSERTED:
            continue
        first = band.title.split()[0]
        short = first[:4] + "." if len(first) > 5 else first
        span = words.clock(band.end_s - band.start_s)
        texts = [f"{band.title}  {span}", band.title, first, short]
        yield {
            "from": on_axis(band.start_s),
            "to": on_axis(band.end_s),
            "texts": list(dict.fromkeys(texts)),
        }
