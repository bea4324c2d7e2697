"""The page's own part of the station, in a browser with a played socket and a played strap, and a clock that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ASSETS = Path(__file__).parents[2] / "dashboard" / "assets"
SOCKET = """
window.links = [];
window.Attunement = { socket(topic) {
    const link = { topic, sent: [], up: true, closed: false, on: {}, clock: { offset: null, roundTrip: null } };
    links.push(link);
    const listeners = {};
    return Object.assign(link, {
        raw(message) { if (link.up) link.sent.push(JSON.parse(JSON.stringify(message))); return link.up; },
        close() { link.closed = true; },
        onstate(watch) { link.state = watch; },
        on(kind, listen) { listeners[kind] = listen; },
        hear(message) { listeners[message.k](message); },
        tick(offset) { link.clock.offset = offset; link.clock.roundTrip = 2; link.changed(); },
        clock: Object.assign(link.clock, { onchange(watch) { link.changed = watch; } }),
    });
} };
window.overs = 0;
window.begin = () => { window.line = Attunement.stationLine("station/x", "Strap 7", () => overs++); };
window.ack = (kept) => links.at(-1).hear({ k: "ack", run: links.at(-1).sent.find((m) => m.k === "hello").run, kept });
0;
"""
STRAP = """
window.told = [];
window.knobs = { reach: true, power: true, heart: true, connects: 0 };
class Characteristic extends EventTarget {
    constructor(value) { super(); this.value = value; }
    async startNotifications() { window.values = this; }
    async readValue() { return new DataView(new Uint8Array(this.value).buffer); }
}
const service = (known) => ({ async getCharacteristic(name) {
    if (!known[name]) throw new DOMException("none", "NotFoundError");
    return new Characteristic(known[name]);
} });
const server = { async getPrimaryService(name) {
    const heart = { heart_rate_measurement: [0], body_sensor_location: [1] };
    if (name === "heart_rate" && knobs.heart) return service(heart);
    if (name === "battery_service") return service({ battery_level: [87] });
    throw new DOMException("none", "NotFoundError");
} };
window.device = new EventTarget();
device.gatt = {
    async connect() {
        knobs.connects++;
        if (!knobs.reach) throw new DOMException("away", "NetworkError");
        return server;
    },
    disconnect() {},
};
const bluetooth = new EventTarget();
bluetooth.getAvailability = async () => knobs.power;
Object.defineProperty(navigator, "bluetooth", { value: bluetooth });
window.send = (...bytes) => {
    values.value = new DataView(new Uint8Array(bytes).buffer);
    values.dispatchEvent(new Event("characteristicvaluechanged"));
};
window.drop = () => device.dispatchEvent(new Event("gattserverdisconnected"));
window.begin = () => { window.strap = Attunement.stationStrap(device, (what) => told.push(what)); };
0;
"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page whose clock only a test moves."""
    context = chromium.new_context()
    made = context.new_page()
    made.clock.install(time=0)
    made.clock.pause_at(1000)
    yield made
    context.close()


def sent(page: Page) -> list[dict[str, Any]]:
    """What the newest socket was given, without the greeting's random part."""
    told: list[dict[str, Any]] = page.evaluate("links.at(-1).sent")
    return [{name: value for name, value in message.items() if name != "run"} for message in told]


@pytest.fixture
def line(page: Page) -> Page:
    """A line whose socket has just opened."""
    page.evaluate(SOCKET)
    page.add_script_tag(path=ASSETS / "station-line.js")
    page.evaluate("begin(); links[0].state('open')")
    return page


def numbers(message: dict[str, Any]) -> list[int]:
    return [item["n"] for item in message["items"]]


def test_a_line_says_nothing_before_it_is_welcome_and_knows_the_clock(line: Page) -> None:
    """What happened before is told with the first offset; then even nothing is said, so that the server knows."""
    line.evaluate("line.tell({ frame: 'AA==' })")
    assert sent(line) == [{"k": "hello", "first": 1, "name": "Strap 7"}]
    line.evaluate("ack(0)")
    assert len(sent(line)) == 1
    line.evaluate("links[0].tick(500)")
    item = {"n": 1, "t": line.evaluate("performance.now()"), "o": 500, "frame": "AA=="}
    assert sent(line)[1] == {"k": "items", "trip": 2, "whole": True, "items": [item]}


def test_one_message_is_under_way_at_a_time(line: Page) -> None:
    """What comes meanwhile waits for the acknowledgement, and goes with the next."""
    line.evaluate("links[0].tick(0); ack(0)")
    assert sent(line)[-1]["items"] == []
    line.evaluate("for (let k = 0; k < 250; k++) line.tell({ frame: '' })")
    line.evaluate("ack(0)")
    assert (numbers(sent(line)[-1]), sent(line)[-1]["whole"]) == (list(range(1, 101)), False)
    line.evaluate("ack(100)")
    line.evaluate("ack(200)")
    assert (numbers(sent(line)[-1]), sent(line)[-1]["whole"]) == (list(range(201, 251)), True)
    line.evaluate("ack(250)")
    assert len(sent(line)) == 5


def test_after_a_cut_a_line_goes_on_from_what_was_kept(line: Page) -> None:
    """It greets with the oldest that it holds, and tells again what was not acknowledged."""
    line.evaluate("links[0].tick(0); ack(0); for (let k = 0; k < 3; k++) line.tell({ frame: '' }); ack(0)")
    line.evaluate("links[0].up = false; links[0].state('lost'); line.tell({ frame: '' })")
    line.evaluate("links[0].up = true; links[0].state('open')")
    assert sent(line)[-1] == {"k": "hello", "first": 1, "name": "Strap 7"}
    line.evaluate("ack(2)")
    assert numbers(sent(line)[-1]) == [3, 4]


