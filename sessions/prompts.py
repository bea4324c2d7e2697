"""The questions asked at the end of a part: their words, their scales, and what counts as an answer.

Words and scales are those of the protocol (docs/protocol.md). A question left alone is unanswered and leaves nothing;
"rather not say" is an answer and is kept as such. Scales are never converted into each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from acquisition.errors import BadInput
from sessions.view import PromptView

RATHER_NOT = "rather_not"
"""What a page sends for "Rather not say"; kept as a rating whose value is None."""
TICK_SUFFIX = "_both"
"""A tick beside a slider is kept as a rating of its own, so that the slider's value stays a number."""
LONGEST_TEXT = 4000
"""Characters of free text that are kept; longer text is refused, never cut silently."""

MEDICAL_SYMPTOMS = frozenset({"chest pain", "faint"})
"""Symptoms that end the sitting with the medical notice (docs/protocol.md, default stop rule)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One accepted answer, ready to be kept as a rating."""

    prompt: str
    value: object
    """Number, text, tuple of words, True for a tick, or None for "rather not say"."""
    scale: str


_SLIDER_100 = "0-100"

_ALL = (
    PromptView("suds", "How distressed are you right now?", "slider",
               low_label="none", high_label="the most I can imagine"),
    PromptView("pleasant", "How pleasant does this moment feel?", "bipolar", low=-50, high=50,
               low_label="very unpleasant", high_label="very pleasant"),
    PromptView("body", "How stirred up does your body feel?", "slider", low_label="still", high_label="racing"),
    PromptView("closeness", "Right now, do you want to move away from people or toward them?", "bipolar",
               low=-50, high=50, low_label="away", high_label="toward", tick="both at once"),
    PromptView("feelings", "Tap any that fit", "chips",
               options=("calm", "warm", "sad", "lonely", "scared", "angry", "ashamed", "hurt", "numb", "hopeful",
                        "other")),
    PromptView("urges", "What do you feel like doing?", "chips",
               options=("reach out again", "pull back", "argue", "explain", "apologise", "ask for comfort",
                        "go quiet", "leave", "nothing")),
    PromptView("vivid", "How real did it feel?", "slider", low_label="not at all", high_label="completely"),
    PromptView("here", "Do you feel here, in this room?", "choice", options=("yes", "a bit far away", "no")),
    PromptView("symptoms", "Any of these?", "chips",
               options=("dizzy", "tingling", "short of breath", "chest pain", "faint", "none")),
    PromptView("helped", "How much did this step help?", "slider", low_label="not at all", high_label="very much"),
    PromptView("note", "Anything to remember", "text"),
)  # fmt: skip

PROMPTS: Mapping[str, PromptView] = MappingProxyType({prompt.id: prompt for prompt in _ALL})
"""Every question by its id."""


def views(ids: Iterable[str]) -> tuple[PromptView, ...]:
    """The questions with these ids, in this order; KeyError for an id that does not exist."""
    return tuple(PROMPTS[name] for name in ids)


def scale_of(prompt: PromptView) -> str:
    """The scale's name as kept with each rating.

    >>> scale_of(PROMPTS["suds"]), scale_of(PROMPTS["closeness"]), scale_of(PROMPTS["here"])
    ('0-100', '-50..50', 'choice')
    """
    if prompt.kind in ("slider", "bipolar"):
        return _SLIDER_100 if (prompt.low, prompt.high) == (0, 100) else f"{prompt.low:g}..{prompt.high:g}"
    return "words" if prompt.kind == "chips" else prompt.kind


def accept(answers: Mapping[str, object], asked: Iterable[str]) -> tuple[Answer, ...]:
    """What of a page's answers is kept, in the order asked.

    Raises BadInput for a question that was not asked or a value outside its scale; then nothing is kept.
    """
    asked = tuple(asked)
    known = set(asked) | {name + TICK_SUFFIX for name in asked if PROMPTS[name].tick}
    unknown = sorted(set(answers) - known)
    if unknown:
        raise BadInput(f"{unknown[0]!r} was not asked", place="rate", remedy="answer only the questions on the page")
    return tuple(answer for name in asked for answer in _answers_of(PROMPTS[name], answers))


def _answers_of(prompt: PromptView, answers: Mapping[str, object]) -> list[Answer]:
    found: list[Answer] = []
    value, tick = answers.get(prompt.id), answers.get(prompt.id + TICK_SUFFIX)
    if value == RATHER_NOT:
        return [Answer(prompt.id, None, scale_of(prompt))]
    if value is not None and value != "" and value != []:
        found.append(Answer(prompt.id, _checked(prompt, value), scale_of(prompt)))
    if prompt.tick and tick is True:
        found.append(Answer(prompt.id + TICK_SUFFIX, True, "tick"))
    return found


def _checked(prompt: PromptView, value: object) -> object:
    if prompt.kind in ("slider", "bipolar"):
        return _number(prompt, value)
    if prompt.kind == "chips":
        return _chips(prompt, value)
    if prompt.kind == "choice":
        if value in prompt.options:
            return value
        raise _refused(prompt, "is none of its choices")
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return value
    raise _refused(prompt, f"is not a text of up to {LONGEST_TEXT} characters")


def _number(prompt: PromptView, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refused(prompt, "is not a number")
    if not prompt.low <= value <= prompt.high:
        raise _refused(prompt, f"is outside {prompt.low:g} to {prompt.high:g}")
    return float(value)


def _chips(prompt: PromptView, value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list | tuple) else [value]
    if any(word not in prompt.options for word in words):
        raise _refused(prompt, "holds a word that is not on offer")
    return tuple(option for option in prompt.options if option in words)


def _refused(prompt: PromptView, what: str) -> BadInput:
    return BadInput(f"the answer to {prompt.id!r} {what}", place="rate", remedy="answer it again, or leave it")
