"""From ``attune serve`` to a usable page: process start, first answer, and the start page drawn in Chromium.

``python -m benchmarks.server_start``
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM_FLAGS, start
from tests.machine import FULL_CHROMIUM

ROUNDS = 5


def measure() -> dict[str, float]:
    """Median and worst seconds over five starts, each on an empty data folder; the browser is already open."""
    ready, usable = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FULL_CHROMIUM, args=CHROMIUM_FLAGS)
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                server = start(Path(folder), "serve")
                ready.append(time.perf_counter() - began)
                page = browser.new_page()
                page.goto(server.url)
                page.get_by_role("link", name="Practise").wait_for()
                usable.append(time.perf_counter() - began)
                page.close()
                server.stop()
        browser.close()
    return {
        "ready_s": statistics.median(ready),
        "usable_s": statistics.median(usable),
        "usable_worst_s": max(usable),
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
