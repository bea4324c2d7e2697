"""Named sittings with a known truth, and their recordings: the source of ``attune simulate`` and of the sample data.

``python -m acquisition.scenarios --all DIR`` writes every scenario's recording and answers, the same bytes each time.
Names and durations of the parts of `out-of-reach` follow the exercise of that name (docs/protocol.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from acquisition.beats import Stimulus
from acquisition.errors import BadInput, EnvironmentFault
from acquisition.formats import own
from acquisition.scenario_truth import answers, items_of
from acquisition.simulated_faults import Faults, Outage
from acquisition.simulated_heart import Person
from acquisition.simulated_strap import SENSING_S, SimulatedStrap
from acquisition.sitting import CONTROL, RECOVERY, REST, STRESS, Part, Scenario

STARTED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""The date that every simulated recording carries; fixed, so that the same scenario gives the same bytes."""
SOFTWARE = {"attunement simulation": "1"}
"""Counts up when the same scenario and seed no longer give the same bytes."""
ANSWERS_SUFFIX = ".answers.json"


def _out_of_reach(stress: Stimulus, said: Sequence[Mapping[str, object]]) -> tuple[Part, ...]:
    """The parts of the exercise `out-of-reach`, with what the person says after each."""
    rest, plain, out, breath, back, look = said
    control = CONTROL if stress is STRESS else REST
    return (
        Part("rest", "baseline", 300.0, ratings=rest),
        Part("plain-scene", "control", 120.0, control, ratings=plain),
        Part("out-of-reach", "stressor", 240.0, stress, reference="plain-scene", ratings=out),
        Part(
            "soft-breath",
            "paced_breathing",
            300.0,
            Stimulus("paced", 6.0),
            slide=(10.0, 9.0, 8.0, 7.0),
            feedback="pacer_and_wave",
            ratings=breath,
        ),
        Part("back-to-rest", "recovery", 300.0, RECOVERY, reference="rest", ratings=back),
        Part("look-back", "reflection", 180.0, RECOVERY, speech="writing", feedback="trend", ratings=look),
    )


_STIRRED = (
    {"suds": 12, "body": 15, "closeness": 5},
    {"suds": 14, "body": 18, "vivid": 60},
    {
        "suds": 58,
        "pleasant": -30,
        "body": 62,
        "closeness": 25,
        "feelings": ["lonely", "sad"],
        "urges": ["reach out again"],
        "vivid": 70,
        "here": "yes",
    },
    {"suds": 30, "body": 28, "symptoms": ["none"]},
    {"suds": 18, "body": 20, "closeness": 10, "here": "yes"},
    {"helped": 65},
)
_UNMOVED = (
    {"suds": 8, "body": 6, "closeness": 0},
    {"suds": 8, "body": 6, "vivid": 50},
    {
        "suds": 10,
        "pleasant": 0,
        "body": 8,
        "closeness": -10,
        "feelings": ["calm"],
        "urges": ["nothing"],
        "vivid": 55,
        "here": "yes",
    },
    {"suds": 8, "body": 6, "symptoms": ["none"]},
    {"suds": 8, "body": 6, "closeness": 0, "here": "yes"},
    {"helped": 40},
)

_FIVE_MINUTES = (Part("rest", "baseline", 300.0, ratings={"suds": 10, "pleasant": 15, "body": 12, "closeness": 5}),)

