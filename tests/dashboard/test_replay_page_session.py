"""The transport of a replay: what it tells, and what it does when asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from acquisition import formats
from acquisition.beats import Beat
from acquisition.errors import BadInput
from acquisition.formats.recording_file import RecordingFile
from acquisition.samples import sample_path
from dashboard.replay.replay_session import ReplaySession

PATIENCE_S = 20.0


class Page:
    """A page that keeps all it is told."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self._news = asyncio.Event()

    def publish(self, message: Mapping[str, Any]) -> None:
        self.told.append(message)
        self._news.set()

    async def until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not fits():
                self._news.clear()
                await self._news.wait()

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        return [message for message in self.told if message["k"] == kind]

    @property
    def view(self) -> Mapping[str, Any]:
        view: Mapping[str, Any] = self.of("view")[-1]["view"]
        return view

    def rows(self, kind: str, run: int | None = None) -> list[Mapping[str, Any]]:
        last = self.of("began")[-1]["run"] if run is None and self.of("began") else run
        return [row for m in self.of("rows") if m["run"] == last for row in m["rows"] if row["k"] == kind]

    async def state(self, state: str) -> None:
        await self.until(lambda: bool(self.of("view")) and self.view["state"] == state)


async def open_file(name: str) -> tuple[str, RecordingFile]:
    if name == "broken":
        raise BadInput("line 214 is not a number", place="broken", remedy="choose another file")
    return name, formats.read(sample_path(name))


@pytest_asyncio.fixture
async def playing() -> AsyncIterator[tuple[ReplaySession, Page]]:
    page = Page()
    session = ReplaySession("clean-rest", open_file=open_file, publish=page.publish)
    task = asyncio.ensure_future(session.run())
    await page.state("paused")
    session.page_seen()
    yield session, page
    await session.aclose()
    await task


Playing = tuple[ReplaySession, Page]


async def test_a_fresh_replay_stands_at_the_start_with_its_overview(playing: Playing) -> None:
    """The page knows length, phases and line before anything plays."""
    _, page = playing
    assert page.view["head"] == 0.0
    assert page.view["duration_s"] > 290
    assert page.view["trace"]
    assert page.rows("beat") == []


async def test_max_speed_plays_to_the_end(playing: Playing) -> None:
    """Everything is told in a few messages, the last beats settled."""
    session, page = playing
    await session.act("speed", {"speed": "max"})
    await session.act("play", {})
    await page.state("ended")
    await page.until(lambda: len(page.rows("final")) == page.view["beats"])
    assert page.of("rows")[-1]["counts"]["beats"] == page.view["beats"]


async def test_step_plays_exactly_one_beat(playing: Playing) -> None:
    """Next beat, and no further."""
    session, page = playing
    for steps in (1, 2, 3):
        await session.act("step", {})
        await page.until(lambda steps=steps: len(page.rows("beat")) >= steps)
        assert len(page.rows("beat")) == steps
    assert page.view["state"] == "paused"


async def test_back_goes_to_the_beat_before(playing: Playing) -> None:
    """One beat less than before, with the same numbers."""
    session, page = playing
    await session.act("seek", {"time_s": 30.0})
    await page.until(lambda: bool(page.rows("beat")))
    before = page.rows("beat")
    await session.act("back", {})
    await page.until(lambda: page.of("began")[-1]["run"] > 1 and bool(page.rows("beat")))
    after = page.rows("beat")
    assert 0 < len(before) - len(after) <= 2  # a frame of two beats is one group
    assert after == before[: len(after)]


async def test_seeking_gives_the_same_numbers_as_playing(playing: Playing) -> None:
    """Whoever jumps sees what whoever waits sees."""
    session, page = playing
    await session.act("seek", {"time_s": 60.0})
    await page.until(lambda: bool(page.rows("beat")))
    sought = page.rows("beat")
    await session.act("start", {})
    await session.act("speed", {"speed": "max"})
    await session.act("play", {})
    await page.state("ended")
    await page.until(lambda: len(page.rows("final")) == page.view["beats"])
    assert page.rows("beat")[: len(sought)] == sought


async def test_after_the_end_play_begins_again(playing: Playing) -> None:
    """A new run, from the first beat."""
    session, page = playing
    await session.act("speed", {"speed": "max"})
    await session.act("play", {})
    await page.state("ended")
    run = page.of("began")[-1]["run"]
    await session.act("play", {})
    await page.until(lambda: page.of("began")[-1]["run"] > run)
    assert page.rows("beat", run + 1)[:1] == page.rows("beat", run)[:1] or not page.rows("beat", run + 1)


