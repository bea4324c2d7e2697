"""The one door to everything that is kept: whoever reads or writes says who asks, and one rule answers.

A service is opened on a data folder, writable by one process at a time or read-only by any number. All methods may be
called from any thread; they take a few milliseconds and are plain functions.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from acquisition.errors import BadInput, EnvironmentFault
from acquisition.formats.recording_file import RecordingFile
from processing.hand_corrections import Correction
from processing.values import Judgement
from sessions.backup import back_up
from sessions.followers import Followers
from sessions.kept import ClientSummary, Deleted, RecordingSummary, StoredRecording
from sessions.recorded import recording_file
from sessions.recorder import OnCommit, Recorder
from sessions.records import Asker, HandVerdict, RecordingMeta, SessionRecord, Undo
from sessions.store import changes, correcting, reading, schema
from sessions.store.faults import translated
from sessions.store.migrations import Migrated
from sessions.store.opening import OpenStore, open_store
from sessions.store.reading import Found
from sessions.store.writer import Writer
from sessions.visibility import LOCK_SETTING, check_scope, is_own, may_see, readable

log = logging.getLogger("attunement.service")

SHORTEST_PREFIX = 4
"""Letters of an id that are enough when they are the only recording's."""


class Service:
    """Everything that is kept, as one object. Close it, or use it in a ``with`` block."""

    def __init__(self, store: OpenStore) -> None:
        self._store = store
        self.followers = Followers()
        """Who listens to what this service records."""
        self._live: dict[str, Recorder] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, data: Path | str, *, writable: bool) -> Self:
        """Open a data folder or database URL.

        Raises EnvironmentFault when it cannot be used: unwritable, in use by another writer, full, damaged, newer
        than this program. Reading a folder that does not exist gives a service without recordings.
        """
        return cls(open_store(data, writable=writable))

    def close(self) -> None:
        """End what is still being recorded, write it out and let others write; may be called twice."""
        for recorder in self._recorders():
            try:
                recorder.close()
            except EnvironmentFault as fault:
                log.warning("a recording could not be ended: %s", fault.what)
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where everything is kept, for messages."""
        return self._store.place

    @property
    def writable(self) -> bool:
        """Whether this is the one writing process."""
        return self._store.writer is not None

    @property
    def recovered_at_start(self) -> tuple[str, ...]:
        """Ids of recordings that had been cut off and were found so when this service was opened to write."""
        return self._store.recovered

    @property
    def migrated(self) -> Migrated | None:
        """What bringing the database up to date has done at opening, or None for readers."""
        return self._store.migrated

    # reading

    def recordings(self, asker: Asker) -> list[RecordingSummary]:
        """All recordings that the asker may see, newest first."""
        locked = self._passphrase_set()
        with self._read() as connection:
            found = reading.recordings(connection)
        summaries = [self._as_of_now(one).summary for one in found]
        return [summary for summary in summaries if may_see(asker, summary, passphrase_set=locked)]

    def hidden(self, asker: Asker) -> int:
        """How many recordings there are that the asker may not see: a page can say so without saying more."""
        with self._read() as connection:
            there_are = len(reading.recordings(connection))
        return there_are - len(self.recordings(asker))

    def recording(self, asker: Asker, recording_id: str) -> StoredRecording:
        """All that is kept of one recording but its beats and frames.

        ``recording_id`` may be the beginning of an id. Raises BadInput when the asker knows of no such recording.
        """
        found = self._find(asker, recording_id)
        with self._read() as connection:
            records = [record for _, record in self._records(connection, asker, found)]
            return reading.stored(connection, found, records)

    def recording_file(self, asker: Asker, recording_id: str) -> RecordingFile:
        """The recording as a row of items, beats derived from the raw frames again (see sessions.recorded).

        Raises BadInput for an unknown recording, or when samples in it are damaged.
        """
        found = self._find(asker, recording_id)
        with self._read() as connection:
            records = self._records(connection, asker, found)
            stored = reading.stored(connection, found, [record for _, record in records])
            items = reading.items_of(connection, found.no)
            end_s = reading.end_of(connection, found.no)
        return recording_file(stored, items, records, end_s)

    def judgements(self, asker: Asker, recording_id: str, *, stream: str | None = None) -> tuple[Judgement, ...]:
        """The last word that was spoken live on each beat of a stream (default: the first one), in order."""
        found = self._find(asker, recording_id)
        with self._read() as connection:
            return reading.judgements_of(connection, found.no, stream)

    def clients(self, asker: Asker) -> list[ClientSummary]:
        """Codes of clients whose recordings the asker may see, in alphabetical order; not ranked."""
        found: dict[str, list[RecordingSummary]] = {}
        for summary in self.recordings(asker):
            if summary.client is not None:
                found.setdefault(summary.client, []).append(summary)
        return [ClientSummary(code, len(theirs), theirs[0].started_at) for code, theirs in sorted(found.items())]

    def setting(self, asker: Asker, key: str) -> object:
        """A saved setting, or None."""
        with self._read() as connection:
            saved = connection.execute(select(schema.setting.c.value).where(schema.setting.c.key == key)).scalar()
        return None if saved is None else json.loads(saved)

    # writing

    def start_recording(self, asker: Asker, meta: RecordingMeta, on_commit: OnCommit | None = None) -> Recorder:
        """Begin a recording; what is put into the recorder is on disk within the second.

        Raises EnvironmentFault when this service only reads, or the disk has too little room to begin.
        """
        writer = self._writer()
        if self._store.folder is not None:
            with translated(self.place):
                self._store.folder.require_room()
        new = writer.submit(lambda connection: changes.create(connection, meta))
        log.info("recording %s begins, asked for by %s", new.id, asker.role)
        recorder = Recorder(writer, new.id, new.no, new.streams, on_commit, self.followers)
        self.followers.begin(new.id, meta)
        with self._lock:
            self._live[new.id] = recorder
        return recorder

    def add(self, asker: Asker, recording_id: str, record: SessionRecord) -> None:
        """Add a note, rating or phase after the fact; what is there is never changed.

        Raises BadInput when the recording is unknown.
        """
        found = self._find(asker, recording_id)
        with self._lock:
            live = self._live.get(found.summary.id)
        if live is not None and not live.closed:
            live.put(record)
            live.flush()
            return
        self._writer().submit(lambda connection: changes.add(connection, found.no, record))

    def correct(self, asker: Asker, recording_id: str, wanted: HandVerdict | Undo) -> Correction:
        """Keep a verdict given by hand, or undo one; a layer over what is there, which is never changed.

        Raises BadInput when the asker may not, the recording, beat or layer is unknown, or author or reason is missing.
        """
        found = self._find(asker, recording_id)
        correcting.may_correct(asker, found.summary)
        place = found.summary.id
        return self._writer().submit(lambda connection: correcting.correct(connection, found.no, place, wanted))

    def set_visibility(self, asker: Asker, recording_id: str, scope: str) -> None:
        """Keep who the person lets see this recording (visibility.Scope); the last choice binds.

        Raises BadInput for an unknown scope or recording, and when somebody else than the person chooses.
        """
        check_scope(scope)
        found = self._find(asker, recording_id)
        if not is_own(asker, found.summary):
            raise BadInput(
                "only the person recorded can choose who sees it", place=recording_id, remedy="ask them to choose"
            )
        self._writer().submit(lambda connection: changes.choose_scope(connection, found.no, scope, asker.role))

    def set_setting(self, asker: Asker, key: str, value: object) -> None:
        """Save a setting (JSON-ready), or forget it with None."""
        self._writer().submit(lambda connection: changes.save_setting(connection, key, value))

    def delete(self, asker: Asker, recording_id: str) -> Deleted:
        """Erase a recording: its bytes are overwritten in the database and cut from the log.

        Raises BadInput when it is unknown or still being recorded.
        """
        writer = self._writer()
        found = self._find(asker, recording_id)
        with self._lock:
            live = self._live.get(found.summary.id)
            if live is not None and not live.closed:
                raise BadInput("it is still being recorded", place=recording_id, remedy="stop it first")
            self._live.pop(found.summary.id, None)
        writer.submit(lambda connection: changes.erase(connection, found.no), erase=True)
        log.info("recording %s erased, asked for by %s", found.summary.id, asker.role)
        folder = self._store.folder
        return Deleted(found.summary.id, () if folder is None else folder.copies())

    def backup(self, asker: Asker, path: Path) -> Path:
        """Copy everything, as of now, into a new file; recording goes on meanwhile.

        Raises BadInput when something stands there already, EnvironmentFault when the place cannot be written or
        the database is a server's.
        """
        if self._store.folder is None:
            raise EnvironmentFault(
                "a server's database is backed up by the server", place=self.place, remedy="use pg_dump"
            )
        log.info("backup asked for by %s", asker.role)
        return back_up(self._store.folder.database, path)

    # inside

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with translated(self.place), self._store.reader.connect() as connection:
            yield connection

    def _writer(self) -> Writer:
        if self._store.writer is None:
            raise EnvironmentFault(
                "this data was opened for reading only", place=self.place, remedy="close the other Attunement first"
            )
        return self._store.writer

    def _recorders(self) -> list[Recorder]:
        with self._lock:
            return list(self._live.values())

    def _passphrase_set(self) -> bool:
        return self.setting(Asker("system"), LOCK_SETTING) is not None

    def _find(self, asker: Asker, recording_id: str) -> Found:
        """The one recording whose id this is, or begins so, as far as the asker may know."""
        locked = self._passphrase_set()
        if len(recording_id) < SHORTEST_PREFIX:
            raise reading.unknown(recording_id)
        with self._read() as connection:
            found = reading.recordings(connection, id_prefix=recording_id)
        known = [one for one in found if may_see(asker, one.summary, passphrase_set=locked)]
        exact = [one for one in known if one.summary.id == recording_id] or known
        if not exact:
            raise reading.unknown(recording_id)
        if len(exact) > 1:
            raise reading.ambiguous(recording_id, [one.summary.id for one in exact])
        return self._as_of_now(exact[0])

    def _as_of_now(self, found: Found) -> Found:
        """A recording marked open that nobody writes any more was cut off."""
        folder = self._store.folder
        if found.summary.state != "open" or folder is None or folder.is_being_written():
            return found
        return replace(found, summary=replace(found.summary, state="recovered"))

    def _records(self, connection: Connection, asker: Asker, found: Found) -> list[tuple[int, SessionRecord]]:
        told = reading.records_of(connection, found.no)
        shown = [(n, readable(asker, found.summary, record)) for n, record in told]
        return [(n, record) for n, record in shown if record is not None]
