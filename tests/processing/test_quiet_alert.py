"""The quiet alert: personal, sustained, slow to end, deaf at onsets, silent after it has spoken and on poor signal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from acquisition.errors import BadInput
from processing.alert_settings import RANGES, AlertSettings, alert_settings
from processing.arousal import BaselineReference
from processing.quiet_alert import (
    HOLE_S,
    AlertEvent,
    QuietAlert,
    RiseBegun,
    RiseEnded,
    RiseSustained,
    RiseWithheld,
    Second,
)
from processing.values import IndexValue
from sessions.unwanted_words import FEELINGS, JUDGEMENTS

REST = BaselineReference(66.0, 1.9, None, None, 300)
SPOKEN_REST = BaselineReference(78.0, 2.5, None, None, 120, spoken=True)
LINE = 86.0
"""REST and 20 beats/min."""


class Heard:
    """An alert that is told of every second from 0 on."""

    def __init__(self, chosen: AlertSettings | None = None, *, spoken: bool = False, known: bool = True) -> None:
        self.alert = QuietAlert(chosen)
        self.now = 0.0
        self.events: list[AlertEvent] = []
        if known:
            self.alert.rests(REST)
        self.events += self.alert.enter(0.0, spoken=spoken)

    def hear(self, rate: float | None, seconds: int, usable: float = 100.0, *, moving: bool = False) -> Heard:
        for _ in range(seconds):
            self.now += 1.0
            self.events += self.alert.hear(Second(self.now, rate, usable, moving))
        return self

    def of(self, kind: type[AlertEvent]) -> list[AlertEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    def told_at(self) -> list[float]:
        return [event.time_s for event in self.of(RiseSustained)]

    def reasons(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, RiseWithheld)]


def test_a_rise_is_told_once_it_has_been_held_for_45_seconds() -> None:
    """Begun when the line is crossed after the first 45 s, sustained 45 s later, with its size over the own rest."""
    heard = Heard().hear(66.0, 60).hear(90.0, 60)
    begun, sustained = heard.events
    assert begun == RiseBegun(61.0, 90.0, LINE)
    assert sustained == RiseSustained(106.0, 61.0, 90.0, LINE, 24.0, 24.0 / 1.9)


def test_what_the_sitting_tells_in_the_same_second_takes_no_time_away() -> None:
    """A running part may say so each second, right before the second itself is heard."""
    heard = Heard()
    for second in range(1, 120):
        heard.alert.go_on(float(second))
        heard.hear(95.0, 1)
    assert heard.told_at() == [90.0]


def test_a_rise_just_under_the_line_is_never_told() -> None:
    """The line is 20 beats/min over the own rest, and no fixed rate."""
    assert Heard().hear(85.9, 600).events == []


def test_a_heart_that_moves_much_at_rest_has_a_higher_line() -> None:
    """Both must hold: 20 beats/min and 3 SD."""
    alert = QuietAlert()
    alert.rests(dataclasses.replace(REST, hr_sd_bpm=9.0))
    alert.enter(0.0, spoken=False)
    assert alert.line_bpm == 66.0 + 27.0


@pytest.mark.parametrize(("mode", "line"), [("personal", 86.0), ("absolute", 100.0), ("personal_and_absolute", 100.0)])
def test_the_fixed_line_counts_only_where_it_was_chosen(mode: str, line: float) -> None:
    """100 beats/min is a convention, shipped as a setting."""
    assert Heard(alert_settings({"mode": mode})).alert.line_bpm == line


def test_a_fixed_line_needs_no_rest() -> None:
    """Then nothing is said about how far over the own rest it was."""
    heard = Heard(AlertSettings(mode="absolute"), known=False).hear(101.0, 120)
    (told,) = heard.of(RiseSustained)
    assert isinstance(told, RiseSustained)
    assert (told.over_bpm, told.over_sd) == (None, None)


def test_the_first_45_seconds_of_a_part_do_not_count() -> None:
    """A heart that is up from the first second is told 45 s after they are over, and no sooner."""
    assert Heard().hear(110.0, 120).told_at() == [45.0 + 45.0]


def test_speech_onset_does_not_count() -> None:
    """A rise that began before it begins anew after it."""
    heard = Heard().hear(66.0, 50).hear(95.0, 30)
    heard.events += heard.alert.speech_begins(heard.now)
    heard.hear(95.0, 120)
    assert heard.told_at() == [80.0 + 45.0 + 45.0]


def test_a_told_rise_goes_on_through_speech() -> None:
    """Once it was told, words change nothing about it."""
    heard = Heard().hear(66.0, 50).hear(95.0, 60)
    assert heard.alert.speech_begins(heard.now) == []
    assert heard.alert.risen


def test_a_wait_breaks_a_rise_and_counts_as_a_new_beginning() -> None:
    """While the part waits nothing counts; after it the person orients themselves anew."""
    heard = Heard().hear(66.0, 50).hear(95.0, 30)
    heard.events += heard.alert.hold(heard.now)
    assert heard.of(RiseEnded) == [RiseEnded(80.0, 51.0, False, "cut_off")]
    heard.hear(95.0, 100)
    heard.alert.go_on(heard.now)
    heard.hear(95.0, 120)
    assert heard.told_at() == [180.0 + 45.0 + 45.0]


def test_a_short_laugh_is_not_told() -> None:
    """Half a minute up is over before it counts."""
    heard = Heard().hear(66.0, 60).hear(105.0, 30).hear(70.0, 120)
    assert heard.told_at() == []
    assert [event.reason for event in heard.events if isinstance(event, RiseEnded)] == ["came_back"]


def test_a_short_dip_does_not_start_a_rise_over() -> None:
    """It takes away as much as it lasts."""
    heard = Heard().hear(66.0, 50).hear(90.0, 30).hear(84.0, 5).hear(90.0, 60)
    assert heard.told_at() == [50 + 1 + 45 + 10]


def test_hovering_about_the_line_adds_up_to_nothing() -> None:
    """Longer under the line than over it is no rise, however long it goes on."""
    heard = Heard().hear(66.0, 50)
    for _ in range(100):
        heard.hear(90.0, 6).hear(84.0, 8)
    assert heard.told_at() == []


def test_a_rise_is_over_only_after_a_minute_well_under_the_line() -> None:
    """Hysteresis: 8 beats/min under it for 60 s; at 2 under it the rise goes on."""
    heard = Heard().hear(66.0, 50).hear(95.0, 60).hear(84.0, 300)
    heard.hear(77.0, 59)
    assert heard.of(RiseEnded) == []
    heard.hear(77.0, 1)
    assert heard.events[-1] == RiseEnded(heard.now, 51.0, True, "came_back")


def test_a_second_rise_within_the_refractory_time_is_withheld_until_it_is_over() -> None:
    """Said once with its reason, and told when 240 s have passed since the last."""
    heard = Heard().hear(66.0, 50).hear(95.0, 60).hear(66.0, 70).hear(95.0, 400)
    first, second = heard.told_at()
    assert second - first == 240.0
    assert heard.reasons() == ["refractory"]


def test_poor_signal_withholds_and_says_so_once() -> None:
    """Under 90 % usable intervals it may be the strap that rises."""
    heard = Heard().hear(66.0, 50).hear(95.0, 200, usable=85.0)
    assert heard.told_at() == []
    assert heard.reasons() == ["quality"]
    heard.hear(95.0, 60)
    assert len(heard.told_at()) == 1


def test_a_refused_beat_in_a_rise_does_not_hide_it() -> None:
    """Ten seconds without a heart rate because of one ectopic beat: bridged, and the quality is still good."""
    heard = Heard().hear(66.0, 50).hear(95.0, 20).hear(None, 10, usable=83.0).hear(95.0, 40)
    assert heard.told_at() == [50 + 1 + 45 + 10]


def test_a_long_silence_gives_a_rise_up() -> None:
    """What went on meanwhile is not known."""
    heard = Heard().hear(66.0, 50).hear(95.0, 20).hear(None, int(HOLE_S) + 1, usable=0.0)
    assert heard.events[-1] == RiseEnded(heard.now, 51.0, False, "signal_lost")


def test_a_machine_that_slept_adds_nothing() -> None:
    """Time in which no second was told is nobody's rise."""
    heard = Heard().hear(66.0, 50).hear(95.0, 3)
    heard.now += 3600.0
    assert heard.hear(95.0, 1).told_at() == []


