"""The client's addresses and the thin callbacks behind them; what is drawn is made by pure functions elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dash import Dash, Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from acquisition.errors import AttunementError
from dashboard.client.panels import local_pause, panel
from dashboard.client.parts import Part, marked
from dashboard.client.screens import screen
from dashboard.client.start import HEARTS, NOTHING_CLOSED, SIMULATED, STRAP, lacking, refused, start, started
from dashboard.client.station import choose_again
from dashboard.client.wire import NotAView, view_of
from dashboard.page import PageContext, Route
from dashboard.rejoining import kept_of
from dashboard.shell import icon
from sessions.view import SessionView

if TYPE_CHECKING:
    from sessions.exercise import Exercise
    from sessions.service import Service


def routes() -> tuple[Route, ...]:
    """The start page and the page of one session."""
    return (
        Route("/session", start_page, "Practise", query=("exercise",)),
        Route("/session/<session_id>", session_page, "Session"),
    )


async def start_page(ctx: PageContext, exercise: str | None = None) -> Component:
    """What is on offer, with the exercise of the address picked."""
    exercises = await asyncio.to_thread(_exercises, ctx.settings.exercises)
    hearts = HEARTS[ctx.engine.setup.kind]
    closed = await asyncio.to_thread(_closed, ctx.service, exercises) if STRAP in hearts else NOTHING_CLOSED
    page = start(exercises, hearts, open_sessions(ctx), exercise, closed)
    return html.Div([dcc.Store(id="start-request"), page], className="face-client")


def open_sessions(ctx: PageContext) -> tuple[str, ...]:
    """Ids of sittings that have not ended and can be gone back to."""
    ids = [topic.removeprefix("session/") for topic in ctx.engine.topics if topic.startswith("session/")]
    return tuple(one for one in ids if (ctx.engine.view(one) or {}).get("screen") not in (None, "ended"))


async def session_page(ctx: PageContext, session_id: str) -> Component:
    """The session as it stands; its socket keeps the page up to date."""
    latest = ctx.engine.view(session_id)
    if latest is None:
        kept = await asyncio.to_thread(kept_of, ctx.service, session_id)
        return html.Div(lacking(kept), className="face-client")
    view = view_of(latest)
    return html.Div(
        [
            dcc.Store(id="session-view"),
            dcc.Store(id="session-panel"),
            choose_again(),
            html.Div(screen(view), id="session-screen"),
            html.Div(panel(view), id="session-panel-place"),
            local_pause(),
            net(),
            html.P(id="session-say", className="sr", role="status"),
        ],
        id="client-page",
        className="face-client",
        **marked(data_topic=f"session/{session_id}"),
    )


def net() -> html.Div:
    """What the page says when the program does not answer; the page's script shows the part that fits."""
    says: dict[str, list[Part]] = {
        "lost": ["We lost touch with the program on this computer. What was recorded is kept. Trying again."],
        "gone": [
            "This session is not open any more. What was recorded is kept. ",
            html.A("Begin another", href="/session"),
        ],
        "broken": [
            "Something broke off on our side, nothing you did. What was recorded up to now is kept. ",
            html.A("Go to the start", href="/"),
        ],
    }
    lines = [html.P(line, hidden=True, **marked(data_when=when)) for when, line in says.items()]
    return html.Div([icon("link"), html.Div(lines)], id="net", className="net", hidden=True, role="status")


def register(app: Dash, ctx: PageContext) -> None:
    """Draw a screen or a panel from the view that the socket brought; start a session."""

    @app.callback(Output("session-screen", "children"), Input("session-view", "data"), prevent_initial_call=True)
    async def show_screen(data: object) -> object:
        return drawn(screen, data)

    @app.callback(Output("session-panel-place", "children"), Input("session-panel", "data"), prevent_initial_call=True)
    async def show_panel(data: object) -> object:
        return drawn(panel, data)

    @app.callback(Output("start-answer", "children"), Input("start-request", "data"), prevent_initial_call=True)
    async def start_session(data: object) -> object:
        return await begin(ctx, data)


def drawn(make: Callable[[SessionView], Component | None], data: object) -> object:
    """What ``make`` draws of the view in ``data``; the page stays as it is when that is none."""
    try:
        return make(view_of(data))
    except NotAView:
        return no_update


async def begin(ctx: PageContext, data: object) -> Component:
    """Start what was chosen, or say why it cannot be."""
    if not isinstance(data, Mapping):
        return refused("Please choose an exercise and a heart.")
    exercise, heart = data.get("exercise"), data.get("heart")
    own = ctx.settings.exercises
    if not isinstance(exercise, str) or exercise not in {one.id for one in await asyncio.to_thread(_exercises, own)}:
        return refused("There is no such exercise.")
    try:
        simulate = heart == SIMULATED.id
        return started(await ctx.engine.start_session(exercise, asker=ctx.asker, simulate=simulate, own_scripts=own))
    except AttunementError as error:
        return refused(str(error))


def _closed(service: Service, exercises: Sequence[Exercise]) -> Mapping[str, str]:
    """Why exercises do not open yet to a real person, by id."""
    from sessions.ladder import standing, why_closed  # reads scripts: not before they are wanted

    now = standing(service, None)
    told = {one.id: why_closed(one, now) for one in exercises}
    return {name: why for name, why in told.items() if why is not None}


def _exercises(own: Path | None) -> Sequence[Exercise]:
    from sessions.exercise import catalogue  # the reader of scripts: not before one is wanted

    return catalogue(own)
