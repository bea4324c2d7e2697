"""The proofs of docs/accuracy.md still run, and their page says what they found; what they measure is no test."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acquisition.beats import Beat, Gap
from benchmarks.accuracy import __main__ as command
from benchmarks.accuracy import proof_01_time_domain, proof_02_two_tones, proof_11_ultra_short, registry
from benchmarks.accuracy.beat_clock_plot import picture
from benchmarks.accuracy.claims import Cell, Claim, Setting
from benchmarks.accuracy.hearts import items, simulated_rest
from benchmarks.accuracy.page import Section, kept, page, tables, write
from benchmarks.accuracy.streams import Stream, recorded_streams, with_gaps

SHORT = Setting(seed=5, short=True)


@pytest.mark.parametrize("number", registry.PROOFS)
def test_a_proof_runs_in_its_short_form(number: int) -> None:
    """Each gives claims with a figure, or says that it was not run."""
    (proof,) = registry.proofs(number)
    claims = list(proof.claims(SHORT))
    assert claims
    assert proof.heading
    for claim in claims:
        assert claim.value is not None
        assert claim.n > 0 or claim.met is None
        assert (claim.met is None) == (not claim.target or str(claim.value).startswith("not run"))


def test_every_proof_is_in_the_registry() -> None:
    """A file named as a proof is run by the command, under the number in its name."""
    named = {path.stem for path in Path(str(registry.__file__)).parent.glob("proof_*.py")}
    assert named == {name for name in registry.PROOFS.values() if name.startswith("proof_")}
    assert all(int(name.split("_")[1]) == number for number, name in registry.PROOFS.items() if name in named)


def test_the_command_prints_claims_and_writes_page_and_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One proof, as JSON with the six fields and as a page with its picture beside it."""
    out = tmp_path / "accuracy.md"
    assert command.main(["--only", "12", "--short", "--seed", "3", "--out", str(out)]) in (0, 1)
    claims = json.loads(capsys.readouterr().out)
    assert all(set(claim) == {"proof", "claim", "target", "value", "n", "met"} for claim in claims)
    text = out.read_text(encoding="utf-8")
    assert all(claim["claim"] in text and str(claim["value"]) in text for claim in claims)
    (plot,) = re.findall(r"\]\((\S+\.svg)\)", text)
    assert (tmp_path / plot).read_text(encoding="utf-8").startswith("<svg ")
    assert str(tmp_path) not in text


def test_the_picture_is_the_same_each_time() -> None:
    """No date, no random name: the same seed gives the same bytes."""
    assert picture(SHORT) == picture(SHORT)
    assert picture(SHORT) != picture(replace(SHORT, seed=6))


def test_a_missed_target_is_written_as_missed() -> None:
    """The page counts it and marks its line; a line that was not run is neither met nor missed."""
    claims = (
        Claim("good", "1", 1, 5, True),
        Claim("bad", "1", 2, 5, False),
        Claim("told", "", 3, 5, None),
        Claim("idle", "1", "not run: needs --recordings DIR", 0, None),
    )
    text = page([Section(4, "Four", "the command", claims)])
    assert "1 of 2 targets met (1 missed" in text
    assert "1 figures told without a target; 1 lines not run" in text
    assert "| bad | 1 | 2 | 5 | **no** |" in text


def test_one_proof_again_replaces_its_own_section_only(tmp_path: Path) -> None:
    """What was kept beside the page comes back as it was written, places in tables included."""
    out = tmp_path / "accuracy.md"
    cell = Claim("a", "", 1.5, 2, None, Cell("T", "row", "column"))
    first = [Section(2, "Two", "old", (cell,)), Section(1, "One", "old", (cell,), "![p](p.svg)")]
    write(out, first)
    assert kept(out) == {section.number: section for section in first}
    write(out, {**kept(out), 2: Section(2, "Two", "new", (cell,))}.values())
    text = out.read_text(encoding="utf-8")
    assert text.index("## 1. One\n\n`old`") < text.index("## 2. Two\n\n`new`")
    assert "| row | 1.5 |" in text
    assert "![p](p.svg)" in text


