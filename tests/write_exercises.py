"""Writes the tables of docs/exercises.md from the scripts themselves, so that page and scripts cannot differ.

python -m tests.write_exercises
"""

from __future__ import annotations

from pathlib import Path

from sessions.cautions import QUESTIONS
from sessions.exercise import Exercise, Phase, catalogue, every

PAGE = Path(__file__).resolve().parent.parent / "docs" / "exercises.md"
LEVELS = {1: "1 settling", 2: "2 moderate", 3: "3 strong"}
SUPERVISION = {"self": "alone", "clinician_present": "clinician there", "clinician_unlocked": "opened by a clinician"}
HEAD = """# The exercises

The tables are made from the scripts by `python -m tests.write_exercises`; a test compares the two.

Scripts are data: YAML files in `sessions/exercises/`, and one's own in `exercises/` inside the data folder.
Lengths, words and limits are defaults [D] that a clinic can edit; the rules that no edit can break are those of the
linter.

    attune exercises list             every script, its level, its length, and the screen that it still waits for
    attune exercises preview ID       as a timeline: parts, what is shown, what is asked
    attune exercises copy ID NEW-ID   begin one of your own
    attune exercises lint             check everything, or the files named

## What opens when

Level 1 is open to everybody. Level 2 opens after one level 1 exercise was gone through to its end. Level 3, and
what is marked "opened by a clinician", opens by a clinician's name and time, and can be closed again; every opening
and closing is kept. Exercises for two are closed to real people: they run on two simulated hearts only, until both
have consented and answered in private. A script that needs a screen which the pages do not have yet is listed and
not offered. In a simulated sitting everything is open.

A sitting keeps the whole definition and its hash. A script that was used is not changed under the same version: an
edit needs a higher one, or the sitting is refused.
"""
WRITING = """## Writing one

- `id`, `schema: 2`, `version` (three numbers), `title`, `about`, `level`, `who`, `supervision`, `avoid_if`,
  `phases`, `stop_rule`.
- A part has `name`, `kind`, `seconds`, `min_seconds` (it may be left after that), `speech`, `feedback`,
  `instruction`, `prompts` (asked at its end); and may have `reference`, `skippable`, `posture`, `pacer`, `lengths`
  (to choose from), `asks_about` (an earlier part), `chat`, `form`, `lines`, `break`.
- `kind`: baseline, control (the plain twin of a stressor), stressor, paced_breathing, practice, recovery,
  reflection.
- `speech`: silent, speaking, listening, writing, conversation. A spoken part is compared with a spoken one only.
- `feedback`: none, pacer, pacer_and_wave (the heart is shown), trend. Never the heart in a baseline, control or
  stressor.
- `avoid_if` takes the tags below, or `{tag: my-tag, ask: "A plain question?"}`.
- A script without `schema` is of the first version, has none of the newer keys, and stays valid.

## What the linter refuses

Unknown keys, prompts, kinds and tags; two parts or fields of one name, two scripts of one id; a stressor without a
calm reference before it, without a baseline before it, without a recovery right after it (or paced breathing and
then recovery), with a way down shorter than half of it, longer than 300 s alone or 900 s with a clinician, or one
that cannot be left after 60 s (180 s with a clinician); the heart shown in a baseline, control or stressor; a
question about one of these after the heart was shown; a spoken part compared with a silent one; a paced baseline, a
guide without breathing or breathing without a guide, a target outside 3 to 12 breaths a minute, more than 20
minutes of it; level 3 done alone; level 2 or 3 that leaves nobody out; an exercise for two without the questions on
coercion and violence; a chat that never answers, answers after the part may be left, or does not say that it is
pretend; lines that are not three; a break that is no recovery, over an hour, or without a return within a day; more
than two hours in all. Of the words: a claim of a medical device, a grade, a feeling named for the person, a deep
breath, and, in English only, a text of ten words or more over grade 8 by Flesch-Kincaid (0.39 words/sentences +
11.8 syllables/words - 15.59).
"""


def text() -> str:
    """The whole page."""
    scripts = every()
    offered = {exercise.id for exercise in catalogue()}
    parts = [HEAD, "## All of them\n", _table(_heads(), [_row(one, offered) for one in scripts])]
    for exercise in scripts:
        parts.append(f"## {exercise.title}\n\n`{exercise.id}` {exercise.version}. {exercise.about}\n")
        parts.append(
            _table(("part", "kind", "seconds", "speech", "shows", "asks"), [_part(p) for p in exercise.phases])
        )
    parts.append(WRITING)
    parts.append("## Who should leave one out\n")
    parts.append(_table(("tag", "asked in private"), [(f"`{tag}`", asked) for tag, asked in QUESTIONS.items()]))
    return "\n".join(parts)


def _heads() -> tuple[str, ...]:
    return ("id", "title", "level", "who", "supervision", "minutes", "parts", "on the pages")


def _row(exercise: Exercise, offered: set[str]) -> tuple[str, ...]:
    waits = ", ".join(sorted(exercise.needs))
    there = "yes" if exercise.id in offered else f"waits for: {waits}" if waits else "not yet walked through"
    minutes = " or ".join(f"{one:g}" for one in exercise.minutes_to_choose) or f"{exercise.planned_s / 60:.0f}"
    return (
        f"`{exercise.id}`", exercise.title, LEVELS[exercise.level], exercise.who, SUPERVISION[exercise.supervision],
        minutes, str(len(exercise.phases)), there,
    )  # fmt: skip


def _part(phase: Phase) -> tuple[str, ...]:
    seconds = " or ".join(f"{one:g}" for one in phase.lengths) or f"{phase.seconds:g}"
    shows = phase.feedback.replace("_", " ")
    return (phase.title, phase.kind.replace("_", " "), seconds, phase.speech, shows, ", ".join(phase.prompts) or "-")


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
