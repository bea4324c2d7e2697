"""One part of the exercise: its words, how long is left, what comes next, and the slow picture while settling."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import act, choices, frame, marked, note, title
from sessions import words
from sessions.view import PhaseView, SessionView

SHAPES = 9
"""Pale shapes of the slow picture: enough that one is always in sight, few enough to count."""
LONGEST_HEADING = 84
"""Characters of a first sentence that still reads as a heading; a longer one is set smaller."""
TONE = "A soft tone when a quiet part ends"
TONE_DETAIL = "Then you can keep your eyes closed until it is over. You hear it once now."


def phase(view: SessionView) -> Component:
    """The part that runs now; no heart, no numbers."""
    part = view.phase
    if part is None:  # between two views; the next one brings it
        return frame(view, [title(view.title)])
    text = [
        eyebrow(part),
        *_instruction(part.instruction),
        time_left(part),
        choices(*ways(part)),
        *([tone()] if part.offers_tone else []),
        _recorded(view),
    ]
    column = html.Section(text, **marked(aria_labelledby="step-heading"))
    if part.picture:
        return frame(view, [column, picture()], look="is-two")
    return frame(view, [column], look="is-narrow is-middle")


def own_breathing(view: SessionView) -> Component:
    """A breathing part whose guide has gone: nothing to follow."""
    part = view.phase
    if part is None:
        return frame(view, [title(view.title)])
    heading, rest = split(words.OWN_BREATHING)
    return frame(
        view,
        [eyebrow(part), title(heading), html.P(rest, className="lead"), time_left(part), choices(*ways(part))],
        look="is-narrow is-middle",
    )


def eyebrow(part: PhaseView) -> html.P:
    """Which part this is, as ticks and in words; a stretch that the script does not count has its name only."""
    if part.number == 0:
        return html.P(part.title, className="eyebrow")
    ticks = [
        html.Span(className="d" if n < part.number else "n" if n == part.number else "") for n in range(1, part.of + 1)
    ]
    return html.P(
        [
            html.Span(ticks, className="ticks", **marked(aria_hidden="true")),
            html.Span(f"Part {part.number} of {part.of}: {part.title.lower()}"),
        ],
        className="eyebrow",
    )


def _instruction(text: str) -> list[Component]:
    """The first sentence as the heading, the rest under it, word for word."""
    first, rest = split(text)
    look = {"className": "long"} if len(first) > LONGEST_HEADING else {}
    return [title(first, **look), *([html.P(rest, className="lead")] if rest else [])]


def split(text: str) -> tuple[str, str]:
    """First sentence and rest; the two joined by a space are ``text``.

    >>> split("Settle in and watch the slow picture. Breathe as usual.")
    ('Settle in and watch the slow picture.', 'Breathe as usual.')
    """
    ends = [at for mark in (". ", "? ") if (at := text.find(mark)) >= 0]
    if not ends:
        return text, ""
    cut = min(ends) + 1
    return text[:cut], text[cut + 1 :]


def time_left(part: PhaseView) -> html.Div:
    """The bar and the words below it; the page's script keeps both up to date from ticks."""
    following = f"Next: {part.next_title.lower()}." if part.next_title else ""
    return html.Div(
        [
            html.Div(
                html.Span(id="bar-fill"),
                className="bar",
                id="time-bar",
                role="progressbar",
                **marked(
                    aria_label="Time in this part",
                    aria_valuenow="0",
                    aria_valuemin="0",
                    aria_valuemax="100",
                ),
            ),
            html.P([html.Span(id="time-left", className="num"), " ", html.Span(following)]),
        ],
        className="time",
        **marked(data_seconds=str(part.seconds)),
    )


def ways(part: PhaseView) -> list[Component]:
    """What the person may do in this part besides waiting."""
    offered: list[Component] = []
    if part.can_lighten:
        offered.append(act("Choose a lighter moment", "lighter", sign="lighter"))
    if part.min_seconds < part.seconds:
        early = part.min_seconds > 0
        offered.append(act("Continue", "continue", hidden=early, **marked(data_from=str(part.min_seconds))))
    if part.skippable:
        offered.append(act("Skip this part", "skip"))
    return offered


def tone() -> html.Button:
    """A soft tone at the end of parts that go well with closed eyes; off until chosen, heard once when it is."""
    return html.Button(
        [
            html.Span(className="box", **marked(aria_hidden="true")),
            html.Span([TONE, html.Small(TONE_DETAIL)]),
        ],
        type="button",
        className="tick tone",
        role="checkbox",
        **marked(data_tone="true", aria_checked="false"),
    )


def _recorded(view: SessionView) -> html.P:
    said = (
        "Your heart is recorded quietly and shown to you afterwards, if you like."
        if view.recording and view.sensor.state != "none"
        else "No heart is recorded. Your answers are."
    )
    return note("eye-off", said)


def picture() -> html.Figure:
    """The slow picture: pale shapes that drift past, none in any rhythm. The page's script moves them."""
    return html.Figure(
        [html.Span(className="shape") for _ in range(SHAPES)],
        id="picture",
        className="picture",
        role="img",
        **marked(aria_label="A slow picture: pale shapes drift past"),
    )
