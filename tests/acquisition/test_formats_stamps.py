"""Stamps beside intervals: what is a gap, what is drift, and what is only a packet that came late."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.formats.stamps import BEAT_LOST_S, compare
from tests.acquisition.foreign_files import ends_s, heart, packet_s

RR = heart(300)
RR_S = [rr / 1000 for rr in RR]


def _arrivals(lost: dict[int, float] | None = None, late: dict[int, float] | None = None) -> list[float]:
    """Packets of 1 s; ``late``: a stall before the packet of an index, after which all held packets come at once."""
    stamps = [packet_s(at_s) for at_s in ends_s(RR, lost)]
    for i, stall_s in (late or {}).items():
        until = stamps[i] + stall_s
        stamps = [max(stamp, until) if j >= i and stamp < until else stamp for j, stamp in enumerate(stamps)]
    return stamps


def test_stamps_of_beats_show_a_single_lost_beat() -> None:
    """Where stamps follow the beats, a lead of one beat is a gap of one beat."""
    found = compare(ends_s(RR, {100: 0.8}), RR_S)
    assert found.follow_beats
    assert found.gaps_s == pytest.approx({100: 0.8})
    assert found.drift_s == pytest.approx(0.0)


def test_stamps_of_arrival_show_lost_packets() -> None:
    """The lowest lead rises and stays up."""
    found = compare(_arrivals({100: 8.0, 200: 2.5}), RR_S)
    assert not found.follow_beats
    assert list(found.gaps_s) == [100, 200]
    assert found.gaps_s[100] == pytest.approx(8.0, abs=0.5)
    assert found.gaps_s[200] == pytest.approx(2.5, abs=0.5)


@pytest.mark.parametrize("stall_s", [2.0, 5.0, 15.0])
def test_a_burst_of_late_packets_is_no_gap(stall_s: float) -> None:
    """A phone that was busy catches up: nothing was lost, and no time is added."""
    found = compare(_arrivals(late={150: stall_s}), RR_S)
    assert found.gaps_s == {}
    assert abs(found.drift_s) < 1.0


@pytest.mark.parametrize("off", [-0.024, -2e-4, 2e-4, 0.024])
def test_a_clock_that_runs_fast_or_slow_is_drift_and_no_gap(off: float) -> None:
    """Even 2.4 %, as of a sensor that counts ms where 1/1024 s is due."""
    stamps = [packet_s(at_s * (1 + off)) for at_s in ends_s(RR)]
    found = compare(stamps, RR_S)
    assert found.gaps_s == {}
    assert found.drift_s == pytest.approx(off * sum(RR_S), abs=1.0)


@pytest.mark.parametrize("bpm", [50, 59, 59.9, 60, 60.1, 61, 70, 120])
def test_beats_that_drift_through_their_packets_make_no_gaps(bpm: float) -> None:
    """Near 60 beats/min the wait for a packet changes slowly, then jumps by a whole second."""
    rr_s = [60 / bpm] * 600
    found = compare([packet_s(at_s) for at_s in np.cumsum(rr_s).tolist()], rr_s)
    assert found.gaps_s == {}


def test_a_clock_that_was_set_back_is_told_and_no_time_is_lost() -> None:
    """An hour back in autumn: the beats go on."""
    stamps = ends_s(RR)
    found = compare([*stamps[:120], *(stamp - 3600 for stamp in stamps[120:])], RR_S)
    assert found.set_back == {120}
    assert found.gaps_s == {}
    assert "set back 1 times" in found.words


def test_the_beginning_is_where_the_first_interval_began() -> None:
    """On the clock of the stamps."""
    assert compare([100.0 + at_s for at_s in ends_s(RR)], RR_S).origin_s == pytest.approx(100.0)
    assert compare([packet_s(100.0 + at_s) for at_s in ends_s(RR)], RR_S).origin_s == pytest.approx(100.0, abs=0.3)


@given(
    st.lists(st.integers(400, 1500), min_size=2, max_size=80),
    st.lists(st.floats(BEAT_LOST_S + 0.05, 60.0), min_size=1, max_size=3),
    st.data(),
)
def test_every_gap_between_stamped_beats_is_found_with_its_length(
    rr_ms: list[int], silences: list[float], data: st.DataObject
) -> None:
    """Wherever silence lies, and nowhere else."""
    count = len(rr_ms)
    places = data.draw(st.lists(st.integers(1, count - 1), min_size=1, max_size=min(len(silences), count // 4 or 1)))
    lost = dict(zip(sorted(set(places)), silences, strict=False))
    if 2 * len(lost) >= count - 1:
        return  # more silence than beats: nobody can tell what the stamps follow
    found = compare(ends_s(rr_ms, lost), [rr / 1000 for rr in rr_ms])
    assert found.gaps_s == pytest.approx(lost)
