"""A person's earlier rests: what "inside the own band" is held against. Nobody is compared with anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sessions.kept import RecordingSummary, StoredRecording
from sessions.phase_table import Stream, compared_rest
from sessions.reactivity import SPOKEN
from sessions.records import Asker
from sessions.review import heard
from sessions.service import Service
from sessions.told import told

EARLIER_AT_MOST = 12
"""Latest earlier sessions that are read: a band hardly narrows beyond, and each takes a third of a second to read."""
SAME_TIME_H = 4.0
"""Rests whose time of day is further apart are not comparable: heart rate and RMSSD have a daily course. [D]"""
LEAST_REST_S = 60.0
"""A shorter rest has no RMSSD in a table and is not held against others."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EarlierRest:
    """The baseline before the first stressor of one earlier session."""

    id: str
    started_at: datetime
    stream: Stream
    spans: tuple[Span, ...]


def earlier_rests(service: Service, asker: Asker, stored: StoredRecording) -> tuple[EarlierRest, ...]:
    """Comparable rests of the same person before this recording, oldest first, as far as the asker may see them.

    Comparable: the same kind of source, silent, and at a similar time of day. Takes a third of a second for each.
    """
    own = stored.summary
    if own.client is None:
        return ()
    before = [one for one in service.recordings(asker) if _comparable(one, own)]
    rests = (_rest(service, asker, one) for one in before[:EARLIER_AT_MOST])
    return tuple(sorted((rest for rest in rests if rest is not None), key=lambda rest: rest.started_at))


def _comparable(one: RecordingSummary, own: RecordingSummary) -> bool:
    alike = (one.client, one.simulated, one.source.partition(":")[0]) == (
        own.client,
        own.simulated,
        own.source.partition(":")[0],
    )
    earlier = one.id != own.id and one.started_at < own.started_at and one.state != "open"
    return alike and earlier and _hours_apart(one.started_at, own.started_at) <= SAME_TIME_H


def _hours_apart(one: datetime, other: datetime) -> float:
    """Difference of the times of day, 0 to 12.

    >>> _hours_apart(datetime(2026, 3, 1, 23, 30), datetime(2026, 3, 5, 0, 30))
    1.0
    """
    hours = [moment.hour + moment.minute / 60 for moment in (one, other)]
    apart = abs(hours[0] - hours[1])
    return min(apart, 24 - apart)


def _rest(service: Service, asker: Asker, summary: RecordingSummary) -> EarlierRest | None:
    file = service.recording_file(asker, summary.id)
    stream = heard(file)
    last_s = stream.judgements[-1].time_s if stream.judgements else 0.0
    sitting = told(file, last_s)
    rest = compared_rest(sitting.phases)
    if rest is None or rest.speech in SPOKEN:
        return None
    spans = sitting.own_spans(rest)
    if sum(to_s - from_s for from_s, to_s in spans) < LEAST_REST_S:
        return None
    return EarlierRest(summary.id, summary.started_at, stream, spans)
