"""The second, named method: NeuroKit2's pass of Lipponen and Tarvainen over a whole stretch, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from acquisition.beats import Beat
from processing import neurokit
from processing.lipponen_tarvainen import MIN_INTERVALS
from processing.values import Judgement, Verdict


def kubios_stretch(beats: Sequence[Beat]) -> tuple[list[Judgement], list[Beat]]:
    """Verdicts on the beats of one gap-free stretch, and the mended beats that take their place."""
    if len(beats) < MIN_INTERVALS:
        return [Judgement(b.seq, b.time_s, b.rr_ms, Verdict.NORMAL, False) for b in beats], list(beats)
    rr = np.array([beat.rr_ms for beat in beats])
    found, fixed = neurokit.fix_peaks(rr)
    verdicts = [Verdict.NORMAL] * rr.size
    usual = float(np.median(rr))
    for index in found["longshort"]:
        verdicts[index] = Verdict.LONG if rr[index] > usual else Verdict.SHORT
    for index in found["ectopic"]:
        verdicts[index] = verdicts[max(0, index - 1)] = Verdict.ECTOPIC
    for index in found["extra"]:
        verdicts[index] = verdicts[min(index + 1, rr.size - 1)] = Verdict.EXTRA
    for index in found["missed"]:
        verdicts[index] = Verdict.MISSED
    judged = [Judgement(b.seq, b.time_s, b.rr_ms, verdict, False) for b, verdict in zip(beats, verdicts, strict=True)]
    start_s = beats[0].time_s - beats[0].rr_ms / 1000.0
    ends = start_s + np.cumsum(fixed) / 1000.0
    mended = [replace(beats[0], time_s=float(t), rr_ms=float(v)) for t, v in zip(ends, fixed, strict=True)]
    return judged, mended
