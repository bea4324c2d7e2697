"""What random histories are drawn from: every script, shortened, every press, and any answer."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from sessions.conductor import ACTIONS
from sessions.exercise import every, load
from sessions.session_view import Entrance, Sitting
from sessions.view import SensorView
from tests.sessions.every_script import brisk

PART_S = 20.0
"""Longest part of a script here, so that a history reaches many of them."""
STEPS = 40
LONGEST_WAY = 15
"""Where a history begins: at this part, or at the first stressor where the script has no part of this number."""
SCRIPTS = (load(Path(__file__).parent / "test-strap.yaml"), *(brisk(one, PART_S) for one in every()))
SENSOR = SensorView("streaming", "Sensor steady", None, "strap", True, True)
SITTING = Sitting("s", 1, SENSOR, simulated=True, speed=1.0, recording=True, entrance=Entrance())
STOPPED_TO = ("grounding", "closing", "ended")
MOST_STOPS = 3
"""Presses of stop that end a sitting from anywhere: to the grounding, to the close, to the end."""
PRESSES = (
    *sorted(ACTIONS - {"stop", "rate", "share", "pace", "lighter", "write"}),
    *("continue", "resume", "unwell", "see_heart") * 2,
)
"""Presses that need nothing more; some come oftener, or few histories would get far."""
VALUES = st.one_of(
    st.none(), st.booleans(), st.floats(-60, 110), st.sampled_from(["yes", "no", "a bit far away", "rather_not", "x"]),
    st.lists(st.sampled_from(["dizzy", "chest pain", "none"]), max_size=2),
)  # fmt: skip
