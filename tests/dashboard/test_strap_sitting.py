"""A strap on the emulated Bluetooth drives a whole sitting in a real browser, is dropped, and is found again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bluetooth.fixtures import BluetoothStack
from tests.browser import start
from tests.every_page import until

pytestmark = [pytest.mark.browser, pytest.mark.bluetooth, pytest.mark.timeout(400)]
SCRIPT = Path(__file__).parents[1] / "sessions" / "test-strap.yaml"
DROP_S = 8
PART_LIMIT_MS = 60_000


def attune(data: Path, *arguments: str) -> object:
    """What a command prints as JSON."""
    command = [sys.executable, "-m", "dashboard", "--data", str(data), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def agree(page: Page) -> None:
    """Safety, the health question and consent, before anything is recorded."""
    page.get_by_role("radio", name="None of these").click()
    page.get_by_role("checkbox", name="Record this session").click()
    page.get_by_role("button", name="I agree, go on").click()


def answer(page: Page, part: str) -> None:
    """Go on from a part's questions without answering any."""
    page.get_by_text(f"After: {part}", exact=True).wait_for(timeout=PART_LIMIT_MS)
    page.get_by_role("button", name="Continue", exact=True).click()


def walk(page: Page, stack: BluetoothStack) -> None:
    """From Begin to the last page; the strap goes away for a while during the stressor."""
    page.get_by_role("button", name="Begin", exact=True).click()
    answer(page, "rest")
    page.get_by_role("heading", name="Think of a small moment").wait_for(timeout=PART_LIMIT_MS)
    assert page.locator("#heart-wave").count() == 0
    stack.tell(f"drop 1 {DROP_S}")
    until(page, "document.getElementById('sensor-state').textContent !== 'Sensor steady'")
    answer(page, "moment")
    page.locator("#pacer").wait_for(timeout=PART_LIMIT_MS)
    expect(page.locator("#sensor-state")).to_have_text("Sensor steady", timeout=PART_LIMIT_MS)
    expect(page.locator("#pacer")).to_have_attribute("data-phase", "inhale", timeout=PART_LIMIT_MS)
    answer(page, "breath")
    answer(page, "after")
    page.get_by_role("button", name="Not today").click(timeout=PART_LIMIT_MS)
    page.get_by_role("radio", name="My clinician and I").click()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("heading", name="That is all for today").wait_for()


def test_a_strap_drives_a_whole_sitting_and_the_review_shows_the_gap(
    bluetooth_stack: Callable[..., BluetoothStack], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    """Connect, drop for 8 s, recover by itself; one gap in the recording, drawn in its review, and nothing bridged."""
    stack = bluetooth_stack("strap")
    (tmp_path / "exercises").mkdir()
    shutil.copy(SCRIPT, tmp_path / "exercises" / SCRIPT.name)
    server = start(tmp_path, "serve", env=stack.env)
    page = open_page(f"{server.url}/session", size="phone")
    try:
        page.get_by_role("radio", name="Ninety seconds").click()
        page.get_by_role("radio", name="My strap").click()
        page.get_by_role("button", name="Go on").click()
        agree(page)
        page.get_by_role("heading", name="Found it.").wait_for()
        page.get_by_role("button", name="Continue", exact=True).click(timeout=PART_LIMIT_MS)
        walk(page, stack)
        (kept,) = attune(tmp_path, "recordings")  # type: ignore[misc] # one recording, or the test fails here
        assert kept["state"] == "closed"
        assert kept["gaps"] >= 1
        page.goto(f"{server.url}/recordings/{kept['id']}")
        page.locator("#timeline .main-svg").first.wait_for()
        expect(page.locator("#phase-table")).to_contain_text("moment", ignore_case=True)
        expect(page.locator("main")).to_contain_text("gap")
    finally:
        page.close()
        server.stop()
    shown = attune(tmp_path, "show", kept["id"])
    assert [phase["name"] for phase in shown["phases"] if phase["gaps"]]  # type: ignore[index] # the documented shape
