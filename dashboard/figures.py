"""The one Plotly factory. A figure names design tokens, never colours; the page paints them in its own mode.

A colour is written ``var(--heart)`` or ``var(--heart,0.5)``; ``assets/review.js`` puts the token's present value in
its place when it draws, and again when the mode changes, so that light and dark come from ``tokens.css`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
from dash import MATCH, ClientsideFunction, Dash, Input, Output, dcc, html

from dashboard.shell import attrs

CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": "reset",
    "showAxisDragHandles": False,
}
"""No bar of tools and nothing that could send a chart away: plotly.js offers "Share chart" unless told not to."""

TEXT_PX = 12
"""Smallest text of a chart, px."""
GRID_SHARE = 0.22
"""Strength of grid lines against ``--line-strong``."""

LOOK = "figure-look"
"""Id of the page's store that says how figures are drawn now: mode, width, and the reader's choices."""


def ink(token: str, share: float = 1.0) -> str:
    """A colour by its token's name, at ``share`` of its strength (0 to 1).

    >>> ink("heart"), ink("line-strong", 0.22)
    ('var(--heart)', 'var(--line-strong,0.22)')
    """
    return f"var(--{token})" if share >= 1.0 else f"var(--{token},{share:g})"


def axis(**more: Any) -> dict[str, Any]:
    """An axis of the house: quiet grid, no box, no zero line, labels in the third ink."""
    quiet: dict[str, Any] = {
        "showgrid": True,
        "gridcolor": ink("line-strong", GRID_SHARE),
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": TEXT_PX, "color": ink("ink-3")},
        "title": None,
        "fixedrange": True,
    }
    return {**quiet, **more}


def figure(height_px: int, *, margin: Mapping[str, int]) -> go.Figure:
    """An empty figure: transparent, no legend, text in the page's own font at its real size."""
    return go.Figure(
        layout={
            "template": go.layout.Template(),
            "height": height_px,
            "autosize": True,
            "margin": dict(margin),
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "font": {"family": "var(--font)", "size": TEXT_PX, "color": ink("ink-3")},
            "hoverlabel": {
                "bgcolor": ink("ink"),
                "bordercolor": ink("ink"),
                "font": {"family": "var(--font)", "size": 13, "color": ink("surface")},
                "align": "left",
            },
            "dragmode": False,
        }
    )


def label(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """A text on the chart without arrow or box, at (x, y) of the whole plot area unless ``more`` says otherwise."""
    plain: dict[str, Any] = {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"size": TEXT_PX, "color": ink("ink-3")},
    }
    return {**plain, **more}


def graph(name: str, drawing: go.Figure, *, says: str) -> html.Div:
    """The only way a Plotly chart reaches a page. ``says`` is what a screen reader is told in its place.

    The chart itself is hidden from assistive technology; a page puts its text summary and table beside it.
    """
    height = drawing.layout.height
    chart = dcc.Graph(
        id={"chart": name, "part": "plot"},
        config=CONFIG,
        responsive=True,
        className="chart-plot",
        style={"height": f"{height}px"},
    )
    kept = dcc.Store(id={"chart": name, "part": "drawing"}, data=drawing.to_plotly_json())
    return html.Div([html.Div(chart, role="img", **attrs(aria_label=says)), kept], className="chart")


def look_store() -> dcc.Store:
    """Put once on each page that has charts."""
    return dcc.Store(id=LOOK, data=None)


def register(app: Dash) -> None:
    """Let ``review.js`` paint every chart when its drawing arrives and whenever the look changes."""
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash does not annotate it
        ClientsideFunction(namespace="review", function_name="paint"),
        Output({"chart": MATCH, "part": "plot"}, "figure"),
        Input({"chart": MATCH, "part": "drawing"}, "data"),
        Input(LOOK, "data"),
    )