async def test_another_file_opens_in_place(playing: Playing) -> None:
    """The page stays; the recording changes."""
    session, page = playing
    await session.act("open", {"name": "paced-6"})
    await page.until(lambda: page.view["name"] == "paced-6" and page.view["state"] == "paused")
    assert [phase["kind"] for phase in page.view["phases"]] == ["baseline", "paced_breathing"]


async def test_a_file_that_cannot_be_read_is_told_and_another_can_be_opened(playing: Playing) -> None:
    """Cause and remedy on the page; the replay lives on."""
    session, page = playing
    await session.act("open", {"name": "broken"})
    await page.state("failed")
    assert page.view["message"] == "broken: line 214 is not a number; choose another file"
    await session.act("open", {"name": "clean-rest"})
    await page.state("paused")
    assert page.view["message"] is None


async def test_a_page_that_comes_back_is_shown_where_things_stand(playing: Playing) -> None:
    """View and newest rows again."""
    session, page = playing
    await session.act("seek", {"time_s": 20.0})
    await page.until(lambda: bool(page.rows("beat")))
    rows = page.rows("beat")
    page.told.clear()
    session.page_seen()
    assert page.view["state"] == "paused"
    assert page.rows("beat") == rows


async def test_a_replay_that_nobody_watches_stands_still(playing: Playing) -> None:
    """No work for no one."""
    session, page = playing
    await session.act("play", {})
    await page.state("playing")
    session.page_gone()
    await page.state("paused")


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("open", {"name": 3}),
        ("seek", {"time_s": "soon"}),
        ("seek", {"time_s": float("nan")}),
        ("seek", {}),
        ("speed", {"speed": "7"}),
        ("explain", {"seq": True}),
        ("erase", {}),
    ],
)
async def test_a_wish_without_sense_is_refused(playing: Playing, action: str, data: dict[str, Any]) -> None:
    """ValueError, which the socket tells the page; the replay lives on."""
    session, page = playing
    with pytest.raises(ValueError, match=r"."):
        await session.act(action, data)
    await session.act("step", {})
    await page.until(lambda: bool(page.rows("beat")))


async def test_a_beat_is_explained_on_request(playing: Playing) -> None:
    """Bytes and words of the beat that was asked for."""
    session, page = playing
    await session.act("seek", {"time_s": 20.0})
    await page.until(lambda: bool(page.rows("beat")))
    await session.act("explain", {"seq": page.rows("beat")[3]["q"]})
    told = page.of("explain")[-1]
    assert told["q"] == page.rows("beat")[3]["q"]
    assert told["words"]


async def test_latency_is_measured_and_told(playing: Playing) -> None:
    """Parse, check, indices and publish, each with median and 95th percentile."""
    session, page = playing
    await session.act("seek", {"time_s": 60.0})
    await page.until(lambda: bool(page.of("latency")))
    stages = {stage["stage"]: stage for stage in page.of("latency")[-1]["stages"]}
    assert set(stages) == {"parse", "check", "indices", "publish"}
    assert all(0 <= stage["median_ms"] <= stage["p95_ms"] for stage in stages.values())
    assert stages["check"]["budget_ms"] == 1.0


async def two_hearts(name: str) -> tuple[str, RecordingFile]:
    """Two streams of beats in one file, the second of them slower."""
    items = [
        Beat(stream, seq, seq * rr / 1000.0, rr) for stream, rr in (("a", 800.0), ("b", 1000.0)) for seq in range(1, 41)
    ]
    ordered = sorted(items, key=lambda beat: beat.time_s)
    return name, replace(formats.read(sample_path("clean-rest")), items=tuple(ordered))


async def test_each_stream_of_a_recording_can_be_chosen() -> None:
    """The first one plays until another is named; its rows are that stream's beats alone."""
    page = Page()
    session = ReplaySession("two", open_file=two_hearts, publish=page.publish)
    task = asyncio.ensure_future(session.run())
    await page.state("paused")
    session.page_seen()
    assert (page.view["stream"], page.view["streams"]) == ("a", ["a", "b"])
    await session.act("stream", {"name": "b"})
    await session.act("speed", {"speed": "max"})
    await session.act("play", {})
    await page.state("ended")
    assert page.view["stream"] == "b"
    await page.until(lambda: len(page.rows("beat")) == 40)
    assert {row["rr"] for row in page.rows("beat")} == {1000.0}
    with pytest.raises(ValueError, match="no such stream"):
        await session.act("stream", {"name": "c"})
    await session.aclose()
    await task
