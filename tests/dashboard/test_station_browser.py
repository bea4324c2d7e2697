"""The browser as the sensor: Chromium's own Bluetooth on the emulated one, through a lost strap and a cut socket.

``CUT_S=10 python -m pytest tests/dashboard/test_station_browser.py`` cuts for ten seconds instead of four.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from acquisition.beats import Beat, Gap, Item, LinkChange, Notification
from acquisition.heart_rate_profile import decode
from acquisition.heart_rate_stream import LINK_GAP
from acquisition.station_messages import CHOOSE_AGAIN
from acquisition.station_source import PAGE_AWAY, PAGE_CLOSED
from acquisition.supervision import LINK_LOST
from dashboard.client.station import OWN_BLUETOOTH, WHEN
from sessions.records import Asker
from sessions.service import Service
from tests.bluetooth.fixtures import BUS, BluetoothStack, start_stack
from tests.browser import CHROMIUM_FLAGS, start
from tests.dashboard.cut_cable import Cable, cable
from tests.every_page import until
from tests.machine import DBUS_DAEMON, FULL_CHROMIUM, IN_CI
from tests.screenshots import narrowed, small_targets, violations

pytestmark = [pytest.mark.browser, pytest.mark.bluetooth, pytest.mark.timeout(200)]
CUT_S = float(os.environ.get("CUT_S", "4"))
DROP_S = 2
FEATURES = "--enable-features=WebBluetooth,WebBluetoothNewPermissionsBackend"
"""Web Bluetooth is off by default on Linux; the second remembers a chosen device over a reload, as elsewhere."""
AGAIN = "Choose the strap"
POLLS = 50


@dataclass(frozen=True)
class Place:
    """A browser with Bluetooth, a strap in its reach, and a server without, with a cable between."""

    browser: Browser
    stack: BluetoothStack
    line: Cable
    data: Path

    @property
    def url(self) -> str:
        """The start page, through the cable."""
        return f"http://127.0.0.1:{self.line.port}/session"


@pytest.fixture(scope="module")
def place(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """For all tests of this module. The browser is a whole one: the headless shell has no Bluetooth."""
    if FULL_CHROMIUM is None or DBUS_DAEMON is None:
        (pytest.fail if IN_CI else pytest.skip)("needs the whole Chromium and dbus-daemon")
    with ExitStack() as ends:
        data = tmp_path_factory.mktemp("station")
        stack = start_stack()
        ends.callback(stack.close)
        server = start(data, "serve", env={BUS: f"unix:path={data}/none"})
        ends.callback(server.stop)
        line = ends.enter_context(cable(urlsplit(server.url).port or 0))
        browser = chromium.browser_type.launch(
            executable_path=FULL_CHROMIUM, args=[*CHROMIUM_FLAGS, FEATURES], env={**os.environ, BUS: stack.env[BUS]}
        )
        ends.callback(browser.close)
        yield Place(browser, stack, line, data)


def delivered(stack: BluetoothStack) -> list[bytes]:
    """Every frame that the strap has sent to a browser that wanted it."""
    assert stack.process.stdin is not None
    assert stack.process.stdout is not None
    stack.process.stdin.write("delivered 1\n")
    stack.process.stdin.flush()
    return [bytes.fromhex(frame) for frame in json.loads(stack.process.stdout.readline())]


def page_of(browser: Browser, url: str, *, blind: bool = False) -> Page:
    """A page on a phone; ``blind`` in no secure context."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    if blind:
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(url)
    return page


def use_own_bluetooth(page: Page, button: str = OWN_BLUETOOTH) -> None:
    """Press the button and take the first strap that the browser offers."""
    tab = page.context.new_cdp_session(page)
    tab.send("DeviceAccess.enable")
    asked: list[dict[str, Any]] = []
    tab.on("DeviceAccess.deviceRequestPrompted", lambda prompt: asked.append(prompt))
    page.get_by_role("button", name=button).click()
    while not any(each["devices"] for each in asked):
        page.wait_for_timeout(50)
    tab.send("DeviceAccess.selectPrompt", {"id": asked[-1]["id"], "deviceId": asked[-1]["devices"][0]["id"]})


def to_connect(page: Page) -> None:
    """From the start page through consent."""
    page.get_by_role("radio", name="Short look").click()
    page.get_by_role("radio", name="My strap").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("radio", name="None of these").click()
    page.get_by_role("checkbox", name="Record this session").click()
    page.get_by_role("button", name="I agree, go on").click()
    page.get_by_role("heading", name="Bluetooth is off").or_(
        page.get_by_role("heading", name="Put the strap")
    ).wait_for()


