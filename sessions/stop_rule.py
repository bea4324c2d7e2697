"""When a sitting offers a pause or ends by itself: the default stop rule as data (docs/protocol.md, editable).

What acts now: a press on stop, distress at the pause and end marks, not being here, symptoms, a lost signal, the
grounding after a stop, and rest offered at the close. ``hr_soft`` and ``hr_hard`` are kept with every script but do
not act yet: they need the quality-gated alert that routes to a clinician first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class HeartLimit:
    """A heart rate held for a time; above the baseline when ``relative``, else as such."""

    bpm: float
    sustained_s: float
    relative: bool


@dataclass(frozen=True, slots=True)
class StopRule:
    """Limits of one exercise; each a protocol default that a script may set otherwise."""

    suds_offer_pause: float = 80
    """Distress (0-100) at which a pause is offered."""
    suds_end: float = 95
    """Distress (0-100) at which the sitting ends and grounding follows."""
    signal_lost_s: float = 20
    """Seconds without signal before the card is shown."""
    grounding_s: float = 90
    """Grounding after a stop, seconds."""
    natural_breathing_s: float = 120
    """Own breathing after the grounding, seconds."""
    after_stop_prompts: tuple[str, ...] = ("suds", "here")
    """Questions after a stop; every one may be left."""
    no_finish_above_suds: float = 60
    """Distress (0-100) above which more rest is offered before closing."""
    hr_soft: HeartLimit = HeartLimit(30, 60, relative=True)
    """Kept as data; acts from the alerts on."""
    hr_hard: HeartLimit = HeartLimit(140, 30, relative=False)
    """Kept as data; acts from the alerts on."""


NUMBERS = tuple(f.name for f in fields(StopRule) if f.type == "float")
"""Keys that a script's ``stop_rule`` may set."""


def stop_rule(overrides: Mapping[str, float]) -> StopRule:
    """The default rule with a script's own numbers.

    >>> stop_rule({"suds_end": 90}).suds_end
    90.0
    """
    known = {key: float(value) for key, value in overrides.items() if key in NUMBERS}
    return replace(StopRule(), **known)  # type: ignore[arg-type]  # every key of NUMBERS is a float field
