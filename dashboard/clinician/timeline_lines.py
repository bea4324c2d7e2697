"""The smallest parts of the timeline's traces: a line, and when a trace is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import plotly.graph_objects as go

from dashboard.clinician.timeline_frame import Y_AXIS, on_axis
from dashboard.figures import ink

Only = Mapping[str, str]
"""``{"signal": "hr"}``, ``{"beats": "raw"}``, both or none: when the trace is shown."""
Shown = tuple[Only, go.Scatter | go.Bar]


def line(
    points: Iterable[tuple[float, float | None]], row: str, token: str, width: float, share: float = 1.0
) -> go.Scatter:
    """A line through (time in s, value) in a row's own colour; None lifts the pen."""
    kept = list(points)
    return go.Scatter(
        x=[on_axis(time_s) for time_s, _ in kept],
        y=[value for _, value in kept],
        yaxis=Y_AXIS[row],
        mode="lines",
        line={"color": ink(token, share), "width": width},
        connectgaps=False,
        hoverinfo="skip",
    )
