"""All supplied scripts: sound, in words of our own, and walked to the end on simulated hearts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from acquisition.errors import BadInput
from sessions.conductor import Conductor
from sessions.exercise import EXERCISES, SCREENS, WALKED, Exercise, Phase, catalogue, every, load
from sessions.lint import lint_file
from sessions.records import PhaseSpan, Rating
from sessions.service import Service
from tests.sessions.every_script import brisk, kept_and_reviewed, sat_through

BRISK_S = 8.0
"""Longest part in the suite; ``python -m tests.sessions.every_script`` runs the full lengths."""
ALL = every()
IDS = [exercise.id for exercise in ALL]
FOURTEEN = {
    "resting-start", "out-of-reach", "unanswered-message", "saying-what-you-need", "argument-remembered",
    "hearing-something-hard", "timeout-and-repair", "mapping-the-cycle", "kind-wishes", "body-scan",
    "noticing-the-breath", "two-person-conversation", "booster-check-in", "weekly-check-in",
}  # fmt: skip
VERSIONS = Path(__file__).parent / "script_versions.json"
"""id → version → SHA-256 of every supplied script that was ever released under it."""


def stressors(exercise: Exercise) -> list[Phase]:
    return [phase for phase in exercise.phases if phase.kind == "stressor"]


def test_all_scripts_are_there() -> None:
    """The fourteen of the protocol, the short look, and breathing by itself."""
    assert set(IDS) == FOURTEEN | {"tour", "breathing-practice"}


@pytest.mark.parametrize("path", sorted(EXERCISES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_supplied_script_is_sound_and_bears_its_files_name(path: Path) -> None:
    """No finding, and the id is the file's name, by which it is found."""
    assert lint_file(path) == []
    assert load(path).id == path.stem


@pytest.mark.parametrize("exercise", ALL, ids=IDS)
async def test_a_script_runs_to_its_end_saved_and_reviewed(service: Service, exercise: Exercise) -> None:
    """Every part once and in order, on as many hearts as people, closed whole, with a review of each part."""
    sat = await sat_through(service, brisk(exercise, BRISK_S))
    stored, read = kept_and_reviewed(service, sat)
    names = [phase.name for phase in exercise.phases]
    spans = [span for span in stored.phases if span.name in names]
    assert [span.name for span in spans] == names
    assert [span.ended for span in spans] == ["complete"] * len(names)
    assert (stored.summary.state, stored.meta.exercise_sha256) == ("closed", exercise.sha256)
    assert len(stored.meta.streams) == (2 if exercise.who == "dyad" else 1)
    assert stored.summary.beats > 0
    assert [row.span.name for row in read.phases][: len(names)] == names


@pytest.mark.parametrize("exercise", ALL, ids=IDS)
def test_a_script_at_full_length_accounts_for_every_second(exercise: Exercise) -> None:
    """The spans of the whole script tile the time from Begin to the look back, each part as long as planned."""
    conductor, now = Conductor(exercise), 0.0
    conductor.begin(0.0)
    while conductor.screen in ("phase", "rating"):
        now += 1.0
        if conductor.screen == "rating":
            conductor.act("rate", {"answers": {}}, now)
        conductor.tick(now)
        assert not (conductor.heart_shown and conductor.phase and conductor.phase.kind == "stressor")
    spans = list({span.seq: span for span in conductor.drain() if isinstance(span, PhaseSpan)}.values())
    edges = [(span.start_s, span.end_s) for span in spans]
    assert all(end == start for (_, end), (start, _) in pairwise(edges))
    parts = {span.name: span for span in spans if span.planned_s is not None and span.end_s is not None}
    for span in parts.values():
        assert (span.end_s or 0.0) - span.start_s == pytest.approx(span.planned_s)
    last = exercise.phases[-1]
    assert set(parts) == {phase.name for phase in exercise.phases if not (phase is last and exercise.reflects_last)}


@pytest.mark.parametrize("exercise", ALL, ids=IDS)
def test_no_stressor_shows_the_heart_and_each_has_a_way_down(exercise: Exercise) -> None:
    """Nothing of the body before the questions; a matched reference; a recovery that follows."""
    kinds = [phase.kind for phase in exercise.phases]
    spoken = ("speaking", "conversation")
    by_name = {phase.name: phase for phase in exercise.phases}
    for phase in stressors(exercise):
        assert phase.feedback == "none"
        assert not phase.asks_about
        reference = by_name[phase.reference or ""]
        assert (phase.speech in spoken) == (reference.speech in spoken)
        assert "recovery" in kinds[exercise.phases.index(phase) :]
        assert {"suds", "body"} <= set(phase.prompts)
    for phase in exercise.phases:
        if phase.kind in ("baseline", "control"):
            assert phase.feedback == "none"


def test_moderate_and_strong_ones_name_who_should_leave_them_out() -> None:
    """Level 2 and 3 have questions; level 3 is never done alone; stressors of level 2 ask for distress and "here"."""
    for exercise in ALL:
        if exercise.level >= 2:
            assert exercise.avoid_if, exercise.id
        if exercise.level == 3:
            assert exercise.supervision != "self"
        if exercise.level >= 2 and stressors(exercise):
            assert "here" in stressors(exercise)[0].prompts


