"""What is open to a person: level 2 after one completed level 1, and what a clinician has opened by name and time.

Simulated sittings are open to everybody and count for nobody. Nothing is counted but whether an exercise was gone
through to its end: no streak, no score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from acquisition.errors import BadInput
from sessions import words
from sessions.exercise import SCREENS, Exercise
from sessions.kept import RecordingSummary, StoredRecording
from sessions.recorder import Recorder
from sessions.records import Asker, RecordingMeta
from sessions.script_file import Node, read_script
from sessions.script_versions import remember_used, same_as_used
from sessions.service import Service

UNLOCKS_SETTING = "unlocks"
"""The setting that holds every opening and closing by a clinician, oldest first; nothing is taken out of it."""
LONGEST_NAME = 80
"""Characters of a clinician's name."""
_CUT_SHORT = ("stopped", "interrupted", "unwell")


@dataclass(frozen=True, slots=True)
class Unlock:
    """A clinician has opened an exercise to one person, or closed it again."""

    client: str | None
    """The client's code, or None for sittings without one."""
    exercise: str
    by: str
    """Who opened it."""
    at: str
    """When, ISO 8601 with offset."""
    opened: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody has come."""

    settled: bool = False
    """One level 1 exercise was gone through to its end."""
    unlocked: frozenset[str] = frozenset()
    """Ids that a clinician has opened."""


def standing(service: Service, client: str | None) -> Standing:
    """Where the person with this code stands now. Reads recordings from the newest back to the first that counts."""
    asker = Asker("client", client)
    theirs = (one for one in service.recordings(asker) if one.client == client and _counts(one))
    settled = any(completed_level(service.recording(asker, one.id)) == 1 for one in theirs)
    latest = {one.exercise: one for one in unlocks(service) if one.client == client}
    return Standing(settled, frozenset(name for name, one in latest.items() if one.opened))


def why_closed(exercise: Exercise, now: Standing) -> str | None:
    """Why a real person cannot begin this exercise now, in plain words; None when it is open."""
    if exercise.who == "dyad":
        return words.CLOSED_FOR_TWO
    if (exercise.level == 3 or exercise.supervision == "clinician_unlocked") and exercise.id not in now.unlocked:
        return words.CLOSED_BY_CLINICIAN
    if exercise.level == 2 and not now.settled:
        return words.CLOSED_UNTIL_SETTLED
    if exercise.needs - SCREENS - {"unlock"}:
        return words.CLOSED_UNTIL_BUILT
    return None


def admitted(exercise: Exercise, service: Service, client: str | None, *, simulated: bool) -> Exercise:
    """The exercise, when it may be begun.

    Raises BadInput with plain words when it is closed to this person, or when a script was changed without a new
    version since it was used last. Simulated sittings may begin anything.
    """
    if simulated:
        return exercise
    easy = exercise.level == 1 and exercise.supervision == "self"
    closed = why_closed(exercise, Standing() if easy else standing(service, client))
    if closed is not None:
        raise BadInput(closed, remedy=words.CHOOSE_ANOTHER)
    same_as_used(service, exercise)
    return exercise


def begin_recording(service: Service, asker: Asker, meta: RecordingMeta, exercise: Exercise) -> Recorder:
    """Begin the recording of a sitting; from now on this version of the script stays as it is.

    Raises EnvironmentFault when nothing can be written.
    """
    if not meta.simulated:
        remember_used(service, exercise)
    return service.start_recording(asker, meta)


def unlock(service: Service, asker: Asker, change: Unlock) -> None:
    """Keep that a clinician opened or closed an exercise.

    Raises BadInput when somebody else than a clinician asks, or name or time are lacking.
    """
    if asker.role != "clinician":
        raise BadInput("only a clinician can open an exercise", remedy="ask your clinician")
    if not 0 < len(change.by.strip()) <= LONGEST_NAME:
        raise BadInput("an exercise is opened by name", place="by", remedy=f"write 1 to {LONGEST_NAME} letters")
    try:
        zone = datetime.fromisoformat(change.at).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise BadInput("the time is no date with an offset", place="at", remedy="write it as 2026-03-12T14:05:00+01:00")
    service.set_setting(asker, UNLOCKS_SETTING, [*map(asdict, unlocks(service)), asdict(change)])


def unlocks(service: Service) -> tuple[Unlock, ...]:
    """Every opening and closing, oldest first."""
    kept = service.setting(Asker("system"), UNLOCKS_SETTING)
    return tuple(Unlock(**one) for one in kept) if isinstance(kept, list) else ()


def completed_level(stored: StoredRecording) -> int | None:
    """Level of the exercise that this recording went through to its end, or None.

    To the end means that every part of the script was reached and none was stopped or cut off; a part may have been
    skipped or shortened where the script allows it.
    """
    script = _script_of(stored)
    names = {part.text("name") for part in (script.items("phases") if script is not None else None) or ()}
    if script is None or not names or not names <= {span.name for span in stored.phases}:
        return None
    if any(span.ended in _CUT_SHORT or span.end_s is None for span in stored.phases if span.name in names):
        return None
    level = script.number("level")
    return None if level is None else int(level)


def _script_of(stored: StoredRecording) -> Node | None:
    """The definition kept with the recording, as read."""
    for text in _definitions(stored):
        script = read_script(text)
        if isinstance(script, Node):
            return script
    return None


def _definitions(stored: StoredRecording) -> Iterator[str]:
    for settings in stored.settings:
        exercise = settings.values.get("exercise")
        definition = exercise.get("definition") if isinstance(exercise, Mapping) else None
        if isinstance(definition, str):
            yield definition


def _counts(summary: RecordingSummary) -> bool:
    return summary.state == "closed" and not summary.simulated and summary.exercise is not None
