"""Is an exercise script sound? Every finding with file, line, what is wrong and what to do.

The rules are those of care (docs/protocol.md): physiology is never shown in a stressor, every stressor has
a matched reference and a way down, level 3 is never done alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sessions.prompts import PROMPTS
from sessions.script_file import Node, Problem, read_script
from sessions.stop_rule import NUMBERS

KINDS = ("baseline", "control", "stressor", "paced_breathing", "practice", "recovery", "reflection")
INSERTED_KINDS = ("pause", "rating", "grounding", "rest")
SPEECH = ("silent", "speaking", "listening", "writing", "conversation")
SPOKEN = ("speaking", "conversation")
FEEDBACK = ("none", "pacer", "pacer_and_wave", "trend")
SHOWS_HEART = ("pacer_and_wave", "trend")
WHO = ("solo", "dyad")
SUPERVISION = ("self", "clinician_present", "clinician_unlocked")
TOP_NEEDED = ("id", "version", "title", "level", "who", "supervision", "phases", "stop_rule")
TOP_MAY = ("avoid_if", "about")
PHASE_NEEDED = ("name", "kind", "seconds", "min_seconds", "speech", "feedback", "instruction", "prompts")
PHASE_MAY = ("posture", "reference", "skippable", "pacer")
PACER_MAY = ("target_bpm", "inhale", "hold_in", "exhale", "hold_out")
LONGEST_PHASE_S = 7200
"""Two hours; a longer part is a slip of the keyboard."""
SLOWEST_BPM, FASTEST_BPM = 3.0, 12.0
"""Targets a guide may have, breaths a minute: resonance tests reach 4; the guide never starts above 12."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a script."""

    line: int
    what: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


def lint_file(path: Path) -> list[Finding]:
    """Every finding in the file at ``path``, by line; empty when the script may be used."""
    return lint_text(path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else None, str(path))


def lint_text(text: str | None, file: str) -> list[Finding]:
    """Every finding in a script given as text; ``file`` is only the name in the findings."""
    if text is None:
        return [Finding(1, "there is no such file", "check the name, or see `attune exercises list`", file)]
    script = read_script(text)
    if isinstance(script, Problem):
        return [Finding(script.line, script.what, script.remedy, file)]
    return lint_script(script, file)


def lint_script(script: Node, file: str) -> list[Finding]:
    """Every finding in a script that has been read."""
    return sorted({Finding(line, what, remedy, file) for line, what, remedy in _findings(script)})


_Found = Iterator[tuple[int, str, str]]


def _findings(script: Node) -> _Found:
    yield from _keys(script, TOP_NEEDED, TOP_MAY, "the script")
    yield from _head(script)
    phases = script.items("phases")
    if phases is None or not phases:
        if "phases" in script:
            yield (
                script.line("phases"),
                "phases is not a list of parts",
                "list the parts, each beginning with `- name:`",
            )
        return
    for phase in phases:
        yield from _phase(phase)
    usable = [phase for phase in phases if phase.is_mapping]
    yield from _names(usable)
    yield from _references(usable)
    yield from _ways_down(usable)


def _keys(node: Node, needed: tuple[str, ...], may: tuple[str, ...], what: str) -> _Found:
    for key in node:
        if key not in needed + may:
            yield node.line(key), f"unknown key {key!r} in {what}", f"use one of: {', '.join(needed + may)}"
    for key in needed:
        if key not in node:
            yield node.own_line, f"{what} has no {key!r}", f"add `{key}:`"


def _head(script: Node) -> _Found:
    for key in ("id", "title", "about"):
        if key in script and not script.text(key):
            yield script.line(key), f"{key} is not a text", f"write `{key}:` and one line of text"
    if script.text("id") and not _SLUG.fullmatch(script.text("id") or ""):
        yield script.line("id"), "id is not a plain name", "use small letters, digits and single hyphens"
    if "version" in script and not _SEMVER.fullmatch(str(script["version"])):
        yield script.line("version"), f"version {script['version']!r} is not three numbers", "write it as 1.0.0"
    yield from _one_of(script, "who", WHO)
    yield from _one_of(script, "supervision", SUPERVISION)
    level = script.get("level")
    if "level" in script and level not in (1, 2, 3):
        yield script.line("level"), f"level {level!r} is not 1, 2 or 3", "1 settling, 2 moderate, 3 strong"
    if level == 3 and script.get("supervision") == "self":
        yield (
            script.line("supervision"),
            "a level 3 exercise cannot be done alone",
            "set supervision to clinician_present or clinician_unlocked, or lower the level",
        )
    if "avoid_if" in script and not script.texts("avoid_if"):
        yield script.line("avoid_if"), "avoid_if is not a list of tags", "write `avoid_if: [tag, tag]`, or leave it out"
    yield from _stop_rule(script)


def _stop_rule(script: Node) -> _Found:
    rule = script.get("stop_rule")
    if "stop_rule" not in script or rule == "default":
        return
    own = script.child("stop_rule")
    if own is None:
        yield (
            script.line("stop_rule"),
            "stop_rule is neither `default` nor a list of limits",
            "write `stop_rule: default`",
        )
        return
    for key in own:
        if key not in NUMBERS:
            yield own.line(key), f"unknown limit {key!r} in stop_rule", f"use one of: {', '.join(NUMBERS)}"
        elif own.number(key) is None or (own.number(key) or 0) < 0:
            yield own.line(key), f"limit {key} is not a number of 0 or more", "write a number"


