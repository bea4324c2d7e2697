"""Is an exercise script sound? Every finding with file, line, what is wrong and what to do.

The rules are those of care (docs/protocol.md): physiology is never shown in a stressor, every stressor has
a matched reference and a way down, level 3 is never done alone, words are plain and promise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sessions.lint_rules.extras import extras
from sessions.lint_rules.found import Found
from sessions.lint_rules.head import head, schema_of
from sessions.lint_rules.order import order
from sessions.lint_rules.part import part
from sessions.lint_rules.wording import language_of, wording
from sessions.script_file import Node, Problem, read_script


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a script."""

    line: int
    what: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


def lint_files(paths: Iterable[Path], taken: Mapping[str, Path] | None = None) -> list[Finding]:
    """Every finding in these files, and ids that two of them share; ``taken`` are ids of scripts elsewhere."""
    findings: list[Finding] = []
    ids = dict(taken or {})
    for path in paths:
        findings += lint_file(path)
        script = read_script(_text_of(path) or "")
        name = script.text("id") if isinstance(script, Node) else None
        if isinstance(script, Node) and name is not None:
            other = ids.setdefault(name, path)
            if other.resolve() != path.resolve():
                what = f"id {name!r} is taken by {other.name}"
                findings.append(Finding(script.line("id"), what, "give this script an id of its own", str(path)))
    return findings


def lint_file(path: Path) -> list[Finding]:
    """Every finding in the file at ``path``, by line; empty when the script may be used."""
    return lint_text(_text_of(path), str(path))


def lint_text(text: str | None, file: str) -> list[Finding]:
    """Every finding in a script given as text; ``file`` is only the name in the findings."""
    if text is None:
        return [Finding(1, "there is no such file", "check the name, or see `attune exercises list`", file)]
    script = read_script(text)
    if isinstance(script, Problem):
        return [Finding(script.line, script.what, script.remedy, file)]
    return lint_script(script, file)


def lint_script(script: Node, file: str) -> list[Finding]:
    """Every finding in a script that has been read."""
    return sorted({Finding(line, what, remedy, file) for line, what, remedy in _findings(script)})


def _findings(script: Node) -> Found:
    yield from head(script)
    parts = script.items("phases")
    if parts is None or not parts:
        if "phases" in script:
            yield (
                script.line("phases"),
                "phases is not a list of parts",
                "list the parts, each beginning with `- name:`",
            )
        return
    for one in parts:
        yield from part(one, schema_of(script))
    usable = [one for one in parts if one.is_mapping]
    if usable:
        yield from order(usable, supervised=script.get("supervision") in ("clinician_present", "clinician_unlocked"))
        yield from extras(usable, language_of(script))
        yield from wording(script, usable)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else None
