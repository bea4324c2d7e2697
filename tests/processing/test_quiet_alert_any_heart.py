"""The quiet alert for any heart: distance from the own rest alone, one word a rise, the same cost for ever."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from processing.alert_settings import AlertSettings
from processing.quiet_alert import (
    AlertEvent,
    QuietAlert,
    RiseBegun,
    RiseEnded,
    RiseSustained,
    RiseWithheld,
    Second,
)
from tests.processing.alert_heard import LINE, REST, Heard


def _events_of(rates: Iterable[float]) -> list[AlertEvent]:
    heard = Heard()
    for rate in rates:
        heard.hear(rate, 1)
    return heard.events


@settings(max_examples=20, deadline=None)
@given(rates=st.lists(st.floats(40, 160), min_size=1, max_size=300), lift=st.floats(0.5, 40))
def test_only_the_distance_from_the_own_rest_matters(rates: list[float], lift: float) -> None:
    """A heart that beats faster throughout, at rest too, gives the same events at the same times."""
    lifted = Heard(known=False)
    lifted.alert.rests(dataclasses.replace(REST, hr_bpm=REST.hr_bpm + lift))
    assume(all(abs(rate - LINE) > 1e-6 and abs(rate - LINE + 8) > 1e-6 for rate in rates))
    for rate in rates:
        lifted.hear(rate + lift, 1)
    assert [(type(e), e.time_s) for e in lifted.events] == [(type(e), e.time_s) for e in _events_of(rates)]


class Rises(RuleBasedStateMachine):
    """A heart, a part and a person that do anything at any moment; the clock may jump and be set back."""

    @initialize(
        sustain=st.sampled_from([15.0, 45.0]), refractory=st.sampled_from([0.0, 60.0, 240.0]), rest=st.booleans()
    )
    def begin(self, sustain: float, refractory: float, rest: bool) -> None:
        self.chosen = AlertSettings(sustain_s=sustain, refractory_s=refractory)
        self.alert = QuietAlert(self.chosen)
        self.now = 0.0
        self.events: list[AlertEvent] = []
        self.inside = self.held = False
        self.deaf_until = float("-inf")
        if rest:
            self.alert.rests(REST)

    def take(self, events: list[AlertEvent]) -> None:
        for event in events:
            assert event.time_s == self.now
            if isinstance(event, RiseBegun | RiseSustained | RiseWithheld):
                assert self.inside
                assert not self.held
                assert self.now >= self.deaf_until
            if isinstance(event, RiseSustained):
                assert event.hr_bpm >= event.line_bpm
                assert event.time_s - event.began_s >= self.chosen.sustain_s - 1e-9
                assert event.began_s >= self.deaf_until
                earlier = [e.time_s for e in self.events if isinstance(e, RiseSustained)]
                assert not earlier or self.now - earlier[-1] >= self.chosen.refractory_s
            self.events.append(event)

    @rule(rate=st.one_of(st.none(), st.sampled_from([66.0, 80.0, 84.0, 87.0, 120.0])), seconds=st.integers(1, 70))
    def heart_beats(self, rate: float | None, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1.0
            self.take(self.alert.hear(Second(self.now, rate, 0.0 if rate is None else 100.0)))

    @rule()
    def machine_sleeps(self) -> None:
        self.now += 3600.0
        self.take(self.alert.hear(Second(self.now, 120.0, 100.0)))

    @rule()
    def clock_is_set_back(self) -> None:
        self.take(self.alert.hear(Second(self.now - 100.0, 120.0, 100.0)))

    @rule()
    def part_begins(self) -> None:
        self.take(self.alert.enter(self.now, spoken=False))
        self.inside, self.held = True, False
        self.deaf_until = self.now + self.chosen.ignore_first_s

    @rule()
    def part_ends(self) -> None:
        self.take(self.alert.leave(self.now))
        self.inside = self.held = False

    @rule()
    def waits(self) -> None:
        self.take(self.alert.hold(self.now))
        self.held = True

    @rule()
    def goes_on(self) -> None:
        self.alert.go_on(self.now)
        if self.held:
            self.deaf_until = self.now + self.chosen.ignore_first_s
        self.held = False

    @rule()
    def speaks(self) -> None:
        was_told = self.alert.risen
        self.take(self.alert.speech_begins(self.now))
        self.deaf_until = max(self.deaf_until, self.now + self.chosen.ignore_onset_s)
        assert self.alert.risen == was_told

    @invariant()
    def rises_begin_and_end_in_turn(self) -> None:
        """Each told rise began before, and none begins while another goes on."""
        going_on: RiseBegun | None = None
        told = False
        for event in getattr(self, "events", []):
            if isinstance(event, RiseBegun):
                assert going_on is None
                going_on, told = event, False
            elif isinstance(event, RiseSustained):
                assert going_on is not None
                assert event.began_s == going_on.time_s
                assert not told
                told = True
            elif isinstance(event, RiseEnded):
                assert going_on is not None
                assert (event.began_s, event.sustained) == (going_on.time_s, told)
                going_on = None


TestRises = Rises.TestCase
TestRises.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_a_second_costs_the_same_after_hours() -> None:
    """Nothing grows: what is remembered after two hours fits the seconds before an alert."""
    heard = Heard().hear(66.0, 7200)
    assert len(heard.alert._quality._seconds) <= heard.alert.settings.sustain_s + 1
