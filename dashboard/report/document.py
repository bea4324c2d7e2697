"""The whole report as one HTML file: style, font, pictures, beats and checking script inside, nothing fetched."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from dashboard.clinician import words
from dashboard.clinician.recording_values import RecordingView
from dashboard.report import sheets
from dashboard.report.claims import Claim, beats_of, claims_of
from dashboard.report.markup import add, node, page_text
from dashboard.report.method_page import method_page
from sessions.kept import StoredRecording
from sessions.review import Review
from sessions.sentences import Sentence

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
FONT = ASSETS / "fonts" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
NOT_DIAGNOSTIC = "Physiological measures describe a state in one session. They do not diagnose."
PAGES = 3
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src 'unsafe-inline'"
"""The file may not reach anything, wherever it is opened."""


def document(
    stored: StoredRecording, found: Review, view: RecordingView, told: Sequence[Sentence], *, for_client: bool = False
) -> str:
    """The report's text, UTF-8. ``for_client`` leaves the clinician's notes and markers out."""
    claims = claims_of(found)
    root = node("html", _head(view), lang="en")
    pages = [
        _sheet(view, [*_facts(view), *sheets.findings(view, found, told, {claim.id: claim for claim in claims})], 1),
        _sheet(view, [*sheets.beside(view, found, told, for_client=for_client), _sign()], 2),
        _sheet(view, method_page(stored, found, view.method), 3),
    ]
    body = node("body", _toolbar(claims), node("main", *pages))
    add(body, _carried(found, claims), node("script", (HERE / "recompute.js").read_text(encoding="utf-8")))
    add(root, body)
    return page_text(root)


def _head(view: RecordingView) -> Element:
    return node(
        "head",
        node("meta", charset="utf-8"),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("meta", http_equiv="Content-Security-Policy", content=POLICY),
        node("title", f"Session report: {view.title}"),
        node("style", _style()),
    )


def _style() -> str:
    font = base64.b64encode(FONT.read_bytes()).decode("ascii")
    source = f'url(data:font/woff2;base64,{font}) format("woff2")'
    face = f'@font-face{{font-family:"Report";src:{source};font-weight:200 800}}'
    return face + (HERE / "report.css").read_text(encoding="utf-8")


def _toolbar(claims: Sequence[Claim]) -> Element:
    said = f"{len(claims)} numbers can be computed again from the beats in this file, with no network."
    return node(
        "div",
        node("button", "Recompute", id="recompute", type="button"),
        node("p", said, id="recomputed", role="status"),
        class_="toolbar",
    )


def _sheet(view: RecordingView, children: list[Element], number: int) -> Element:
    title = node("span", view.title, class_="of")
    head = node("header", node("h1", "Session report"), title) if number == 1 else None
    of = f"{number} of {PAGES}"
    foot = node("footer", node("span", view.client or view.title), node("span", NOT_DIAGNOSTIC), node("span", of))
    return node("article", head, *children, foot, class_="sheet")


def _facts(view: RecordingView) -> list[Element]:
    named = zip(("Person", "Session", "Length", "Sensor"), _four(view), strict=True)
    return [node("dl", *(node("div", node("dt", term), node("dd", text)) for term, text in named), class_="meta")]


def _four(view: RecordingView) -> tuple[str, str, str, str]:
    facts = list(view.facts)
    person = facts.pop(0) if view.client else ("Simulated heart" if view.simulated else "no name kept")
    return person, facts[0], facts[1], facts[2]


def _sign() -> Element:
    return node("div", node("div", "Clinician"), node("div", "Date"), class_="sign")


def _carried(found: Review, claims: Sequence[Claim]) -> Element:
    carried = {"recording": found.id, "beats": beats_of(found), "claims": [claim.as_dict() for claim in claims]}
    text = json.dumps(carried, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return node("script", text, id="carried", type="application/json")


def as_report_json(view: RecordingView, claims: Sequence[Claim], told: Sequence[Sentence], review: object) -> object:
    """The same report as JSON values: what is printed, what each printed number comes from, and the whole review."""
    return {
        "title": view.title,
        "facts": list(view.facts),
        "sentences": [{"text": one.text, "holds": one.holds, "ways": one.ways} for one in told if one.printed],
        "printed": {claim.id: claim.printed for claim in claims},
        "claims": [claim.as_dict() for claim in claims],
        "flags": [*view.notices, *view.flags],
        "review": review,
        "note": words.sentence(NOT_DIAGNOSTIC),
    }
