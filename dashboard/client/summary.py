"""The heart over the session, when asked for: the curve, three plain sentences, and the same numbers as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import choices, frame, lead, marked, primary, title
from sessions.view import SessionView, SummaryNote, SummaryView

TABLE_STEP_S = 30.0
"""Seconds between two rows of the table behind the curve."""


def summary(view: SessionView) -> Component:
    """What was noticed today; a record, not a score."""
    seen = view.summary
    if seen is None:
        content: list[Component] = [title("Here is what we noticed today."), lead("Putting your session together.")]
    else:
        content = _content(seen)
    return frame(view, [*content, choices(primary("Continue", "continue"))], look="is-wide")


def _content(seen: SummaryView) -> list[Component]:
    minutes = max(1, round(seen.minutes))
    span = f"This is your heart over the last {minutes} minute{'' if minutes == 1 else 's'}."
    return [
        title("Here is what we noticed today."),
        lead(f"{span} It is a record of one sitting, not a score. Hearts speed up when something matters."),
        _curve(seen),
        html.Div([_note(note, seen) for note in seen.notes], className="three"),
        _table(seen),
    ]


def _curve(seen: SummaryView) -> html.Figure:
    started = f"where you started: {seen.start_bpm:.0f} beats a minute" if seen.start_bpm is not None else ""
    return html.Figure(
        [
            html.Figcaption([html.Span(className="dots", **marked(aria_hidden="true")), started]) if started else None,
            html.Div(id="arc", className="arc", role="img",
                     **marked(aria_label="Heart rate over the session, smoothed; the table below has the numbers",
                        data_summary=_payload(seen))),
        ]
    )  # fmt: skip


def _note(note: SummaryNote, seen: SummaryView) -> html.Section:
    return html.Section(
        [
            html.Div(className="mini", **marked(data_mini=note.picture, aria_hidden="true")),
            html.H2(note.heading),
            html.P(note.text),
        ]
    )


def _payload(seen: SummaryView) -> str:
    """What the page's script draws; times in whole tenths of a second."""
    return json.dumps(
        {
            "start": seen.start_bpm,
            "curve": [[round(t, 1), None if rate is None else round(rate, 2)] for t, rate in seen.curve],
            "parts": [[name, kind, round(begin, 1), round(end, 1)] for name, kind, begin, end in seen.parts],
            "marks": [[round(t, 1), round(rate, 2), words] for t, rate, words in seen.marks],
            "breaths": [
                [[round(t, 2), None if rate is None else round(rate, 2)] for t, rate in row] for row in seen.breaths
            ],
            "felt": [[round(t, 1), value] for t, value in seen.felt],
        },
        separators=(",", ":"),
    )


def _table(seen: SummaryView) -> html.Details:
    rows = [
        html.Tr(
            [
                html.Th(_clock(t), scope="row"),
                html.Td(_part_at(seen.parts, t)),
                html.Td("–" if rate is None else f"{rate:.0f}", className="r"),
            ]
        )
        for t, rate in every(seen.curve, TABLE_STEP_S)
    ]
    head = html.Tr([html.Th("Time", scope="col"), html.Th("Part", scope="col"),
                    html.Th("Beats a minute", scope="col", className="r")])  # fmt: skip
    table = html.Table(
        [html.Caption("Heart rate, smoothed", className="sr"), html.Thead(head), html.Tbody(rows)],
        className="tbl",
    )
    return html.Details([html.Summary("The same in numbers"), html.Div(table, className="scroll")], className="help")


def every(curve: Sequence[tuple[float, float | None]], step_s: float) -> list[tuple[float, float | None]]:
    """The first point of each ``step_s`` seconds.

    >>> every(((0.0, 70.0), (10.0, 71.0), (30.0, None)), 30)
    [(0.0, 70.0), (30.0, None)]
    """
    kept: list[tuple[float, float | None]] = []
    for point in curve:
        if not kept or point[0] // step_s > kept[-1][0] // step_s:
            kept.append(point)
    return kept


def _part_at(parts: Sequence[tuple[str, str, float, float]], time_s: float) -> str:
    return next((name for name, _, begin, end in parts if begin <= time_s <= end), "")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
