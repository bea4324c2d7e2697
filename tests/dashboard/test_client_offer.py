"""The offer of a pause on the client's page: two ways alike beside the part, and nothing about a heart."""

from __future__ import annotations

from dataclasses import asdict, replace

from dashboard.client import panels
from dashboard.client.screens import screen
from dashboard.client.wire import view_of
from dashboard.clinician.marker_words import numbered
from sessions import words
from sessions.records import SessionMarker
from tests.dashboard.client_views import RUNNING, STRESSOR
from tests.dashboard.test_client_layouts import buttons, ids, parts, props, text

OFFERED = replace(RUNNING, phase=STRESSOR, offer=words.QUIET_OFFER)


def test_an_offer_has_two_ways_of_equal_rank() -> None:
    """Same size, same look, no sign, none the default; the ways out stay where they are."""
    made = buttons(screen(OFFERED))
    assert (made["Pause"]["data-do"], made["Carry on"]["data-do"]) == ("pause", "carry_on")
    assert made["Pause"]["className"] == made["Carry on"]["className"]
    assert not any(key.startswith("auto") for name in ("Pause", "Carry on") for key in made[name])
    assert {"Time-out", "Stop for today"} <= set(made)


def test_an_offer_says_nothing_of_a_heart() -> None:
    """One question, without a number, a colour of its own or a sound."""
    (card,) = [part for part in parts(screen(OFFERED)) if props(part).get("id") == "offer"]
    assert text(card).split() == f"{words.QUIET_OFFER} Pause Carry on".split()
    assert props(card)["className"] == "offer"
    assert not {"Audio", "Video"} & {type(part).__name__ for part in parts(card)}


def test_an_offer_opens_no_panel_and_is_gone_without_one() -> None:
    """The part goes on beside it."""
    assert panels.panel(OFFERED) is None
    assert "offer" not in ids(screen(replace(OFFERED, offer=None)))


def test_an_offer_survives_the_wire() -> None:
    """The page is told of it as of everything else."""
    assert view_of(asdict(OFFERED)).offer == words.QUIET_OFFER


def test_a_clinician_reads_offers_their_answers_and_told_rises() -> None:
    """What was withheld and what the limits watched besides stays in the recording."""
    markers = [
        SessionMarker(1.0, "heart_rise", data={"rule": "alert", "what": "withheld", "reason": "quality"}),
        SessionMarker(2.0, "heart_rise", data={"rule": "alert", "what": "sustained"}),
        SessionMarker(2.0, "heart_rise", data={"rule": "hr_soft", "what": "sustained"}),
        SessionMarker(3.0, "offer", data={"number": 1, "why": "alert"}),
        SessionMarker(4.0, "offer_answer", data={"number": 1, "answer": "carry_on"}),
        SessionMarker(5.0, "limit", data={"rule": "signal_lost", "since_s": 4.0}),
    ]
    assert [marker.words for marker in numbered(markers, ())] == [
        "The heart rose over the line and stayed there.",
        "A pause was offered after a rise of the heart.",
        "Answer to the offer: carry on.",
        "A limit of the stop rule was reached: signal lost.",
    ]
