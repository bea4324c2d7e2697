"""The session as one picture of inline SVG: heart, corrected beats, RMSSD and felt ratings over the phases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from dashboard.clinician import words
from dashboard.clinician.timeline_values import PHASE_TOKENS, PhaseBand, Reading, TimelineValues
from dashboard.report.markup import add, node
from processing.indices import MS_PER_MIN
from processing.values import Verdict

WIDTH, HEIGHT = 680.0, 276.0
LEFT, RIGHT = 34.0, 676.0
HEART, MARKS_Y, RMSSD, FELT = (42.0, 144.0), 151.0, (166.0, 206.0), (224.0, 250.0)
"""Top and bottom of each panel, in units of the drawing."""
BAND_TOP, BAND_BOTTOM = 18.0, 252.0
NAME_WIDTH = 6.0
"""Room that a letter of a phase's name takes."""
TICKS_S = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
MOST_TICKS = 12
EDGE = 0.05
"""Share of the range that is left free above and below the heart."""

Scale = Callable[[float], float]
Point = tuple[float, float]


def session_figure(values: TimelineValues) -> Element:
    """The whole picture; its words for screen readers stand in the caption beside it."""
    svg = node(
        "svg", viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}", role="img", aria_labelledby="figure-says", class_="figure"
    )
    x = _line(0.0, max(values.duration_s, 1.0), LEFT, RIGHT)
    add(svg, node("defs", _hatch()))
    add(svg, *(part for band in values.phases for part in _band(band, x)))
    holes = [(hole.from_s, hole.to_s) for hole in values.holes]
    add(svg, *(_hole(from_s, to_s, x) for from_s, to_s in holes))
    _heart(svg, values, x)
    _rmssd(svg, values, x)
    _felt(svg, values, x)
    add(svg, *_clock(values.duration_s, x))
    return svg


def _line(low: float, high: float, from_: float, to: float) -> Scale:
    span = (high - low) or 1.0
    return lambda value: from_ + (value - low) / span * (to - from_)


def _hatch() -> Element:
    stroke = node("line", x1=0.0, x2=0.0, y1=0.0, y2=6.0, class_="hatch")
    return node("pattern", stroke, id="hatch", width=6.0, height=6.0, patternUnits="userSpaceOnUse",
                patternTransform="rotate(45)")  # fmt: skip


def _band(band: PhaseBand, x: Scale) -> list[Element]:
    token = PHASE_TOKENS.get(band.kind)
    if token is None:
        return []
    left, right = x(band.start_s), x(band.end_s)
    colour = f"fill:var(--{token})"
    wash = node("rect", x=left, y=BAND_TOP + 8, width=max(0.0, right - left), height=BAND_BOTTOM - BAND_TOP - 8,
                style=f"{colour};opacity:.11")  # fmt: skip
    strip = node("rect", x=left + 1, y=BAND_TOP, width=max(0.5, right - left - 2), height=5.0, rx=2.5, style=colour)
    name = band.title if len(band.title) * NAME_WIDTH < right - left else ""
    return [wash, strip, *([node("text", name, x=left + 2, y=BAND_TOP - 7, class_="name")] if name else [])]


def _hole(from_s: float, to_s: float, x: Scale) -> Element:
    width = max(1.0, x(to_s) - x(from_s))
    return node("rect", x=x(from_s), y=BAND_TOP + 8, width=width, height=FELT[0] - BAND_TOP - 20, fill="url(#hatch)")


def _heart(svg: Element, values: TimelineValues, x: Scale) -> None:
    accepted = [(beat.time_s, MS_PER_MIN / beat.rr_ms) for beat in values.beats if beat.verdict is Verdict.NORMAL]
    if not accepted:
        add(svg, node("text", "No usable beats", x=LEFT + 8, y=HEART[0] + 20, class_="axis"))
        return
    rates = [rate for _, rate in accepted]
    spare = EDGE * max(8.0, max(rates) - min(rates))
    low, high = min(rates) - spare, max(rates) + spare
    y = _line(low, high, HEART[1], HEART[0])
    add(svg, *_levels(_round_levels(low, high), y))
    broken = [reading.time_s for reading in values.means if reading.value is None]
    add(svg, node("path", d=_path(_unbroken(accepted, broken), x, y), class_="beats"))
    add(svg, node("path", d=_path(_runs(values.means), x, y), class_="mean"))
    add(svg, *(_mark(x(mark.time_s), mark.verdict) for mark in values.marks))
    add(svg, node("text", "heart rate, beats/min", x=LEFT + 6, y=HEART[0] - 2, class_="of-heart"))


