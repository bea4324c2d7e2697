"""The method cards of a recording's page: window, beats, refused share, version and source of every number. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.clinician import words
from dashboard.clinician.recording_values import CardLine, Definition, MethodCards
from dashboard.shell import attrs
from processing.method_card import method_card, pipeline
from processing.review_figures import TABLE
from processing.values import IndexValue
from sessions.phase_table import PhaseRow
from sessions.reactivity import Change
from sessions.review import Review

NAMES = {
    "mean_hr_bpm": "Heart rate",
    "rmssd_ms": "RMSSD",
    "swing_bpm": "Swing",
    "heart_breath_phase_deg": "Heart to guide",
    "change_mean_hr_bpm": "Change of heart rate",
    "change_ln_rmssd": "Change of RMSSD",
    "half_time_s": "Half-recovery",
    "recovery_slope_bpm_per_min": "Slope",
    "recovery_excess_bpm": "Over rest",
    "recovery_percent": "Rise gone",
    "recovery_ln_rmssd_percent": "RMSSD back",
    "breathing_change_bpm": "Since the stressor's end",
    "usable_percent": "Usable",
    "corrected_percent": "Corrected",
    "arousal_sd": "Arousal",
}
"""Numbers of the page as the page calls them, by their name in the table."""
IN_PHASES = ("mean_hr_bpm", "rmssd_ms", "swing_bpm")


def cards_of(found: Review) -> MethodCards:
    """One line for each number on the page that has a value, and one definition for each kind."""
    lines = tuple(_lines(found))
    shown = {line.number for line in lines}
    definitions = tuple(_definition(name, said) for name, said in NAMES.items() if said in shown)
    return MethodCards(pipeline(), lines, definitions)


def _lines(found: Review) -> Iterator[CardLine]:
    for row in found.phases:
        for name in IN_PHASES:
            if name in row.indices and row.indices[name].value is not None:
                yield _line(row.indices[name], row.title)
        change = found.changes.get(row.span.seq)
        if change is not None:
            changes = [one for one in (change.mean_hr_bpm, change.ln_rmssd) if one.value is not None]
            yield from (_line(_as_index(one), row.title) for one in changes)
        for index in found.coming_back.get(row.span.seq, {}).values():
            if index.value is not None:
                yield _line(index, row.title)
        if row.beats:
            yield from (_line(index, row.title) for index in _shares(row))
    half = found.half_time
    if half.value_s is not None:
        index = IndexValue("half_time_s", half.value_s, "s", half.watched_s, half.beats, half.corrected_percent)
        yield _line(index, "Way back")
    if any(value is not None for _, value in found.timeline.arousal_sd):
        beats, refused = len(found.stream.judgements), sum(beat.nn_ms is None for beat in found.stream.judgements)
        minimum_s, percent = TABLE["arousal_sd"].minimum_s, 100.0 * refused / beats
        yield _line(IndexValue("arousal_sd", 0.0, "SD", minimum_s, beats, percent), "Timeline, each second")


def _as_index(change: Change) -> IndexValue:
    return IndexValue(
        change.name, change.value, change.unit, change.window_s, change.beats, change.corrected_percent, change.reason
    )


def _shares(row: PhaseRow) -> Iterator[IndexValue]:
    for name, value in (("usable_percent", row.usable_percent), ("corrected_percent", row.corrected_percent)):
        yield IndexValue(name, value, "%", row.used_s, row.beats, row.corrected_percent)


def _line(index: IndexValue, where: str) -> CardLine:
    card = method_card(index)
    return CardLine(NAMES[index.name], where, card.window_s, card.beats, card.corrected_percent, card.source)


def _definition(name: str, said: str) -> Definition:
    spec = TABLE[name]
    return Definition(said, spec.definition, spec.divisor, spec.unit, spec.minimum_s)


def folded(cards: MethodCards) -> html.Details:
    """All cards, folded away under one line."""
    if not cards.lines:
        return html.Details([html.Summary("Method cards"), html.P("No number is shown.", className="method")])
    head = html.Summary(f"Method cards of {words.count(len(cards.lines), 'number')} on this page")
    said = html.P(f"All computed with {cards.pipeline}.", className="method")
    return html.Details([head, said, _what(cards.definitions), _from_what(cards.lines)], id="method-cards")


def _from_what(lines: Sequence[CardLine]) -> html.Div:
    heads = ("Number", "Where", "Window, s", "Beats", "Corrected, %", "Source")
    rows = [
        html.Tr(
            [
                html.Th(line.number, scope="row"),
                html.Td(line.where),
                html.Td(words.number(line.window_s, 0), className="r"),
                html.Td(f"{line.beats:,}", className="r"),
                html.Td(words.number(line.corrected_percent), className="r"),
                html.Td(line.source),
            ]
        )
        for line in lines
    ]
    return _table("What each number was taken from", heads, rows, right=(2, 3, 4))


def _what(definitions: Sequence[Definition]) -> html.Div:
    heads = ("Number", "Definition", "Divisor", "Unit", "Shortest window, s")
    rows = [
        html.Tr(
            [
                html.Th(one.number, scope="row"),
                html.Td(one.definition),
                html.Td(one.divisor),
                html.Td(one.unit),
                html.Td(words.number(one.minimum_s, 0), className="r"),
            ]
        )
        for one in definitions
    ]
    return _table("What each number is", heads, rows, right=(4,))


def _table(caption: str, heads: Sequence[str], rows: Sequence[html.Tr], right: Sequence[int]) -> html.Div:
    cells: list[Component] = [
        html.Th(head, scope="col", className="r" if at in right else "") for at, head in enumerate(heads)
    ]
    table = html.Table(
        [html.Caption(caption, className="sr"), html.Thead(html.Tr(cells)), html.Tbody(rows)], className="tbl"
    )
    return html.Div(table, className="scroll", tabIndex="0", role="group", **attrs(aria_label=caption))
