"""What beats mean: verdicts, windows, indices, the breath guide.

Importing it loads neither NeuroKit2 nor Dash nor bleak. The live way is ``LivePipeline`` (items in, updates out); the
way for recordings is ``analyze``. Both judge every beat by the one rule of ``processing.verdicts``.
"""

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
