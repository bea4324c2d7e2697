"""What a face plugs into the shell: routes, and the one context that every page and callback is given."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.development.base_component import Component

from sessions.records import Asker

if TYPE_CHECKING:
    from dashboard.engine import Engine
    from dashboard.settings import Settings
    from sessions.service import Service

Render = Callable[..., Awaitable[Component]]
"""``async (ctx, **parameters) -> Component``; parameters are the pattern's names and the query names of the route."""

asked_by: ContextVar[Asker] = ContextVar("asked_by")
"""Who asks in the request that runs now; the gate sets it, nothing else does."""

_NAME = re.compile(r"<(\w+)>")
_SEGMENT = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
"""What may stand for a name in a path: ids and codes, never a slash or a leading dot."""


@dataclass(frozen=True, slots=True)
class Route:
    """One page: ``Route("/session/<session_id>", render, "Session")``."""

    pattern: str
    render: Render
    title: str
    query: tuple[str, ...] = ()
    """Names of query parameters that ``render`` takes as optional strings; all others are ignored."""

    def match(self, path: str) -> dict[str, str] | None:
        """Values of the pattern's names when ``path`` is this page's, else None.

        >>> async def page(ctx): ...
        >>> Route("/clients/<code>", page, "Client").match("/clients/A7")
        {'code': 'A7'}
        >>> Route("/clients", page, "Clients").match("/clients/A7") is None
        True
        """
        expression = _NAME.sub(lambda name: f"(?P<{name[1]}>{_SEGMENT})", self.pattern)
        found = re.fullmatch(expression, path.rstrip("/") or "/")
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True)
class PageContext:
    """What pages and callbacks may use. One a server; it holds no state of its own."""

    service: Service
    engine: Engine
    settings: Settings

    @property
    def asker(self) -> Asker:
        """Who asks in the request that runs now."""
        return asked_by.get()


def find(routes: Sequence[Route], path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The first route whose pattern fits ``path``, with its values, or None."""
    for route in routes:
        values = route.match(path)
        if values is not None:
            return route, values
    return None
