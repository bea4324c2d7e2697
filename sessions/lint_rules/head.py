"""The head of a script: its name and version, how strong it is, who it is for, when it ends by itself."""

from __future__ import annotations

import re

from sessions.cautions import QUESTIONS
from sessions.lint_rules.found import SLUG, Found, keys, one_of
from sessions.script_file import Node
from sessions.script_words import CAUTION_NEEDED, SCHEMAS, SUPERVISION, TOP_MAY, TOP_NEEDED, WHO
from sessions.stop_rule import NUMBERS

FOR_TWO = frozenset({"coercive_control", "violence_current"})
"""What an exercise for two always leaves out: it could be used against the weaker one (docs/exercises.md)."""
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def schema_of(script: Node) -> int:
    """Version of the schema that the script is written in: 1 when it does not say, the newest for an unknown one."""
    if "schema" not in script:
        return SCHEMAS[0]
    version = script["schema"]
    return version if isinstance(version, int) and version in SCHEMAS else SCHEMAS[-1]


def head(script: Node) -> Found:
    """Everything above the parts."""
    yield from keys(script, TOP_NEEDED, TOP_MAY, "the script")
    yield from _names(script)
    yield from one_of(script, "who", WHO)
    yield from one_of(script, "supervision", SUPERVISION)
    yield from _level(script)
    yield from _cautions(script)
    yield from _stop_rule(script)


def _names(script: Node) -> Found:
    for key in ("id", "title", "about"):
        if key in script and not script.text(key):
            yield script.line(key), f"{key} is not a text", f"write `{key}:` and one line of text"
    if script.text("id") and not SLUG.fullmatch(script.text("id") or ""):
        yield script.line("id"), "id is not a plain name", "use small letters, digits and single hyphens"
    if "version" in script and not _SEMVER.fullmatch(str(script["version"])):
        yield script.line("version"), f"version {script['version']!r} is not three numbers", "write it as 1.0.0"
    if "schema" in script and (script["schema"] is True or script["schema"] not in SCHEMAS):
        known = " or ".join(str(version) for version in SCHEMAS)
        yield script.line("schema"), f"schema {script['schema']!r} is unknown", f"write {known}, or use a newer program"
    if "language" in script and not _LANGUAGE.fullmatch(str(script["language"])):
        yield script.line("language"), f"language {script['language']!r} is no code", "write it as en or de"


def _level(script: Node) -> Found:
    level = script.get("level")
    if "level" in script and level not in (1, 2, 3):
        yield script.line("level"), f"level {level!r} is not 1, 2 or 3", "1 settling, 2 moderate, 3 strong"
    if level == 3 and script.get("supervision") == "self":
        yield (
            script.line("supervision"),
            "a level 3 exercise cannot be done alone",
            "set supervision to clinician_present or clinician_unlocked, or lower the level",
        )


def _cautions(script: Node) -> Found:
    tags = _tags(script)
    if "avoid_if" in script and tags is None:
        yield script.line("avoid_if"), "avoid_if is not a list of tags", "write `avoid_if: [tag, tag]`, or leave it out"
        return
    if schema_of(script) < 2:
        return
    for tag, line in tags or ():
        if tag not in QUESTIONS and not _asks_itself(script, tag):
            known = ", ".join(QUESTIONS)
            yield line, f"tag {tag!r} has no question", f"write {{tag: {tag}, ask: ...}}, or use one of: {known}"
    if script.get("level") in (2, 3) and not tags:
        yield script.line("level"), "a level 2 or 3 exercise leaves nobody out", "add `avoid_if:` with its tags"
    if script.get("who") == "dyad" and not {tag for tag, _ in tags or ()} >= FOR_TWO:
        yield (
            script.line("who"),
            "an exercise for two does not leave out coercion and violence",
            f"add to avoid_if: {', '.join(sorted(FOR_TWO))}",
        )


def _tags(script: Node) -> list[tuple[str, int]] | None:
    """(tag, line) of each entry, or None where it is no list of them."""
    entries = script.items("avoid_if")
    if entries is None:
        return None
    found: list[tuple[str, int]] = []
    for entry in entries:
        tag = entry.value if isinstance(entry.value, str) else entry.text("tag")
        if not isinstance(tag, str) or (entry.is_mapping and schema_of(script) < 2):
            return None
        found.append((tag, entry.own_line))
    return found or None


def _asks_itself(script: Node, tag: str) -> bool:
    entries = [entry for entry in script.items("avoid_if") or () if entry.is_mapping and entry.text("tag") == tag]
    return any(entry.text("ask") and set(entry) == set(CAUTION_NEEDED) for entry in entries)


def _stop_rule(script: Node) -> Found:
    rule = script.get("stop_rule")
    if "stop_rule" not in script or rule == "default":
        return
    own = script.child("stop_rule")
    if own is None:
        yield (
            script.line("stop_rule"),
            "stop_rule is neither `default` nor a list of limits",
            "write `stop_rule: default`",
        )
        return
    for key in own:
        if key not in NUMBERS:
            yield own.line(key), f"unknown limit {key!r} in stop_rule", f"use one of: {', '.join(NUMBERS)}"
        elif own.number(key) is None or (own.number(key) or 0) < 0:
            yield own.line(key), f"limit {key} is not a number of 0 or more", "write a number"
