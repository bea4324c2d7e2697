"""Every screen of the client's page as a pure function of its view: what must be there, and what must never be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

import dashboard
from dashboard.client import panels, start
from dashboard.client.screens import LAYOUTS, screen
from dashboard.client.wire import NotAView, view_of
from sessions import words
from sessions.exercise import catalogue
from tests.dashboard.client_views import BREATH, GUIDE, RUNNING, VIEWS

ASSETS = Path(dashboard.__file__).parent / "assets"
HEART_IDS = {"heart-wave", "heart-rate", "bloom"}
BUDGET = 200_000
"""Bytes of our own code, styles and fonts on the client's page."""


def parts(component: object) -> Iterator[Component]:
    """A component and everything in it."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))


def props(component: Component) -> dict[str, Any]:
    return dict(component.to_plotly_json()["props"])


def ids(component: object) -> set[str]:
    return {str(one) for part in parts(component) if (one := props(part).get("id"))}


def text(component: object) -> str:
    """All words, in order."""
    if component is None or isinstance(component, bool):
        return ""
    if isinstance(component, Component):
        return text(getattr(component, "children", None))
    return "".join(text(one) for one in component) if isinstance(component, list | tuple) else f"{component} "


def buttons(component: object) -> dict[str, dict[str, Any]]:
    """Buttons by accessible name."""
    found = [part for part in parts(component) if part.to_plotly_json()["type"] == "Button"]
    return {str(props(one).get("aria-label") or " ".join(text(one).split())): props(one) for one in found}


def page(name: str) -> list[Component | None]:
    view = VIEWS[name]
    return [screen(view), panels.panel(view)]


@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if view.screen != "ended"])
def test_the_ways_out_are_on_every_page_until_the_end(name: str) -> None:
    """Time-out and Stop for today stand side by side wherever a sitting can still be left."""
    offered = buttons(screen(VIEWS[name]))
    assert {"Time-out", "Stop for today"} <= set(offered)
    assert offered["Time-out"]["data-do"] == "pause"
    assert offered["Stop for today"]["data-do"] == "stop"


@pytest.mark.parametrize("name", VIEWS)
def test_the_heart_is_shown_only_where_the_part_says_so(name: str) -> None:
    """No screen but a pacer-and-wave part has a place for the heart."""
    part = VIEWS[name].phase
    allowed = VIEWS[name].pacer is not None and part is not None and part.feedback == "pacer_and_wave"
    assert bool(ids(screen(VIEWS[name])) & HEART_IDS) == allowed


def test_numbers_stay_hidden_until_they_are_asked_for() -> None:
    """The readouts carry `hidden` and the button says what it will do."""
    before, after = screen(VIEWS["breathing"]), screen(VIEWS["numbers"])
    hidden = {p["id"]: p.get("hidden") for part in parts(before) if (p := props(part)).get("id") == "numbers"}
    assert hidden == {"numbers": True}
    assert "Show numbers" in buttons(before)
    assert "Hide numbers" in buttons(after)
    assert json.loads(buttons(before)["Show numbers"]["data-payload"]) == {"on": True}


def test_a_strap_that_sends_nothing_usable_says_why_and_offers_two_ways() -> None:
    """What is wrong stands on the page, and nobody is asked to start with it."""
    made = screen(VIEWS["no-intervals"])
    assert "no beat-to-beat intervals" in text(made)
    assert {"Look again", "Go on without it"} <= set(buttons(made))
    assert not {"Continue", "Start without waiting"} & set(buttons(made))


def test_the_strap_that_was_chosen_is_not_asked_for_again() -> None:
    """Between the choice and the first beat the page waits for that strap."""
    chosen = replace(VIEWS["straps"], sensor=replace(VIEWS["found"].sensor, beats_arriving=False, settled=False))
    assert "More than one strap is near." not in text(screen(chosen))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("plan", "Begin"),
        ("settled", "Continue"),
        ("rating", "Continue"),
        ("exercise", "Skip this part"),
        ("exercise", "Choose a lighter moment"),
        ("breathing", "I feel dizzy or unwell"),
        ("breathing", "Show numbers"),
        ("breathing", "Slower"),
        ("grounding", "Go on when you like"),
        ("connect", "Go on without it"),
        ("reflect", "See your heart"),
        ("reflect", "Not today"),
        ("closing", "A little more rest"),
    ],
)
def test_names_that_people_and_tests_lean_on(name: str, wanted: str) -> None:
    """Buttons keep their accessible names."""
    assert wanted in buttons(page(name))


@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if view.screen != "ended"])
def test_the_fixed_places_are_there(name: str) -> None:
    """The step's name and the sensor's word have their ids on every page."""
    assert {"step", "sensor-state"} <= ids(screen(VIEWS[name]))


def test_the_pacer_carries_its_rate() -> None:
    """The guide's element is there with its rate; its phase is set by the browser."""
    found = [props(part) for part in parts(screen(VIEWS["breathing"])) if props(part).get("id") == "pacer"]
    assert [one["data-rate"] for one in found] == ["6.0"]


