"""Questions at the end of a part. None has an answer until it is touched, and each can be left with "Rather not say"."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import choices, frame, lead, note, primary, title
from sessions.view import PromptView, SessionView

RATHER_NOT = "Rather not say"
UNTOUCHED = "Touch to answer"
PRIVATE = "You choose at the end who can see your answers."


def rating(view: SessionView) -> Component:
    """All questions of this moment on one card."""
    before = f"After: {view.phase.title.lower()}" if view.phase else view.title
    return frame(
        view,
        [
            html.P(before, className="eyebrow"),
            title("How is it right now?"),
            lead("Answer what you like. There is no right answer, and the clock waits."),
            card(view.prompts),
        ],
        look="narrow",
    )


def card(prompts: Sequence[PromptView], go: str = "Continue") -> html.Form:
    """The questions and the button that sends the answers."""
    return html.Form(
        [
            *[question(prompt) for prompt in prompts],
            choices(primary(go, "rate", **{"data-gather": "answers"})),
            note("lock", PRIVATE),
        ],
        className="card questions",
        id="questions",
        **{"aria-label": "Questions"},
    )


def question(prompt: PromptView) -> html.Section:
    """One question with its way of answering."""
    name = f"q-{prompt.id}"
    ways = {"slider": _slider, "bipolar": _slider, "chips": _chips, "choice": _chips, "text": _text}
    return html.Section(
        [
            html.H2(prompt.text, id=name, className="q"),
            *ways[prompt.kind](prompt, name),
            html.Button(
                RATHER_NOT,
                type="button",
                className="btn ghost mid rather-not",
                **{"data-rather-not": prompt.id, "aria-pressed": "false", "aria-describedby": name},
            ),
        ],
        className=f"question {prompt.kind}",
        **{"data-prompt": prompt.id, "data-kind": prompt.kind},
    )


def _slider(prompt: PromptView, name: str) -> list[Component]:
    """A place for a slider, which the page's script fills, with its two ends and the value between them."""
    low, high = f"{prompt.low:g}, {prompt.low_label}", f"{prompt.high:g}, {prompt.high_label}"
    ends = (prompt.low_label, prompt.high_label) if prompt.kind == "bipolar" else (low, high)
    slider = html.Div(
        className="slider unset",
        **{
            "data-slider": prompt.id,
            "data-low": f"{prompt.low:g}",
            "data-high": f"{prompt.high:g}",
            "data-low-label": prompt.low_label,
            "data-high-label": prompt.high_label,
            "data-labelled-by": name,
        },
    )
    value = html.Span(UNTOUCHED, className="value num", **{"data-value-of": prompt.id})
    content: list[Component] = [
        slider,
        html.Div([html.Span(ends[0].capitalize()), value, html.Span(ends[1].capitalize())], className="ends"),
    ]
    if prompt.tick:
        content.append(
            html.Button(
                [html.Span(className="box", **{"aria-hidden": "true"}), html.Span(prompt.tick.capitalize())],
                type="button",
                className="tick",
                role="checkbox",
                **{"data-tick": f"{prompt.id}_both", "aria-checked": "false"},
            )
        )
    return content


def _chips(prompt: PromptView, name: str) -> list[Component]:
    several = prompt.kind == "chips"
    state = "aria-checked"
    chips = [
        html.Button(
            option.capitalize(),
            type="button",
            className="btn mid choice",
            role="checkbox" if several else "radio",
            **{"data-option": option, state: "false"},
        )
        for option in prompt.options
    ]
    role = "group" if several else "radiogroup"
    return [html.Div(chips, className="choices", role=role, **{"aria-labelledby": name, "data-chips": prompt.kind})]


def _text(prompt: PromptView, name: str) -> list[Component]:
    return [words_box(name, prompt.id)]


def words_box(labelled_by: str, name: str) -> html.Textarea:
    """A place for the person's own words."""
    return html.Textarea(
        className="own-words",
        rows="4",
        maxLength="4000",
        placeholder="A word, a sentence, or nothing at all.",
        **{"aria-labelledby": labelled_by, "data-words": name},
    )
