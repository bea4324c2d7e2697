"""Clients, as far as recordings tell: the list, and one client's recordings. No client is ranked or compared. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.clinician.recordings_list import table
from dashboard.shell import attrs, frame, heading, icon
from sessions.kept import ClientSummary, RecordingSummary


def list_page(clients: Sequence[ClientSummary], without_code: int) -> html.Div:
    """All clients with a code; ``without_code`` recordings belong to nobody by name."""
    head = heading(
        "Clients",
        [words.count(len(clients), "client")],
        [html.A([icon("plus"), "New session"], href="/session", className="btn pri")],
    )
    parts: list[Component] = [head, _clients(clients) if clients else _empty(without_code)]
    if clients and without_code:
        parts.append(_without_code(without_code))
    return frame("/clients", parts)


def client_page(code: str, recordings: Sequence[RecordingSummary]) -> html.Div:
    """One client's recordings, newest first."""
    crumbs = html.Nav(
        html.P([html.A("Clients", href="/clients"), html.Span("/"), html.Span(code)], className="crumbs"),
        **attrs(aria_label="Where you are"),
    )
    if not recordings:
        nothing = html.Section(
            [
                html.H2("No recordings under this code"),
                html.P("The code may be mistyped, or its recordings are not shared with you.", className="muted"),
                html.Div(html.A("All clients", href="/clients", className="btn"), className="acts"),
            ],
            className="card empty",
        )
        return frame("/clients", [crumbs, heading(code), nothing])
    first, last = recordings[-1], recordings[0]
    sub = [
        words.count(len(recordings), "recording"),
        f"first {words.short_day(first.started_at)}",
        f"latest {words.short_day(last.started_at)}",
    ]
    latest = html.A("Open the latest", href=f"/recordings/{last.id}", className="btn pri")
    return frame(
        "/clients",
        [crumbs, heading(code, sub, [latest]), table(recordings, tools=False, label=f"Recordings of {code}")],
    )


def _clients(clients: Sequence[ClientSummary]) -> html.Section:
    heads = [
        html.Th("Client", scope="col"),
        html.Th("Latest recording", scope="col"),
        html.Th("Recordings", scope="col", className="r"),
    ]
    rows = [
        html.Tr(
            [
                html.Th(html.A(client.code, href=f"/clients/{client.code}", className="row-link"), scope="row"),
                html.Td(words.short_day(client.last_started_at)),
                html.Td(str(client.recordings), className="r"),
            ]
        )
        for client in clients
    ]
    box = html.Div(
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="tbl list-table"),
        className="scroll",
        tabIndex="0",
        role="group",
        **attrs(aria_label="Clients"),
    )
    return html.Section(box, className="card list narrow", **attrs(aria_label="Clients"))


def _empty(without_code: int) -> html.Section:
    there = (
        f"There {'is' if without_code == 1 else 'are'} {words.count(without_code, 'recording')} without one. "
        if without_code
        else ""
    )
    return html.Section(
        [
            html.H2("No clients yet"),
            html.P(
                f"{there}A client appears here with the first session that is started under a code. "
                "Codes stand for people; names are never asked for.",
                className="muted",
            ),
            html.Div(
                [
                    html.A([icon("plus"), "New session"], href="/session", className="btn pri"),
                    html.A([icon("wave"), "All recordings"], href="/recordings", className="btn"),
                ],
                className="acts",
            ),
        ],
        className="card empty",
    )


def _without_code(n: int) -> html.P:
    return html.P(
        [f"{words.count(n, 'recording')} without a client's code: ", html.A("see all recordings", href="/recordings")],
        className="note after",
    )
