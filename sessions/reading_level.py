"""How hard an English text is to read: the Flesch-Kincaid grade.

``0.39 * words / sentences + 11.8 * syllables / words - 15.59`` (Kincaid, Fishburne, Rogers and Chissom 1975, Derivation
of new readability formulas for Navy enlisted personnel, Research Branch Report 8-75). Syllables are counted by vowel
groups, which errs by a few percent; the formula means nothing in other languages.
"""

from __future__ import annotations

import re

HARDEST_GRADE = 8.0
"""School grade that a text for clients may ask for at most: plain-language guides aim at six to eight. [D]"""
SHORTEST_MEASURED = 10
"""Words; in a shorter text one long word decides the grade."""

_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def words_of(text: str) -> list[str]:
    """The words of a text.

    >>> words_of("It's late: 4 o'clock.")
    ["It's", 'late', "o'clock"]
    """
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Syllables of an English word, about: groups of vowels, less a silent e.

    >>> [syllables(word) for word in ("breathe", "easy", "little", "imagine", "noticed", "the", "wanted")]
    [1, 2, 2, 3, 2, 1, 2]
    """
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(_VOWELS.findall(plain))
    silent = (
        re.search(r"[^aeiouy]e$", plain)
        or re.search(r"[^aeioudty]ed$", plain)
        or re.search(r"[^aeiouyscxzgh]es$", plain)
    )
    if silent and not re.search(r"[^aeiouy]le$", plain):
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """School grade (US) at which a text can be read; 0 or less for very easy ones.

    Raises ValueError for a text without words.

    >>> round(grade("Sit down. Let your breath be as it is."), 1)
    -2.0
    """
    words = words_of(text)
    if not words:
        raise ValueError("a text without words has no grade")
    sentences = max(1, len(_SENTENCE_END.findall(text.strip())))
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
