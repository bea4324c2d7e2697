"""Whatever is pressed or lost, and whenever: the sitting keeps its promises. The long form is a command of its own."""

from __future__ import annotations

from tests.conductor_histories import histories
from tests.sessions.any_history import Sittings

SHORT = 40
"""Histories in the suite; ``python -m tests.conductor_histories`` runs ten thousand."""

TestSittings = Sittings.TestCase
TestSittings.settings = histories(SHORT)
