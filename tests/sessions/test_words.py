"""What a client is told: no claim of a medical device, no judgement, no feeling named for the person."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from acquisition.beats import LinkState
from sessions import cautions, prompts, words
from sessions.exercise import every
from sessions.unwanted_words import FEELINGS, asks_for_deep_breath, emotion_in, forbidden_in, names_a_feeling
from sessions.view import PromptView

ROOT = Path(__file__).parents[2]
OFFERS = (
    words.OFFER_PAUSE, words.OFFER_REST, words.PAUSED, words.PAUSED_WITHOUT_SENSOR, words.WAITED_FOR_YOU,
    words.SENSOR_BACK, words.STOOD_STILL, words.WITHOUT_SENSOR, words.NOT_KEPT, words.SHAPE_STOPPED,
    words.BREATHE_SMALLER, words.GROUNDING, words.LOOK_AROUND, words.OWN_BREATHING, words.MORE_REST,
    words.MEDICAL_NOTICE, words.RESTING_LINE, words.SENSOR_DONE, words.CLOSED_UNTIL_SETTLED,
    words.CLOSED_BY_CLINICIAN, words.CLOSED_FOR_TWO, words.CLOSED_UNTIL_BUILT, cautions.ASKED_FIRST,
    cautions.NOT_CLEARED, *words.SOFT_BREATH_LINES, *words.CLOSING,
)  # fmt: skip
"""Whatever the program says of itself while a sitting runs: offers, notices, the end."""


def texts(value: object) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, PromptView):
        yield from (value.text, value.low_label, value.high_label, *value.options)
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in texts(one))


def of_words() -> Iterator[tuple[str, str]]:
    for module in (words, cautions, prompts):
        for name, value in vars(module).items():
            if name.isupper():
                yield from ((f"{module.__name__}.{name}", text) for text in texts(value))


def of_scripts() -> Iterator[tuple[str, str]]:
    for exercise in every():
        yield from ((exercise.id, text) for text in (exercise.title, exercise.about))
        for phase in exercise.phases:
            held = [phase.title, phase.instruction, phase.chat.reply if phase.chat else ""]
            held += [field.ask for field in phase.form.fields] if phase.form else []
            held += phase.lines.supplied if phase.lines else ()
            yield from ((f"{exercise.id}/{phase.name}", text) for text in held if text)


def of_pages() -> Iterator[tuple[str, str]]:
    """Texts in the code of the client's pages, without docstrings and names of classes."""
    for path in [*sorted((ROOT / "dashboard" / "client").glob("*.py")), ROOT / "dashboard" / "home.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
                yield path.name, node.value


def of_page_scripts() -> Iterator[tuple[str, str]]:
    """Every line of the client's own page scripts but its comments: texts stand somewhere in them."""
    for name in ("session", "prompts", "start", "pacer", "breathing", "heart", "summary", "socket"):
        code = (ROOT / "dashboard" / "assets" / f"{name}.js").read_text(encoding="utf-8")
        code = re.sub(r"/\*.*?\*/|(?m:^|\s)//[^\n]*", "", code, flags=re.S)
        yield from ((f"{name}.js", line.strip()) for line in code.splitlines() if line.strip())


DENIED = re.compile(r"\b(not|never|no|cannot|nor)\b[^.;]*", re.I)
"""What a page says that this is not ("not a score") may be said."""
ALL = [*of_words(), *of_scripts(), *of_pages(), *of_page_scripts()]


def test_there_is_much_to_look_through() -> None:
    """Words, questions, scripts and pages are all found."""
    assert {"sessions.words.OFFER_PAUSE", "sessions.prompts.PROMPTS", "out-of-reach", "start.py", "session.js"} <= {
        at for at, _ in ALL
    }
    assert len(ALL) > 500


def test_nothing_that_a_client_reads_promises_judges_or_finds_out() -> None:
    """Words to avoid anywhere (docs/protocol.md): claims of a medical device, grades, the language of the trade."""
    assert [(at, word) for at, text in ALL for word in forbidden_in(DENIED.sub("", text))] == []


def test_nothing_that_a_client_reads_names_a_feeling_for_them() -> None:
    """ "You seem angry" is said nowhere; "what do you feel?" is."""
    assert [(at, named) for at, text in ALL if (named := names_a_feeling(text))] == []


def test_breathing_is_never_called_deep() -> None:
    """Small and easy: deep breathing makes many people dizzy (Szulczewski 2019)."""
    assert [(at, text) for at, text in ALL if asks_for_deep_breath(text)] == []


def test_an_offer_or_a_notice_holds_no_emotion_word() -> None:
    """No alert text names an emotion or says "flooded" to the client (docs/protocol.md)."""
    assert [(text, emotion_in(text)) for text in OFFERS if emotion_in(text) or forbidden_in(text)] == []


def test_no_notice_names_a_clinician_number_that_is_not_set_up() -> None:
    """Without an emergency number no text holds a number to call."""
    assert [text for text in OFFERS if re.search(r"\d{3,}", text)] == []


@pytest.mark.parametrize(
    "text",
    ["This treats stress.", "A therapy for couples.", "It can diagnose.", "An alarm sounds.", "Clinically proven.",
     "an insecure attachment disorder", "Your score is 7.", "You are flooded.", "patient monitoring"],
)  # fmt: skip
def test_each_unwanted_word_is_found(text: str) -> None:
    """The search itself can fail."""
    assert forbidden_in(text)


@pytest.mark.parametrize(
    "text", ["Practise and notice.", "Not a medical device.", "Please treetop.", "Look at your own words."]
)
def test_plain_words_are_left_alone(text: str) -> None:
    """Nothing is found in what may be said."""
    assert forbidden_in(text) == ()


@pytest.mark.parametrize("feeling", FEELINGS)
def test_each_feeling_is_found_when_it_is_named(feeling: str) -> None:
    """In the plain form and with a little word between; asking is free."""
    assert names_a_feeling(f"You are {feeling}.")
    assert names_a_feeling(f"You look really {feeling} now.")
    assert emotion_in(f"So {feeling}!") == (feeling,)
    assert names_a_feeling("What did you feel?") is None


def test_every_state_of_the_sensor_has_a_word() -> None:
    """None of them frightens."""
    assert set(words.SENSOR_WORDS) == set(LinkState)
    assert not any(emotion_in(word) or forbidden_in(word) for word in words.SENSOR_WORDS.values())
