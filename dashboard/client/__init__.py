"""The client's face: choose an exercise, go through it, and say who may see it."""

from dashboard.client.pages import register, routes

__all__ = ["register", "routes"]
