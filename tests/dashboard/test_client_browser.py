"""The client's page in a real browser: every state on the stage, and one whole sitting on the simulated heart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser import Server
from tests.dashboard.client_stage import Staged, stage
from tests.dashboard.client_views import VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenPage = Callable[..., Page]
Stage = tuple[str, dict[str, Staged]]
POLL_MS, POLLS = 50, 400
PHASE_ERROR_MS = 20
"""How far the breath that is shown may be from the one that is recorded."""


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage, for all tests of this module."""
    with stage(tmp_path_factory.mktemp("stage") / "data") as running:
        yield running


def at(open_page: OpenPage, theatre: Stage, name: str, **how: Any) -> Page:
    """The page of one state, drawn and linked."""
    page = open_page(f"{theatre[0]}/session/{name}", **how)
    until(page, "window.Attunement && Attunement.live && Attunement.live.view && Attunement.live.tick")
    return page


def until(page: Page, says: str) -> None:
    """Wait until an expression is true; Playwright's own wait would need eval, which the page's policy forbids."""
    for _ in range(POLLS):
        if page.evaluate(f"Boolean({says})"):
            return
        page.wait_for_timeout(POLL_MS)
    raise AssertionError(f"never came true: {says}")


def moving(page: Page) -> int:
    """Animations that run now."""
    return int(page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length"))


def test_esc_opens_the_pause_and_never_closes_it(open_page: OpenPage, theatre: Stage) -> None:
    """Focus goes to the heading, what lies below cannot be reached, and only a way on leads out."""
    page = at(open_page, theatre, "exercise")
    page.keyboard.press("Escape")
    panel = page.get_by_role("dialog", name="Paused")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()
    assert page.evaluate("document.getElementById('session-screen').inert")
    panel.get_by_role("button", name="Carry on from here").click()
    expect(panel).to_have_count(0)
    assert [action for action, _ in theatre[1]["exercise"].pressed] == ["pause", "resume"]


def test_where_no_clock_runs_the_page_pauses_by_itself(open_page: OpenPage, theatre: Stage) -> None:
    """Time-out works on every page, also before anything has begun."""
    page = at(open_page, theatre, "plan")
    page.get_by_role("button", name="Time-out").click()
    expect(page.get_by_role("dialog", name="Paused")).to_be_visible()
    page.get_by_role("button", name="Carry on from here").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert theatre[1]["plan"].pressed == []


def test_a_pause_stops_all_motion_at_once(open_page: OpenPage, theatre: Stage) -> None:
    """The shape, the ring and the wave stand still before the server has answered."""
    page = at(open_page, theatre, "breathing")
    until(page, "document.getElementById('pacer').dataset.phase")
    assert moving(page) > 0
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
    assert moving(page) == 0
    expect(page.get_by_role("dialog", name="Paused")).to_be_visible()
    before = page.evaluate("document.getElementById('heart-wave').toDataURL()")
    page.wait_for_timeout(300)
    assert page.evaluate("document.getElementById('heart-wave').toDataURL()") == before
    page.get_by_role("button", name="Carry on from here").click()
    until(page, "document.getAnimations().some(a => a.playState === 'running')")


def test_the_breath_goes_on_while_the_main_thread_is_busy(open_page: OpenPage, theatre: Stage) -> None:
    """A second of blocked script moves the shape as far as a second of a free one, and keeps its anchor."""
    page = at(open_page, theatre, "breathing")
    until(page, "document.getElementById('pacer').dataset.phase")
    until(page, "Attunement.live.link.clock.count >= 4")
    moved = page.evaluate(
        """() => {
            const move = document.querySelector('[data-pacer=shape]').getAnimations()[0];
            const before = document.timeline.currentTime - move.currentTime;
            const end = performance.now() + 1000;
            while (performance.now() < end) { /* busy */ }
            return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
                done(Math.abs((document.timeline.currentTime - move.currentTime) - before)))));
        }"""
    )
    assert moved < PHASE_ERROR_MS
    assert page.evaluate("Attunement.live.pacer.error") < PHASE_ERROR_MS


def test_the_breath_that_is_shown_is_the_breath_that_is_recorded(open_page: OpenPage, theatre: Stage) -> None:
    """The animation's own phase agrees with the plan at the session's time as the server counts it."""
    page = at(open_page, theatre, "breathing")
    until(page, "Attunement.live.link.clock.count >= 8")
    page.wait_for_timeout(600)
    error = page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => {
            const live = Attunement.live, move = document.querySelector('[data-pacer=shape]').getAnimations()[0];
            const at = document.timeline.currentTime;
            const session = (at - live.clock.toPage(live.view.pacer.start_s)) / 1000;
            const shown = move.currentTime / 1000, period = live.view.pacer.stretches[0][1];
            const apart = Math.abs(session - shown) % period;
            done(Math.min(apart, period - apart) * 1000);
        }))"""
    )
    assert error < PHASE_ERROR_MS


def test_reduced_motion_scales_nothing(open_page: OpenPage, theatre: Stage) -> None:
    """Words and a thin bar carry the pace."""
    page = at(open_page, theatre, "breathing", reduced=True)
    until(page, "document.getElementById('pacer').dataset.phase")
    assert moving(page) == 0
    expect(page.locator(".breath-bar")).to_be_visible()
    first = page.locator("[data-pacer=count]").inner_text()
    until(page, f"document.querySelector('[data-pacer=count]').textContent !== '{first}'")


def test_the_pacer_says_its_phase_and_rate(open_page: OpenPage, theatre: Stage) -> None:
    """`data-phase` follows the breath, in words too."""
    page = at(open_page, theatre, "breathing")
    page.wait_for_selector("#pacer[data-phase=inhale]")
    expect(page.locator("[data-pacer=word]")).to_have_text("Breathe in")
    page.wait_for_selector("#pacer[data-phase=exhale]")
    expect(page.locator("[data-pacer=word]")).to_have_text("Breathe out")
    assert page.locator("#pacer").get_attribute("data-rate") == "6.0"


def test_the_heart_line_ends_left_of_now(open_page: OpenPage, theatre: Stage) -> None:
    """By the sensor's delay, on the canvas itself: no heart colour right of it."""
    page = at(open_page, theatre, "breathing")
    page.wait_for_selector("#heart-wave[data-seq]")
    until(page, "Attunement.live.clock.now() - Attunement.live.heart.last.t < 2")
    page.wait_for_timeout(300)
    rightmost = page.evaluate(
        """() => {
            const sheet = document.getElementById('heart-wave'), pen = sheet.getContext('2d');
            const {data} = pen.getImageData(0, 0, sheet.width, sheet.height);
            let right = 0;
            for (let i = 0; i < data.length; i += 4)
                if (data[i + 3] > 200 && data[i] > 150 && data[i + 2] < 90)
                    right = Math.max(right, (i / 4) % sheet.width);
            return (right - sheet.width / 2) / (sheet.width / sheet.clientWidth) / 24;
        }"""
    )
    delay = VIEWS["breathing"].sensor.delay_s
    assert -delay - 4.0 < rightmost < -delay + 0.6


