"""A chart as SVG text: two axes, lines, dots, bands and a legend; the same figures give the same bytes everywhere.

Written out by hand because plotting libraries put dates, random ids and their own version into what they draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 760.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 74.0, 36.0, 44.0, 56.0
COLOURS = ("#1f5fa8", "#b3541e", "#2e7d4f", "#7a4fa3", "#8a6d00", "#555555")
"""Told apart without colour vision too, by their lightness; each line is named in the legend besides."""
INK, FAINT = "#222222", "#d9d9d9"
LEGEND_ROW = 18.0
DASHES = ' stroke-dasharray="6 4"'

Points = Iterable[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """What runs along one side."""

    title: str
    low: float
    high: float
    log: bool = False
    """Powers of ten; both ends must be above 0."""

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the low end, 1 at the high end."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round values inside: whole powers of ten, or steps of 1, 2 or 5."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            return [10.0**power for power in range(first, last + 1)]
        rough = (self.high - self.low) / 6
        unit = 10.0 ** math.floor(math.log10(rough))
        step = unit * next(size for size in (1, 2, 5, 10) if size * unit >= rough)
        return [
            step * place for place in range(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1)
        ]


@dataclass
class Chart:
    """Marks are drawn in the order in which they are put in."""

    title: str
    across: Axis
    up: Axis
    _marks: list[str] = field(default_factory=list)
    _legend: list[tuple[str, str, str]] = field(default_factory=list)
    """Colour, dashes and name of each."""

    def line(self, points: Points, colour: str, name: str, *, dashed: bool = False, dots: bool = False) -> None:
        """Straight from point to point, on each a dot when asked for."""
        places = [self._at(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = DASHES if dashed else ""
        self._marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dash}/>')
        if dots:
            self._marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}"/>' for x, y in places]
        self._legend.append((colour, dash, name))

    def dots(self, points: Points, colour: str, name: str) -> None:
        """A dot each."""
        places = (self._at(*point) for point in points)
        self._marks += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{colour}"/>' for x, y in places]
        self._legend.append((colour, "", name))

    def band(
        self, low: Sequence[tuple[float, float]], high: Sequence[tuple[float, float]], colour: str, name: str
    ) -> None:
        """Filled between two lines."""
        edge = [self._at(*point) for point in (*high, *reversed(low))]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in edge)
        self._marks.append(f'<polygon points="{path}" fill="{colour}"/>')
        self._legend.append((colour, "", name))

    def svg(self) -> str:
        """The whole picture."""
        height = HEIGHT + LEGEND_ROW * (len(self._legend) + 0.5)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" width="{WIDTH:.0f}" '
            f'height="{height:.0f}" font-family="sans-serif" font-size="13" role="img">',
            f"<title>{escape(self.title)}</title>",
            f'<rect width="{WIDTH:.0f}" height="{height:.0f}" fill="#ffffff"/>',
            _text(LEFT, 24, self.title, size=15),
            *self._axes(),
            f'<clipPath id="field"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
            f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath>',
            '<g clip-path="url(#field)">',
            *self._marks,
            "</g>",
            *self._names(),
            "</svg>\n",
        ]
        return "\n".join(parts)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + self.across.share(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.up.share(y) * (HEIGHT - TOP - BOTTOM),
        )

    def _axes(self) -> Iterable[str]:
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        for value in self.across.ticks():
            x, _ = self._at(value, self.up.low)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="{FAINT}"/>'
            yield _text(x, bottom + 18, f"{value:g}", anchor="middle")
        for value in self.up.ticks():
            _, y = self._at(self.across.low, value)
            yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{FAINT}"/>'
            yield _text(LEFT - 8, y + 4, f"{value:g}", anchor="end")
        yield f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="{INK}"/>'
        yield _text((LEFT + right) / 2, bottom + 40, self.across.title, anchor="middle")
        middle = (TOP + bottom) / 2
        yield (
            f'<text x="18" y="{middle:.1f}" text-anchor="middle" fill="{INK}" '
            f'transform="rotate(-90 18 {middle:.1f})">{escape(self.up.title)}</text>'
        )

    def _names(self) -> Iterable[str]:
        for row, (colour, dash, name) in enumerate(self._legend):
            y = HEIGHT + LEGEND_ROW * (row + 0.5)
            yield f'<path d="M{LEFT} {y - 4:.1f}h26" stroke="{colour}" stroke-width="5"{dash}/>'
            yield _text(LEFT + 32, y, name)


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{INK}">{escape(words)}</text>'
    )


def spanning(values: Iterable[float]) -> tuple[float, float]:
    """Whole powers of ten that hold all values, all above 0."""
    held = list(values)
    return 10.0 ** math.floor(math.log10(min(held)) + 1e-9), 10.0 ** math.ceil(math.log10(max(held)) - 1e-9)
