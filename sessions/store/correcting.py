"""Keeping a verdict given by hand, or its undoing, as a new layer behind everything that is there."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from acquisition.errors import BadInput
from processing.hand_corrections import PAIRS, Correction
from processing.values import Verdict
from sessions.kept import RecordingSummary
from sessions.records import Asker, HandVerdict, Undo
from sessions.store import changes, schema

LONGEST_AUTHOR = 80
"""Letters that a name or initials may have."""


def may_correct(asker: Asker, summary: RecordingSummary) -> None:
    """Raise BadInput unless the asker may correct verdicts of this recording: a clinician, or the program itself; a
    developer those of simulated hearts. Whether they may see it has been asked before."""
    allowed = asker.role in ("clinician", "system") or (asker.role == "developer" and summary.simulated)
    if not allowed:
        raise BadInput("only a clinician can correct verdicts by hand", place=summary.id, remedy="ask them to look")
    if summary.state == "open":
        raise BadInput("it is still being recorded", place=summary.id, remedy="correct it when it has ended")


def correct(connection: Connection, recording_no: int, place: str, wanted: HandVerdict | Undo) -> Correction:
    """Keep what is wanted as the recording's next layer.

    Raises BadInput without author or reason, for beats and layers that are not there, and for what was undone already.
    """
    if not wanted.author.strip() or not wanted.reason.strip() or len(wanted.author) > LONGEST_AUTHOR:
        raise BadInput("a correction needs an author and a reason", place=place, remedy="say who, and why")
    number = _layers(connection, recording_no) + 1
    if isinstance(wanted, Undo):
        layer = _undoing(connection, recording_no, place, wanted, number)
    else:
        layer = _verdict(connection, recording_no, place, wanted, number)
    changes.add(connection, recording_no, layer)
    return layer


def _layers(connection: Connection, recording_no: int) -> int:
    table = schema.correction
    newest = select(func.max(table.c.number)).where(table.c.recording_no == recording_no)
    return int(connection.execute(newest).scalar() or 0)


def _verdict(connection: Connection, recording_no: int, place: str, wanted: HandVerdict, number: int) -> Correction:
    two = wanted.verdict in PAIRS or wanted.verdict is Verdict.NORMAL
    if wanted.intervals not in (1, 2) or (wanted.intervals == 2 and not two):
        raise BadInput(
            f"{wanted.verdict} does not take {wanted.intervals} intervals",
            place=place,
            remedy="give 1, or 2 for a pair",
        )
    streams, beats = schema.stream, schema.beat
    query = select(streams).where(streams.c.recording_no == recording_no).order_by(streams.c.no)
    if wanted.stream is not None:
        query = query.where(streams.c.name == wanted.stream)
    stream = connection.execute(query.limit(1)).first()
    last = wanted.seq + wanted.intervals - 1
    there = (
        []
        if stream is None
        else connection.execute(
            select(beats)
            .where(beats.c.stream_no == stream.no, beats.c.seq.between(wanted.seq, last))
            .order_by(beats.c.seq)
        ).all()
    )
    if stream is None or len(there) != wanted.intervals:
        raise BadInput(f"there is no beat {wanted.seq}", place=place, remedy="name a beat of this recording")
    return Correction(
        number=number,
        stream=stream.name,
        seq=wanted.seq,
        time_s=there[0].time_s,
        verdict=wanted.verdict,
        author=wanted.author.strip(),
        reason=wanted.reason.strip(),
        at=changes.date_of_now(),
        intervals=wanted.intervals,
    )


def _undoing(connection: Connection, recording_no: int, place: str, wanted: Undo, number: int) -> Correction:
    table = schema.correction
    ours = table.c.recording_no == recording_no
    undone = connection.execute(select(table).where(ours, table.c.number == wanted.number)).first()
    again = connection.execute(select(table.c.number).where(ours, table.c.undoes == wanted.number)).first()
    if undone is None or again is not None:
        raise BadInput(
            f"there is no correction {wanted.number} that could be undone", place=place, remedy="name one in force"
        )
    return Correction(
        number=number,
        stream=undone.stream,
        seq=undone.seq,
        time_s=undone.time_s,
        verdict=None,
        author=wanted.author.strip(),
        reason=wanted.reason.strip(),
        at=changes.date_of_now(),
        intervals=undone.intervals,
        undoes=wanted.number,
    )
