"""From notifications and link changes to beats and gaps: what follows from what, and that nothing else matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState, Notification, SensorFact, Tick
from acquisition.heart_rate_stream import (
    CONTACT_GAP,
    LINK_GAP,
    NO_BEATS,
    NO_CONTACT,
    NO_RR,
    UNREADABLE,
    UNREADABLE_GAP,
    HeartRateStream,
)
from tests.acquisition.radio import frames
from tests.bluetooth.frames import heart_rate_frame

STREAM = "heart-1"


def note(at_s: float, data: bytes) -> Notification:
    return Notification(STREAM, at_s, round(at_s * 1e9), data)


def frame(at_s: float, *rr_ticks: int, rate: int = 60, contact: bool | None = None) -> Notification:
    """A frame with these intervals, or without the RR flag when there are none."""
    return note(at_s, heart_rate_frame(rate, rr_ticks or None, contact=contact))


def link(at_s: float, state: LinkState, reason: str | None = None) -> LinkChange:
    return LinkChange(STREAM, at_s, state, reason)


def feed(items: Iterable[Item], stream: HeartRateStream | None = None) -> list[Item]:
    stream = stream or HeartRateStream(STREAM)
    return [out for item in items for out in stream.feed(item)]


def beats(items: Iterable[Item]) -> list[Beat]:
    return [item for item in items if isinstance(item, Beat)]


def gaps(items: Iterable[Item]) -> list[Gap]:
    return [item for item in items if isinstance(item, Gap)]


def links(items: Iterable[Item]) -> list[tuple[LinkState, str | None]]:
    return [(item.state, item.reason) for item in items if isinstance(item, LinkChange)]


def steady(start_s: int, end_s: int) -> list[Notification]:
    """One beat a second, each in its frame; intervals differ by a tick so that no two frames are equal."""
    return [frame(float(s), 1024 + s % 2) for s in range(start_s, end_s)]


# ---- beats ------------------------------------------------------------------------------


def test_a_notification_comes_first_and_its_beats_after_it() -> None:
    """Each beat carries its raw ticks, their exact milliseconds, its arrival and the next number."""
    out = feed([frame(5.0, 1000, 1030)])
    assert out[0] == frame(5.0, 1000, 1030)
    first, second = beats(out)
    assert (first.seq, first.rr_ticks, first.rr_ms) == (0, 1000, 976.5625)
    assert (second.seq, second.rr_ticks, second.time_s, second.arrival_s) == (1, 1030, 5.0, 5.0)
    assert first.time_s == pytest.approx(5.0 - 1030 / 1024)


def test_items_of_other_streams_and_kinds_pass_untouched() -> None:
    """Two people's streams do not mix."""
    other = Notification("heart-2", 1.0, 0, heart_rate_frame(60, [1024]))
    fact = SensorFact(STREAM, 1.0, "model", "E1")
    assert feed([other, fact, Tick(STREAM, 1.0)]) == [other, fact, Tick(STREAM, 1.0)]


def test_odd_intervals_are_kept_raw() -> None:
    """Zero, 51 ms and 64 s are not believed and not hidden either."""
    out = beats(feed([*steady(1, 5), frame(5.0, 1024, 52, 0), frame(6.0, 0xFFFF)]))
    assert [beat.rr_ticks for beat in out[-4:]] == [1024, 52, 0, 0xFFFF]


# ---- gaps -------------------------------------------------------------------------------


def test_a_lost_link_is_a_gap_right_before_the_first_beat_after_it() -> None:
    """It reaches from the last beat to where the first interval after it began."""
    lost = [link(5.5, LinkState.LOST, "gone"), link(6.0, LinkState.SEARCHING), link(12.0, LinkState.STREAMING)]
    out = feed([*steady(1, 6), *lost, *steady(13, 16)])
    (gap,) = gaps(out)
    assert out[out.index(gap) - 1] == frame(13.0, 1025)
    assert isinstance(out[out.index(gap) + 1], Beat)
    assert (gap.from_s, gap.reason) == (beats(out)[4].time_s, LINK_GAP)
    assert gap.to_s == pytest.approx(13.0 - 1025 / 1024)


def test_no_gap_comes_before_the_first_beat_or_without_one_after_it() -> None:
    """A gap lies between beats."""
    before = [link(0.0, LinkState.SEARCHING), link(0.5, LinkState.STREAMING), *steady(1, 3)]
    assert not gaps(feed([*before, link(3.0, LinkState.LOST)]))


