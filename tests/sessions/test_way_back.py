"""The way back in a review: which parts are on it, and what is said of each."""

from __future__ import annotations

import json
from functools import cache

import pytest

from acquisition import formats
from acquisition.samples import resolve
from processing.review_figures import FIGURES
from processing.values import REASONS
from sessions.review import Review, review
from sessions.review_json import as_json


@cache
def reviewed(name: str) -> Review:
    return review(None, formats.read(resolve(f"sample:{name}")))


def test_breathing_and_recovery_are_on_the_way_back() -> None:
    """Each with its slope, what is left of the rise, and the share of the way; breathing with its effect as well."""
    found = reviewed("out-of-reach")
    names = {row.span.seq: row.span.name for row in found.phases}
    figures = {names[seq]: indices for seq, indices in found.coming_back.items()}
    assert set(figures) == {"soft-breath", "back-to-rest"}
    assert "breathing_change_bpm" in figures["soft-breath"]
    assert "breathing_change_bpm" not in figures["back-to-rest"]
    slope, share = (figures["soft-breath"][name].value for name in ("recovery_slope_bpm_per_min", "recovery_percent"))
    assert slope is not None
    assert slope < -2
    assert share == pytest.approx(100, abs=25)
    assert (figures["soft-breath"]["recovery_ln_rmssd_percent"].reason or "").startswith("breathing_outside_hf")


def test_a_recording_without_a_stressor_has_no_way_back() -> None:
    """No part carries figures, and half-time says why."""
    found = reviewed("clean-rest")
    assert found.coming_back == {}
    assert found.half_time.reason == "too_short: there is no stressor in this recording"


@pytest.mark.parametrize("name", ["out-of-reach", "ectopic-12", "restless-strap"])
def test_every_number_of_the_json_has_what_its_card_needs(name: str) -> None:
    """Window, beats and refused share beside each value; definition, divisor and source in the method by its name."""
    shown = json.loads(json.dumps(as_json(reviewed(name)), allow_nan=False))
    method = shown["method"]
    cards = {**method["indices"], **method["figures"]}
    for part in shown["phases"]:
        for index_name, index in {**part["indices"], **part["recovery"]}.items():
            assert {"window_s", "beats", "corrected_percent", "unit"} <= set(index)
            assert {"definition", "divisor", "source", "minimum_s", "window"} <= set(cards[index_name])
            assert (index["value"] is None) == (index["reason"] is not None)
            assert index["reason"] is None or index["reason"].split(":")[0] in REASONS
    changes = [part["reactivity"][key] for part in shown["phases"] if part["reactivity"] for key in ("mean_hr_bpm",)]
    for number in (shown["half_time"], *shown["felt_and_heart"], *shown["key_figures"], *changes):
        assert {"window_s", "beats", "corrected_percent"} <= set(number)
    assert {one["name"] for one in shown["key_figures"] if one["value"] is not None and one["name"]} <= set(cards)
    assert set(method["figures"]) == set(FIGURES)
    assert method["rule_version"] >= 2
    assert method["versions"]["attunement"]


def test_a_figure_with_a_value_names_beats_and_window() -> None:
    """Nothing is shown of no beats."""
    for one in reviewed("out-of-reach").key_figures:
        if one.value is not None and one.name:
            assert one.beats > 0
            assert one.window_s > 0
