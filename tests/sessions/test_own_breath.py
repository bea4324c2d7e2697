"""The guide starts at the breath that the baseline showed, and at its common start when none was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acquisition.beats import Beat, Item, SourceInfo, Tick
from processing.thresholds import SPECS
from processing.values import IndexValue
from sessions.own_breath import OwnBreath
from sessions.service import Service
from sessions.session import Session
from tests.sessions.sitting import SCRIPT, Heart, sit, walk

STREAM = "strap"


class Breather(Heart):
    """A strap on someone who breathes evenly; ``size_ms`` is the breath's part in RR, beside waves at 0.1 Hz."""

    rate_bpm = 9.4
    size_ms = 40.0

    @property
    def info(self) -> SourceInfo:
        return replace(super().info, streams=(STREAM,))

    async def __aiter__(self) -> AsyncIterator[Item]:
        draw = np.random.default_rng(5)
        time_s, seq, second = 0.0, 0, 0
        while second < self.ends_s:
            breath = self.size_ms * np.sin(2 * np.pi * self.rate_bpm / 60 * time_s)
            rr_ms = float(850 + breath + 20 * np.sin(0.2 * np.pi * time_s) + draw.normal(0, 5))
            time_s += rr_ms / 1000
            while second + 1 <= time_s:
                second += 1
                yield Tick(STREAM, float(second))
                assert self.session is not None
                self.act(self.session)
            yield Beat(STREAM, seq, time_s, rr_ms)
            seq += 1


async def first_rate(service: Service, folder: Path, size_ms: float) -> float:
    """Where the guide starts after two minutes of rest."""
    script = folder / "slow.yaml"
    text = SCRIPT.read_text(encoding="utf-8").replace("kind: baseline, seconds: 20", "kind: baseline, seconds: 120")
    script.write_text(text, encoding="utf-8")
    rates: list[float] = []

    def watch(session: Session) -> None:
        pacer = session.view().pacer
        if pacer is not None:
            rates.append(60.0 / pacer.stretches[0][1])
        walk(session)

    heart = Breather(watch)
    heart.size_ms = size_ms
    await sit(service, watch, script=script, heart=heart)
    return rates[0]


async def test_the_guide_starts_at_the_breath_that_the_baseline_showed(service: Service, tmp_path: Path) -> None:
    """At 9.4 a minute, not at twelve."""
    assert await first_rate(service, tmp_path, 40.0) == pytest.approx(9.4, abs=0.3)


async def test_the_guide_starts_at_twelve_when_the_breath_does_not_show(service: Service, tmp_path: Path) -> None:
    """Only the waves at 0.1 Hz are seen: their rate is nobody's breath."""
    assert await first_rate(service, tmp_path, 0.0) == 12.0


def reading(rate: float | None, confidence: float | None) -> tuple[IndexValue, IndexValue]:
    def index(name: str, value: float | None) -> IndexValue:
        return IndexValue(
            name, value, SPECS[name].unit, 60.0, 60, 0.0, None if value is not None else "low_confidence: x"
        )

    return index("breathing_rate_bpm", rate), index("breathing_confidence", confidence)


def test_the_own_rate_is_the_middle_of_what_was_shown() -> None:
    """Seconds before the first reading do not count."""
    own = OwnBreath()
    assert own.rate_bpm is None
    for rate, confidence in ((None, None), (13.0, 0.9), (15.0, 0.8), (14.0, 0.7), (None, 0.2)):
        own.hear(*reading(rate, confidence))
    assert own.rate_bpm == 14.0


def test_a_rate_that_showed_in_under_half_of_the_readings_is_not_taken() -> None:
    """A few chance moments are no resting rate."""
    own = OwnBreath()
    for rate, confidence in ((13.0, 0.6), (None, 0.3), (None, 0.3)):
        own.hear(*reading(rate, confidence))
    assert own.rate_bpm is None
