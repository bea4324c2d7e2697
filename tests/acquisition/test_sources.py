"""Sources by name, and those of other packages by entry point."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquisition.errors import BadInput, UnreadableFile
from acquisition.replay import ReplaySource
from acquisition.simulation import SimulatedSource
from acquisition.source_contract import check_source
from acquisition.sources import foreign_names, foreign_source, open_source

MODULE = '''
from acquisition.beats import Beat, SourceInfo, Tick
from acquisition.errors import SensorNotFound


class Steady:
    """A heart as even as a clock."""

    def __init__(self, rr_ms="1000"):
        self.rr_ms = float(rr_ms)
        self.info = SourceInfo("simulation", "steady", ("heart-1",))
        self.open = True

    async def __aiter__(self):
        second = 0
        while self.open:
            second += 1
            yield Beat("heart-1", second - 1, float(second), self.rr_ms)
            yield Tick("heart-1", float(second))

    async def aclose(self):
        self.open = False


def broken():
    raise OSError("no such port")


def typed():
    raise SensorNotFound("it is not plugged in")


def nothing():
    return 3
'''
POINTS = """[attunement.sources]
steady = foreign_hearts:Steady
broken = foreign_hearts:broken
typed = foreign_hearts:typed
nothing = foreign_hearts:nothing
missing = no_such_module:x
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another maker's package, installed."""
    (tmp_path / "foreign_hearts.py").write_text(MODULE)
    info = tmp_path / "foreign_hearts-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign-hearts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("foreign_hearts", None)


@pytest.mark.usefixtures("package")
async def test_a_source_of_another_package_is_opened_by_its_name() -> None:
    """With what stands after the second colon, and under the same contract."""
    assert set(foreign_names()) >= {"steady", "broken", "nothing"}
    async for item in open_source("plugin:steady:750"):
        assert item.rr_ms == 750.0  # type: ignore[union-attr] # the first item is a beat
        break
    assert (await check_source(lambda: open_source("plugin:steady"))).beats == 30


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("broken", "no such port"),
        ("nothing", "gives a int"),
        ("missing", "no_such_module"),
        ("unheard-of", "no installed"),
    ],
)
def test_a_package_that_cannot_be_used_is_told_by_its_name(name: str, words: str) -> None:
    """A typed error instead of a foreign one."""
    with pytest.raises(BadInput, match=words) as caught:
        foreign_source(name)
    assert caught.value.place == f"plugin:{name}"
    assert caught.value.remedy


@pytest.mark.usefixtures("package")
def test_typed_errors_of_a_package_come_through() -> None:
    """It may say itself what a person can do."""
    with pytest.raises(Exception, match="not plugged in") as caught:
        foreign_source("typed")
    assert caught.value.exit_status == 4  # type: ignore[attr-defined] # of our tree


def test_files_samples_and_simulation_are_named_alike(tmp_path: Path) -> None:
    """Whatever the name means, a source comes back."""
    path = tmp_path / "x.txt"
    path.write_text("800\n810\n")
    assert isinstance(open_source(str(path)), ReplaySource)
    assert isinstance(open_source("sample:clean-rest"), ReplaySource)
    assert isinstance(open_source("simulate"), SimulatedSource)
    assert open_source("simulate:clean-rest", speed=3.0).info.speed == 3.0


def test_names_that_mean_nothing_are_refused() -> None:
    """With what there is instead."""
    with pytest.raises(UnreadableFile):
        open_source("nowhere.txt")
    with pytest.raises(BadInput, match="scenario"):
        open_source("simulate:nowhere")


async def test_a_sensor_is_named_by_its_address() -> None:
    """Nothing is sent before somebody listens."""
    source = open_source("sensor:AA:BB:CC:DD:EE:FF")
    assert source.info.kind == "sensor"
    assert source.info.name == "AA:BB:CC:DD:EE:FF"
    await source.aclose()
