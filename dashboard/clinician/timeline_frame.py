"""Where each panel of the timeline stands, in px, for a wide and for a narrow page; pure geometry and axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.clinician import words
from dashboard.clinician.timeline_values import TimelineValues
from dashboard.figures import axis, ink

AROUSAL_LIMIT_SD = 4
"""The strip is drawn within ±4 SD; above that it says "over 4" (docs/protocol.md)."""
CHANGE_RANGE_BPM = (-15.0, 30.0)
"""Least range of the heart-change panel, beats/min, so that a small change looks small in every session."""
TICK_AIR_BPM = 3.0
"""No tick of the change panel stands nearer than this to its edge, so that none touches its neighbours."""
RMSSD_RANGE_MS = (0.0, 50.0)
"""Least range of the RMSSD panel, ms; bars and areas start at zero."""
LEAST_RATE_BPM, MOST_RATE_BPM = 20.0, 240.0
"""No panel reaches beyond these, whatever a false interval says, beats/min."""
HEART_SPAN_BPM = 24.0
"""Least span of the heart-rate panel, beats/min, so that a steady heart looks steady."""


AXIS_OFFSET_MS = 86_400_000
"""The time axis begins a day after the epoch: Plotly reads a bare number of four digits as a year."""


def on_axis(seconds: float) -> float:
    """A time of the recording as the axis has it, ms.

    >>> on_axis(6.78)
    86406780.0
    """
    return round(AXIS_OFFSET_MS + seconds * 1000.0, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page width's layout: total height, left margin, and each row's top and bottom in px from the top."""

    height: int
    left: int
    bottom: int
    names_y: int
    strip: tuple[int, int]
    rows: Mapping[str, tuple[int, int]]

    def share(self, y_px: float) -> float:
        """A height in px from the top as a share of the plot area from its bottom."""
        return 1.0 - y_px / (self.height - self.bottom)

    def domain(self, row: str) -> list[float]:
        """A row's place as Plotly wants it."""
        top, bottom = self.rows[row]
        return [max(0.0, self.share(bottom)), self.share(top)]


WIDE = Frame(
    height=772,
    left=132,
    bottom=34,
    names_y=10,
    strip=(24, 30),
    rows={
        "discs": (33, 53),
        "heart": (56, 296),
        "marks": (296, 320),
        "rmssd": (344, 438),
        "arousal": (464, 490),
        "felt": (520, 612),
        "change": (640, 734),
    },
)
NARROW = Frame(
    height=706,
    left=36,
    bottom=34,
    names_y=10,
    strip=(24, 30),
    rows={
        "discs": (33, 53),
        "heart": (74, 234),
        "marks": (234, 256),
        "rmssd": (296, 380),
        "arousal": (420, 444),
        "felt": (484, 564),
        "change": (604, 668),
    },
)

Y_AXIS: Mapping[str, str] = {
    "holes": "y",
    "heart": "y2",
    "marks": "y3",
    "rmssd": "y4",
    "arousal": "y5",
    "felt": "y6",
    "change": "y7",
    "discs": "y8",
}
"""Axis of each row; Plotly draws them in this order, so that gaps lie behind lines and marks."""


def axis_key(row: str) -> str:
    """``yaxis3`` for the row whose traces name ``y3``."""
    return "yaxis" + Y_AXIS[row][1:]


def axes(values: TimelineValues, frame: Frame, *, heart: tuple[float, float]) -> dict[str, Any]:
    """All axes of one frame; every panel hangs on the one time axis ``x``."""
    hours = values.duration_s >= 3600
    time_format = "%-H:%M:%S" if hours else "%-M:%S"
    drawn: dict[str, Any] = {
        "xaxis": axis(
            type="date",
            range=[on_axis(0.0), on_axis(values.duration_s)],
            fixedrange=False,
            showgrid=False,
            tickformat=time_format,
            hoverformat=time_format,
            anchor="free",
            position=0,
            showspikes=True,
            spikemode="across",
            spikesnap="hovered data",
            spikecolor=ink("ink"),
            spikethickness=1,
            spikedash="solid",
            nticks=6 if frame is NARROW else 13,
        )
    }
    felt_ticks = [0, 50, 100]
    low, high = change_range(values)
    rows: dict[str, dict[str, Any]] = {
        "heart": axis(range=list(heart), nticks=6),
        "marks": axis(range=[0, 1], visible=False),
        "rmssd": axis(range=list(rmssd_range(values)), nticks=4, rangemode="tozero"),
        "arousal": axis(range=[0, 1], visible=False),
        "felt": axis(range=[-6, 106], tickvals=felt_ticks),
        "change": axis(range=[low, high], **signed_ticks(low + TICK_AIR_BPM, high - TICK_AIR_BPM, 15)),
        "holes": axis(range=[0, 1], visible=False),
        "discs": axis(range=[0, 1], visible=False),
    }
    for row, drawing in rows.items():
        domain = [frame.domain("rmssd")[0], frame.domain("heart")[1]] if row == "holes" else frame.domain(row)
        drawn[axis_key(row)] = {**drawing, "domain": domain, "anchor": "x"}
    return drawn


def signed_ticks(low: float, high: float, step: int) -> dict[str, Any]:
    """Ticks at whole steps with their signs, and a plain zero.

    >>> signed_ticks(-16, 31, 15)
    {'tickvals': [-15, 0, 15, 30], 'ticktext': ['−15', '0', '+15', '+30']}
    """
    places = list(range(math.ceil(low / step) * step, math.floor(high) + 1, step))
    return {"tickvals": places, "ticktext": [words.signed(place, 0) for place in places]}


def heart_range(rates: list[float]) -> tuple[float, float]:
    """Range of the heart-rate panel: all beats with a little air, never less than its least span."""
    if not rates:
        return 50.0, 100.0
    low, high = max(min(rates) - 2.0, LEAST_RATE_BPM), min(max(rates) + 2.0, MOST_RATE_BPM)
    spare = max(0.0, HEART_SPAN_BPM - (high - low)) / 2
    return low - spare, high + spare


def rr_range(rates: list[float]) -> tuple[float, float]:
    """The same stretch as RR intervals, ms."""
    low, high = heart_range(rates)
    return 60000.0 / high, 60000.0 / max(low, 20.0)


def rmssd_range(values: TimelineValues) -> tuple[float, float]:
    """From zero to the largest value, at least 50 ms."""
    shown = [reading.value for reading in values.rmssd if reading.value is not None]
    return RMSSD_RANGE_MS[0], max([RMSSD_RANGE_MS[1], *(value * 1.08 for value in shown)])


def change_range(values: TimelineValues) -> tuple[float, float]:
    """A range that holds every phase's change, never narrower than the common one."""
    shown = [band.change_bpm for band in values.phases if band.change_bpm is not None]
    low = min([CHANGE_RANGE_BPM[0], *(value - 3 for value in shown)])
    return low, max([CHANGE_RANGE_BPM[1], *(value + 3 for value in shown)])
