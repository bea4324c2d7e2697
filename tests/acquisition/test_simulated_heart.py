"""The simulated heart behaves as hearts do, and its truth is exact."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from acquisition.beats import Stimulus
from acquisition.simulated_faults import Faults, Sensing
from acquisition.simulated_heart import STEP_S, Person, SimulatedHeart

QUIET = Person(wave_bpm=0.0, slow_bpm=0.0, jitter_ms=0.0, breathing_jitter_bpm=0.0)
"""A heart without any noise."""
STILL = Person(wave_bpm=0.0, slow_bpm=0.0, jitter_ms=0.0, rsa_bpm=0.0)
"""A heart without noise and without breathing."""


def _rr_ms(beats: list[float]) -> NDArray[np.float64]:
    return np.diff(np.asarray(beats)) * 1000


def _rmssd(beats: list[float]) -> float:
    return float(np.sqrt(np.mean(np.diff(_rr_ms(beats)) ** 2)))


def _swing(breathing_bpm: float, person: Person = QUIET) -> float:
    """Highest minus lowest beat-to-beat rate in steady paced breathing."""
    heart = SimulatedHeart(1, person)
    heart.respond(Stimulus("paced", breathing_bpm))
    heart.advance(90)
    rate = 60_000 / _rr_ms(heart.advance(270))
    return float(rate.max() - rate.min())


BANDS_HZ = ((0.002, 0.01), (0.02, 0.05), (0.08, 0.12), (0.13, 0.17))


def _densities(beats: list[float]) -> list[float]:
    """Mean power density of RR in each of the bands, in arbitrary units."""
    at = np.arange(beats[1], beats[-1], 0.25)
    rr = np.interp(at, beats[1:], _rr_ms(beats))
    power = np.abs(np.fft.rfft((rr - rr.mean()) * np.hanning(len(rr)))) ** 2
    hz = np.fft.rfftfreq(len(rr), 0.25)
    return [float(power[(hz >= low) & (hz < high)].mean()) for low, high in BANDS_HZ]


@pytest.mark.parametrize("seed", range(5))
def test_a_resting_heart_looks_like_one(seed: int) -> None:
    """Rate, RMSSD and SDNN of quiet rest lie where adults' do, and no interval is out of range."""
    beats = SimulatedHeart(seed).advance(300)
    rr = _rr_ms(beats)
    assert 60 < 60_000 / rr.mean() < 73
    assert 25 < _rmssd(beats) < 60
    assert 22 < rr.std(ddof=1) < 70
    assert rr.min() > 600
    assert rr.max() < 1300


def test_breathing_at_six_swings_far_more_than_at_fifteen() -> None:
    """Slow breath near resonance moves the heart at least 2.5 times as much."""
    assert _swing(6.0) > 2.5 * _swing(15.0)


@pytest.mark.parametrize("resonance", [4.8, 5.5, 6.5])
def test_the_swing_is_largest_at_the_persons_own_resonance(resonance: float) -> None:
    """Each person has a rate of their own, and slower or faster breath swings less."""
    person = Person(wave_bpm=0.0, slow_bpm=0.0, jitter_ms=0.0, resonance_bpm=resonance)
    slower, own, faster = (_swing(resonance + away, person) for away in (-0.75, 0.0, 0.75))
    assert own > 1.1 * max(slower, faster)
    assert own == pytest.approx(person.swing_bpm(resonance), rel=0.03)


def test_paced_breathing_moves_the_heart_at_the_rate_of_the_guide() -> None:
    """The strongest wave of RR has the guide's rate."""
    heart = SimulatedHeart(2)
    heart.respond(Stimulus("paced", 6.0))
    heart.advance(60)
    beats = heart.advance(360)
    at = np.arange(beats[1], beats[-1], 0.25)
    rr = np.interp(at, beats[1:], _rr_ms(beats))
    power = np.abs(np.fft.rfft((rr - rr.mean()) * np.hanning(len(rr)))) ** 2
    assert np.fft.rfftfreq(len(rr), 0.25)[int(np.argmax(power))] * 60 == pytest.approx(6.0, abs=0.25)


def test_the_breath_meets_the_guide() -> None:
    """A minute after the guide began each breath begins with the guide's, 0.3 s later."""
    heart = SimulatedHeart(4)
    heart.advance(47.3)
    begin = heart.state.time_s
    heart.respond(Stimulus("paced", 6.0))
    heart.advance(begin + 60.3)
    assert abs((heart.state.breaths + 0.5) % 1.0 - 0.5) < 0.02


def test_deeper_breath_swings_more() -> None:
    """Depth scales the breathing's part."""
    swings = []
    for depth in (0.5, 1.0, 1.5):
        heart = SimulatedHeart(1, QUIET)
        heart.respond(Stimulus("paced", 6.0), depth)
        heart.advance(90)
        rate = 60_000 / _rr_ms(heart.advance(240))
        swings.append(float(rate.max() - rate.min()))
    assert swings[1] == pytest.approx(2 * swings[0], rel=0.1)
    assert swings[2] == pytest.approx(3 * swings[0], rel=0.1)


def test_waves_and_slow_noise_are_always_there() -> None:
    """A peak near 0.1 Hz, and power that grows toward slow changes."""
    slowest, slow, wave, between = np.mean([_densities(SimulatedHeart(seed).advance(900)) for seed in range(4)], axis=0)
    assert slowest > 3 * slow
    assert wave > 1.5 * slow
    assert wave > 3 * between
    quiet = _densities(SimulatedHeart(0, QUIET).advance(900))
    assert max(quiet[:3]) < 0.01 * wave


