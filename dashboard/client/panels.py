"""What lies over a page: the pause with its ways on, the lost sensor, a lighter moment, and a second window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import act, begun, choices, marked
from dashboard.shell import icon
from sessions import words
from sessions.view import SessionView

WAYS: dict[str, tuple[str, str]] = {
    "resume": ("Carry on from here", "play"),
    "look_around": ("Look around the room", "eye"),
    "breathe": ("Breathe", "leaf"),
    "breathe_alone": ("Breathe without the guide", "wave"),
    "stop": ("Stop for today", "check"),
}
"""Words and sign of each way on; drawn alike, none is the default."""
KEPT = "Take as long as you like. What you have done so far is kept, and any of these is fine."


def panel(view: SessionView) -> Component | None:
    """The panel that is open, or None."""
    match view.panel:
        case "pause":
            return pause(view.pause_ways, sensor=view.sensor.state != "none" and view.recording, notice=view.notice)
        case "sensor_lost":
            return _sensor_lost(view)
        case "lighter":
            return _lighter()
        case "elsewhere":
            return _elsewhere()
        case None:
            return None


def pause(ways: Sequence[str], *, sensor: bool, notice: str | None = None) -> html.Div:
    """The pause. Esc opens it and never closes it; focus goes to its heading."""
    paused = words.PAUSED if sensor else words.PAUSED_WITHOUT_SENSOR
    buttons = [act(WAYS[way][0], way, sign=WAYS[way][1], look="btn big") for way in ways if way in WAYS]
    told = [html.P(notice, className="told")] if notice and notice not in words.SOFT_BREATH_LINES else []
    said = html.P(f"{paused} {KEPT}", className="muted")
    return _box("Paused", [*told, said, html.Div(buttons, className="opts"), hide()])


def hide() -> html.P:
    """For when somebody comes in; the page's script does it, and Shift pressed three times does the same anywhere."""
    button = html.Button("Hide this page", type="button", className="btn ghost mid", **marked(data_hide="true"))
    return html.P([button, html.Small("or press Shift three times", className="by-key")], className="hide-way")


def local_pause() -> html.Div:
    """A pause that the page opens by itself: where no clock runs, or while the program does not answer."""
    return _box(
        "Paused",
        [
            html.P("We have lost touch with the program and will tell it as soon as it answers.", hidden=True,
                   **marked(data_unheard="true")),
            html.P(KEPT, className="muted"),
            html.Div([act(WAYS[way][0], way, sign=WAYS[way][1], look="btn big") for way in ("resume", "stop")],
                     className="opts"),
            hide(),
        ],
        heading="local-heading",
        id="local-pause",
        hidden=True,
    )  # fmt: skip


def _sensor_lost(view: SessionView) -> html.Div:
    why = (
        [html.P([icon("info"), html.Span(begun(view.sensor.reason))], className="small-note")]
        if view.sensor.reason
        else []
    )
    return _box(
        "We lost touch with the sensor.",
        [
            html.P(
                "Nothing you did. The exercise is waiting, and everything up to now is kept. "
                "Pressing the strap lightly against the skin often helps.",
                className="muted",
            ),
            *why,
            html.Div(
                [
                    act("Try again", "try_again", sign="loop", look="btn big"),
                    act("Go on without it", "without_sensor", sign="arrow", look="btn big"),
                    act("Stop for today", "stop", sign="check", look="btn big"),
                ],
                className="opts",
            ),
        ],
    )


def _lighter() -> html.Div:
    """A new moment and its size; this take has ended and is kept as it was."""
    sizes = [
        html.Button(str(n), type="button", className="btn mid choice num", role="radio",
                    **marked(data_value=str(n), aria_checked="false"))
        for n in range(11)
    ]  # fmt: skip
    return _box(
        "A lighter moment",
        [
            html.P("Let the last one go; it is kept as it was. Think of a smaller one.", className="muted"),
            html.Label("A word for it, if you like", htmlFor="lighter-moment", className="q"),
            html.Textarea(id="lighter-moment", className="own-words", rows="2", maxLength="400",
                          **marked(data_words="moment")),
            html.P("How big is it, from 0 nothing to 10 the most?", id="lighter-size", className="q"),
            html.Div(sizes, className="sizes", role="radiogroup",
                     **marked(data_choose="size", aria_labelledby="lighter-size")),
            html.P("", id="lighter-hint", className="small-note", role="status"),
            choices(
                act("Start with this one", "lighter", look="btn pri big", **marked(data_gather="lighter")),
                act("Skip this part", "skip", look="btn big"),
            ),
        ],
    )  # fmt: skip


def _elsewhere() -> html.Div:
    return _box(
        "Open in another window",
        [
            html.P(
                "This session goes on in the window that was opened last. Nothing is lost.",
                className="muted",
            ),
            html.Div([act("Use it here", "use_here", sign="window", look="btn big")], className="opts"),
        ],
    )


def _box(words_: str, content: Sequence[Component], heading: str = "panel-heading", **attributes: Any) -> html.Div:
    return html.Div(
        html.Div([html.H2(words_, id=heading, tabIndex="-1"), *content]),
        className="pausebox open",
        role="dialog",
        **marked(aria_modal="true", aria_labelledby=heading, **attributes),
    )
