"""What goes wrong between a heart and the intervals a strap sends: early beats, missed beats, beats that were none.

Each true beat is taken up once, with one draw from a generator of its own, so the heart beneath is the same with and
without faults and the truth of every interval is known.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from acquisition.beats import TICKS_PER_S

EARLY_SHARE = 0.3
"""An ectopic beat comes this share of its interval too early; the pause after it makes up for it."""
SPLIT_RANGE = (0.35, 0.65)
"""A false beat falls into this part of an interval."""
APART = 2
"""At least this many good beats lie between two faults, so that each can be told apart."""

IntervalKind = Literal["normal", "ectopic", "pause", "missed", "extra"]
"""What an interval truly is; ``pause`` follows an ectopic beat, ``extra`` marks both parts of a split interval."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which the strap sends no beats."""

    from_s: float
    seconds: float
    kind: Literal["link", "contact"]
    """``link``: out of reach, no frames at all. ``contact``: frames that say that no skin is felt."""

    @property
    def to_s(self) -> float:
        """When it is over."""
        return self.from_s + self.seconds


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong; shares are of all beats, or of all frames."""

    ectopic_share: float = 0.0
    missed_share: float = 0.0
    extra_share: float = 0.0
    malformed_share: float = 0.0
    """Share of frames that arrive cut short; the beats in them are lost."""
    outages: tuple[Outage, ...] = ()

    def __post_init__(self) -> None:
        whole = self.ectopic_share + self.missed_share + self.extra_share
        if min(self.ectopic_share, self.missed_share, self.extra_share, self.malformed_share) < 0:
            raise ValueError("shares of faults cannot be negative")
        if whole * (APART + 1) > 1 or self.malformed_share > 1:
            raise ValueError(f"faults with {APART} good beats between them cannot be {whole:.0%} of all beats")


@dataclass(frozen=True, slots=True)
class SensedInterval:
    """One interval as the strap measures it."""

    start_s: float
    end_s: float
    rr_ticks: int
    kind: IntervalKind


class Sensing:
    """The strap's electrodes: true beats in, intervals out."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self._rng = random.Random(f"faults {seed}")  # noqa: S311 - a model's faults, not a secret
        self._faults = faults
        self._true_s: float | None = None
        self._sensed_s: float | None = None
        self._next_kind: IntervalKind = "normal"
        self._quiet = 0

    def sense(self, beats_s: Iterable[float]) -> list[SensedInterval]:
        """Intervals that end with these true beats; the very first beat ends none."""
        return [interval for beat_s in beats_s for interval in self._beat(beat_s)]

    def _beat(self, beat_s: float) -> Iterator[SensedInterval]:
        before_s, self._true_s = self._true_s, beat_s
        drawn, place = self._rng.random(), self._rng.random()
        if before_s is None or self._sensed_s is None:
            self._sensed_s = beat_s
            return
        rr_s = beat_s - before_s
        fault = self._fault(drawn)
        if fault == "missed":
            self._next_kind = "missed"
        elif fault == "ectopic":
            yield self._interval(beat_s - EARLY_SHARE * rr_s, "ectopic")
            self._next_kind = "pause"
        elif fault == "extra":
            share = SPLIT_RANGE[0] + (SPLIT_RANGE[1] - SPLIT_RANGE[0]) * place
            yield self._interval(before_s + share * rr_s, "extra")
            yield self._interval(beat_s, "extra")
        else:
            kind, self._next_kind = self._next_kind, "normal"
            yield self._interval(beat_s, kind)

    def _fault(self, drawn: float) -> IntervalKind:
        """Which fault this draw means; raised a little, since a fault forbids the next ones."""
        self._quiet += 1
        if self._quiet <= APART:
            return "normal"
        faults = self._faults
        raised = 1 - APART * (faults.ectopic_share + faults.missed_share + faults.extra_share)
        shares: tuple[tuple[IntervalKind, float], ...] = (
            ("ectopic", faults.ectopic_share),
            ("missed", faults.missed_share),
            ("extra", faults.extra_share),
        )
        for kind, share in shares:
            if drawn < share / raised:
                self._quiet = 0
                return kind
            drawn -= share / raised
        return "normal"

    def _interval(self, end_s: float, kind: IntervalKind) -> SensedInterval:
        start_s = self._sensed_s if self._sensed_s is not None else end_s
        self._sensed_s = end_s
        ticks = round(end_s * TICKS_PER_S) - round(start_s * TICKS_PER_S)
        return SensedInterval(start_s, end_s, ticks, kind)
