"""The reading process: it answers, refuses, dies and ends without the server noticing more than it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from acquisition.errors import BadInput, EnvironmentFault
from dashboard.apart import Apart
from dashboard.demonstration import seed_folder
from dashboard.engine import Engine
from dashboard.hub import Hub
from dashboard.source_setup import SourceSetup
from sessions.records import Asker
from sessions.service import Service

SYSTEM = Asker("system")
PATIENCE_S = 20.0
SOON_S = 5.0
"""Killing takes milliseconds; a busy machine takes longer to notice."""


def number(service: Service) -> int:
    """Which process answers."""
    return os.getpid()


def stumble(service: Service) -> None:
    """A mistake of ours."""
    raise KeyError("a part that is not there")


def die(service: Service) -> None:
    """As when the machine has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)


def linger(service: Service) -> None:
    """A review that takes a minute."""
    time.sleep(60)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service.open(tmp_path / "data", writable=True) as opened:
        yield opened


@pytest.fixture
def apart(service: Service, tmp_path: Path) -> Iterator[Apart]:
    made = Apart(tmp_path / "data")
    yield made
    made.stop()


def test_it_reads_what_the_server_writes(service: Service, apart: Apart) -> None:
    """Another process answers, from the same folder, while this one holds the lock to write."""
    seed_folder(service, "clean-rest")
    assert apart.ask(number) != os.getpid()
    assert apart.ask(Service.recordings, SYSTEM) == service.recordings(SYSTEM)


def test_a_refusal_arrives_as_itself(apart: Apart) -> None:
    """With its words, its place and what to do; the process goes on."""
    before = apart.ask(number)
    with pytest.raises(BadInput) as refused:
        apart.ask(Service.recording, SYSTEM, "abcdef")
    assert (refused.value.place, refused.value.exit_status) == ("abcdef", 3)
    assert "recordings" in refused.value.remedy
    assert apart.ask(number) == before


def test_a_mistake_arrives_with_the_place_where_it_was_made(apart: Apart) -> None:
    """The server's log then says the same as if it had been made here."""
    with pytest.raises(RuntimeError, match="in stumble"):
        apart.ask(stumble)


def test_a_process_that_died_is_begun_again(apart: Apart) -> None:
    """Whoever asks next does not notice."""
    before = apart.ask(number)
    psutil.Process(before).kill()
    assert apart.ask(number) not in (before, os.getpid())


def test_a_question_that_kills_is_given_up(apart: Apart) -> None:
    """It is not asked for ever, and the next question is answered."""
    with pytest.raises(EnvironmentFault, match="load the page again"):
        apart.ask(die)
    assert apart.ask(number) != os.getpid()


def test_stopping_does_not_wait_for_an_answer(apart: Apart) -> None:
    """Whoever waits is told, the process is gone, and nothing begins it again."""
    child = psutil.Process(apart.ask(number))
    told: list[BaseException] = []

    def wait() -> None:
        try:
            apart.ask(linger)
        except EnvironmentFault as fault:
            told.append(fault)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.2)
    began = time.monotonic()
    apart.stop()
    apart.stop()
    waiting.join(SOON_S)
    assert told
    assert time.monotonic() - began < SOON_S
    assert not child.is_running()
    with pytest.raises(EnvironmentFault, match="stopping"):
        apart.ask(number)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_it_does_not_outlive_a_server_that_is_killed(tmp_path: Path) -> None:
    """Its link breaks, and it ends by itself."""
    script = (
        "import os, signal\n"
        "from dashboard.apart import Apart\n"
        "from tests.dashboard.test_apart import number\n"
        f"print(Apart({str(tmp_path / 'data')!r}).ask(number), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    gone = time.monotonic() + PATIENCE_S
    while psutil.pid_exists(int(done.stdout)):
        assert time.monotonic() < gone
        time.sleep(0.02)


def test_neurokit2_is_never_loaded_into_the_server(service: Service, tmp_path: Path) -> None:
    """A review and a summary are worked out without it in the process that keeps the heart's time."""
    script = (
        "import sys\n"
        "from dashboard.apart import Apart\n"
        "from dashboard.clinician.readings import Readings\n"
        "from dashboard.demonstration import seed_folder\n"
        "from sessions.records import Asker\n"
        "from sessions.service import Service\n"
        "from sessions.summary import summary_of\n"
        "import dashboard.sittings\n"
        f"data, who = {str(tmp_path / 'other')!r}, Asker('system')\n"
        "apart = Apart(data)\n"
        "with Service.open(data, writable=True) as service:\n"
        "    seed_folder(service, 'clean-rest')\n"
        "    (kept,) = service.recordings(who)\n"
        "    assert Readings(apart).view(service, who, kept.id).figures\n"
        "    assert apart.ask(summary_of, who, kept.id).parts\n"
        "apart.stop()\n"
        "print([name for name in ('neurokit2', 'pandas') if name in sys.modules])\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


async def test_an_engine_that_stops_ends_its_reading_process(apart: Apart, service: Service) -> None:
    """Even one whose sessions never ran."""
    child = psutil.Process(apart.ask(number))
    Engine(Hub(), service, SourceSetup("simulate"), apart).stop()
    assert not child.is_running()
