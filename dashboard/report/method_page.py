"""The report's last page: how every number came about, item by item of the reporting guideline for HRV studies.

GRAPH: Quintana, Alvares and Heathers 2016, doi 10.1038/tp.2016.73; with what Task Force 1996 and Laborde 2017 (doi
10.3389/fpsyg.2017.00213) ask for besides. What a recording cannot know is left for the clinic to fill in, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from dashboard.clinician import words
from dashboard.report.markup import node
from dashboard.report.sheets import scrolled, section
from sessions.kept import StoredRecording
from sessions.review import Review

BY_HAND = "to be filled in by the clinic"
RESTRICTIONS = (
    "caffeine or hard exercise within 2 h, alcohol within 24 h, sleep, last meal: not asked by this recording; "
    "to be filled in by the clinic"
)


def items(stored: StoredRecording, found: Review) -> tuple[tuple[str, str], ...]:
    """(item, how it is filled) of the guideline, in its order."""
    return (*_of_people(), *_of_recording(stored, found), *_of_numbers(found))


def method_page(stored: StoredRecording, found: Review, lines: tuple[tuple[str, str], ...]) -> list[Element]:
    """The table of the guideline, and the page's own method box."""
    rows = [node("tr", node("th", item, scope="row"), node("td", text)) for item, text in items(stored, found)]
    head = node("tr", node("th", "Item", scope="col"), node("th", "In this recording", scope="col"))
    table = node("table", node("caption", "Reporting items", class_="sr"), node("thead", head), node("tbody", *rows),
                 class_="tbl method")  # fmt: skip
    said = [part for term, text in lines for part in (node("dt", term), node("dd", text))]
    return [
        section("Method, by the GRAPH items", scrolled(table)),
        section("Thresholds and windows", node("dl", *said, class_="terms")),
    ]


def _of_people() -> Iterator[tuple[str, str]]:
    yield "1a-c Recruitment, controls, inclusion", BY_HAND
    yield "1d Illness, medicine", BY_HAND
    yield "1e Age, sex, activity, smoking, BMI", BY_HAND


def _of_recording(stored: StoredRecording, found: Review) -> Iterator[tuple[str, str]]:
    summary, meta = stored.summary, stored.meta
    facts = "; ".join(f"{fact.name.replace('_', ' ')} {fact.value}" for fact in stored.facts if fact.name != "serial")
    wrote = ", ".join(f"{name} {version}" for name, version in stored.versions.items())
    yield "2a Hardware, software", "; ".join(part for part in (words.source(summary.source), facts, wrote) if part)
    speech = sorted({words.SPEECH_WORDS.get(row.span.speech, row.span.speech) for row in found.phases})
    yield (
        "2b Sampling, length, time of day",
        (
            f"intervals as the sensor sends them; {words.length(summary.duration_s)}; {words.day(summary.started_at)}; "
            f"parts: {', '.join(speech) or 'none'}; delay of the sensor {meta.delay_s:g} s"
        ),
    )
    yield "Restrictions before", RESTRICTIONS


def _of_numbers(found: Review) -> Iterator[tuple[str, str]]:
    method: Mapping[str, Any] = found.method
    spectrum = method["spectrum"]
    yield (
        "3a Intervals, resampling",
        (
            f"intervals of the sensor, never resampled for numbers in time; for the spectrum "
            f"{spectrum['interpolation']} at {spectrum['grid_hz']:g} Hz"
        ),
    )
    yield "3b Artefacts", f"rule {method['rule_version']}; Lipponen and Tarvainen 2019 with a trailing window"
    gaps = found.stream.gaps
    lost = "; ".join(f"{words.clock(gap.from_s)} to {words.clock(gap.to_s)} ({gap.reason})" for gap in gaps)
    yield "3c Data lost, and why", lost or "none"
    shares = "; ".join(f"{row.title} {row.corrected_percent:.1f} %" for row in found.phases)
    yield "3d Cleaning, corrected share", f"refused intervals are left out, never replaced; {shares or 'no parts'}"
    software = ", ".join(f"{name} {version}" for name, version in method["versions"].items())
    yield "4a Numbers, software", f"{software}; changes of RMSSD are of its natural logarithm, given in percent"
    yield "4b Bands and their reading", "HF 0.15 to 0.40 Hz, LF 0.04 to 0.15 Hz; no ratio of the two is given"
    paced = [f"{row.title} at {row.span.pacer_bpm:g} a minute" for row in found.phases if row.span.pacer_bpm]
    yield "Breathing", "; ".join(paced) if paced else "not guided"
    yield "Missing data", "a number without enough usable beats is withheld with its reason; no gap is bridged"
