"""The timeline of a recording, as figure, words and table."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.clinician.timeline import timeline
from dashboard.clinician.timeline_frame import AXIS_OFFSET_MS, Y_AXIS, axis_key, on_axis
from dashboard.clinician.timeline_told import crosshair_rows, minute_table, summary
from dashboard.clinician.timeline_traces import arousal_step, arousal_words, corrected
from dashboard.clinician.timeline_values import Reading, TimelineValues, artefact_marks
from processing.values import Judgement, Verdict
from processing.verdicts import events
from tests.dashboard.recordings_made import beats, values


def drawn(made: TimelineValues | None = None) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(timeline(made or values()).to_json())
    return figure


def shown(figure: dict[str, Any], signal: str, beats_: str) -> list[dict[str, Any]]:
    only = figure["layout"]["meta"]["only"]
    wanted = {"signal": signal, "beats": beats_}
    return [
        trace
        for trace, rule in zip(figure["data"], only, strict=True)
        if all(wanted[key] == value for key, value in rule.items())
    ]


@pytest.mark.parametrize("signal", ["hr", "rr"])
@pytest.mark.parametrize("beats_", ["corrected", "raw"])
def test_each_choice_shows_one_thin_line_and_one_mean(signal: str, beats_: str) -> None:
    """Heart rate or RR, corrected or as recorded: one line of beats, one of means."""
    lines = [t for t in shown(drawn(), signal, beats_) if t["yaxis"] == Y_AXIS["heart"]]
    assert [line["line"]["width"] for line in lines] == [1.0, 2.25]


@pytest.mark.parametrize("signal", ["hr", "rr"])
@pytest.mark.parametrize("beats_", ["corrected", "raw"])
def test_no_line_is_drawn_across_a_gap(signal: str, beats_: str) -> None:
    """Between the last beat before a gap and the first after it stands a break."""
    for line in shown(drawn(), signal, beats_):
        if line["yaxis"] != Y_AXIS["heart"]:
            continue
        points = list(zip(line["x"], line["y"], strict=True))
        before = [p for p in points if p[0] <= on_axis(100.5)]
        after = [p for p in points if p[0] >= on_axis(111.5)]
        between = points[len(before) : len(points) - len(after)]
        assert any(value is None for _, value in [before[-1], *between, after[0]])


def test_all_panels_share_one_time_axis() -> None:
    """One x axis, no second y axis over another."""
    figure = drawn()
    assert {trace.get("xaxis", "x") for trace in figure["data"]} == {"x"}
    assert not any("overlaying" in axis for key, axis in figure["layout"].items() if key.startswith("yaxis"))


def test_felt_is_drawn_on_its_full_range() -> None:
    """0 to 100, whatever was answered."""
    for look in (drawn()["layout"], drawn()["layout"]["meta"]["narrow"]):
        low, high = look[axis_key("felt")]["range"]
        assert low <= 0
        assert high >= 100


def test_a_small_change_of_the_heart_looks_small() -> None:
    """The change panel never shrinks to the session's own range."""
    low, high = drawn()["layout"][axis_key("change")]["range"]
    assert low <= -15
    assert high >= 30


def test_marks_and_counts_agree() -> None:
    """An early beat spoils two intervals and is one mark; so does an extra one."""
    marks = artefact_marks(beats())
    assert [mark.verdict for mark in marks] == [Verdict.ECTOPIC, Verdict.MISSED, Verdict.EXTRA]


@given(st.lists(st.sampled_from(list(Verdict)), max_size=40))
def test_marks_are_the_events_that_processing_counts(verdicts: list[Verdict]) -> None:
    """For any row of verdicts there are as many marks of a kind as events."""
    row = tuple(Judgement(at, float(at), 800.0, verdict, False) for at, verdict in enumerate(verdicts))
    marks = [mark.verdict for mark in artefact_marks(row)]
    for verdict in Verdict:
        if verdict is not Verdict.NORMAL:
            assert marks.count(verdict) == events(verdicts, verdict)


def test_corrected_points_never_move_time() -> None:
    """Mended intervals end where the raw ones end."""
    points = list(corrected(beats()))
    times = [time_s for time_s, _ in points]
    assert all(later - earlier > 0.5 for earlier, later in itertools.pairwise(times))
    assert all(value is not None and abs(value - 800.0) < 1e-9 for _, value in points)


@pytest.mark.parametrize(
    ("sd", "words"), [(4.01, "over 4 SD"), (4.0, "+4.0 SD"), (-4.2, "under −4 SD"), (0.0, "0.0 SD")]
)
def test_arousal_is_told_within_four_sd(sd: float, words: str) -> None:
    """Beyond four it says over or under, never a number."""
    assert arousal_words(Reading(1.0, sd)) == words


@given(st.floats(-50, 50))
def test_more_arousal_is_never_a_paler_shade(sd: float) -> None:
    """The strip's shades go up with the value and end with over 4."""
    assert 0 <= arousal_step(sd) <= 6
    assert arousal_step(sd) <= arousal_step(sd + 0.5)
    assert (arousal_step(sd) == 6) == (sd > 4)


def test_the_summary_names_range_events_and_gaps() -> None:
    """Who cannot see the picture reads the same."""
    text = summary(values())
    assert "from 70 at 0:01 (Rest) to 76 beats a minute" in text
    assert "3 corrected or refused events, 1 gap, 1 pause" in text


def test_an_empty_recording_says_so() -> None:
    """No beats, no line, and words instead."""
    assert "too few usable beats" in summary(TimelineValues(10.0))
    assert drawn(TimelineValues(10.0))["layout"]["height"] > 0


def test_the_table_has_a_row_a_minute() -> None:
    """Five minutes, five rows, with the ratings of each minute."""
    rows = minute_table(values()).children.children[1].children
    assert [row.children[0].children for row in rows] == ["1:00", "2:00", "3:00", "4:00", "5:00"]
    assert rows[3].children[5].children == "distress 58, body stirred up 62"


def test_the_crosshair_reads_out_a_gap() -> None:
    """At a moment without signal it says so."""
    told = {(at - AXIS_OFFSET_MS) / 1000: said for at, said in crosshair_rows(values())}
    assert "No signal" in told[105.0]
    assert told[150.0].startswith("2:30, Out of reach, heart 73")


def test_phase_names_have_shorter_forms() -> None:
    """The page writes the longest that fits; inserted spans are no phases of the script."""
    names = drawn()["layout"]["meta"]["names"]
    assert [name["texts"][1] for name in names] == ["Rest", "Out of reach", "Soft breath"]


def test_no_time_on_the_axis_can_be_taken_for_a_year() -> None:
    """Plotly reads a bare number of four digits as a year; every place on the axis has more."""
    for trace in drawn()["data"]:
        assert all(place >= AXIS_OFFSET_MS for place in trace["x"])


def test_gaps_lie_behind_lines_and_marks() -> None:
    """The hatching never hides an artefact mark."""
    holes = [trace for trace in drawn()["data"] if trace["yaxis"] == Y_AXIS["holes"]]
    assert holes
    assert Y_AXIS["holes"] == "y"


def test_the_crosshair_tells_only_of_its_own_moment() -> None:
    """A rating minutes away is not read out."""
    assert 0 < drawn()["layout"]["hoverdistance"] <= 10