def test_numbers_come_when_asked_for(open_page: OpenPage, theatre: Stage) -> None:
    """Hidden first; after the press heart, swing and the word for both."""
    page = at(open_page, theatre, "breathing")
    expect(page.locator("#heart-rate")).to_be_hidden()
    page.get_by_role("button", name="Show numbers").click()
    expect(page.locator("#heart-rate")).to_have_text("68")
    expect(page.locator("#heart-together")).to_have_text("often together")
    page.get_by_role("button", name="Hide numbers").click()
    expect(page.locator("#heart-rate")).to_be_hidden()


def test_only_what_was_touched_is_answered(open_page: OpenPage, theatre: Stage) -> None:
    """A slider, chips, a tick, a choice and a refusal by keyboard and mouse; the rest stays out of the answers."""
    page = at(open_page, theatre, "rating")
    suds = page.get_by_role("slider", name="How distressed are you right now?")
    assert suds.get_attribute("aria-valuetext") == "not answered yet"
    suds.focus()
    page.keyboard.press("ArrowRight")
    assert suds.get_attribute("aria-valuetext") == "51 out of 100"
    page.get_by_role("checkbox", name="Both at once").click()
    page.get_by_role("checkbox", name="Sad").click()
    page.get_by_role("checkbox", name="Hopeful").click()
    page.get_by_role("checkbox", name="Sad").click()
    page.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-rather-not=note]").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_timeout(300)
    assert theatre[1]["rating"].pressed[-1] == (
        "rate",
        {"answers": {"suds": 51, "closeness_both": True, "feelings": ["hopeful"], "here": "a bit far away",
                     "note": "rather_not"}},
    )  # fmt: skip


