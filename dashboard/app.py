"""The Dash app: one shell, one router, and the callbacks that the faces register. Everything it serves is our own."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, dcc, html
from dash.backends._fastapi import FastAPIDashServer
from dash.development.base_component import Component
from dash.exceptions import DependencyException, InvalidResourceError
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse

from dashboard import client, clinician, home, replay, settings_page
from dashboard.gate import App, Message, Receive, Scope, Send
from dashboard.page import PageContext, Route, find
from dashboard.shell import frame, heading

ASSETS = Path(__file__).parent / "assets"
STYLES_FIRST = ("tokens.css", "ui.css", "icons.css", "shell.css")
"""Order matters: the faces' own style sheets come after these."""
THEME_SCRIPT = "theme.js"
"""Runs in the head, before anything is drawn."""
NAME = "Attunement"

_shown: ContextVar[Route | None] = ContextVar("shown", default=None)
"""The route of the page that is being served now, for its title."""


class _Backend(FastAPIDashServer):
    """Dash's FastAPI backend without its own websocket, which every page would open unused."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "", config: dict[str, Any] | None = None) -> FastAPI:
        """A server without the interactive documentation."""
        return FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


class _Shell(Dash):
    """Dash with our own first page: language, title by route, theme before paint, style sheets in order."""

    theme = "system"

    def interpolate_index(
        self,
        metas: str = "",
        title: str = "",
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",
        renderer: str = "",
    ) -> str:
        """The html that a browser gets before any script runs."""
        route = _shown.get()
        title = f"{route.title} · {NAME}" if route else NAME
        return f"""<!DOCTYPE html>
<html lang="en" data-theme-default="{markup.escape(self.theme)}">
<head>
{metas}
<meta name="color-scheme" content="light dark">
<title>{markup.escape(title)}</title>
<link rel="icon" type="image/svg+xml" href="{_versioned("icons/favicon.svg")}">
<script src="{_versioned(THEME_SCRIPT)}"></script>
{css}
</head>
<body>
{_ENTRY}
{config}
{scripts}
{renderer}
</body>
</html>"""


_ENTRY = """<div id="react-entry-point"><p class="opening">Opening the page</p></div>
<noscript><p class="opening-always">This page needs JavaScript. Nothing it loads comes from outside this computer.</p>
</noscript>"""


FACES = (home, settings_page, client, clinician, replay)
"""Everything that brings pages (``routes``) and their callbacks (``register``)."""


def make_app(ctx: PageContext) -> tuple[Dash, tuple[Route, ...]]:
    """The Dash app with all pages and callbacks, and its routes."""
    routes = tuple(route for face in FACES for route in face.routes())
    app = _Shell(
        "dashboard",
        backend=_Backend,
        title=NAME,
        update_title="",
        serve_locally=True,
        include_assets_files=False,
        assets_folder=str(ASSETS),
        external_stylesheets=[{"rel": "stylesheet", "href": _versioned(name)} for name in styles()],
        external_scripts=[{"src": _versioned(name)} for name in scripts()],
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    app.theme = ctx.settings.theme
    app.layout = html.Div([dcc.Location(id="address", refresh=False), html.Div(id="page-content")])
    _register_router(app, ctx, routes)
    for face in FACES:
        face.register(app, ctx)
    for refused in (InvalidResourceError, DependencyException):
        app.server.add_exception_handler(refused, _not_found)
    return app, routes


def _register_router(app: Dash, ctx: PageContext, routes: Sequence[Route]) -> None:
    @app.callback(Output("page-content", "children"), Input("address", "pathname"), Input("address", "search"))
    async def show(pathname: str | None, search: str | None) -> Component:
        return await render(ctx, routes, pathname or "/", search or "")


async def render(ctx: PageContext, routes: Sequence[Route], path: str, search: str) -> Component:
    """The page for an address; an unknown one says so."""
    found = find(routes, path)
    if found is None:
        return missing_page()
    route, values = found
    asked = parse_qs(search.lstrip("?"))
    query = {name: asked[name][0] for name in route.query if name in asked}
    return await route.render(ctx, **values, **query)


def missing_page() -> Component:
    """What an unknown address shows."""
    return frame(
        "",
        [
            heading("There is no such page", ["The address may be mistyped, or what was there has been removed."]),
            html.P(html.A("Go to the start", href="/")),
        ],
    )


class Pages:
    """ASGI: each known page is Dash's one index with its own title, and an unknown address is an honest 404."""

    OTHERS = ("/assets/", "/_dash-", "/ws/", "/healthz", "/_favicon.ico", "/_reload-hash")
    FILES = re.compile(r"/recordings/[^/]+/report")
    """Pages that are whole files of their own."""

    def __init__(self, app: App, routes: Sequence[Route]) -> None:
        self._app, self._routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page, or hand on what is none."""
        path = scope["path"]
        if scope["type"] != "http" or path.startswith(self.OTHERS) or self.FILES.fullmatch(path):
            await self._app(scope, receive, send)
            return
        found = find(self._routes, path)
        token = _shown.set(found[0] if found else None)
        try:
            index = {**scope, "path": "/", "raw_path": b"/"}
            await self._app(index, receive, send if found else _as_not_found(send))
        finally:
            _shown.reset(token)


def _as_not_found(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            message = {**message, "status": 404}
        await send(message)

    return sending


async def _not_found(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse("There is no such file.", 404)


def styles() -> tuple[str, ...]:
    """Our style sheets in the order in which they are loaded."""
    rest = sorted(path.name for path in ASSETS.glob("*.css") if path.name not in STYLES_FIRST)
    return (*STYLES_FIRST, *rest)


def scripts() -> tuple[str, ...]:
    """Our scripts in the order in which they are loaded; the theme's is in the head instead."""
    return tuple(sorted(path.name for path in ASSETS.glob("*.js") if path.name != THEME_SCRIPT))


def _versioned(name: str) -> str:
    """An asset's address, which changes with the file."""
    path = ASSETS / name
    stamp = int(path.stat().st_mtime) if path.exists() else 0
    return f"/assets/{name}?v={stamp}"
