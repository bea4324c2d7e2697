"""The short form of the fuzzing; the long one is ``python -m tests.fuzz_files``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz_files import GOOD, fuzz

APART = {"garmin-fit", "edf-plus", "xdf", "zip", "gzip", "attune"}
"""Slower readers get fewer files."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork each file costs the start of an interpreter")
@pytest.mark.parametrize("reader", GOOD)
def test_mangled_files_are_read_soundly_or_refused_in_words(reader: str, tmp_path: Path) -> None:
    """No other exception, no death, no hang; some are read, some are refused."""
    files = 10 if reader in APART else 40
    outcome = fuzz(reader, files, seed=7, folder=tmp_path)
    assert outcome.read + outcome.refused == files
    assert outcome.refused > 0
