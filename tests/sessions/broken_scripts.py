"""A sound script of the second schema with everything that a part may carry, and one fault after the other in it."""

from __future__ import annotations

from typing import NamedTuple

SOUND = """\
id: sound-two
schema: 2
version: 1.0.0
title: Sound
about: A quiet start, one small scene, and rest.
level: 2
who: solo
supervision: self
avoid_if: [acute_crisis, {tag: own-tag, ask: "Have you slept less than four hours?"}]
phases:
  - name: rest
    kind: baseline
    seconds: 60
    min_seconds: 30
    speech: silent
    feedback: none
    instruction: "Sit."
    prompts: [suds]
  - name: plain
    kind: control
    seconds: 60
    min_seconds: 30
    speech: writing
    feedback: none
    instruction: "A practice chat on this screen."
    prompts: [suds]
    chat:
      with: a shop
      reply: "We open at nine."
      reply_after_s: 20
  - name: plan
    kind: practice
    seconds: 60
    min_seconds: 0
    speech: writing
    feedback: none
    instruction: "Write."
    prompts: []
    form:
      look: circle
      fields:
        - {id: one, ask: "What was first?"}
        - {id: two, ask: "And then?", options: [this, that]}
        - {id: three, ask: "And last?"}
  - name: stress
    kind: stressor
    seconds: 120
    min_seconds: 30
    speech: listening
    feedback: none
    reference: plain
    instruction: "Listen."
    prompts: [suds, body]
    lines:
      supplied: ["One.", "Two.", "Three."]
      own: true
  - name: breath
    kind: paced_breathing
    seconds: 300
    min_seconds: 30
    speech: silent
    feedback: pacer_and_wave
    lengths: [300, 600]
    instruction: "Follow the shape with small and easy breaths."
    prompts: [symptoms]
  - name: after
    kind: recovery
    seconds: 50
    min_seconds: 30
    speech: silent
    feedback: none
    reference: rest
    instruction: "Rest."
    prompts: []
    break:
      most_minutes: 60
      return_within_h: 24
  - name: back
    kind: reflection
    seconds: 60
    min_seconds: 0
    speech: writing
    feedback: trend
    asks_about: plan
    instruction: "Look back."
    prompts: [helped]
stop_rule: default
"""


class Broken(NamedTuple):
    """One change that makes the script unsound."""

    name: str
    old: str
    new: str
    line: int
    what: str
    """Words that the finding must hold."""
    also: int = 0
    """Further findings that the same change brings about."""


_HARD = (
    "Contemplate your interpersonal communication difficulties systematically, acknowledging underlying "
    "physiological manifestations continuously."
)

