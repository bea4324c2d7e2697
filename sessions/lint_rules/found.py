"""What a rule gives: a line, what is wrong, what to do; and the checks that many rules share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from sessions.script_file import Node

Found: TypeAlias = Iterator[tuple[int, str, str]]
"""(line, what is wrong, what to do) of each finding."""

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A plain name: small letters, digits, single hyphens."""


def label(part: Node) -> str:
    """How a part is named in a finding."""
    return f"part {part.text('name') or '?'!r}"


def keys(node: Node, needed: tuple[str, ...], may: tuple[str, ...], what: str) -> Found:
    """Keys that are not known, and keys that are lacking."""
    for key in node:
        if key not in needed + may:
            yield node.line(key), f"unknown key {key!r} in {what}", f"use one of: {', '.join(needed + may)}"
    for key in needed:
        if key not in node:
            yield node.own_line, f"{what} has no {key!r}", f"add `{key}:`"


def one_of(node: Node, key: str, allowed: tuple[str, ...]) -> Found:
    """A value that is none of those allowed."""
    if key in node and node[key] not in allowed:
        yield node.line(key), f"{key} {node[key]!r} is unknown", f"use one of: {', '.join(allowed)}"


def one_text(node: Node, key: str, what: str) -> Found:
    """A value that is not a text."""
    if key in node and not (node.text(key) or "").strip():
        yield node.line(key), f"{key} of {what} is not a text", f"write `{key}:` and a few plain words"


def earlier_part(node: Node, key: str, earlier: dict[str, Node], what: str) -> Found:
    """A name that is no earlier part's."""
    named = node.text(key)
    if key in node and named not in earlier:
        yield node.line(key), f"{key} {node[key]!r} of {what} is no earlier part", "name a part that comes before it"
