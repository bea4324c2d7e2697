"""The pieces of every client's page: buttons that say what they do, the header, the footer with the ways out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.shell import icon, mark, skip_link
from sessions.view import SessionView, StepView

Part = Component | str
STOP = "Stop for today"
TIME_OUT = "Time-out"
SIMULATED = "A simulated heart, nobody is recorded."


def marked(**values: object) -> dict[str, Any]:
    """Attributes with a dash in their name, for ``html``'s wildcards.

    >>> marked(data_do="pause", aria_label="Time-out")
    {'data-do': 'pause', 'aria-label': 'Time-out'}
    """
    return {name.replace("_", "-"): value for name, value in values.items()}


def act(
    words: str,
    action: str,
    data: Mapping[str, object] | None = None,
    *,
    sign: str | None = None,
    look: str = "btn mid",
    **attributes: Any,
) -> html.Button:
    """A button that tells the session to do ``action``; its words are its accessible name.

    >>> act("Begin", "begin").to_plotly_json()["props"]["data-do"]
    'begin'
    """
    payload = {"data_payload": json.dumps(data)} if data else {}
    content: list[Part] = [icon(sign), html.Span(words)] if sign else [html.Span(words)]
    return html.Button(content, type="button", className=look, **marked(data_do=action, **payload, **attributes))


def primary(words: str, action: str, data: Mapping[str, object] | None = None, **attributes: Any) -> html.Button:
    """The page's main action."""
    return act(words, action, data, look="btn pri big", **attributes)


def title(words: str, **attributes: Any) -> html.H1:
    """The page's heading; focus goes here when the page changes."""
    return html.H1(words, id="step-heading", tabIndex="-1", **marked(data_heading="true", **attributes))


def lead(words: str) -> html.P:
    """What stands under the heading."""
    return html.P(words, className="lead")


def note(sign: str, words: str, **attributes: Any) -> html.P:
    """A small line with a sign."""
    return html.P([icon(sign), html.Span(words)], className="small-note", **attributes)


def begun(words: str) -> str:
    """The words with a large first letter, and no other change.

    >>> begun("both at once")
    'Both at once'
    """
    return words[:1].upper() + words[1:]


def choices(*buttons: Component) -> html.Div:
    """Buttons side by side, wrapping."""
    return html.Div(list(buttons), className="choices")


def notice(view: SessionView) -> list[Component]:
    """One plain sentence about something that just happened, announced; nothing when there is none."""
    if view.notice is None:
        return []
    return [html.P([icon("info"), html.Span(view.notice)], className="told", id="notice", role="status")]


def offer(view: SessionView) -> list[Component]:
    """A pause that is offered beside the part, which goes on: two ways, alike, without a sign, a sound or a default."""
    if view.offer is None:
        return []
    ways = choices(act("Pause", "pause", look="btn big"), act("Carry on", "carry_on", look="btn big"))
    return [html.Section([html.P(view.offer), ways], id="offer", role="status", className="offer")]


def frame(
    view: SessionView,
    main: Sequence[Component],
    *,
    look: str = "",
    choice: Component | None = None,
    centre: Component | None = None,
    told: bool = True,
) -> html.Div:
    """A whole client's page: header with steps, ``main``, footer with the sensor's word and the ways out.

    ``told`` is False where the page has a place of its own for the notice.
    """
    body = html.Main(
        [*(notice(view) if told else []), *main, *offer(view)], id="main", className=f"c-main {look}".strip()
    )
    return html.Div(
        [
            skip_link() if view.screen == "ended" else skip_link("time-out", "Skip to time-out"),
            header(view.steps, choice),
            body,
            footer(view, centre),
        ],
        className=f"client {look}".strip(),
        **marked(data_version=str(view.version)),
    )


def header(steps: Sequence[StepView], choice: Component | None = None) -> html.Header:
    """The mark, the steps of this exercise, and one choice of display."""
    return html.Header([mark(), _steps(steps), choice or theme_choice()], className="c-head")


def theme_choice() -> html.Button:
    """Light or dark, for pages without a display choice of their own."""
    return html.Button(
        [icon("contrast"), html.Span("Light or dark", className="wide-only")],
        type="button",
        className="btn ghost mid",
        title="Light or dark",
        **marked(data_theme_toggle="true", aria_label="Light or dark"),
    )


def _steps(steps: Sequence[StepView]) -> html.Ol:
    items = []
    for step in steps:
        current = step.state == "now"
        extra = marked(aria_current="step") if current else {}
        name = html.Span(step.name, id="step") if current else html.Span(step.name)
        items.append(html.Li(name, className="" if step.state == "ahead" else step.state, **extra))
    return html.Ol(items, className="steps", **marked(aria_label="Session steps"))


def footer(view: SessionView, centre: Component | None = None) -> html.Footer:
    """What the sensor says, how long is left, and the two ways out that are there until the end."""
    words: list[Component] = [
        html.Span(className="ico i-check", id="sensor-sign", **marked(aria_hidden="true")),
        html.Span(view.sensor.word, id="sensor-state"),
    ]
    if view.recording:
        words.append(html.Span([html.Span(className="dot"), "Recording"], className="recording"))
    if view.simulated:
        words.append(html.Span("Simulated heart", className="chip", title=SIMULATED))
    ways = [
        act(STOP, "stop", look="btn stop"),
        html.Button(
            [icon("pause"), html.Span(TIME_OUT), html.Kbd("Esc", **marked(aria_hidden="true"))],
            id="time-out",
            type="button",
            className="timeout",
            **marked(data_do="pause", aria_label=TIME_OUT),
        ),
    ]
    content: list[Component] = [html.Div(words, className="signal", **marked(data_sensor=view.sensor.state))]
    if centre is not None:
        content.append(centre)
    if view.screen != "ended":
        content.append(html.Div(ways, className="ways-out"))
    return html.Footer(content, className="c-foot")


def minutes(seconds: float) -> str:
    """A planned length in plain words, never a false precision.

    >>> minutes(300), minutes(60), minutes(90), minutes(20)
    ('5 minutes', '1 minute', '1½ minutes', 'under a minute')
    """
    halves = round(seconds / 30)
    if halves < 2:
        return "under a minute"
    whole, half = divmod(halves, 2)
    return f"{whole}{'½' if half else ''} minute{'' if halves == 2 else 's'}"
