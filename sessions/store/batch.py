"""A run of items into their tables, inside a transaction that somebody else commits."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError, StatementError

from acquisition.beats import Beat, Gap, Item, SampleChunk, Tick
from processing.values import Judgement
from sessions.records import Consent, PhaseSpan, SessionRecord
from sessions.store import schema
from sessions.store.rows import Values, session_row, stream_row

log = logging.getLogger("attunement.store")

Kept: TypeAlias = Item | SessionRecord | Judgement
"""Everything that can be put into a recording."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing put into a recording."""

    n: int
    """Its place: counts up by one within the recording, over all kinds."""
    item: Kept
    stream: str
    """Name of the stream it belongs to; of no meaning for what belongs to the sitting."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the list of recordings shows of one, kept up to date with every commit."""

    beats: int = 0
    gaps: int = 0
    first_s: float | None = None
    last_s: float | None = None
    heart_s: Mapping[str, float] = field(default_factory=dict)
    """Sum of intervals plus gaps so far, of each stream."""

    def plus(self, item: Kept) -> Tally:
        """The tally with one more item in it."""
        if isinstance(item, Consent | Judgement):
            return self
        end = (item.end_s or item.start_s) if isinstance(item, PhaseSpan) else item.time_s
        begin, heart_s = end, self.heart_s
        if isinstance(item, Beat | Gap):
            lasts_s = item.rr_ms / 1000.0 if isinstance(item, Beat) else item.to_s - item.from_s
            heart_s = {**heart_s, item.stream: heart_s.get(item.stream, 0.0) + lasts_s}
            begin = max(0.0, end - lasts_s)
        return replace(
            self,
            beats=self.beats + isinstance(item, Beat),
            gaps=self.gaps + isinstance(item, Gap),
            first_s=begin if self.first_s is None else min(self.first_s, begin),
            last_s=end if self.last_s is None else max(self.last_s, end),
            heart_s=heart_s,
        )

    def columns(self) -> Values:
        """The same as columns of the recording's row."""
        return {
            "beats": self.beats,
            "gaps": self.gaps,
            "first_s": self.first_s,
            "last_s": self.last_s,
            "heart_s": max(self.heart_s.values()) if self.beats else None,
        }


Streams: TypeAlias = Mapping[str, int]
"""Number of each stream of a recording, by name."""


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a run of items has done."""

    streams: Streams
    """All streams known afterwards."""
    refused: frozenset[int] = frozenset()
    """Places of the entries that are kept as text only."""


def write_entries(connection: Connection, recording_no: int, entries: Sequence[Entry], streams: Streams) -> Written:
    """Write all entries.

    An entry that the tables refuse by its own fault (a beat whose number was there already) is kept as text in
    ``refused``. Raises what the database raises by its own fault: nothing is then written.
    """
    known = dict(streams)
    for entry in entries:
        if not isinstance(entry.item, SessionRecord) and entry.stream not in known:
            known[entry.stream] = add_stream(connection, recording_no, entry.stream, _kind(entry))
    if _tried(connection, recording_no, entries, known) is not None:
        alone = [entry.n for entry in entries if not _write_alone(connection, recording_no, entry, known)]
        return Written(known, frozenset(alone))
    return Written(known)


def add_stream(connection: Connection, recording_no: int, name: str, kind: str) -> int:
    """Give a stream its number. A name that ends in ``-2`` belongs to the second person of the sitting."""
    place = 2 if name.endswith("-2") else 1
    owner = schema.participant.c
    ours = (owner.recording_no == recording_no) & (owner.place == place)
    person = connection.execute(select(owner.no).where(ours)).scalar()
    if person is None:
        row: Values = {"recording_no": recording_no, "place": place}
        person = number_of(connection, schema.participant, row)
    row = {"recording_no": recording_no, "participant_no": person, "name": name, "kind": kind}
    return number_of(connection, schema.stream, row)


def number_of(connection: Connection, table: Table, row: Values) -> int:
    """Insert a row into a table that numbers its rows by itself; returns the number."""
    key = connection.execute(insert(table).values(**row)).inserted_primary_key
    if key is None:
        raise LookupError(f"{table.name} gave no number")
    return int(key[0])


def stream_kind(name: str) -> str:
    """Kind of a stream that is only known by name: ``ecg-1`` carries ECG, anything unknown RR intervals."""
    head = name.split("-")[0]
    return head if head in ("ppi", "ecg", "acc", "eda", "ppg") else "rr"


def _kind(entry: Entry) -> str:
    return entry.item.kind if isinstance(entry.item, SampleChunk) else stream_kind(entry.stream)


def _row(recording_no: int, entry: Entry, streams: Streams) -> tuple[Table, Values]:
    if isinstance(entry.item, SessionRecord):
        table, row = session_row(entry.item)
        return table, {"recording_no": recording_no, "n": entry.n, **row}
    table, row = stream_row(entry.item)
    return table, {"stream_no": streams[entry.stream], "n": entry.n, **row}


def _write_together(connection: Connection, recording_no: int, entries: Sequence[Entry], streams: Streams) -> None:
    tables: dict[Table, list[Values]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.item, Tick):
            continue
        table, row = _row(recording_no, entry, streams)
        if table is schema.phase:
            _put_phase(connection, row)
        else:
            tables[table].append(row)
    for table, rows in tables.items():
        connection.execute(insert(table), rows)


def _tried(connection: Connection, recording_no: int, entries: Sequence[Entry], streams: Streams) -> Exception | None:
    """Write entries all or none; returns the items' own fault, raises the database's.

    A full disk takes the whole transaction with it, savepoint included (sqlite.org/lang_transaction.html), so the
    savepoint is gone back to only for the items' own faults.
    """
    savepoint = connection.begin_nested()
    try:
        _write_together(connection, recording_no, entries, streams)
    except Exception as error:
        if not _is_items_fault(error):
            raise
        savepoint.rollback()
        return error
    savepoint.commit()
    return None


def _put_phase(connection: Connection, row: Values) -> None:
    """A phase is written when it begins and once more when it ends; it keeps its first place."""
    owner = schema.phase.c
    same = (owner.recording_no == row["recording_no"]) & (owner.seq == row["seq"])
    again = {name: value for name, value in row.items() if name != "n"}
    if connection.execute(update(schema.phase).where(same).values(**again)).rowcount == 0:
        connection.execute(insert(schema.phase).values(**row))


def _write_alone(connection: Connection, recording_no: int, entry: Entry, streams: Streams) -> bool:
    """Write one entry as what it is, or else as text; False when only as text."""
    error = _tried(connection, recording_no, [entry], streams)
    if error is not None:
        log.error("item %d was refused by the database and kept as text: %s", entry.n, type(error).__name__)
        row = {"kind": type(entry.item).__name__, "content": repr(entry.item), "why": str(error)}
        connection.execute(insert(schema.refused).values(recording_no=recording_no, n=entry.n, **row))
    return error is None


def _is_items_fault(error: Exception) -> bool:
    """Whether trying the same item again would fail again, however healthy the disk is."""
    if isinstance(error, IntegrityError | DataError | InterfaceError | ProgrammingError):
        return True
    if isinstance(error, StatementError):
        return not isinstance(error, DBAPIError)
    return isinstance(error, TypeError | ValueError | OverflowError | AttributeError)
