"""Two people on the command line: one clock or none, a lag or a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acquisition import formats
from acquisition.samples import sample_path
from benchmarks.accuracy.two_hearts import Pair, pair
from tests.dashboard.command_line import Attune

KEYS = {
    "windows",
    "r",
    "lag_s",
    "lag_uncertainty_s",
    "linked",
    "p",
    "chance_r",
    "above_chance_percent",
    "reason",
    "method",
}


@pytest.fixture(scope="module")
def couple(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two files of time and RR on one clock; the second heart comes 2 s later and begins 0.8 s later."""
    folder = tmp_path_factory.mktemp("couple")
    people = pair(Pair(length_s=420.0, dropped=4), np.random.default_rng(3))
    for name, person in zip("ab", people, strict=True):
        rows = [f"{at_s + 100:.3f},{rr_ms:.1f}" for at_s, rr_ms in zip(person.time_s, person.rr_ms, strict=True)]
        (folder / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "a.csv", folder / "b.csv"


def test_two_files_on_one_clock_have_a_lag(attune: Attune, couple: tuple[Path, Path]) -> None:
    """Beats that were lost move nothing, and every key of the contract is there."""
    found = attune("synchrony", *couple, "--json").json
    assert set(found) >= KEYS
    assert found["linked"]
    assert found["lag_s"] == pytest.approx(2.0, abs=0.25)
    assert found["method"]["window_s"] == 60.0


def test_people_are_told_a_lag_and_never_a_leader(attune: Attune, couple: tuple[Path, Path]) -> None:
    """The words name what else could do it."""
    told = attune("synchrony", *couple).out
    assert "lag of strongest match: +" in told
    assert "no leader" in told
    assert not re.search(r"follow|driv|domina", told)


def test_starts_of_our_own_recordings_are_one_clock(attune: Attune) -> None:
    """Two samples that began at the same stated moment are compared as they stand."""
    found = attune("synchrony", "sample:out-of-reach", "sample:no-true-change", "--json").json
    assert found["windows"] > 0
    assert found["p"] is not None


def test_two_sensors_of_one_recording_are_compared(attune: Attune, tmp_path: Path) -> None:
    """The same file twice means its two streams, here of two hearts that know nothing of each other."""
    both = tmp_path / "both.attune.jsonl"
    one, other = (formats.read(sample_path(name)) for name in ("clean-rest", "paced-6"))
    items = [*one.items, *(replace(item, stream="heart-2") for item in other.items)]
    formats.own.write(both, {**one.header, "streams": ["heart-1", "heart-2"]}, sorted(items, key=lambda i: i.time_s))
    found = attune("synchrony", both, both, "--json").json
    assert found["windows"] > 0


def test_one_heart_alone_is_not_compared_with_itself(attune: Attune) -> None:
    """A recording of one sensor given twice is refused by name."""
    done = attune("synchrony", "sample:clean-rest", "sample:clean-rest", "--json")
    assert (done.status, done.out) == (3, "")
    assert "one heart only" in done.err


def test_without_a_clock_two_people_are_not_compared(attune: Attune, rr_file: Path, couple: tuple[Path, Path]) -> None:
    """Plain intervals say nothing of when they were: status 3, the file named, and what to give instead."""
    done = attune("synchrony", couple[0], rr_file)
    assert (done.status, done.out) == (3, "")
    assert str(rr_file) in done.err
    assert "shared clock" in done.err


def test_a_short_time_together_says_why_nothing_is_told(attune: Attune, tmp_path: Path) -> None:
    """A minute of each is read, and withheld with its reason."""
    for name in "ab":
        rows = [f"{5 + 0.8 * i:.3f},800" for i in range(75)]
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    found = attune("synchrony", tmp_path / "a.csv", tmp_path / "b.csv", "--json").json
    assert (found["r"], found["linked"], found["lag_s"]) == (None, None, None)
    assert found["reason"].startswith("too_short")
