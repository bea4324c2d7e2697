"""Who may see what: one rule, the same answer everywhere as for what is not there."""

from __future__ import annotations

import pytest

from acquisition.errors import BadInput
from sessions.kept import RecordingSummary
from sessions.records import Asker, Rating, SessionMarker
from sessions.service import Service
from sessions.visibility import LOCK_SETTING, may_see
from tests.sessions.keeping import CLINICIAN, DEVELOPER, STARTED, SYSTEM, sitting

ANNA, BERT = Asker("client", "A1"), Asker("client", "B2")


def summary(**changes: object) -> RecordingSummary:
    base: dict[str, object] = {
        "id": "x",
        "started_at": STARTED,
        "state": "closed",
        "source": "s",
        "exercise": None,
        "client": "A1",
        "beats": 0,
        "gaps": 0,
        "duration_s": 0.0,
        "simulated": False,
    }
    return RecordingSummary(**{**base, **changes})  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("asker", "kept", "while_open", "while_locked"),
    [
        (SYSTEM, summary(shared="private"), True, True),
        (ANNA, summary(shared="private"), True, True),
        (BERT, summary(), True, False),
        (BERT, summary(shared="private"), False, False),
        (CLINICIAN, summary(), True, True),
        (CLINICIAN, summary(scopes=("record",)), False, False),
        (CLINICIAN, summary(scopes=("record", "clinician")), True, True),
        (CLINICIAN, summary(scopes=("record", "clinician"), shared="private"), False, False),
        (CLINICIAN, summary(scopes=("record",), shared="clinician"), True, True),
        (CLINICIAN, summary(shared="clinician_without_words"), True, True),
        (DEVELOPER, summary(), True, False),
        (DEVELOPER, summary(shared="private"), False, False),
        (DEVELOPER, summary(simulated=True, shared="private"), True, True),
    ],
)
def test_one_rule_says_who_may_see_a_recording(
    asker: Asker, kept: RecordingSummary, while_open: bool, while_locked: bool
) -> None:
    """The choice at the end binds first, then what was agreed to before; a passphrase locks everybody else out."""
    assert may_see(asker, kept) is while_open
    assert may_see(asker, kept, passphrase_set=True) is while_locked


def test_what_may_not_be_seen_is_not_in_any_list_and_not_known_by_id(service: Service) -> None:
    """Lists, clients, reading, replay, verdicts and deletion give the same answer as for an id that is not there."""
    identity = sitting(service, "A1")
    service.set_visibility(ANNA, identity, "private")
    assert service.recordings(CLINICIAN) == []
    assert service.clients(CLINICIAN) == []
    assert service.hidden(CLINICIAN) == 1
    for ask in (service.recording, service.recording_file, service.judgements, service.delete):
        with pytest.raises(BadInput, match="there is no such recording"):
            ask(CLINICIAN, identity)
    assert service.recording(ANNA, identity).summary.shared == "private"
    service.set_visibility(ANNA, identity, "clinician")
    assert [one.id for one in service.recordings(CLINICIAN)] == [identity]
    assert service.hidden(CLINICIAN) == 0


def test_a_passphrase_locks_others_out_of_the_lists(service: Service) -> None:
    """Once it is set, a client sees the own recordings only."""
    ids = {client: sitting(service, client) for client in ("A1", "B2")}
    assert len(service.recordings(ANNA)) == 2
    service.set_setting(SYSTEM, LOCK_SETTING, "hash of it")
    assert [one.id for one in service.recordings(ANNA)] == [ids["A1"]]
    assert len(service.recordings(CLINICIAN)) == 2
    assert service.recordings(DEVELOPER) == []


def test_own_words_stay_with_the_person_when_they_choose_so(service: Service) -> None:
    """The clinician reads ratings and heart, and not what was written, neither in the review nor in the replay."""
    words = Rating(70.0, "reflect", "keep", "I called my sister", "text")
    mark = SessionMarker(71.0, "keep", "I called my sister", {"text": "I called my sister", "size": 4})
    suds = Rating(61.0, "settle", "suds", 35, "0-100")
    identity = sitting(service, "A1", suds, words, mark)
    service.set_visibility(ANNA, identity, "clinician_without_words")
    stored = service.recording(CLINICIAN, identity)
    assert stored.ratings == (suds,)
    assert stored.markers == (SessionMarker(71.0, "keep", "", {"size": 4}),)
    assert "sister" not in repr(service.recording_file(CLINICIAN, identity))
    assert service.recording(ANNA, identity).ratings == (suds, words)
    assert "sister" in repr(service.recording_file(ANNA, identity))


def test_only_the_person_chooses_who_sees_it(service: Service) -> None:
    """A clinician cannot share what is not theirs, and a scope that does not exist is refused."""
    identity = sitting(service, "A1")
    with pytest.raises(BadInput, match="only the person"):
        service.set_visibility(CLINICIAN, identity, "clinician")
    with pytest.raises(BadInput, match="choose one of clinician, clinician_without_words, private"):
        service.set_visibility(ANNA, identity, "everybody")