def test_the_pretend_reply_always_comes() -> None:
    """The unanswered message is answered in the part after the wait, and says before that it is pretend."""
    exercise = load("unanswered-message")
    by_name = {phase.name: phase for phase in exercise.phases}
    waiting, reply = by_name["waiting"].chat, by_name["reply"].chat
    assert waiting is not None
    assert reply is not None
    assert waiting.reply is None
    assert (reply.continues, reply.reply_after_s) == ("waiting", 0.0)
    assert reply.reply
    assert "pretend" in by_name["waiting"].instruction
    assert "will come" in by_name["waiting"].instruction


def test_the_cycle_is_a_circle_of_six_places() -> None:
    """What set it off, what one did, showed, felt and guessed, and what the other did then."""
    form = load("mapping-the-cycle").phases[1].form
    assert form is not None
    assert (form.look, [field.id for field in form.fields]) == (
        "circle", ["trigger", "did", "shown", "felt", "guessed", "other-did"],
    )  # fmt: skip


def test_hard_lines_are_three_mild_ones_that_may_be_ones_own() -> None:
    """Compared with three plain lines that are heard just the same."""
    parts = {phase.name: phase for phase in load("hearing-something-hard").phases}
    hard, plain = parts["hard-lines"].lines, parts["plain-listen"].lines
    assert hard is not None
    assert plain is not None
    assert (len(hard.supplied), hard.own, len(plain.supplied)) == (3, True, 3)


def test_the_break_has_a_return_within_a_day() -> None:
    """Twenty minutes proposed, five at least, an hour at most."""
    apart = next(phase for phase in load("timeout-and-repair").phases if phase.away is not None)
    assert apart.away is not None
    assert (apart.min_seconds, apart.seconds, apart.away.longest_s, apart.away.return_within_h) == (300, 1200, 3600, 24)


def test_breathing_by_itself_has_three_lengths() -> None:
    """Five, ten or twenty minutes; questions before and after, the ones after outside the wave."""
    exercise = load("breathing-practice")
    assert exercise.minutes_to_choose == (5, 10, 20)
    for minutes in exercise.minutes_to_choose:
        assert exercise.lasting(minutes).phases[1].seconds == 60 * minutes
        assert exercise.lasting(minutes).sha256 == exercise.sha256
    before, breathe, after = exercise.phases
    assert {"suds", "body"} <= set(before.prompts) & set(after.prompts)
    assert breathe.prompts == ("symptoms",)
    assert not after.shows_heart
    with pytest.raises(BadInput, match="lengths to choose from: 5, 10, 20"):
        exercise.lasting(7)
    with pytest.raises(BadInput, match="none"):
        load("tour").lasting(5)


def test_what_is_said_of_the_length_is_true() -> None:
    """Minutes named in a script's own sentence are those of its parts."""
    for exercise in ALL:
        said = re.search(r"[Aa]bout (\d+) minutes", exercise.about)
        if said:
            assert int(said.group(1)) == round(exercise.planned_s / 60), exercise.id


def test_only_what_the_pages_can_show_is_offered() -> None:
    """What can be chosen is walked through and needs no screen that is not there; a script of one's own likewise."""
    offered = catalogue()
    assert {exercise.id for exercise in offered} == {name for name in WALKED if load(name).needs <= SCREENS}
    assert all(exercise.needs <= SCREENS for exercise in offered)
    assert load("unanswered-message").needs == {"chat"}
    assert load("two-person-conversation").needs == {"two-people", "clinician"}


def test_an_own_script_that_needs_a_missing_screen_is_not_offered(tmp_path: Path) -> None:
    """It is listed, and not on the page to choose from."""
    text = (EXERCISES / "unanswered-message.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("id: unanswered-message", "id: mine"), encoding="utf-8")
    assert "mine" in {exercise.id for exercise in every(tmp_path)}
    assert "mine" not in {exercise.id for exercise in catalogue(tmp_path)}


def test_a_supplied_script_changes_only_with_its_version() -> None:
    """The hash of each version is written down; a changed text needs a new version beside it."""
    known = cast("Mapping[str, Mapping[str, str]]", json.loads(VERSIONS.read_text(encoding="utf-8")))
    for exercise in ALL:
        assert known.get(exercise.id, {}).get(exercise.version) == exercise.sha256, (
            f"{exercise.id} was changed: raise its version and add it to {VERSIONS.name}"
        )


def test_questions_about_an_earlier_part_are_kept_as_that_parts() -> None:
    """And where the heart was shown in the meantime, the answer is marked as given after it."""
    exercise = load("tour")
    parts = [
        replace(phase, asks_about="plain-scene") if phase.name == "back-to-rest" else phase for phase in exercise.phases
    ]
    conductor, now = Conductor(replace(exercise, phases=tuple(parts))), 0.0
    conductor.begin(0.0)
    while conductor.screen != "reflect":
        now += 1.0
        if conductor.screen == "rating":
            conductor.act("rate", {"answers": dict.fromkeys(set(conductor.asked) & {"suds", "body"}, 10)}, now)
        conductor.tick(now)
    ratings = [record for record in conductor.drain() if isinstance(record, Rating) and record.prompt == "suds"]
    told = [(rating.phase, rating.after_feedback) for rating in ratings]
    assert told == [
        ("rest", False), ("plain-scene", False), ("small-moment", False), ("soft-breath", True), ("plain-scene", True),
    ]  # fmt: skip
