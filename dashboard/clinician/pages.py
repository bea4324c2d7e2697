"""The clinician's routes and callbacks: each asks the service as its asker, off the event loop, and draws."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from acquisition.errors import AttunementError, BadInput, EnvironmentFault
from dashboard import figures
from dashboard.clinician import clients, recordings_list, words
from dashboard.clinician.readings import Readings
from dashboard.page import PageContext, Route
from dashboard.shell import frame, heading
from sessions.kept import ClientSummary, RecordingSummary
from sessions.records import Asker
from sessions.service import Service

ERASED = "erased"
"""Value of ``?deleted=`` after a recording was erased."""


def routes() -> tuple[Route, ...]:
    """Pages of this face."""
    return (
        Route("/clients", _clients, "Clients"),
        Route("/clients/<code>", _client, "Client"),
        Route("/recordings", _recordings, "Recordings", query=("deleted",)),
        Route("/recordings/<recording_id>", _recording, "Recording"),
    )


def register(app: Dash, ctx: PageContext) -> None:
    """Charts are painted in the browser; deleting is the one thing that is asked of the server."""
    figures.register(app)
    readings = Readings(ctx.engine.apart)

    @app.callback(Output("recording-page", "children"), Input("recording-wanted", "data"))
    async def read(recording_id: str | None) -> object:
        if not recording_id:
            return no_update
        return await _review(ctx, recording_id, readings)

    @app.callback(Output("in-words", "children"), Input("words-wanted", "data"))
    async def say(recording_id: str | None) -> object:
        if not recording_id:
            return no_update
        return await asyncio.to_thread(_in_words, readings, ctx.service, ctx.asker, recording_id)

    @app.callback(
        Output("delete-says", "children"),
        Output("address", "pathname"),
        Output("address", "search"),
        Input("delete-for-good", "n_clicks"),
        State("address", "pathname"),
        prevent_initial_call=True,
    )
    async def delete(n_clicks: int | None, pathname: str | None) -> tuple[object, object, object]:
        if not n_clicks:
            return no_update, no_update, no_update
        return await erase(ctx, (pathname or "").rstrip("/").rsplit("/", 1)[-1])


async def erase(ctx: PageContext, recording_id: str) -> tuple[object, object, object]:
    """Erase one recording: (what to say, path and query to go to); an error stays on the page in its own words."""
    try:
        await asyncio.to_thread(ctx.service.delete, ctx.asker, recording_id)
    except AttunementError as refused:
        return f"It was not deleted: {refused}", no_update, no_update
    return "", "/recordings", f"?deleted={ERASED}"


async def _recordings(ctx: PageContext, deleted: str | None = None) -> html.Div:
    found, hidden = await asyncio.to_thread(_listed, ctx, ctx.asker)
    return recordings_list.page(
        found, hidden=hidden, recovered=ctx.service.recovered_at_start, deleted=deleted == ERASED
    )


def _listed(ctx: PageContext, asker: Asker) -> tuple[Sequence[RecordingSummary], int]:
    return ctx.service.recordings(asker), ctx.service.hidden(asker)


async def _clients(ctx: PageContext) -> html.Div:
    known, recordings = await asyncio.to_thread(_known, ctx, ctx.asker)
    return clients.list_page(known, sum(summary.client is None for summary in recordings))


def _known(ctx: PageContext, asker: Asker) -> tuple[Sequence[ClientSummary], Sequence[RecordingSummary]]:
    return ctx.service.clients(asker), ctx.service.recordings(asker)


async def _client(ctx: PageContext, code: str) -> html.Div:
    recordings = await asyncio.to_thread(ctx.service.recordings, ctx.asker)
    return clients.client_page(code, [summary for summary in recordings if summary.client == code])


async def _recording(ctx: PageContext, recording_id: str) -> html.Div:
    """At once what is known at once; the review follows when it has been read."""
    return frame("/recordings", await asyncio.to_thread(_opening, ctx.service, ctx.asker, recording_id))


def _opening(service: Service, asker: Asker, recording_id: str) -> list[Component]:
    from dashboard.clinician import recording_page  # charts: not before one is wanted

    try:
        summary = service.recording(asker, recording_id).summary
    except BadInput as refused:
        return _not_there(refused)
    opening = html.Div(recording_page.opening(summary), id="recording-page")
    return [figures.look_store(), dcc.Store(id="recording-wanted", data=summary.id), opening]


async def _review(ctx: PageContext, recording_id: str, readings: Readings) -> list[Component]:
    return await asyncio.to_thread(_content, readings, ctx.service, ctx.asker, recording_id)


def _content(readings: Readings, service: Service, asker: Asker, recording_id: str) -> list[Component]:
    from dashboard.clinician import recording_page

    try:
        return recording_page.content(readings.view(service, asker, recording_id))
    except BadInput as refused:
        return _not_there(refused)
    except EnvironmentFault as fault:
        return [heading("This recording could not be read"), html.P(words.sentence(str(fault)), className="muted")]


def _in_words(readings: Readings, service: Service, asker: Asker, recording_id: str) -> Component:
    from dashboard.clinician import in_words

    try:
        return in_words.card(readings.in_words(service, asker, recording_id))
    except AttunementError as refused:
        return in_words.nothing(words.sentence(refused.what))


def _not_there(refused: BadInput) -> list[Component]:
    return [
        heading("This recording cannot be opened"),
        html.P(words.sentence(refused.what), className="muted"),
        html.P("It may have been deleted, or it is not shared with you. Nothing was changed.", className="muted"),
        html.P(html.A("All recordings", href="/recordings", className="btn")),
    ]
