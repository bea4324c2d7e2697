"""What is open to whom: levels, a clinician's word, versions that stay, and questions asked in private."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from acquisition.errors import BadInput
from sessions import cautions, words
from sessions.exercise import EXERCISES, Exercise, every, load
from sessions.keeping import settings_of
from sessions.ladder import Standing, Unlock, admitted, completed_level, standing, unlock, unlocks, why_closed
from sessions.records import Asker, PhaseSpan, RecordingMeta, SessionMarker
from sessions.script_versions import remember_used, same_as_used, used_versions
from sessions.service import Service
from tests.sessions.every_script import brisk
from tests.sessions.keeping import STARTED
from tests.sessions.sitting import CLINICIAN, sit, walk

CLIENT = Asker("client", "A1")
EASY = load("resting-start")
MODERATE = load("out-of-reach")
STRONG = load("argument-remembered")
AT = "2026-03-12T14:05:00+01:00"


def gone_through(
    service: Service, exercise: Exercise, *, client: str = "A1", ended: str = "complete", simulated: bool = False,
    parts: int | None = None,
) -> str:  # fmt: skip
    """A closed recording of these parts of an exercise, the last one having ended so."""
    meta = RecordingMeta("sensor: H10", STARTED, ("heart-1",), exercise.id, exercise.sha256, client, simulated)
    recorder = service.start_recording(Asker("system"), meta)
    recorder.put(settings_of(exercise, 1.0))
    reached = exercise.phases[:parts]
    for number, phase in enumerate(reached):
        how = ended if number == len(reached) - 1 else "complete"
        span = PhaseSpan(number, phase.name, phase.kind, 10.0 * number)
        recorder.put(span)
        recorder.put(replace(span, end_s=10.0 * number + 10.0, ended=how))  # type: ignore[arg-type]  # a HowEnded
    recorder.close()
    return recorder.recording_id


def test_level_two_opens_after_one_completed_level_one(service: Service) -> None:
    """Before it: closed, in plain words. After it: open, and it stays so."""
    assert why_closed(MODERATE, standing(service, "A1")) == words.CLOSED_UNTIL_SETTLED
    with pytest.raises(BadInput, match="settling exercise"):
        admitted(MODERATE, service, "A1", simulated=False)
    gone_through(service, EASY)
    assert standing(service, "A1") == Standing(settled=True)
    assert admitted(MODERATE, service, "A1", simulated=False) is MODERATE


@pytest.mark.parametrize("how", ["stopped", "interrupted", "unwell"])
def test_a_level_one_that_was_cut_short_opens_nothing(service: Service, how: str) -> None:
    """Stopping is always right, and it is not going through to the end."""
    recording = gone_through(service, EASY, ended=how)
    assert completed_level(service.recording(CLIENT, recording)) is None
    assert not standing(service, "A1").settled


def test_a_level_one_left_before_its_last_part_opens_nothing(service: Service) -> None:
    """Every part must have been reached."""
    gone_through(service, EASY, parts=1)
    assert not standing(service, "A1").settled


def test_a_skipped_part_does_not_count_against_anybody(service: Service) -> None:
    """Where the script lets a part be skipped, the exercise was still gone through."""
    gone_through(service, load("kind-wishes"), ended="skipped")
    assert standing(service, "A1").settled


def test_simulated_sittings_and_those_of_others_open_nothing(service: Service) -> None:
    """Only what the person did counts."""
    gone_through(service, EASY, simulated=True)
    gone_through(service, EASY, client="B2")
    assert not standing(service, "A1").settled


def test_a_level_two_opens_no_level_two(service: Service) -> None:
    """The step is from settling to moderate."""
    gone_through(service, MODERATE)
    assert not standing(service, "A1").settled


def test_level_three_opens_by_a_clinicians_name_and_time(service: Service) -> None:
    """Name and time are kept with each opening and closing, and the last one binds."""
    gone_through(service, EASY)
    assert why_closed(STRONG, standing(service, "A1")) == words.CLOSED_BY_CLINICIAN
    opened = Unlock("A1", STRONG.id, "Dr Ada", AT)
    unlock(service, CLINICIAN, opened)
    assert unlocks(service) == (opened,)
    assert admitted(STRONG, service, "A1", simulated=False) is STRONG
    assert why_closed(STRONG, standing(service, "B2")) == words.CLOSED_BY_CLINICIAN
    unlock(service, CLINICIAN, replace(opened, opened=False))
    assert why_closed(STRONG, standing(service, "A1")) == words.CLOSED_BY_CLINICIAN
    assert len(unlocks(service)) == 2


@pytest.mark.parametrize(
    ("asker", "by", "at"),
    [(CLIENT, "Dr Ada", AT), (CLINICIAN, "  ", AT), (CLINICIAN, "A" * 81, AT), (CLINICIAN, "Dr Ada", "yesterday"),
     (CLINICIAN, "Dr Ada", "2026-03-12T14:05:00")],
)  # fmt: skip
def test_an_opening_without_clinician_name_or_time_is_refused(service: Service, asker: Asker, by: str, at: str) -> None:
    """Nothing is kept then."""
    with pytest.raises(BadInput):
        unlock(service, asker, Unlock("A1", STRONG.id, by, at))
    assert unlocks(service) == ()


def test_a_moderate_one_that_needs_a_clinician_needs_both_steps(service: Service) -> None:
    """Hearing something hard: opened by the clinician, and after a level 1."""
    hard = load("hearing-something-hard")
    opened = frozenset({hard.id})
    assert why_closed(hard, Standing(settled=True)) == words.CLOSED_BY_CLINICIAN
    assert why_closed(hard, Standing(unlocked=opened)) == words.CLOSED_UNTIL_SETTLED


def test_exercises_for_two_are_closed_to_real_people(service: Service) -> None:
    """Whatever was done or opened before: only simulated hearts."""
    for exercise in every():
        if exercise.who == "dyad":
            everything = Standing(settled=True, unlocked=frozenset({exercise.id}))
            assert why_closed(exercise, everything) == words.CLOSED_FOR_TWO
            assert admitted(exercise, service, "A1", simulated=True) is exercise


def test_what_the_pages_cannot_show_is_closed_to_real_people() -> None:
    """A chat without a chat on the page would be an empty promise."""
    for exercise in every():
        open_to = why_closed(exercise, Standing(settled=True, unlocked=frozenset({exercise.id}))) is None
        assert open_to == (not exercise.needs - {"unlock"})


async def test_a_closed_exercise_cannot_be_begun(service: Service) -> None:
    """The sitting itself refuses, whatever page asked for it; for a simulated heart it is open."""
    with pytest.raises(BadInput, match="settling exercise"):
        await sit(service, walk, script=MODERATE, simulated=False)
    sat = await sit(service, walk, script=brisk(MODERATE, 5.0))
    assert sat.session.ended


def test_a_version_that_was_used_stays_as_it_is(service: Service, tmp_path: Path) -> None:
    """An edit under the same version is refused; a higher version is another script."""
    text = (EXERCISES / "tour.yaml").read_text(encoding="utf-8").replace("id: tour", "id: mine")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    first = load(mine)
    remember_used(service, first)
    assert used_versions(service) == {"mine": {"1.0.0": first.sha256}}
    mine.write_text(text.replace("seconds: 45", "seconds: 50"), encoding="utf-8")
    with pytest.raises(BadInput, match="changed after it had been used as version"):
        admitted(load(mine), service, "A1", simulated=False)
    mine.write_text(text.replace("seconds: 45", "seconds: 50").replace("1.0.0", "1.1.0"), encoding="utf-8")
    same_as_used(service, load(mine))
    remember_used(service, load(mine))
    assert set(used_versions(service)["mine"]) == {"1.0.0", "1.1.0"}


def test_each_tag_of_a_supplied_script_has_a_question() -> None:
    """What a script leaves somebody out for can be asked, and every question is used."""
    asked = {tag: question for exercise in every() for tag, question in cautions.questions(exercise).items()}
    assert asked == dict(cautions.QUESTIONS)
    for exercise in every():
        assert set(cautions.questions(exercise)) == set(exercise.avoid_if)


def test_of_the_private_questions_only_the_outcome_is_kept() -> None:
    """Cleared or not cleared; nothing says which question it was."""
    answers = dict.fromkeys(MODERATE.avoid_if, "no")
    assert cautions.outcome(3.0, MODERATE, answers) == SessionMarker(3.0, cautions.CHECK, data={"cleared": True})
    one_yes = {**answers, MODERATE.avoid_if[0]: "yes"}
    assert cautions.outcome(3.0, MODERATE, one_yes) == SessionMarker(3.0, cautions.CHECK, data={"cleared": False})
    with pytest.raises(BadInput, match="still open"):
        cautions.cleared(MODERATE, {MODERATE.avoid_if[0]: "no"})


def test_an_own_question_of_a_script_is_asked_in_its_words(tmp_path: Path) -> None:
    """A clinic may ask something of its own."""
    text = (EXERCISES / "unanswered-message.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("[stalking_or_coercion_context, ", '[{tag: night, ask: "Did you sleep?"}, '), "utf-8")
    exercise = load(own)
    assert cautions.questions(exercise)["night"] == "Did you sleep?"
    assert exercise.avoid_if == ("night", "acute_breakup", "active_dissociation")
