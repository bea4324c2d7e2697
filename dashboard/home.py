"""The first page: practise, review or replay; and a plain word about anything that was recovered at the start."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.page import PageContext, Route
from dashboard.shell import attrs, icon, mark, skip_link
from sessions.kept import RecordingSummary

WAYS: tuple[tuple[str, str, str, str], ...] = (
    ("/session", "leaf", "Practise", "Sit down with your heart: settle, an exercise, slow breathing, a look back."),
    ("/recordings", "wave", "Review", "Open what was recorded: the timeline, the parts, and what can be trusted."),
    ("/replay", "code", "Replay", "Watch a recording go by beat by beat, from the sensor's bytes to every figure."),
)
"""(address, icon, word, what it is)."""


def routes() -> tuple[Route, ...]:
    """The first page."""
    return (Route("/", page, "Start"),)


def register(app: Dash, ctx: PageContext) -> None:
    """The first page has no callbacks."""


async def page(ctx: PageContext) -> Component:
    """The three ways, with what the last start recovered, as far as whoever asks may know of it."""
    ids = ctx.service.recovered_at_start
    kept = await asyncio.to_thread(ctx.service.recordings, ctx.asker) if ids else []
    return layout([summary for summary in kept if summary.id in ids])


def layout(recovered: Sequence[RecordingSummary]) -> Component:
    """The page as a pure function of the recordings that were recovered."""
    return html.Div(
        [
            skip_link(),
            html.Header([mark(), html.A([icon("gear"), "Settings"], href="/settings", className="btn ghost")]),
            html.Main(
                [
                    html.H1("What would you like to do?"),
                    *recovered_notice(recovered),
                    html.Nav([_way(*way) for way in WAYS], className="ways", **attrs(aria_label="Ways to go on")),
                ],
                id="main",
                tabIndex="-1",
            ),
            html.Footer(
                html.P(
                    "For learning and practice beside professional care. Not a medical device: it does not diagnose, "
                    "and it does not watch over anyone's safety. Everything stays on this computer.",
                    className="quiet",
                )
            ),
        ],
        className="home",
    )


def recovered_notice(recovered: Sequence[RecordingSummary]) -> list[Component]:
    """One plain notice when recordings had been cut off, else nothing."""
    if not recovered:
        return []
    many = len(recovered) > 1
    words = (
        f"{len(recovered)} recordings were cut off the last time. "
        if many
        else "One recording was cut off the last time. "
    )
    links = [html.A(_told(summary), href=f"/recordings/{summary.id}") for summary in recovered]
    return [
        html.Div(
            [html.P([words, "Everything that was kept by then is there, up to the last second or so."])]
            + [html.P(link) for link in links],
            className="card notice",
            role="status",
        )
    ]


def _told(summary: RecordingSummary) -> str:
    return f"Open the one of {summary.started_at.astimezone():%d %B, %H:%M}, {summary.beats} beats"


def _way(address: str, sign: str, word: str, what: str) -> html.A:
    return html.A([icon(sign), html.H2(word), html.P(what, className="muted")], href=address, className="card way")
