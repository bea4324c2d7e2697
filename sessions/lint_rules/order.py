"""The parts together: names, references, the way down after a stressor, when a question comes too late, lengths."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.lint_rules.found import Found, earlier_part, label
from sessions.lint_rules.part import NEVER_WITH_HEART
from sessions.script_file import Node
from sessions.script_words import SHOWS_HEART, SPOKEN

LONGEST_SCRIPT_S = 7200
"""Two hours for a whole sitting, a break of one hour in it. [D]"""
LONGEST_ALONE_S, LONGEST_WITH_CLINICIAN_S = 300, 900
"""Seconds of one stressor: the literature's tasks last 3 to 5 minutes; talks with somebody present 15 (Levenson and
Gottman 1983)."""
SOONEST_ALONE_S, SOONEST_WITH_CLINICIAN_S = 60, 180
"""``min_seconds`` of a stressor at most: nobody is held in it for longer before they may go on. [D]"""
WAY_DOWN = 0.5
"""Recovery and breathing after a stressor, as a share of its own length at least: the literature rests as long as it
stresses, or longer; half is the least that lets a heart come back half-way. [D]"""


def order(parts: Sequence[Node], *, supervised: bool) -> Found:
    """What can be said of the parts in their order; ``supervised`` when it is never done alone."""
    yield from _names(parts)
    yield from _references(parts)
    yield from _ways_down(parts)
    yield from _asked_too_late(parts)
    yield from _stressors(parts, supervised=supervised)
    whole = sum(part.number("seconds") or 0.0 for part in parts)
    if whole > LONGEST_SCRIPT_S:
        yield parts[-1].own_line, f"the parts last {whole / 60:.0f} minutes together", "keep it under two hours"


def _names(parts: Sequence[Node]) -> Found:
    seen: set[str] = set()
    for part in parts:
        name = part.text("name")
        if name is not None and name in seen:
            yield part.line("name"), f"two parts are called {name!r}", "give each part a name of its own"
        seen.add(name or "")


def _references(parts: Sequence[Node]) -> Found:
    earlier: dict[str, Node] = {}
    names = {part.text("name") for part in parts}
    for part in parts:
        reference = part.text("reference")
        if part.get("kind") == "stressor" and reference is None:
            yield (
                part.line("reference") if "reference" in part else part.own_line,
                f"stressor {part.text('name') or '?'!r} has no reference",
                "name the calm part of the same kind of speech that it is compared with",
            )
        elif reference is not None and reference not in names:
            yield part.line("reference"), f"reference {reference!r} is no part of this script", "name an earlier part"
        elif reference is not None and reference not in earlier:
            yield part.line("reference"), f"reference {reference!r} does not come earlier", "name an earlier part"
        elif reference is not None and part.get("speech") in SPOKEN and earlier[reference].get("speech") not in SPOKEN:
            yield (
                part.line("reference"),
                f"spoken part {part.text('name') or '?'!r} is compared with the silent {reference!r}",
                "speaking changes the heart by itself: add a spoken control part and name that",
            )
        elif reference is not None and part.get("kind") == "stressor" and not _calm(earlier[reference]):
            yield (
                part.line("reference"),
                f"reference {reference!r} is neither a baseline nor a control",
                "compare a stressor with a calm part",
            )
        earlier[part.text("name") or ""] = part


def _calm(part: Node) -> bool:
    return part.get("kind") in ("baseline", "control")


def _ways_down(parts: Sequence[Node]) -> Found:
    kinds = [part.get("kind") for part in parts]
    for index, part in enumerate(parts):
        if kinds[index] != "stressor":
            continue
        after = kinds[index + 1 :]
        if not after or after[0] not in ("recovery", "paced_breathing") or "recovery" not in after:
            yield (
                part.own_line,
                f"no recovery follows stressor {part.text('name') or '?'!r}",
                "put a recovery part, or paced breathing and then recovery, right after it",
            )
            continue
        rest = sum(
            one.number("seconds") or 0.0
            for one in parts[index + 1 :]
            if one.get("kind") in ("recovery", "paced_breathing")
        )
        if rest < WAY_DOWN * (part.number("seconds") or 0.0):
            yield (
                part.own_line,
                f"the way down after stressor {part.text('name') or '?'!r} is shorter than half of it",
                "lengthen the recovery, or shorten the stressor",
            )


def _asked_too_late(parts: Sequence[Node]) -> Found:
    """Questions about an earlier part whose heart may have been seen in the meantime."""
    earlier: dict[str, Node] = {}
    for index, part in enumerate(parts):
        yield from earlier_part(part, "asks_about", earlier, label(part))
        about = part.text("asks_about")
        if about in earlier and earlier[about].get("kind") in NEVER_WITH_HEART:
            since = next(i for i, one in enumerate(parts) if one.text("name") == about)
            shown = [one for one in parts[since : index + 1] if one.get("feedback") in SHOWS_HEART]
            if shown:
                yield (
                    part.line("asks_about"),
                    f"{label(part)} asks about {about!r} after the heart was shown in {shown[0].text('name')!r}",
                    "ask at the end of that part itself, before anything is shown",
                )
        earlier[part.text("name") or ""] = part


def _stressors(parts: Sequence[Node], *, supervised: bool) -> Found:
    longest = LONGEST_WITH_CLINICIAN_S if supervised else LONGEST_ALONE_S
    soonest = SOONEST_WITH_CLINICIAN_S if supervised else SOONEST_ALONE_S
    rested = False
    for part in parts:
        rested = rested or part.get("kind") == "baseline"
        if part.get("kind") != "stressor":
            continue
        if not rested:
            yield part.own_line, "no baseline comes before the first stressor", "begin with a quiet baseline"
        if (part.number("seconds") or 0.0) > longest:
            yield (
                part.line("seconds"),
                f"stressor {part.text('name') or '?'!r} lasts longer than {longest} seconds",
                "shorten it; several short ones with a rest are kinder than one long one",
            )
        if (part.number("min_seconds") or 0.0) > soonest:
            yield (
                part.line("min_seconds"),
                f"stressor {part.text('name') or '?'!r} cannot be left before {part.number('min_seconds'):g} seconds",
                f"set min_seconds to {soonest} at most",
            )
