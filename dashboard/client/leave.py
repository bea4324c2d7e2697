"""The way out: grounding, own words, who may see the session, and a kind close."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import act, choices, frame, lead, marked, note, primary, title
from dashboard.client.phase import split
from dashboard.client.questions import question, words_box
from dashboard.shell import icon
from sessions import words
from sessions.view import SessionView

SHARE_DETAIL = (
    "Heart recording, ratings and what you wrote",
    "What you wrote stays with you",
    "Kept on this computer. You can change this later, or delete it",
)
"""What each of ``words.SHARE_SCOPES`` means, in its order."""
OPEN_TO_ALL = (
    "No clinician passphrase is set on this computer, so its review pages are open to anyone who uses it. "
    "Your choice is kept with the session all the same."
)


def grounding(view: SessionView) -> Component:
    """After a stop, or chosen in a pause; left in one press."""
    text = view.phase.instruction if view.phase is not None else words.GROUNDING
    heading, rest = split(text)
    return frame(
        view,
        [
            title(heading),
            html.Div([html.P(f"{line}.") for line in rest.rstrip(".").split(". ") if line], className="grounding"),
            choices(primary("Go on when you like", "leave_grounding")),
        ],
        look="is-narrow is-middle",
    )


def reflect(view: SessionView) -> Component:
    """Own words first; then the heart, if wanted. Both ways on are drawn alike."""
    asked = [question(prompt) for prompt in view.prompts if prompt.kind != "text"]
    instruction = [lead(view.phase.instruction)] if view.phase and view.phase.instruction else []
    return frame(
        view,
        [
            title("Your own words first"),
            *instruction,
            html.Section([html.H2(words.OWN_WORDS, id="q-note", className="q"), words_box("q-note", "note")]),
            *([html.Div(asked, className="card questions")] if asked else []),
            html.P("Then, if you like, look at what your heart did. Either is fine.", className="muted"),
            choices(
                act("See your heart", "see_heart", sign="heart", look="btn big even", **marked(data_gather="reflect")),
                act("Not today", "not_today", sign="arrow", look="btn big even", **marked(data_gather="reflect")),
            ),
        ],
        look="is-narrow",
    )


def sharing(view: SessionView) -> Component:
    """Who can see the session: nothing is chosen beforehand, and nothing goes on without a choice."""
    options = [
        html.Button(
            [
                html.Span(className="ring", **marked(aria_hidden="true")),
                html.Span([who, html.Small(detail)]),
            ],
            type="button",
            className="option",
            role="radio",
            **marked(data_value=scope, aria_checked="false"),
        )
        for (scope, who), detail in zip(words.SHARE_SCOPES.items(), SHARE_DETAIL, strict=True)
    ]
    return frame(
        view,
        [
            title("Who can see this session?"),
            html.Div(options, className="card options", role="radiogroup",
                     **marked(data_choose="scope", aria_labelledby="step-heading")),
            html.P("", id="sharing-hint", className="small-note", role="status"),
            choices(primary("Continue", "share", **marked(data_gather="share"))),
            note("lock", OPEN_TO_ALL),
        ],
        look="is-narrow",
    )  # fmt: skip


def closing(view: SessionView) -> Component:
    """More rest where the last answer was high, strap off, the next hour, whom to contact."""
    lines = [html.Li([icon("leaf"), html.Span(line)]) for line in words.CLOSING]
    rest = [html.P(words.OFFER_REST, className="soft-card")] if view.offer_rest else []
    more = [act("A little more rest", "more_rest", sign="clock", look="btn big even")] if view.offer_rest else []
    return frame(
        view,
        [
            title("Before you go"),
            *rest,
            html.Ul(lines, className="closing-lines"),
            choices(*more, act("Finish", "finish", sign="check", look="btn big even" if more else "btn pri big")),
        ],
        look="is-narrow is-middle",
    )


def ended(view: SessionView) -> Component:
    """The sitting is over and its recording closed."""
    ways: list[Component] = [html.A("Back to the start", href="/", className="btn big")]
    if view.recording_id:
        ways.insert(0, html.A("Open the review", href=f"/recordings/{view.recording_id}", className="btn big"))
    return frame(
        view,
        [
            title("That is all for today."),
            lead(
                "The session is closed, and what was recorded is kept on this computer. Thank you for taking the time."
            ),
            choices(*ways),
            note("lock", OPEN_TO_ALL),
        ],
        look="is-narrow is-middle",
    )
