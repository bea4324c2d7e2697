"""The laws of the house: what may import what, where foreign libraries live, and that time is data."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("acquisition", "processing", "sessions", "dashboard")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
PAIRS = list(zip(NAMES, FILES, strict=True))

CLOCKS = re.compile(
    r"\b(time\.(time|monotonic|perf_counter)(_ns)?|datetime\.(now|utcnow|today)|date\.today|Anchor\.now|monotonic_ns\(\))"
)
MAY_READ_A_CLOCK = {
    "acquisition": "sources stamp what arrives",
    "dashboard": "the socket's clock exchange and the server's own waiting",
}
MAY_NOTE_THE_DATE = {
    "sessions/session.py": "a sitting's and a consent's date",
    "sessions/store/changes.py": "when a recording was erased or a setting changed",
    "sessions/store/migrations.py": "the name of the backup made before a migration",
}
LONGEST_FILE = 320
"""Lines; a file that is longer holds more than one idea."""
FORBIDDEN_NAMES = {"core", "common", "utils", "models", "types", "helpers", "misc"}


@cache
def imports(path: Path) -> set[str]:
    """Top-level modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {str(a.value).split(".")[0] for a in node.args if isinstance(a, ast.Constant)}
    return found


def loaded_by(code: str, cwd: Path) -> set[str]:
    """Top-level modules in memory after running ``code`` in a fresh interpreter."""
    tell = "import json, sys\nsys.stdout.write('\\n@' + json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    script = f"{code}\n{tell}"
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.rpartition("@")[2]))


@pytest.mark.parametrize(
    ("library", "home"),
    [("bleak", "acquisition/bleak_link.py"), ("neurokit2", "processing/neurokit.py"), ("pylsl", "acquisition/lsl.py")],
)
def test_a_library_of_the_radio_or_the_signal_is_imported_in_one_file(library: str, home: str) -> None:
    """bleak, NeuroKit2 and pylsl each have one door into the house."""
    assert [name for name, path in PAIRS if library in imports(path)] == [home]


def test_dash_is_imported_only_under_the_dashboard() -> None:
    """No other room knows that there are pages."""
    guests = {"dash", "plotly", "fastapi", "starlette", "uvicorn"}
    strays = [n for n, p in PAIRS if imports(p) & guests and not n.startswith("dashboard/")]
    assert strays == []


def test_sqlalchemy_is_imported_only_by_the_sessions_that_keep() -> None:
    """The database is behind the service."""
    strays = [n for n, p in PAIRS if "sqlalchemy" in imports(p) and not n.startswith("sessions/")]
    assert strays == []


@pytest.mark.parametrize(("name", "path"), PAIRS, ids=NAMES)
def test_nothing_downstream_of_a_source_reads_a_clock(name: str, path: Path) -> None:
    """Time is data: only sources, and the server's own waiting, look at a clock."""
    if name.split("/")[0] in MAY_READ_A_CLOCK:
        return
    code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.S)
    found = [m.group() for m in CLOCKS.finditer(code) if not (name in MAY_NOTE_THE_DATE and m.group() == "Anchor.now")]
    assert found == []


def test_processing_loads_without_radio_pages_or_database(tmp_path: Path) -> None:
    """The signal room stands alone, and NeuroKit2 waits until it is needed."""
    loaded = loaded_by("import processing, processing.pipeline, processing.analysis", tmp_path)
    assert not loaded & {"bleak", "dash", "plotly", "fastapi", "sqlalchemy", "neurokit2"}


def test_the_four_packages_imported_are_ours(tmp_path: Path) -> None:
    """Generic names could be shadowed: from any folder they must be the ones of this project."""
    code = "".join(f"import {room}\nprint({room}.__file__)\n" for room in ROOMS)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [Path(line).parent for line in done.stdout.split()] == [ROOT / room for room in ROOMS]


def test_imports_point_left() -> None:
    """dashboard → sessions → processing → acquisition, never back."""
    order = {room: i for i, room in enumerate(ROOMS)}
    backward = [
        f"{name} imports {other}"
        for name, path in PAIRS
        for other in imports(path) & set(ROOMS)
        if order[other] > order[name.split("/")[0]]
    ]
    assert backward == []


@pytest.mark.parametrize(("name", "path"), PAIRS, ids=NAMES)
def test_a_file_holds_one_idea(name: str, path: Path) -> None:
    """Every module says its idea in a docstring, is of readable length and has a telling name."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE, f"{name} is too long"
    assert path.stem not in FORBIDDEN_NAMES
    if path.name != "__init__.py" or text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{name} has no docstring"


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_exports_is_there(room: str) -> None:
    """Each name in ``__all__`` can be imported."""
    module = __import__(room)
    for name in getattr(module, "__all__", ()):
        assert getattr(module, name) is not None


@pytest.mark.parametrize("command", ["--help", "scan --help", "record --help"])
def test_light_commands_load_neither_pages_nor_neurokit(command: str, tmp_path: Path) -> None:
    """Help, scan and record start fast: no Dash, no NeuroKit2."""
    code = (
        "import sys\nfrom dashboard.__main__ import main\n"
        f"try:\n    main({command.split()!r})\nexcept SystemExit:\n    pass"
    )
    assert not loaded_by(code, tmp_path) & {"dash", "plotly", "fastapi", "neurokit2", "pandas"}
