"""Screenshots of every page and state at three widths, light and dark, each looked over by axe-core on the way.

python -m tests.screenshots docs/screenshots [--only NAME ...] [--sizes phone desktop] [--themes light]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser import CHROMIUM_FLAGS, SIZES, watch
from tests.every_page import Place, every_page
from tests.machine import CHROMIUM

THEMES = ("light", "dark")
COLOURS = 256
"""Of a kept picture: enough for flat pages, and a third of the bytes."""
KMEANS = 2
"""Rounds that fit the palette: no colour is off by more than 5 of 255, small marks included."""
SETTLE_MS = 150
"""After the window has changed: one round of drawing."""
FINGER_PX = 43.5
"""Least height of a control on a phone: 44 px, less what rounding takes."""
NARROWED = ("desktop", "light")
"""The size and theme in which a page is narrowed as well; once is enough."""
RULES = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong: rule, and the first place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def shrink(path: Path) -> None:
    """Keep the picture with a palette of its own."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, KMEANS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def index(folder: Path, names: list[str]) -> str:
    """A page that shows every place once and links the other sizes and themes."""
    lines = ["# Every page and state", "", "Made by `make screenshots`: 390, 820 and 1440 px wide, light and dark.", ""]
    for name in names:
        links = [
            f"[{s} {t}]({name}-{s}-{t}.png)" for s in SIZES for t in THEMES if (folder / f"{name}-{s}-{t}.png").exists()
        ]
        lines += [f"## {name}", "", f"![{name}]({name}-desktop-light.png)", "", " · ".join(links), ""]
    return "\n".join(lines)


def sideways(page: Page) -> bool:
    """The page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def small_targets(page: Page) -> list[str]:
    """Controls of a client's page that are less than a finger high on a phone."""
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(SETTLE_MS)
    found = page.evaluate(
        """least => [...document.querySelectorAll('#client-page button, #client-page summary, #client-page input')]
            .filter(n => n.checkVisibility() && getComputedStyle(n).clipPath === 'none')
            .map(n => [n.textContent, n.getBoundingClientRect().height]).filter(([, h]) => h < least)""",
        FINGER_PX,
    )
    return [f"“{words}” is {height:.0f} px high" for words, height in found]


def narrowed(page: Page) -> list[str]:
    """Faults on narrow windows, and with text of twice its size (WCAG 2.2, 1.4.10 and 1.4.4)."""
    faults = []
    for width, text in ((SIZES["tablet"][0], "100%"), (SIZES["phone"][0], "100%"), (320, "100%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
        page.wait_for_timeout(SETTLE_MS)
        if sideways(page):
            faults.append(f"scrolls sideways at {width} px with text at {text}")
    return faults


def unrolled(page: Page, width: int, height: int) -> None:
    """Make the window as high as the page, so that what is fixed to its edge is seen there and not in the middle."""
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(height, whole)})
    page.wait_for_timeout(SETTLE_MS)


def shoot(browser: Browser, place: Place, size: str, theme: str, folder: Path | None = None) -> list[str]:
    """One picture, where there is a folder for it; returns every fault seen on the way."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        bypass_csp=True,
    )
    context.set_default_timeout(30_000)
    page, faults = context.new_page(), list[str]()
    watch(page, place.url, faults)
    page.goto(place.url)
    place.ready(page)
    page.wait_for_load_state("networkidle")
    if not place.name.startswith("client-"):
        unrolled(page, width, height)
    name = f"{place.name}-{size}-{theme}"
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png")
    if place.name == "not-found":
        faults = [fault for fault in faults if "404" not in fault]
    if sideways(page):
        faults.append("scrolls sideways")
    faults += violations(page)
    if (size, theme) == NARROWED:
        faults += small_targets(page) + narrowed(page)
    context.close()
    return [f"{name}: {fault}" for fault in faults]


def main() -> int:
    """All of them; exit status 1 when any fault was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", help="names that contain one of these")
    parser.add_argument("--sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--themes", nargs="*", default=list(THEMES))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as data, every_page(Path(data)) as places, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        wanted = [p for p in places if not args.only or any(word in p.name for word in args.only)]
        for place in wanted:
            print(place.name, file=sys.stderr, flush=True)
            for size in args.sizes:
                for theme in args.themes:
                    try:
                        faults += shoot(browser, place, size, theme, args.folder)
                        shrink(args.folder / f"{place.name}-{size}-{theme}.png")
                    except (Error, AssertionError) as fault:
                        faults.append(f"{place.name}-{size}-{theme}: {type(fault).__name__} {str(fault)[:200]}")
        browser.close()
    if not args.only:
        (args.folder / "README.md").write_text(index(args.folder, [place.name for place in wanted]), encoding="utf-8")
    print("\n".join(faults) or f"{len(wanted) * len(args.sizes) * len(args.themes)} pictures, no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
