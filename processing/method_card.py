"""A number's method card: what it is, whose it is, what this one was taken from; one shape for page, CLI and JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from processing.method import RULE_VERSION, versions, window_used
from processing.review_figures import TABLE
from processing.values import IndexValue


@dataclass(frozen=True, slots=True)
class MethodCard:
    """Everything that stands behind one number."""

    name: str
    unit: str
    definition: str
    divisor: str
    source: str
    minimum_s: float
    window: str
    """Which window it is taken from, in words."""
    window_s: float
    """Length of the window of this one."""
    beats: int
    corrected_percent: float
    pipeline: str
    """Version of this program and of its rules."""

    def as_dict(self) -> dict[str, object]:
        """The card as JSON values."""
        return asdict(self)


def method_card(index: IndexValue) -> MethodCard:
    """The card of a number, or of a reason. Raises KeyError for a name that the table does not hold.

    >>> method_card(IndexValue("rmssd_ms", 42.0, "ms", 300.0, 331, 0.6)).source
    'Task Force 1996'
    """
    spec = TABLE[index.name]
    return MethodCard(
        name=spec.name,
        unit=spec.unit,
        definition=spec.definition,
        divisor=spec.divisor,
        source=spec.source,
        minimum_s=spec.minimum_s,
        window=window_used(spec),
        window_s=index.window_s,
        beats=index.beats,
        corrected_percent=index.corrected_percent,
        pipeline=pipeline(),
    )


def pipeline() -> str:
    """Version of this program and of its rules, in one line.

    >>> pipeline().startswith("attunement ")
    True
    """
    return f"attunement {versions()['attunement']}, rule {RULE_VERSION}"
