"""The phase table: one row a phase, each change against a named reference, a dash with its reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.clinician.recording_values import Cell, PhaseLine
from dashboard.clinician.timeline_values import PHASE_TOKENS
from dashboard.shell import attrs

CHANGE_BAR_BPM = 20.0
"""A bar of full half-width means this change of heart rate, beats/min."""
CHANGE_BAR_PERCENT = 100.0
"""The same for the change of RMSSD, percent."""

HEADS: tuple[tuple[str, str, str], ...] = (
    ("Phase", "", ""),
    ("Length", "", "r"),
    ("Heart", "beats/min", "r"),
    ("Change", "beats/min", "r"),
    ("RMSSD", "ms", "r"),
    ("Change", "%", "r"),
    ("Swing", "beats/min", "r"),
    ("Felt", "0 to 100", "r"),
    ("Usable", "%", "r"),
    ("Corrected", "%", "r"),
)


def phase_table(lines: Sequence[PhaseLine]) -> html.Section:
    """The whole card; reasons of all dashes stand below the table as text, so that none needs a pointer."""
    reasons = _Reasons()
    rows = [_row(line, reasons) for line in lines]
    heads = [
        html.Th([title, html.Small(unit)] if unit else title, scope="col", className=side)
        for title, unit, side in HEADS
    ]
    box = html.Div(
        html.Table(
            [
                html.Caption("Phases with heart, changes and ratings", className="sr"),
                html.Thead(html.Tr(heads)),
                html.Tbody(rows),
            ],
            className="tbl",
            id="phase-table",
        ),
        className="scroll",
        tabIndex="0",
        role="group",
        **attrs(aria_labelledby="phases-head"),
    )
    return html.Section(
        [html.H2("Phases", id="phases-head"), box, *reasons.listed(), _legend()],
        className="card",
        **attrs(aria_labelledby="phases-head"),
    )


class _Reasons:
    """Numbers the reasons in the order in which they are met."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def dash(self, reason: str | None) -> Component:
        """A dash that points to its reason."""
        told = words.reason(reason) or "not measured"
        number = self._known.setdefault(told, len(self._known) + 1)
        return html.Span(
            [words.DASH, html.Sup(str(number)), html.Span(f" {told}", className="sr")], className="dash", title=told
        )

    def listed(self) -> list[Component]:
        """All reasons, numbered."""
        if not self._known:
            return []
        items = [html.Li([html.Sup(str(number)), f" {told}"]) for told, number in self._known.items()]
        return [html.Ol(items, className="reasons", **attrs(aria_label="Why there is a dash"))]


def _row(line: PhaseLine, reasons: _Reasons) -> html.Tr:
    token = PHASE_TOKENS.get(line.kind)
    swatch = html.I(className=f"sw is-{token}" if token else "sw is-none")
    about = ", ".join(part for part in (_planned(line), words.SPEECH_WORDS.get(line.speech, line.speech)) if part)
    name = html.Th([html.Span([swatch, line.title], className="ph"), html.Small([about, *_flags(line)])], scope="row")
    cells = line.cells
    return html.Tr(
        [
            name,
            html.Td(words.clock(line.end_s - line.start_s), className="r"),
            html.Td(_number(cells.get("mean_hr_bpm"), 1, reasons), className="r"),
            html.Td(_change(line, "change_bpm", 1, "", CHANGE_BAR_BPM, "heart", reasons), className="r"),
            html.Td(_number(cells.get("rmssd_ms"), 0, reasons), className="r"),
            html.Td(_change(line, "change_rmssd_percent", 0, "%", CHANGE_BAR_PERCENT, "vagal", reasons), className="r"),
            html.Td(_number(cells.get("swing_bpm"), 1, reasons), className="r"),
            html.Td(_ratings(line), className="r felt-cell"),
            html.Td(words.number(line.usable_percent), className="r"),
            html.Td(_corrected(line), className="r"),
        ]
    )


def _planned(line: PhaseLine) -> str:
    if line.planned_s is None or abs(line.planned_s - (line.end_s - line.start_s)) < 1.0:
        return ""
    return f"planned {words.clock(line.planned_s)}"


def _flags(line: PhaseLine) -> list[Component]:
    return [html.Span(f" · {flag}") for flag in line.flags]


def _number(cell: Cell | None, digits: int, reasons: _Reasons) -> Component | str:
    if cell is None or cell.value is None:
        return reasons.dash(cell.reason if cell else None)
    shown = words.number(cell.value, digits)
    return html.Span([shown, html.Span("*", title="5 to 10 % of intervals refused")]) if cell.marked else shown


def _change(
    line: PhaseLine, name: str, digits: int, unit: str, full: float, token: str, reasons: _Reasons
) -> Component | str:
    if line.reference is None:
        return html.Span("reference" if line.kind == "baseline" else "no reference", className="quiet")
    cell = line.cells.get(name)
    if cell is None or cell.value is None:
        return reasons.dash(cell.reason if cell else None)
    half = max(-50.0, min(50.0, cell.value / full * 50.0))
    bar = html.I(
        className=f"of-{token}",
        style={"--v": f"{half:.1f}%"},
        **attrs(aria_hidden="true"),
    )
    return html.Span(
        [
            html.Span([f"{words.signed(cell.value, digits)}{unit}", bar], className="delta"),
            html.Small(f"against {line.reference}"),
        ]
    )


def _ratings(line: PhaseLine) -> Component | str:
    if not line.ratings:
        return html.Span([words.DASH, html.Span(" not asked", className="sr")], className="quiet")
    return html.Span([html.Span([html.Small(name), " ", answer]) for name, answer in line.ratings], className="stack")


def _corrected(line: PhaseLine) -> Component | str:
    percent = line.corrected_percent
    if percent is None:
        return words.DASH
    shown = words.number(percent)
    if percent > 10:
        return html.Span(shown, className="chip att", title="Over 10 %: numbers are withheld")
    if percent > 5:
        return html.Span([shown, "*"], className="chip att", title="5 to 10 %: numbers are marked")
    return shown


def _legend() -> html.P:
    return html.P(
        "Heart, RMSSD and swing are of the whole phase. Change compares the last two minutes of a phase, or less where "
        "it is shorter, with as much of the phase named under it; that of RMSSD compares logarithms and is given in "
        "percent. Swing is the highest minus the lowest heart rate within a breath. "
        "RMSSD needs at least 60 s of usable beats and rises with slow breathing by itself, so read it beside swing "
        "in a breathing phase. * means 5 to 10 % of intervals were refused; over 10 % a number is withheld. "
        "Not a diagnostic measure.",
        className="method",
    )