def test_nothing_goes_on_before_the_choice_that_binds(open_page: OpenPage, theatre: Stage) -> None:
    """Sharing waits for a choice and says so; the choice is then sent."""
    page = at(open_page, theatre, "sharing")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#sharing-hint")).to_contain_text("choose one")
    page.get_by_role("radio", name="Nobody for now").click()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_timeout(300)
    assert theatre[1]["sharing"].pressed == [("share", {"scope": "private"})]


def test_consent_needs_the_health_question_and_the_agreement(open_page: OpenPage, theatre: Stage) -> None:
    """Both are asked for in words; a yes brings the advice and can be gone on from."""
    page = at(open_page, theatre, "safety")
    go = page.get_by_role("button", name="I agree, go on")
    go.click()
    expect(page.locator("#consent-hint")).to_contain_text("health question")
    page.get_by_role("radio", name="One or more").click()
    expect(page.locator("#health-yes")).to_be_visible()
    go.click()
    expect(page.locator("#consent-hint")).to_contain_text("agreement")
    page.get_by_role("checkbox").first.click()
    go.click()
    page.wait_for_timeout(300)
    assert theatre[1]["safety"].pressed == [("consent", {"health": "yes", "scopes": ["record"]})]


def test_a_session_that_is_not_there_says_so(open_page: OpenPage, theatre: Stage) -> None:
    """An old address leads to a new beginning, not to an empty page."""
    page = open_page(f"{theatre[0]}/session/none-such")
    expect(page.get_by_role("heading", name="not open any more")).to_be_visible()


def test_a_whole_sitting_on_the_simulated_heart(open_page: OpenPage, demo: Server) -> None:
    """From the start page through every part to the saved recording's review."""
    page = open_page(f"{demo.url.rstrip('/').removesuffix('/session')}/session?exercise=tour", size="phone")
    page.get_by_role("radio", name="A simulated heart").click()
    page.get_by_role("button", name="Go on").click()
    walk(page)
    expect(page.get_by_role("link", name="Open the review")).to_be_visible()


def walk(page: Page) -> None:
    """Press what a person would press, until the sitting has ended; twenty times faster than life."""
    page.wait_for_url("**/session/*")
    shown = set[str]()
    while "ended" not in shown:
        until(page, "window.Attunement && Attunement.live && Attunement.live.view")
        screen = page.evaluate("Attunement.live.view.screen")
        shown.add(screen)
        if screen == "sharing":
            pressed(page, "radio", "My clinician and I")
        ways = ("Carry on from here", "Continue", "Begin", "See your heart", "Finish")
        any(pressed(page, "button", name) for name in ways)
        page.wait_for_timeout(100)
    assert {"connect", "plan", "phase", "rating", "reflect", "summary", "sharing"} <= shown


def pressed(page: Page, role: Literal["button", "radio"], name: str) -> bool:
    """Press it if it is there; the page may change under the finger, which is no fault here."""
    control = page.get_by_role(role, name=name).first
    try:
        if not control.is_visible():
            return False
        control.click(timeout=1500)
    except Error:
        return False
    return True
