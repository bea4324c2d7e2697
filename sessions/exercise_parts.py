"""What a part of an exercise may carry besides words and questions: guide, practice chat, form, lines, break."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

from processing.pacer import BreathPattern
from sessions.script_file import Node

DEFAULT_TARGET_BPM = 6.0
"""A fair default where no resonance rate is known (Steffen 2017; docs/protocol.md)."""

LONGEST_AWAY_H = 24.0
"""Hours within which a break is come back from, where the script says nothing else (docs/exercises.md)."""

FormLook = Literal["list", "circle"]


@dataclass(frozen=True, slots=True)
class PacerSettings:
    """The guide of one part: where it slides to, and the shape of a breath."""

    target_bpm: float = DEFAULT_TARGET_BPM
    pattern: BreathPattern = field(default_factory=BreathPattern)


@dataclass(frozen=True, slots=True)
class Chat:
    """A practice chat on this screen only; it never reaches anybody."""

    other: str
    """Who is on the other side, in plain words, until the person types a name of their own."""
    reply: str | None = None
    """What the other side writes, or None when a later part brings the answer."""
    reply_after_s: float = 0.0
    """Seconds of this part until the reply comes."""
    continues: str | None = None
    """The earlier part whose chat goes on here, or None for a new one."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One place to write in."""

    id: str
    ask: str
    options: tuple[str, ...] = ()
    """Words to choose from; empty for free text."""


@dataclass(frozen=True, slots=True)
class Form:
    """Places to write in, as a list or around a circle; or an earlier part's form, to read from."""

    look: FormLook = "list"
    fields: tuple[FormField, ...] = ()
    shows: str | None = None
    """The earlier part whose answers are shown here to read, or None where this part is the one that asks."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines to be heard one after the other."""

    supplied: tuple[str, ...]
    own: bool = False
    """The person or the clinician may write or record lines of their own instead."""


@dataclass(frozen=True, slots=True)
class BreakPlan:
    """Time apart with an agreed return; the part's own ``seconds`` are the length proposed."""

    longest_s: float
    """The longest that may be agreed on."""
    return_within_h: float = LONGEST_AWAY_H
    """Hours within which everyone is back, whatever was agreed on."""


def pacer_of(part: Node) -> PacerSettings:
    """The guide of a breathing part, with defaults for what it leaves out."""
    own = part.child("pacer")
    if own is None:
        return PacerSettings()
    shares = {key: own.number(key) or 0.0 for key in ("inhale", "hold_in", "exhale", "hold_out")}
    pattern = BreathPattern(**shares) if any(shares.values()) else BreathPattern()
    return PacerSettings(own.number("target_bpm") or DEFAULT_TARGET_BPM, pattern)


def chat_of(part: Node) -> Chat | None:
    """The part's practice chat, or None."""
    own = part.child("chat")
    if own is None:
        return None
    return Chat(own.text("with") or "", own.text("reply"), own.number("reply_after_s") or 0.0, own.text("continues"))


def form_of(part: Node) -> Form | None:
    """The part's form, or None."""
    own = part.child("form")
    if own is None:
        return None
    fields = tuple(
        FormField(one.text("id") or "", one.text("ask") or "", one.texts("options") or ())
        for one in own.items("fields") or ()
    )
    return Form(cast("FormLook", own.text("look") or "list"), fields, own.text("shows"))


def lines_of(part: Node) -> Lines | None:
    """The part's lines, or None."""
    own = part.child("lines")
    return None if own is None else Lines(own.texts("supplied") or (), own.get("own") is True)


def break_of(part: Node) -> BreakPlan | None:
    """The part's break, or None."""
    own = part.child("break")
    if own is None:
        return None
    return BreakPlan(60.0 * (own.number("most_minutes") or 0.0), own.number("return_within_h") or LONGEST_AWAY_H)