def test_a_cut_that_nobody_tells_is_found_by_the_missing_answer(line: Page) -> None:
    """Another socket is opened after 8 s, and the old one is heard no more."""
    line.evaluate("links[0].tick(0); ack(0); line.tell({ frame: '' })")
    line.clock.run_for(8000)
    assert line.evaluate("[links.length, links[0].closed]") == [2, True]
    line.evaluate("links[0].hear({ k: 'let_go' }); links[1].state('open'); links[1].tick(7); ack(0)")
    assert numbers(sent(line)[-1]) == [1]
    assert line.evaluate("overs") == 0


def test_what_could_not_be_taken_is_told_again_after_a_while(line: Page) -> None:
    """An acknowledgement that moves nothing on is no reason to hurry."""
    line.evaluate("links[0].tick(0); ack(0); ack(0); line.tell({ frame: '' }); ack(0)")
    before = len(sent(line))
    line.clock.run_for(1000)
    assert len(sent(line)) == before + 1


def test_a_line_that_must_forget_says_so(line: Page) -> None:
    """Beyond what it can hold the oldest go, and it greets anew with the number of the first it still has."""
    line.evaluate("links[0].tick(0); for (let k = 0; k < 4100; k++) line.tell({ frame: '' })")
    assert sent(line)[-1] == {"k": "hello", "first": 5, "name": "Strap 7"}


@pytest.mark.parametrize("end", ["let_go", "elsewhere", "refused", "gone"])
def test_a_line_that_nobody_wants_is_over(line: Page, end: str) -> None:
    """The page lets go of its strap then."""
    line.evaluate(f"links[0].hear({{ k: '{end}' }})")
    assert line.evaluate("overs") == 1


@pytest.fixture
def strap(page: Page) -> Page:
    """A page whose browser is asked to hold a strap."""
    page.evaluate(STRAP)
    page.add_script_tag(path=ASSETS / "station-strap.js")
    return page


def links(page: Page) -> list[str]:
    """Causes told so far."""
    page.clock.run_for(1)
    return [what["link"] for what in page.evaluate("told") if "link" in what]


def begun(strap: Page) -> None:
    strap.evaluate("begin()")
    strap.clock.run_for(1)


def test_frames_and_facts_go_on_as_they_came(strap: Page) -> None:
    """Nothing is decoded; what the strap lacks is left out."""
    begun(strap)
    strap.evaluate("send(16, 60, 0, 4)")
    strap.clock.run_for(1)
    assert strap.evaluate("told") == [
        {"link": "connecting"},
        {"fact": "battery_percent", "value": "Vw=="},
        {"fact": "location", "value": "AQ=="},
        {"frame": "EDwABA=="},
    ]


def test_a_silent_strap_is_told_after_5_s_and_connected_anew_after_10(strap: Page) -> None:
    """A silent link never says so itself; told once each."""
    begun(strap)
    strap.evaluate("send(0)")
    strap.clock.run_for(4000)
    assert links(strap) == ["connecting"]
    strap.clock.run_for(3000)
    assert links(strap)[1:] == ["silent"]
    strap.evaluate("send(0)")
    strap.clock.run_for(7000)
    assert links(strap)[2:] == ["silent"]
    strap.clock.run_for(6000)
    assert links(strap)[3:] == ["silent_too_long", "connecting"]
    assert strap.evaluate("knobs.connects") == 2


def test_a_lost_strap_is_looked_for_again_and_again_without_a_prompt(strap: Page) -> None:
    """More and more rarely, told once; at once when somebody presses, and when it is back beats flow."""
    begun(strap)
    strap.evaluate("send(0); knobs.reach = false; drop()")
    strap.clock.run_for(20_000)
    assert links(strap)[1:] == ["lost", "not_found"]
    tries = strap.evaluate("knobs.connects")
    assert 5 <= tries <= 7
    strap.evaluate("knobs.reach = true; strap.now()")
    strap.clock.run_for(10)
    assert links(strap)[3:] == ["connecting"]
    strap.evaluate("send(0)")
    assert strap.evaluate("told.at(-1)") == {"frame": "AA=="}


def test_bluetooth_that_is_off_is_told_as_such_and_tried_when_it_is_on(strap: Page) -> None:
    """The browser says when it is switched on."""
    strap.evaluate("knobs.power = knobs.reach = false")
    begun(strap)
    assert links(strap) == ["connecting", "bluetooth_off"]
    strap.evaluate(
        "knobs.power = knobs.reach = true; navigator.bluetooth.dispatchEvent(new Event('availabilitychanged'))"
    )
    strap.clock.run_for(10)
    assert links(strap)[2:] == ["connecting"]


def test_a_device_without_heart_rate_is_told_as_such(strap: Page) -> None:
    """It may have been offered by an old advertisement."""
    strap.evaluate("knobs.heart = false")
    begun(strap)
    assert links(strap) == ["connecting", "no_heart_rate"]


def test_a_strap_that_is_let_go_is_not_looked_for(strap: Page) -> None:
    """Nothing more is told of it, either."""
    begun(strap)
    strap.evaluate("send(0); strap.stop(); told.length = 0; send(0); drop()")
    strap.clock.run_for(60_000)
    assert strap.evaluate("[told.length, knobs.connects]") == [0, 1]
