"""Before anything begins: the safety notice with consent, the sensor, and the whole plan."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import act, begun, choices, frame, lead, marked, minutes, note, primary, title
from dashboard.client.station import own_bluetooth_button, own_bluetooth_words
from dashboard.shell import icon
from sessions import words
from sessions.view import SensorView, SessionView

LINKED = ("connecting", "streaming", "degraded")
"""States of a strap that has been chosen and answers."""
STRAP_HELP = (
    "Wear it on bare skin, just under the chest, snug enough to stay when you stretch.",
    "Dampen the two patches with a little water first; dry skin carries no signal.",
    "The clip goes in the middle, the right way up, and wakes up when it feels skin on both patches.",
    "One program at a time: close a sports app or watch that may be holding on to it.",
    "Nothing found? Take the clip off for half a minute, put it back, and look again. A weak battery hides too.",
)


def safety(view: SessionView) -> Component:
    """The notice, one health question, and what is agreed to; nothing is recorded before."""
    agree = [_tick(scope, label) for scope, label in words.CONSENT_SCOPES.items()]
    return frame(
        view,
        [
            title("Before we begin"),
            html.Section([html.P(words.SAFETY_NOTICE)], className="card safety"),
            html.Section(
                [
                    html.H2(words.HEALTH_QUESTION),
                    html.Ul([html.Li(caution) for caution in words.HEALTH_CAUTIONS], className="plain-list"),
                    html.Div(
                        [_choice("None of these", "no"), _choice("One or more", "yes")],
                        className="choices",
                        role="radiogroup",
                        **marked(data_choose="health", aria_label=words.HEALTH_QUESTION),
                    ),
                    html.P(words.HEALTH_YES, className="soft-card", id="health-yes", hidden=True, role="status"),
                ],
                className="card",
            ),
            html.Section(
                [html.H2("What is recorded"), html.P(words.CONSENT_TEXT), html.Div(agree, className="ticks-list")],
                className="card",
            ),
            html.P("", id="consent-hint", className="small-note", role="status"),
            choices(
                primary("I agree, go on", "consent", **marked(data_gather="consent")),
                act("Not now", "stop", look="btn big"),
            ),
        ],
        look="is-narrow",
    )


def _choice(label: str, value: str) -> html.Button:
    return html.Button(
        label,
        type="button",
        className="btn mid choice",
        role="radio",
        **marked(data_value=value, aria_checked="false"),
    )


def _tick(scope: str, label: str) -> html.Button:
    return html.Button(
        [html.Span(className="box", **marked(aria_hidden="true")), html.Span(label)],
        type="button",
        className="tick",
        role="checkbox",
        **marked(data_scope=scope, aria_checked="false"),
    )


def connect(view: SessionView) -> Component:
    """Finding the sensor, choosing among several, and watching it settle; always a way on without it."""
    if view.sensor.beats_arriving or view.sensor.state in LINKED:
        content = _found(view)
    else:
        content = [*(_several(view) if view.straps else _looking(view)), *_own_bluetooth(view, own_bluetooth_words)]
    return frame(view, [*content, _help()], look="is-narrow is-middle")


def _own_bluetooth(view: SessionView, part: Callable[[], Component]) -> list[Component]:
    """Nobody wears the strap of a simulated heart."""
    return [] if view.simulated else [part()]


def _looking(view: SessionView) -> list[Component]:
    sensor = view.sensor
    reason = sensor.reason
    trouble = [html.P([icon("info"), html.Span(begun(reason))], className="soft-card")] if reason else []
    if sensor.state == "bluetooth_off":
        return [
            title("Bluetooth is off."),
            lead("The strap speaks through Bluetooth. Nothing has been recorded yet, so nothing is lost."),
            *trouble,
            choices(primary("Look again", "scan"), *_own_bluetooth(view, own_bluetooth_button), _without()),
        ]
    searching = sensor.state == "searching"
    return [
        title("Put the strap on, just under the chest."),
        lead("Dampen the two patches first. We will look for the sensor while you do."),
        html.P(
            [
                html.Span(
                    className="ico i-waiting slow-turn" if searching else "ico i-strap", **marked(aria_hidden="true")
                ),
                html.Span(sensor.word),
            ],
            className="ok quiet",
            role="status",
        ),
        *trouble,
        choices(
            primary("It is on", "scan") if not searching else act("Look again", "scan", look="btn big"),
            *_own_bluetooth(view, own_bluetooth_button),
            _without(),
        ),
    ]


def _without() -> html.Button:
    """Every exercise goes without a sensor, too."""
    return act("Go on without it", "without_sensor", look="btn big")


def _several(view: SessionView) -> list[Component]:
    straps = [
        html.Li(
            act(
                strap.name + (", yours last time" if strap.remembered else ""),
                "choose_sensor",
                {"address": strap.address},
                sign="strap",
                look="btn big wide",
            )
        )
        for strap in view.straps
    ]
    return [
        title("More than one strap is near." if len(straps) > 1 else "Is this your strap?"),
        lead("Go by the number that is printed on the clip. We will remember it."),
        html.Ul(straps, className="straps", **marked(aria_label="Straps found")),
        choices(act("Look again", "scan", look="btn big"), *_own_bluetooth(view, own_bluetooth_button), _without()),
    ]


def _found(view: SessionView) -> list[Component]:
    sensor = view.sensor
    linked = sensor.state != "connecting"
    reason = sensor.reason if sensor.state == "degraded" else None
    trouble = [html.P([icon("info"), html.Span(begun(reason))], className="soft-card", role="status")] if reason else []
    steps = (
        ("Sensor connected", linked),
        ("Heartbeats arriving", sensor.beats_arriving),
        ("Signal settled" if sensor.settled else "Signal settling, about 10 s", sensor.settled),
    )
    rows = [
        html.Li([icon("check" if done else "waiting"), html.Span(words_)], className="ok" if done else "ok quiet")
        for words_, done in steps
    ]
    name = [html.P(sensor.name, className="muted")] if sensor.name else []
    return [
        title("Found it."),
        *name,
        html.Div(html.Ul(rows, className="checks"), role="status"),
        *trouble,
        choices(_onward(sensor), _without()),
    ]


def _onward(sensor: SensorView) -> html.Button:
    """On with a good signal, on without waiting for one, or back to looking where nothing usable comes."""
    if sensor.settled:
        return primary("Continue", "continue")
    if sensor.state == "degraded" and not sensor.beats_arriving:
        return act("Look again", "scan", look="btn big")
    return act("Start without waiting", "continue", look="btn big")


def _help() -> html.Details:
    return html.Details(
        [
            html.Summary([icon("help"), "Help with the strap"]),
            html.Ul([html.Li(line) for line in STRAP_HELP], className="plain-list"),
        ],
        className="help",
    )


def plan(view: SessionView) -> Component:
    """Every part and its length, before the first one starts."""
    total = sum(seconds for _, seconds in view.plan)
    rows = [
        html.Li([html.Span(part), html.Span(minutes(seconds), className="quiet num")]) for part, seconds in view.plan
    ]
    return frame(
        view,
        [
            title(view.title),
            lead(f"About {minutes(total)} in all, and a few short questions in between. Nothing else will come."),
            html.Ol(rows, className="plan card"),
            choices(primary("Begin", "begin")),
            note("hand", "You can pause, skip a part or stop at any moment. What you have done is kept."),
            note("eye-off", "No numbers while you practise. You can see your heart afterwards, if you like."),
            note("window", "Somebody comes in? Press Shift three times, and this page is blank until you are alone."),
        ],
        look="is-narrow is-middle",
    )
