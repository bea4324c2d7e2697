"""The breathing page: the circle, the bloom around it, the wave below; numbers only when asked for."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import act, choices, frame, marked, title
from dashboard.shell import icon
from sessions.view import PacerView, PhaseView, SessionView

STEP_BPM = 0.5
"""Breaths a minute between one pace and the next, the step of the guide's own slide (docs/protocol.md)."""
SLOWEST_BPM = 4.0
FASTEST_BPM = 10.0
"""The range a person can choose on this page; it keeps within slow, comfortable breathing (docs/protocol.md)."""
CAPTION = "The orange ring is your heart over the last six breaths. Round is as fine as petals."
RESTING = "The heart line is resting because the signal is patchy. The breath guide goes on as before."
SLOWED = "This demonstration runs faster than life. The guide keeps its true pace, so it ends early."


def breathe(view: SessionView) -> Component:
    """The guide, with the heart only where the part asks for it."""
    part, pacer = view.phase, view.pacer
    if part is None or pacer is None:
        return frame(view, [title("Breathe")])
    heart = part.feedback == "pacer_and_wave"
    said = html.Div(
        [
            html.P(view.notice or "", id="notice", role="status"),
            html.P(part.instruction, className="muted"),
            *([html.P(CAPTION, className="muted caption", id="bloom-caption", hidden=True)] if heart else []),
        ],
        className="soft-line",
    )
    ways = html.Div([*_early(part), act("I feel dizzy or unwell", "unwell", sign="hand")], className="choices under")
    reads = [_reads(view)] if heart else []
    return frame(
        view,
        [
            title("Breathe with the circle", className="sr"),
            html.Div([said, *reads, _circle(pacer, heart), _pace(pacer), ways], className="stage"),
            *([html.P(SLOWED, className="small-note centred")] if view.speed > 1 else []),
            _wave(heart),
        ],
        look="is-breathing",
        choice=_numbers(view) if heart else None,
        centre=html.Span(id="time-left", className="left num", **marked(data_seconds=str(part.seconds))),
        told=False,
    )


def _numbers(view: SessionView) -> html.Button:
    shown = view.numbers_shown
    return act(
        "Hide numbers" if shown else "Show numbers",
        "numbers",
        {"on": not shown},
        sign="eye-off" if shown else "eye",
        look="btn ghost mid",
    )


def _reads(view: SessionView) -> html.Dl:
    """Heart, swing and how they go together; dashes until there is enough, nothing until asked for."""
    rows = (
        ("Heart", "heart-rate", "beats a minute", "heart"),
        ("Swing", "heart-swing", "beats, each breath", "vagal"),
        ("Heart and breath", "heart-together", "", ""),
    )
    return html.Dl(
        [
            html.Div(
                [
                    html.Dt([*([html.Span(className=f"sw of-{colour}")] if colour else []), name]),
                    html.Dd([html.Span("–", id=number), " ", html.Small(unit)] if unit else html.Span("–", id=number)),
                ]
            )
            for name, number, unit, colour in rows
        ]
        + [html.Div(html.Dd(html.Small("", id="numbers-why")), className="why")],
        className="reads",
        id="numbers",
        hidden=not view.numbers_shown,
    )


def _circle(pacer: PacerView, heart: bool) -> html.Div:
    """The shape (moved by the browser alone), its words and count, and the ring of the heart behind it."""
    ring: list[Component] = [html.Canvas(id="bloom", className="bloom", **marked(aria_hidden="true"))] if heart else []
    guide = html.Div(
        [
            html.Div(className="disc", **marked(data_pacer="shape", aria_hidden="true")),
            html.Div(
                [
                    html.Span("Breathe in", className="word", **marked(data_pacer="word")),
                    html.Span("", className="count num", **marked(data_pacer="count")),
                    html.Span(html.Span(**marked(data_pacer="bar")), className="breath-bar"),
                ],
                className="cue",
                **marked(aria_hidden="true"),
            ),
            html.P("", className="sr", role="status", **marked(data_pacer="say", aria_live="polite")),
        ],
        id="pacer",
        className="pacer",
        **marked(data_rate=f"{pacer.target_bpm:.1f}", data_say="on"),
    )
    say = html.Button(
        "Announce each breath",
        type="button",
        className="say btn mid",
        **marked(data_say_toggle="true", aria_pressed="true"),
    )
    return html.Div([html.Div([*ring, guide, say], className="square")], className="bloom-box")


def _pace(pacer: PacerView) -> html.Div:
    """The pace, and a way to slow or quicken it, on every width."""
    rate = pacer.target_bpm
    slower, faster = max(SLOWEST_BPM, rate - STEP_BPM), min(FASTEST_BPM, rate + STEP_BPM)
    return html.Div(
        [
            html.Dl(
                [
                    html.Dt("Pace"),
                    html.Dd([html.Span(f"{rate:g}", id="pace"), " ", html.Small("breaths a minute")]),
                    html.Dd(html.Small("", id="pace-aim")),
                ]
            ),
            html.Details(
                [
                    html.Summary("Slower or faster", className="btn mid"),
                    choices(
                        act("Slower", "pace", {"bpm": slower}, sign="minus", disabled=rate <= SLOWEST_BPM),
                        act("Faster", "pace", {"bpm": faster}, sign="plus", disabled=rate >= FASTEST_BPM),
                    ),
                ]
            ),
        ],
        className="pace",
    )


def _wave(heart: bool) -> html.Figure:
    """Breath past and to come, with the heart over it where it is shown; the same in words for those who listen."""
    said = "The breath guide as a wave: past on the left, to come on the right."
    if heart:
        said += " Your heart rate is drawn over it, up to a moment ago."
    labels = [html.Span("heart, last half minute", className="of-heart")] if heart else [html.Span()]
    return html.Figure(
        [
            html.Canvas(id="heart-wave" if heart else "breath-wave", role="img", **marked(aria_label=said)),
            html.Figcaption(
                [*labels, html.Span("now"), html.Span("breath to come", className="of-breath")],
                **marked(aria_hidden="true"),
            ),
            *(
                [html.P([icon("info"), RESTING], className="told", id="heart-note", hidden=True, role="status")]
                if heart
                else []
            ),
        ],
        className="wave",
    )


def _early(part: PhaseView) -> list[Component]:
    if part.min_seconds >= part.seconds:
        return []
    early = part.min_seconds > 0
    buttons: list[Component] = [act("Continue", "continue", hidden=early, **marked(data_from=str(part.min_seconds)))]
    if part.skippable:
        buttons.append(act("Skip this part", "skip"))
    return buttons
