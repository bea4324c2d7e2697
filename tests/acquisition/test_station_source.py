"""A strap that a browser holds, as a source: nothing lost, nothing doubled, in the order of its own time."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.beats import Beat, BeatSource, Gap, LinkChange, LinkState, Notification, SensorFact, Tick
from acquisition.heart_rate_stream import LINK_GAP
from acquisition.source_contract import check_source
from acquisition.station import Station
from acquisition.station_source import (
    CLOCK_TRIP,
    HOLD_S,
    PAGE_AWAY,
    QUIET_S,
    StationSource,
)
from tests.acquisition.scripted_page import ScriptedPage
from tests.acquisition.station_heard import RR, beats, listen
from tests.acquisition.virtual_time import VirtualLoop, run


def test_what_a_page_tells_is_the_frames_as_they_were() -> None:
    """Bytes, intervals, name, and the round trip of its clock."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        page.happens(link="connecting")
        page.happens(fact="battery_percent", value="Vw==")
        await beats(page, 20)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent
    assert [beat.rr_ticks for beat in heard.of(Beat)] == [RR + k % 7 for k in range(20)]
    assert [state for state, _ in heard.links] == [LinkState.SEARCHING, LinkState.CONNECTING, LinkState.STREAMING]
    assert {fact.name: fact.value for fact in heard.of(SensorFact)} == {"battery_percent": "87", CLOCK_TRIP: "1.5"}
    assert not page.held


def test_arrival_is_when_the_browser_had_the_frame_and_not_when_it_came() -> None:
    """The page's clock, brought to ours; whatever the way to us took."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 2)
        page.cut()
        await asyncio.sleep(0.2)
        page.beat(RR)
        await asyncio.sleep(0.3)
        page.connect()

    heard, _, _ = listen(play)
    *_, last = heard.of(Notification)
    assert last.time_s == pytest.approx(0.25 + 2.2)
    assert last.arrival_ns == round(last.time_s * 1e9)


@pytest.mark.parametrize("cut_s", [1, 10, int(HOLD_S) - 5])
def test_a_cut_socket_is_no_gap(cut_s: int) -> None:
    """The strap beats on; afterwards every frame stands at its own second, with ticks between; no beat lacks."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 5)
        page.cut()
        await beats(page, cut_s)
        page.connect()
        await beats(page, 5)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent
    assert heard.of(Gap) == []
    assert [frame.time_s for frame in heard.of(Notification)] == pytest.approx([k + 0.75 for k in range(cut_s + 10)])
    assert [tick.time_s for tick in heard.of(Tick)] == [float(k) for k in range(1, cut_s + 11)]
    assert heard.links[-2:] == [(LinkState.DEGRADED, PAGE_AWAY), (LinkState.STREAMING, None)]


def test_a_strap_lost_while_the_socket_was_cut_is_a_gap_of_its_own_length() -> None:
    """What happened to the strap is told later, at the time at which it happened."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 10)
        page.cut()
        await beats(page, 3)
        page.happens(link="lost")
        await asyncio.sleep(4)
        await beats(page, 3)
        page.connect()
        await beats(page, 3)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent
    (gap,) = heard.of(Gap)
    assert gap.reason == LINK_GAP
    assert (gap.from_s, gap.to_s) == (pytest.approx(12.75, abs=0.1), pytest.approx(17.75 - RR / 1024, abs=0.1))
    (lost,) = [link for link in heard.of(LinkChange) if link.state is LinkState.LOST]
    assert lost.time_s == pytest.approx(13.25)


def test_what_is_told_twice_is_kept_once() -> None:
    """An acknowledgement that was lost with the socket makes the page tell everything again."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        page.deaf = True
        await beats(page, 3)
        page.cut()
        page.deaf = False
        page.connect()
        await beats(page, 2)

    heard, page, station = listen(play)
    assert heard.frames == page.sent
    assert station.repeated > 0
    assert not page.held


