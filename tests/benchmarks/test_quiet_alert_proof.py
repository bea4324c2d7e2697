"""The proof of the quiet alert in its short form: its hearts are what they say, and the comparison can fail."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from acquisition.beats import Tick
from benchmarks.accuracy import proof_13_quiet_alert as proof
from benchmarks.accuracy.rising_hearts import PARTS, RisingHeart, sitting
from processing.alert_settings import AlertSettings
from processing.pipeline import LivePipeline, SecondUpdate
from processing.quiet_alert import QuietAlert
from tests.processing.hearts import items, resting


@lru_cache(1)
def hearts() -> tuple[RisingHeart, ...]:
    """Two sittings: three parts with a rise and three without."""
    rng = np.random.default_rng(18)
    return tuple(sitting(rng) for _ in range(2))


def test_rises_are_offered_and_nothing_else_is() -> None:
    """Each drawn rise is offered, no offer comes without one, none in the first 45 s of a part or of speech."""
    heard = [proof.listened(heart) for heart in hearts()]
    parts = [(part, one.offers(part)) for one in heard for part in one.heart.parts]
    kinds = {part.kind for part, _ in parts}
    assert kinds == {"rise", "none"}
    assert all(len(offers) == 1 and offers[0] > part.rises_s for part, offers in parts if part.kind == "rise")
    assert all(not offers for part, offers in parts if part.kind == "none")
    assert all(at >= proof.deaf_until(part) for part, offers in parts for at in offers)


def test_an_alert_that_is_too_quick_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laughs, coughs and first words are in these hearts: without patience they are told as rises."""
    quick = AlertSettings(sustain_s=15.0, ignore_first_s=0.0, ignore_onset_s=0.0, refractory_s=0.0)
    monkeypatch.setattr(proof, "QuietAlert", lambda: QuietAlert(quick))
    heard = [proof.listened(heart) for heart in hearts()[:1]]
    assert sum(bool(one.offers(part)) for one in heard for part in one.heart.parts if part.kind == "none") >= 1


def test_the_heart_rate_alone_is_that_of_the_live_pipeline() -> None:
    """The proof leaves the other numbers out to be quick; this one is the same, second by second."""
    made = [*items(resting(30, seed=4)), *(Tick("heart-1", float(at)) for at in range(1, 30))]
    stream = sorted(made, key=lambda item: item.time_s)
    told = []
    for pipeline in (LivePipeline(), proof.RatePipeline()):
        updates = [update for item in stream for update in pipeline.feed(item)]
        told.append([u.indices["mean_hr_bpm"] for u in updates if isinstance(u, SecondUpdate)])
    assert told[0] == told[1]
    assert any(rate.value is not None for rate in told[0])


def test_a_sitting_is_the_same_from_the_same_seed() -> None:
    """And another one from another seed."""
    one, two, other = (sitting(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert one == two
    assert one.items != other.items
    assert len(one.parts) == PARTS
