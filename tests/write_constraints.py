"""Write constraints.txt from pip's own reports, one for each Python: the versions a fresh install gets today.

pip install --dry-run --ignore-installed --report 3.11.json -e '.[test]'      (in each Python)
python -m tests.write_constraints 3.11.json 3.12.json 3.13.json > constraints.txt
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path


def pins(report: dict[str, object]) -> tuple[str, dict[str, str]]:
    """Python version, and {package: version} of one report."""
    python = ".".join(report["environment"]["python_version"].split(".")[:2])  # type: ignore[index] # pip's own shape
    rows = (row["metadata"] for row in report["install"])  # type: ignore[attr-defined] # pip's own shape
    return python, {r["name"].lower().replace("_", "-"): r["version"] for r in rows if r["name"] != "attunement"}


def lines(reports: list[dict[str, object]]) -> list[str]:
    """One line for a version that all Pythons share, else one for each with its marker."""
    versions: dict[str, dict[str, str]] = defaultdict(dict)
    for report in reports:
        python, found = pins(report)
        for name, version in found.items():
            versions[name][python] = version
    out = []
    for name in sorted(versions):
        by_python = versions[name]
        if len(by_python) == len(reports) and len(set(by_python.values())) == 1:
            out.append(f"{name}=={next(iter(by_python.values()))}")
            continue
        out += [f'{name}=={v} ; python_version == "{p}"' for p, v in sorted(by_python.items())]
    return out


if __name__ == "__main__":
    texts = [json.loads(Path(p).read_text(encoding="utf-8")) for p in sys.argv[1:]]
    print("# Versions that the tests pass with: pip install -c constraints.txt . (see tests/write_constraints.py)")
    print("\n".join(lines(texts)))