@given(ways=st.lists(st.sampled_from(sorted(panels.WAYS)), unique=True))
def test_the_pause_offers_exactly_the_ways_of_the_view_and_none_is_the_default(ways: list[str]) -> None:
    """Same words, same order, drawn alike; focus goes to the heading."""
    made = panels.pause(ways, sensor=True)
    pressed = [props(part) for part in parts(made) if part.to_plotly_json()["type"] == "Button"]
    drawn = [one for one in pressed if "data-hide" not in one]
    assert [one["data-do"] for one in drawn] == ways
    assert len({one["className"] for one in drawn} | {"btn big"}) == 1
    assert "panel-heading" in ids(made)
    assert words.PAUSED in text(made)


def test_no_question_has_an_answer_beforehand_and_each_may_be_left() -> None:
    """Nothing is checked or set, and every question brings its own "Rather not say"."""
    made = screen(VIEWS["rating"])
    asked = [prompt.id for prompt in VIEWS["rating"].prompts]
    left = [props(part)["data-rather-not"] for part in parts(made) if "data-rather-not" in props(part)]
    assert left == asked
    states = {value for part in parts(made) for key, value in props(part).items() if key in ("aria-checked", "value")}
    assert states <= {"false"}


@pytest.mark.parametrize("name", ["sharing", "safety"])
def test_choices_that_bind_start_unselected(name: str) -> None:
    """Who can see, the health question and the consent are never chosen for the person."""
    checked = [props(part)["aria-checked"] for part in parts(screen(VIEWS[name])) if "aria-checked" in props(part)]
    assert checked
    assert set(checked) == {"false"}


def test_the_instruction_is_told_word_for_word() -> None:
    """Heading and lead together are the script's own words."""
    for name in ("exercise", "baseline"):
        part = VIEWS[name].phase
        assert part is not None
        assert " ".join(part.instruction.split()) in " ".join(text(screen(VIEWS[name])).split())


def test_a_breathing_part_without_its_guide_is_ones_own_breath() -> None:
    """After "Breathe without the guide" there is no shape to follow and no word of one."""
    made = screen(replace(RUNNING, phase=BREATH, pacer=None))
    assert "pacer" not in ids(made)
    assert "Follow the shape" not in text(made)


def test_steps_that_the_script_does_not_have_are_not_drawn() -> None:
    """The header shows the view's steps and no others."""
    view = replace(VIEWS["plan"], steps=(VIEWS["plan"].steps[0], VIEWS["plan"].steps[4]))
    assert "Breathe" not in text(screen(view))


@pytest.mark.parametrize("name", VIEWS)
def test_words_stay_kind(name: str) -> None:
    """No exclamation mark, no grade, and never the word for it that clinicians use."""
    said = text(page(name)).lower()
    assert not re.search(
        r"!|arousal|stress level|score[^.]|failed|well done|great job|error\b", said.replace("not a score", "")
    )


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_survives_the_wire(name: str) -> None:
    """What the socket brings is the same value again, and draws the same page."""
    view = VIEWS[name]
    again = view_of(json.loads(json.dumps(asdict(view))))
    assert again == view
    assert screen(again).to_plotly_json().keys() == screen(view).to_plotly_json().keys()


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    )
)
def test_anything_else_is_refused(data: object) -> None:
    """A page that sends something else gets no page for it, and nothing breaks."""
    with pytest.raises(NotAView):
        view_of(data)


