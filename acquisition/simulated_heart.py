"""A heart as a seeded model: a rate that breathes, drifts, startles and recovers, integrated until it beats.

The rate is, in beats/min, the sum of: the person's resting rate; a shift that stress raises and recovery halves every
``recovery_half_time_s``; breathing (respiratory sinus arrhythmia), strongest near the person's own resonance; waves
near 0.1 Hz; and slow noise with power falling as about 1/f. A beat comes whenever the integral of the rate reaches the
next whole number (integral pulse frequency modulation), so the mean of the beat-to-beat rate is the mean of the model's
rate and truth can be stated exactly. Sizes of effects are defaults of this project, in the range of published ones
(resting RMSSD about 42 ms: Nunan 2010; swing at resonance four to ten times that at rest: Shaffer and Meehan 2020).
"""

from __future__ import annotations

import cmath
import math
import random
from dataclasses import dataclass, field

from acquisition.beats import Stimulus

STEP_S = 1.0 / 16
"""Step of the integration; the fastest part of the rate (0.4 Hz) is then followed within 0.01 %."""
RISE_S = 12.0
"""Time constant of the rise in stress; 10 to 20 s from the first beat to most of the change."""
BREATH_RATE_S = 3.0
"""Time constant with which the breathing rate follows its target."""
PACER_PULL_S = 3.0
"""Time constant with which breath and guide come together."""
PACER_LAG_S = 0.3
"""A person follows the guide by about this."""
RING_S = 8.0
"""Time constant with which the swing grows or fades after a change of breathing; a resonance of Q 3 at 5.5/min rings
for Q / (pi f) = 10 s."""
INHALE = 0.4
"""Share of a breath spent breathing in."""
BREATH_LIMITS_BPM = (12.0, 16.0)
"""Own breathing at rest."""
STRESS_BREATHS_BPM = 4.0
"""Own breathing is faster by this in full stress."""
SLOW_TAUS_S = (10.0, 40.0, 160.0, 640.0)
"""Equal noises with these time constants add up to about 1/f between 0.0003 and 0.02 Hz."""
WAVE_HZ = 0.1
"""Centre of the waves of blood pressure (Mayer) that every heart shows."""
WAVE_TAU_S = 20.0
"""Time over which such a wave keeps its phase; a band of about 0.016 Hz."""

_SLOW_STEPS = tuple((math.exp(-STEP_S / tau), math.sqrt(-math.expm1(-2 * STEP_S / tau))) for tau in SLOW_TAUS_S)
_WAVE_TURN = cmath.exp(complex(-STEP_S / WAVE_TAU_S, 2 * math.pi * WAVE_HZ * STEP_S))
_WAVE_ADD = math.sqrt(-math.expm1(-2 * STEP_S / WAVE_TAU_S))


@dataclass(frozen=True, slots=True)
class Person:
    """Whose heart it is. Defaults are an adult sitting quietly."""

    rest_bpm: float = 66.0
    stress_rise_bpm: float = 16.0
    """Rise of the mean rate in full stress."""
    control_rise_bpm: float = 2.0
    """Rise in a matched neutral activity."""
    recovery_half_time_s: float = 75.0
    """Time in which the rise halves once the stress is over."""
    resonance_bpm: float = 5.5
    """Breaths a minute at which the swing is largest."""
    resonance_q: float = 3.0
    """Sharpness of that resonance (2 to 4)."""
    rsa_bpm: float = 3.2
    """Amplitude of the breathing's part far below the vagal limit, beats/min."""
    resonance_gain: float = 2.0
    """How much the resonance adds, in units of ``rsa_bpm``."""
    vagal_limit_bpm: float = 16.0
    """Breaths a minute above which the heart follows breathing less and less."""
    stress_rsa_share: float = 0.6
    """What is left of the breathing's part in full stress."""
    breathing_bpm: float = 14.0
    breathing_jitter_bpm: float = 0.9
    """SD of own breaths' rates."""
    wave_bpm: float = 1.0
    """SD of the 0.1 Hz waves, beats/min."""
    slow_bpm: float = 1.6
    """SD of the slow noise, beats/min."""
    jitter_ms: float = 6.0
    """SD of each beat's own irregularity, ms."""

    def response(self, breathing_bpm: float) -> complex:
        """Gain (beats/min per unit of breath) and lag (as an angle below zero) of the rate at a breathing rate."""
        detuning = self.resonance_q * (breathing_bpm / self.resonance_bpm - self.resonance_bpm / breathing_bpm)
        resonance = self.resonance_gain / (1 + 1j * detuning)
        vagal = 1 / (1 + 1j * breathing_bpm / self.vagal_limit_bpm)
        return self.rsa_bpm * (vagal + resonance)

    def swing_bpm(self, breathing_bpm: float, depth: float = 1.0) -> float:
        """Highest minus lowest rate that breathing steadily gives at rest, beats/min."""
        return 2 * depth * abs(self.response(breathing_bpm))


