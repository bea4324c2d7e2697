"""The replay page's frame: everything that stands still. ``assets/replay.js`` fills it from the page's own socket."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.page import PageContext, Route
from dashboard.replay.latency import PAGE_BUDGET_MS
from dashboard.shell import attrs, frame, heading, icon

if TYPE_CHECKING:
    from dashboard.replay.files import Choice

SPEED_WORDS: tuple[tuple[str, str], ...] = (("0.5", "0.5×"), ("1", "1×"), ("4", "4×"), ("16", "16×"), ("max", "Max"))

COLUMNS: tuple[tuple[str, str], ...] = (
    ("time", ""),
    ("bytes", ""),
    ("HR", "r"),
    ("RR ms", "r"),
    ("at once", ""),
    ("3 beats later", ""),
    ("NN ms", "r"),
    ("HR", "r"),
    ("RMSSD", "r"),
    ("swing", "r"),
)
"""Heads of the table: frame (3), RR and check (3), NN (1), indices (3)."""


def routes() -> tuple[Route, ...]:
    """Pages of this face."""
    return (Route("/replay", render, "Replay", query=("file",)),)


def register(app: Dash, ctx: PageContext) -> None:
    """Nothing to register: the page speaks to its replay over its own socket."""


async def render(ctx: PageContext, **query: str) -> Component:
    """A fresh replay for this page, and the page that shows it. ``?file=`` names a recording or a sample."""
    return frame("/replay", await _begun(ctx, query.get("file")))


async def _begun(ctx: PageContext, wanted: str | None) -> list[Component]:
    await asyncio.to_thread(import_module, "dashboard.replay.replay_session")  # the live pipeline
    from dashboard.replay.files import choices, opener
    from dashboard.replay.replay_session import ReplaySession

    asker = ctx.asker
    offered = await asyncio.to_thread(choices, ctx.service, asker)
    names = [choice.name for choice in offered]
    first = wanted if wanted is not None else (names[0] if names else None)
    if first is None:
        return [_head(), _nothing()]
    replay_id = secrets.token_hex(8)
    open_file = opener(ctx.service, asker)
    await ctx.engine.open(
        f"replay/{replay_id}", lambda publish: ReplaySession(first, open_file=open_file, publish=publish)
    )
    return [_head(), layout(replay_id, offered, first)]


def layout(replay_id: str, offered: Sequence[Choice], chosen: str) -> html.Div:
    """The whole page under its title."""
    left = html.Div([_table(), _tachogram()], className="st")
    right = html.Div([_selected(), _latency(), _files(offered, chosen)], className="st")
    return html.Div(
        [
            html.Div(
                [
                    html.P("", className="num", **attrs(data_playing="true")),
                    html.Div(
                        className="seg",
                        role="group",
                        hidden=True,
                        **attrs(data_streams="true", aria_label="Stream"),
                    ),
                    html.P("", role="status", **attrs(data_say="true")),
                ],
                className="replay-say",
            ),
            _transport(),
            html.Div([left, right], className="replay-cols"),
        ],
        id="replay",
        **attrs(data_replay_id=replay_id, data_page_budget=f"{PAGE_BUDGET_MS:g}"),
    )


def _head() -> html.Div:
    return heading("Replay", ["Recorded frames through the live pipeline, the same way as from a sensor"])


def _nothing() -> html.Section:
    return html.Section(
        [
            html.H2("Nothing to replay yet"),
            html.P("No sample file was found, and nothing has been recorded.", className="muted"),
            html.P(html.A("Start a session", href="/session", className="btn pri")),
        ],
        className="card",
    )


def _button(action: str, sign: str, words: str, extra: str = "") -> html.Button:
    return html.Button(
        icon(sign),
        type="button",
        className=f"btn {extra}".strip(),
        title=words,
        disabled=True,
        **attrs(data_transport=action, aria_label=words),
    )


def _transport() -> html.Section:
    controls = [
        _button("start", "skip", "Back to the start", "flip"),
        _button("back", "step-back", "Previous beat"),
        _button("play", "play", "Play", "pri"),
        _button("step", "step", "Next beat"),
        html.Div(
            [html.Span("0:00.0", className="head"), html.Small("of 0:00.0")],
            className="clock",
            **attrs(data_clock="true"),
        ),
    ]
    speeds = [
        html.Button(word, type="button", **attrs(data_speed=speed, aria_pressed="true" if speed == "1" else "false"))
        for speed, word in SPEED_WORDS
    ]
    return html.Section(
        [
            html.Div(controls, className="ctl"),
            html.Div(className="scrub", **attrs(data_scrub="true")),
            html.Div(speeds, className="seg", role="group", **attrs(aria_label="Speed")),
        ],
        className="card trans",
        **attrs(aria_label="Transport"),
    )


def _table() -> html.Section:
    groups = (
        ("Raw frame", "frame", 3, "line-strong"),
        ("RR and check", "check", 3, "heart"),
        ("NN", "nn", 1, "breath"),
        ("Indices", "indices", 3, "vagal"),
    )
    over = [
        html.Th(
            [html.B(title), html.Span("", **attrs(data_count=key))],
            colSpan=span,
            scope="colgroup",
            className=f"of-{token}",
        )
        for title, key, span, token in groups
    ]
    heads = [html.Th(word, scope="col", className=side) for word, side in COLUMNS]
    table = html.Table(
        [
            html.Caption("One beat a row, newest last", className="sr"),
            html.Colgroup([html.Col(className=f"c{at}") for at in range(len(COLUMNS))]),
            html.Thead([html.Tr(over, className="gh"), html.Tr(heads)]),
        ],
        className="log",
        **attrs(data_log="true"),
    )
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Pipeline, one beat a row", id="replay-rows"),
                    html.Button(
                        "Follow the newest", type="button", className="btn", hidden=True, **attrs(data_follow="true")
                    ),
                ],
                className="bar",
            ),
            html.Div(
                table,
                className="scroll log-box",
                tabIndex="0",
                role="group",
                **attrs(aria_labelledby="replay-rows", data_log_box="true"),
            ),
            html.P(
                "Arrow keys move from beat to beat. Every number looks back on its own window; a dash has a reason.",
                className="note",
            ),
        ],
        className="card pipe",
        **attrs(aria_labelledby="replay-rows"),
    )


def _tachogram() -> html.Section:
    return html.Section(
        [
            html.H2("Tachogram at the cursor", id="replay-tachogram"),
            html.Div(className="tach", **attrs(data_tachogram="true")),
            html.Div(
                [
                    html.Span([html.I(className="k-rr"), "RR as received"]),
                    html.Span([html.I(className="k-nn"), "normal, with corrections"]),
                    html.Span([html.I(className="k-refused"), "refused"]),
                    html.Span([html.I(className="k-gap"), "no signal"]),
                ],
                className="key",
            ),
        ],
        className="card",
        **attrs(aria_labelledby="replay-tachogram"),
    )


def _selected() -> html.Section:
    return html.Section(
        [
            html.H2("Selected beat", id="replay-selected"),
            html.P("Heart Rate Measurement, 0x2A37", className="note"),
            html.Div(className="bytes", **attrs(data_bytes="true")),
            html.Div(
                html.P("Play, or step to the first beat.", className="quiet"), className="why", **attrs(data_why="true")
            ),
        ],
        className="card",
        **attrs(aria_labelledby="replay-selected"),
    )


def _latency() -> html.Section:
    return html.Section(
        [
            html.H2("Latency, last 60 s", id="replay-latency"),
            html.P(
                "Measured now on this machine. Dot: median. Line end: 95th percentile. Dashed: budget. Logarithmic.",
                className="note",
            ),
            html.Div(className="lat", **attrs(data_latency="true")),
        ],
        className="card",
        **attrs(aria_labelledby="replay-latency"),
    )


def _files(offered: Sequence[Choice], chosen: str) -> html.Section:
    blocks: list[Component] = []
    for kind, title in (("sample", "Sample files"), ("recording", "Recordings")):
        members = [choice for choice in offered if choice.kind == kind]
        if members:
            blocks += [
                html.H2(title),
                html.Div([_file(choice, choice.name == chosen) for choice in members], className="file"),
            ]
    return html.Section(blocks, className="card", **attrs(aria_label="Files"))


def _file(choice: Choice, pressed: bool) -> html.Button:
    return html.Button(
        [html.B(choice.title), html.Span(choice.facts)],
        type="button",
        **attrs(data_open=choice.name, aria_pressed="true" if pressed else "false"),
    )
