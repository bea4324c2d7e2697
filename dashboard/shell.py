"""What all faces share on a page: icons, the mark, the skip link, and the frame with the rail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

RAIL: tuple[tuple[str, str, str], ...] = (
    ("/session", "leaf", "Practise"),
    ("/clients", "people", "Clients"),
    ("/recordings", "wave", "Recordings"),
    ("/replay", "code", "Replay"),
    ("/settings", "gear", "Settings"),
)
"""(address, icon, word) of the ways that a clinician's or developer's page offers."""


def attrs(**values: str | None) -> dict[str, Any]:
    """``aria-`` and ``data-`` attributes for a Dash component: ``html.Div(**attrs(data_do="pause"))``.

    >>> attrs(aria_label="Pages", data_do=None)
    {'aria-label': 'Pages'}
    """
    return {name.replace("_", "-"): value for name, value in values.items() if value is not None}


def icon(name: str) -> html.Span:
    """A drawn sign without meaning of its own; the word beside it says what it is.

    >>> icon("pause").className
    'ico i-pause'
    """
    return html.Span(className=f"ico i-{name}", **attrs(aria_hidden="true"))


def mark(word: str = "Attunement") -> html.Div:
    """Two waves and the name."""
    waves = html.Span(
        [html.Span(className="mark-breath"), html.Span(className="mark-heart")],
        className="mark-waves",
        **attrs(aria_hidden="true"),
    )
    return html.Div([waves, html.Span(word)], className="mark")


def skip_link(target: str = "main", words: str = "Skip to the content") -> html.A:
    """The first stop of the tab key."""
    return html.A(words, href=f"#{target}", className="skip")


def theme_button() -> html.Button:
    """Light or dark; ``theme.js`` answers to it and keeps the choice in this browser."""
    return html.Button(
        [icon("contrast"), html.Span("Light or dark")],
        className="rail-theme",
        type="button",
        title="Light or dark",
        **attrs(data_theme_toggle="true"),
    )


def rail(here: str) -> html.Nav:
    """The ways of a clinician's or developer's page; ``here`` is the address that the page belongs to."""
    links = [
        html.A(
            [icon(sign), html.Span(word)],
            href=address,
            title=word,
            **attrs(aria_current="page" if address == here else None),
        )
        for address, sign, word in RAIL
    ]
    return html.Nav(
        [mark(), *links[:-1], html.Div(className="sp"), theme_button(), links[-1]],
        className="rail",
        **attrs(aria_label="Pages"),
    )


def frame(here: str, content: Sequence[Component]) -> html.Div:
    """A whole page of the clinician or developer: skip link, rail, and ``content`` as the main part."""
    main = html.Main(list(content), className="page", id="main", tabIndex="-1")
    return html.Div([skip_link(), rail(here), main], className="app")


def heading(title: str, sub: Sequence[Component | str] = (), actions: Sequence[Component] = ()) -> html.Div:
    """A page's title with its line of facts and its actions."""
    words: list[Component] = [html.H1(title)]
    if sub:
        words.append(html.Div([html.Span(part) for part in sub], className="sub"))
    parts: list[Component] = [html.Div(words)]
    if actions:
        parts.append(html.Div(list(actions), className="acts"))
    return html.Div(parts, className="phead")
