"""The one table is whole: every number has its definition, its divisor, its paper and its windows."""

from __future__ import annotations

import pytest

from processing.analysis import analyze
from processing.method import RULE_VERSION, method_of
from processing.method_card import method_card
from processing.review_figures import FIGURES, TABLE
from processing.sources import OWN, SOURCES
from processing.thresholds import LIVE_NAMES, SPECS
from tests.processing.hearts import items, resting


def test_every_row_names_a_known_source() -> None:
    """A paper of the list, or this project; and no paper stands in the list unused."""
    cited = {name.strip() for spec in TABLE.values() for name in spec.source.split(";")}
    assert cited == {*SOURCES, OWN}


def test_every_row_is_complete() -> None:
    """Definition, unit and divisor are words; windows are above 0 for all indices."""
    for spec in TABLE.values():
        assert all((spec.name, spec.unit, spec.definition, spec.divisor)), spec.name
    assert all(spec.minimum_s > 0 and spec.min_beats > 0 for spec in SPECS.values())
    assert not set(SPECS) & set(FIGURES)


def test_the_indices_that_are_promised_are_there() -> None:
    """And no ratio of LF to HF, under any name."""
    promised = (
        "mean_nn_ms mean_hr_bpm sdnn_ms rmssd_ms ln_rmssd sdsd_ms pnn50_percent pnn20_percent sd1_ms sd2_ms lf_ms2 "
        "hf_ms2 ln_hf vlf_ms2 lf_peak_hz total_power_ms2 sample_entropy dfa_alpha1 stress_index"
    )
    assert set(promised.split()) <= set(SPECS)
    assert not any("lf_hf" in name or "ratio" in name for name in TABLE)
    assert "LF/HF" not in str(method_of("attune"))


def test_every_number_of_an_analysis_has_a_card() -> None:
    """With its own window, beats and refused share, and the pipeline's version."""
    for index in analyze(items(resting(420))).indices.values():
        card = method_card(index)
        assert (card.window_s, card.beats, card.corrected_percent) == (
            index.window_s,
            index.beats,
            index.corrected_percent,
        )
        assert f"rule {RULE_VERSION}" in card.pipeline
        assert card.as_dict()["source"] == SPECS[index.name].source


@pytest.mark.parametrize("name", LIVE_NAMES)
def test_a_live_number_says_how_far_it_looks_back(name: str) -> None:
    """In the same words in method and card."""
    rows = method_of("attune")["indices"]
    assert isinstance(rows, dict)
    assert f"live the last {SPECS[name].minimum_s:g} s" in rows[name]["window"]
