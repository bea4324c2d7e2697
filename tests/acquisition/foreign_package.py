"""Another maker's package with sources of its own, installed for the time of a test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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
