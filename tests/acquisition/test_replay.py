"""Replay: the transport of a player that never changes what is told."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path

import pytest

from acquisition.beats import Beat, BeatSource, Item
from acquisition.formats import RecordingFile
from acquisition.formats.own import make_header, read_text, write
from acquisition.formats.rr_text import read_text as read_rr
from acquisition.replay import ReplaySource
from acquisition.simulated_faults import Faults, Outage
from acquisition.simulated_strap import SimulatedStrap


@pytest.fixture
def rest() -> RecordingFile:
    """Ten seconds of intervals."""
    return read_rr(Path("rest.txt"), "\n".join(["800", "810", "790", "805"] * 3))


@pytest.fixture
def strap(tmp_path: Path) -> RecordingFile:
    """Half a minute of frames with a lost link."""
    simulated = SimulatedStrap(3, faults=Faults(ectopic_share=0.1, outages=(Outage(12, 6, "link"),)))
    path = tmp_path / "strap.attune.jsonl"
    header = make_header(start=None, source="test", seed=3, software={}, delay_s=0.4)
    write(path, header, [item for _ in range(30) for item in simulated.next_second()])
    return read_text(path, path.read_text())


async def _all(source: ReplaySource) -> list[Item]:
    return [item async for item in source]


@pytest.mark.parametrize("speed", [50.0, 400.0, math.inf])
async def test_every_speed_gives_the_same_items(strap: RecordingFile, speed: float) -> None:
    """Pacing only waits."""
    assert await _all(ReplaySource(strap, speed)) == list(strap.items)


async def test_a_speed_keeps_its_time(rest: RecordingFile) -> None:
    """Ten seconds at speed 50 take a fifth of a second, at least."""
    before = asyncio.get_running_loop().time()
    await _all(ReplaySource(rest, 50.0))
    assert asyncio.get_running_loop().time() - before >= rest.duration_s / 50 - 0.01


async def test_full_speed_lets_other_tasks_run(strap: RecordingFile) -> None:
    """The event loop gets its turn all along."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await _all(ReplaySource(strap, math.inf))
    task.cancel()
    assert turns >= len(strap.items) // 64


async def test_controls_change_when_items_come_never_what(strap: RecordingFile) -> None:
    """Pause, step, seek forward and a change of speed in the middle leave the row of items whole."""
    source = ReplaySource(strap, 200.0)
    found: list[Item] = []

    async def listen() -> None:
        async for item in source:
            found.append(item)

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.02)
    source.pause()
    await asyncio.sleep(0.01)
    source.step()
    await asyncio.sleep(0.01)
    source.seek(20.0)
    source.set_speed(900.0)
    source.resume()
    await asyncio.wait_for(task, 5)
    assert found == list(strap.items)


async def test_a_step_lets_out_one_beat(rest: RecordingFile) -> None:
    """Each step ends with the next beat, and nothing follows by itself."""
    source = ReplaySource(rest, 1.0)
    source.pause()
    found: list[Item] = []

    async def listen() -> None:
        async for item in source:
            found.append(item)

    task = asyncio.create_task(listen())
    for count in (1, 2, 3):
        source.step()
        await asyncio.sleep(0.01)
        assert sum(isinstance(item, Beat) for item in found) == count
        assert isinstance(found[-1], Beat)
        assert source.position_s == found[-1].time_s
    assert source.paused
    await source.aclose()
    await asyncio.wait_for(task, 1)
    assert found == list(rest.items[: len(found)])


async def test_seeking_back_tells_all_again_from_the_start(rest: RecordingFile) -> None:
    """``restarts`` counts before the first item comes again, so that state downstream can begin anew."""
    source = ReplaySource(rest, 1.0)
    rounds: dict[int, list[Item]] = {}

    async def listen() -> None:
        async for item in source:
            rounds.setdefault(source.restarts, []).append(item)

    source.seek(8.0)
    task = asyncio.create_task(listen())
    await asyncio.sleep(0.01)
    source.pause()
    assert rounds[0] == [item for item in rest.items if item.time_s <= 8.0]
    source.seek(3.0)
    await asyncio.sleep(0.01)
    assert rounds[1] == [item for item in rest.items if item.time_s <= 3.0]
    assert source.position_s == 3.0
    source.set_speed(math.inf)
    source.resume()
    await asyncio.wait_for(task, 1)
    assert rounds[1] == list(rest.items)


async def test_seeking_stays_within_the_recording(rest: RecordingFile) -> None:
    """Beyond the end is the end."""
    source = ReplaySource(rest, 1.0)
    source.seek(1e9)
    assert await _all(source) == list(rest.items)
    assert source.position_s == source.duration_s


async def test_closing_ends_a_waiting_replay(rest: RecordingFile) -> None:
    """Also twice, also before it begins."""
    source = ReplaySource(rest, 0.01)
    task = asyncio.create_task(_all(source))
    await asyncio.sleep(0.01)
    await source.aclose()
    await source.aclose()
    assert len(await asyncio.wait_for(task, 1)) < len(rest.items)
    assert await _all(source) == []


async def test_controls_may_come_from_another_thread(rest: RecordingFile) -> None:
    """A press on a page wakes a waiting replay at once."""
    source = ReplaySource(rest, 0.01)
    task = asyncio.create_task(_all(source))
    await asyncio.sleep(0.01)
    await asyncio.to_thread(source.set_speed, math.inf)
    assert await asyncio.wait_for(task, 2) == list(rest.items)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_a_speed_is_above_zero(rest: RecordingFile, speed: float) -> None:
    """Nothing is told backwards or never."""
    with pytest.raises(ValueError, match="speed"):
        ReplaySource(rest, speed)


def test_a_replay_tells_what_it_is(strap: RecordingFile) -> None:
    """Kind, name, delay and speed are those of the recording and the player."""
    source: BeatSource = ReplaySource(strap, math.inf, name="Tuesday")
    assert isinstance(source, BeatSource)
    assert (source.info.kind, source.info.name, source.info.speed) == ("replay", "Tuesday", math.inf)
    assert source.info.delay_s == 0.4
    assert source.info.details["format"] == "attune"