@dataclass(slots=True)
class Physiology:
    """What the model knows of itself at one moment; truth for whoever checks."""

    time_s: float = 0.0
    rate_bpm: float = 0.0
    shift_bpm: float = 0.0
    """Rise over the resting rate by stress."""
    breathing_bpm: float = 0.0
    breaths: float = 0.0
    """Breaths so far; the fraction is where in the breath one is."""
    swing: complex = 0j
    """Size and lag of the breathing's part, beats/min."""


@dataclass(slots=True)
class _Noises:
    slow: list[float] = field(default_factory=lambda: [0.0] * len(SLOW_TAUS_S))
    wave: complex = 0j


class SimulatedHeart:
    """The model of one person, advanced in steps; the same seed and stimuli give the same beats."""

    def __init__(self, seed: int, person: Person | None = None) -> None:
        self.person = person or Person()
        self._rng = random.Random(f"heart {seed}")  # noqa: S311 - a model's noise, not a secret
        self._stimulus = Stimulus("rest")
        self._depth = 1.0
        self._guide_from_s = 0.0
        self._own_bpm = self.person.breathing_bpm
        self._noises = self._settled_noises()
        self.state = Physiology(
            rate_bpm=self.person.rest_bpm,
            breathing_bpm=self._own_bpm,
            swing=self.person.response(self._own_bpm),
        )
        self._steps = 0
        self._integral = self._rng.random()
        self._next_beat = 1.0

    @property
    def stimulus(self) -> Stimulus:
        """What it answers to now."""
        return self._stimulus

    def respond(self, stimulus: Stimulus, depth: float = 1.0) -> None:
        """Answer to this from now on; ``depth`` scales the breaths (1 is an easy breath).

        A guide's first breath begins now; the breath comes to meet it within a few seconds.
        """
        same_guide = stimulus == self._stimulus and depth == self._depth
        if stimulus.kind == "paced" and not same_guide:
            self._guide_from_s = self.state.time_s + PACER_LAG_S
        self._stimulus, self._depth = stimulus, depth

    def advance(self, to_s: float) -> list[float]:
        """Times of the beats up to ``to_s`` that were not given before, s."""
        beats: list[float] = []
        while (self._steps + 1) * STEP_S <= to_s:
            before_s, rate_before = self._steps * STEP_S, self.state.rate_bpm
            self._steps += 1
            self._step(self._steps * STEP_S)
            grown = (rate_before + self.state.rate_bpm) / 2 / 60 * STEP_S
            while self._integral + grown >= self._next_beat:
                beats.append(before_s + (self._next_beat - self._integral) / grown * STEP_S)
                jitter = self.person.jitter_ms / 1000 * self.state.rate_bpm / 60
                self._integral -= self._next_beat
                self._next_beat = max(0.5, 1.0 + self._rng.gauss(0.0, jitter))
            self._integral += grown
        return beats

    # ---- one step -----------------------------------------------------------------------

    def _step(self, time_s: float) -> None:
        state = self.state
        state.time_s = time_s
        self._shift()
        self._breathe()
        slow, wave = self._drift()
        angle = _breath_angle(state.breaths % 1.0)
        breath = -(state.swing * cmath.exp(1j * angle)).real
        state.rate_bpm = max(30.0, self.person.rest_bpm + state.shift_bpm + breath + slow + wave)

    def _shift(self) -> None:
        """Stress raises the rate with one time constant; without it the rise halves every half-time."""
        rise = {"stress": self.person.stress_rise_bpm, "control": self.person.control_rise_bpm}
        target = rise.get(self._stimulus.kind, 0.0)
        falling = target < self.state.shift_bpm
        tau_s = self.person.recovery_half_time_s / math.log(2) if falling else RISE_S
        self.state.shift_bpm += (target - self.state.shift_bpm) * -math.expm1(-STEP_S / tau_s)

    def _breathe(self) -> None:
        state, guide_bpm = self.state, self._stimulus.breathing_rate_bpm
        stress = self._stress()
        if self._stimulus.kind == "paced" and guide_bpm:
            ahead = (state.time_s - self._guide_from_s) * guide_bpm / 60 - state.breaths
            pull_bpm = 60 / PACER_PULL_S * (ahead - round(ahead))
            target = guide_bpm + max(-0.5 * guide_bpm, min(pull_bpm, 0.5 * guide_bpm))
            state.breathing_bpm += (target - state.breathing_bpm) * -math.expm1(-STEP_S / (BREATH_RATE_S / 3))
        else:
            target = self._own_bpm + STRESS_BREATHS_BPM * stress
            state.breathing_bpm += (target - state.breathing_bpm) * -math.expm1(-STEP_S / BREATH_RATE_S)
        whole = math.floor(state.breaths)
        state.breaths += state.breathing_bpm / 60 * STEP_S
        if math.floor(state.breaths) > whole:
            drawn = self._rng.gauss(self.person.breathing_bpm, self.person.breathing_jitter_bpm)
            self._own_bpm = min(max(drawn, BREATH_LIMITS_BPM[0]), BREATH_LIMITS_BPM[1])
        share = 1 - (1 - self.person.stress_rsa_share) * stress
        reached = self._depth * share * self.person.response(guide_bpm or state.breathing_bpm)
        state.swing += (reached - state.swing) * -math.expm1(-STEP_S / RING_S)

    def _stress(self) -> float:
        """How much of the full rise is there, 0 to 1."""
        full = self.person.stress_rise_bpm
        return min(1.0, max(0.0, self.state.shift_bpm / full)) if full > 0 else 0.0

    # ---- noise --------------------------------------------------------------------------

    def _settled_noises(self) -> _Noises:
        draw = self._rng.gauss
        return _Noises([draw(0, 1) for _ in SLOW_TAUS_S], complex(draw(0, 1), draw(0, 1)))

    def _drift(self) -> tuple[float, float]:
        """One step of the slow noise and the 0.1 Hz waves, each of the person's SD."""
        draw, noises = self._rng.gauss, self._noises
        for i, (keep, add) in enumerate(_SLOW_STEPS):
            noises.slow[i] = keep * noises.slow[i] + add * draw(0, 1)
        noises.wave = _WAVE_TURN * noises.wave + _WAVE_ADD * complex(draw(0, 1), draw(0, 1))
        slow = math.fsum(noises.slow) / math.sqrt(len(SLOW_TAUS_S))
        return self.person.slow_bpm * slow, self.person.wave_bpm * noises.wave.real


def _breath_angle(share: float) -> float:
    """Angle of the breath, 0 at the start of breathing in and pi at its end."""
    if share < INHALE:
        return math.pi * share / INHALE
    return math.pi * (1 + (share - INHALE) / (1 - INHALE))
