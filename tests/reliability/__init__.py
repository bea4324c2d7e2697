"""Promises that only show when something dies: killed processes and cut power."""