BROKEN: tuple[Broken, ...] = (
    Broken("schema of a later program", "schema: 2", "schema: 9", 2, "schema 9 is unknown"),
    Broken("new key in an old script", "schema: 2\n", "", 26, "key 'chat' is of schema 2", 6),
    Broken("language", "level: 2", "level: 2\nlanguage: english", 7, "is no code"),
    Broken("tag without a question", "[acute_crisis, ", "[grief, ", 9, "tag 'grief' has no question"),
    Broken("tag with half a question", ', ask: "Have you slept less than four hours?"', "", 9, "'own-tag' has no"),
    Broken("nobody is left out", SOUND[SOUND.index("avoid_if") : SOUND.index("phases:")], "", 6, "leaves nobody out"),
    Broken("two without the safety questions", "who: solo", "who: dyad", 7, "does not leave out coercion"),
    Broken("long stressor alone", "seconds: 120", "seconds: 301", 47, "lasts longer than 300 seconds"),
    Broken("held in a stressor", "seconds: 120\n    min_seconds: 30", "seconds: 120\n    min_seconds: 90", 48,
           "cannot be left before 90 seconds"),
    Broken("short way down", SOUND[SOUND.index("  - name: breath") : SOUND.index("  - name: after")], "", 45,
           "is shorter than half of it"),
    Broken("no baseline first", "kind: baseline", "kind: practice", 45, "no baseline comes before"),
    Broken("compared with a stirring part", "reference: plain", "reference: plan", 51,
           "neither a baseline nor a control"),
    Broken("a part of two hours", "seconds: 60\n    min_seconds: 0\n    speech: writing\n    feedback: trend",
           "seconds: 7200\n    min_seconds: 0\n    speech: writing\n    feedback: trend", 80,
           "not a number from 1 to 3600", 1),
    Broken("hours in all", "seconds: 60\n    min_seconds: 0\n    speech: writing\n    feedback: trend",
           "seconds: 7200\n    min_seconds: 0\n    speech: writing\n    feedback: trend", 78,
           "minutes together", 1),
    Broken("half an hour of pacing", "lengths: [300, 600]", "lengths: [300, 1800]", 63, "longer than 20 minutes"),
    Broken("lengths without its own", "lengths: [300, 600]", "lengths: [600, 900]", 63, "none of the lengths"),
    Broken("lengths that are words", "lengths: [300, 600]", "lengths: [short, long]", 63, "not a list of different"),
    Broken("a length under the minimum", "lengths: [300, 600]", "lengths: [10, 300]", 63, "shorter than min_seconds"),
    Broken("pacing without a guide", "feedback: pacer_and_wave", "feedback: none", 62, "without a guide"),
    Broken("a guide without breathing", "feedback: trend", "feedback: pacer", 83, "no breath to guide"),
    Broken("rated after the heart was seen", "asks_about: plan", "asks_about: stress", 84,
           "asks about 'stress' after the heart was shown in 'breath'"),
    Broken("a baseline rated too late", "asks_about: plan", "asks_about: rest", 84, "after the heart was shown"),
    Broken("asks about nothing", "asks_about: plan", "asks_about: yesterday", 84, "is no earlier part"),
    Broken("chat without an answer", '      reply: "We open at nine."\n', "", 28, "never gets its reply"),
    Broken("chat with a late answer", "reply_after_s: 20", "reply_after_s: 31", 30, "may be left before its reply"),
    Broken("chat that seems real", "A practice chat on this screen.", "Write to your friend.", 25, "is pretend"),
    Broken("chat with nobody", "      with: a shop\n", "", 28, "has no 'with'"),
    Broken("chat that goes on from nowhere", "with: a shop", "with: a shop\n      continues: later", 29,
           "no earlier part"),
    Broken("form without fields", SOUND[SOUND.index("      fields:") : SOUND.index("  - name: stress")], "", 40,
           "has no fields"),
    Broken("form of another look", "look: circle", "look: square", 40, "look 'square' is unknown"),
    Broken("a circle of two", '        - {id: three, ask: "And last?"}\n', "", 41, "is no circle"),
    Broken("field twice", "{id: two,", "{id: one,", 43, "two fields of"),
    Broken("field without a question", '{id: three, ask: "And last?"}', "{id: three}", 44, "has no 'ask'"),
    Broken("field without choices", "options: [this, that]", "options: []", 43, "not a list of words"),
    Broken("form of a part without one", "look: circle\n" + SOUND[SOUND.index("      fields:") : SOUND.index(
        "  - name: stress")], "shows: rest\n", 40, "has no form to show"),
    Broken("two lines", ', "Three."', "", 55, "are not 3"),
    Broken("a speech", '"Three."', f'"{"on and " * 20}on."', 55, "too long to hear at once", 1),
    Broken("own lines, perhaps", "own: true", "own: maybe", 56, "neither true nor false"),
    Broken("break in a practice", "kind: recovery", "kind: practice", 75, "is no recovery", 1),
    Broken("break over an hour", "most_minutes: 60", "most_minutes: 90", 76, "not from its length to 60"),
    Broken("break for days", "return_within_h: 24", "return_within_h: 72", 77, "no return within a day"),
    Broken("claim in the title", "title: Sound", "title: Treatment of stress", 4, "title says 'Treatment'"),
    Broken("claim in the words", '"Rest."', '"This is clinically proven to help."', 73, "says 'clinically proven'"),
    Broken("grade in the words", '"Look back."', '"What was your score?"', 85, "says 'score'"),
    Broken("trade word", '"Rest."', '"Let your arousal go down."', 73, "says 'arousal'"),
    Broken("deep breath", "small and easy breaths", "deep breaths", 64, "asks for a deep breath"),
    Broken("a feeling named", '"Look back."', '"You feel angry now."', 85, "names a feeling for the person"),
    Broken("too hard to read", '"Look back."', f'"{_HARD}"', 85, "(Flesch-Kincaid), over 8"),
    Broken("a question too hard to read", "Have you slept less than four hours?", _HARD, 9, "(Flesch-Kincaid)"),
)  # fmt: skip
