"""From a kept recording to the page's values, and the routes that ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dash import no_update

from acquisition import formats
from acquisition.samples import sample_path
from dashboard.clinician import pages
from dashboard.clinician.marker_words import MARKER_WORDS, told
from dashboard.clinician.readings import Readings
from dashboard.clinician.recording_values import RecordingView
from dashboard.demonstration import keep
from dashboard.page import PageContext
from processing.analysis import artifacts, judge
from processing.values import Verdict
from sessions.records import Asker, SessionMarker
from sessions.service import Service

CLINICIAN = Asker("clinician")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A folder with two kept samples: a whole exercise, and a strap that slips."""
    with Service.open(tmp_path_factory.mktemp("kept") / "data", writable=True) as opened:
        for name in ("restless-strap", "calm-words-body-up"):
            keep(opened, formats.read(sample_path(name)))
        yield opened


def the_id(service: Service, source: str) -> str:
    return next(one.id for one in service.recordings(CLINICIAN) if source in one.source)


@pytest.fixture(scope="module")
def exercise(service: Service) -> RecordingView:
    """The page's values of the exercise."""
    return Readings().view(service, CLINICIAN, the_id(service, "calm-words"))


@pytest.fixture(scope="module")
def restless(service: Service) -> RecordingView:
    """The page's values of the slipping strap."""
    return Readings().view(service, CLINICIAN, the_id(service, "restless"))


def test_the_five_key_figures_are_values_or_dashes_with_words(exercise: RecordingView, restless: RecordingView) -> None:
    """No figure stands without a note."""
    for view in (exercise, restless):
        assert len(view.figures) == 5
        assert all(figure.note for figure in view.figures)
        assert all(not figure.unit for figure in view.figures if figure.value == "–")


def test_half_recovery_is_told_in_minutes_and_seconds(exercise: RecordingView) -> None:
    """As a clock, with its unit."""
    half = next(figure for figure in exercise.figures if figure.title == "Half-recovery")
    minutes, seconds = half.value.split(":")
    assert (int(minutes), len(seconds), half.unit) == (1, 2, "min : s")


def test_sentences_are_read_apart_from_the_page_and_kept(service: Service) -> None:
    """The same object again while nothing changes; each says in how many ways it holds."""
    readings = Readings()
    said = readings.in_words(service, CLINICIAN, the_id(service, "calm-words"))
    assert readings.in_words(service, CLINICIAN, the_id(service, "calm-words")) is said
    assert any(line.text == "Out of reach: heart up, said calm." for line in said.told)
    assert all(line.firmness.startswith("holds in ") for line in said.told)
    assert said.left_out > 0


def test_every_number_of_the_page_has_its_method_card(exercise: RecordingView) -> None:
    """Window, beats, refused share and source of each value in the phase table, and one definition for each kind."""
    cards = exercise.cards
    assert cards.pipeline.startswith("attunement ")
    lines = {(line.number, line.where) for line in cards.lines}
    for part in exercise.phases:
        for name, said in (("mean_hr_bpm", "Heart rate"), ("rmssd_ms", "RMSSD"), ("swing_bpm", "Swing")):
            assert ((said, part.title) in lines) == (part.cells[name].value is not None)
    assert all(line.beats > 0 and line.window_s > 0 and line.source for line in cards.lines)
    assert {one.number for one in cards.definitions} == {line.number for line in cards.lines}
    assert {line.title for line in exercise.way_back} == {"Soft breath", "Back to rest"}


def test_every_change_names_the_phase_that_it_is_against(exercise: RecordingView) -> None:
    """Titles, not codes."""
    against = {line.title: line.reference for line in exercise.phases}
    assert against["Out of reach"] == "Plain scene"
    assert against["Rest"] is None


def test_a_split_between_words_and_heart_is_told(exercise: RecordingView) -> None:
    """In this sample the heart rises while the words stay calm."""
    pair = next(pair for pair in exercise.pairs if pair.title == "Out of reach")
    assert pair.says == "heart up, said calm"


