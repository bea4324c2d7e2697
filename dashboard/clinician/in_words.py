"""A recording in sentences, each with how many ways of computing it agree, and the way back part by part. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.clinician.method_cards import NAMES
from dashboard.clinician.recording_values import Cell, InWords, WayLine
from dashboard.shell import attrs

WAYS = (
    "Every sentence is computed again in all defensible ways: three readings of refused beats, several windows, two or "
    "three references, and two or three ways of averaging or smoothing. One that does not hold in most is not said."
)
WAY_BACK = (
    ("recovery_slope_bpm_per_min", "beats/min per min", 1),
    ("recovery_excess_bpm", "beats/min", 1),
    ("recovery_percent", "%", 0),
    ("recovery_ln_rmssd_percent", "%", 0),
    ("breathing_change_bpm", "beats/min", 1),
)
"""Figures of the way back in order, with their unit and decimals."""


def waiting() -> html.Div:
    """The place of the sentences while they are asked."""
    line = html.P("Asking every sentence in all its ways", className="quiet reading", role="status")
    return html.Div(line, id="in-words", className="two")


def card(said: InWords) -> html.Section:
    """All sentences that are said, and how many are not."""
    items = [
        html.Li([html.Span(line.text), " ", html.Small(line.firmness), *_breaks(line.breaks)]) for line in said.told
    ]
    parts: list[Component] = [html.H2("In words", id="words-said-head")]
    parts.append(
        html.Ul(items, className="said") if items else html.P("Nothing here holds in most ways.", className="muted")
    )
    if said.left_out:
        parts.append(
            html.P(
                f"{words.count(said.left_out, 'more sentence')} would hold in half of the ways or fewer, and "
                f"{'is' if said.left_out == 1 else 'are'} not said.",
                className="note",
            )
        )
    parts.append(html.P(WAYS, className="method"))
    return html.Section(parts, className="card", **attrs(aria_labelledby="words-said-head"))


def nothing(why: str) -> html.P:
    """What stands there when there are no sentences."""
    return html.P(why, className="muted")


def _breaks(breaks: Sequence[str]) -> list[Component]:
    return [html.Small(f" · not with {', '.join(breaks)}", className="muted")] if breaks else []


def way_back(lines: Sequence[WayLine]) -> html.Section:
    """Slope, what is left over rest, and shares of the way, one row a part; a dash has its reason in words."""
    heads = [
        html.Th("Part", scope="col"),
        *(html.Th([NAMES[name], " ", html.Small(unit)], scope="col", className="r") for name, unit, _ in WAY_BACK),
    ]
    rows = [
        html.Tr(
            [
                html.Th(line.title, scope="row"),
                *(html.Td(_cell(line.cells.get(name), digits), className="r") for name, _, digits in WAY_BACK),
            ]
        )
        for line in lines
    ]
    table = html.Table(
        [html.Caption("The way back, part by part", className="sr"), html.Thead(html.Tr(heads)), html.Tbody(rows)],
        className="tbl",
    )
    box = html.Div(table, className="scroll", tabIndex="0", role="group", **attrs(aria_labelledby="way-back-head"))
    note = html.P(
        "Slope: over the first two minutes of the part. Over rest: mean of the part less the baseline. Rise gone: by "
        "the part's end; with a breath guide it is no spontaneous recovery.",
        className="method",
    )
    return html.Section(
        [html.H2("The way back", id="way-back-head"), box, note],
        className="card",
        **attrs(aria_labelledby="way-back-head"),
    )


def _cell(cell: Cell | None, digits: int) -> Component | str:
    if cell is None:
        return html.Span([words.DASH, html.Span(" only with a guide", className="sr")], className="quiet")
    if cell.value is None:
        return html.Span([words.DASH, " ", html.Small(words.reason(cell.reason))], className="dash")
    return words.number(cell.value, digits)
