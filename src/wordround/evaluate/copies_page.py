"""docs/models/copies.md: the figures of an evaluation, with what they mean, as a page.

Comes in: what `evaluating_copies.evaluate` returned. Goes out: the page, whole. Figures of an evaluation are never
typed by hand.
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from wordround.storage import write_whole
from wordround.understand import copies

Figures = Mapping[str, Any]


def write(path: Path, outcome: Figures) -> None:
    """Write the page of an evaluation. Raises StorageFailed."""
    write_whole(path, page(outcome))


def page(outcome: Figures) -> str:
    """Return the page of an evaluation."""
    template = (resources.files("wordround.evaluate") / "copies_page.md.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    return environment.from_string(template, {"share": _share, "interval": _interval, "caught": _caught}).render(
        outcome=outcome,
        bands=copies.BANDS,
        rows=copies.ROWS,
        words=copies.FEWEST_WORDS,
        containment=copies.CONTAINMENT,
    )


def _caught(resemblance: float) -> float:
    """Return the chance that two texts of this resemblance share a band (Leskovec et al., 3.4.2)."""
    return float(1 - (1 - resemblance**copies.ROWS) ** copies.BANDS)


def _share(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else "1"


def _interval(figures: Figures) -> str:
    return f"{_share(figures['low'])} to {_share(figures['high'])}" if figures["all"] else "-"