def _phase(phase: Node) -> _Found:
    if not phase.is_mapping:
        yield phase.own_line, "a part is not a list of keys", "begin it with `- name:`"
        return
    label = f"part {phase.text('name') or '?'!r}"
    yield from _keys(phase, PHASE_NEEDED, PHASE_MAY, label)
    if "name" in phase and not _SLUG.fullmatch(phase.text("name") or ""):
        yield phase.line("name"), "name is not a plain name", "use small letters, digits and single hyphens"
    if "instruction" in phase and not (phase.text("instruction") or "").strip():
        yield phase.line("instruction"), f"{label} has no words in its instruction", "say in plain words what to do"
    if phase.get("kind") in INSERTED_KINDS:
        yield phase.line("kind"), f"kind {phase['kind']!r} is put in by the sitting itself", "leave this part out"
    else:
        yield from _one_of(phase, "kind", KINDS)
    yield from _one_of(phase, "speech", SPEECH)
    yield from _one_of(phase, "feedback", FEEDBACK)
    yield from _lengths(phase, label)
    yield from _questions(phase)
    yield from _pacer(phase, label)
    yield from _shown(phase, label)
    if "skippable" in phase and not isinstance(phase["skippable"], bool):
        yield phase.line("skippable"), "skippable is neither true nor false", "write true or false"
    if "posture" in phase and not phase.text("posture"):
        yield phase.line("posture"), "posture is not a word", "write `posture: sitting`, or leave it out"


def _lengths(phase: Node, label: str) -> _Found:
    seconds, least = phase.number("seconds"), phase.number("min_seconds")
    if "seconds" in phase and (seconds is None or not 0 < seconds <= LONGEST_PHASE_S):
        yield phase.line("seconds"), f"seconds of {label} is not a number from 1 to {LONGEST_PHASE_S}", "write seconds"
    if "min_seconds" in phase and (least is None or least < 0):
        yield phase.line("min_seconds"), f"min_seconds of {label} is not a number of 0 or more", "write seconds"
    if seconds is not None and least is not None and least > seconds:
        yield (
            phase.line("min_seconds"),
            f"min_seconds {least:g} is longer than seconds {seconds:g}",
            "lower min_seconds",
        )


def _questions(phase: Node) -> _Found:
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


def _pacer(phase: Node, label: str) -> _Found:
    if "pacer" not in phase:
        return
    pacer = phase.child("pacer")
    if pacer is None or phase.get("kind") != "paced_breathing":
        yield phase.line("pacer"), f"{label} cannot have this pacer", "give `pacer:` keys to paced_breathing parts only"
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


def _shown(phase: Node, label: str) -> _Found:
    kind, feedback = phase.get("kind"), phase.get("feedback")
    if kind == "stressor" and feedback in SHOWS_HEART:
        yield (
            phase.line("feedback"),
            f"{label} shows the heart in a stressor",
            "set feedback to none; seeing it changes what is felt",
        )
    elif kind in ("baseline", "control") and feedback in SHOWS_HEART:
        yield (
            phase.line("feedback"),
            f"{label} shows the heart before its questions are answered",
            "set feedback to none in a baseline or control",
        )
    if kind == "baseline" and feedback == "pacer":
        yield phase.line("feedback"), f"{label} paces a baseline", "set feedback to none; a baseline breathes by itself"


def _names(phases: list[Node]) -> _Found:
    seen: set[str] = set()
    for phase in phases:
        name = phase.text("name")
        if name is not None and name in seen:
            yield phase.line("name"), f"two parts are called {name!r}", "give each part a name of its own"
        seen.add(name or "")


def _references(phases: list[Node]) -> _Found:
    earlier: dict[str, Node] = {}
    names = {phase.text("name") for phase in phases}
    for phase in phases:
        reference = phase.text("reference")
        if phase.get("kind") == "stressor" and reference is None:
            yield (
                phase.line("reference") if "reference" in phase else phase.own_line,
                f"stressor {phase.text('name') or '?'!r} has no reference",
                "name the calm part of the same kind of speech that it is compared with",
            )
        elif reference is not None and reference not in names:
            yield phase.line("reference"), f"reference {reference!r} is no part of this script", "name an earlier part"
        elif reference is not None and reference not in earlier:
            yield phase.line("reference"), f"reference {reference!r} does not come earlier", "name an earlier part"
        elif reference is not None and phase.get("speech") in SPOKEN and earlier[reference].get("speech") not in SPOKEN:
            yield (
                phase.line("reference"),
                f"spoken part {phase.text('name') or '?'!r} is compared with the silent {reference!r}",
                "speaking changes the heart by itself: add a spoken control part and name that",
            )
        earlier[phase.text("name") or ""] = phase


def _ways_down(phases: list[Node]) -> _Found:
    kinds = [phase.get("kind") for phase in phases]
    for index, phase in enumerate(phases):
        after = kinds[index + 1 :]
        down = bool(after) and after[0] in ("recovery", "paced_breathing") and "recovery" in after
        if kinds[index] == "stressor" and not down:
            yield (
                phase.own_line,
                f"no recovery follows stressor {phase.text('name') or '?'!r}",
                "put a recovery part, or paced breathing and then recovery, right after it",
            )


def _one_of(node: Node, key: str, allowed: tuple[str, ...]) -> _Found:
    if key in node and node[key] not in allowed:
        yield node.line(key), f"{key} {node[key]!r} is unknown", f"use one of: {', '.join(allowed)}"
