"""Every page and state of the program, for whoever wants to look at all of them: accessibility, screenshots.

Clients' states come from the stage (one view each); the other pages from a demo server with its one finished recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from sessions.records import Asker
from sessions.service import Service
from tests.browser import start
from tests.dashboard.client_stage import stage
from tests.dashboard.client_views import VIEWS

POLL_MS, POLLS = 50, 600
REVIEW_LIMIT_MS = 90_000
"""For the first review, which waits for NeuroKit2 to be loaded."""


def until(page: Page, says: str) -> None:
    """Wait until an expression is true; Playwright's own wait would need eval, which the pages' policy forbids."""
    for _ in range(POLLS):
        if page.evaluate(f"Boolean({says})"):
            return
        page.wait_for_timeout(POLL_MS)
    raise AssertionError(f"never came true: {says}")


@dataclass(frozen=True)
class Place:
    """One page or state: its name, its address, and what to do until it is whole."""

    name: str
    url: str
    ready: Callable[[Page], None]


def _staged(page: Page) -> None:
    until(page, "window.Attunement && Attunement.live && Attunement.live.view && Attunement.live.tick")
    page.locator("#session-screen h1").first.wait_for(state="attached")
    page.wait_for_timeout(900 if page.locator("#pacer").count() else 150)


def _heading(page: Page) -> None:
    page.locator("h1").first.wait_for()


def _review(page: Page) -> None:
    page.locator("#timeline .main-svg").first.wait_for(timeout=REVIEW_LIMIT_MS)
    page.locator("#phase-table").wait_for()


def _settings(page: Page) -> None:
    """The page without what is only true of the machine that makes the picture."""
    page.locator("h1").first.wait_for()
    page.evaluate(
        """() => {
            const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const text = walk.currentNode;
                text.data = text.data.replace(/\\/[^ )]*\\/demo/g, "~/attunement/demo").replace(/Linux-\\S+/, "Linux");
            }
        }"""
    )


def _replay(page: Page) -> None:
    page.locator("h1").first.wait_for()
    page.get_by_role("button", name="16×").click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(6000)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()


@contextmanager
def every_page(folder: Path) -> Iterator[list[Place]]:
    """All of them, while both servers run."""
    demo = start(folder / "demo", "demo", "--seed", "7")
    try:
        with stage(folder / "stage") as (url, _):
            recording = _recording_of(folder / "demo")
            places = [Place(f"client-{name}", f"{url}/session/{name}", _staged) for name in VIEWS]
            pages = {
                "home": ("/", _heading),
                "client-start": ("/session", _heading),
                "recordings": ("/recordings", _heading),
                "recording": (f"/recordings/{recording}", _review),
                "report": (f"/recordings/{recording}/report", _heading),
                "clients": ("/clients", _heading),
                "replay": ("/replay?file=sample:restless-strap", _replay),
                "settings": ("/settings", _settings),
                "not-found": ("/nothing-here", _heading),
            }
            yield places + [Place(name, demo.url + path, ready) for name, (path, ready) in pages.items()]
    finally:
        demo.stop()


def _recording_of(data: Path) -> str:
    """The demo's finished recording."""
    home = data / "demo" if (data / "demo").exists() else data
    with Service.open(home, writable=False) as service:
        return service.recordings(Asker("system"))[0].id
