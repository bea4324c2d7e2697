"""Words that a client is never told: claims of a medical device, judgements, and feelings named for the person.

The first come from the boundary of what this program is for (docs/exercises.md): it is for practice, noticing and
review. The others come from care: an offer names no emotion, breathing is small, nothing is graded.
"""

from __future__ import annotations

import re

CLAIMS = (
    r"treat(s|ed|ing|ments?)?",
    r"therap(y|ies) for",
    r"diagnos(e|es|ed|ing|is|tic)",
    r"detect(s|ed|ing)? (a )?disorders?",
    r"patient monitoring",
    r"alarm(s|ed|ing)?",
    r"clinically proven",
    r"reduces? anxiety disorders?",
    r"(insecure )?attachment disorders?",
    r"disorders?",
    r"cures?",
    r"symptom relief",
)
"""What would make this a medical device, as patterns."""
JUDGEMENTS = (r"arousal", r"flooded", r"stress score", r"score[sd]?", r"streaks?", r"failed", r"abnormal", r"too weak")
"""What would grade the person or name their state in the language of the trade."""
FEELINGS = (
    "afraid", "angry", "anxious", "ashamed", "distressed", "desperate", "furious", "guilty", "hopeless", "hurt",
    "jealous", "lonely", "mad", "nervous", "numb", "overwhelmed", "panicked", "sad", "scared", "stressed", "tense",
    "triggered", "unhappy", "upset", "worried",
)  # fmt: skip
"""Emotion words: an offer or a notice names none of them."""

_FORBIDDEN = re.compile(rf"\b({'|'.join(CLAIMS + JUDGEMENTS)})\b", re.I)
_NAMED = re.compile(
    rf"\byou(?:'re|\u2019re| are| feel| look| seem| must be| sound)(?: \w+ly)? ({'|'.join(FEELINGS)})\b", re.I
)
_DEEP = re.compile(
    r"\b(deep(ly|er|en)?|big(ger)?|full(y|er)?)\b[^.!?]{0,25}\bbreath|\bbreath\w*\b[^.!?]{0,20}\b(deep(ly|er)?|fully)\b",
    re.I,
)


def forbidden_in(text: str) -> tuple[str, ...]:
    """Every claim or judgement in a text, as written.

    >>> forbidden_in("This treats nothing, and no alarm will sound.")
    ('treats', 'alarm')
    """
    return tuple(found.group(0) for found in _FORBIDDEN.finditer(text))


def names_a_feeling(text: str) -> str | None:
    """The words that name a feeling for the person, or None; asking what somebody feels names nothing.

    >>> names_a_feeling("You seem angry."), names_a_feeling("What do you feel?")
    ('You seem angry', None)
    """
    found = _NAMED.search(text)
    return found.group(0) if found else None


def asks_for_deep_breath(text: str) -> bool:
    """Whether a text asks for a deep, big or full breath; novices over-breathe easily (Szulczewski 2019).

    >>> asks_for_deep_breath("Take a deep breath."), asks_for_deep_breath("Small, easy breaths.")
    (True, False)
    """
    return _DEEP.search(text) is not None


def emotion_in(text: str) -> tuple[str, ...]:
    """Every emotion word in a text: for offers and notices, which name none.

    >>> emotion_in("You are safe. Would a pause help?")
    ()
    """
    return tuple(word for word in FEELINGS if re.search(rf"\b{word}\b", text, re.I))
