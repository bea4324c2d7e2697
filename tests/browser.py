"""Fixtures for tests in a real browser: a server of our own, and pages that may show no error and ask nobody else.


Playwright's own loop lives as long as one module, since a running loop would stand in the way of asyncio tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.machine import CHROMIUM, IN_CI

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_LIMIT_S = 60.0
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}


@dataclass
class Server:
    """A running ``attune`` of its own, on a free port, with its own data folder."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        if self.process.stdout is not None:
            self.process.stdout.close()


def start(data: Path, *arguments: str, env: dict[str, str] | None = None) -> Server:
    """Run ``attune --data DATA ARGUMENTS --no-browser --port 0`` and wait until it says where it is."""
    command = [sys.executable, "-m", "dashboard", "--data", str(data), *arguments, "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **(env or {})}
    )
    found, lines = threading.Event(), list[str]()
    where: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            match = re.search(r"http://[\w.\[\]:]+:\d+", line)
            if match and not where:
                where.append(match.group())
                found.set()
        found.set()

    threading.Thread(target=read, daemon=True).start()
    found.wait(START_LIMIT_S)
    if not where:
        process.kill()
        raise AssertionError("the server did not say where it is:\n" + "".join(lines))
    return Server(where[0], data, process, lines)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if CHROMIUM is None:
        if IN_CI:
            pytest.fail("Chromium is missing in CI")
        pytest.skip("Chromium was not found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``attune demo`` at 20 times real time on a data folder of its own, shared by a module's tests."""
    server = start(tmp_path_factory.mktemp("demo"), "demo", "--speed", "20", "--seed", "7")
    yield server
    server.stop()


def watch(page: Page, home: str, faults: list[str]) -> None:
    """Collect console errors, page errors and requests that leave the server."""
    host = urlsplit(home).netloc
    page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(f"page: {e}"))

    def request(r: object) -> None:
        url = urlsplit(r.url)  # type: ignore[attr-defined] # Playwright's Request
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != host:
            faults.append(f"leaves the machine: {url.geturl()}")

    page.on("request", request)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(url, size="desktop", dark=False, reduced=False)``; at the end no fault may have been seen."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(url: str, *, size: str = "desktop", dark: bool = False, reduced: bool = False) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, url, faults)
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)
