"""The real bleak against straps that drop, fall silent, lose contact or send nonsense."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise

import pytest

from acquisition import Beat, LinkState
from acquisition.heart_rate_stream import NO_CONTACT, NO_RR
from acquisition.sensor import LinkTimings
from acquisition.supervision import LINK_LOST, SILENT_TOO_LONG
from tests.bluetooth.bluez import HANG, BlueZError, EmulatedBlueZ
from tests.bluetooth.listening import listening
from tests.bluetooth.quick import quick_strap, source

pytestmark = pytest.mark.bluetooth


async def test_a_dropped_link_recovers_with_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """Row 1: it reconnects and subscribes by itself; a gap comes right before the first beat after it."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        before = await heard.beats(5)
        strap.advertising = False
        bluetooth.drop(strap)
        await heard.link(LinkState.LOST)
        assert heard.reason(LinkState.LOST) == LINK_LOST
        strap.advertising = True
        await heard.beats(5)
        gap = await heard.gap()
    last = [beat for beat in heard.of(Beat) if beat.time_s <= gap.from_s][-1]
    after = heard.items[heard.items.index(gap) + 1]
    assert isinstance(after, Beat)
    assert (gap.from_s, after.seq) == (last.time_s, last.seq + 1)
    assert last.seq >= before[-1].seq
    assert last.time_s <= gap.to_s < after.time_s
    assert heard.links().count(LinkState.STREAMING) == 2


async def test_it_recovers_again_and_again(bluetooth: EmulatedBlueZ) -> None:
    """Row 1: each of three drops gives one gap, and time never runs back."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        for drop in range(1, 4):
            await heard.beats(3)
            bluetooth.drop(strap)
            await heard.gap(drop)
    times = [beat.time_s for beat in heard.of(Beat)]
    assert all(earlier < later for earlier, later in pairwise(times))


async def test_a_mute_strap_is_degraded_then_connected_anew(bluetooth: EmulatedBlueZ) -> None:
    """Row 2: the link itself says nothing of this, so the watchdog must."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(5)
        strap.mute = True
        await heard.link(LinkState.LOST)
        assert heard.reason(LinkState.LOST) == SILENT_TOO_LONG
        assert heard.links()[-2] is LinkState.DEGRADED
        await heard.link(LinkState.CONNECTING, times=2)
        assert "Disconnect" in bluetooth.calls
        strap.mute = False
        await heard.beats(3)
        await heard.gap()


async def test_a_short_silence_only_degrades(bluetooth: EmulatedBlueZ) -> None:
    """Row 2: data that comes back in time makes the link steady again without a new connection."""
    strap = quick_strap()
    bluetooth.add(strap)
    patient = LinkTimings(degraded_after_s=0.5, reconnect_after_s=60.0)
    async with listening(source(strap, patient)) as heard:
        await heard.beats(3)
        strap.mute = True
        await heard.link(LinkState.DEGRADED)
        strap.mute = False
        await heard.link(LinkState.STREAMING, times=2)
        await heard.beats(5)
        assert heard.links().count(LinkState.CONNECTING) == 1


async def test_lost_contact_is_told_and_leaves_a_gap(bluetooth: EmulatedBlueZ) -> None:
    """Row 13: dry electrodes end the segment though the link stands."""
    strap = quick_strap()
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.beats(3)
        strap.contact = False
        await heard.link(LinkState.DEGRADED)
        assert heard.reason(LinkState.DEGRADED) == NO_CONTACT
        strap.contact = True
        await heard.link(LinkState.STREAMING, times=2)
        assert (await heard.gap()).reason == "no contact"


async def test_empty_frames_do_not_stop_the_stream(bluetooth: EmulatedBlueZ) -> None:
    """Row 10: a frame of no bytes is a malformed frame like others."""
    strap = quick_strap()
    strap.mangle = lambda _: b""
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.until(lambda: live.counters.stream.malformed >= 2)
        strap.mangle = None
        await heard.beats(3)


async def test_a_frame_delivered_twice_counts_once(bluetooth: EmulatedBlueZ) -> None:
    """Row 14: duplicates are dropped and counted; the beats are those of the strap.

    At ten frames a second an equal neighbour cannot be told from a frame delivered twice; sensors send one a second.
    """
    strap = quick_strap()
    strap.repeat = 2
    bluetooth.add(strap)
    live = source(strap)
    async with listening(live) as heard:
        await heard.beats(10)
    once = _without_equal_neighbours(ticks for _, data, _ in strap.sent[::2] for ticks in _rr_ticks(data))
    got = _without_equal_neighbours(beat.rr_ticks for beat in heard.of(Beat))
    assert live.counters.stream.duplicates >= 5
    assert got == once[: len(got)]


def _without_equal_neighbours(ticks: Iterable[int | None]) -> list[int | None]:
    return [each for each, _ in groupby(ticks)]


def _rr_ticks(data: bytes) -> list[int]:
    first = 3 if data[0] & 1 else 2
    return [int.from_bytes(data[i : i + 2], "little") for i in range(first, len(data), 2)]


async def test_a_sensor_without_intervals_is_told_after_ten_seconds(bluetooth: EmulatedBlueZ) -> None:
    """Row 12: heart rate alone streams, and the person learns that this sensor sends no RR."""
    strap = quick_strap(sends_rr=False)
    bluetooth.add(strap)
    async with listening(source(strap)) as heard:
        await heard.link(LinkState.DEGRADED)
    assert heard.reason(LinkState.DEGRADED) == NO_RR
    assert not heard.of(Beat)


async def test_a_sensor_out_of_reach_is_found_when_it_comes(bluetooth: EmulatedBlueZ) -> None:
    """Row 6: meanwhile the link says what to check."""
    strap = quick_strap()
    strap.advertising = False
    bluetooth.add(strap)
    impatient = LinkTimings(search_s=0.2, backoff_first_s=0.05, backoff_most_s=0.1)
    async with listening(source(strap, impatient)) as heard:
        await heard.until(lambda: "moist electrodes" in (heard.reason(LinkState.SEARCHING) or ""))
        strap.advertising = True
        await heard.beats(1)


@pytest.mark.parametrize("member", ["Connect", "StartNotify", "StartDiscovery"])
@pytest.mark.parametrize(
    "fault", [BlueZError("Failed"), BlueZError("InProgress"), HANG], ids=["fails", "busy", "hangs"]
)
async def test_a_step_that_fails_or_hangs_is_tried_again(
    bluetooth: EmulatedBlueZ, member: str, fault: BlueZError | float
) -> None:
    """Row 7: whatever step goes wrong once, the strap streams in the end."""
    strap = quick_strap()
    bluetooth.add(strap)
    bluetooth.fail(member, fault)
    brisk = LinkTimings(
        search_s=3.0,
        connect_s=3.0,
        subscribe_s=1.0,
        read_s=0.5,
        goodbye_s=0.5,
        backoff_first_s=0.05,
        backoff_most_s=0.1,
    )
    async with listening(source(strap, brisk)) as heard:
        await heard.beats(2)
        assert bluetooth.calls.count(member) >= 2
