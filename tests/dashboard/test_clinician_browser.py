"""The clinician's pages in a real browser: charts, choices, keys, and deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SIZES, Server, start, watch
from tests.every_page import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
OpenPage = Callable[..., Page]
READ_MS = 90_000
"""The first review loads the analysis library and the charts' own; a busy machine takes its time."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo with its one finished recording."""
    running = start(tmp_path_factory.mktemp("review"), "demo", "--seed", "3")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def review(server: Server, chromium: Browser) -> Iterator[Page]:
    """The finished recording's page, opened once for all that only look; at the end no fault may have been seen."""
    faults: list[str] = []
    context = chromium.new_context(viewport=dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
    page = context.new_page()
    watch(page, server.url, faults)
    page.goto(f"{server.url}/recordings")
    drawn(page)
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def drawn(page: Page) -> None:
    """Open the list's first recording and wait for its chart."""
    page.locator(".list-table .row-link").first.click()
    expect(page.locator("#phase-table")).to_be_visible(timeout=READ_MS)
    expect(page.locator("#timeline .main-svg").first).to_be_visible(timeout=READ_MS)
    until(page, "document.querySelectorAll('#timeline .scatterlayer .js-line').length > 3")


def first_line(page: Page) -> str:
    path: str = page.evaluate("document.querySelector('#timeline .scatterlayer .js-line').getAttribute('d')")
    return path


def ink(page: Page) -> str:
    colour: str = page.evaluate("document.querySelector('#timeline .scatterlayer .js-line').style.stroke")
    return colour


def test_the_reader_chooses_signal_and_beats(review: Page) -> None:
    """Heart rate or RR interval, and the title says which."""
    before = first_line(review)
    review.get_by_role("button", name="RR interval").click()
    until(review, "document.querySelector('#timeline .infolayer').textContent.includes('RR interval')")
    assert first_line(review) != before
    expect(review.get_by_role("button", name="RR interval")).to_have_attribute("aria-pressed", "true", timeout=READ_MS)
    expect(review.get_by_role("button", name="Heart rate")).to_have_attribute("aria-pressed", "false", timeout=READ_MS)
    review.get_by_role("button", name="Heart rate").click()
    until(review, "document.querySelector('#timeline .infolayer').textContent.includes('Heart rate')")


def test_a_chart_follows_the_mode(review: Page) -> None:
    """Light to dark repaints with the other mode's tokens, without a reload."""
    light = ink(review)
    review.locator("[data-theme-toggle]").click()
    until(review, f"document.querySelector('#timeline .scatterlayer .js-line').style.stroke !== '{light}'")


def test_the_timeline_is_read_with_the_keys(review: Page) -> None:
    """The slider speaks each moment, and a line marks it."""
    slider = review.get_by_label("Move along the timeline")
    slider.focus()
    for _ in range(20):
        review.keyboard.press("ArrowRight")
    said = slider.get_attribute("aria-valuetext") or ""
    assert said.startswith("1:40, Rest, heart ")
    expect(review.locator("[data-crosshair-says]")).to_have_text(said, timeout=READ_MS)
    expect(review.locator(".crosshair-line")).to_be_visible(timeout=READ_MS)


def test_no_chart_offers_to_be_sent_away(review: Page) -> None:
    """No tool bar, no share button."""
    review.locator("#timeline .main-svg").first.hover()
    assert review.locator(".modebar-btn").count() == 0
    assert review.get_by_role("button", name="Share").count() == 0


def test_phases_are_named_on_every_width(review: Page) -> None:
    """Where a strip has no room for its name, the key has it."""
    for size in ("phone", "tablet", "desktop"):
        review.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        for title in ("Rest", "Soft breath", "Look back"):
            named = expect(review.locator("#timeline"), f"{title} at {size}")
            named.to_contain_text(title.split()[0], use_inner_text=True, timeout=READ_MS)


def test_the_report_checks_itself_under_the_servers_own_policy(review: Page) -> None:
    """One press away, and its script is the only one that may run in it."""
    address = review.get_by_role("link", name="Report").get_attribute("href") or ""
    report = review.context.new_page()
    faults: list[str] = []
    watch(report, review.url, faults)
    report.goto(f"{review.url.split('/recordings')[0]}{address}")
    report.get_by_role("button", name="Recompute").click()
    expect(report.locator("#recomputed")).to_contain_text("numbers agree with the", timeout=READ_MS)
    report.close()
    assert not faults


def test_the_list_is_searched_without_the_server(server: Server, open_page: OpenPage) -> None:
    """Typing narrows the list at once; what does not fit is said."""
    page = open_page(f"{server.url}/recordings")
    rows = page.locator(".list-table tbody tr:visible")
    expect(rows).to_have_count(1, timeout=READ_MS)
    page.get_by_label("Find a recording").fill("no such thing")
    expect(rows).to_have_count(0, timeout=READ_MS)
    expect(page.get_by_text("Nothing here matches.")).to_be_visible(timeout=READ_MS)
    page.get_by_label("Find a recording").fill("out of reach")
    expect(rows).to_have_count(1, timeout=READ_MS)
    page.get_by_role("button", name="People").click()
    expect(rows).to_have_count(0, timeout=READ_MS)


def test_an_unknown_recording_is_told_plainly(server: Server, open_page: OpenPage) -> None:
    """A mistyped address leads back to the list."""
    page = open_page(f"{server.url}/recordings/nothing-here")
    expect(page.get_by_role("heading", name="This recording cannot be opened")).to_be_visible(timeout=READ_MS)


def test_deleting_asks_first_and_can_be_left(server: Server, open_page: OpenPage) -> None:
    """Keep it leaves everything; Delete for good erases and says so."""
    page = open_page(f"{server.url}/recordings")
    drawn(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=READ_MS)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=READ_MS)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The recording has been erased")).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("heading", name="No recordings yet")).to_be_visible(timeout=READ_MS)
