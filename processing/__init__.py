"""What beats mean: verdicts, windows, indices, the breath guide.

Importing it loads neither NeuroKit2 nor Dash nor bleak. The live way is ``LivePipeline`` (items in, updates out); the
way for recordings is ``analyze``. Both judge every beat by the one rule of ``processing.verdicts``. A name is loaded
when it is first asked for, so that whoever needs only a value does not wait for SciPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processing.analysis import Analysis, WindowIndices, analyze, judge, span_indices
    from processing.arousal import BaselineReference
    from processing.pacer import BreathPattern, BreathState, PacerPlan, Stretch
    from processing.pipeline import BeatUpdate, GapUpdate, LivePipeline, Revision, SecondUpdate, Update
    from processing.values import REASONS, IndexValue, Indices, Judgement, Verdict

__all__ = [
    "REASONS",
    "Analysis",
    "BaselineReference",
    "BeatUpdate",
    "BreathPattern",
    "BreathState",
    "GapUpdate",
    "IndexValue",
    "Indices",
    "Judgement",
    "LivePipeline",
    "PacerPlan",
    "Revision",
    "SecondUpdate",
    "Stretch",
    "Update",
    "Verdict",
    "WindowIndices",
    "analyze",
    "judge",
    "span_indices",
]

_HOMES = {
    "Analysis": "processing.analysis",
    "BaselineReference": "processing.arousal",
    "BeatUpdate": "processing.pipeline",
    "BreathPattern": "processing.pacer",
    "BreathState": "processing.pacer",
    "GapUpdate": "processing.pipeline",
    "IndexValue": "processing.values",
    "Indices": "processing.values",
    "Judgement": "processing.values",
    "LivePipeline": "processing.pipeline",
    "PacerPlan": "processing.pacer",
    "REASONS": "processing.values",
    "Revision": "processing.pipeline",
    "SecondUpdate": "processing.pipeline",
    "Stretch": "processing.pacer",
    "Update": "processing.pipeline",
    "Verdict": "processing.values",
    "WindowIndices": "processing.analysis",
    "analyze": "processing.analysis",
    "judge": "processing.analysis",
    "span_indices": "processing.analysis",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
