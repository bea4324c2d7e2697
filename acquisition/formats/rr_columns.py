"""A column of time stamps beside the intervals, without a heading that names its unit: s or ms, seen from its span."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from acquisition.errors import UnreadableFile

SPAN_AGREES = (0.9, 20.0)
"""Stamps may span this many times the sum of the intervals: a little less by rounding, much more by gaps."""
STAMP_S = 1.0
"""Coarsest stamps: whole seconds."""

_MEND = "give one RR interval a line, or two columns: time (s or ms, rising), RR"


def stamps_in_s(stamps: Sequence[Decimal], rr_ms: Sequence[float], places: Sequence[str]) -> tuple[list[float], str]:
    """The stamps in s, and their unit; ``places`` names each row. Raises UnreadableFile."""
    for i in range(1, len(stamps)):
        if stamps[i] < stamps[i - 1]:
            raise UnreadableFile(f"time goes back from {stamps[i - 1]} to {stamps[i]}", place=places[i], remedy=_MEND)
    rr_s = math.fsum(rr_ms[1:]) / 1000.0
    span = float(stamps[-1] - stamps[0])
    for unit, places_left in (("s", 0), ("ms", -3)):
        if SPAN_AGREES[0] * rr_s - STAMP_S <= span * 10.0**places_left <= SPAN_AGREES[1] * rr_s + STAMP_S:
            return [float(stamp.scaleb(places_left)) for stamp in stamps], unit
    what = f"the first column spans {span:g}, which fits the intervals ({rr_s:.1f} s) neither in s nor in ms"
    raise UnreadableFile(what, place=places[0], remedy=_MEND)
