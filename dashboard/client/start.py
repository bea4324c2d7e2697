"""``/session``: choose an exercise and whose heart, see what will come and how long it takes, and begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import choices, lead, marked, minutes, note, theme_choice
from dashboard.shell import icon, mark, skip_link
from sessions.kept import RecordingSummary

if TYPE_CHECKING:
    from sessions.exercise import Exercise

SHORT_LOOK = "tour"
FULL = "out-of-reach"
"""What "Short look" and "Full" of the demo mean."""
REJOIN_SHOWN = 3
"""Open sittings that the start page names; more than one is rare."""
LEVELS = {1: "settling", 2: "moderate", 3: "strong"}


NOTHING_CLOSED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HeartChoice:
    """One heart that a session may listen to."""

    id: str
    words: str
    detail: str
    sign: str


STRAP = HeartChoice(
    "sensor", "My strap", "Any heart-rate strap with Bluetooth. We look for it on the next page.", "strap"
)
SIMULATED = HeartChoice("simulate", "A simulated heart", "Nobody is recorded as a person. For trying it out.", "wave")
RECORDED = HeartChoice("file", "The recording the program was started with", "Its heart is told again.", "loop")


HEARTS: Mapping[str, tuple[HeartChoice, ...]] = {
    "sensor": (STRAP, SIMULATED),
    "simulate": (SIMULATED,),
    "file": (RECORDED,),
}
"""What is on offer, by what the program was started with."""


def start(
    exercises: Sequence[Exercise],
    hearts: Sequence[HeartChoice],
    unfinished: Sequence[str],
    chosen: str | None,
    closed: Mapping[str, str] = NOTHING_CLOSED,
) -> Component:
    """The page as a pure function of what is on offer; ``chosen`` is the exercise picked beforehand, ``closed`` says
    by id why one does not open yet with the person's own heart."""
    picked = chosen if any(exercise.id == chosen for exercise in exercises) else None
    return html.Div(
        [
            skip_link(),
            html.Header([html.A(mark(), href="/", className="home-link"), theme_choice()], className="c-head"),
            html.Main(
                [
                    html.H1("What would you like to practise?", tabIndex="-1"),
                    lead("Each one is shown as a whole before it starts. You can pause, skip or stop at any moment."),
                    *[_rejoin(session_id) for session_id in unfinished[-REJOIN_SHOWN:]],
                    html.Div(
                        [_exercise(one, one.id == picked, closed.get(one.id)) for one in exercises],
                        className="exercise-list",
                        role="radiogroup",
                        **marked(data_choose="exercise", aria_label="Exercise"),
                    ),
                    html.H2("Whose heart?", id="hearts"),
                    html.Div(
                        [_heart(heart, len(hearts) == 1) for heart in hearts],
                        className="card options",
                        role="radiogroup",
                        **marked(data_choose="heart", aria_labelledby="hearts"),
                    ),
                    html.P("", id="start-hint", className="small-note", role="status"),
                    choices(html.Button("Go on", type="button", className="btn pri big", **marked(data_start="true"))),
                    html.Div(id="start-answer", role="status"),
                    note("info", "For learning and practice. Not a medical device; not for emergencies."),
                ],
                id="main",
                className="c-main is-narrow",
            ),
        ],
        className="client start",
        id="start-page",
    )


def _rejoin(session_id: str) -> html.P:
    """A sitting that waits."""
    return html.P(
        [icon("clock"), html.Span("A session is still open. "), html.A("Go back to it", href=f"/session/{session_id}")],
        className="soft-card",
    )


def _exercise(exercise: Exercise, picked: bool, closed: str | None) -> html.Button:
    """One exercise with its parts and lengths, and why it does not open yet."""
    label = {SHORT_LOOK: "Short look", FULL: "Full"}.get(exercise.id)
    chip = [html.Span(label, className="chip")] if label and label != exercise.title else []
    parts = " · ".join(phase.title for phase in exercise.phases)
    facts = [
        html.Span([icon("clock"), minutes(exercise.planned_s)], className="fact"),
        html.Span(LEVELS.get(exercise.level, ""), className="fact"),
    ]
    return html.Button(
        [
            html.Span(className="ring", **marked(aria_hidden="true")),
            html.Span(
                [
                    html.Span([exercise.title, *chip], className="name"),
                    html.Small(exercise.about) if exercise.about else "",
                    html.Small(parts, className="parts"),
                    html.Span(facts, className="when"),
                    html.Small([icon("lock"), f"With your own heart: {closed}"], className="not-yet") if closed else "",
                ]
            ),
        ],
        type="button",
        className="option card",
        role="radio",
        **marked(data_value=exercise.id, aria_checked=str(picked).lower()),
    )  # fmt: skip


def _heart(heart: HeartChoice, picked: bool) -> html.Button:
    return html.Button(
        [
            html.Span(className="ring", **marked(aria_hidden="true")),
            html.Span([heart.words, html.Small(heart.detail)]),
            icon(heart.sign),
        ],
        type="button",
        className="option",
        role="radio",
        **marked(data_value=heart.id, aria_checked=str(picked).lower()),
    )


def refused(words: str) -> Component:
    """Why a session could not begin."""
    return html.P([icon("info"), html.Span(words)], className="soft-card")


def started(session_id: str) -> Component:
    """The page's script goes where this points."""
    return html.A("Open the session", href=f"/session/{session_id}", className="btn mid", **marked(data_go="true"))


def lacking(kept: RecordingSummary | None = None) -> Component:
    """An address without a session behind it; ``kept`` is what an earlier run of the program had recorded of it."""
    told = "What was recorded is kept. "
    if kept is not None:
        told = f"It was cut off. Kept up to then: {minutes(kept.duration_s)}, {kept.beats} heartbeats. "
    recording = f"/recordings/{kept.id}" if kept is not None else "/recordings"
    return html.Div(
        [
            html.Header([html.A(mark(), href="/", className="home-link"), theme_choice()], className="c-head"),
            html.Main(
                [
                    html.H1("This session is not open any more.", tabIndex="-1"),
                    lead(f"{told}You can begin another one whenever you like."),
                    choices(
                        html.A("Begin another", href="/session", className="btn pri big"),
                        html.A("Look at what is kept", href=recording, className="btn big"),
                    ),
                ],
                id="main",
                className="c-main is-narrow is-middle",
            ),
        ],
        className="client start",
    )
