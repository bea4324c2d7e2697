"""The words of a script: plain enough to read in one go, nothing promised, nothing named for the person."""

from __future__ import annotations

from collections.abc import Iterator

from sessions.lint_rules.found import Found, label
from sessions.reading_level import HARDEST_GRADE, SHORTEST_MEASURED, grade, words_of
from sessions.script_file import Node
from sessions.script_words import DEFAULT_LANGUAGE
from sessions.unwanted_words import asks_for_deep_breath, forbidden_in, names_a_feeling


def language_of(script: Node) -> str:
    """Code of the language that the script is written in."""
    return (script.text("language") or DEFAULT_LANGUAGE).split("-")[0]


def wording(script: Node, parts: list[Node]) -> Found:
    """Unwanted words in every text for the client; reading level of English ones."""
    texts = [*_of_head(script), *(text for part in parts for text in _of_part(part))]
    for line, what, text in texts:
        yield from _unwanted(line, what, text)
    if language_of(script) == DEFAULT_LANGUAGE:
        for line, what, text in texts:
            yield from _too_hard(line, what, text)


def _of_head(script: Node) -> Iterator[tuple[int, str, str]]:
    for key in ("title", "about"):
        yield script.line(key), key, script.text(key) or ""
    for entry in script.items("avoid_if") or ():
        if entry.is_mapping:
            yield entry.line("ask"), f"the question of tag {entry.text('tag')!r}", entry.text("ask") or ""


def _of_part(part: Node) -> Iterator[tuple[int, str, str]]:
    yield part.line("instruction"), f"the instruction of {label(part)}", part.text("instruction") or ""
    chat, form, lines = part.child("chat"), part.child("form"), part.child("lines")
    if chat is not None:
        yield chat.line("reply"), f"the reply in {label(part)}", chat.text("reply") or ""
    for field in (form.items("fields") if form is not None else None) or ():
        yield field.line("ask"), f"a field of {label(part)}", field.text("ask") or ""
    if lines is not None:
        for line in lines.texts("supplied") or ():
            yield lines.line("supplied"), f"a line of {label(part)}", line


def _unwanted(line: int, what: str, text: str) -> Found:
    for word in forbidden_in(text):
        yield (
            line,
            f"{what} says {word!r}",
            "say what is practised or noticed; nothing is promised, judged or found out",
        )
    if asks_for_deep_breath(text):
        yield line, f"{what} asks for a deep breath", "say small and easy; deep breathing makes many people dizzy"
    named = names_a_feeling(text)
    if named:
        yield line, f"{what} names a feeling for the person ({named!r})", "ask what they feel instead"


def _too_hard(line: int, what: str, text: str) -> Found:
    if len(words_of(text)) < SHORTEST_MEASURED:
        return
    found = grade(text)
    if found > HARDEST_GRADE:
        yield (
            line,
            f"{what} reads at grade {found:.1f} (Flesch-Kincaid), over {HARDEST_GRADE:g}",
            "use shorter sentences and everyday words",
        )
