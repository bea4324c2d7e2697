"""The short form of power_cut.py; the long form is a command."""

from __future__ import annotations

import random
from pathlib import Path

from tests.reliability.power_cut import look_into, run, states


def test_nothing_acknowledged_is_lost_when_the_power_is_cut() -> None:
    """Sixty images of a cut, some of them in the middle of a checkpoint, are all readable and hold every promise."""
    outcome = run(60, seed=3, commits=60)
    assert outcome.whole, outcome
    assert outcome.file_images > 5


def test_the_images_would_show_a_loss(tmp_path: Path) -> None:
    """A log whose synchronised part is damaged holds less than was acknowledged, and the look into it says so."""
    found = states(tmp_path / "data", 3)
    log = bytearray(found[2].log)
    for place in random.Random(1).sample(range(len(log)), 40):
        log[place] ^= 0xFF
    (tmp_path / "cut").mkdir()
    held = look_into(tmp_path / "cut", found[2].database, bytes(log))
    assert held is None or held < found[2].acknowledged
