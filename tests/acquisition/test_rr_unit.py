"""Sensors that count in milliseconds are found within minutes; others never are."""

from __future__ import annotations

from random import Random

import pytest

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification, SensorFact
from acquisition.heart_rate_stream import RR_UNIT, WRONG_UNIT, HeartRateStream
from tests.acquisition.radio import SentFrame, frames
from tests.bluetooth.frames import heart_rate_frame


def in_ms(sent: SentFrame) -> Notification:
    """The same frame from a sensor that counts in milliseconds."""
    words = [round(ticks * 1000 / 1024) for ticks in sent.rr_ticks]
    data = heart_rate_frame(70, words or None, contact=True)
    return Notification("heart-1", sent.arrival_s, 0, data)


def feed(items: list[Item]) -> list[Item]:
    stream = HeartRateStream()
    linked = LinkChange("heart-1", 0.0, LinkState.STREAMING)
    return [out for item in [linked, *items] for out in stream.feed(item)]


def warned(items: list[Item]) -> list[float]:
    return [item.time_s for item in items if isinstance(item, LinkChange) and item.reason == WRONG_UNIT]


@pytest.mark.parametrize("bpm", [50, 62, 70, 90, 120])
@pytest.mark.parametrize("seed", range(3))
def test_milliseconds_are_told_within_five_minutes(bpm: float, seed: int) -> None:
    """An even rise for four minutes is enough."""
    (first,) = warned(feed([in_ms(each) for each in frames(seed, minutes=5, mean_s=60 / bpm)]))
    assert first > 240


@pytest.mark.parametrize("bpm", [50, 60, 70, 120])
@pytest.mark.parametrize("share", [0.0, 0.023, 0.05])
def test_a_sensor_that_counts_as_the_standard_says_is_never_suspected(bpm: float, share: float) -> None:
    """Nor when it loses about as many beats as the wrong unit would make it seem to."""
    for seed in range(3):
        random = Random(seed)
        kept = [each.notification for each in frames(seed, minutes=10, mean_s=60 / bpm) if random.random() >= share]
        assert warned(feed(list(kept))) == []


def test_a_crystal_that_is_off_is_no_other_unit() -> None:
    """100 ppm are a two-hundredth of it."""
    assert warned(feed([each.notification for each in frames(1, minutes=10, strap_clock_ppm=100)])) == []


def test_the_unit_that_is_given_for_a_sensor_is_used() -> None:
    """Intervals are then those of the heart, no beat is missing, and nobody is warned."""
    sent = list(frames(2, minutes=5))
    items = feed([SensorFact("heart-1", 0.0, RR_UNIT, "ms"), *[in_ms(each) for each in sent]])
    beats = [item for item in items if isinstance(item, Beat)]
    assert [beat.rr_ms for beat in beats] == [round(t * 1000 / 1024) for each in sent for t in each.rr_ticks]
    assert {beat.rr_ticks for beat in beats} == {None}
    assert warned(items) == []
    assert not any(isinstance(item, Gap) for item in items)


def test_a_unit_that_nobody_knows_changes_nothing() -> None:
    """A fact of a later version is passed on."""
    sent = [each.notification for each in frames(2, minutes=1)]
    fact = SensorFact("heart-1", 0.0, RR_UNIT, "fortnights")
    plain, other = feed(list(sent)), feed([fact, *sent])
    assert [item for item in other if item != fact] == plain
