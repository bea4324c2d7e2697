"""The clinician's lists and the page of one recording."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.clinician import clients, in_words, recording_page, recordings_list
from dashboard.clinician.felt_and_heart import CAVEAT, marks
from dashboard.clinician.phase_table import phase_table
from dashboard.clinician.recording_values import Cell, InWords, ToldLine, WayLine
from sessions.kept import ClientSummary, RecordingSummary
from tests.dashboard.recordings_made import a_view

WHEN = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def text(part: Any) -> str:
    """All words of a layout, in order."""
    if isinstance(part, Component):
        return text(getattr(part, "children", None))
    if isinstance(part, list | tuple):
        return " ".join(text(each) for each in part)
    return "" if part is None else str(part)


def every(part: Component, kind: str) -> list[Component]:
    return [each for each in part._traverse() if isinstance(each, Component) and type(each).__name__ == kind]


def summary(**more: Any) -> RecordingSummary:
    plain: dict[str, Any] = {
        "id": "abcd-1234",
        "started_at": WHEN,
        "state": "closed",
        "source": "simulation: out-of-reach",
        "exercise": "out-of-reach",
        "client": None,
        "beats": 1595,
        "gaps": 1,
        "duration_s": 1320.0,
        "simulated": True,
    }
    return RecordingSummary(**{**plain, **more})


def test_an_empty_list_offers_a_session_and_a_sample() -> None:
    """One sentence, the primary action, and a sample file."""
    page = recordings_list.page([])
    assert "No recordings yet" in text(page)
    assert {"/session", "/replay"} <= {getattr(link, "href", "") for link in every(page, "A")}


def test_each_recording_is_a_row_with_its_state() -> None:
    """Started, exercise, source, length, beats, gaps, and whether it is simulated or recovered."""
    page = recordings_list.page([summary(), summary(id="ef01-5678", state="recovered", simulated=False, client="A7")])
    said = text(page)
    for word in ("12 Mar 2026, 14:05", "Out of reach", "Simulated heart", "22:00", "1,595", "Recovered", "A7"):
        assert word in said


def test_a_recovered_recording_is_announced() -> None:
    """What happened, what is kept, and the way to it."""
    page = recordings_list.page([summary(state="recovered")], recovered=["abcd-1234"])
    assert "Everything up to that moment is kept" in text(page)


def test_recordings_kept_from_the_asker_are_counted_not_named() -> None:
    """The page says that there are some, and no more."""
    assert "2 recordings not shared with you" in text(recordings_list.page([summary()], hidden=2))


def test_no_client_is_compared_with_another() -> None:
    """The list has code, date and count in order of code; no figure that ranks."""
    page = clients.list_page([ClientSummary("A7", 3, WHEN), ClientSummary("B2", 1, WHEN)], 1)
    heads = [text(head) for head in every(page, "Th") if getattr(head, "scope", "") == "col"]
    assert heads == ["Client", "Latest recording", "Recordings"]


def test_an_unknown_client_is_told_plainly() -> None:
    """A mistyped code shows no error page."""
    assert "No recordings under this code" in text(clients.client_page("X9", []))


def test_a_client_without_recordings_says_how_one_appears() -> None:
    """The empty list says what to do."""
    assert "There are 2 recordings without one" in text(clients.list_page([], 2))


def test_the_page_has_the_fixed_ids() -> None:
    """``timeline`` and ``phase-table`` are in the contract."""
    page = html.Div(recording_page.content(a_view()))
    ids = {str(getattr(part, "id", "")) for part in page._traverse() if isinstance(part, Component)}
    assert {"timeline", "phase-table"} <= ids


def test_every_change_names_its_reference() -> None:
    """A change without its reference would mean nothing."""
    assert "against Rest" in text(phase_table(a_view().phases))


def test_a_dash_always_has_a_reason_in_words() -> None:
    """The reasons stand under the table, each once."""
    table = phase_table(a_view().phases)
    assert text(table).count("12 % of the intervals are refused") == 3  # two cells, one line
    assert "too_many" not in text(table)


def test_rather_not_say_is_shown_as_such() -> None:
    """A refused answer is an answer."""
    assert "rather not say" in text(phase_table(a_view().phases))


def test_marks_at_one_place_share_their_numbers() -> None:
    """No mark hides another."""
    shown = marks(a_view().pairs)
    assert [(mark.prompt, mark.numbers) for mark in shown] == [("suds", (1, 3)), ("suds", (2,)), ("body", (2,))]


def test_felt_and_heart_always_carries_its_caveat() -> None:
    """A quiet heart is not a calm person."""
    assert CAVEAT in text(html.Div(recording_page.content(a_view())))


def test_deleting_is_asked_in_plain_words() -> None:
    """What is erased, that it is for good, and a way to keep it."""
    said = text(every(html.Div(recording_page.content(a_view())), "Dialog"))
    assert "cannot be undone" in said
    assert "Keep it" in said


def test_sentences_come_after_the_page_with_how_firmly_they_stand() -> None:
    """The page has their place at once; the card says in how many ways each holds and how many are not said."""
    page = html.Div(recording_page.content(a_view()))
    assert {"in-words", "words-wanted"} <= {str(getattr(part, "id", "")) for part in page._traverse()}
    said = text(
        in_words.card(InWords((ToldLine("Heart rate rose.", "holds in 46 of 48 ways", ("window 60 s (3 of 4)",)),), 1))
    )
    for word in ("Heart rate rose.", "holds in 46 of 48 ways", "not with window 60 s (3 of 4)", "1 more sentence"):
        assert word in said


def test_where_no_sentence_holds_the_card_says_so() -> None:
    """And still how they were asked."""
    said = text(in_words.card(InWords((), 2)))
    assert "Nothing here holds in most ways." in said
    assert "2 more sentences" in said
    assert in_words.WAYS in said


def test_a_dash_on_the_way_back_has_its_reason_beside_it() -> None:
    """In words, not as a code."""
    cells = {"recovery_percent": Cell(None, "low_confidence: no clear rise, 1.2 beats/min")}
    said = text(in_words.way_back([WayLine("Back to rest", cells)]))
    assert "no clear rise, 1.2 beats/min" in said
    assert "low_confidence" not in said
