"""When the quiet alert speaks: every value with its unit, its reason and the range that a clinician can choose from.

None of these numbers has a study behind it (docs/protocol.md). A fixed rate such as 100 beats a minute misses a fit
person who goes from 52 to 90 and fires at once for one who rests at 96, so the line that counts is the person's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Literal, get_args

from acquisition.errors import BadInput

Mode = Literal["personal", "absolute", "personal_and_absolute"]
"""Which line must be crossed: over the own reference, a fixed rate, or both."""

DELTA_BPM = 20.0
"""Beats/min over the own reference: more than sitting still, talking or a cough hold up for long."""
DELTA_SD = 3.0
"""Robust SD over the own reference; raises the line for a heart that moves much at rest. The higher line counts."""
ABSOLUTE_BPM = 100.0
"""Beats/min of the popular convention; sources disagree on it, so it is off unless the mode asks for it."""
SUSTAIN_S = 45.0
"""Seconds over the line before a rise is told: a laugh, a cough or a shift in the chair are over by then."""
CLEAR_UNDER_LINE_BPM = 8.0
"""Beats/min that the heart must come under the line again; breath moves a 10 s heart rate by less."""
CLEAR_S = 60.0
"""Seconds under it before the rise is over and another one can begin."""
IGNORE_FIRST_S = 45.0
"""Seconds at the beginning of a part, and after a wait in it, that do not count: orienting to something new."""
IGNORE_ONSET_S = 45.0
"""Seconds after the person begins to speak that do not count: speaking raises the heart by itself (Whinery 2022)."""
REFRACTORY_S = 240.0
"""Seconds after a told rise in which no other is told: a person who has just said no is left alone."""
LEAST_QUALITY_PERCENT = 90.0
"""Share of usable intervals that the seconds before an alert must have; under it a rise may be the strap's."""

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "delta_bpm": (5.0, 60.0),
        "delta_sd": (0.0, 10.0),
        "absolute_bpm": (60.0, 200.0),
        "sustain_s": (15.0, 300.0),
        "clear_under_line_bpm": (1.0, 30.0),
        "clear_s": (10.0, 300.0),
        "ignore_first_s": (0.0, 180.0),
        "ignore_onset_s": (0.0, 180.0),
        "refractory_s": (0.0, 1800.0),
        "least_quality_percent": (50.0, 100.0),
    }
)
"""Lowest and highest of each; outside them a setting is more likely a slip of the keys than a wish."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """One clinician's choice; the defaults are the protocol's. Raises BadInput for a value out of its range."""

    mode: Mode = "personal"
    delta_bpm: float = DELTA_BPM
    delta_sd: float = DELTA_SD
    absolute_bpm: float = ABSOLUTE_BPM
    sustain_s: float = SUSTAIN_S
    clear_under_line_bpm: float = CLEAR_UNDER_LINE_BPM
    clear_s: float = CLEAR_S
    ignore_first_s: float = IGNORE_FIRST_S
    ignore_onset_s: float = IGNORE_ONSET_S
    refractory_s: float = REFRACTORY_S
    least_quality_percent: float = LEAST_QUALITY_PERCENT

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise _refused("mode", self.mode, f"use one of: {', '.join(get_args(Mode))}")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            if not (number and low <= value <= high):
                raise _refused(name, value, f"choose a number from {low:g} to {high:g}")

    @property
    def needs_reference(self) -> bool:
        """Whether the line lies over the person's own reference."""
        return self.mode != "absolute"

    def as_dict(self) -> dict[str, object]:
        """As kept with a recording and in the settings."""
        return asdict(self)


def alert_settings(values: Mapping[str, object], over: AlertSettings | None = None) -> AlertSettings:
    """Settings with these values over the protocol's (or over ``over``), as a clinic keeps them.

    Raises BadInput for a name that does not exist and for a value out of its range.

    >>> alert_settings({"delta_bpm": 25}).delta_bpm
    25
    """
    unknown = sorted(set(values) - {"mode", *RANGES})
    if unknown:
        raise _refused(unknown[0], values[unknown[0]], f"use one of: {', '.join(('mode', *RANGES))}")
    return replace(over or AlertSettings(), **values)  # type: ignore[arg-type]  # checked by AlertSettings itself


def _refused(name: str, value: object, remedy: str) -> BadInput:
    return BadInput(f"{str(value)[:40]!r} cannot be used here", place=f"alert settings, {name}", remedy=remedy)
