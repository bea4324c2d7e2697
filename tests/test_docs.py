"""The documentation is run: examples, commands, links and the page of commands."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from pathlib import Path

import pytest

from tests import write_docs

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
EXAMPLES = [
    (f"{page.name}-{i}", code)
    for page in PAGES
    for i, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S))
]
MODULES = [
    str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
    for room in ("acquisition", "processing", "sessions", "dashboard")
    for path in sorted((ROOT / room).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("code", [code for _, code in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_an_example_in_the_documentation_runs(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each Python block runs as it stands, with nothing from the blocks before it, and prints something."""
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "example", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Each relative link or picture names a file that is there."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_a_command_in_the_documentation_exists(page: Path) -> None:
    """Each ``attune`` line in a code block names a command that the program knows."""
    from dashboard.__main__ import build_parser

    known = set(write_docs.subcommands(build_parser()))
    named = re.findall(r"^(?: {4})?(?:\.venv\S+)?attune ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.M)
    assert set(named) <= known


def test_the_page_of_commands_is_the_programs_own_help() -> None:
    """docs/cli.md is what the program says of itself today."""
    if sys.version_info[:2] != (3, 11):
        return  # argparse words its help a little differently in each Python; the page is made with 3.11
    assert write_docs.PAGE.read_text(encoding="utf-8") == write_docs.text()


def test_the_page_of_numbers_is_the_table_that_the_code_computes_by() -> None:
    """docs/indices.md holds every row of the one table, as it is today."""
    assert write_docs.INDICES_PAGE.read_text(encoding="utf-8") == write_docs.indices_text()


@pytest.mark.parametrize("module", MODULES)
def test_an_example_in_a_docstring_holds(module: str) -> None:
    """Doctests of all rooms."""
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_the_forbidden_words_stay_out_of_the_pages() -> None:
    """No treatment, diagnosis or alarm is promised on screen (the words of the device boundary)."""
    forbidden = re.compile(
        r"\b(patient monitoring|clinically proven|reduces anxiety|attachment disorder|stress score|LF/HF ratio)\b",
        re.I,
    )
    hits = [
        f"{path.relative_to(ROOT)}: {m.group()}"
        for room in ("sessions", "dashboard")
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".js", ".yaml") and path.name != "unwanted_words.py"  # which lists them
        for m in forbidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert hits == []
