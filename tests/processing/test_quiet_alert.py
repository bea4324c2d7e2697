"""The quiet alert: personal, sustained, slow to end, deaf at onsets, silent after it has spoken and on poor signal."""

from __future__ import annotations

import dataclasses

import pytest

from acquisition.errors import BadInput
from processing.alert_settings import RANGES, AlertSettings, alert_settings
from processing.quiet_alert import (
    HOLE_S,
    QuietAlert,
    RiseBegun,
    RiseEnded,
    RiseSustained,
    RiseWithheld,
    Second,
)
from processing.values import IndexValue
from sessions.unwanted_words import FEELINGS, JUDGEMENTS
from tests.processing.alert_heard import LINE, REST, SPOKEN_REST, Heard


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