def test_standing_up_does_not_count() -> None:
    """Seconds in which the sensor feels motion are left out."""
    assert Heard().hear(66.0, 50).hear(110.0, 200, moving=True).told_at() == []


def test_speaking_is_held_against_speaking() -> None:
    """Without a spoken rest nothing is told in a spoken part; with one, its own line counts."""
    heard = Heard(spoken=True).hear(110.0, 200)
    assert (heard.told_at(), heard.reasons()) == ([], ["no_matched_reference"])
    heard.alert.rests(SPOKEN_REST)
    assert heard.alert.line_bpm == 98.0
    assert heard.hear(99.0, 60).told_at() != []


def test_without_a_rest_nothing_is_told() -> None:
    """There is nothing to hold the heart against, and that is said."""
    heard = Heard(known=False).hear(150.0, 200)
    assert heard.events == [RiseWithheld(45.0, "no_reference")]


def test_nothing_counts_outside_parts() -> None:
    """Before one and after one the heart is nobody's business."""
    heard = Heard().hear(66.0, 50).hear(95.0, 60)
    heard.events += heard.alert.leave(heard.now)
    assert heard.events[-1] == RiseEnded(110.0, 51.0, True, "cut_off")
    before = len(heard.events)
    heard.hear(120.0, 600)
    assert len(heard.events) == before


