"""The replay page in a real browser: transport, rows, words and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, start
from tests.every_page import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OpenPage = Callable[..., Page]
PATIENCE_MS = 60_000
"""What a busy machine may take for what otherwise takes a moment."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with nothing recorded: the samples are enough."""
    running = start(tmp_path_factory.mktemp("replay"), "serve", "--source", "simulate")
    yield running
    running.stop()


def replay(open_page: OpenPage, server: Server, sample: str = "restless-strap", **how: object) -> Page:
    page = open_page(f"{server.url}/replay?file=sample:{sample}", **how)
    expect(page.get_by_role("button", name="Play")).to_be_enabled(timeout=PATIENCE_MS)
    return page


def seconds(clock: str) -> float:
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + float(rest)


def seek(page: Page, to_s: float) -> None:
    page.evaluate(
        """to => {
            const slider = document.querySelector('.scrub input');
            slider.value = to;
            slider.dispatchEvent(new Event('change'));
        }""",
        to_s,
    )


def test_stepping_adds_one_beat_and_explains_it(server: Server, open_page: OpenPage) -> None:
    """Each press is one beat; the newest is selected and told in bytes and words."""
    page = replay(open_page, server)
    for beats in (1, 2, 3):
        page.get_by_role("button", name="Next beat").click()
        expect(page.locator(".pick")).to_have_count(beats, timeout=PATIENCE_MS)
    expect(page.locator("[data-bytes] div").first).to_contain_text("16", timeout=PATIENCE_MS)
    expect(page.locator("[data-why]")).to_contain_text("/ 1024 s", timeout=PATIENCE_MS)


def test_no_row_is_later_than_the_playhead(server: Server, open_page: OpenPage) -> None:
    """After a jump the last row is at or before the clock."""
    page = replay(open_page, server)
    seek(page, 120)
    expect(page.locator(".pick").first).to_be_visible(timeout=PATIENCE_MS)
    head, rows = page.evaluate(
        """() => [
            document.querySelector('.clock .head').textContent,
            [...document.querySelectorAll('.pick')].map(pick => pick.textContent),
        ]"""
    )
    assert max(seconds(row) for row in rows) <= seconds(head)


def test_malformed_frames_and_gaps_are_rows_too(server: Server, open_page: OpenPage) -> None:
    """What was refused is shown with its reason; a gap has its length."""
    page = replay(open_page, server)
    seek(page, 120)
    expect(page.locator("tr.bad").first).to_contain_text("refused", timeout=PATIENCE_MS)
    expect(page.locator("tr.gap-row").first).to_contain_text("no signal for", timeout=PATIENCE_MS)


def test_both_verdicts_stand_side_by_side(server: Server, open_page: OpenPage) -> None:
    """At once, and three beats later; the newest three are still open."""
    page = replay(open_page, server, "clean-rest")
    seek(page, 60)
    expect(page.locator(".pick").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".tag.open")).to_have_count(3, timeout=PATIENCE_MS)


def settled(page: Page) -> str:
    """The newest row's time, once no more rows come."""
    before, now = "", page.locator("tr.on .pick").inner_text()
    while before != now:
        page.wait_for_timeout(800)
        before, now = now, page.locator("tr.on .pick").inner_text()
    return now


def test_arrow_keys_walk_the_beats(server: Server, open_page: OpenPage) -> None:
    """Up selects the beat before and stops following; the button follows again."""
    page = replay(open_page, server, "clean-rest")
    seek(page, 60)
    expect(page.locator("tr.on")).to_have_count(1, timeout=PATIENCE_MS)
    newest = settled(page)
    page.locator("[data-log-box]").focus()
    page.keyboard.press("ArrowUp")
    until(page, f"document.querySelector('tr.on .pick').textContent !== '{newest}'")
    page.get_by_role("button", name="Follow the newest").click()
    until(page, f"document.querySelector('tr.on .pick').textContent === '{newest}'")


def test_full_speed_reaches_the_end_and_says_so(server: Server, open_page: OpenPage) -> None:
    """Max plays five minutes in a moment; counts agree with the file."""
    page = replay(open_page, server, "clean-rest")
    page.get_by_role("button", name="Max").click()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("The end of the recording.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Play again")).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.locator(".tag.open")).to_have_count(0, timeout=PATIENCE_MS)


def test_another_sample_opens_in_place(server: Server, open_page: OpenPage) -> None:
    """The list beside the table changes the recording."""
    page = replay(open_page, server, "clean-rest")
    page.locator("[data-open='sample:paced-6']").click()
    expect(page.locator("[data-open='sample:paced-6']")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    expect(page.locator(".clock small")).to_contain_text("of 7:", timeout=PATIENCE_MS)


def test_an_unknown_file_is_told_with_what_there_is(server: Server, open_page: OpenPage) -> None:
    """Cause and remedy, and the list still works."""
    page = open_page(f"{server.url}/replay?file=sample:no-such-thing")
    expect(page.get_by_text("there is no such sample")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-open='sample:clean-rest']").click()
    expect(page.get_by_role("button", name="Play")).to_be_enabled(timeout=PATIENCE_MS)


def test_latency_is_shown_with_its_budget(server: Server, open_page: OpenPage) -> None:
    """Measured stages of server and page, each named."""
    page = replay(open_page, server, "clean-rest")
    page.get_by_role("button", name="16×").click()
    page.get_by_role("button", name="Play").click()
    for stage in ("parse", "check", "indices", "publish", "draw", "event to page"):
        expect(page.locator("[data-latency] text.stage", has_text=stage).first).to_be_visible(timeout=PATIENCE_MS)
    assert page.locator("[data-latency] .budget").count() == 3