def test_the_timeline_has_one_mark_for_each_counted_event(service: Service, restless: RecordingView) -> None:
    """What is drawn and what is counted agree."""
    file = service.recording_file(CLINICIAN, the_id(service, "restless"))
    counted = artifacts(judge(file.items))
    drawn = [mark.verdict for mark in restless.timeline.marks]
    assert {str(verdict): drawn.count(verdict) for verdict in Verdict if verdict is not Verdict.NORMAL} == {
        name: count for name, count in counted.items() if name != "corrected_percent"
    }


def test_gaps_are_holes_with_their_reason(restless: RecordingView) -> None:
    """Length and cause of each."""
    words = [hole.words for hole in restless.timeline.holes]
    assert any("link lost" in said for said in words)
    assert any("no contact" in said for said in words)


def test_no_mean_is_drawn_inside_a_long_gap(restless: RecordingView) -> None:
    """Nothing is bridged."""
    hole = max(restless.timeline.holes, key=lambda one: one.to_s - one.from_s)
    inside = [r.value for r in restless.timeline.rmssd if hole.from_s + 6 < r.time_s < hole.to_s]
    assert inside
    assert set(inside) == {None}


def test_a_closed_recording_is_read_once(service: Service) -> None:
    """The second look costs nothing, until something about it changes."""
    readings, recording_id = Readings(), the_id(service, "restless")
    first = readings.view(service, CLINICIAN, recording_id)
    assert readings.view(service, CLINICIAN, recording_id) is first
    service.add(CLINICIAN, recording_id, SessionMarker(30.0, "marker", "Moved in the chair"))
    again = readings.view(service, CLINICIAN, recording_id)
    assert [marker.words for marker in again.timeline.markers] == ["Moved in the chair."]


def test_the_method_box_says_how_to_compute_it_again(exercise: RecordingView) -> None:
    """Versions, rule, limits, windows and what is not claimed."""
    terms = dict(exercise.method)
    assert {"Computed with", "Beats", "Limits", "Windows", "Arousal", "Changes", "Not claimed"} <= set(terms)
    assert "neurokit2" in terms["Computed with"]


@pytest.mark.parametrize("kind", sorted(MARKER_WORDS))
def test_every_marker_that_is_shown_is_a_sentence(kind: str) -> None:
    """With and without its data."""
    for data in ({}, {"bpm": 5.5, "rule": "suds", "size": 4}):
        assert told(SessionMarker(1.0, kind, data=data)).endswith(".")


def context(service: Service) -> PageContext:
    return cast(PageContext, SimpleNamespace(service=service, asker=CLINICIAN))


async def test_erasing_what_is_not_there_says_so_and_stays(service: Service) -> None:
    """The page keeps its place and shows the reason."""
    said, path, query = await pages.erase(context(service), "nothing-here")
    assert str(said).startswith("It was not deleted: ")
    assert path is no_update
    assert query is no_update


async def test_erasing_goes_back_to_the_list(tmp_path: Path) -> None:
    """The recording is gone, and the list says so."""
    with Service.open(tmp_path / "data", writable=True) as opened:
        recording_id = keep(opened, formats.read(sample_path("clean-rest")))
        assert await pages.erase(context(opened), recording_id) == ("", "/recordings", "?deleted=erased")
        assert opened.recordings(CLINICIAN) == []


async def test_a_page_is_there_before_its_review(service: Service) -> None:
    """Title and facts at once, the shapes of the rest below."""
    recording: Any = next(route for route in pages.routes() if route.pattern == "/recordings/<recording_id>")
    page = await recording.render(context(service), recording_id=the_id(service, "restless"))
    drawn = str(page.to_plotly_json())
    assert "Reading 307 beats" in drawn
    assert "skeleton" in drawn