def test_an_interval_that_spans_the_drop_stays_whole_behind_the_gap() -> None:
    """The strap counted on; its interval is kept, and the gap before it keeps it out of every difference."""
    out = feed([*steady(1, 6), link(5.5, LinkState.LOST), link(7.0, LinkState.STREAMING), frame(8.0, 3072)])
    (gap,) = gaps(out)
    assert beats(out)[-1].rr_ms == 3000.0
    assert gap.from_s <= gap.to_s < beats(out)[-1].time_s


@pytest.mark.parametrize("silent", [frame(6.0, contact=False), frame(6.0, rate=0, contact=None)], ids=["bit", "rate 0"])
def test_lost_contact_is_told_and_ends_the_segment(silent: Notification) -> None:
    """Whether the sensor says it with its contact bit or with a heart rate of 0."""
    out = feed([link(0, LinkState.STREAMING), *steady(1, 6), silent, frame(9.0, 1024, contact=True)])
    assert links(out)[1:] == [(LinkState.DEGRADED, NO_CONTACT), (LinkState.STREAMING, None)]
    assert [gap.reason for gap in gaps(out)] == [CONTACT_GAP]


def test_intervals_without_contact_are_no_beats_and_are_counted() -> None:
    """A sensor that has felt skin before is believed when it feels none."""
    stream = HeartRateStream(STREAM)
    out = feed([frame(1.0, 1024, contact=True), frame(2.0, 300, 310, contact=False)], stream)
    assert len(beats(out)) == 1
    assert stream.counters.rr_without_contact == 2


def test_a_contact_bit_that_never_worked_is_not_believed() -> None:
    """Some straps claim "no contact" for ever while they send good intervals."""
    out = feed([frame(float(s), 1024 + s, contact=False) for s in range(1, 6)])
    assert len(beats(out)) == 5
    assert not links(out)
    assert not gaps(out)


def test_an_unreadable_frame_is_counted_and_leaves_a_gap() -> None:
    """It may have held beats, so nothing is bridged; the frame itself is kept."""
    stream = HeartRateStream(STREAM)
    bad = note(6.0, heart_rate_frame(60, [1024, 1024])[:-1])
    out = feed([*steady(1, 6), bad, *steady(7, 10)], stream)
    assert bad in out
    assert stream.counters.malformed == 1
    assert [gap.reason for gap in gaps(out)] == [UNREADABLE_GAP]


# ---- duplicates -------------------------------------------------------------------------


def test_the_same_frame_within_200_ms_counts_once() -> None:
    """The second is dropped and counted; the notification itself is kept."""
    stream = HeartRateStream(STREAM)
    out = feed([frame(1.0, 1024), frame(1.05, 1024), frame(2.05, 1024)], stream)
    assert len(beats(out)) == 2
    assert len([item for item in out if isinstance(item, Notification)]) == 3
    assert stream.counters.duplicates == 1
    assert not gaps(out)


def test_equal_frames_in_a_burst_after_a_stall_all_count() -> None:
    """A very regular heart sends equal frames; queued up they come at once."""
    stream = HeartRateStream(STREAM)
    regular = [frame(float(s), 1024) for s in range(1, 30)]
    burst = [frame(33.0 + k / 100, 1024) for k in range(4)]
    out = feed([*regular, *burst, frame(34.0, 1024)], stream)
    assert len(beats(out)) == 29 + 4 + 1
    assert stream.counters.duplicates == 0
    assert not gaps(out)


# ---- what the frames tell of the link ---------------------------------------------------


def test_ten_seconds_without_an_interval_say_that_the_sensor_sends_none() -> None:
    """Only its heart rate can be shown then."""
    out = feed([link(0, LinkState.STREAMING), *[frame(float(s)) for s in range(1, 12)]])
    assert links(out) == [(LinkState.STREAMING, None), (LinkState.DEGRADED, NO_RR)]
    assert out[-1].time_s == 11.0


def test_a_sensor_that_did_send_intervals_is_asked_for_its_fit() -> None:
    """Beats that stop are another trouble than a sensor without them, and they may come back."""
    silent = [frame(float(s)) for s in range(6, 17)]
    out = feed([link(0, LinkState.STREAMING), *steady(1, 6), *silent, *steady(17, 20)])
    assert links(out)[1:] == [(LinkState.DEGRADED, NO_BEATS), (LinkState.STREAMING, None)]
    assert len(gaps(out)) == 1


