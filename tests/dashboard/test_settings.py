"""Settings: a flag beats the environment, which beats what is saved, which beats the default."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import logs
from dashboard.settings import PORT, WrongUse, resolve

PLACES = st.tuples(*[st.none() | st.integers(1, 65535) for _ in range(3)])


@given(PLACES)
def test_the_first_place_that_says_something_decides(said: tuple[int | None, int | None, int | None]) -> None:
    """Whatever is said where: flag, then ATTUNE_PORT, then saved, then the default."""
    flag, variable, saved = said
    environ = {} if variable is None else {"ATTUNE_PORT": str(variable)}
    settings = resolve({"port": flag}, environ, {"port": saved}.get)
    expected = next((value for value in said if value is not None), PORT)
    origins = ("flag", "environment", "saved")
    origin = next((name for name, value in zip(origins, said, strict=True) if value is not None), "default")
    assert (settings.port, settings.chosen["port"].origin) == (expected, origin)


def test_an_empty_variable_says_nothing() -> None:
    """``ATTUNE_THEME=`` is as if it were not set."""
    assert resolve({}, {"ATTUNE_THEME": ""}).theme == "system"


@pytest.mark.parametrize(
    ("flags", "environ", "place"),
    [
        ({"port": "70000"}, {}, "--port"),
        ({}, {"ATTUNE_PORT": "soon"}, "ATTUNE_PORT"),
        ({}, {"ATTUNE_THEME": "pink"}, "ATTUNE_THEME"),
    ],
)
def test_what_cannot_be_used_is_named(flags: dict[str, object], environ: dict[str, str], place: str) -> None:
    """The message names the flag or variable and what to give instead; exit status 2."""
    with pytest.raises(WrongUse) as caught:
        resolve(flags, environ)
    assert caught.value.place == place
    assert caught.value.remedy
    assert caught.value.exit_status == 2


def test_a_saved_value_of_another_time_is_passed_over() -> None:
    """What an older or newer program saved never keeps this one from starting."""
    assert resolve({}, {}, {"port": "many", "theme": "pink"}.get).port == PORT


def test_the_home_folder_can_be_meant() -> None:
    """``~`` is the home folder, in flag and variable alike."""
    assert resolve({"data": "~/beats"}, {}).data == Path.home() / "beats"
    assert resolve({}, {"ATTUNE_DATA": "~/beats"}).data == Path.home() / "beats"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield logs.start(tmp_path)
    for name in logs.OWN:
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = True


def test_an_error_leaves_its_kind_and_places_in_the_log_but_not_its_words(log: Path) -> None:
    """What somebody typed into a field that failed is not in the log."""
    try:
        int("Anna, 97 bpm")
    except ValueError:
        logging.getLogger("dashboard.somewhere").exception("a page broke off")
    text = log.read_text(encoding="utf-8")
    assert "a page broke off" in text
    assert "ValueError" in text
    assert "test_settings.py" in text
    assert "Anna" not in text
    assert "97" not in text


def test_other_programs_messages_stay_out_of_the_log(log: Path) -> None:
    """Libraries may put addresses and payloads into their messages."""
    logging.getLogger("bleak").warning("AA:BB:CC:DD:EE:FF")
    assert not log.exists() or "AA:BB" not in log.read_text(encoding="utf-8")


def test_the_log_goes_round(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never takes more than its few files."""
    logger = logging.getLogger("dashboard")
    for handler in [each for each in logger.handlers if isinstance(each, logs.PrivateFile)]:
        monkeypatch.setattr(handler, "maxBytes", 1000)
    for number in range(200):
        logger.info("serving %d", number)
    files = sorted(log.parent.glob(f"{logs.LOG_NAME}*"))
    assert len(files) == logs.LOG_FILES + 1
    if sys.platform != "win32":
        assert all(file.stat().st_mode & 0o077 == 0 for file in files)