def _rmssd(svg: Element, values: TimelineValues, x: Scale) -> None:
    known = [reading.value for reading in values.rmssd if reading.value is not None]
    if known:
        y = _line(0.0, max(known) * (1 + EDGE), RMSSD[1], RMSSD[0])
        add(svg, *_levels(_round_levels(0.0, max(known), most=3), y))
        add(svg, node("path", d=_path(_runs(values.rmssd), x, y), class_="vagal"))
    add(svg, node("text", "RMSSD, ms", x=LEFT + 6, y=RMSSD[0] + 2, class_="of-vagal"))


def _felt(svg: Element, values: TimelineValues, x: Scale) -> None:
    y = _line(0.0, 100.0, FELT[1], FELT[0])
    add(svg, *_levels((0.0, 100.0), y))
    told = [point for point in values.felt if point.prompt == "suds"]
    add(svg, node("path", d=_path([[(p.time_s, p.value) for p in told]], x, y), class_="felt-line"))
    add(svg, *(_diamond(x(point.time_s), y(point.value)) for point in told))
    add(svg, node("text", "felt tension, 0 to 100", x=LEFT + 6, y=FELT[0] - 3, class_="of-felt"))


def _clock(duration_s: float, x: Scale) -> list[Element]:
    step = next((each for each in TICKS_S if duration_s / each <= MOST_TICKS), TICKS_S[-1])
    times = range(0, int(duration_s) + 1, step)
    return [
        node("text", words.clock(t), x=x(t), y=HEIGHT - 8, class_="axis",
             text_anchor="start" if t == 0 else "end" if x(t) > RIGHT - 14 else "middle")
        for t in times
    ]  # fmt: skip


def _levels(levels: Iterable[float], y: Scale) -> list[Element]:
    drawn = []
    for level in levels:
        drawn.append(node("line", x1=LEFT, x2=RIGHT, y1=y(level), y2=y(level), class_="level"))
        drawn.append(node("text", f"{level:g}", x=LEFT - 5, y=y(level) + 4, class_="axis", text_anchor="end"))
    return drawn


def _round_levels(low: float, high: float, most: int = 5) -> list[float]:
    step = next(each for each in (5, 10, 20, 25, 50, 100, 200, 500, 1000) if (high - low) / each <= most)
    first = int(low // step) + (1 if low % step else 0)
    return [float(step * n) for n in range(first, int(high // step) + 1)]


def _runs(readings: Sequence[Reading]) -> list[list[Point]]:
    """Stretches of readings with values; nothing is drawn across what is withheld."""
    runs: list[list[Point]] = [[]]
    for reading in readings:
        if reading.value is None:
            runs.append([])
        else:
            runs[-1].append((reading.time_s, reading.value))
    return [run for run in runs if run]


def _unbroken(points: Sequence[Point], broken: Sequence[float]) -> list[list[Point]]:
    """Stretches of accepted beats, cut where the mean is withheld or no beat came for five seconds."""
    runs = [[points[0]]] if points else []
    for one, two in pairwise(points):
        if two[0] - one[0] > 5.0 or any(one[0] < at < two[0] for at in broken if two[0] - one[0] > 2.0):
            runs.append([])
        runs[-1].append(two)
    return runs


def _path(runs: Sequence[Sequence[Point]], x: Scale, y: Scale) -> str:
    return "".join(
        f"{'L' if at else 'M'}{x(t):.1f} {y(value):.1f}" for run in runs for at, (t, value) in enumerate(run)
    )


def _mark(at: float, verdict: Verdict) -> Element:
    if verdict is Verdict.ECTOPIC:
        return node("path", d=f"M{at - 3.5:.1f} {MARKS_Y - 3}h7l-3.5 6z", class_="mark-full")
    if verdict is Verdict.MISSED:
        return node("circle", cx=at, cy=MARKS_Y, r=3.0, class_="mark-open")
    return node("path", d=f"M{at - 3:.1f} {MARKS_Y - 3}l6 6m0-6l-6 6", class_="mark-open")


def _diamond(x: float, y: float) -> Element:
    return node("path", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z", class_="felt-mark")