def test_claims_with_a_place_become_a_table() -> None:
    """Rows and columns in the order in which they came, empty where nothing was measured; a missed target is seen."""
    places = (("a", "x", 1, None), ("a", "y", 2, True), ("b", "y", 3, False))
    lines = tables(Claim("", "< 3", value, 1, met, Cell("T", row, column)) for row, column, value, met in places)
    head = ["**T**\n", "| | x | y |", "|---|---|---|"]
    assert lines == [*head, "| a | 1 | 2 (< 3: yes) |", "| b |  | 3 (< 3: **no**) |", ""]


def test_a_number_that_is_off_by_a_millionth_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison with NeuroKit2 can fail."""
    heart = Stream("heart", items(simulated_rest(np.random.default_rng(2), 90)))
    assert max(proof_01_time_domain.compare(heart, 20).whole) <= proof_01_time_domain.CLOSE
    right = proof_01_time_domain.time_domain
    monkeypatch.setattr(
        proof_01_time_domain,
        "time_domain",
        lambda *window: replace(right(*window), rmssd_ms=right(*window).rmssd_ms * (1 + 1e-6)),
    )
    assert max(proof_01_time_domain.compare(heart, 20).whole) == pytest.approx(1e-6, rel=0.1)


def test_a_verdict_told_otherwise_live_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison of file and stream can fail: here the stream never hears of one beat."""
    heart = Stream("heart", items(simulated_rest(np.random.default_rng(2), 90)))
    assert proof_01_time_domain.compare(heart, 90).other_verdicts == 0
    monkeypatch.setattr(Stream, "replayed", lambda stream: stream.items[:-1])
    assert proof_01_time_domain.compare(heart, 90).other_verdicts == 1


def test_holes_are_marked_and_take_beats_with_them() -> None:
    """Three gaps, each from the end of the beat before to the beginning of the beat after."""
    whole = Stream("heart", items(simulated_rest(np.random.default_rng(2), 200)))
    cut = with_gaps(whole, np.random.default_rng(3)).items
    assert sum(isinstance(item, Gap) for item in cut) == 3
    for before, gap, after in zip(cut, cut[1:], cut[2:], strict=False):
        if isinstance(gap, Gap) and isinstance(before, Beat) and isinstance(after, Beat):
            assert gap.from_s == before.time_s
            assert gap.to_s == pytest.approx(after.time_s - after.rr_ms / 1000)
            assert after.seq > before.seq + 1


def test_each_interval_of_the_two_waves_lasts_what_they_say_at_its_end() -> None:
    """The truth of proof 2 is solved to rounding."""
    heart = proof_02_two_tones.Heart((0.4, 1.9), gain=2.0)
    rr = heart.intervals(30.0)
    ends = np.cumsum(rr) / 1000
    waves = 40 * np.sin(2 * np.pi * 0.10 * ends + 0.4) + 60 * np.sin(2 * np.pi * 0.25 * ends + 1.9)
    assert rr == pytest.approx(800 + waves, abs=1e-8)


def test_recordings_of_a_folder_are_those_that_can_be_read(tmp_path: Path) -> None:
    """Notes are passed over, and a recording needs five minutes to be measured against."""
    rr = simulated_rest(np.random.default_rng(4), 420)
    (tmp_path / "heart.txt").write_text("\n".join(f"{value:.0f}" for value in rr), encoding="utf-8")
    (tmp_path / "README.md").write_text("Where these come from.", encoding="utf-8")
    (stream,) = recorded_streams(Setting(recordings=tmp_path))
    assert stream.name == "heart.txt"
    blocks, errors = proof_11_ultra_short.measured(stream)
    assert blocks == 1
    assert {name for name, _ in errors} == set(proof_11_ultra_short.NAMES)
    assert len(errors["rmssd_ms", 60.0]) == 5
    assert Setting(recordings=tmp_path).folder_with("heart.txt") == tmp_path
    assert Setting(recordings=tmp_path).folder_with("heart.txt", "other.txt") is None


def test_the_page_in_the_documentation_is_made_from_its_figures() -> None:
    """docs/accuracy.md says what the figures beside it say, letter by letter, all of them from full runs."""
    docs = Path(str(command.__file__)).parents[2] / "docs" / "accuracy.md"
    sections = sorted(kept(docs).values(), key=lambda section: section.number)
    assert docs.read_text(encoding="utf-8") == page(sections)
    assert sections
    assert not any("--short" in section.command for section in sections)
    headings = {proof.number: proof.heading for proof in registry.proofs()}
    assert all(section.heading == headings[section.number] for section in sections)
