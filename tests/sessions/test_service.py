"""The service: what is read back, what is found by its id, what is gone when it is deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acquisition.beats import SensorFact
from acquisition.errors import BadInput
from sessions.records import Asker, Consent, PhaseSpan, Rating, SessionMarker, SettingsRecord
from sessions.service import Service
from sessions.store.batch import Kept
from tests.sessions.keeping import CLINICIAN, STARTED, STREAM, SYSTEM, all_bytes, heard, keep, meta, sitting

ANNA = Asker("client", "A1")


def agreed(*scopes: str) -> Consent:
    return Consent(datetime(2026, 3, 1, tzinfo=UTC), "1", "0" * 64, scopes, True)


def test_everything_that_a_sitting_left_is_read_back(service: Service) -> None:
    """Meta, phases, ratings, markers, settings, consent, sensor facts, links, gaps and versions."""
    records: list[Kept] = [
        agreed("record", "clinician"),
        SettingsRecord(0.0, {"correction": "attune", "window_s": 60}),
        PhaseSpan(0, "settle", "baseline", 0.0, 60.0, planned_s=60.0, details={"picture": True}),
        Rating(61.0, "settle", "suds", 35, "0-100"),
        Rating(62.0, "settle", "body", None, "0-10"),
        SessionMarker(63.0, "time_out", "", {"way": "carry on"}),
        SensorFact(STREAM, 63.0, "battery_percent", "80"),
    ]
    identity = sitting(service, "A1", *records)
    stored = service.recording(SYSTEM, identity)
    assert stored.meta.started_at == STARTED
    assert (stored.meta.delay_s, stored.meta.origin_ns, stored.meta.streams) == (2.6, 7, (STREAM,))
    found = [*stored.consents, *stored.settings, *stored.phases, *stored.ratings, *stored.markers, *stored.facts]
    assert found == records
    assert stored.summary.scopes == ("record", "clinician")
    assert {"attunement", "python", "numpy", "neurokit2", "sqlite"} <= set(stored.versions)
    assert len(stored.links) == 1


def test_recordings_come_newest_first_with_what_the_list_shows(service: Service) -> None:
    """Id, start, state, source, client, beats and length stand in the list without opening a recording."""
    ids = [sitting(service, client) for client in ("A1", "B2", None)]
    summaries = service.recordings(SYSTEM)
    assert [summary.id for summary in summaries] == ids[::-1]
    assert summaries[0].state == "closed"
    assert summaries[0].source == "sensor: H10 1234"
    assert summaries[0].beats == 8
    assert summaries[0].duration_s == pytest.approx(6.5, abs=0.6)
    assert [(client.code, client.recordings) for client in service.clients(CLINICIAN)] == [("A1", 1), ("B2", 1)]


def test_the_beginning_of_an_id_is_enough_and_an_unknown_one_is_named(service: Service) -> None:
    """Four letters do when they are unique; anything else is refused with the id in the message."""
    identity = sitting(service, None)
    assert service.recording(SYSTEM, identity[:8]).summary.id == identity
    for unknown in ("ffff-not-there", "", "abc", identity[:3], "%" * 6):
        with pytest.raises(BadInput, match="there is no such recording"):
            service.recording(SYSTEM, unknown)
    with pytest.raises(BadInput, match="ffff-not-there"):
        service.delete(SYSTEM, "ffff-not-there")


def test_two_recordings_that_begin_alike_are_not_guessed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message lists them and asks for more of the id."""
    for number in ("1", "2"):
        monkeypatch.setattr("sessions.store.changes.uuid4", lambda number=number: f"abcdef-{number}")
        sitting(service, None)
    with pytest.raises(BadInput, match=r"several recordings begin so: abcdef-2, abcdef-1"):
        service.recording(SYSTEM, "abcdef")
    assert service.recording(SYSTEM, "abcdef-1").summary.id == "abcdef-1"


def test_a_note_can_be_added_afterwards_and_changes_nothing_else(service: Service) -> None:
    """It comes behind everything that was there; a running recording takes it too."""
    identity = sitting(service, "A1", SessionMarker(5.0, "note", "first"))
    before = service.recording_file(SYSTEM, identity)
    service.add(CLINICIAN, identity, SessionMarker(2.0, "note", "second"))
    after = service.recording_file(SYSTEM, identity)
    assert [marker.text for marker in service.recording(SYSTEM, identity).markers] == ["first", "second"]
    assert after.beats == before.beats
    recorder = service.start_recording(SYSTEM, meta())
    service.add(CLINICIAN, recorder.recording_id, SessionMarker(1.0, "note", "live"))
    assert service.recording(SYSTEM, recorder.recording_id).markers[0].text == "live"
    recorder.close()


def test_settings_are_kept_and_forgotten(service: Service) -> None:
    """Any JSON value under a key; None forgets it; what was never set is None."""
    assert service.setting(SYSTEM, "theme") is None
    for value in ("dark", {"straps": ["A", "B"]}, 7, [1, None]):
        service.set_setting(SYSTEM, "theme", value)
        assert service.setting(SYSTEM, "theme") == value
    service.set_setting(SYSTEM, "theme", None)
    assert service.setting(SYSTEM, "theme") is None


