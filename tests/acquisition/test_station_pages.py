"""Pages that hold a strap: away and back, closed, loaded anew, taken over, and never ahead of their time."""

from __future__ import annotations

import asyncio

import pytest

from acquisition.beats import Gap, LinkChange, LinkState, Notification, Tick
from acquisition.station import Station
from acquisition.station_source import (
    HOLD_S,
    PAGE_AWAY,
    PAGE_CLOSED,
    PAGE_FORGOT,
    PAGE_GIVEN_UP,
    QUIET_S,
    StationSource,
)
from tests.acquisition.scripted_page import ScriptedPage
from tests.acquisition.station_heard import RR, beats, listen
from tests.acquisition.virtual_time import VirtualLoop, run


def test_a_page_that_does_not_come_back_is_given_up() -> None:
    """Source time stands still for a minute, then goes on without the strap; what comes later is counted, not given."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        page.cut()
        await beats(page, 80)
        page.connect()
        await beats(page, 3)

    heard, page, _ = listen(play)
    assert (LinkState.LOST, PAGE_GIVEN_UP) in heard.links
    (lost,) = [link for link in heard.of(LinkChange) if link.state is LinkState.LOST]
    assert lost.time_s == pytest.approx(3.25 + HOLD_S, abs=1.0)
    assert not page.held
    kept = [*page.sent[:3], *page.sent[-len(heard.frames) + 3 :]]
    assert heard.frames == kept
    assert len(heard.of(Gap)) == 1


def test_time_stands_still_while_a_page_is_away_and_not_before() -> None:
    """Without any page, and with one that is there, a tick comes each second; while it is away none does."""

    async def main(loop: VirtualLoop) -> None:
        station = Station()
        source = StationSource(station, clock=loop.now_ns)
        page = ScriptedPage(station, lambda: loop.now_ns() / 1e6)

        seen: list[float] = []

        async def take() -> None:
            async for item in source:
                if isinstance(item, Tick):
                    seen.append(item.time_s)

        taking = asyncio.create_task(take())
        await asyncio.sleep(3.25)
        assert seen == [1.0, 2.0, 3.0]
        page.connect()
        await beats(page, 3)
        assert seen[-1] == 6.0
        page.cut()
        await asyncio.sleep(20)
        assert seen[-1] == 6.0
        page.connect()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert seen[-1] == 26.0
        await source.aclose()
        await taking

    run(main)


def test_a_page_that_falls_silent_behind_an_open_socket_is_away() -> None:
    """A cut is not always told; a page that asks for the clock is there even when its strap is silent."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        for _ in range(10):
            await asyncio.sleep(1)
            page.alive()
        page.beat(RR)
        await asyncio.sleep(QUIET_S + 3)
        page.beat(RR + 1)
        await beats(page, 2)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent
    (away,) = [link for link in heard.of(LinkChange) if link.reason == PAGE_AWAY]
    assert away.time_s == pytest.approx(13.25 + QUIET_S, abs=1.0)
    assert [tick.time_s for tick in heard.of(Tick)] == [float(k) for k in range(1, 24)]


def test_a_page_that_is_closed_has_let_go_of_its_strap() -> None:
    """It says so in time, and nobody waits for it."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        page.say({"k": "bye"})
        page.cut()
        await asyncio.sleep(3)

    heard, _, _ = listen(play)
    assert heard.links[-1] == (LinkState.LOST, PAGE_CLOSED)
    assert len(heard.of(Tick)) == 6


def test_a_page_loaded_anew_begins_its_numbers_anew() -> None:
    """The link to the strap went with the old page: a gap, and nothing of the new page is taken for a repetition."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        page.cut()
        await asyncio.sleep(2)
        again = ScriptedPage(page._station, page._now_ms, run="f" * 16, ahead_ms=-3e5)
        again.connect()
        await beats(again, 3)
        page.sent += again.sent

    heard, page, _ = listen(play)
    assert heard.frames == page.sent
    assert (LinkState.LOST, PAGE_CLOSED) in heard.links
    assert len(heard.of(Gap)) == 1


def test_the_newest_page_takes_over() -> None:
    """The older one is told, and what it goes on telling is not taken."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 2)
        other = ScriptedPage(page._station, page._now_ms, run="e" * 16)
        other.connect()
        page.beat(RR)
        await beats(other, 2)
        assert [message["k"] for message in page.heard[-2:]] == ["elsewhere", "elsewhere"]
        page.sent = page.sent[:2] + other.sent

    heard, page, _ = listen(play)
    assert heard.frames == page.sent


def test_a_page_that_had_to_forget_leaves_a_gap() -> None:
    """No interval bridges what the page could not keep."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        await beats(page, 3)
        page.cut()
        await beats(page, 4)
        del page.held[:2]
        page.connect()
        await beats(page, 2)

    heard, page, _ = listen(play)
    assert heard.frames == page.sent[:3] + page.sent[5:]
    assert (LinkState.LOST, PAGE_FORGOT) in heard.links
    assert len(heard.of(Gap)) == 1


def test_arrival_never_goes_back_and_never_lies_ahead() -> None:
    """A page whose clock is wrong, or that was told a wrong one, moves no frame past its neighbours or past now."""

    async def play(page: ScriptedPage) -> None:
        page.connect()
        for error_ms in (0, 400, -1700, 1e9, -1e9, 0):
            page.offset_error_ms = error_ms
            await beats(page, 1)

    heard, _, _ = listen(play)
    times = [frame.time_s for frame in heard.of(Notification)]
    assert times == pytest.approx([0.75, 1.75, 2.0, 3.75, 5.75])  # one is said to be from before this source began


def test_closing_lets_the_page_let_go() -> None:
    """The strap is free for the next program, and a page that waits for another source begins when one is there."""

    async def main(loop: VirtualLoop) -> None:
        station = Station()
        page = ScriptedPage(station, lambda: loop.now_ns() / 1e6)
        page.connect()
        page.beat(RR)
        assert page.heard == []
        await asyncio.sleep(1)
        source = StationSource(station, clock=loop.now_ns)
        iterator = aiter(source)
        assert page.heard[0]["k"] == "ack"
        assert not page.held
        await source.aclose()
        assert page.heard[-1] == {"k": "let_go"}
        assert [item async for item in iterator]
        assert source.too_late == 1

    run(main)
