"""Hostile files: whatever they hold, a typed error with the file and the place comes back, and the program goes on."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from acquisition.errors import UnreadableFile
from acquisition.formats import confined, read
from tests.acquisition import foreign_files as foreign

RR = foreign.heart(50)


def bomb() -> bytes:
    """A zip of 100 kB that would unpack to 100 MB."""
    return foreign.zipped({"bomb.txt": b"800\n" * 25_000_000})


def lying_zip() -> bytes:
    """Its directory says that a file is small; unpacked it is not."""
    data = bytearray(foreign.zipped({"a.txt": b"800\n" * 1_000_000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 40)
    return bytes(data)


def nested_zip() -> bytes:
    """Archives within archives."""
    data = b"800\n"
    for depth in range(20):
        data = foreign.zipped({f"{depth}.zip": data})
    return data


def many_files() -> bytes:
    """More files than anyone keeps."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(3000):
            archive.writestr(f"{number}.txt", b"x")
    return file.getvalue()


def deep_xml() -> bytes:
    """XML nested deeper than any stack."""
    xml = b"<a>" * 200_000 + b"</a>" * 200_000
    return b"XDF:" + b"\x04" + struct.pack("<I", len(xml) + 2) + struct.pack("<H", 1) + xml


def growing_xml() -> bytes:
    """Entities that would grow to gigabytes."""
    lines = [b'<!ENTITY a0 "lol">']
    lines += [b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 11)]
    xml = b"<?xml version='1.0'?><!DOCTYPE x [" + b"".join(lines) + b"]><info>&a10;</info>"
    return b"XDF:" + b"\x04" + struct.pack("<I", len(xml) + 2) + struct.pack("<H", 1) + xml


def huge_count() -> bytes:
    """A chunk that claims 2**60 samples."""
    data = foreign.xdf({"RR": [(1.0, 800.0), (1.8, 800.0)]})
    at = data.index(b"\x01\x02\x08")  # the count of the first samples
    return data[:at] + b"\x08" + struct.pack("<Q", 1 << 60) + data[at + 2 :]


def edf_of_many_signals() -> bytes:
    """A head that claims 9999 signals and 99999999 records."""
    data = bytearray(foreign.edf_plus(foreign.ends_s(RR)))
    data[236:244], data[252:256] = b"99999999", b"9999"
    return bytes(data)


def fit_of_four_gigabytes() -> bytes:
    """A head that claims more data than there is."""
    data = bytearray(foreign.garmin_fit(RR)[:40])
    data[4:8] = b"\xff\xff\xff\xff"
    return bytes(data)


def gzip_bomb() -> bytes:
    """100 MB in 100 kB."""
    return foreign.gzipped(b"800\n" * 25_000_000)


HOSTILE = (
    *(bomb, lying_zip, nested_zip, many_files, deep_xml, growing_xml),
    *(huge_count, edf_of_many_signals, fit_of_four_gigabytes, gzip_bomb),
)


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_file_ends_in_a_typed_error_with_its_place(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """No crash, no gigabytes, no hang: what is wrong, where, and what to do."""
    path = tmp_path / "hostile.bin"
    path.write_bytes(make())
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.place.startswith(str(path))
    assert caught.value.what
    assert caught.value.remedy
    assert caught.value.exit_status == 3


def test_a_hostile_file_does_not_spoil_the_good_one_beside_it(tmp_path: Path) -> None:
    """``attune analyze`` names it on stderr, ends with status 3, and prints the other."""
    bad, good = tmp_path / "bad.zip", tmp_path / "good.fit"
    bad.write_bytes(nested_zip())
    good.write_bytes(foreign.garmin_fit(foreign.heart(100)))
    command = [sys.executable, "-m", "dashboard", "--data", str(tmp_path), "analyze", str(bad), str(good), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert str(bad) in done.stderr
    (result,) = json.loads(done.stdout)
    assert result["format"] == "garmin-fit"
    assert result["beats"] == 100


def test_a_parser_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of time holds on every system."""
    monkeypatch.setattr(confined, "SECONDS", 0.01)
    path = tmp_path / "slow.fit"
    path.write_bytes(foreign.garmin_fit(RR))
    with pytest.raises(UnreadableFile, match=r"longer than 0\.01 s"):
        read(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only here a process can be held to its memory for certain")
def test_a_parser_that_takes_too_much_memory_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter itself fits, the file does not."""
    monkeypatch.setattr(confined, "MEMORY_BYTES", 700 * 1024 * 1024)
    path = tmp_path / "large.xdf"
    path.write_bytes(
        b"XDF:" + b"\x04" + struct.pack("<I", 0xF0000000) + struct.pack("<H", 1) + bytes(250 * 1024 * 1024)
    )
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert "memory" in caught.value.what or "died" in caught.value.what


@pytest.mark.parametrize(("stdout", "status"), [(b"", -9), (b"", 1), (b"{", 0), (b"[]", 0), (b"{}", 3)])
def test_a_parser_that_dies_is_a_typed_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stdout: bytes, status: int
) -> None:
    """Whatever is left of its answer is not believed."""
    monkeypatch.setattr(confined, "run_apart", lambda parser, data: (stdout, status))
    with pytest.raises(UnreadableFile, match="died of it"):
        confined.parse("xdf", tmp_path / "x.xdf", b"")


def test_a_system_without_room_for_a_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of the operating system."""

    def full(parser: str, data: bytes) -> tuple[bytes, int]:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(confined, "run_apart", full)
    with pytest.raises(UnreadableFile, match="no process can be started"):
        confined.parse("xdf", tmp_path / "x.xdf", b"")


def test_only_known_parsers_can_be_started() -> None:
    """The name of a module cannot be smuggled in."""
    command = [sys.executable, "-m", "acquisition.formats.confined_child", "os", "1000000000", "5"]
    assert subprocess.run(command, input=b"", capture_output=True, check=False).returncode == 2


def test_reading_files_loads_no_parser_of_foreign_bytes(tmp_path: Path) -> None:
    """The libraries live in the other process only."""
    code = "import sys, acquisition.formats; print(sorted({'fitdecode', 'edfio', 'pyxdf', 'zipfile'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "fitdecode" not in done.stdout
    assert "edfio" not in done.stdout
    assert "pyxdf" not in done.stdout