def test_stress_raises_the_rate_and_lowers_rmssd() -> None:
    """Within a minute most of the rise is there, and beat-to-beat variation shrinks."""
    heart = SimulatedHeart(6)
    rest = heart.advance(180)
    heart.respond(Stimulus("stress"))
    heart.advance(240)
    stress = heart.advance(420)
    assert 60_000 / _rr_ms(stress).mean() > 60_000 / _rr_ms(rest).mean() + 10
    assert _rmssd(stress) < 0.7 * _rmssd(rest)


def test_the_rise_has_its_time_constant() -> None:
    """After 12 s, 63 % of the rise is there."""
    heart = SimulatedHeart(1, STILL)
    heart.advance(60)
    heart.respond(Stimulus("stress"))
    heart.advance(72)
    assert heart.state.shift_bpm == pytest.approx(STILL.stress_rise_bpm * -math.expm1(-1), rel=0.01)


@pytest.mark.parametrize("half_time", [45.0, 75.0, 120.0])
@pytest.mark.parametrize("person", [STILL, QUIET], ids=["still", "breathing"])
def test_half_the_rise_is_gone_after_the_half_time(half_time: float, person: Person) -> None:
    """Without noise, heart rate smoothed over 15 s is half way back within 10 % of the truth."""
    fields = {name: getattr(person, name) for name in Person.__dataclass_fields__}
    heart = SimulatedHeart(3, Person(**{**fields, "recovery_half_time_s": half_time}))
    beats = heart.advance(300)
    heart.respond(Stimulus("stress"))
    beats += heart.advance(540)
    heart.respond(Stimulus("recovery"))
    beats += heart.advance(900)

    def rate(from_s: float, to_s: float) -> float:
        count = np.interp([from_s, to_s], beats, np.arange(len(beats)))
        return float(60 * (count[1] - count[0]) / (to_s - from_s))

    half = (rate(180, 300) + rate(510, 540)) / 2
    found = next(t for t in np.arange(0, 340, 0.5) if rate(540 + t - 7.5, 540 + t + 7.5) <= half)
    assert found == pytest.approx(half_time, rel=0.1)


def test_transitions_are_smooth() -> None:
    """The rate never jumps, whatever the person is asked."""
    heart = SimulatedHeart(8)
    rates = []
    asks = [Stimulus("paced", 12.0), Stimulus("paced", 6.0), Stimulus("stress"), Stimulus("recovery"), Stimulus("rest")]
    for i in range(int(300 / STEP_S)):
        if i % int(60 / STEP_S) == 0:
            heart.respond(asks[i // int(60 / STEP_S)])
        heart.advance((i + 1) * STEP_S)
        rates.append(heart.state.rate_bpm)
    assert max(abs(b - a) for a, b in pairwise(rates)) < 2.0


def test_beats_do_not_depend_on_how_far_one_asks_at_a_time() -> None:
    """One long step and many short ones give the same heart."""
    one, many = SimulatedHeart(9), SimulatedHeart(9)
    parts = [beat for second in range(1, 121) for beat in many.advance(second / 2)]
    assert one.advance(60.0) == parts
    assert SimulatedHeart(10).advance(60.0) != parts


# ---- faults -------------------------------------------------------------------------------


def test_without_faults_intervals_are_those_of_the_beats() -> None:
    """Within half a tick at each end, and never adding up to an error."""
    beats = SimulatedHeart(1).advance(600)
    sensed = Sensing(1, Faults()).sense(beats)
    assert {each.kind for each in sensed} == {"normal"}
    ticks = np.array([each.rr_ticks for each in sensed])
    assert np.abs(ticks - np.diff(beats) * 1024).max() <= 1.0
    assert abs(ticks.sum() - (beats[-1] - beats[0]) * 1024) <= 1.0


@pytest.mark.parametrize(("kind", "share"), [("ectopic", 0.05), ("ectopic", 0.12), ("missed", 0.03), ("extra", 0.04)])
def test_faults_are_as_frequent_as_asked(kind: str, share: float) -> None:
    """Over two hours, within a tenth."""
    beats = list(np.arange(0, 7200, 0.9))
    sensed = Sensing(3, Faults(**{f"{kind}_share": share})).sense(beats)
    events = sum(each.kind == kind for each in sensed) / (2 if kind == "extra" else 1)
    assert events / len(beats) == pytest.approx(share, rel=0.1)


def test_each_fault_has_its_shape() -> None:
    """Early by 30 % with a pause that makes up for it; two in one; one split in two."""
    beats = list(np.arange(0, 3600, 1.0))
    early = Sensing(1, Faults(ectopic_share=0.1)).sense(beats)
    for one, other in pairwise(early):
        if one.kind == "ectopic":
            assert other.kind == "pause"
            assert (one.rr_ticks, one.rr_ticks + other.rr_ticks) == (pytest.approx(0.7 * 1024, abs=1), 2048)
    missed = Sensing(1, Faults(missed_share=0.1)).sense(beats)
    assert {each.rr_ticks for each in missed if each.kind == "missed"} == {2048}
    extra = [each for each in Sensing(1, Faults(extra_share=0.1)).sense(beats) if each.kind == "extra"]
    assert all(a.rr_ticks + b.rr_ticks == 1024 for a, b in zip(extra[::2], extra[1::2], strict=True))
    assert sum(each.rr_ticks for each in early) == pytest.approx(3599 * 1024, abs=1)


def test_impossible_shares_are_refused() -> None:
    """Every second beat a fault, or less than none, is no heart."""
    with pytest.raises(ValueError, match="good beats"):
        Faults(ectopic_share=0.5)
    with pytest.raises(ValueError, match="negative"):
        Faults(missed_share=-0.1)
