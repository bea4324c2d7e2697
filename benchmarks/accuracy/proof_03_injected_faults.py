"""Injected faults: what is found, what is wrongly accused, and what that does to RMSSD."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.accuracy import hearts, wfdb
from benchmarks.accuracy.claims import Claim, Setting, not_run
from processing.analysis import judge
from processing.values import Judgement, Verdict

DRAWS, SHORT_DRAWS = 200, 1
FAULTS = {Verdict.MISSED: hearts.missed, Verdict.EXTRA: hearts.extra, Verdict.ECTOPIC: hearts.premature}
UNSURE = (Verdict.LONG, Verdict.SHORT)
FALSE_PER_300 = 1.0
MEDIAN_PERCENT, WITHIN_PERCENT, SHARE_PERCENT = 2.0, 5.0, 90.0

Maker = Callable[[np.random.Generator], hearts.Floats]


@dataclass
class Tally:
    """Counts over the draws of one kind of fault in one kind of heart."""

    wanted: int = 0
    found: int = 0
    good: int = 0
    false: int = 0
    """Good intervals called ectopic, missed, extra or out of range."""
    unsure: int = 0
    """Good intervals called long or short."""
    errors_percent: list[float] = field(default_factory=list)

    def add(self, faulty: hearts.Faulty, kind: Verdict, clean: hearts.Floats) -> None:
        """Judge one series and compare with its truth."""
        judged = judge(hearts.items(faulty.rr_ms))
        said = [judgement.verdict for judgement in judged]
        self.wanted += len(faulty.faults)
        self.found += sum(all(said[place] is kind for place in places) for places in faulty.faults)
        touched = faulty.touched
        rest = [verdict for place, verdict in enumerate(said) if place not in touched]
        self.good += len(rest)
        self.unsure += sum(verdict in UNSURE for verdict in rest)
        self.false += sum(verdict is not Verdict.NORMAL and verdict not in UNSURE for verdict in rest)
        truth = hearts.rmssd(clean)
        self.errors_percent.append(100 * abs(kept_rmssd(judged) - truth) / truth)


def kept_rmssd(judged: tuple[Judgement, ...]) -> float:
    """RMSSD of the pairs of normal neighbours, ms."""
    nn = np.array([np.nan if judgement.nn_ms is None else judgement.nn_ms for judgement in judged])
    return float(np.sqrt(np.nanmean(np.diff(nn) ** 2)))


def claims(setting: Setting) -> Iterator[Claim]:
    """Six faults in 300 beats of each heart; then the labelled ECG record."""
    draws = SHORT_DRAWS if setting.short else DRAWS
    for number, (name, make, bound) in enumerate(_hearts(setting)):
        if make is None:
            yield not_run(f"{name}: faults found", "100 %")
            continue
        tallies = {}
        for kind, put in FAULTS.items():
            tally = tallies[kind] = Tally()
            for draw_number in range(draws):
                draw = np.random.default_rng([setting.seed, 3, number, draw_number])
                clean = make(draw)
                tally.add(put(draw, clean), kind, clean)
        yield from _of_heart(name, tallies, bound)
    yield from _paced_alone(setting, draws)
    yield from _labelled(setting)


def _hearts(setting: Setting) -> Iterator[tuple[str, Maker | None, bool]]:
    """Name, maker (None when its recording is not at hand), and whether targets hold or figures are only reported."""
    folder = setting.folder_with(hearts.REST_FILE)
    stretches = [] if folder is None else hearts.rest_stretches(folder)
    for number in range(3):
        yield f"real rest {number + 1}", _always(stretches[number]) if stretches else None, True
    yield "simulated rest", hearts.simulated_rest, True
    yield "paced ±150 ms", hearts.paced, True
    yield "respiratory arrhythmia, RMSSD near 100", hearts.respiratory, False


def _always(rr_ms: hearts.Floats) -> Maker:
    return lambda _: rr_ms


def _of_heart(name: str, tallies: dict[Verdict, Tally], bound: bool) -> Iterator[Claim]:
    for kind, tally in tallies.items():
        percent = round(100 * tally.found / tally.wanted, 2)
        yield _claim(f"{name}: {kind} found, %", "100", percent, tally.wanted, percent == 100, bound)
        yield _false(f"{name} with {kind}", tally, bound)
        median = round(float(np.median(tally.errors_percent)), 2)
        met = median <= MEDIAN_PERCENT
        draws = len(tally.errors_percent)
        yield _claim(f"{name}: {kind}, RMSSD median error, %", f"≤ {MEDIAN_PERCENT:g}", median, draws, met, bound)
        within = round(100 * float(np.mean(np.array(tally.errors_percent) <= WITHIN_PERCENT)), 1)
        met = within >= SHARE_PERCENT
        yield _claim(
            f"{name}: {kind}, draws with RMSSD within {WITHIN_PERCENT:g} %, %",
            f"≥ {SHARE_PERCENT:g}",
            within,
            draws,
            met,
            bound,
        )


def _false(name: str, tally: Tally, bound: bool) -> Claim:
    false, unsure = (round(300 * count / tally.good, 2) for count in (tally.false, tally.unsure))
    value = f"{false:g} (long or short apart: {unsure:g})"
    met = false <= FALSE_PER_300
    return _claim(f"{name}: false flags in 300 good beats", f"≤ {FALSE_PER_300:g}", value, tally.good, met, bound)


def _claim(claim: str, target: str, value: float | str, n: int, met: bool, bound: bool) -> Claim:
    return Claim(claim, target if bound else "", value, n, met if bound else None)


def _paced_alone(setting: Setting, draws: int) -> Iterator[Claim]:
    makers: dict[str, Maker] = {
        "paced ±150 ms without noise": lambda draw: hearts.paced(draw, jitter_ms=0),
        "paced ±150 ms": hearts.paced,
        "±150 ms at once after quiet rest": hearts.first_deep_breaths,
    }
    for number, (name, make) in enumerate(makers.items()):
        refused = beats = 0
        for draw_number in range(draws):
            said = judge(hearts.items(make(np.random.default_rng([setting.seed, 3, 100 + number, draw_number]))))
            beats += len(said)
            refused += sum(judgement.verdict is not Verdict.NORMAL for judgement in said)
        yield Claim(f"{name}: good beats refused", "0", refused, beats, refused == 0)


def _labelled(setting: Setting) -> Iterator[Claim]:
    """Record 100: a beat is found when both intervals beside it are called ectopic."""
    found_claim, false_claim = "labelled ECG record: abnormal beats found", "labelled ECG record: false in 300 beats"
    folder = setting.folder_with(*wfdb.files("mitdb100"))
    if folder is None:
        yield not_run(found_claim, "34")
        yield not_run(false_claim, f"≤ {FALSE_PER_300:g}")
        return
    record = wfdb.load(folder, "mitdb100")
    said = [judgement.verdict for judgement in judge(hearts.items(record.rr_ms))]
    abnormal = [beat for beat, label in enumerate(record.labels) if label != "N"]
    found = sum(said[beat - 1] is Verdict.ECTOPIC and said[beat] is Verdict.ECTOPIC for beat in abnormal)
    yield Claim(found_claim, f"{len(abnormal)}", found, len(abnormal), found == len(abnormal))
    touched = {place for beat in abnormal for place in (beat - 1, beat)}
    rest = [verdict for place, verdict in enumerate(said) if place not in touched]
    tally = Tally(
        good=len(rest),
        unsure=sum(verdict in UNSURE for verdict in rest),
        false=sum(verdict is not Verdict.NORMAL and verdict not in UNSURE for verdict in rest),
    )
    yield _false("labelled ECG record", tally, bound=True)
