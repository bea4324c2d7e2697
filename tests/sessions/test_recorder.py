"""The recorder: nothing lost, nothing waited for, nothing that was acknowledged undone."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from acquisition.beats import Beat, Gap, Notification, Tick
from acquisition.errors import EnvironmentFault
from processing.values import Judgement, Verdict
from sessions.recorder import Recorder
from sessions.records import PhaseSpan, Rating, SessionMarker
from sessions.service import Service
from sessions.store.folder import DiskFull
from tests.sessions.keeping import STREAM, SYSTEM, heard, keep, limit_pages, meta

SLOW_MACHINE_S = 4.0
"""Grace for a machine that is busy with other tests; the second itself is measured by benchmarks/recording.py."""


def beat(seq: int) -> Beat:
    return Beat(STREAM, seq, (seq + 1) * 0.8, 800.0)


def await_fault(recorder: Recorder) -> None:
    """Wait until the writing thread has met the full disk."""
    queue = recorder._queue
    with queue.changed:
        assert queue.changed.wait_for(lambda: queue.error is not None, 30.0)


def test_everything_put_is_acknowledged_in_order(service: Service) -> None:
    """The last number acknowledged is the number of the last item, and acknowledgements never go back."""
    acknowledged: list[int] = []
    recorder = service.start_recording(SYSTEM, meta(), acknowledged.append)
    numbers = [recorder.put(beat(seq)) for seq in range(300)]
    recorder.close()
    assert numbers == list(range(1, 301))
    assert acknowledged[-1] == 300
    assert acknowledged == sorted(acknowledged)
    assert recorder.committed == 300


def test_an_item_is_on_disk_within_the_second_without_being_asked_for(service: Service) -> None:
    """Nobody flushes, and another connection sees the beat within a second."""
    told = threading.Event()
    recorder = service.start_recording(SYSTEM, meta(), lambda _number: told.set())
    recorder.put(beat(0))
    assert told.wait(1.0 + SLOW_MACHINE_S)
    assert service.recordings(SYSTEM)[0].beats == 1
    recorder.close()


def test_items_of_many_threads_all_arrive(service: Service) -> None:
    """Four threads put at once and every item has a number of its own."""
    recorder = service.start_recording(SYSTEM, meta())
    numbers: list[int] = []

    def put(first: int) -> None:
        numbers.extend([recorder.put(beat(seq)) for seq in range(first, first + 500)])

    threads = [threading.Thread(target=put, args=(first,)) for first in range(0, 2000, 500)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    assert sorted(numbers) == list(range(1, 2001))
    assert service.recordings(SYSTEM)[0].beats == 2000
    assert service.recording(SYSTEM, recorder.recording_id).missing_beats == 0


def test_a_commit_of_two_seconds_holds_up_nobody_and_changes_no_time(service: Service) -> None:
    """While the disk sleeps for 2 s, putting takes no time at all and every stamp is kept to the last digit."""
    writer = service._store.writer
    assert writer is not None
    slow = threading.Event()

    @event.listens_for(writer._connection, "commit")
    def _sleep(_connection: object) -> None:
        slow.set()
        time.sleep(2.0)

    items = heard(40, lost_at=15)
    recorder = service.start_recording(SYSTEM, meta())
    longest_ns = 0
    assert slow.wait(30.0)
    for item in items:
        before = time.perf_counter_ns()
        recorder.put(item)
        longest_ns = max(longest_ns, time.perf_counter_ns() - before)
    assert longest_ns < 1_000_000_000
    recorder.close()
    event.remove(writer._connection, "commit", _sleep)
    kept = service.recording_file(SYSTEM, recorder.recording_id)
    assert kept.beats == tuple(item for item in items if isinstance(item, Beat))
    assert [i for i in kept.items if isinstance(i, Notification)] == [i for i in items if isinstance(i, Notification)]


def test_a_full_disk_keeps_what_was_acknowledged_and_goes_on_when_there_is_room(service: Service) -> None:
    """The fault is told, the ballast is given up, nothing is lost, and recording catches up by itself."""
    recorder = service.start_recording(SYSTEM, meta())
    recorder.put(beat(0))
    recorder.flush()
    ballast = Path(service.place) / "ballast.bin"
    assert ballast.exists()
    limit_pages(service, 1)
    for seq in range(1, 4000):
        recorder.put(beat(seq))
    await_fault(recorder)
    with pytest.raises(DiskFull, match="everything recorded so far is kept"):
        recorder.flush(within_s=0.01)
    fault = recorder.error
    assert isinstance(fault, EnvironmentFault)
    assert fault.exit_status == 5
    assert not ballast.exists()
    assert service.recordings(SYSTEM)[0].beats == 1
    limit_pages(service, 1_000_000)
    recorder.close()
    assert recorder.error is None
    assert service.recordings(SYSTEM)[0].beats == 4000
    assert service.recordings(SYSTEM)[0].state == "closed"


def test_closing_on_a_disk_that_stays_full_says_so_and_leaves_a_recovered_recording(tmp_path: Path) -> None:
    """What was acknowledged is there at the next start, and the start names the recording."""
    with Service.open(tmp_path, writable=True) as service:
        recorder = service.start_recording(SYSTEM, meta())
        recorder.put(beat(0))
        recorder.flush()
        limit_pages(service, 1)
        for seq in range(1, 4000):
            recorder.put(beat(seq))
        await_fault(recorder)
        with pytest.raises(DiskFull):
            recorder.close(within_s=0.01)
        service._live.clear()
    with Service.open(tmp_path, writable=True) as service:
        assert service.recovered_at_start == (recorder.recording_id,)
        assert service.recordings(SYSTEM)[0].beats == 1
        assert service.recordings(SYSTEM)[0].state == "recovered"


def test_what_the_tables_refuse_is_kept_as_text_and_holds_up_nothing(service: Service) -> None:
    """A beat with a number that was there already does not stop the beats around it."""
    recorder = service.start_recording(SYSTEM, meta())
    for seq in (0, 1, 1, 2):
        recorder.put(beat(seq))
    recorder.put("what is this")  # type: ignore[arg-type]  # a mistake of the caller is what is tested
    recorder.close()
    stored = service.recording(SYSTEM, recorder.recording_id)
    assert (stored.summary.beats, stored.refused, stored.missing_beats) == (3, 2, 0)


def test_a_missing_beat_number_is_visible(service: Service) -> None:
    """Beats count up by one, so that a hole would show."""
    recorder = service.start_recording(SYSTEM, meta())
    for seq in (0, 1, 4):
        recorder.put(beat(seq))
    recorder.close()
    assert service.recording(SYSTEM, recorder.recording_id).missing_beats == 2


def test_what_comes_after_the_end_is_counted_and_not_kept(service: Service) -> None:
    """A source that has not noticed the end yet does no harm."""
    recorder = keep(service, [beat(0)])
    recorder.put(beat(1))
    recorder.close()
    assert recorder.late == 1
    assert service.recordings(SYSTEM)[0].beats == 1


def test_a_receiver_of_acknowledgements_that_fails_does_not_stop_the_recording(service: Service) -> None:
    """A page that went away cannot take the recording with it."""

    def fail(_number: int) -> None:
        raise OSError("nobody listens")

    recorder = service.start_recording(SYSTEM, meta(), fail)
    recorder.put(beat(0))
    recorder.flush()
    recorder.put(beat(1))
    recorder.close()
    assert service.recordings(SYSTEM)[0].beats == 2


def test_a_phase_written_twice_is_one_phase_with_its_end(service: Service) -> None:
    """A phase is put when it begins and once more when it ends."""
    recorder = service.start_recording(SYSTEM, meta())
    recorder.put(PhaseSpan(0, "settle", "baseline", 1.0))
    recorder.put(Rating(60.0, "settle", "suds", 40, "0-100"))
    recorder.flush()
    recorder.put(PhaseSpan(0, "settle", "baseline", 1.0, 61.0, ended="complete"))
    recorder.put(SessionMarker(62.0, "note", "grüß Gott"))
    recorder.close()
    stored = service.recording(SYSTEM, recorder.recording_id)
    assert stored.phases == (PhaseSpan(0, "settle", "baseline", 1.0, 61.0, ended="complete"),)
    assert stored.markers == (SessionMarker(62.0, "note", "grüß Gott"),)


def test_the_last_word_on_a_beat_is_what_is_read_back(service: Service) -> None:
    """A verdict is given at once and revised three beats later; both are kept, the later one counts."""
    recorder = service.start_recording(SYSTEM, meta())
    recorder.put(Judgement(0, 0.8, 800.0, Verdict.NORMAL, True))
    recorder.put(Judgement(0, 0.8, 800.0, Verdict.EXTRA, False, (1600.0,)))
    recorder.close()
    assert service.judgements(SYSTEM, recorder.recording_id) == (
        Judgement(0, 0.8, 800.0, Verdict.EXTRA, False, (1600.0,)),
    )


def test_two_straps_are_two_people_with_streams_of_their_own(service: Service) -> None:
    """Beats and verdicts of the second person do not touch those of the first."""
    recorder = service.start_recording(SYSTEM, meta())
    for name, rr in (("heart-1", 800.0), ("heart-2", 700.0)):
        recorder.put(Beat(name, 0, rr / 1000.0, rr))
        recorder.put(Judgement(0, rr / 1000.0, rr, Verdict.NORMAL, False), stream=name)
    recorder.close()
    assert service.recording(SYSTEM, recorder.recording_id).meta.streams == ("heart-1", "heart-2")
    assert service.judgements(SYSTEM, recorder.recording_id, stream="heart-2")[0].rr_ms == 700.0
    assert service.judgements(SYSTEM, recorder.recording_id)[0].rr_ms == 800.0


def test_a_recording_is_as_long_as_its_heart(service: Service) -> None:
    """Pages that stay open after the last beat add nothing; a gap does."""
    recorder = service.start_recording(SYSTEM, meta())
    for seq in range(10):
        recorder.put(beat(seq))
    recorder.put(Gap(STREAM, 8.0, 11.0, "link lost"))
    recorder.put(Beat(STREAM, 10, 12.0, 1000.0))
    recorder.put(Tick(STREAM, 400.0))
    recorder.close()
    assert service.recordings(SYSTEM)[0].duration_s == pytest.approx(10 * 0.8 + 3.0 + 1.0)


def test_time_without_beats_counts_too(service: Service) -> None:
    """A sitting without a sensor has a length, and a gap is counted."""
    recorder = service.start_recording(SYSTEM, meta())
    recorder.put(Tick(STREAM, 1.0))
    recorder.put(Gap(STREAM, 2.0, 5.0, "link lost"))
    recorder.put(Tick(STREAM, 31.0))
    recorder.close()
    summary = service.recordings(SYSTEM)[0]
    assert (summary.duration_s, summary.gaps) == (30.0, 1)
