"""The guide's shape is moved by the browser's compositor: neither a busy page nor the end of a stretch stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from benchmarks.pages import presented
from tests.dashboard.client_stage import stage
from tests.every_page import until

pytestmark = pytest.mark.browser
BLOCKED_MS = 1500
LEAST_FRAMES = 15
"""In that time, on a crowded machine; the page's own thread could not show a single one."""

GUIDE = """
(stretches) => {
  const even = { inhale: 0.5, hold_in: 0, exhale: 0.5, hold_out: 0, moving: true, stretches };
  const guide = window.guide = Attunement.pacer(), from = performance.now();
  guide.show(document.getElementById("pacer"), even, () => from);
}
"""
MOVING = """
() => document.querySelector("[data-pacer=shape]").getAnimations().map((one) => one.effect.getTiming().duration)
"""
BLOCK = "(ms) => { const end = performance.now() + ms; while (performance.now() < end); }"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows the guide."""
    with stage(tmp_path_factory.mktemp("stage")) as (home, _):
        yield f"{home}/session/breathing"


@pytest.fixture
def page(open_page: Callable[..., Page], url: str) -> Page:
    """The breathing page with its shape moving."""
    page = open_page(url)
    until(page, "document.querySelector('#pacer[data-phase]')")
    return page


def test_one_animation_follows_the_other(page: Page) -> None:
    """A second one on the same shape, even one that waits, would take both off the compositor."""
    page.evaluate("Attunement.live.pacer.hide()")
    page.evaluate(GUIDE, [[0, 0.5, 2], [1, 0.7, 1], [1.7, 60, None]])
    seen: list[list[float]] = []
    looks = 0
    while [60_000] not in seen and looks < 400:
        now = page.evaluate(MOVING)
        assert len(now) <= 1
        if now and now not in seen:
            seen.append(now)
        looks += 1
        page.wait_for_timeout(20)
    assert seen[-1] == [60_000]
    assert page.evaluate("guide.error") < 1


def test_a_guide_that_is_joined_late_begins_where_the_plan_stands(page: Page) -> None:
    """After a reload the stretch of now moves the shape, not the first one."""
    page.evaluate("Attunement.live.pacer.hide()")
    page.evaluate(GUIDE, [[-30, 1, 10], [-20, 2, 5], [-10, 50, None]])
    assert page.evaluate(MOVING) == [50_000]


def test_the_shape_moves_while_the_page_can_do_nothing(page: Page) -> None:
    """Frames reach the screen all through a second and a half in which no script can run."""
    page.evaluate("Attunement.live.pacer.hide()")
    page.evaluate(GUIDE, [[-1, 5, 6], [29, 6, 5], [59, 10, None]])
    page.wait_for_timeout(300)
    trace = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    trace.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    trace.on("Tracing.tracingComplete", lambda _: done.append(True))
    config = {"includedCategories": ["cc", "benchmark"]}
    trace.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    page.evaluate(BLOCK, BLOCKED_MS)
    trace.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    assert len(presented(events)) >= LEAST_FRAMES
