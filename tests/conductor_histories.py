"""Many random sittings and their promises: ``python -m tests.conductor_histories --histories 10000``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests.sessions.any_history import Sittings
from tests.sessions.anything_pressed import (
    STEPS,
)


def histories(number: int) -> settings:
    """Settings for so many histories."""
    return settings(
        max_examples=number, stateful_step_count=STEPS, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run many histories; the first one that breaks a promise is shortened and shown."""
    parser = argparse.ArgumentParser(prog="python -m tests.conductor_histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000)
    wanted = parser.parse_args(argv).histories
    began = time.perf_counter()
    run_state_machine_as_test(Sittings, settings=histories(wanted))  # type: ignore[no-untyped-call]  # not annotated
    took = time.perf_counter() - began
    sys.stdout.write(f"{Sittings.seen['histories']} histories kept every promise in {took:.0f} s\n")
    for what, often in sorted(Sittings.seen.items()):
        sys.stdout.write(f"  {what}: {often}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
