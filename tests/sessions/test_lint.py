"""The linter refuses what would do harm or cannot be run, each with its line and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sessions.exercise import EXERCISES
from sessions.lint import Finding, lint_file, lint_files, lint_text
from sessions.reading_level import HARDEST_GRADE, grade, syllables
from tests.sessions.broken_scripts import BROKEN as BROKEN_TOO
from tests.sessions.broken_scripts import SOUND as SOUND_TOO
from tests.sessions.broken_scripts import Broken

SOUND = """\
id: sound
version: 1.0.0
title: Sound
level: 1
who: solo
supervision: self
phases:
  - {name: rest, kind: baseline, seconds: 60, min_seconds: 30, speech: silent, feedback: none,
     instruction: "Sit.", prompts: [suds]}
  - {name: stress, kind: stressor, seconds: 60, min_seconds: 30, speech: silent, feedback: none, reference: rest,
     instruction: "Think.", prompts: [suds]}
  - {name: breath, kind: paced_breathing, seconds: 60, min_seconds: 30, speech: silent, feedback: pacer,
     instruction: "Breathe.", prompts: []}
  - {name: after, kind: recovery, seconds: 60, min_seconds: 30, speech: silent, feedback: none, reference: rest,
     instruction: "Rest.", prompts: []}
stop_rule: default
"""

BROKEN: list[tuple[str, str, str, int, str]] = [
    ("unknown key", "level: 1", "level: 1\ncolour: red", 5, "unknown key 'colour'"),
    ("unknown key in a part", "speech: silent, feedback: pacer,", "speech: silent, feedback: pacer, loud: 1,",
     12, "'loud'"),
    ("unknown kind", "kind: paced_breathing", "kind: yoga", 12, "kind 'yoga' is unknown"),
    ("inserted kind", "kind: paced_breathing", "kind: pause", 12, "put in by the sitting itself"),
    ("unknown prompt", "prompts: [suds]}\n  - {name: stress", "prompts: [mood]}\n  - {name: stress",
     9, "prompt 'mood'"),
    ("prompt twice", 'instruction: "Think.", prompts: [suds]', 'instruction: "Think.", prompts: [suds, suds]',
     11, "twice"),
    ("missing field", "title: Sound\n", "", 1, "has no 'title'"),
    ("missing field in a part", 'instruction: "Sit.", ', "", 8, "has no 'instruction'"),
    ("longer minimum", "seconds: 60, min_seconds: 30, speech: silent, feedback: pacer",
     "seconds: 60, min_seconds: 90, speech: silent, feedback: pacer", 12, "min_seconds 90 is longer"),
    ("zero seconds", "kind: baseline, seconds: 60", "kind: baseline, seconds: 0", 8, "seconds of part 'rest'"),
    ("no reference", "reference: rest,\n     instruction: \"Think.\"", "\n     instruction: \"Think.\"",
     10, "no reference"),
    ("unknown reference", "reference: rest,\n     instruction: \"Think.\"",
     "reference: calm,\n     instruction: \"Think.\"", 10, "'calm' is no part"),
    ("later reference", "reference: rest,\n     instruction: \"Think.\"",
     "reference: after,\n     instruction: \"Think.\"", 10, "does not come earlier"),
    ("spoken against silent", "kind: stressor, seconds: 60, min_seconds: 30, speech: silent",
     "kind: stressor, seconds: 60, min_seconds: 30, speech: speaking", 10, "compared with the silent"),
    ("heart in a stressor", "speech: silent, feedback: none, reference: rest,\n     instruction: \"Think.\"",
     "speech: silent, feedback: pacer_and_wave, reference: rest,\n     instruction: \"Think.\"",
     10, "heart in a stressor"),
    ("trend in a baseline", "speech: silent, feedback: none,\n     instruction: \"Sit.\"",
     "speech: silent, feedback: trend,\n     instruction: \"Sit.\"", 8, "before its questions are answered"),
    ("paced baseline", "speech: silent, feedback: none,\n     instruction: \"Sit.\"",
     "speech: silent, feedback: pacer,\n     instruction: \"Sit.\"", 8, "paces a baseline"),
    ("no recovery", "kind: recovery", "kind: practice", 10, "no recovery follows"),
    ("level 3 alone", "level: 1", "level: 3", 6, "level 3 exercise cannot be done alone"),
    ("level 4", "level: 1", "level: 4", 4, "level 4 is not 1, 2 or 3"),
    ("duplicate name", "name: after", "name: rest", 14, "two parts are called 'rest'"),
    ("bad version", "version: 1.0.0", "version: 1.0", 2, "version 1.0 is not three numbers"),
    ("bad id", "id: sound", "id: Sound One", 1, "id is not a plain name"),
    ("bad who", "who: solo", "who: crowd", 5, "who 'crowd' is unknown"),
    ("bad stop rule", "stop_rule: default", "stop_rule: none", 16, "neither `default` nor"),
    ("unknown limit", "stop_rule: default", "stop_rule: {suds_stop: 90}", 16, "unknown limit 'suds_stop'"),
    ("limit no number", "stop_rule: default", "stop_rule: {suds_end: high}", 16, "suds_end is not a number"),
    ("pacer elsewhere", "speech: silent, feedback: none,\n     instruction: \"Sit.\"",
     "speech: silent, feedback: none, pacer: {target_bpm: 6},\n     instruction: \"Sit.\"",
     8, "cannot have this pacer"),
    ("pacer too slow", "feedback: pacer,", "feedback: pacer, pacer: {target_bpm: 1},", 12, "target_bpm is not"),
    ("breath shares", "feedback: pacer,", "feedback: pacer, pacer: {inhale: 0.4, exhale: 0.4},", 12, "do not sum to 1"),
    ("skippable", "feedback: pacer,", "feedback: pacer, skippable: maybe,", 12, "neither true nor false"),
    ("empty words", '"Sit."', '"  "', 9, "no words"),
    ("tags", "level: 1", "level: 1\navoid_if: grief", 5, "avoid_if is not a list"),
    ("phases no list", SOUND[SOUND.index("phases:"):SOUND.index("stop_rule")], "phases: none\n",
     7, "not a list of parts"),
    ("part no mapping", "stop_rule: default", "  - 7\nstop_rule: default", 16, "a part is not a list of keys"),
    ("duplicate key", "level: 1", "level: 1\nlevel: 2", 5, "duplicate key"),
]  # fmt: skip


def test_a_sound_script_has_no_finding() -> None:
    """What the broken ones are made from is sound."""
    assert lint_text(SOUND, "sound.yaml") == []
    assert lint_text(SOUND_TOO, "sound.yaml") == []


def test_there_are_more_than_forty_broken_scripts() -> None:
    """Each another fault, by its name."""
    names = [one[0] for one in BROKEN] + [one.name for one in BROKEN_TOO]
    assert len(set(names)) == len(names) >= 40


@pytest.mark.parametrize("broken", BROKEN_TOO, ids=[one.name for one in BROKEN_TOO])
def test_each_script_is_refused_for_its_own_reason(broken: Broken) -> None:
    """One change, one finding (or as many as the change brings about), on its line, with its words and a remedy."""
    assert broken.old in SOUND_TOO
    findings = lint_text(SOUND_TOO.replace(broken.old, broken.new, 1), "broken.yaml")
    hits = [finding for finding in findings if broken.what in finding.what]
    assert hits, [str(finding) for finding in findings]
    assert (hits[0].line, len(findings)) == (broken.line, 1 + broken.also), [str(finding) for finding in findings]
    assert hits[0].remedy


@pytest.mark.parametrize(("name", "old", "new", "line", "what"), BROKEN, ids=[one[0] for one in BROKEN])
def test_each_fault_is_found_on_its_line(name: str, old: str, new: str, line: int, what: str) -> None:
    """One change, and a finding on the line of the change that says what is wrong and what to do."""
    assert old in SOUND
    findings = lint_text(SOUND.replace(old, new, 1), "broken.yaml")
    hits = [finding for finding in findings if what in finding.what]
    assert hits, [str(finding) for finding in findings]
    assert hits[0].line == line
    assert hits[0].remedy
    assert re.fullmatch(rf"broken\.yaml:{line}: .+; .+", str(hits[0]))


@pytest.mark.parametrize(
    "text", ["", "\x00\x01", "a: [", "- 1\n- 2", "just words", "id: x\n---\nid: y", "a: &a [*a]", "x" * 300_000]
)
def test_what_is_no_script_is_refused_with_one_finding(text: str) -> None:
    """Empty, binary, broken, list, words, two scripts, a knot, a monster."""
    findings = lint_text(text, "odd.yaml")
    assert findings
    assert all(isinstance(finding, Finding) and finding.line >= 1 for finding in findings)


def test_supplied_scripts_are_sound() -> None:
    """Nothing is shipped with a finding."""
    assert [finding for path in EXERCISES.glob("*.yaml") for finding in lint_file(path)] == []


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    """Said like any other finding, with the file's name."""
    assert "no such file" in str(lint_file(tmp_path / "none.yaml")[0])


