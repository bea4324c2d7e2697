"""The clinician's pages in a real browser: charts, choices, keys, and deleting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import SIZES, Server, start
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


def recording(open_page: OpenPage, server: Server, **how: object) -> Page:
    page = open_page(f"{server.url}/recordings", **how)
    page.locator(".list-table .row-link").first.click()
    expect(page.locator("#phase-table")).to_be_visible(timeout=READ_MS)
    expect(page.locator("#timeline .main-svg").first).to_be_visible(timeout=READ_MS)
    until(page, "document.querySelectorAll('#timeline .scatterlayer .js-line').length > 3")
    return page


def first_line(page: Page) -> str:
    drawn: str = page.evaluate("document.querySelector('#timeline .scatterlayer .js-line').getAttribute('d')")
    return drawn


def ink(page: Page) -> str:
    colour: str = page.evaluate("document.querySelector('#timeline .scatterlayer .js-line').style.stroke")
    return colour


def test_the_reader_chooses_signal_and_beats(server: Server, open_page: OpenPage) -> None:
    """Heart rate or RR interval, and the title says which."""
    page = recording(open_page, server)
    before = first_line(page)
    page.get_by_role("button", name="RR interval").click()
    until(page, "document.querySelector('#timeline .infolayer').textContent.includes('RR interval')")
    assert first_line(page) != before
    expect(page.get_by_role("button", name="RR interval")).to_have_attribute("aria-pressed", "true", timeout=READ_MS)
    expect(page.get_by_role("button", name="Heart rate")).to_have_attribute("aria-pressed", "false", timeout=READ_MS)


def test_a_chart_follows_the_mode(server: Server, open_page: OpenPage) -> None:
    """Light to dark repaints with the other mode's tokens, without a reload."""
    page = recording(open_page, server)
    light = ink(page)
    page.locator("[data-theme-toggle]").click()
    until(page, f"document.querySelector('#timeline .scatterlayer .js-line').style.stroke !== '{light}'")


def test_the_timeline_is_read_with_the_keys(server: Server, open_page: OpenPage) -> None:
    """The slider speaks each moment, and a line marks it."""
    page = recording(open_page, server)
    slider = page.get_by_label("Move along the timeline")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    said = slider.get_attribute("aria-valuetext") or ""
    assert said.startswith("1:40, Rest, heart ")
    expect(page.locator("[data-crosshair-says]")).to_have_text(said, timeout=READ_MS)
    expect(page.locator(".crosshair-line")).to_be_visible(timeout=READ_MS)


def test_no_chart_offers_to_be_sent_away(server: Server, open_page: OpenPage) -> None:
    """No tool bar, no share button."""
    page = recording(open_page, server)
    page.locator("#timeline .main-svg").first.hover()
    assert page.locator(".modebar-btn").count() == 0
    assert page.get_by_text("Share").count() == 0


def test_phases_are_named_on_every_width(server: Server, open_page: OpenPage) -> None:
    """Where a strip has no room for its name, the key has it."""
    page = recording(open_page, server, size="phone")
    for size in ("phone", "tablet"):
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        named = page.locator("#timeline").inner_text()
        for title in ("Rest", "Soft breath", "Look back"):
            assert title in named or title.split()[0] in named


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
    page = recording(open_page, server)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=READ_MS)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=READ_MS)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The recording has been erased")).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("heading", name="No recordings yet")).to_be_visible(timeout=READ_MS)
