"""Forms and practice chats of a sitting: what is written is kept, the answer comes, nothing is sent."""

from __future__ import annotations

import pytest

from acquisition.errors import BadInput
from sessions.exercise import load
from sessions.prompts import LONGEST_TEXT
from sessions.records import SessionMarker
from tests.sessions.played import Played

REPLY = next(phase.chat.reply for phase in load("unanswered-message").phases if phase.name == "reply" and phase.chat)


def told(played: Played, kind: str) -> list[SessionMarker]:
    return [marker for marker in played.markers() if marker.kind == kind]


def messages(played: Played) -> list[tuple[bool, str]]:
    phase = played.view.phase
    assert phase is not None
    assert phase.chat is not None
    return list(phase.chat.messages)


def test_the_shop_answers_at_its_second() -> None:
    """Forty seconds into the part, on the clock of the part."""
    played = Played("unanswered-message").to("plain-chat").press("say", text="When do you open?")
    assert messages(played) == [(True, "When do you open?")]
    began = played.of("plain-chat").start_s
    played.wait(39)
    assert len(messages(played)) == 1
    played.wait(1)
    assert [mine for mine, _ in messages(played)] == [True, False]
    assert [marker.time_s - began for marker in told(played, "chat")] == [0.0, 40.0]


def test_an_answer_waits_while_the_exercise_waits() -> None:
    """A pause holds the chat, too; a late tick does not make the answer late."""
    played = Played("unanswered-message").to("plain-chat").wait(30).press("pause").wait(20)
    assert messages(played) == []
    played.press("resume").wait(9)
    assert messages(played) == []
    played.now += 5.0
    played.conductor.tick(played.now)
    began = played.of("plain-chat").start_s
    assert [marker.time_s - began for marker in told(played, "chat")] == [60.0]


def test_the_late_reply_comes_in_the_part_after_the_wait() -> None:
    """Nothing answers while one waits; then the reply stands under one's own message."""
    played = Played("unanswered-message").to("waiting").press("say", text="I thought of you.", name="Kim").wait(200)
    phase = played.view.phase
    assert phase is not None
    assert phase.chat is not None
    assert (phase.chat.other, messages(played)) == ("Kim", [(True, "I thought of you.")])
    played.to("reply").wait(1)
    assert messages(played) == [(True, "I thought of you."), (False, REPLY)]
    assert "Kim" not in str(played.records)


def test_the_reply_comes_even_where_nothing_was_written() -> None:
    """The end is predictable whatever one does."""
    assert messages(Played("unanswered-message").to("reply").wait(1)) == [(False, REPLY)]


def test_what_is_written_into_a_form_is_kept_and_shown_later() -> None:
    """Each entry is a marker; the last one stands in the form, and a later part shows it to read."""
    played = Played("saying-what-you-need").to("plan")
    played.press("write", field="wish", value="A walk").press("write", field="wish", value="A walk on Sunday")
    assert [(m.text, m.data) for m in told(played, "form")] == [
        ("A walk", {"part": "plan", "field": "wish"}), ("A walk on Sunday", {"part": "plan", "field": "wish"}),
    ]  # fmt: skip
    for part, editable in (("plan", True), ("say-it", False)):
        phase = played.to(part).view.phase
        assert phase is not None
        assert phase.form is not None
        assert phase.form.editable is editable
        assert {field.id: field.value for field in phase.form.fields}["wish"] == "A walk on Sunday"


def test_a_form_that_is_shown_to_read_cannot_be_written_in() -> None:
    """Reading aloud is not the moment for changing words."""
    played = Played("saying-what-you-need").to("say-it").press("write", field="wish", value="Something else")
    assert told(played, "form") == []


def test_the_cycle_takes_its_own_words_only_where_it_offers_them() -> None:
    """A field with choices takes one of them; the others take any words."""
    played = Played("mapping-the-cycle").to("map")
    played.press("write", field="did", value="went quiet").press("write", field="felt", value="small")
    with pytest.raises(BadInput, match="cannot be kept"):
        played.press("write", field="did", value="danced")
    assert played.conductor.written["map"] == {"did": "went quiet", "felt": "small"}


@pytest.mark.parametrize(
    "data",
    [{}, {"field": "no-such", "value": "x"}, {"field": "felt"}, {"field": "felt", "value": 7},
     {"field": "felt", "value": "x" * (LONGEST_TEXT + 1)}],
)  # fmt: skip
def test_what_is_no_entry_is_refused_and_nothing_is_kept(data: dict[str, object]) -> None:
    """Unknown field, no words, too many words."""
    played = Played("mapping-the-cycle").to("map")
    with pytest.raises(BadInput):
        played.press("write", **data)
    assert told(played, "form") == []


@pytest.mark.parametrize("data", [{"text": 7}, {"text": "x" * 501}, {"name": "x" * 41}, {"name": 3}])
def test_what_is_no_message_is_refused(data: dict[str, object]) -> None:
    """And nothing is kept of it."""
    played = Played("unanswered-message").to("waiting")
    with pytest.raises(BadInput):
        played.press("say", **data)
    assert messages(played) == []


def test_nothing_is_written_while_the_exercise_waits() -> None:
    """Nor in a part without chat or form."""
    played = Played("unanswered-message").to("waiting").press("pause").press("say", text="hello")
    assert messages(played) == []
    played.press("resume").to("steady-wait").press("say", text="hello").press("write", field="x", value="y")
    assert told(played, "chat") == [marker for marker in played.markers() if marker.data.get("side") == "script"]


def test_the_hard_lines_are_on_the_page_of_their_part() -> None:
    """Three lines to hear, and leave for one's own."""
    phase = Played("hearing-something-hard").to("hard-lines").view.phase
    assert phase is not None
    assert (len(phase.lines), phase.own_lines) == (3, True)


def test_a_break_says_how_long_it_may_be() -> None:
    """An hour at most; every other part says nothing of it."""
    apart, agree = (Played("timeout-and-repair").to(name).view.phase for name in ("apart", "agree"))
    assert apart is not None
    assert agree is not None
    assert (apart.away_at_most_s, agree.away_at_most_s) == (3600, None)
