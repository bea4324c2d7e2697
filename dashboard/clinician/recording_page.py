"""One recording's page: can it be trusted, what happened, phase by phase, and how it was computed. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.clinician import felt_and_heart, in_words, method_cards, words
from dashboard.clinician.phase_table import phase_table
from dashboard.clinician.recording_values import Figure, RecordingView
from dashboard.clinician.recordings_list import note
from dashboard.clinician.timeline import timeline
from dashboard.clinician.timeline_told import crosshair_rows, minute_table, summary
from dashboard.clinician.timeline_traces import MARK_SYMBOLS
from dashboard.clinician.timeline_values import PHASE_TOKENS, TimelineValues
from dashboard.figures import graph
from dashboard.shell import attrs, heading, icon
from sessions.kept import RecordingSummary

DELETE_DIALOG = "delete-dialog"


def content(view: RecordingView) -> list[Component]:
    """Everything on the page."""
    parts: list[Component] = [_crumbs(view), _head(view)]
    parts += [note(text) for text in view.notices]
    parts.append(_trust(view))
    parts.append(_figures(view.figures))
    aside: list[Component] = []
    if view.timeline.markers:
        aside.append(_markers(view.timeline))
    aside.append(felt_and_heart.card(view.pairs))
    parts.append(html.Div([_timeline(view.timeline), html.Div(aside, className="aside")], className="grid"))
    parts.append(html.Div(phase_table(view.phases), className="two"))
    if view.way_back:
        parts.append(html.Div(in_words.way_back(view.way_back), className="two"))
    parts += [dcc.Store(id="words-wanted", data=view.id), in_words.waiting()]
    if view.words:
        parts.append(html.Div(_own_words(view.words), className="two"))
    parts.append(html.Div(_method(view), className="two"))
    parts.append(_delete_dialog(view))
    return parts


def opening(summary: RecordingSummary) -> list[Component]:
    """The page while the recording is read: what the list knows, and the shapes of what will come."""
    facts = [words.day(summary.started_at), words.length(summary.duration_s), words.source(summary.source)]
    title = words.phase_title(summary.exercise) if summary.exercise else "Recording without an exercise"
    shapes = html.Div(
        [html.Div(className="sk sk-row"), html.Div(className="sk sk-chart"), html.Div(className="sk sk-table")],
        className="skeleton",
        **attrs(aria_hidden="true"),
    )
    reading = html.P(f"Reading {words.count(summary.beats, 'beat')}", className="quiet reading", role="status")
    return [heading(title, facts), reading, shapes]


def _crumbs(view: RecordingView) -> html.Nav:
    steps: list[Component] = [html.A("Recordings", href="/recordings"), html.Span("/")]
    if view.client:
        steps = [
            html.A("Clients", href="/clients"),
            html.Span("/"),
            html.A(view.client, href=f"/clients/{view.client}"),
            html.Span("/"),
        ]
    return html.Nav(html.P([*steps, html.Span(view.title)], className="crumbs"), **attrs(aria_label="Where you are"))


def _head(view: RecordingView) -> html.Div:
    actions: list[Component] = [
        html.A([icon("doc"), "Report"], href=f"/recordings/{view.id}/report", className="btn"),
        html.A([icon("code"), "Open in replay"], href=f"/replay?file={view.id}", className="btn"),
    ]
    if view.state != "open":
        actions.append(
            html.Button([icon("trash"), "Delete"], type="button", className="btn", **attrs(data_dialog=DELETE_DIALOG))
        )
    return heading(view.title, list(view.facts), actions)


def _trust(view: RecordingView) -> html.Section:
    line = html.P([html.B("Can I trust it?"), *(html.Span(part) for part in view.trust)], className="trust num")
    flags = html.Ul([html.Li(flag) for flag in view.flags], className="flags")
    return html.Section([line, flags] if view.flags else [line], **attrs(aria_label="Can I trust it?"))


def _figures(figures: Sequence[Figure]) -> html.Dl:
    return html.Dl(
        [
            html.Div(
                [
                    html.Dt(figure.title),
                    html.Dd([figure.value, " ", html.Small(figure.unit)], className="big-number"),
                    html.Dd(figure.note, className="key-note"),
                ]
            )
            for figure in figures
        ],
        className="card keyrow",
    )


def _toggle(label: str, options: Sequence[tuple[str, str]], extra: str = "") -> html.Div:
    buttons = [
        html.Button(word, type="button", **attrs(data_choice=choice, aria_pressed="true" if at == 0 else "false"))
        for at, (choice, word) in enumerate(options)
    ]
    return html.Div(buttons, className=f"seg {extra}".strip(), role="group", **attrs(aria_label=label))


def _timeline(values: TimelineValues) -> html.Section:
    says = summary(values)
    toggles = html.Div(
        [
            _toggle("Heart signal", (("signal=hr", "Heart rate"), ("signal=rr", "RR interval"))),
            _toggle("Beats", (("beats=corrected", "Corrected"), ("beats=raw", "As recorded"))),
        ],
        className="toggles",
    )
    chart = html.Div(
        [
            graph("timeline", timeline(values), says=says),
            html.P("", className="crosshair-says num", **attrs(data_crosshair_says="true")),
        ],
        className="with-crosshair",
        **attrs(data_crosshair=json.dumps(crosshair_rows(values), ensure_ascii=False)),
    )
    return html.Section(
        [
            html.Div([html.H2("Timeline", id="timeline-head", className="h2"), toggles], className="bar"),
            html.P(says, className="told"),
            chart,
            _phase_key(values),
            _key(values),
            html.Details([html.Summary("The same as a table, minute by minute"), minute_table(values)]),
        ],
        className="card tl",
        id="timeline",
        **attrs(aria_labelledby="timeline-head"),
    )


def _phase_key(values: TimelineValues) -> html.Div:
    """All phases by name in order: on a narrow page not every strip has room for its own."""
    entries = [
        html.Span([html.I(className=f"sw is-{PHASE_TOKENS[band.kind]}"), f"{words.clock(band.start_s)} {band.title}"])
        for band in values.phases
        if band.kind in PHASE_TOKENS
    ]
    return html.Div(entries, className="key phase-key")


def _key(values: TimelineValues) -> html.Div:
    found = [mark.verdict for mark in values.marks]
    entries = [
        html.Span([html.I(className=f"k-mark k-{verdict}"), f"{words.VERDICT_WORDS[verdict]} ({found.count(verdict)})"])
        for verdict in MARK_SYMBOLS
        if verdict in found
    ]
    if any(not hole.pause for hole in values.holes):
        entries.append(html.Span([html.I(className="k-gap"), "no signal"]))
    if any(hole.pause for hole in values.holes):
        entries.append(html.Span([html.I(className="k-pause"), "pause"]))
    if any(band.kind == "rating" for band in values.phases):
        entries.append(html.Span([html.I(className="sw is-none"), "no colour: questions, outside every number"]))
    if any(point.prompt == "suds" for point in values.felt):
        entries.append(html.Span([html.I(className="k-diamond"), "felt: distress"]))
    if any(point.prompt == "body" for point in values.felt):
        entries.append(html.Span([html.I(className="k-diamond open"), "felt: body"]))
    if any(band.change_bpm is not None for band in values.phases):
        entries.append(html.Span([html.I(className="k-heart"), "heart, mean of the phase"]))
    if any(reading.value is not None for reading in values.arousal):
        shades = html.Span([html.I(className=f"sw ar-{at}") for at in range(7)], className="shades")
        entries.append(html.Span([shades, "arousal: below −1 SD, then by 1 SD, last over 4 SD"]))
    return html.Div(entries, className="key")


def _markers(values: TimelineValues) -> html.Section:
    items = [
        html.Li(
            [
                html.B(str(marker.number)),
                html.Div(
                    [
                        html.Span(
                            ", ".join(part for part in (words.clock(marker.time_s), marker.phase) if part),
                            className="t num",
                        ),
                        html.Br(),
                        marker.words,
                    ]
                ),
            ]
        )
        for marker in values.markers
    ]
    return html.Section(
        [html.H2("Markers", id="markers-head"), html.Ol(items, className="notes")],
        className="card",
        **attrs(aria_labelledby="markers-head"),
    )


def _own_words(said: Sequence[tuple[str, str, str]]) -> html.Section:
    items: list[Component] = []
    for phase, answers in groupby(said, key=lambda one: one[0]):
        told = [html.Li([html.Small(question), html.Span(answer)]) for _, question, answer in answers]
        items += [html.Dt(phase), html.Dd(html.Ul(told))]
    return html.Section(
        [html.H2("What they said", id="words-head"), html.Dl(items, className="own-words")],
        className="card",
        **attrs(aria_labelledby="words-head"),
    )


def _method(view: RecordingView) -> html.Section:
    items: list[Component] = []
    for term, text in view.method:
        items += [html.Dt(term), html.Dd(text)]
    return html.Section(
        [
            html.H2("How this was computed", id="method-head"),
            html.Dl(items, className="facts method-box"),
            method_cards.folded(view.cards),
        ],
        className="card",
        **attrs(aria_labelledby="method-head"),
    )


def _delete_dialog(view: RecordingView) -> html.Dialog:
    return html.Dialog(
        [
            html.H2("Delete this recording?", id="delete-head"),
            html.P(f"{view.title}. Its beats, ratings and words are erased from this computer and overwritten."),
            html.P("This cannot be undone. A backup made earlier still holds it.", className="muted"),
            html.P("", id="delete-says", className="att-text", role="status"),
            html.Div(
                [
                    html.Button("Keep it", type="button", className="btn", **attrs(data_dialog_close="true")),
                    html.Button(
                        [icon("trash"), "Delete for good"],
                        type="button",
                        className="btn pri",
                        id="delete-for-good",
                        n_clicks=0,
                        **attrs(data_recording=view.id),
                    ),
                ],
                className="acts",
            ),
        ],
        id=DELETE_DIALOG,
        className="dialog",
        **attrs(aria_labelledby="delete-head"),
    )
