"""What a part carries besides words and questions: a practice chat, a form, lines to hear, a break."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessions.lint_rules.found import SLUG, Found, earlier_part, keys, label, one_of, one_text
from sessions.lint_rules.part import LONGEST_PHASE_S
from sessions.script_file import Node
from sessions.script_words import BREAK_MAY, CHAT_MAY, DEFAULT_LANGUAGE, FIELD_MAY, FIELD_NEEDED, FORM_LOOKS
from sessions.script_words import FORM_MAY as FORM_KEYS
from sessions.script_words import LINES_MAY as LINES_KEYS

HOW_MANY_LINES = 3
"""Three short lines rather than one long one: each can be left in between (docs/exercises.md)."""
LONGEST_LINE = 120
"""Characters of one line: one breath of speech. [D]"""
LEAST_ON_A_CIRCLE = 3
"""Fields on a circle: with fewer it is no circle."""
LONGEST_RETURN_H = 24
"""A break ends within a day (docs/exercises.md). [D]"""
_SAYS_PRETEND = re.compile(r"\b(pretend|practice|practise|not real|only on this screen)\b", re.I)


def extras(parts: Sequence[Node], language: str) -> Found:
    """Everything that parts carry, in their order."""
    earlier: dict[str, Node] = {}
    for index, part in enumerate(parts):
        for key, rule in (("form", _form), ("lines", _lines), ("break", _break)):
            if key in part:
                own = part.child(key)
                yield from _no_mapping(part, key) if own is None else rule(part, own, earlier)
        if "chat" in part:
            yield from _chat(part, parts[index + 1 :], earlier, language)
        earlier[part.text("name") or ""] = part


def _no_mapping(part: Node, key: str) -> Found:
    yield part.line(key), f"{key} of {label(part)} has no keys", f"see a supplied script with `{key}:`"


def _chat(part: Node, later: Sequence[Node], earlier: dict[str, Node], language: str) -> Found:
    chat = part.child("chat")
    if chat is None:
        yield from _no_mapping(part, "chat")
        return
    what = f"the chat of {label(part)}"
    yield from keys(chat, ("with",), CHAT_MAY, what)
    yield from one_text(chat, "with", what)
    yield from one_text(chat, "reply", what)
    yield from earlier_part(chat, "continues", earlier, what)
    delay, least = chat.number("reply_after_s"), part.number("min_seconds") or 0.0
    if "reply_after_s" in chat and (delay is None or not 0 <= delay <= least):
        yield (
            chat.line("reply_after_s"),
            f"{label(part)} may be left before its reply comes",
            "let it come within min_seconds",
        )
    if not chat.text("reply") and not _answered(part.text("name"), later):
        yield chat.own_line, f"{what} never gets its reply", "add `reply:` here, or in a later part that continues it"
    begins = "continues" not in chat
    if begins and language == DEFAULT_LANGUAGE and not _SAYS_PRETEND.search(part.text("instruction") or ""):
        yield part.line("instruction"), f"{label(part)} does not say that its chat is pretend", "say so in plain words"


def _answered(name: str | None, later: Sequence[Node]) -> bool:
    chats = [part.child("chat") for part in later]
    return any(chat is not None and chat.text("continues") == name and chat.text("reply") for chat in chats)


def _form(part: Node, form: Node, earlier: dict[str, Node]) -> Found:
    what = f"the form of {label(part)}"
    yield from keys(form, (), FORM_KEYS, what)
    yield from one_of(form, "look", FORM_LOOKS)
    if "shows" in form:
        yield from earlier_part(form, "shows", earlier, what)
        shown = earlier.get(form.text("shows") or "")
        if shown is not None and shown.child("form") is None:
            yield form.line("shows"), f"part {form.text('shows')!r} has no form to show", "name a part with a form"
        return
    fields = form.items("fields")
    if not fields:
        yield form.line("fields"), f"{what} has no fields", "list them, each with `id:` and `ask:`"
        return
    if form.get("look") == "circle" and len(fields) < LEAST_ON_A_CIRCLE:
        yield form.line("fields"), f"a circle of {len(fields)} fields is no circle", "add fields, or use look: list"
    seen: set[str] = set()
    for one in fields:
        yield from _field(one, what, seen)


def _field(field: Node, what: str, seen: set[str]) -> Found:
    if not field.is_mapping:
        yield field.own_line, f"a field in {what} is not a list of keys", "begin it with `- id:`"
        return
    yield from keys(field, FIELD_NEEDED, FIELD_MAY, f"a field of {what}")
    yield from one_text(field, "ask", f"a field of {what}")
    name = field.text("id") or ""
    if "id" in field and not SLUG.fullmatch(name):
        yield field.line("id"), "id of a field is not a plain name", "use small letters, digits and single hyphens"
    if name in seen:
        yield field.line("id"), f"two fields of {what} are called {name!r}", "give each field an id of its own"
    seen.add(name)
    if "options" in field and not field.texts("options"):
        yield field.line("options"), f"options in {what} are not a list of words", "write `options: [a word, another]`"


def _lines(part: Node, lines: Node, _earlier: dict[str, Node]) -> Found:
    what = f"the lines of {label(part)}"
    yield from keys(lines, ("supplied",), LINES_KEYS, what)
    supplied = lines.texts("supplied")
    if "supplied" in lines and (supplied is None or len(supplied) != HOW_MANY_LINES):
        yield lines.line("supplied"), f"{what} are not {HOW_MANY_LINES}", "write three short ones"
    for line in supplied or ():
        if len(line) > LONGEST_LINE:
            yield lines.line("supplied"), f"a line of {label(part)} is too long to hear at once", "shorten it"
    if "own" in lines and not isinstance(lines["own"], bool):
        yield lines.line("own"), f"own in {what} is neither true nor false", "write true or false"


def _break(part: Node, plan: Node, _earlier: dict[str, Node]) -> Found:
    what = f"the break of {label(part)}"
    yield from keys(plan, ("most_minutes",), BREAK_MAY, what)
    if part.get("kind") != "recovery":
        yield part.line("break"), f"{label(part)} is no recovery, so it cannot be a break", "set its kind to recovery"
    most, seconds = plan.number("most_minutes"), part.number("seconds") or 0.0
    if "most_minutes" in plan and (most is None or not seconds <= 60 * most <= LONGEST_PHASE_S):
        yield plan.line("most_minutes"), f"most_minutes of {what} is not from its length to 60", "write 60"
    back = plan.number("return_within_h")
    if "return_within_h" in plan and (back is None or not 0 < back <= LONGEST_RETURN_H):
        yield plan.line("return_within_h"), f"{what} has no return within a day", f"write {LONGEST_RETURN_H} or less"
