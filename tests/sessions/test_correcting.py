"""Corrections by hand in the store: who may, what is kept, how it is undone; old data gets a place for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from acquisition.beats import Beat
from acquisition.errors import BadInput
from acquisition.formats import own_lines
from processing.hand_corrections import in_force
from processing.values import Verdict
from sessions.records import Asker, HandVerdict, Undo
from sessions.review import review
from sessions.review_json import as_json
from sessions.service import Service
from sessions.store.schema import SCHEMA_VERSION
from sessions.told import corrections_in
from tests.sessions.keeping import CLINICIAN, DEVELOPER, STREAM, SYSTEM, heard, keep

LONG = HandVerdict(5, Verdict.LONG, "A. B.", "movement in the trace")


@pytest.fixture
def kept(service: Service) -> str:
    """One ended recording of a minute."""
    return keep(service, heard(60), "A1").recording_id


def beats(service: Service, identity: str) -> list[Beat]:
    return [item for item in service.recording_file(CLINICIAN, identity).items if isinstance(item, Beat)]


def test_a_correction_is_kept_with_author_reason_and_time(service: Service, kept: str) -> None:
    """Read back equal, in the recording and among the markers of its file."""
    raw = beats(service, kept)
    made = service.correct(CLINICIAN, kept, LONG)
    assert (made.number, made.stream, made.author, made.reason) == (1, STREAM, "A. B.", "movement in the trace")
    assert made.at.tzinfo is not None
    assert service.recording(CLINICIAN, kept).corrections == (made,)
    assert corrections_in(service.recording_file(CLINICIAN, kept)) == (made,)
    assert beats(service, kept) == raw


def test_numbers_are_computed_again_and_say_so(service: Service, kept: str) -> None:
    """The review has the verdict, a flag, and the layer in its method; undone, everything is as before."""
    before = review(service.recording(CLINICIAN, kept), service.recording_file(CLINICIAN, kept))
    service.correct(CLINICIAN, kept, LONG)
    after = review(service.recording(CLINICIAN, kept), service.recording_file(CLINICIAN, kept))
    assert after.stream.judgements[5].verdict is Verdict.LONG
    assert after.indices["mean_hr_bpm"].beats == before.indices["mean_hr_bpm"].beats - 1
    assert "One verdict is corrected by hand; raw intervals are as recorded." in after.flags
    method = as_json(after)["method"]
    assert isinstance(method, dict)
    assert method["hand_corrections"][0]["author"] == "A. B."
    service.correct(CLINICIAN, kept, Undo(1, "A. B.", "looked again"))
    again = review(service.recording(CLINICIAN, kept), service.recording_file(CLINICIAN, kept))
    assert again.stream.judgements == before.stream.judgements
    assert again.flags == before.flags


def test_an_undoing_is_a_layer_too_and_nothing_is_taken_away(service: Service, kept: str) -> None:
    """Both stay in the table; what was undone cannot be undone twice."""
    service.correct(CLINICIAN, kept, LONG)
    undone = service.correct(CLINICIAN, kept, Undo(1, "A. B.", "looked again"))
    layers = service.recording(CLINICIAN, kept).corrections
    assert [one.number for one in layers] == [1, 2]
    assert (undone.undoes, undone.verdict) == (1, None)
    assert in_force(layers) == ()
    for number in (1, 7):
        with pytest.raises(BadInput, match=f"no correction {number} that could be undone"):
            service.correct(CLINICIAN, kept, Undo(number, "A. B.", "again"))


@pytest.mark.parametrize("asker", [Asker("client", "A1"), DEVELOPER])
def test_only_a_clinician_corrects(service: Service, kept: str, asker: Asker) -> None:
    """Not the person recorded, and a developer only simulated hearts."""
    with pytest.raises(BadInput, match="only a clinician"):
        service.correct(asker, kept, LONG)
    assert service.recording(SYSTEM, kept).corrections == ()


def test_a_developer_corrects_a_simulated_heart(service: Service) -> None:
    """Nobody's data."""
    identity = keep(service, heard(30), simulated=True).recording_id
    assert service.correct(DEVELOPER, identity, LONG).number == 1


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (HandVerdict(5, Verdict.LONG, "", "seen"), "needs an author and a reason"),
        (HandVerdict(5, Verdict.LONG, "AB", "  "), "needs an author and a reason"),
        (HandVerdict(99_999, Verdict.LONG, "AB", "seen"), "no beat 99999"),
        (HandVerdict(5, Verdict.LONG, "AB", "seen", stream="heart-9"), "no beat 5"),
        (HandVerdict(5, Verdict.LONG, "AB", "seen", intervals=2), "does not take 2 intervals"),
        (HandVerdict(5, Verdict.ECTOPIC, "AB", "seen", intervals=3), "does not take 3 intervals"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(service: Service, kept: str, wanted: HandVerdict, why: str) -> None:
    """And nothing is kept of it."""
    with pytest.raises(BadInput, match=why):
        service.correct(CLINICIAN, kept, wanted)
    assert service.recording(CLINICIAN, kept).corrections == ()


def test_it_goes_into_our_own_file_and_back(service: Service, kept: str) -> None:
    """As a line of its own kind."""
    service.correct(CLINICIAN, kept, HandVerdict(5, Verdict.ECTOPIC, "AB", "early", intervals=2))
    marker = service.recording_file(CLINICIAN, kept).markers("correction")[0]
    assert own_lines.to_item(own_lines.to_line(marker), STREAM) == marker


def test_older_data_gets_a_place_for_corrections(tmp_path: Path) -> None:
    """Version 2 had none: a copy first, then the table, and a correction can be kept at once."""
    with Service.open(tmp_path, writable=True) as service:
        identity = keep(service, heard(30)).recording_id
    with closing(sqlite3.connect(tmp_path / "attunement.db")) as connection, connection:
        made_today = connection.execute("PRAGMA table_info(correction)").fetchall()
        connection.execute("DROP TABLE correction")
        connection.execute("UPDATE schema_version SET version = 2")
    with Service.open(tmp_path, writable=True) as service:
        assert service.migrated is not None
        assert (service.migrated.from_version, service.migrated.to_version) == (2, SCHEMA_VERSION)
        assert service.migrated.backup is not None
        assert service.correct(SYSTEM, identity, LONG).number == 1
    with closing(sqlite3.connect(tmp_path / "attunement.db")) as connection:
        brought = connection.execute("PRAGMA table_info(correction)").fetchall()
    assert [(column[1], column[3], column[5]) for column in brought] == [
        (column[1], column[3], column[5]) for column in made_today
    ]


def test_erasing_a_recording_erases_its_corrections(service: Service, kept: str) -> None:
    """They belong to it."""
    service.correct(CLINICIAN, kept, LONG)
    service.delete(SYSTEM, kept)
    with pytest.raises(BadInput, match="no such recording"):
        service.correct(CLINICIAN, kept, LONG)
