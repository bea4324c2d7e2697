"""What processing says of beats: verdicts, judgements and index values. Frozen, with units in their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum


class Verdict(StrEnum):
    """What an RR interval is held to be (Lipponen and Tarvainen 2019, doi 10.1080/03091902.2019.1640306)."""

    NORMAL = "normal"
    ECTOPIC = "ectopic"
    MISSED = "missed"
    EXTRA = "extra"
    LONG = "long"
    SHORT = "short"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one interval; its raw value stands beside it for ever."""

    seq: int
    time_s: float
    rr_ms: float
    verdict: Verdict
    provisional: bool
    """True until three more beats have confirmed or revised it."""
    corrected_ms: tuple[float, ...] = ()
    """Intervals that the spectrum and the tachogram use in its place; empty while it is normal or cannot be mended.
    A missed beat gives two or more, an extra beat's pair gives one (carried by the first of the pair)."""

    @property
    def nn_ms(self) -> float | None:
        """The interval when normal, else None: live never invents an interval."""
        return self.rr_ms if self.verdict is Verdict.NORMAL else None


@dataclass(frozen=True, slots=True, init=False)
class IndexValue:
    """One number of the product with everything needed to trust it, or the reason why it is withheld."""

    name: str
    value: float | None
    unit: str
    window_s: float
    """Length of the window that the number looks back on."""
    beats: int
    """Normal intervals in the window."""
    corrected_percent: float
    """Share of refused intervals in the window, 0 to 100."""
    reason: str | None = None
    """None exactly when ``value`` is not; starts with one of REASONS."""

    def __init__(
        self,
        name: str,
        value: float | None,
        unit: str,
        window_s: float,
        beats: int,
        corrected_percent: float,
        reason: str | None = None,
    ) -> None:
        if (value is None) == (reason is None):
            raise ValueError(f"{name}: exactly one of value and reason must be given")
        _set_name(self, name)
        _set_value(self, value)
        _set_unit(self, unit)
        _set_window_s(self, window_s)
        _set_beats(self, beats)
        _set_corrected_percent(self, corrected_percent)
        _set_reason(self, reason)


# A dozen of these are made with every beat, and the slots' own setters take half the time of a frozen class's.
_set_name, _set_value, _set_unit, _set_window_s, _set_beats, _set_corrected_percent, _set_reason = (
    getattr(IndexValue, field.name).__set__ for field in fields(IndexValue)
)

REASONS = (
    "too_short",
    "too_few_beats",
    "too_many_corrected",
    "gap",
    "irregular_rhythm",
    "breathing_outside_hf",
    "low_confidence",
    "no_variability",
    "warming_up",
    "paused",
)
"""The first word of every reason; what follows says it in plain words."""

Indices = Mapping[str, IndexValue]
