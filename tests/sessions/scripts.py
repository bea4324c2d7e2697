"""Exercise scripts of the tests."""

from __future__ import annotations

from pathlib import Path

TEST_STRAP = Path(__file__).parent / "test-strap.yaml"
"""Ninety seconds with every kind of part, for walking through with a strap."""
