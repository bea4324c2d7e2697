"""The contract of sources: ours keep it, each broken one is found by the fact that it breaks."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from acquisition import source_contract
from acquisition.beats import Beat, Gap, Item, Marker, Notification, SampleChunk, SourceInfo, Tick
from acquisition.samples import sample_names
from acquisition.source_contract import ContractBroken, check_source
from acquisition.sources import open_source
from tests.acquisition import foreign_files as foreign

S = "heart-1"
NAMES = [*(f"sample:{name}" for name in sample_names()), "simulate", "simulate:restless-strap"]


class Told:
    """A source that tells what it was given, and may do so badly."""

    def __init__(
        self, items: Sequence[Item], *, streams: tuple[str, ...] = (S,), name: str = "told", closes: bool = True
    ) -> None:
        self.info = SourceInfo("replay", name, streams)
        self._items, self._closes, self._closed = items, closes, False

    async def _iterate(self) -> AsyncIterator[Item]:
        for item in self._items:
            if self._closed and self._closes:
                return
            yield item
        while not self._closes:
            await asyncio.sleep(0.01)

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._iterate()

    async def aclose(self) -> None:
        self._closed = True


GOOD: list[Item] = [
    Beat(S, 0, 0.8, 800.0),
    Tick(S, 1.0),
    Notification(S, 1.4, 1, b"x"),
    Gap(S, 0.8, 1.1, "lost"),
    Beat(S, 1, 1.5, 400.0),
    Tick(S, 2.0),
    Tick(S, 3.0),
]


@pytest.mark.parametrize("name", NAMES)
async def test_our_sources_keep_the_contract(name: str) -> None:
    """Replay and simulation, whole samples at full speed."""
    seen = await check_source(lambda: open_source(name, speed=math.inf), seconds=400)
    assert seen.beats > 100
    assert seen.until_s > 100


async def test_files_of_other_programs_keep_the_contract(tmp_path: Path) -> None:
    """Gaps, markers and a second person included."""
    rr = foreign.heart(60)
    files = {
        "a_RR.txt": foreign.polar_sensor_logger(rr, {20: 9.0}),
        "IBI.csv": foreign.empatica_ibi(rr, {20: 0.9, 30: 20.0}),
        "tags.csv": b"1777039842.50\n",
        "x.xdf": foreign.xdf(
            {"RR a": list(zip(foreign.ends_s(rr, {9: 8.0}), rr, strict=True)), "RR b": [(5.0, 900.0)]}, [(3.0, "x")]
        ),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    for name in ("a_RR.txt", "IBI.csv", "x.xdf"):
        seen = await check_source(lambda name=name: open_source(str(tmp_path / name), speed=math.inf))  # type: ignore[misc] # bound now
        assert seen.gaps >= 1


async def test_a_good_double_passes() -> None:
    """So that the broken ones below fail for what they break alone."""
    seen = await check_source(lambda: Told(GOOD))
    assert (seen.items, seen.beats, seen.gaps, seen.until_s) == (7, 2, 1, 3.0)


@pytest.mark.parametrize(
    ("items", "fact"),
    [
        (["beat"], "an item is one of"),
        ([Tick("other", 1.0)], "one of info.streams"),
        ([Tick(S, math.nan)], "finite"),
        ([Tick(S, 1.0), Tick(S, 2.5)], "at least once a second"),
        ([Tick(S, 1.0), Tick(S, 1.0)], "ticks rise"),
        ([Notification(S, 1.5, 1, b""), Tick(S, 1.0)], "not come after a later arrival"),
        ([Tick(S, 1.0), Notification(S, 0.5, 1, b"")], "after a later tick"),
        ([Marker(S, 0.9, "marker"), Marker(S, 0.5, "marker")], "go back in time"),
        ([Beat(S, 0, 1.0, 0.0)], "above 0"),
        ([Beat(S, 0, 1.0, 1000.0, 1023)], "exactly rr_ticks"),
        ([Beat(S, 0, 1.0, 900.0), Beat(S, 2, 2.0, 900.0)], "counts up by one"),
        ([Beat(S, 0, 1.0, 900.0), Beat(S, 1, 0.9, 900.0)], "rise in time"),
        ([Gap(S, 2.0, 1.0, "x"), Beat(S, 0, 3.0, 900.0)], "before it begins"),
        ([Gap(S, 1.0, 2.0, ""), Beat(S, 0, 3.0, 900.0)], "has a reason"),
        ([Gap(S, 0.0, 2.0, "x"), Tick(S, 1.0)], "right before the first beat"),
        ([Gap(S, 0.0, 2.0, "x"), Beat(S, 0, 1.0, 900.0)], "ends after it"),
        ([Beat(S, 0, 1.0, 900.0), Gap(S, 0.5, 2.0, "x")], "begins after the last beat"),
        ([SampleChunk(S, 0, 1.0, "ecg", 130.0, "uV", np.zeros((1, 1, 1)))], "shape"),
        ([SampleChunk(S, 0, 1.0, "ecg", 0.0, "uV", np.zeros(3))], "sampling rate"),
        ([SampleChunk(S, i, 1.0, "ecg", 130.0, "uV", np.zeros(3)) for i in (0, 2)], "chunks count up"),
    ],
)
async def test_a_broken_source_is_told_which_fact_it_breaks(items: list[Item], fact: str) -> None:
    """Each fact of the contract can fail."""
    with pytest.raises(ContractBroken, match=fact):
        await check_source(lambda: Told(items))


async def test_info_is_checked_too() -> None:
    """A name, streams, and no stream twice."""
    for source, fact in (
        (Told(GOOD, name=""), "a name"),
        (Told(GOOD, streams=()), "names its streams"),
        (Told(GOOD, streams=(S, S)), "differ"),
    ):
        with pytest.raises(ContractBroken, match=fact):
            await check_source(lambda source=source: source)  # type: ignore[misc] # bound now
    with pytest.raises(ContractBroken, match="has info"):
        await check_source(lambda: object())  # type: ignore[arg-type,return-value] # what is to be refused


async def test_a_source_that_does_not_end_when_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page would wait for ever."""
    monkeypatch.setattr(source_contract, "CLOSE_WITHIN_S", 0.05)
    with pytest.raises(ContractBroken, match="goes on"):
        await check_source(lambda: Told(GOOD, closes=False), seconds=2.0)


async def test_a_source_that_falls_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even silence has ticks."""
    monkeypatch.setattr(source_contract, "WAIT_S", 0.05)
    with pytest.raises(ContractBroken, match="not even a tick"):
        await check_source(lambda: Told(GOOD, closes=False), seconds=30.0)


def test_the_check_is_a_command_too(tmp_path: Path) -> None:
    """Status 0 with what was seen, or 3 with what is wrong."""
    path = tmp_path / "x.txt"
    path.write_text("600\n" * 3)
    command = [sys.executable, "-m", "acquisition.source_contract", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 beats" in done.stdout
    command[-1] = str(tmp_path / "missing")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3
