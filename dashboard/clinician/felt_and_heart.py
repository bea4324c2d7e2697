"""Felt and heart, phase by phase: a scatter with numbered marks and the same in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.clinician.recording_values import FeltAndHeart
from dashboard.clinician.timeline_frame import signed_ticks
from dashboard.clinician.timeline_marks import FELT_SYMBOLS, FELT_WORDS
from dashboard.figures import TEXT_PX, axis, figure, graph, ink, label
from dashboard.shell import attrs
from sessions.felt_and_heart import CAVEAT, HEART_UP_BPM, LEAST_PHASES

RANGE_BPM = (-15.0, 30.0)
"""Least range of the heart axis, beats/min."""
NEAR_BPM, NEAR_FELT = 2.0, 7.0
"""Marks nearer than this to each other are drawn as one, with all their numbers."""
HEIGHT_PX = 268


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the scatter; several phases at one place share it."""

    change_bpm: float
    felt: float
    prompt: str
    numbers: tuple[int, ...]
    titles: tuple[str, ...]


def marks(pairs: Sequence[FeltAndHeart]) -> tuple[Mark, ...]:
    """Marks to draw: one for each phase and prompt, those at nearly the same place as one."""
    found: list[Mark] = []
    for pair in pairs:
        if pair.change_bpm is None or pair.left_out:
            continue
        for prompt, value in pair.felt.items():
            for at, other in enumerate(found):
                near = abs(other.change_bpm - pair.change_bpm) < NEAR_BPM and abs(other.felt - value) < NEAR_FELT
                if near and other.prompt == prompt:
                    found[at] = Mark(
                        other.change_bpm,
                        other.felt,
                        prompt,
                        (*other.numbers, pair.number),
                        (*other.titles, pair.title),
                    )
                    break
            else:
                found.append(Mark(pair.change_bpm, value, prompt, (pair.number,), (pair.title,)))
    return tuple(found)


def scatter(pairs: Sequence[FeltAndHeart]) -> go.Figure:
    """Heart change in beats/min across, felt 0 to 100 up; each mark a diamond with its phase's number beside it."""
    drawing = figure(HEIGHT_PX, margin={"l": 34, "r": 10, "t": 22, "b": 42})
    shown = marks(pairs)
    changes = [mark.change_bpm for mark in shown]
    low = min([RANGE_BPM[0], *(change - 4 for change in changes)])
    high = max([RANGE_BPM[1], *(change + 4 for change in changes)])
    for prompt in dict.fromkeys(mark.prompt for mark in shown):
        members = [mark for mark in shown if mark.prompt == prompt]
        drawing.add_trace(_diamonds(prompt, members))
    dots = {"color": ink("line-strong", 0.8), "width": 1, "dash": "dot"}
    drawing.update_layout(
        xaxis=axis(range=[low, high], **signed_ticks(low, high, 10)),
        yaxis=axis(range=[-7, 107], tickvals=[0, 50, 100]),
        hovermode="closest",
        shapes=[
            {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}
            for x, line in ((0, {**dots, "dash": "solid", "color": ink("line-strong", 0.5)}), (HEART_UP_BPM, dots))
        ],
        annotations=[
            label("felt", 0, 1, yshift=12, font={"size": 13, "color": ink("felt")}),
            label(
                "heart, change in beats/min",
                1,
                0,
                xanchor="right",
                yshift=-32,
                font={"size": 13, "color": ink("heart")},
            ),
        ],
    )
    return drawing


def _diamonds(prompt: str, members: Sequence[Mark]) -> go.Scatter:
    open_mark = FELT_SYMBOLS.get(prompt, "diamond-open") != "diamond"
    return go.Scatter(
        x=[mark.change_bpm for mark in members],
        y=[mark.felt for mark in members],
        mode="markers+text",
        text=[", ".join(map(str, mark.numbers)) for mark in members],
        textposition="middle left" if open_mark else "middle right",
        textfont={"size": TEXT_PX + 1, "color": ink("ink")},
        marker={
            "symbol": FELT_SYMBOLS.get(prompt, "diamond-open"),
            "size": 12,
            "color": ink("felt"),
            "line": {"width": 1.5, "color": ink("felt")},
        },
        customdata=[", ".join(mark.titles) for mark in members],
        hovertemplate=f"%{{customdata}}<br>{FELT_WORDS.get(prompt, prompt)} %{{y:.0f}}, "
        "heart %{x:+.1f}<extra></extra>",
        cliponaxis=False,
    )


def card(pairs: Sequence[FeltAndHeart]) -> html.Section:
    """The scatter, what its numbers stand for, and the caveat that always goes with it."""
    drawn = marks(pairs)
    head = html.H2("Felt and heart", id="felt-head")
    note = html.P("One mark for each phase and question, numbered by phase.", className="note")
    if not drawn:
        why = html.P(
            "No phase has both a rating and a heart rate with a reference, so nothing is drawn.", className="note"
        )
        body: list[Component] = [head, why, *_lines(pairs)]
    else:
        key = [
            html.Span([html.I(className="k-diamond" if prompt == "suds" else "k-diamond open"), _named(prompt)])
            for prompt in dict.fromkeys(mark.prompt for mark in drawn)
        ]
        key.append(html.Span([html.I(className="k-dotted"), f"heart up: +{HEART_UP_BPM:.0f} a minute"]))
        says = f"Scatter of {len(drawn)} marks, felt against heart; the list below has every value"
        body = [
            head,
            note,
            graph("felt-and-heart", scatter(pairs), says=says),
            html.Div(key, className="key"),
            *_lines(pairs),
        ]
    body.append(html.P(f"{CAVEAT} No coefficient is given under {LEAST_PHASES} parts.", className="method"))
    return html.Section(body, className="card", **attrs(aria_labelledby="felt-head"))


def _named(prompt: str) -> str:
    return FELT_WORDS.get(prompt, prompt)


def _lines(pairs: Sequence[FeltAndHeart]) -> list[Component]:
    if not pairs:
        return []
    items: list[Component] = []
    for pair in pairs:
        felt = ", ".join(f"{_named(prompt)} {value:.0f}" for prompt, value in pair.felt.items())
        if pair.change_bpm is None:
            heart = f"heart {words.DASH}" + (f" ({pair.left_out})" if pair.left_out else "")
        else:
            heart = f"heart {words.signed(pair.change_bpm)} against {pair.reference}"
            if pair.change_sd is not None:
                heart += f" ({words.signed(pair.change_sd)} SD)"
        if pair.left_out and pair.change_bpm is not None:
            felt = pair.left_out
        said = [html.B(pair.title), html.Span(f"{felt or 'no rating'}; {heart}")]
        if pair.says:
            said.append(html.Em(pair.says))
        items.append(html.Li([html.Span(str(pair.number), className="n"), html.Div(said)]))
    return [html.Ol(items, className="pairs")]