@given(
    field=st.sampled_from(sorted(asdict(VIEWS["numbers"]))),
    value=st.sampled_from([object(), b"x", {"a": 1}, [[]]]),
)
def test_a_view_with_one_wrong_field_is_refused(field: str, value: object) -> None:
    """Each field has its type, down to the last one."""
    with pytest.raises(NotAView):
        view_of({**asdict(VIEWS["numbers"]), field: value})


def test_every_screen_has_a_layout() -> None:
    """The stage shows every screen there is."""
    assert {view.screen for view in VIEWS.values()} == set(LAYOUTS)


def test_the_start_page_picks_nothing_but_what_the_address_says() -> None:
    """With two hearts on offer neither is chosen; the address may name an exercise."""
    made = start.start(catalogue(), start.HEARTS["sensor"], ("a1",), "tour")
    chosen = [props(part)["data-value"] for part in parts(made) if props(part).get("aria-checked") == "true"]
    assert chosen == ["tour"]
    assert "Go back to it" in text(made)


def test_the_start_page_says_beforehand_what_does_not_open_yet() -> None:
    """A moderate exercise waits for a settling one; the words stand in its choice, and the others have none."""
    made = start.start(catalogue(), start.HEARTS["sensor"], (), None, {"out-of-reach": words.CLOSED_UNTIL_SETTLED})
    notes = [text(part).strip() for part in parts(made) if props(part).get("className") == "not-yet"]
    assert notes == [f"With your own heart: {words.CLOSED_UNTIL_SETTLED}"]
    assert "With your own heart" not in text(start.start(catalogue(), start.HEARTS["sensor"], (), None))


def test_a_simulated_heart_is_the_only_one_in_the_demo() -> None:
    """The demo records nobody, so it offers no strap."""
    made = start.start(catalogue(), start.HEARTS["simulate"], (), None)
    assert "My strap" not in text(made)
    assert "A simulated heart" in text(made)


def test_styles_use_tokens_only() -> None:
    """No colour is written outside the tokens, and nothing comes from another host."""
    for name in ("client.css", "ui.css", "icons.css"):
        sheet = (ASSETS / name).read_text("utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\{)", re.sub(r"#[a-z][\w-]*", "", sheet)), name
        assert "http" not in sheet


def test_icons_that_pages_name_exist() -> None:
    """Each icon of the style sheet has its file, and each file its class."""
    named = set(re.findall(r"\.i-([\w-]+)\{", (ASSETS / "icons.css").read_text("utf-8")))
    drawn = {path.stem for path in (ASSETS / "icons").glob("*.svg")}
    assert named == drawn - {"favicon", "mark-breath", "mark-heart"}
    used = {cls for view in VIEWS.values() for part in parts([screen(view), panels.panel(view)])
            for cls in str(props(part).get("className", "")).split() if cls.startswith("i-")}  # fmt: skip
    assert {cls.removeprefix("i-") for cls in used} <= named


def test_the_clients_own_page_is_light() -> None:
    """Code, styles and fonts of the client's page stay within their budget."""
    drawings = ("pacer", "breathing", "heart", "wave", "bloom", "drift", "summary")
    scripts = ("socket", "session", "prompts", "start", "theme", *drawings)
    sheets = ("tokens", "ui", "icons", "shell", "client")
    files = [ASSETS / f"{name}.js" for name in scripts] + [ASSETS / f"{name}.css" for name in sheets]
    assert sum(path.stat().st_size for path in [*files, *(ASSETS / "fonts").glob("*.woff2")]) <= BUDGET


def test_the_guide_of_the_stage_is_four_in_and_six_out() -> None:
    """40:60 at six a minute means 4 s in and 6 s out."""
    period = GUIDE.stretches[0][1]
    assert (period * GUIDE.inhale, period * GUIDE.exhale) == pytest.approx((4.0, 6.0))
