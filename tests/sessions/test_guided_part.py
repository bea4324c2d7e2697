"""A part with a guide: swing and angle in the guide's own breaths, and whether it was followed."""

from __future__ import annotations

import math

import pytest

from processing.pacer import PacerPlan
from processing.values import IndexValue, Judgement, Verdict
from processing.windows import Series
from sessions.guided_part import guide_followed, guided_indices
from sessions.records import PhaseSpan
from sessions.told import PacedSpan, Told

SPAN = PhaseSpan(0, "soft-breath", "paced_breathing", 10.0, 250.0)


def sitting(rate_bpm: float = 6.0) -> Told:
    """One guide at one rate, from the part's start to its end."""
    guide = PacedSpan(10.0, 250.0, PacerPlan.steady(rate_bpm), 10.0)
    return Told((SPAN,), (), (), (), (guide,))


def heart(lag_s: float, *, rate_bpm: float = 6.0, depth: float = 8.0, delay_s: float = 0.0) -> Series:
    """70 beats/min with a wave that follows the guide's own level ``lag_s`` later, stamped ``delay_s`` late."""
    plan = PacerPlan.steady(rate_bpm)
    judged: list[Judgement] = []
    time_s = 0.0
    while time_s < 260.0:
        rate = 70.0 + depth * (2 * plan.at(max(0.0, time_s - 10.0 - lag_s)).level - 1)
        rr = 60_000.0 / rate
        time_s += rr / 1000
        judged.append(Judgement(len(judged), time_s + delay_s, rr, Verdict.NORMAL, False))
    return Series.of(judged, ())


@pytest.mark.parametrize("lag_s", [0.0, 1.0, 2.5])
def test_the_angle_is_the_hearts_lag_behind_the_guide(lag_s: float) -> None:
    """36 degrees a second at six a minute; a rate belongs to the middle of its interval."""
    found = guided_indices(sitting(), SPAN, heart(lag_s), 0.0)["heart_breath_phase_deg"]
    assert found.value == pytest.approx(36.0 * lag_s, abs=16.0)
    assert found.window_s == 240.0


def test_the_sensors_delay_is_taken_off() -> None:
    """The same angle and swing with beats stamped 2.6 s late."""
    now, late = (guided_indices(sitting(), SPAN, heart(1.0, delay_s=delay), delay) for delay in (0.0, 2.6))
    for name in ("heart_breath_phase_deg", "swing_bpm"):
        assert late[name].value == pytest.approx(now[name].value, abs=1.0)


def test_swing_is_the_whole_height_of_the_wave() -> None:
    """Eight to either side."""
    assert guided_indices(sitting(), SPAN, heart(1.0), 0.0)["swing_bpm"].value == pytest.approx(16.0, rel=0.1)


def test_a_heart_without_a_wave_has_neither() -> None:
    """Each says why."""
    for index in guided_indices(sitting(), SPAN, heart(1.0, depth=0.0), 0.0).values():
        assert (index.reason or "").startswith("low_confidence")


def test_parts_without_a_guide_have_nothing_of_it() -> None:
    """A rest keeps the swing of its own breath."""
    rest = PhaseSpan(0, "rest", "baseline", 10.0, 250.0)
    assert guided_indices(sitting(), rest, heart(1.0), 0.0) == {}
    assert math.isfinite(heart(1.0).start_s)


def shown(rate_bpm: float | None) -> IndexValue:
    reason = None if rate_bpm is not None else "low_confidence: x"
    return IndexValue("breathing_rate_bpm", rate_bpm, "breaths/min", 240.0, 280, 0.0, reason)


def test_a_guide_that_was_not_followed_is_a_finding() -> None:
    """Twelve against six; hidden breath says nothing."""
    findings = {rate: guide_followed(sitting(), SPAN, shown(rate)) for rate in (11.8, 6.4, None)}
    assert [found.finding for found in findings.values() if found is not None] == [
        "pacer not followed",
        "followed",
        "not known",
    ]
    assert findings[11.8] is not None
    assert findings[11.8].paced_bpm == pytest.approx(6.0)
    rest = PhaseSpan(0, "rest", "baseline", 10.0, 250.0)
    assert guide_followed(sitting(), rest, shown(6.0)) is None
