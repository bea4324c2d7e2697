"""For notebooks: the phase table of a review as a pandas frame, with the same numbers as page and JSON."""

from __future__ import annotations

import pandas as pd

from sessions.review import Review


def phase_table_frame(found: Review) -> pd.DataFrame:
    """One row a part: what it was, how usable, every number, the way back's figures, and the changes.

    What is withheld is missing (NaN); the reasons are in ``found.phases``.
    """
    rows: list[dict[str, object]] = []
    for row in found.phases:
        span, change = row.span, found.changes.get(row.span.seq)
        indices = {**row.indices, **found.coming_back.get(span.seq, {})}
        changes = () if change is None else (change.mean_hr_bpm, change.ln_rmssd)
        rows.append(
            {
                "part": span.name,
                "take": span.take,
                "kind": span.kind,
                "speech": span.speech,
                "start_s": span.start_s,
                "used_s": row.used_s,
                "beats": row.beats,
                "usable_percent": row.usable_percent,
                "corrected_percent": row.corrected_percent,
                "reference": None if change is None else change.reference,
                **{name: one.value for name, one in indices.items()},
                **{one.name: one.value for one in changes},
            }
        )
    return pd.DataFrame(rows)