def test_a_deleted_recording_is_gone_from_every_byte_of_the_folder(service: Service, tmp_path: Path) -> None:
    """Words, frames and source are overwritten in the database and cut from the log; the others stay whole."""
    other = sitting(service, "B2", SessionMarker(1.0, "note", "KEEP-THIS"))
    secret = "I-never-told-anybody-" + "x" * 500
    records = [SessionMarker(float(second), "note", f"{secret}{second}") for second in range(40)]
    identity = sitting(service, "CODE-OF-ANNA", Rating(3.0, "p", "keep", secret, "text"), *records)
    frame = bytes.fromhex(service_frames(tmp_path / "data", identity)[0])
    assert secret.encode() in all_bytes(tmp_path / "data")
    done = service.delete(SYSTEM, identity)
    assert done.id == identity
    left = all_bytes(tmp_path / "data")
    for gone in (secret.encode(), b"I-never-told", b"CODE-OF-ANNA", identity.encode()):
        assert gone not in left
    assert b"KEEP-THIS" in left
    assert [one.id for one in service.recordings(SYSTEM)] == [other]
    assert len(service.recording_file(SYSTEM, other).beats) == 8
    assert frame
    with closing(sqlite3.connect(tmp_path / "data" / "attunement.db")) as database:
        owners = [row[0] for row in database.execute("SELECT recording_no FROM stream")]
        assert len(set(owners)) == 1
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def service_frames(folder: Path, identity: str) -> list[str]:
    """Raw frames of a recording, in hex, straight from the file."""
    with closing(sqlite3.connect(folder / "attunement.db")) as database:
        query = (
            "SELECT hex(payload) FROM notification JOIN stream ON stream.no = stream_no "
            "JOIN recording ON recording.no = recording_no WHERE recording.id = ?"
        )
        return [row[0] for row in database.execute(query, (identity,))]


def test_deleting_names_copies_that_still_hold_the_recording(service: Service, tmp_path: Path) -> None:
    """A copy that a migration left is not touched, and it is not kept silent either."""
    identity = sitting(service, "A1")
    copy = tmp_path / "data" / "attunement-before-v2.db"
    copy.write_bytes(b"a copy")
    assert service.delete(ANNA, identity).copies == (copy,)


def test_what_is_being_recorded_cannot_be_deleted(service: Service) -> None:
    """It has to be stopped first."""
    recorder = service.start_recording(SYSTEM, meta())
    with pytest.raises(BadInput, match="still being recorded"):
        service.delete(SYSTEM, recorder.recording_id)
    recorder.close()
    service.delete(SYSTEM, recorder.recording_id)
    assert service.recordings(SYSTEM) == []


def test_closing_the_service_ends_what_is_still_recorded(tmp_path: Path) -> None:
    """Ctrl-C on the server leaves closed recordings with everything in them."""
    with Service.open(tmp_path, writable=True) as service:
        recorder = service.start_recording(SYSTEM, meta())
        for item in heard(20):
            recorder.put(item)
    with Service.open(tmp_path, writable=True) as service:
        assert service.recovered_at_start == ()
        assert (service.recordings(SYSTEM)[0].state, service.recordings(SYSTEM)[0].beats) == ("closed", 26)


def test_an_open_recording_is_open_to_readers_only_while_somebody_writes(tmp_path: Path) -> None:
    """Readers beside the writer see it open; once the writer is gone without a word they see it recovered."""
    with Service.open(tmp_path, writable=True) as service:
        recorder = service.start_recording(SYSTEM, meta())
        with Service.open(tmp_path, writable=False) as reader:
            assert reader.recordings(SYSTEM)[0].state == "open"
            assert reader.recording(SYSTEM, recorder.recording_id).summary.state == "open"
        recorder.close()
    with closing(sqlite3.connect(tmp_path / "attunement.db")) as database, database:
        database.execute("UPDATE recording SET state = 'open'")
    with Service.open(tmp_path, writable=False) as reader:
        assert reader.recordings(SYSTEM)[0].state == "recovered"
        assert reader.recovered_at_start == ()
    with Service.open(tmp_path, writable=True) as service:
        assert service.recovered_at_start == (recorder.recording_id,)
    with Service.open(tmp_path, writable=True) as service:
        assert service.recovered_at_start == ()
        assert service.recordings(SYSTEM)[0].state == "recovered"


def test_readers_in_many_threads_never_see_half_a_recording(service: Service) -> None:
    """While beats are written, each read finds numbers without a hole."""
    recorder = service.start_recording(SYSTEM, meta())
    seen = 0
    for number, item in enumerate(heard(300)):
        recorder.put(item)
        if number % 100 == 99:
            stored = service.recording(SYSTEM, recorder.recording_id)
            assert stored.missing_beats == 0
            assert stored.summary.beats >= seen
            seen = stored.summary.beats
    recorder.close()
    assert keep(service, []).committed == 0
