"""The benchmarks of docs/performance.md still run, and their pictures and tables hold what was measured."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from benchmarks import growth, long_recording, peer_probe, peers, sliding
from benchmarks.chart import COLOURS, LEFT, RIGHT, WIDTH, Axis, Chart, spanning


def test_a_day_and_a_sliding_window_give_every_figure_that_the_page_takes() -> None:
    """Their shortest forms; the figures themselves are no test."""
    slid, day = sliding.measure(1), long_recording.measure(0.2)
    assert {"recordings", "core_s", "ratio", "met"} <= set(slid)
    assert {"hours", "core_s", "judging_core_s", "peak_mb"} <= set(day)
    json.dumps([slid, day])


@pytest.mark.parametrize(("low", "high"), [(0.0, 7.0), (-1200.0, 1200.0), (0.0, 0.003)])
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    """Steps of 1, 2 or 5 times a power of ten."""
    ticks = Axis("", low, high).ticks()
    assert 3 <= len(ticks) <= 8
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    step = f"{ticks[1] - ticks[0]:e}"
    assert step[0] in "125"


def test_an_axis_by_powers_of_ten_shares_its_length_among_them() -> None:
    """Each decade is as long as any other."""
    axis = Axis("", *spanning([0.3, 42.0]), log=True)
    assert (axis.low, axis.high) == (0.1, 100.0)
    assert axis.ticks() == pytest.approx([0.1, 1, 10, 100])
    assert [axis.share(value) for value in (0.1, 1, 10, 100)] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_chart_is_well_formed_and_names_each_line() -> None:
    """Any title, dots at the places of the figures, a legend row each."""
    chart = Chart("A < B & C", Axis("n", 0, 10), Axis("ms", 0, 1))
    chart.line([(0, 0), (10, 1)], COLOURS[0], "ours", dots=True)
    chart.line([(0, 1), (10, 0)], COLOURS[1], "theirs", dashed=True)
    root = ElementTree.fromstring(chart.svg())
    words = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A < B & C", "ours", "theirs", "n", "ms"} <= set(words)
    across = [float(dot.attrib["cx"]) for dot in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert across == [LEFT, WIDTH - RIGHT]


def test_growth_is_told_as_a_power() -> None:
    """Twice the beats and four times the cost is n squared."""
    assert growth.growth([(50, 9.0), (100, 1.0), (200, 4.0), (400, 16.0)]) == "grows as n^2.0 at the end"
    assert growth.growth([(100, 1.0)]) == "one point"


def test_a_program_that_was_not_run_says_so_in_as_many_columns() -> None:
    """No row is left out and none has a figure that was not measured."""
    done = peers.Measured("ours", {str(seconds): [0.1, 0.2] for seconds in peers.WINDOWS_S})
    idle = peers.Measured("other", {}, "not run: needs --peers")
    assert done.row().count("|") == idle.row().count("|") == peers.HEAD.count("|")
    assert "not run" in idle.row()


def test_each_program_that_is_installed_is_known_to_the_probe() -> None:
    """The probe is run by another interpreter, so nothing else would notice a missing name."""
    assert set(peers.REQUIREMENTS) == set(peer_probe.PEERS)
