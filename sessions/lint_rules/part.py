"""One part by itself: its keys, lengths, questions, guide, and what it shows."""

from __future__ import annotations

from sessions.lint_rules.found import SLUG, Found, keys, label, one_of
from sessions.prompts import PROMPTS
from sessions.script_file import Node
from sessions.script_words import (
    FEEDBACK,
    INSERTED_KINDS,
    KINDS,
    PACER_MAY,
    PHASE_MAY,
    PHASE_NEEDED,
    PHASE_SINCE_2,
    SHOWS_HEART,
    SPEECH,
)

LONGEST_PHASE_S = 3600
"""One hour, the longest break that may be agreed on; a longer part is a slip of the keyboard. [D]"""
SLOWEST_BPM, FASTEST_BPM = 3.0, 12.0
"""Targets a guide may have, breaths a minute: resonance tests reach 4; the guide never starts above 12."""
LONGEST_PACED_S = 1200
"""Seconds of paced breathing at a stretch: twenty minutes, as long as home practice in the literature (Lehrer 2013)."""
NEVER_WITH_HEART = ("baseline", "control", "stressor")
"""Kinds whose questions would be pulled by seeing the heart (In Sync 2015; docs/protocol.md)."""


def part(phase: Node, schema: int) -> Found:
    """Everything that can be said of a part without looking at others."""
    if not phase.is_mapping:
        yield phase.own_line, "a part is not a list of keys", "begin it with `- name:`"
        return
    yield from keys(phase, PHASE_NEEDED, PHASE_MAY, label(phase))
    for key in PHASE_SINCE_2:
        if key in phase and schema < 2:
            yield phase.line(key), f"key {key!r} is of schema 2", "add `schema: 2` under `id:`"
    yield from _words(phase)
    if phase.get("kind") in INSERTED_KINDS:
        yield phase.line("kind"), f"kind {phase['kind']!r} is put in by the sitting itself", "leave this part out"
    else:
        yield from one_of(phase, "kind", KINDS)
    yield from one_of(phase, "speech", SPEECH)
    yield from one_of(phase, "feedback", FEEDBACK)
    yield from _lengths(phase)
    yield from _questions(phase)
    yield from _pacer(phase)
    yield from _shown(phase)


def _words(phase: Node) -> Found:
    if "name" in phase and not SLUG.fullmatch(phase.text("name") or ""):
        yield phase.line("name"), "name is not a plain name", "use small letters, digits and single hyphens"
    if "instruction" in phase and not (phase.text("instruction") or "").strip():
        yield (
            phase.line("instruction"),
            f"{label(phase)} has no words in its instruction",
            "say in plain words what to do",
        )
    if "skippable" in phase and not isinstance(phase["skippable"], bool):
        yield phase.line("skippable"), "skippable is neither true nor false", "write true or false"
    if "posture" in phase and not phase.text("posture"):
        yield phase.line("posture"), "posture is not a word", "write `posture: sitting`, or leave it out"


def _lengths(phase: Node) -> Found:
    seconds, least = phase.number("seconds"), phase.number("min_seconds")
    if "seconds" in phase and (seconds is None or not 0 < seconds <= LONGEST_PHASE_S):
        yield (
            phase.line("seconds"),
            f"seconds of {label(phase)} is not a number from 1 to {LONGEST_PHASE_S}",
            "write seconds",
        )
    if "min_seconds" in phase and (least is None or least < 0):
        yield phase.line("min_seconds"), f"min_seconds of {label(phase)} is not a number of 0 or more", "write seconds"
    if seconds is not None and least is not None and least > seconds:
        yield (
            phase.line("min_seconds"),
            f"min_seconds {least:g} is longer than seconds {seconds:g}",
            "lower min_seconds",
        )
    if "lengths" in phase:
        yield from _choices(phase, seconds, least or 0.0)
    if phase.get("kind") == "paced_breathing" and max(_every_length(phase, seconds)) > LONGEST_PACED_S:
        yield (
            phase.line("lengths" if "lengths" in phase else "seconds"),
            f"{label(phase)} paces the breath for longer than {LONGEST_PACED_S / 60:g} minutes",
            "shorten it; long guided breathing makes over-breathing likelier",
        )


