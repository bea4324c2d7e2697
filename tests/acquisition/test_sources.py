"""Sources by name, and those of other packages by entry point."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition.errors import BadInput, UnreadableFile
from acquisition.replay import ReplaySource
from acquisition.simulation import SimulatedSource
from acquisition.source_contract import check_source
from acquisition.sources import foreign_names, foreign_source, is_elsewhere, open_source
from tests.acquisition.foreign_package import package as package


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


@pytest.mark.usefixtures("package")
def test_what_another_package_brings_is_known_before_it_is_opened() -> None:
    """A program can be refused at its start, instead of a person later."""
    assert is_elsewhere("plugin:steady:750")
    assert not any(
        is_elsewhere(name) for name in ("simulate", "sample:clean-rest", "sensor:A", "plugin.txt", "plugin:")
    )
    with pytest.raises(BadInput, match="those offered are"):
        is_elsewhere("plugin:unheard-of")


async def test_a_sensor_is_named_by_its_address() -> None:
    """Nothing is sent before somebody listens."""
    source = open_source("sensor:AA:BB:CC:DD:EE:FF")
    assert source.info.kind == "sensor"
    assert source.info.name == "AA:BB:CC:DD:EE:FF"
    await source.aclose()
