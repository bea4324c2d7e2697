"""The whole report as one HTML file: style, font, pictures, beats and checking script inside, nothing fetched."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from dashboard.clinician.reading import view_of
from dashboard.clinician.recording_values import RecordingView
from dashboard.report import sheets
from dashboard.report.claims import Claim, beats_of, claims_of
from dashboard.report.markup import add, node, page_text
from dashboard.report.method_page import items, method_page
from sessions.kept import StoredRecording
from sessions.own_rest import earlier_rests
from sessions.records import Asker
from sessions.review import Review, review
from sessions.review_json import as_json
from sessions.sentences import Sentence, sentences
from sessions.service import Service

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
FONT = ASSETS / "fonts" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
NOT_DIAGNOSTIC = "Physiological measures describe a state in one session. They do not diagnose."
PAGES = 3
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src 'unsafe-inline'"
"""The file may not reach anything, wherever it is opened."""


@dataclass(frozen=True, slots=True)
class Report:
    """A recording as its report tells it."""

    stored: StoredRecording
    found: Review
    view: RecordingView
    told: tuple[Sentence, ...]

    @classmethod
    def of(cls, service: Service, asker: Asker, recording_id: str) -> Report:
        """Worked out now, which takes seconds; raises BadInput when the asker knows of no such recording."""
        stored = service.recording(asker, recording_id)
        found = review(stored, service.recording_file(asker, stored.summary.id))
        told = sentences(found, earlier_rests(service, asker, stored))
        return cls(stored, found, view_of(stored, found), told)

    def html(self, *, for_client: bool = False, served: bool = False) -> str:
        """One file, UTF-8; ``for_client`` leaves the clinician's notes and markers out, ``served`` leads back to the
        recording's page and to the other reader's report."""
        view, claims = self.view, claims_of(self.found)
        named = {claim.id: claim for claim in claims}
        first = [*_facts(view), *sheets.findings(view, self.found, self.told, named)]
        second = [*sheets.beside(view, self.found, self.told, for_client=for_client), _sign()]
        pages = [first, second, method_page(self.stored, self.found, view.method)]
        sheets_made = [_sheet(view, children, number) for number, children in enumerate(pages, 1)]
        body = node(
            "body", _toolbar(self, claims, for_client, served), node("main", *sheets_made), _carried(self.found, claims)
        )
        add(body, node("script", (HERE / "recompute.js").read_text(encoding="utf-8")))
        return page_text(node("html", _head(view), body, lang="en"))

    def values(self) -> dict[str, object]:
        """The same as JSON values: what is printed, what each printed number comes from, and the whole review."""
        claims = claims_of(self.found)
        return {
            "title": self.view.title,
            "facts": list(self.view.facts),
            "sentences": [{"text": one.text, "holds": one.holds, "ways": one.ways} for one in self.told if one.printed],
            "printed": {claim.id: claim.printed for claim in claims},
            "claims": [claim.as_dict() for claim in claims],
            "flags": [*self.view.notices, *self.view.flags],
            "reporting_items": dict(items(self.stored, self.found)),
            "review": as_json(self.found),
            "note": NOT_DIAGNOSTIC,
        }


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


def _toolbar(report: Report, claims: Sequence[Claim], for_client: bool, served: bool) -> Element:
    said = f"{len(claims)} numbers can be computed again from the beats in this file, with no network."
    return node(
        "nav",
        *(_ways(report.found.id, for_client) if served else ()),
        node("button", "Recompute", id="recompute", type="button"),
        node("button", "Print or save PDF", id="print", type="button", class_="primary"),
        node("p", said, id="recomputed", role="status"),
        class_="toolbar",
        aria_label="Report",
    )


def _ways(recording_id: str, for_client: bool) -> list[Element]:
    """Back to the recording, and who reads it."""
    page = f"/recordings/{recording_id}"
    readers = (
        ("For the clinician", f"{page}/report", not for_client),
        ("For the client", f"{page}/report?reader=client", for_client),
    )
    links = [node("a", words, href=href, aria_current="page" if now else None) for words, href, now in readers]
    return [
        node("a", "Back to the recording", href=page),
        node("span", *links, class_="readers", role="group", aria_label="Reader"),
    ]


def _sheet(view: RecordingView, children: list[Element], number: int) -> Element:
    title = node("span", view.title, class_="of")
    mark = node("span", "Attunement", class_="mark")
    head = node("header", node("h1", "Session report"), title, mark) if number == 1 else None
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