def test_other_settings_hold_from_then_on() -> None:
    """A clinician raises the line while the sitting runs."""
    heard = Heard().hear(66.0, 50).hear(90.0, 20)
    heard.events += heard.alert.change(AlertSettings(delta_bpm=40.0), heard.now)
    assert heard.hear(90.0, 200).told_at() == []


def test_a_withheld_heart_rate_keeps_the_share_of_usable_intervals() -> None:
    """Too many refused intervals are still heard; silence and waiting are not."""
    refused = IndexValue("mean_hr_bpm", None, "beats/min", 10.0, 10, 17.0, "too_many_corrected: 17 %")
    silent = IndexValue("mean_hr_bpm", None, "beats/min", 10.0, 10, 0.0, "gap: no beats for 6 s")
    assert Second.of(1.0, refused) == Second(1.0, None, 83.0)
    assert Second.of(1.0, silent) == Second(1.0, None, 0.0)


def test_no_event_names_a_feeling_or_judges() -> None:
    """Names of events, of their fields and of their reasons are plain."""
    kinds = (RiseBegun, RiseSustained, RiseEnded, RiseWithheld)
    said = " ".join(str(kind.__annotations__) + kind.__name__ for kind in kinds).lower()
    assert not [word for word in (*FEELINGS, *JUDGEMENTS, "flood", "alarm", "stress") if word in said]


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("value", [-1.0, 1e6, float("nan"), "20", True, None])
def test_a_setting_out_of_its_range_is_refused_by_name(name: str, value: object) -> None:
    """With what to do instead; nothing is bent into shape silently."""
    with pytest.raises(BadInput, match=f"{name}.*choose a number from"):
        alert_settings({name: value})


def test_an_unknown_setting_or_mode_is_refused() -> None:
    """A slip of the keys must not pass as a setting."""
    with pytest.raises(BadInput, match="use one of"):
        alert_settings({"delta": 20})
    with pytest.raises(BadInput, match="use one of"):
        alert_settings({"mode": "always"})


def test_settings_come_back_as_they_were_kept() -> None:
    """What is stored with a recording makes the same settings again."""
    chosen = alert_settings({"delta_bpm": 25, "mode": "personal_and_absolute"})
    assert alert_settings(chosen.as_dict()) == chosen
    assert all(low <= getattr(AlertSettings(), name) <= high for name, (low, high) in RANGES.items())


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
