"""The clinician's face: clients, recordings, and one recording that can be trusted."""

from __future__ import annotations

from dashboard.clinician.pages import register, routes

__all__ = ["register", "routes"]
