"""Questions at the end of a part. None has an answer until it is touched, and each may be left out."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import begun, choices, frame, lead, marked, note, primary, title
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
        look="is-narrow",
    )


def card(prompts: Sequence[PromptView], go: str = "Continue") -> html.Form:
    """The questions and the button that sends the answers."""
    return html.Form(
        [
            *[question(prompt) for prompt in prompts],
            choices(primary(go, "rate", **marked(data_gather="answers"))),
            note("lock", PRIVATE),
        ],
        className="card questions",
        id="questions",
        **marked(aria_label="Questions"),
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
                **marked(data_rather_not=prompt.id, aria_pressed="false", aria_describedby=name),
            ),
        ],
        className="question",
        **marked(data_prompt=prompt.id, data_kind=prompt.kind),
    )


def _slider(prompt: PromptView, name: str) -> list[Component]:
    """A place for a slider, which the page's script fills, with its two ends and the value between them."""
    low, high = f"{prompt.low:g}, {prompt.low_label}", f"{prompt.high:g}, {prompt.high_label}"
    ends = (prompt.low_label, prompt.high_label) if prompt.kind == "bipolar" else (low, high)
    slider = html.Div(
        className="slider unset",
        **marked(
            data_slider=prompt.id,
            data_low=f"{prompt.low:g}",
            data_high=f"{prompt.high:g}",
            data_low_label=prompt.low_label,
            data_high_label=prompt.high_label,
            data_labelled_by=name,
        ),
    )
    value = html.Span(UNTOUCHED, className="value num", **marked(data_value_of=prompt.id))
    content: list[Component] = [
        slider,
        html.Div([html.Span(begun(ends[0])), value, html.Span(begun(ends[1]))], className="ends"),
    ]
    if prompt.tick:
        content.append(
            html.Button(
                [html.Span(className="box", **marked(aria_hidden="true")), html.Span(begun(prompt.tick))],
                type="button",
                className="tick",
                role="checkbox",
                **marked(data_tick=f"{prompt.id}_both", aria_checked="false"),
            )
        )
    return content


def _chips(prompt: PromptView, name: str) -> list[Component]:
    several = prompt.kind == "chips"
    chips = [
        html.Button(
            begun(option),
            type="button",
            className="btn mid choice",
            role="checkbox" if several else "radio",
            **marked(data_option=option, aria_checked="false"),
        )
        for option in prompt.options
    ]
    role = "group" if several else "radiogroup"
    return [html.Div(chips, className="choices", role=role, **marked(aria_labelledby=name, data_chips=prompt.kind))]


def _text(prompt: PromptView, name: str) -> list[Component]:
    return [words_box(name, prompt.id)]


def words_box(labelled_by: str, name: str) -> html.Textarea:
    """A place for the person's own words."""
    return html.Textarea(
        className="own-words",
        rows="4",
        maxLength="4000",
        placeholder="A word, a sentence, or nothing at all.",
        **marked(aria_labelledby=labelled_by, data_words=name),
    )
