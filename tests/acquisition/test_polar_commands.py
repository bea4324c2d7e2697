"""What the control point of Polar's measurement service is told and answers, byte by byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from acquisition.errors import MalformedFrame
from acquisition.polar_commands import (
    MEANING,
    Setting,
    Status,
    features,
    response,
    settings,
    settings_command,
    start_command,
    stop_command,
    stopped_kinds,
)
from acquisition.polar_measurement import Kind
from tests.bluetooth.polar_frames import answer, settings_list


@given(st.binary(max_size=80))
def test_any_answer_is_read_or_refused(data: bytes) -> None:
    """Nothing but MalformedFrame is raised, by any of the readers."""
    for read in (features, response, settings):
        try:
            read(data)
        except MalformedFrame:
            continue


def test_commands_are_those_that_the_sensor_knows() -> None:
    """The start of an ECG is the published example, byte by byte."""
    start = start_command(Kind.ECG, {Setting.RATE: 130, Setting.RESOLUTION: 14})
    assert start == bytes.fromhex("02000001820001010e00")
    assert (settings_command(Kind.ACC), stop_command(Kind.PPI)) == (b"\x01\x02", b"\x03\x03")


def test_settings_are_lists_of_values() -> None:
    """Rates, resolution, ranges and channels of an accelerometer."""
    listed = settings_list((0, 2, [25, 50, 100]), (1, 2, [16]), (2, 2, [2, 4, 8]), (4, 1, [3]))
    assert settings(listed) == {
        Setting.RATE: (25, 50, 100),
        Setting.RESOLUTION: (16,),
        Setting.RANGE: (2, 4, 8),
        Setting.CHANNELS: (3,),
    }
    assert settings(b"") == {}


def test_every_status_but_success_has_words() -> None:
    """Errors of the control point are told by name; a new one by its number."""
    assert set(MEANING) == set(Status) - {Status.SUCCESS}
    assert response(answer(2, 0, 13)).meaning == "it is in its charger"
    assert response(answer(2, 0, 99)).meaning == "status 99"


def test_a_sensor_may_end_a_measurement_by_itself() -> None:
    """It then names the kinds, unasked; an answer is none of these."""
    assert stopped_kinds(bytes((1, 0, 2))) == {Kind.ECG, Kind.ACC}
    assert stopped_kinds(answer(2, 0, 0)) is None


def test_the_features_of_a_h10_are_ecg_and_acceleration() -> None:
    """Bit by bit, as its control point reads."""
    assert features(bytes.fromhex("0f0500")) == {Kind.ECG, Kind.ACC}
