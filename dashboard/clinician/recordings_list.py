"""The list of recordings: what there is, in which state, and what to do when there is nothing yet. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.shell import attrs, frame, heading, icon
from sessions.kept import RecordingSummary

FILTERS: tuple[tuple[str, str], ...] = (
    ("all", "All"),
    ("people", "People"),
    ("simulated", "Simulated"),
    ("recovered", "Recovered"),
)
"""What the list can be narrowed to; the page's script does it, without asking the server."""


def page(
    recordings: Sequence[RecordingSummary], *, hidden: int = 0, recovered: Sequence[str] = (), deleted: bool = False
) -> html.Div:
    """The whole page. ``hidden`` recordings are kept from this asker by the choice of the person recorded."""
    sub = [words.count(len(recordings), "recording")]
    if hidden:
        sub.append(f"{words.count(hidden, 'recording')} not shared with you")
    parts: list[Component] = [
        heading("Recordings", sub, [_link("/session", "plus", "New session", primary=True)]),
    ]
    if deleted:
        parts.append(note("The recording has been erased. Copies made by a backup are not touched by this."))
    ours = [summary for summary in recordings if summary.id in recovered]
    if ours:
        parts.append(_recovered_note(ours))
    parts.append(table(recordings) if recordings else _empty())
    return frame("/recordings", parts)


def note(text: str, *more: Component) -> html.Div:
    """Something that happened, said once at the top of a page."""
    return html.Div([icon("flag"), html.Div([text, *more])], className="note-bar", role="status")


def _recovered_note(recordings: Sequence[RecordingSummary]) -> html.Div:
    one = len(recordings) == 1
    links: list[Component] = []
    for summary in recordings:
        links += [html.A(words.short_day(summary.started_at), href=f"/recordings/{summary.id}"), html.Span(" ")]
    text = (
        "A recording had been cut off when the program last ended. Everything up to that moment is kept: "
        if one
        else f"{len(recordings)} recordings had been cut off when the program last ended. "
        "Everything up to that moment is kept: "
    )
    return note(text, html.Span(links))


def _empty() -> html.Section:
    return html.Section(
        [
            html.H2("No recordings yet"),
            html.P(
                "Start a session with a strap or a simulated heart; what it records is listed here. "
                "A sample file is included to try the pages.",
                className="muted",
            ),
            html.Div(
                [_link("/session", "plus", "New session", primary=True), _link("/replay", "code", "Open a sample")],
                className="acts",
            ),
        ],
        className="card empty",
    )


def _link(href: str, sign: str, word: str, *, primary: bool = False) -> html.A:
    return html.A([icon(sign), word], href=href, className="btn pri" if primary else "btn")


def table(recordings: Sequence[RecordingSummary], *, tools: bool = True, label: str = "Recordings") -> html.Section:
    """Recordings as rows, with search and filter above when ``tools``."""
    heads = [
        html.Th("Started", scope="col"),
        html.Th("Exercise", scope="col"),
        html.Th("Client", scope="col", className="hm"),
        html.Th("Source", scope="col", className="hm"),
        html.Th("Length", scope="col", className="r"),
        html.Th("Beats", scope="col", className="r hm"),
        html.Th("Gaps", scope="col", className="r hm"),
        html.Th("State", scope="col", className="hm"),
    ]
    rows = [_row(summary) for summary in recordings]
    box = html.Div(
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="tbl list-table"),
        className="scroll",
        tabIndex="0",
        role="group",
        **attrs(aria_label=label),
    )
    nothing = html.P("Nothing here matches.", className="note none", hidden=True, **attrs(data_none="true"))
    parts: list[Component] = [_tools()] if tools else []
    return html.Section([*parts, box, nothing], className="card list", **attrs(aria_label=label, data_list="true"))


def _tools() -> html.Div:
    find = html.Label(
        [
            icon("search"),
            html.Span("Find a recording", className="sr"),
            dcc.Input(type="search", placeholder="Find a recording", id="find-recording", className="find-input"),
        ],
        className="find",
        htmlFor="find-recording",
    )
    filters = [
        html.Button(word, type="button", **attrs(data_filter=name, aria_pressed="true" if name == "all" else "false"))
        for name, word in FILTERS
    ]
    return html.Div(
        [find, html.Div(filters, className="seg", role="group", **attrs(aria_label="Show"))], className="tools"
    )


def _row(summary: RecordingSummary) -> html.Tr:
    exercise = words.phase_title(summary.exercise) if summary.exercise else "No exercise"
    kinds = ["simulated" if summary.simulated else "people"]
    if summary.state == "recovered":
        kinds.append("recovered")
    client: Component | str = (
        html.A(summary.client, href=f"/clients/{summary.client}") if summary.client else words.DASH
    )
    searched = " ".join(
        [exercise, summary.client or "", words.source(summary.source), words.short_day(summary.started_at), summary.id]
    )
    return html.Tr(
        [
            html.Th(
                [
                    html.A(words.short_day(summary.started_at), href=f"/recordings/{summary.id}", className="row-link"),
                    html.Span(_chips(summary), className="chips under"),
                ],
                scope="row",
            ),
            html.Td(exercise),
            html.Td(client, className="hm"),
            html.Td(words.source(summary.source), className="hm muted clip"),
            html.Td(words.clock(summary.duration_s), className="r"),
            html.Td(f"{summary.beats:,}", className="r hm"),
            html.Td(str(summary.gaps), className="r hm"),
            html.Td(html.Span(_chips(summary), className="chips"), className="hm"),
        ],
        **attrs(data_kinds=" ".join(kinds), data_words=searched.lower()),
    )


def _chips(summary: RecordingSummary) -> list[Component]:
    chips: list[Component] = []
    if summary.state == "open":
        chips.append(html.Span([html.Span(className="dot"), "Being recorded"], className="chip ok"))
    if summary.state == "recovered":
        chips.append(html.Span("Recovered", className="chip att", title="Cut off, and kept up to that moment"))
    if summary.simulated:
        chips.append(html.Span("Simulated", className="chip"))
    return chips or [html.Span("Complete", className="quiet")]
