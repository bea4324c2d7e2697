"""From the store to the page's values: one review of one recording."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from acquisition.errors import AttunementError
from dashboard.clinician import words
from dashboard.clinician.method_cards import cards_of
from dashboard.clinician.method_words import method_lines
from dashboard.clinician.recording_values import (
    Cell,
    FeltAndHeart,
    Figure,
    InWords,
    PhaseLine,
    RecordingView,
    ToldLine,
    WayLine,
)
from dashboard.clinician.timeline_marks import FELT_WORDS
from dashboard.clinician.timeline_reading import timeline_of
from processing.values import IndexValue
from sessions.exercise import load
from sessions.kept import StoredRecording
from sessions.key_figures import KeyFigure
from sessions.own_rest import earlier_rests
from sessions.phase_table import PhaseRow
from sessions.prompts import PROMPTS, TICK_SUFFIX
from sessions.reactivity import Change, Reactivity
from sessions.records import Asker, Rating
from sessions.review import Review, review
from sessions.sentences import sentences
from sessions.service import Service


def read(service: Service, asker: Asker, recording_id: str) -> RecordingView:
    """One review, worked out now."""
    stored = service.recording(asker, recording_id)
    return view_of(stored, review(stored, service.recording_file(asker, recording_id)))


def read_words(service: Service, asker: Asker, recording_id: str) -> InWords:
    """The same recording in sentences, each asked in all its ways; as long again as a review, and longer where earlier
    rests of the same person are read for their own band."""
    stored = service.recording(asker, recording_id)
    found = review(stored, service.recording_file(asker, recording_id))
    told = sentences(found, earlier_rests(service, asker, stored))
    said = tuple(ToldLine(one.text, one.firmness, one.breaks) for one in told if one.printed)
    return InWords(said, len(told) - len(said))


def view_of(stored: StoredRecording, found: Review) -> RecordingView:
    """A review as its page shows it."""
    summary = stored.summary
    titles = {row.span.name: row.title for row in found.phases}
    return RecordingView(
        id=summary.id,
        title=_title(summary.exercise),
        facts=tuple(_facts(stored)),
        client=summary.client,
        state=summary.state,
        simulated=summary.simulated,
        trust=tuple(_trust(found)),
        figures=tuple(_figure(figure) for figure in found.key_figures),
        timeline=timeline_of(found, titles),
        phases=tuple(_line(row, found.changes.get(row.span.seq), titles) for row in found.phases),
        pairs=tuple(_pairs(found, titles)),
        words=tuple(_said(found)),
        method=method_lines(stored, found.method),
        flags=found.flags,
        notices=tuple(_notices(stored)),
        way_back=tuple(_way_back(found)),
        cards=cards_of(found),
    )


def _way_back(found: Review) -> Iterator[WayLine]:
    for row in found.phases:
        figures = found.coming_back.get(row.span.seq)
        if figures:
            yield WayLine(row.title, {name: Cell(one.value, one.reason) for name, one in figures.items()})


def _title(exercise: str | None) -> str:
    if exercise is None:
        return "Recording without an exercise"
    try:
        return load(exercise).title
    except AttunementError:  # a script of the past; its id is all that is left of it
        return words.phase_title(exercise)


def _facts(stored: StoredRecording) -> Iterator[str]:
    summary = stored.summary
    if summary.client:
        yield summary.client
    yield words.day(summary.started_at)
    yield words.length(summary.duration_s)
    yield words.source(summary.source)
    told = {fact.name: fact.value for fact in stored.facts}
    if "firmware" in told:
        yield f"firmware {told['firmware']}"
    yield f"{summary.beats:,} beats"


def _notices(stored: StoredRecording) -> Iterator[str]:
    if stored.summary.state == "open":
        yield "This recording is still running. Shown is what has been kept so far; load the page again for more."
    if stored.summary.state == "recovered":
        yield "This recording was cut off. Everything that was acknowledged up to then is here, and nothing was added."


def _trust(found: Review) -> Iterator[str]:
    used_s = math.fsum(row.used_s for row in found.phases)
    if used_s > 0:
        clean_s = math.fsum(row.used_s * row.usable_percent / 100 for row in found.phases)
        beats = sum(row.beats for row in found.phases)
        refused = math.fsum(row.corrected_percent * row.beats for row in found.phases) / max(1, beats)
        yield f"{clean_s / 60:.1f} of {used_s / 60:.1f} min usable"
        yield f"{refused:.1f} % of intervals refused"
    else:
        judged = found.timeline.judgements
        refused_n = sum(judgement.nn_ms is None for judgement in judged)
        yield f"{100 * refused_n / max(1, len(judged)):.1f} % of intervals refused"
    yield words.count(len(found.timeline.gaps), "gap")
    paced = [row.span.pacer_bpm for row in found.phases if row.span.pacer_bpm is not None]
    if paced:
        yield f"guide at {paced[-1]:g} breaths a minute"


def _figure(figure: KeyFigure) -> Figure:
    if figure.value is None:
        note = " ".join(words.sentence(part) for part in (words.reason(figure.reason), figure.note) if part)
        return Figure(figure.title, words.DASH, "", note)
    shown = {
        "reactivity": words.signed(figure.value),
        "half_time": words.clock(figure.value),
        "felt_and_heart": f"{figure.value:.0f}",
    }.get(figure.id, words.number(figure.value))
    unit = "min : s" if figure.id == "half_time" else figure.unit
    return Figure(figure.title, shown, unit, words.sentence(figure.note))


def _line(row: PhaseRow, change: Reactivity | None, titles: Mapping[str, str]) -> PhaseLine:
    span = row.span
    cells = {
        name: _cell(row.indices.get(name), marked=row.quality == "marked")
        for name in ("mean_hr_bpm", "rmssd_ms", "swing_bpm")
    }
    if change is not None:
        cells["change_bpm"] = _changed(change.mean_hr_bpm)
        cells["change_rmssd_percent"] = _percent(change.ln_rmssd)
    ended = [] if span.ended in (None, "complete") else [str(span.ended)]
    take = [f"take {span.take}"] if span.take > 1 else []
    return PhaseLine(
        title=row.title,
        kind=span.kind,
        speech=span.speech,
        start_s=span.start_s,
        end_s=span.start_s + row.used_s,
        planned_s=span.planned_s,
        cells=cells,
        reference=titles.get(change.reference, change.reference) if change else None,
        ratings=tuple(_answers(row)),
        usable_percent=row.usable_percent,
        corrected_percent=row.corrected_percent,
        flags=(*take, *ended),
    )


def _cell(index: IndexValue | None, *, marked: bool) -> Cell:
    if index is None:
        return Cell(None, "nothing was recorded")
    return Cell(index.value, index.reason, marked and index.value is not None)


def _changed(change: Change) -> Cell:
    return Cell(change.value, change.reason)


def _percent(change: Change) -> Cell:
    """A difference of logarithms as percent."""
    return Cell(None if change.value is None else 100.0 * math.expm1(change.value), change.reason)


def _answers(row: PhaseRow) -> Iterator[tuple[str, str]]:
    for rating in row.ratings:
        if rating.prompt not in ("suds", "body"):
            continue
        later = " (after feedback)" if rating.after_feedback else ""
        yield FELT_WORDS[rating.prompt], _answer(rating) + later


def _said(found: Review) -> Iterator[tuple[str, str, str]]:
    titles = {row.span.name: row.title for row in found.phases}
    for rating in found.told.ratings:
        if rating.prompt in ("suds", "body"):
            continue
        asked = PROMPTS.get(rating.prompt.removesuffix(TICK_SUFFIX))
        question = asked.text if asked else words.phase_title(rating.prompt)
        if asked and asked.tick and rating.prompt.endswith(TICK_SUFFIX):
            question = asked.tick.capitalize()
        yield titles.get(rating.phase, words.phase_title(rating.phase)), question, _answer(rating)


def _answer(rating: Rating) -> str:
    value = rating.value
    if value is None:
        return "rather not say"
    if value is True:
        return "yes"
    if isinstance(value, int | float):
        low = rating.scale.startswith("-")
        return words.signed(float(value), 0) if low else f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or words.DASH
    return str(value)


def _pairs(found: Review, titles: Mapping[str, str]) -> Iterator[FeltAndHeart]:
    for number, pair in enumerate(found.pairs, 1):
        yield FeltAndHeart(
            number=number,
            title=pair.title,
            kind=pair.kind,
            change_bpm=pair.change_bpm,
            change_sd=pair.change_sd,
            reference=titles.get(pair.reference, pair.reference),
            felt=pair.felt,
            felt_reference=pair.felt_reference,
            left_out=words.reason(pair.left_out) or None,
            says=pair.says,
        )
