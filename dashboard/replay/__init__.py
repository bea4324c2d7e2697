"""The developer's face: a recording told again through the live pipeline, one beat a row, from bytes to indices."""

from __future__ import annotations

from dashboard.replay.page import register, routes

__all__ = ["register", "routes"]