def more_frames(stack: BluetoothStack, count: int) -> None:
    """Wait until the strap has sent so many more."""
    wanted = len(delivered(stack)) + count
    for _ in range(600):
        if len(delivered(stack)) >= wanted:
            return
        time.sleep(0.05)
    raise AssertionError("the strap does not send")


def begin(page: Page) -> str:
    """From Connect into the first part; the recording's id."""
    use_own_bluetooth(page)
    page.get_by_role("heading", name="Found it.").wait_for()
    page.get_by_role("button", name="Start without waiting").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    until(page, "Attunement.live.view.recording")
    return str(page.evaluate("Attunement.live.view.recording_id"))


def kept(place: Place, recording: str) -> Sequence[Item]:
    """The recording, once it holds everything that the strap had sent by now."""
    last = delivered(place.stack)[-1]
    for _ in range(POLLS):
        with Service.open(place.data, writable=False) as service:
            items = service.recording_file(Asker("system"), recording).items
        if last in frames_of(items):
            return items
        time.sleep(0.2)
    raise AssertionError("the last frame was not kept")


def frames_of(items: Sequence[Item]) -> list[bytes]:
    return [item.data for item in items if isinstance(item, Notification)]


def reasons_of(items: Sequence[Item]) -> list[str | None]:
    return [item.reason for item in items if isinstance(item, LinkChange)]


def test_a_strap_in_the_browsers_hands_is_recorded_byte_for_byte(place: Place) -> None:
    """Connect, drop, connect again without a prompt, cut the socket, catch up: what was sent is what is kept, and the
    drop alone is a gap."""
    page, stack = page_of(place.browser, place.url), place.stack
    to_connect(page)
    recording = begin(page)
    more_frames(stack, 3)
    stack.tell(f"drop 1 {DROP_S}")
    more_frames(stack, 3)
    place.line.cut()
    time.sleep(CUT_S)
    place.line.mend()
    until(page, "Attunement.live.link.state === 'open'")
    more_frames(stack, 3)
    items = kept(place, recording)
    frames, sent = frames_of(items), delivered(stack)
    first = sent.index(frames[0])
    assert frames == sent[first : first + len(frames)]
    assert len(frames) >= 8 + CUT_S
    ticks = [ticks for data in frames for ticks in decode(data).rr_ticks]
    assert [item.rr_ticks for item in items if isinstance(item, Beat)] == ticks
    assert [item.reason for item in items if isinstance(item, Gap)] == [LINK_GAP]
    assert (reasons_of(items).count(LINK_LOST), reasons_of(items).count(PAGE_AWAY)) == (1, 1)
    page.context.close()


def test_a_page_opened_anew_has_its_strap_again(place: Place) -> None:
    """Without a prompt where the browser remembers it, else by one press; the old link ends with the old page."""
    page, stack = page_of(place.browser, place.url), place.stack
    to_connect(page)
    assert page.locator("[data-station-when=able] >> visible=true").count() == 2
    assert violations(page) == []
    recording = begin(page)
    more_frames(stack, 2)
    page.reload()
    more_frames(stack, 2)
    assert not page.get_by_role("button", name=AGAIN).is_visible()
    page.add_init_script("delete Bluetooth.prototype.getDevices")
    page.reload()
    page.get_by_role("button", name=AGAIN).wait_for()
    expect(page.locator("#sensor-state")).to_have_text("Looking for the sensor")
    assert violations(page) == []
    use_own_bluetooth(page, AGAIN)
    more_frames(stack, 2)
    assert not page.get_by_role("button", name=AGAIN).is_visible()
    items = kept(place, recording)
    assert (reasons_of(items).count(PAGE_CLOSED), reasons_of(items).count(CHOOSE_AGAIN)) == (2, 1)
    assert len([item for item in items if isinstance(item, Gap)]) == 2
    page.context.close()


@pytest.mark.parametrize(("blind", "when"), [(False, "unable"), (True, "insecure")])
def test_where_it_cannot_be_done_the_page_says_where_it_can(
    chromium: Browser, place: Place, blind: bool, when: str
) -> None:
    """A browser without Web Bluetooth, and one that could but for an address that is neither ours nor https: no button,
    and one line that says which browsers or which addresses do."""
    page = page_of(place.browser if blind else chromium, place.url, blind=blind)
    to_connect(page)
    expect(page.get_by_text(WHEN[when])).to_be_visible()
    assert not page.get_by_role("button", name=OWN_BLUETOOTH).is_visible()
    assert page.get_by_text(WHEN["able"]).is_hidden()
    assert [*violations(page), *small_targets(page), *narrowed(page)] == []
    page.context.close()
