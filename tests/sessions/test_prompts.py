"""Questions: their words and scales, and what counts as an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.errors import BadInput
from sessions.prompts import PROMPTS, accept, views


def test_words_are_those_of_the_protocol() -> None:
    """As docs/protocol.md has them, word for word."""
    assert PROMPTS["suds"].text == "How distressed are you right now?"
    assert PROMPTS["body"].text == "How stirred up does your body feel?"
    assert PROMPTS["closeness"].text == "Right now, do you want to move away from people or toward them?"
    assert PROMPTS["here"].options == ("yes", "a bit far away", "no")
    assert len(PROMPTS) == 11


def test_unanswered_leaves_nothing() -> None:
    """A question left alone is no answer, and no default stands in for one."""
    assert accept({}, ("suds", "feelings", "note")) == ()
    assert accept({"suds": None, "feelings": [], "note": ""}, ("suds", "feelings", "note")) == ()


def test_rather_not_say_is_an_answer() -> None:
    """Kept as such, with no value."""
    (answer,) = accept({"suds": "rather_not"}, ("suds",))
    assert (answer.value, answer.scale) == (None, "0-100")


def test_both_at_once_is_kept_beside_the_slider() -> None:
    """The tick is an answer of its own, with or without the slider."""
    answers = accept({"closeness": -10, "closeness_both": True}, ("closeness",))
    assert [(a.prompt, a.value) for a in answers] == [("closeness", -10.0), ("closeness_both", True)]
    assert [a.prompt for a in accept({"closeness_both": True}, ("closeness",))] == ["closeness_both"]


def test_words_are_kept_in_the_order_of_the_page() -> None:
    """Chips come back in one order, whatever the order of the taps."""
    (answer,) = accept({"feelings": ["hopeful", "calm"]}, ("feelings",))
    assert answer.value == ("calm", "hopeful")


@pytest.mark.parametrize(
    ("prompt", "value"),
    [("suds", 101), ("suds", -1), ("suds", "high"), ("suds", True), ("suds", float("nan")), ("closeness", -51),
     ("feelings", ["furious"]), ("here", "maybe"), ("note", 7), ("note", "x" * 5000), ("symptoms", [["dizzy"]])],
)  # fmt: skip
def test_what_is_no_answer_is_refused(prompt: str, value: object) -> None:
    """Outside the scale, of the wrong kind, or not on offer."""
    with pytest.raises(BadInput):
        accept({prompt: value}, (prompt,))


def test_only_what_was_asked_is_answered() -> None:
    """An answer to another question is refused."""
    with pytest.raises(BadInput, match="was not asked"):
        accept({"vivid": 3}, ("suds",))


@given(st.floats(0, 100))
def test_a_slider_keeps_its_value(value: float) -> None:
    """No rounding, no conversion between scales."""
    (answer,) = accept({"suds": value}, ("suds",))
    assert answer.value == value


def test_views_come_in_the_order_asked() -> None:
    """As the script lists them."""
    assert [view.id for view in views(("body", "suds"))] == ["body", "suds"]
