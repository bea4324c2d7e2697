"""The real bleak and straps whose frames are odd: nonsense, wild intervals, bursts, losses, another unit."""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import replace
from itertools import pairwise

import pytest

from acquisition import Beat, Gap, LinkState, Notification
from acquisition.beat_clock import MISSING
from acquisition.clock import NS_PER_S
from acquisition.heart_rate_stream import NO_CONTACT, UNREADABLE, UNREADABLE_GAP, WRONG_UNIT
from tests.bluetooth.bluez import EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import SHORT, in_fast_motion, quick_strap, source
from tests.bluetooth.strap import EmulatedStrap

pytestmark = pytest.mark.bluetooth


async def test_many_unreadable_frames_are_told_and_kept_raw(bluetooth: EmulatedBlueZ) -> None:
    """Row 10: above one in twenty the link is degraded until it is better; each frame is kept as it came, costs its own
    beats and leaves a gap, and the stream goes on."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.beats(3)
        strap.mangle = lambda data: data[:-1]
        await heard.link(LinkState.DEGRADED)
        strap.mangle = None
        await heard.beats(2)
        assert heard.reason(LinkState.DEGRADED) == UNREADABLE
        assert (await heard.gap()).reason == UNREADABLE_GAP
        assert LinkState.LOST not in heard.links()
    frames = [frame.data for frame in heard.of(Notification)]
    assert frames == [data for _, data, _ in strap.sent][: len(frames)]
    assert live.counters.stream.malformed >= 3


@pytest.mark.parametrize("word", [0, 52, 0xFFFF], ids=["zero", "51 ms", "64 s"])
async def test_wild_intervals_are_kept_and_move_no_beat(bluetooth: EmulatedBlueZ, word: int) -> None:
    """Row 11: the raw value is recorded; beats after it lie where they would have been."""
    strap = quick_strap()
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.beats(10)
        strap.mangle = lambda data: data + word.to_bytes(2, "little") if data[0] & 16 else data
        await heard.until(lambda: any(beat.rr_ticks == word for beat in heard.of(Beat)))
        strap.mangle = None
        beats = await heard.beats(20)
    times = [beat.time_s for beat in beats]
    assert all(a < b for a, b in pairwise(times))
    assert live.info.origin_ns is not None
    truth = {round(at_s - live.info.origin_ns / NS_PER_S, 6) for _, _, ready in strap.sent for at_s in ready}
    late = [min(abs(beat.time_s - at_s) for at_s in truth) for beat in beats[-10:]]
    assert statistics.median(late) < 0.15


async def test_a_heart_rate_of_zero_is_lost_contact(bluetooth: EmulatedBlueZ) -> None:
    """Row 13: a strap without a contact bit says it with its rate; the segment ends and nothing is interpolated."""
    strap = quick_strap()
    strap.contact = None
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        strap.mangle = lambda _: b"\x00\x00"
        await heard.link(LinkState.DEGRADED)
        assert heard.reason(LinkState.DEGRADED) == NO_CONTACT
        strap.mangle = None
        await heard.beats(3)
        assert (await heard.gap()).reason == "no contact"


async def test_a_burst_after_a_stall_is_taken_whole_and_placed_by_its_intervals(bluetooth: EmulatedBlueZ) -> None:
    """Row 15: nothing is missing, and beats lie an interval apart though their frames came at once."""
    strap = EmulatedStrap(mean_rr_s=0.2, period_s=0.25)
    bluetooth.add(strap)
    async with listening(source(strap, replace(SHORT, degraded_after_s=30.0, reconnect_after_s=60.0))) as heard:
        await heard.beats(15)
        strap.holding = True
        await asyncio.sleep(1.7)
        strap.holding = False
        beats = await heard.beats(15)
    assert not heard.of(Gap)
    sent = [ticks for _, data, _ in strap.sent for ticks in _ticks(data)]
    assert [beat.rr_ticks for beat in beats] == sent[: len(beats)]
    apart = [abs(b.time_s - a.time_s - b.rr_ms / 1000) for a, b in pairwise(beats[10:])]
    assert statistics.median(apart) < 0.02
    assert max(apart) < 0.3


async def test_beats_that_vanish_without_a_word_leave_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """Row 16: the link stands and says nothing; the lag of the frames after it tells."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(20)
        strap.losing = True
        await asyncio.sleep(0.9)
        strap.losing = False
        gap = await heard.gap()
        await heard.beats(3)
    assert gap.reason == MISSING
    assert 0.4 < gap.to_s - gap.from_s < 1.8
    assert LinkState.LOST not in heard.links()


async def test_a_sensor_that_counts_in_milliseconds_is_told(bluetooth: EmulatedBlueZ) -> None:
    """Row 17: after four minutes of its time, here fifteen times as fast, the person is offered the other unit."""
    speed = 15.0  # faster, and the hold-ups of a busy machine would be as large as what is looked for
    strap = EmulatedStrap(mean_rr_s=0.85, period_s=1 / speed, speed=speed, ticks_per_s=1000)
    bluetooth.add(strap)
    async with listening(in_fast_motion(strap, speed)) as heard:
        await heard.until(lambda: heard.reason(LinkState.DEGRADED) == WRONG_UNIT, patience_s=90.0)


async def test_a_unit_given_for_a_sensor_is_used_from_its_first_beat(bluetooth: EmulatedBlueZ) -> None:
    """Row 17: the override; the choice is kept in the stream as a fact, so that a replay reads it the same way."""
    strap = quick_strap(ticks_per_s=1000)
    bluetooth.add(strap)
    async with listening(source(strap, rr_unit="ms")) as heard:
        beats = await heard.beats(5)
    words = [ticks for _, data, _ in strap.sent for ticks in _ticks(data)]
    assert [beat.rr_ms for beat in beats] == words[: len(beats)]
    assert heard.fact("rr_unit") == "ms"


def _ticks(data: bytes) -> list[int]:
    first = 3 if data[0] & 1 else 2
    return [int.from_bytes(data[i : i + 2], "little") for i in range(first, len(data), 2)] if data[0] & 16 else []
