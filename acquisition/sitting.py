"""A sitting with a known truth, as values: its parts, what the person is asked, what fails, what the person says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from acquisition.beats import Stimulus
from acquisition.errors import BadInput
from acquisition.simulated_faults import Faults
from acquisition.simulated_heart import Person
from acquisition.simulated_strap import TimedStimulus

RATING_S = 20.0
"""Time in which the questions after a part are answered; the heart goes on, outside every index."""
SLIDE_EVERY_S = 30.0
"""Seconds at each rate while the guide slides down (docs/protocol.md)."""
LEAST_PART_S = 5.0
"""No part is scaled below this."""

REST, CONTROL, STRESS, RECOVERY = Stimulus("rest"), Stimulus("control"), Stimulus("stress"), Stimulus("recovery")
"""What a person may be asked, short of breathing with a guide."""


@dataclass(frozen=True, slots=True)
class Part:
    """One phase of a sitting."""

    name: str
    kind: str
    """As in the exercise scripts: baseline, control, stressor, paced_breathing, recovery, reflection."""
    seconds: float
    stimulus: Stimulus = REST
    slide: tuple[float, ...] = ()
    """Rates of the guide on its way down, before the stimulus's own; each for ``SLIDE_EVERY_S``."""
    speech: str = "silent"
    feedback: str = "none"
    reference: str | None = None
    ratings: Mapping[str, object] = field(default_factory=dict)
    """Answers at the end, by prompt."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A sitting from start to end, with the seed that its sample is made with."""

    name: str
    about: str
    """One sentence for people."""
    parts: tuple[Part, ...]
    seed: int
    person: Person = field(default_factory=Person)
    faults: Faults = field(default_factory=Faults)
    exercise: str | None = None
    """Id of the script that it follows, or None."""

    @property
    def spans(self) -> tuple[tuple[Part, float, float], ...]:
        """Each part with its start and end, s; time for ratings lies between them."""
        found: list[tuple[Part, float, float]] = []
        at_s = 0.0
        for part in self.parts:
            found.append((part, at_s, at_s + part.seconds))
            at_s += part.seconds + (RATING_S if part.ratings else 0.0)
        return tuple(found)

    @property
    def seconds(self) -> float:
        """From start to end, the last ratings included."""
        last, _, end_s = self.spans[-1]
        return end_s + (RATING_S if last.ratings else 0.0)

    @property
    def timeline(self) -> tuple[TimedStimulus, ...]:
        """What the person is asked, and from when; while ratings are given the person rests from what was before."""
        asked: list[TimedStimulus] = []
        for part, start_s, end_s in self.spans:
            for i, rate_bpm in enumerate(part.slide):
                asked.append(TimedStimulus(start_s + i * SLIDE_EVERY_S, Stimulus("paced", rate_bpm)))
            asked.append(TimedStimulus(start_s + len(part.slide) * SLIDE_EVERY_S, part.stimulus))
            if part.ratings:
                asked.append(TimedStimulus(end_s, RECOVERY))
        return tuple(asked)

    def lasting(self, minutes: float) -> Scenario:
        """The same sitting scaled to about this long; parts keep whole seconds. Raises BadInput when too short."""
        ratings_s = self.seconds - sum(part.seconds for part in self.parts)
        factor = (minutes * 60 - ratings_s) / (self.seconds - ratings_s)
        parts = tuple(replace(part, seconds=float(round(part.seconds * factor))) for part in self.parts)
        if min(part.seconds - len(part.slide) * SLIDE_EVERY_S for part in parts) < LEAST_PART_S:
            raise BadInput(
                f"{minutes:g} minutes are too short for {self.name}",
                place="--minutes",
                remedy=f"use {self.seconds / 60:.0f}, which it is made for, or a little less",
            )
        outages = tuple(replace(each, from_s=each.from_s * factor) for each in self.faults.outages)
        return replace(self, parts=parts, faults=replace(self.faults, outages=outages))
