"""The live page in headless Chromium: event to pixel, and the guide's frames while the page is busy.

``python -m benchmarks.pages``

Event to pixel runs from the session's stamp on a tick (server's monotonic clock) to the paint after the page has used
it, on the page's own estimate of that clock; its round trip says how good the estimate is. The guide's frames are
those that the compositor presents, by Chromium's own trace, with the main thread blocked 70 of every 100 ms; a bare
page with nothing but such a circle is measured beside it, as the most that machine and browser can give.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import CHROMIUM_FLAGS, Server, start
from tests.machine import FULL_CHROMIUM

SCRIPT = Path(__file__).with_name("guide.yaml")
TICKS = 40
"""Events measured; one a second."""
FRAMES_S = 8.0
"""Seconds over which presented frames are counted."""
BUSY_MS = 70
"""Milliseconds of every 100 for which the main thread is blocked."""
FRAME_MS = 1000 / 60

PIXELS = """
(ticks) => new Promise((resolve) => {
  const link = Attunement.live.link, found = [];
  link.on("tick", (message) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (found.length < ticks) found.push(link.clock.now() - message.w);
        if (found.length === ticks) resolve({ ms: found, trip: link.clock.roundTrip });
      };
      channel.port2.postMessage(0);
    });
  });
})
"""
BUSY = """
(ms) => {
  window.busy = setInterval(() => { const end = performance.now() + ms; while (performance.now() < end); }, 100);
}
"""


BARE = """<!doctype html><title>One circle</title><style>div { width: 280px; height: 280px; margin: 100px;
border-radius: 50%; background: #2b6cb0; will-change: transform }</style><div></div><script>
const level = (i) => (0.83 - 0.17 * Math.cos((2 * Math.PI * i) / 96)).toFixed(4);
const frames = Array.from({ length: 97 }, (_, i) => ({ offset: i / 96, transform: `scale(${level(i)})` }));
document.querySelector("div").animate(frames, { duration: 10000, iterations: Infinity });
</script>"""


@contextmanager
def breathing() -> Iterator[Page]:
    """A page of a real sitting, at its breathing part, in real time."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        own = Path(folder) / "exercises"
        own.mkdir()
        shutil.copy(SCRIPT, own)
        server: Server = start(Path(folder), "demo", "--seed", "7")
        browser = playwright.chromium.launch(executable_path=FULL_CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        try:
            page.goto(f"{server.url.removesuffix('/session')}/session")
            page.get_by_role("radio", name="Only the guide").click()
            page.get_by_role("button", name="Go on").click()
            reach_breathing(page)
            yield page
        finally:
            browser.close()
            server.stop()


def reach_breathing(page: Page) -> None:
    """Go on from Connect to the guide."""
    page.get_by_role("button", name="Continue", exact=True).or_(
        page.get_by_role("button", name="Start without waiting")
    ).first.click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.locator("#time-out").wait_for()
    page.locator("#pacer").wait_for()
    page.wait_for_timeout(3000)


def share(values: list[float], part: float) -> float:
    """The value below which ``part`` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def event_to_pixel(page: Page) -> dict[str, float]:
    """Milliseconds from a session's event to its paint."""
    found = page.evaluate(PIXELS, TICKS)
    times = [float(value) for value in found["ms"]]
    return {"p50_ms": share(times, 0.5), "p95_ms": share(times, 0.95), "max_ms": max(times), "trip_ms": found["trip"]}


def presented(events: list[dict[str, Any]]) -> list[float]:
    """Times in ms of the frames that the busiest page's compositor brought to the screen, each counted once.

    Chromium reports a frame twice when the main thread's part of it comes later (PipelineReporter: once partial, once
    all); both carry the same number. The shape's animation is sampled by the compositor for each of these frames.
    """
    shown: dict[tuple[int, int], dict[int, float]] = {}
    for event in events:
        report = event.get("args", {}).get("frame_reporter") if event.get("name") == "PipelineReporter" else None
        if report and event.get("ph") == "b" and report["state"].startswith("STATE_PRESENTED"):
            page = shown.setdefault((event["pid"], report["layer_tree_host_id"]), {})
            number, at = report["frame_sequence"], event["ts"] / 1000
            page[number] = min(at, page.get(number, at))
    return sorted(max(shown.values(), key=len).values()) if shown else []


def frames(page: Page, busy_ms: int) -> dict[str, float]:
    """Frames a second that reach the screen, and the longest wait for one."""
    if busy_ms:
        page.evaluate(BUSY, busy_ms)
    trace = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    trace.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    trace.on("Tracing.tracingComplete", lambda _: done.append(True))
    categories = ["cc", "benchmark", "viz"]
    trace.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": categories}})
    page.wait_for_timeout(FRAMES_S * 1000)
    trace.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    page.evaluate("clearInterval(window.busy)")
    trace.detach()
    times = presented(events)
    gaps = [b - a for a, b in pairwise(times)]
    return {"fps": (len(times) - 1) / ((times[-1] - times[0]) / 1000), "longest_ms": max(gaps)}


def bare() -> dict[str, float]:
    """The same on a page with nothing but one such circle: what this machine's Chromium can do at best."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FULL_CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_content(BARE)
        page.wait_for_timeout(1000)
        found = frames(page, BUSY_MS)
        browser.close()
    return found


def measure() -> dict[str, Any]:
    """Every figure of this file."""
    with breathing() as page:
        pixel = event_to_pixel(page)
        idle, busy = frames(page, 0), frames(page, BUSY_MS)
    return {"event_to_pixel": pixel, "guide_idle": idle, "guide_busy": busy, "bare_busy": bare()}


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
