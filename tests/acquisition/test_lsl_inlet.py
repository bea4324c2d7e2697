"""A stream of Lab Streaming Layer as a source: where its intervals lie, what is refused, what a lost one does."""

from __future__ import annotations

import asyncio
import math
import socket
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from acquisition import lsl, lsl_inlet
from acquisition.beats import Beat, Gap, Item, LinkChange, LinkState
from acquisition.errors import BadInput, EnvironmentFault
from acquisition.lsl_inlet import BY_ARRIVAL, HOLE, NO_INTERVALS, NO_NUMBER, NONE_FOUND, SEVERAL, LslSource, Placing
from acquisition.source_contract import check_source
from acquisition.sources import open_source

pytestmark = pytest.mark.xdist_group("lsl")  # two at once would see each other's streams


# ---- where intervals lie: pure ------------------------------------------------------------


def placed(*rows: tuple[float, float]) -> list[Item]:
    placing = Placing()
    return [item for rr_ms, stamp_s in rows for item in placing.push(rr_ms, stamp_s)]


def test_a_stamped_interval_ends_at_its_stamp() -> None:
    """Neighbours follow one another without a gap."""
    items = placed((800.0, 10.0), (810.5, 10.8105), (790.0, 11.6))
    assert items == [
        Beat("heart-1", 0, 10.0, 800.0, None, 10.0),
        Beat("heart-1", 1, 10.8105, 810.5, None, 10.8105),
        Beat("heart-1", 2, 11.6, 790.0, None, 11.6),
    ]


def test_a_single_beat_that_is_missing_is_a_gap() -> None:
    """No difference is taken across it."""
    items = placed((800.0, 10.0), (800.0, 11.6))
    assert items[1] == Gap("heart-1", 10.0, pytest.approx(10.8), HOLE)


@pytest.mark.parametrize("value", [math.nan, math.inf, -800.0, 0.0, 0.8, 70_000.0])
def test_a_sample_that_is_no_interval_is_a_gap(value: float) -> None:
    """It is nobody's neighbour, and no beat."""
    items = placed((800.0, 10.0), (value, 10.8), (800.0, 11.6))
    assert [type(item) for item in items] == [Beat, Gap, Beat]
    assert isinstance(items[1], Gap)
    assert items[1].reason == NO_NUMBER


def test_a_program_that_stamps_arrivals_is_found_out_and_its_beats_are_laid_by_their_intervals() -> None:
    """Two or three intervals come with one stamp; after the first of them the beat clock places them."""
    rr_ms = [800.0 + 7.3 * (n % 5) for n in range(300)]
    rows, end_s, sent = [], 100.0, []
    for value in rr_ms:
        end_s += value / 1000
        sent.append(end_s)
        rows.append((value, float(math.ceil(end_s))))
    items = placed(*rows)
    beats = [item for item in items if isinstance(item, Beat)]
    gaps = [item for item in items if isinstance(item, Gap)]
    assert [beat.rr_ms for beat in beats] == rr_ms[: len(beats)]
    assert len(beats) >= len(rr_ms) - 3
    assert [gap.reason for gap in gaps] == [BY_ARRIVAL]
    settled = zip(beats[60:], sent[60:], strict=False)
    assert max(abs(beat.time_s - true_s) for beat, true_s in settled) < 0.06
    assert all(beat.uncertainty_ms for beat in beats[10:])


def test_a_sender_that_corrects_its_clock_still_stamps_beats() -> None:
    """A beat that seems to begin a third of a second before the last one has ended is no packet, and no gap."""
    items = placed((800.0, 10.0), (800.0, 10.45), (800.0, 11.25))
    assert [(type(item), item.time_s) for item in items] == [(Beat, 10.0), (Beat, 10.45), (Beat, 11.25)]


def test_beats_count_up_and_never_go_back() -> None:
    """Whatever the stamps do."""
    items = placed((800.0, 10.0), (800.0, 9.9), (800.0, 9.0), (800.0, 30.0), (800.0, 29.0), (800.0, 29.1))
    beats = [item for item in items if isinstance(item, Beat)]
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert [beat.time_s for beat in beats] == sorted(beat.time_s for beat in beats)


# ---- the library itself -------------------------------------------------------------------


