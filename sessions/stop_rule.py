"""When a sitting offers a pause or ends by itself: the default stop rule as data (docs/protocol.md, editable).

A press on stop, distress at the pause and end marks, not being here, symptoms, the soft and the hard limit of heart
rate, a lost signal, the grounding after a stop, and rest offered at the close. Both limits of heart rate pass the
quality gate of the quiet alert, and both are limits of comfort: neither says that anything is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from processing.alert_settings import AlertSettings, alert_settings


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
    hr_soft_over_bpm: float = 30
    """Beats/min over the own rest that, held for ``hr_soft_s``, make the program offer a pause."""
    hr_soft_s: float = 60
    """Seconds."""
    hr_hard_bpm: float = 140
    """Beats/min, seated, that end the part when held for ``hr_hard_s``."""
    hr_hard_s: float = 30
    """Seconds."""

    @property
    def soft(self) -> AlertSettings:
        """The soft limit as the quiet alert watches it, for the stop rule's own height and length.

        >>> StopRule().soft.delta_bpm, StopRule().soft.sustain_s
        (30, 60)
        """
        return alert_settings({"delta_bpm": self.hr_soft_over_bpm, "delta_sd": 0.0, "sustain_s": self.hr_soft_s})

    @property
    def hard(self) -> AlertSettings:
        """The hard limit: a rate as such, at any time of a part, with the same quality gate."""
        return alert_settings(
            {
                "mode": "absolute",
                "absolute_bpm": self.hr_hard_bpm,
                "sustain_s": self.hr_hard_s,
                "ignore_first_s": 0.0,
                "ignore_onset_s": 0.0,
                "refractory_s": 0.0,
            }
        )


NUMBERS = tuple(f.name for f in fields(StopRule) if f.type == "float")
"""Keys that a script's ``stop_rule`` may set."""


def stop_rule(overrides: Mapping[str, float]) -> StopRule:
    """The default rule with a script's own numbers.

    Raises BadInput when a limit of heart rate lies outside what can be watched.

    >>> stop_rule({"suds_end": 90}).suds_end
    90.0
    """
    known = {key: float(value) for key, value in overrides.items() if key in NUMBERS}
    rule = replace(StopRule(), **known)  # type: ignore[arg-type]  # every key of NUMBERS is a float field
    _ = rule.soft, rule.hard  # refuse now what would be refused in a sitting
    return rule