def test_many_unreadable_frames_degrade_the_link_until_they_end() -> None:
    """More than 5 % within a minute is told; one now and then is not."""
    bad = [note(s + 0.5, b"\x10\x3c\x01") for s in range(10, 13)]
    mixed = sorted([*steady(1, 100), *bad], key=lambda item: item.time_s)
    out = feed([link(0, LinkState.STREAMING), *mixed])
    assert links(out)[1:] == [(LinkState.DEGRADED, UNREADABLE), (LinkState.STREAMING, None)]
    single = sorted([*steady(1, 100), bad[0]], key=lambda item: item.time_s)
    assert links(feed([link(0, LinkState.STREAMING), *single])) == [(LinkState.STREAMING, None)]


def test_a_repeated_link_change_is_swallowed() -> None:
    """Ten looks for a sensor are one search."""
    assert len(feed([link(float(s), LinkState.SEARCHING, "not seen") for s in range(10)])) == 1


def test_a_frame_held_back_is_given_when_the_link_changes() -> None:
    """Two lost seconds are suspected, then the link goes: the beats come out before the change, behind a gap."""
    out = feed([*steady(1, 20), frame(23.0, 1024), link(23.5, LinkState.LOST)])
    assert isinstance(out[-1], LinkChange)
    assert isinstance(out[-2], Beat)
    assert len(gaps(out)) == 1


# ---- determinism ------------------------------------------------------------------------

EVENTS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.01, 0.1, 0.9, 1.0, 1.1, 3.0, 12.0]),
        st.one_of(
            st.lists(st.sampled_from([0, 52, 800, 1024, 1100, 2048, 0xFFFF]), max_size=3),
            st.sampled_from(["no contact", "contact", "rate only", "cut", "empty", *LinkState]),
        ),
    ),
    max_size=60,
)


def story(events: Sequence[tuple[float, list[int] | str]]) -> list[Item]:
    """Items of a source that lives through these events."""
    items: list[Item] = []
    now_s = 0.0
    special = {
        "no contact": heart_rate_frame(0, None, contact=False),
        "contact": heart_rate_frame(60, [1024], contact=True),
        "rate only": heart_rate_frame(60, None),
        "cut": heart_rate_frame(60, [1024])[:-1],
        "empty": b"",
    }
    for wait_s, event in events:
        now_s += wait_s
        if isinstance(event, LinkState):
            items.append(link(now_s, event))
        else:
            items.append(note(now_s, special[event] if isinstance(event, str) else heart_rate_frame(60, event)))
    return items


@given(EVENTS)
@settings(max_examples=300)
def test_whatever_happens_beats_and_gaps_keep_their_order(events: list[tuple[float, list[int] | str]]) -> None:
    """Numbers count up by one, time rises, and each gap is followed by a beat and joins it to the one before."""
    out = [item for item in feed(story(events)) if isinstance(item, (Beat, Gap))]
    assert [beat.seq for beat in beats(out)] == list(range(len(beats(out))))
    assert all(a.time_s < b.time_s for a, b in pairwise(beats(out)))
    for before, item, after in zip(out, out[1:], [*out[2:], None], strict=False):
        if isinstance(item, Gap):
            assert isinstance(before, Beat)
            assert isinstance(after, Beat)
            assert before.time_s == item.from_s <= item.to_s <= after.time_s


@given(EVENTS)
@settings(max_examples=300)
def test_what_a_recording_keeps_gives_the_same_stream_again(events: list[tuple[float, list[int] | str]]) -> None:
    """Notifications and link changes of the output, derived ones included, lead to the same output."""
    once = feed(story(events))
    assert feed([item for item in once if isinstance(item, (Notification, LinkChange))]) == once


@given(EVENTS, st.integers(1, 5))
def test_ticks_change_nothing(events: list[tuple[float, list[int] | str]], every: int) -> None:
    """However often time is told, the beats are the same."""
    items = story(events)
    ticked = [
        each for k, item in enumerate(items) for each in ([item, Tick(STREAM, item.time_s)][: 1 + (k % every == 0)])
    ]
    assert [item for item in feed(ticked) if not isinstance(item, Tick)] == feed(items)


def test_a_clean_strap_gives_every_interval_once_and_no_gap() -> None:
    """Ten minutes over a radio with late frames."""
    sent = list(frames(11, minutes=10))
    out = feed([each.notification for each in sent])
    assert [beat.rr_ticks for beat in beats(out)] == [t for each in sent for t in each.rr_ticks]
    assert not gaps(out)