def _choices(phase: Node, seconds: float | None, least: float) -> Found:
    every = phase.get("lengths")
    numbers = _every_length(phase, None)
    if not isinstance(every, list) or len(numbers) - 1 != len(every) or len(set(every)) != len(every):
        yield phase.line("lengths"), "lengths is not a list of different numbers", "write for example [300, 600, 1200]"
    elif seconds not in every:
        yield phase.line("lengths"), "seconds is none of the lengths to choose from", "add it, or choose another"
    elif min(every) < max(1.0, least) or max(every) > LONGEST_PHASE_S:
        yield phase.line("lengths"), "a length to choose is shorter than min_seconds or too long", "lower min_seconds"


def _every_length(phase: Node, seconds: float | None) -> list[float]:
    """All lengths that the part may have, and 0."""
    every = phase.get("lengths")
    chosen = every if isinstance(every, list) else []
    numbers = [float(one) for one in chosen if isinstance(one, int | float) and not isinstance(one, bool)]
    return [seconds or 0.0, *numbers]


def _questions(phase: Node) -> Found:
    if "prompts" not in phase:
        return
    asked = phase.texts("prompts")
    if asked is None:
        yield (
            phase.line("prompts"),
            "prompts is not a list of questions",
            "write `prompts: [suds, body]` or `prompts: []`",
        )
        return
    for name in asked:
        if name not in PROMPTS:
            yield phase.line("prompts"), f"unknown prompt {name!r}", f"use some of: {', '.join(PROMPTS)}"
    if len(set(asked)) != len(asked):
        yield phase.line("prompts"), "a question is asked twice", "name each prompt once"


def _pacer(phase: Node) -> Found:
    if "pacer" not in phase:
        return
    pacer = phase.child("pacer")
    if pacer is None or phase.get("kind") != "paced_breathing":
        yield (
            phase.line("pacer"),
            f"{label(phase)} cannot have this pacer",
            "give `pacer:` keys to paced_breathing parts only",
        )
        return
    for key in pacer:
        if key not in PACER_MAY:
            yield pacer.line(key), f"unknown key {key!r} in pacer", f"use one of: {', '.join(PACER_MAY)}"
    target = pacer.number("target_bpm") if "target_bpm" in pacer else 6.0
    if target is None or not SLOWEST_BPM <= target <= FASTEST_BPM:
        yield (
            pacer.line("target_bpm"),
            f"target_bpm is not {SLOWEST_BPM:g} to {FASTEST_BPM:g} breaths a minute",
            "6 is a fair default",
        )
    shares = [pacer.number(key) for key in PACER_MAY[1:] if key in pacer]
    if shares and (
        None in shares or abs(sum(s or 0.0 for s in shares) - 1.0) > 1e-6 or min(s or 0.0 for s in shares) < 0
    ):
        yield pacer.own_line, "the shares of the breath do not sum to 1", "write for example inhale: 0.4, exhale: 0.6"


def _shown(phase: Node) -> Found:
    kind, feedback = phase.get("kind"), phase.get("feedback")
    if kind == "stressor" and feedback in SHOWS_HEART:
        yield (
            phase.line("feedback"),
            f"{label(phase)} shows the heart in a stressor",
            "set feedback to none; seeing it changes what is felt",
        )
    elif kind in NEVER_WITH_HEART and feedback in SHOWS_HEART:
        yield (
            phase.line("feedback"),
            f"{label(phase)} shows the heart before its questions are answered",
            "set feedback to none in a baseline or control",
        )
    elif kind == "baseline" and feedback == "pacer":
        yield phase.line("feedback"), f"{label(phase)} paces a baseline", "set feedback to none; it breathes by itself"
    elif kind == "paced_breathing" and feedback not in ("pacer", "pacer_and_wave"):
        yield phase.line("feedback"), f"{label(phase)} paces the breath without a guide", "set feedback to pacer"
    elif kind in KINDS and kind != "paced_breathing" and feedback in ("pacer", "pacer_and_wave"):
        yield phase.line("feedback"), f"{label(phase)} has no breath to guide", "make it paced_breathing, or show none"