@pytest.fixture
def pylsl(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library, kept to this computer, which answers soon."""
    pytest.importorskip("pylsl", reason="the extra lsl is not installed", exc_type=ImportError)
    if sys.platform != "linux":
        pytest.skip("outlets stay closed here")
    monkeypatch.setattr(lsl_inlet, "SEARCH_S", 0.7)
    return lsl.library()


class Sender:
    """Another program that sends intervals."""

    def __init__(self, pylsl: Any, name: str = "RR", **how: Any) -> None:
        self._pylsl = pylsl
        info = pylsl.StreamInfo(name, "RR", how.get("channels", 1), how.get("rate", 0), "double64", f"test {name}")
        self.outlet = lsl.open_here(lambda: pylsl.StreamOutlet(info))
        self._next_s = pylsl.local_clock()

    async def send(self, *rr_ms: float) -> None:
        """One after another, each stamped with its end, not waited for."""
        async with asyncio.timeout(20):
            while not self.outlet.have_consumers():
                await asyncio.sleep(0.01)
        for value in rr_ms:
            self._next_s += value / 1000
            self.outlet.push_sample([value], self._next_s)


async def heard(source: LslSource, until: int, sender: Sender, *rr_ms: float) -> list[Item]:
    """Items up to so many beats."""
    items: list[Item] = []
    sending = asyncio.create_task(sender.send(*rr_ms))
    async with asyncio.timeout(30):
        async for item in source:
            items.append(item)
            if sum(isinstance(one, Beat) for one in items) == until:
                break
    await sending
    await source.aclose()
    return items


async def test_a_stream_is_found_by_its_name_and_its_beats_lie_on_our_clock(pylsl: Any) -> None:
    """Searched for, streaming, three beats with the values sent, and their spacing to the millisecond."""
    source = LslSource("RR of test")
    begun_s = pylsl.local_clock() - lsl.clock_ahead_s(pylsl) - (source.info.origin_ns or 0) / 1e9
    items = await heard(source, 3, Sender(pylsl, "RR of test"), 800.0, 812.5, 790.0)
    beats = [item for item in items if isinstance(item, Beat)]
    assert [beat.rr_ms for beat in beats] == [800.0, 812.5, 790.0]
    assert beats[2].time_s - beats[0].time_s == pytest.approx(1.6025, abs=0.002)
    assert beats[0].time_s == pytest.approx(begun_s + 0.8, abs=2.0)
    states = [item.state for item in items if isinstance(item, LinkChange)]
    assert states[-1] is LinkState.STREAMING


async def test_a_stream_that_ends_is_lost_and_found_again(pylsl: Any) -> None:
    """The next beat comes after a gap."""
    sender = Sender(pylsl, "RR coming and going")
    source = LslSource("RR coming and going")
    items: list[Item] = []

    async def act() -> None:
        nonlocal sender
        await sender.send(800.0, 800.0)
        while sum(isinstance(one, Beat) for one in items) < 2:
            await asyncio.sleep(0.01)
        del sender
        while not any(isinstance(one, LinkChange) and one.state is LinkState.LOST for one in items):
            await asyncio.sleep(0.01)
        sender = Sender(pylsl, "RR coming and going")
        await sender.send(800.0, 800.0)

    acting = asyncio.create_task(act())
    async with asyncio.timeout(40):
        async for item in source:
            items.append(item)
            if sum(isinstance(one, Beat) for one in items) == 4:
                await source.aclose()
    await acting
    assert [type(item) for item in items if isinstance(item, Beat | Gap)] == [Beat, Beat, Gap, Beat, Beat]


async def told(name: str) -> str:
    """Why a source goes on searching, once it has looked for this stream and seen it."""
    source = LslSource(name)
    try:
        async for item in source:
            assert not isinstance(item, Beat)
            if isinstance(item, LinkChange) and (name == "nobody" or item.reason != NONE_FOUND):
                assert item.state is LinkState.SEARCHING
                return item.reason or ""
    finally:
        await source.aclose()
    raise AssertionError("the source has ended by itself")


async def test_a_stream_that_holds_no_intervals_is_told(pylsl: Any) -> None:
    """Two channels, a fixed rate, or none at all: the search goes on, with the reason."""
    senders = [Sender(pylsl, "pairs", channels=2), Sender(pylsl, "brain", rate=130)]
    async with asyncio.timeout(20):
        reasons = await asyncio.gather(*(told(name) for name in ("pairs", "brain", "nobody")))
    assert reasons == [NO_INTERVALS, NO_INTERVALS, NONE_FOUND]
    assert len(senders) == 2


async def test_of_two_streams_of_one_name_none_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is asked for the source id."""

    class Named:
        def name(self) -> str:
            return "twin"

        type = source_id = name

    library = SimpleNamespace(resolve_streams=lambda wait_s: [Named(), Named()])
    monkeypatch.setattr(lsl_inlet, "library", lambda *, network: library)
    async with asyncio.timeout(20):
        assert await told("twin") == SEVERAL


async def test_it_keeps_the_contract_of_sources(pylsl: Any) -> None:
    """Also while there is no stream at all: time goes on."""
    assert pylsl
    seen = await check_source(lambda: open_source("lsl:nobody sends this"), seconds=1.0)
    assert seen.kinds == {"LinkChange", "Tick"}


# ---- nobody outside -----------------------------------------------------------------------


def test_every_port_of_an_outlet_is_bound_to_this_computer(pylsl: Any) -> None:
    """Asked of the system itself, socket by socket; without it they would be open to everybody."""
    before = lsl._descriptors()
    sender = Sender(pylsl, "RR alone")
    devices = [port.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16) for port in lsl._opened_since(before)]
    assert len(devices) >= 3
    assert {device.rstrip(b"\0") for device in devices} == {lsl.LOOPBACK_DEVICE}
    assert sender


def test_a_process_may_not_ask_for_both_scopes(pylsl: Any) -> None:
    """The library takes its configuration once; a second wish would be ignored in silence."""
    assert pylsl
    with pytest.raises(BadInput, match="this computer alone"):
        lsl.library(network=True)


def test_where_ports_cannot_be_kept_in_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems the network has to be asked for."""
    monkeypatch.setattr(lsl.sys, "platform", "win32")
    with pytest.raises(EnvironmentFault, match="cannot be kept from the network"):
        lsl.open_here(lambda: pytest.fail("it was opened"))


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typed error, before anything is opened."""
    monkeypatch.setitem(lsl.sys.modules, "pylsl", None)
    with pytest.raises(EnvironmentFault, match=r"attunement\[lsl\]"):
        LslSource()


def test_a_unit_that_is_none_is_refused() -> None:
    """Before anything is opened."""
    with pytest.raises(BadInput, match="ms or s"):
        LslSource(unit="furlongs")