def test_what_comes_out_of_its_turn_is_not_taken() -> None:
    """It is not acknowledged, so it comes again when its turn is."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 2)
        page.deaf = True
        page.beat(RR), page.beat(RR + 1)
        page.say({"k": "items", "trip": 1.0, "whole": True, "items": [{**page.held[1], "n": 9}]})
        page.deaf = False
        assert page.heard[-1]["kept"] == 4
        page.pump()
        await beats(page, 2)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent


def test_a_source_that_cannot_take_more_does_not_acknowledge() -> None:
    """The page keeps what waits and tells it again: nothing is dropped."""

    async def main(loop: VirtualLoop) -> None:
        station, frames = Station(), list[bytes]()
        source = StationSource(station, clock=loop.now_ns, capacity=4)
        iterator = aiter(source)
        page = ScriptedPage(station, lambda: loop.now_ns() / 1e6)
        page.connect()
        for k in range(10):
            await asyncio.sleep(1)
            page.beat(RR + k)
        assert len(page.held) == 6
        while page.held:
            item = await anext(iterator)
            frames += [item.data] if isinstance(item, Notification) else []
            page.pump()
        await source.aclose()
        frames += [item.data async for item in iterator if isinstance(item, Notification)]
        assert frames == page.sent

    run(main)


def test_the_name_on_the_strap_gives_the_name_and_the_delay() -> None:
    """As of a strap of this computer."""

    async def main(loop: VirtualLoop) -> None:
        station = Station()
        source = StationSource(station, clock=loop.now_ns)
        assert isinstance(source, BeatSource)
        aiter(source)
        ScriptedPage(station, lambda: 0.0, name="Polar H10 1234ABCD").connect()
        assert (source.info.kind, source.info.name, source.info.delay_s) == ("browser", "Polar H10 1234ABCD", 2.6)
        with pytest.raises(RuntimeError, match="once"):
            aiter(source)
        await source.aclose()

    run(main)


STEP = st.sampled_from(["beat", "beat", "beat", "cut", "connect", "deaf", "hears", "lost", "wait", "long"])


@settings(max_examples=60)
@given(st.lists(STEP, max_size=60))
def test_whatever_happens_to_the_socket_every_frame_is_given_once_and_in_order(steps: list[str]) -> None:
    """Cuts, lost acknowledgements and lost straps in any order, each shorter than the time a page is waited for."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        for k, step in enumerate(steps):
            match step:
                case "beat":
                    page.beat(600 + k)
                case "cut":
                    page.cut()
                case "connect":
                    page.cut()
                    page.connect()
                case "deaf" | "hears":
                    page.deaf = step == "deaf"
                case "lost":
                    page.happens(link="lost")
                case _:
                    await asyncio.sleep(0.9 if step == "wait" else 7.3)
        page.deaf = False
        page.cut()
        page.connect()
        await asyncio.sleep(2)

    heard, page, _ = listen(play, hold_s=1e6)
    assert heard.frames == page.sent
    assert not page.held


def test_it_keeps_what_every_source_must() -> None:
    """Through beats, a lost strap, cuts of the socket, a silent page and one that is given up."""

    async def main(loop: VirtualLoop) -> None:
        station = Station()
        page = ScriptedPage(station, lambda: loop.now_ns() / 1e6)

        async def live() -> None:
            while True:
                page.connect()
                await beats(page, 7)
                page.cut()
                await beats(page, 9)
                page.happens(link="lost")
                await asyncio.sleep(3)
                page.connect()
                await beats(page, 2)
                page.happens(link="connecting")
                await beats(page, 5)
                await asyncio.sleep(QUIET_S + 2)
                await beats(page, 3)
                page.cut()
                await beats(page, int(HOLD_S) + 9)

        living = asyncio.create_task(live())
        seen = await check_source(lambda: StationSource(station, clock=loop.now_ns), seconds=400)
        living.cancel()
        assert seen.beats > 100
        assert seen.gaps >= 6
        assert seen.kinds >= {"Notification", "Beat", "Gap", "LinkChange", "Tick", "SensorFact"}

    run(main)