def test_two_scripts_cannot_share_an_id(tmp_path: Path) -> None:
    """The second one is named, at its id; a supplied id is taken too."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    found = lint_files([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert [(one.line, one.what, Path(one.file).name) for one in found] == [
        (1, "id 'sound' is taken by a.yaml", "b.yaml")
    ]
    taken = {"sound": EXERCISES / "tour.yaml"}
    assert "taken by tour.yaml" in lint_files([tmp_path / "a.yaml"], taken)[0].what


def test_another_language_is_not_measured_by_an_english_formula() -> None:
    """The reading level is English only; unwanted words are looked for all the same."""
    long_words = "Contemplate interpersonal communication difficulties systematically, acknowledging manifestations."
    hard = SOUND.replace('"Sit."', f'"{long_words} Continue contemplating continuously."')
    assert any("Flesch-Kincaid" in finding.what for finding in lint_text(hard, "hard.yaml"))
    assert lint_text(hard.replace("level: 1", "level: 1\nlanguage: de"), "hart.yaml") == []


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 * 6 / 6 - 15.59),
        ("Sit down. Look at the window.", 0.39 * 6 / 2 + 11.8 * 7 / 6 - 15.59),
        ("Imagine a quiet afternoon with somebody you love.", 0.39 * 8 + 11.8 * 15 / 8 - 15.59),
    ],
)
def test_the_reading_level_is_flesch_and_kincaids(text: str, known: float) -> None:
    """Words a sentence and syllables a word, counted by hand."""
    assert grade(text) == pytest.approx(known)


@pytest.mark.parametrize(
    ("word", "number"),
    [("breath", 1), ("breathe", 1), ("usual", 2), ("small", 1), ("picture", 2), ("little", 2), ("noticed", 2),
     ("loved", 1), ("choices", 2), ("someone", 2), ("I", 1), ("e", 1), ("o'clock", 2), ("", 1)],
)  # fmt: skip
def test_syllables_are_counted_by_groups_of_vowels(word: str, number: int) -> None:
    """A silent e is none; neighbouring vowels count as one, which now and then is one too few ("usual")."""
    assert syllables(word) == number


def test_every_supplied_text_is_under_grade_eight() -> None:
    """As a whole, too, not only part by part."""
    for path in EXERCISES.glob("*.yaml"):
        texts = re.findall(r'instruction: "(.*)"', path.read_text(encoding="utf-8"))
        assert texts
        assert grade(" ".join(texts)) < HARDEST_GRADE
