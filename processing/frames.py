"""For notebooks: intervals in as a pandas Series, phases in as a frame, and tables of numbers out.

The numbers are those of ``analyze``; a number that is withheld is missing (NaN) and its reason stands in a column
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from acquisition.beats import Beat, Item
from processing.analysis import Analysis, judge
from processing.batch import stretch_indices
from processing.method_card import method_card
from processing.values import Indices, Judgement
from processing.windows import Series

STREAM = "rr"


def beats_of(rr_ms: pd.Series[float]) -> list[Beat]:
    """Intervals in ms as beats that follow one another from 0 s on; raises ValueError for one that is not above 0.

    >>> beats_of(pd.Series([800.0, 810.0]))[1].time_s
    1.61
    """
    values = rr_ms.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("every interval must be a number of ms above 0")
    ends = np.cumsum(values) / 1000.0
    return [Beat(STREAM, seq, float(end), float(rr)) for seq, (end, rr) in enumerate(zip(ends, values, strict=True))]


def rr_series(items: Iterable[Item]) -> pd.Series[float]:
    """Raw intervals (ms) of a recording's first stream, by the time in seconds at which each ended."""
    beats = [item for item in items if isinstance(item, Beat)]
    own = [beat for beat in beats if beat.stream == beats[0].stream]
    return pd.Series([beat.rr_ms for beat in own], index=[beat.time_s for beat in own], name="rr_ms", dtype=float)


def judgement_frame(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """One row an interval: ``time_s``, ``rr_ms``, ``verdict`` and ``nn_ms`` (NaN when refused), by its number."""
    rows = [(j.seq, j.time_s, j.rr_ms, str(j.verdict), np.nan if j.nn_ms is None else j.nn_ms) for j in judgements]
    frame = pd.DataFrame(rows, columns=["seq", "time_s", "rr_ms", "verdict", "nn_ms"])
    return frame.set_index("seq")


def index_frame(indices: Indices) -> pd.DataFrame:
    """One row a number with its method card: value, unit, reason, window, beats, share refused, definition, source."""
    rows = [
        {"value": np.nan if one.value is None else one.value, "reason": one.reason, **method_card(one).as_dict()}
        for one in indices.values()
    ]
    return pd.DataFrame(rows).set_index("name")


def window_frame(analysis: Analysis) -> pd.DataFrame:
    """One row a sliding window: ``start_s``, ``end_s`` and a column for each number, NaN where it is withheld."""
    rows = [{"start_s": one.start_s, "end_s": one.end_s, **_values(one.indices)} for one in analysis.windows]
    return pd.DataFrame(rows)


def phase_frame(rr_ms: pd.Series[float], phases: pd.DataFrame) -> pd.DataFrame:
    """One row a phase of plain intervals (ms): every number of the intervals that end in it, and ``reasons``.

    ``phases`` has the columns ``name``, ``start_s`` and ``end_s``, in seconds from the first interval's start. Raises
    ValueError for a column that is missing and for intervals that are not above 0.
    """
    missing = {"name", "start_s", "end_s"} - set(phases.columns)
    if missing:
        raise ValueError(f"phases lack {', '.join(sorted(missing))}")
    series = Series.of(judge(beats_of(rr_ms)), ())
    rows = []
    for name, start_s, end_s in phases[["name", "start_s", "end_s"]].itertuples(index=False):
        indices = stretch_indices(series, float(start_s), float(end_s))
        reasons = {each.name: each.reason for each in indices.values() if each.reason is not None}
        heart = indices["mean_hr_bpm"]
        facts = {"start_s": start_s, "end_s": end_s, "beats": heart.beats, "corrected_percent": heart.corrected_percent}
        rows.append({"phase": name, **facts, **_values(indices), "reasons": reasons})
    return pd.DataFrame(rows).set_index("phase")


def _values(indices: Indices) -> dict[str, float]:
    return {name: np.nan if one.value is None else one.value for name, one in indices.items()}
