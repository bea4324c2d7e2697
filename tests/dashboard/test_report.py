"""The report: what it prints is what the review says, it can be checked offline, and nothing of it is fetched."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from acquisition.formats import read
from acquisition.samples import sample_path
from dashboard.demonstration import keep
from dashboard.report.claims import Claim, claims_of
from dashboard.report.document import Report
from dashboard.report.figure import session_figure
from dashboard.report.markup import page_text
from sessions.records import Asker
from sessions.service import Service
from tests.dashboard.command_line import Attune
from tests.dashboard.test_cli_kept import keep_sample

SAMPLES = ("out-of-reach", "restless-strap")


class Marked(HTMLParser):
    """Collects the printed text of every claimed number."""

    def __init__(self) -> None:
        super().__init__()
        self.printed: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember which number comes next."""
        self._open = dict(attrs).get("data-claim")

    def handle_data(self, data: str) -> None:
        """Its text."""
        if self._open:
            self.printed[self._open] = data
            self._open = None


@pytest.fixture(scope="module", params=SAMPLES)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A sample's report."""
    with Service.open(tmp_path_factory.mktemp("report"), writable=True) as service:
        return Report.of(service, Asker("system"), keep(service, read(sample_path(request.param))))


def marked(text: str) -> dict[str, str]:
    """Claimed numbers as a reader of the file sees them."""
    reader = Marked()
    reader.feed(text)
    return reader.printed


def test_every_claimed_number_is_printed_once(report: Report) -> None:
    """What the checking script recomputes is what stands on the page."""
    found, text = report.found, report.html()
    assert marked(text) == {claim.id: claim.printed for claim in claims_of(found)}
    assert text.count("<span data-claim=") == len(claims_of(found))


def test_what_is_withheld_claims_nothing(report: Report) -> None:
    """A dash is no number."""
    found = report.found
    claimed = {claim.id for claim in claims_of(found)}
    for row in found.phases:
        for name in ("mean_hr_bpm", "rmssd_ms"):
            known = row.used_s > 0 and row.indices[name].value is not None
            assert (f"{row.span.seq}:{name}" in claimed) == known


def test_nothing_is_fetched_and_text_is_escaped(report: Report) -> None:
    """No address but its own; a title that looks like markup stays text."""
    view, text = report.view, report.html()
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", text)
    from dataclasses import replace

    hostile = replace(report, view=replace(view, title="<script>alert(1)</script>")).html()
    assert "<script>alert(1)" not in hostile
    assert "&lt;script&gt;alert(1)" in hostile


def test_a_clients_report_leaves_notes_out(report: Report) -> None:
    """Markers are the clinician's."""
    view, text = report.view, report.html()
    assert ("Notes and markers" in text) == bool(view.timeline.markers)
    assert "Notes and markers" not in report.html(for_client=True)


def test_only_the_served_report_leads_back(report: Report) -> None:
    """A file that is kept has nowhere to lead; the page has the recording and the other reader's report."""
    page = f"/recordings/{report.found.id}"
    assert "href=" not in report.html()
    assert set(re.findall(r'href="([^"]+)"', report.html(served=True))) == {
        page,
        f"{page}/report",
        f"{page}/report?reader=client",
    }


def test_a_recording_without_beats_has_a_picture() -> None:
    """An empty picture says so, and is no fault."""
    from dashboard.clinician.timeline_values import TimelineValues

    assert "No usable beats" in page_text(session_figure(TimelineValues(duration_s=0.0)))


def opened(browser: Browser, path: Path) -> tuple[Page, list[str]]:
    """The file in a browser without a network."""
    context = browser.new_context(offline=True)
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    page.get_by_role("button", name="Recompute").click()
    return page, faults


@pytest.mark.browser
def test_recomputing_agrees_and_a_changed_beat_is_noticed(report: Report, chromium: Browser, tmp_path: Path) -> None:
    """Offline, every number comes out again from the beats in the file; with one beat changed some do not."""
    found, text = report.found, report.html()
    true = tmp_path / "report.html"
    true.write_text(text, encoding="utf-8")
    page, faults = opened(chromium, true)
    claims: tuple[Claim, ...] = claims_of(found)
    assert page.locator("#recomputed").inner_text().startswith(f"All {len(claims)} numbers agree with the ")
    assert page.locator("[data-agrees=yes]").count() == len(claims)
    assert not faults
    middle = found.stream.judgements[len(found.stream.judgements) // 8].rr_ms
    false = tmp_path / "changed.html"
    false.write_text(text.replace(f",{middle},", f",{middle + 900},", 1), encoding="utf-8")
    page, _ = opened(chromium, false)
    assert "do not agree" in page.locator("#recomputed").inner_text()


def test_the_command_writes_html_and_the_same_numbers_as_json(attune: Attune, tmp_path: Path) -> None:
    """To the last digit; another ending is wrong use, a place that cannot be written is status 5."""
    recording = keep_sample(tmp_path / "data", "out-of-reach")
    page, values = tmp_path / "report.html", tmp_path / "report.json"
    assert attune("report", recording, "--out", page).status == 0
    assert attune("report", recording, "--out", values).status == 0
    told = json.loads(values.read_text(encoding="utf-8"))
    assert marked(page.read_text(encoding="utf-8")) == told["printed"]
    shown = attune("show", recording, "--json").json
    assert told["review"]["phases"] == shown["phases"]
    assert attune("report", recording, "--out", tmp_path / "report.doc").status == 2
    assert attune("report", recording, "--out", tmp_path / "no" / "report.html").status == 5
    assert attune("report", "unknown", "--out", page).status == 3
