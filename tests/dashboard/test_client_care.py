"""What the client's page does for the person by itself: a soft tone for closed eyes, and a page that can be hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from sessions.exercise import load
from sessions.session_view import eyes_may_close
from tests.browser import SIZES
from tests.dashboard.client_stage import DEMO_START_S, Staged, stage
from tests.every_page import until

OpenPage = Callable[..., Page]
Stage = tuple[str, dict[str, Staged]]
LIVE = "window.Attunement && Attunement.live && Attunement.live.view && Attunement.live.tick"
COUNT_TONES = """() => {
    window.tones = [];
    const start = OscillatorNode.prototype.start;
    window.stopped = 0;
    const stop = OscillatorNode.prototype.stop;
    OscillatorNode.prototype.stop = function (at) { if (at === undefined) window.stopped += 1; stop.call(this, at); };
    OscillatorNode.prototype.start = function (at) {
        window.tones.push(at - this.context.currentTime);
        const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
        if (window.pauseAtTone) setTimeout(() => document.dispatchEvent(escape));
        start.call(this, at);
    };
}"""


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage, for all tests of this module."""
    with stage(tmp_path_factory.mktemp("stage") / "data") as running:
        yield running


def test_only_silent_parts_in_the_mind_may_be_done_with_closed_eyes() -> None:
    """Nobody can follow a shape, or watch a picture, or write, with closed eyes."""
    closed = {phase.name for phase in load("out-of-reach").phases if eyes_may_close(phase)}
    assert closed == {"plain-scene", "out-of-reach"}


def heard(page: Page) -> list[float]:
    """Seconds from its planning to its beginning, of each tone."""
    return list(page.evaluate("window.tones"))


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_no_tone_is_heard_before_it_was_chosen(open_page: OpenPage, theatre: Stage) -> None:
    """Off until chosen in Settle; heard once then; placed at the end of a part with closed eyes; gone with a pause."""
    page = open_page(f"{theatre[0]}/session/baseline")
    page.evaluate(COUNT_TONES)
    until(page, LIVE)
    choice = page.get_by_role("checkbox", name="A soft tone when a quiet part ends")
    expect(choice).to_have_attribute("aria-checked", "false")
    assert heard(page) == []
    choice.click()
    expect(choice).to_have_attribute("aria-checked", "true")
    at_choice = len(heard(page))
    assert at_choice > 0
    page.evaluate("window.pauseAtTone = true")
    sitting = theatre[1]["baseline"]
    near_end = sitting.view.phase
    assert near_end is not None
    closed = replace(near_end, kind="stressor", eyes_closed=True, offers_tone=False, picture=False, seconds=62.0)
    sitting.show(replace(sitting.view, version=2, phase=replace(closed, start_s=DEMO_START_S - 60 + sitting.passed_s)))
    until(page, f"window.tones.length > {at_choice}")
    assert all(0 < ahead < 2.6 for ahead in heard(page)[at_choice:])
    until(page, "window.stopped > 0")


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_shift_three_times_hides_the_page_and_lets_the_exercise_wait(open_page: OpenPage, theatre: Stage) -> None:
    """Nothing of the session can be read; the same again brings it back, paused."""
    page = open_page(f"{theatre[0]}/session/exercise")
    until(page, LIVE)
    for _ in range(3):
        page.keyboard.press("Shift")
    blank = page.locator(".blank-page")
    expect(blank).to_be_visible()
    assert page.title() == "Blank"
    assert page.evaluate("document.elementFromPoint(innerWidth / 2, innerHeight / 2).className") == "blank-page"
    expect(page.get_by_role("button", name="Back")).to_be_focused()
    assert theatre[1]["exercise"].pressed[-1][0] == "pause"
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(blank).to_have_count(0)
    expect(page.get_by_role("dialog", name="Paused")).to_be_visible()
    page.get_by_role("button", name="Hide this page").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Paused")).to_be_visible()


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", list(SIZES))
def test_begin_is_seen_without_scrolling(open_page: OpenPage, theatre: Stage, size: str) -> None:
    """The longest supplied plan leaves its button above the footer."""
    page = open_page(f"{theatre[0]}/session/plan", size=size)
    until(page, LIVE)
    button, footer = page.get_by_role("button", name="Begin").bounding_box(), page.locator(".c-foot").bounding_box()
    assert button is not None
    assert footer is not None
    assert button["y"] + button["height"] <= footer["y"] + 20


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("window", [(375, 667), (1024, 768), (1280, 720)])
def test_the_way_out_of_the_guide_is_seen_without_scrolling(
    open_page: OpenPage, theatre: Stage, window: tuple[int, int]
) -> None:
    """The whole breathing page fits small windows: guide, wave, and the button for feeling unwell."""
    page = open_page(f"{theatre[0]}/session/breathing")
    page.set_viewport_size({"width": window[0], "height": window[1]})
    until(page, f"{LIVE} && document.getElementById('pacer').dataset.phase")
    button = page.get_by_role("button", name="I feel dizzy or unwell").bounding_box()
    footer = page.locator(".c-foot").bounding_box()
    assert button is not None
    assert footer is not None
    assert button["y"] + button["height"] <= footer["y"]
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
