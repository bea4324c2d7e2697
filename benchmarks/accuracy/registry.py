"""Which proofs there are: number and module, one line each.

A proof is a module with ``claims(setting)``; the first sentence of its docstring is its heading.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from benchmarks.accuracy.claims import Claim, Setting

PROOFS: dict[int, str] = {
    1: "proof_01_time_domain",
    2: "proof_02_two_tones",
    3: "proof_03_injected_faults",
    4: "proof_04_frequent_ectopy",
    5: "proof_05_irregular_rhythm",
    6: "proof_06_resonance",
    7: "proof_07_breathing_rate",
    8: "proof_08_recovery",
    9: "proof_09_two_hearts",
    10: "proof_10_r_peaks",
    11: "proof_11_ultra_short",
    12: "beat_clock",
    13: "proof_13_quiet_alert",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof, ready to run."""

    number: int
    heading: str
    claims: Callable[[Setting], Iterable[Claim]]


def proofs(only: int | None = None) -> Iterator[Proof]:
    """All proofs in order, or the one asked for."""
    for number, name in PROOFS.items():
        if only in (None, number):
            module = importlib.import_module(f"benchmarks.accuracy.{name}")
            yield Proof(number, _heading(module), module.claims)


def _heading(module: ModuleType) -> str:
    return (module.__doc__ or "").splitlines()[0].rstrip(".")