SCENARIOS: Mapping[str, Scenario] = {
    each.name: each
    for each in (
        Scenario("clean-rest", "Five minutes of quiet rest, nothing amiss.", _FIVE_MINUTES, seed=11),
        Scenario(
            "out-of-reach",
            "The exercise “When someone is out of reach”: the heart rises and comes back with a known half-time.",
            _out_of_reach(STRESS, _STIRRED),
            seed=28,
            person=Person(recovery_half_time_s=75.0, slow_bpm=0.8),
            exercise="out-of-reach",
        ),
        Scenario(
            "paced-6",
            "Two minutes of rest, then five with the guide at six breaths a minute.",
            (
                Part("rest", "baseline", 120.0),
                Part("soft-breath", "paced_breathing", 300.0, Stimulus("paced", 6.0), feedback="pacer_and_wave"),
            ),
            seed=33,
        ),
        Scenario(
            "ectopic-5",
            "Quiet rest; 5 % of the beats come early, and the strap is out of reach twice.",
            _FIVE_MINUTES,
            seed=57,
            faults=Faults(ectopic_share=0.05, outages=(Outage(100.0, 8.0, "link"), Outage(210.0, 15.0, "link"))),
        ),
        Scenario(
            "ectopic-12",
            "Quiet rest; 12 % of the beats come early, and the strap is out of reach once.",
            _FIVE_MINUTES,
            seed=49,
            faults=Faults(ectopic_share=0.12, outages=(Outage(160.0, 12.0, "link"),)),
        ),
        Scenario(
            "calm-words-body-up",
            "The same exercise: the heart rises clearly while the words stay calm.",
            _out_of_reach(STRESS, _UNMOVED),
            seed=66,
            person=Person(stress_rise_bpm=14.0, recovery_half_time_s=90.0, slow_bpm=0.8),
            exercise="out-of-reach",
        ),
        Scenario(
            "no-true-change",
            "The same exercise with a heart that does not answer to it: nothing must be read into its noise.",
            _out_of_reach(REST, _UNMOVED),
            seed=77,
            exercise="out-of-reach",
        ),
        Scenario(
            "restless-strap",
            "Quiet rest with a strap that slips: no contact, a lost link, missed and false beats, frames cut short.",
            _FIVE_MINUTES,
            seed=88,
            faults=Faults(
                missed_share=0.015,
                extra_share=0.015,
                malformed_share=0.02,
                outages=(Outage(90.0, 12.0, "contact"), Outage(200.0, 20.0, "link")),
            ),
        ),
    )
}
"""By name; each is also a sample recording."""


def scenario(name: str) -> Scenario:
    """The scenario of that name; raises BadInput with the names there are."""
    if name not in SCENARIOS:
        what = f"there is no scenario {name!r}"
        raise BadInput(what, place="--scenario", remedy=f"use one of: {', '.join(SCENARIOS)}")
    return SCENARIOS[name]


def write_scenario(name: str, minutes: float | None, seed: int | None, path: Path) -> tuple[Path, Path]:
    """Write the recording to ``path`` and its truth to ``path`` + ``.answers.json``; returns both.

    Without minutes and seed the scenario's own are used. Raises BadInput (no such scenario, too short) and
    EnvironmentFault (cannot be written).
    """
    chosen = scenario(name)
    if minutes is not None:
        chosen = chosen.lasting(minutes)
    seed = chosen.seed if seed is None else seed
    strap = SimulatedStrap(seed, person=chosen.person, faults=chosen.faults, timeline=chosen.timeline)
    header = own.make_header(
        start=STARTED_AT,
        source=f"simulation: {chosen.name}",
        seed=seed,
        software=SOFTWARE,
        simulated=True,
        exercise=chosen.exercise,
        about=chosen.about,
        delay_s=SENSING_S,
    )
    own.write(path, header, items_of(chosen, strap))
    beside = path.with_name(path.name + ANSWERS_SUFFIX)
    text = json.dumps(answers(chosen, seed, strap), indent=1, ensure_ascii=False) + "\n"
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        what = f"the answers cannot be written ({error.strerror or error})"
        raise EnvironmentFault(what, place=str(beside), remedy="choose a folder that can be written") from error
    return path, beside


def write_samples(folder: Path) -> list[Path]:
    """Write every scenario at its own length and seed into ``folder``; returns the recordings."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_scenario(name, None, None, folder / f"{name}{own.SUFFIX}")[0] for name in SCENARIOS]


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m acquisition.scenarios --all DIR``."""
    parser = argparse.ArgumentParser(prog="python -m acquisition.scenarios", description="Make the sample recordings.")
    parser.add_argument("--all", type=Path, required=True, metavar="DIR", help="write every scenario into DIR")
    for path in write_samples(parser.parse_args(arguments).all):
        sys.stderr.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
