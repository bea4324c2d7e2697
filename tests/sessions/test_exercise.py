"""Exercises as data: read from supplied scripts or any file, with the hash of their definition."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from acquisition.errors import BadInput
from sessions.exercise import EXERCISES, catalogue, load
from tests.sessions.scripts import TEST_STRAP


def test_the_catalogue_holds_what_is_supplied() -> None:
    """Short ones first by level, each sound."""
    assert [exercise.id for exercise in catalogue()] == ["resting-start", "tour", "out-of-reach"]


def test_out_of_reach_is_word_for_word() -> None:
    """The protocol's wording, order, lengths, references and questions (docs/protocol.md)."""
    exercise = load("out-of-reach")
    assert [(p.name, p.kind, p.seconds, p.min_seconds) for p in exercise.phases] == [
        ("rest", "baseline", 300, 240),
        ("plain-scene", "control", 120, 90),
        ("out-of-reach", "stressor", 240, 60),
        ("soft-breath", "paced_breathing", 300, 120),
        ("back-to-rest", "recovery", 300, 180),
        ("look-back", "reflection", 180, 0),
    ]
    stressor = exercise.phases[2]
    assert stressor.instruction.startswith("Choose a small, everyday moment when you hoped for someone you care about")
    assert stressor.prompts == ("suds", "pleasant", "body", "closeness", "feelings", "urges", "vivid", "here")
    assert stressor.reference == "plain-scene"
    assert exercise.avoid_if == ("recent_bereavement", "acute_crisis", "active_dissociation")


def test_the_tour_takes_about_four_minutes() -> None:
    """Every kind of part once, in 4 to 5 minutes."""
    tour = load("tour")
    assert 240 <= tour.planned_s <= 300
    assert tour.reflects_last


def test_the_definition_and_its_hash_are_kept() -> None:
    """The text as it stands in the file, and the SHA-256 of its bytes."""
    data = (EXERCISES / "tour.yaml").read_bytes()
    tour = load("tour")
    assert tour.sha256 == hashlib.sha256(data).hexdigest()
    assert tour.definition == data.decode()


def test_a_script_is_loaded_by_its_path_too() -> None:
    """A path, or its text, names a script of one's own."""
    assert load(TEST_STRAP) == load(str(TEST_STRAP))
    assert sum(phase.seconds for phase in load(TEST_STRAP).phases) == 90


def test_what_is_compared_and_the_way_down_are_not_skipped_unless_said() -> None:
    """Baseline and recovery stay; every other part may be skipped."""
    skippable = {phase.kind: phase.skippable for phase in load("tour").phases}
    assert [kind for kind, may in skippable.items() if not may] == ["baseline", "recovery"]


@pytest.mark.parametrize("name", ["no-such", "../secrets", "", "tour/../tour", "a" * 300])
def test_an_unknown_exercise_is_said(name: str) -> None:
    """No path is made of an id."""
    with pytest.raises(BadInput, match="no exercise"):
        load(name)


def test_a_broken_script_is_refused_with_its_line(tmp_path: Path) -> None:
    """FILE:LINE, what is wrong, what to do."""
    broken = tmp_path / "broken.yaml"
    broken.write_text(TEST_STRAP.read_text().replace("level: 1", "level: 9"))
    with pytest.raises(BadInput, match=r"broken\.yaml:5: level 9 is not 1, 2 or 3; 1 settling"):
        load(broken)


def test_own_limits_of_a_script_are_read(tmp_path: Path) -> None:
    """A script may set the limits of the stop rule otherwise; the rest stays as it is."""
    own = tmp_path / "own.yaml"
    own.write_text(TEST_STRAP.read_text().replace("stop_rule: default", "stop_rule: {suds_end: 90}"))
    assert load(own).stop_rule.suds_end == 90
    assert load(own).stop_rule.suds_offer_pause == 80


def test_own_breath_of_a_script_is_read(tmp_path: Path) -> None:
    """Target and shares of the breath come from the script; the default is 6 a minute, 40:60."""
    own = tmp_path / "own.yaml"
    text = TEST_STRAP.read_text()
    own.write_text(text.replace("pacer_and_wave,", "pacer_and_wave, pacer: {target_bpm: 5, inhale: 0.5, exhale: 0.5},"))
    pacer, plain = load(own).phases[3].pacer, load(TEST_STRAP).phases[3].pacer
    assert pacer is not None
    assert (pacer.target_bpm, pacer.pattern.inhale, pacer.pattern.exhale) == (5, 0.5, 0.5)
    assert plain is not None
    assert (plain.target_bpm, plain.pattern.inhale, plain.pattern.exhale) == (6, 0.4, 0.6)


def test_scripts_of_ones_own_stand_beside_the_supplied_ones(tmp_path: Path) -> None:
    """A sound script in one's own folder can be chosen; an unsound one is left out, a supplied id cannot be taken."""
    sound = (Path(__file__).parent / "test-strap.yaml").read_text(encoding="utf-8")
    (tmp_path / "test-strap.yaml").write_text(sound, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    (tmp_path / "tour.yaml").write_text(sound.replace("id: test-strap", "id: tour"), encoding="utf-8")
    assert {e.id for e in catalogue(tmp_path)} == {e.id for e in catalogue()} | {"test-strap"}
    assert load("test-strap", tmp_path).title == "Ninety seconds"
    assert load("tour", tmp_path).sha256 == load("tour").sha256
