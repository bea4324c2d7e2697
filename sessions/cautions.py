"""Who should leave an exercise out for now: each tag of ``avoid_if`` as a plain question, asked in private.

Of the answers only "cleared" or "not cleared" is kept, never which question it was (docs/exercises.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from acquisition.errors import BadInput
from sessions.records import SessionMarker

if TYPE_CHECKING:
    from sessions.exercise import Exercise

CHECK = "private_check"
"""Kind of the marker that keeps the outcome."""

ASKED_FIRST = "Before we begin, a few questions for you alone. Only whether you go on is kept, not what you answer."
NOT_CLEARED = (
    "Then this one can wait. Please talk it over with your clinician, or with someone you trust. "
    "A settling exercise is open to you today."
)

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "recent_bereavement": "Has someone close to you died in the last few months?",
        "acute_crisis": "Are you in a crisis right now, or close to hurting yourself?",
        "acute_breakup": "Has a relationship that matters to you ended in the last few weeks?",
        "active_dissociation": "Do you often feel far away, unreal or outside your body these days?",
        "ptsd_untreated": "Do bad memories break in on you, and has nobody helped you with them yet?",
        "stalking_or_coercion_context": "Is somebody following you, watching you, or making you do things?",
        "unsafe_relationship_for_rehearsed_talk": "Could saying what you need to this person put you in danger?",
        "violence_history_with_that_person": "Has the person you are thinking of ever hurt you, or made you fear it?",
        "verbal_abuse_current": "Does somebody put you down or shout at you again and again these days?",
        "coercive_control": "Does your partner control what you do, whom you see or what you spend?",
        "violence_current": "Are you afraid of your partner, or has either of you been hurt by the other?",
        "either_partner_uneasy_in_private_check": "Would you rather not do this with your partner, for any reason?",
    }
)
"""The question behind each tag. A yes to any of them means "not cleared"."""


def questions(exercise: Exercise) -> Mapping[str, str]:
    """What is asked before this exercise: tag → question, in the script's order; the script's own question wins."""
    return {
        tag: exercise.own_questions.get(tag) or QUESTIONS[tag] for tag in exercise.avoid_if if _asked(exercise, tag)
    }


def cleared(exercise: Exercise, answers: Mapping[str, object]) -> bool:
    """Whether nothing speaks against going on; ``answers`` are ``yes`` or ``no`` by tag.

    Raises BadInput while a question is open.
    """
    asked = questions(exercise)
    for tag in asked:
        if answers.get(tag) not in ("yes", "no"):
            raise BadInput("a question is still open", place="private check", remedy="answer each with yes or no")
    return all(answers[tag] == "no" for tag in asked)


def outcome(time_s: float, exercise: Exercise, answers: Mapping[str, object]) -> SessionMarker:
    """What is kept of the check: that it was cleared or not, and nothing of the answers.

    Raises BadInput while a question is open.
    """
    return SessionMarker(time_s, CHECK, data={"cleared": cleared(exercise, answers)})


def _asked(exercise: Exercise, tag: str) -> bool:
    return tag in exercise.own_questions or tag in QUESTIONS
