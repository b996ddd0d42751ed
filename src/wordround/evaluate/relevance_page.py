"""docs/models/relevance.md: the figures of an evaluation, with what they mean and where the borders are, as a page.

Comes in: what `evaluating_relevance.evaluate` returned. Goes out: the page, whole. Figures are never typed by hand.
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from wordround.evaluate.relevance import GATE, SHORTEST_ANSWER, shown
from wordround.storage import write_whole

Figures = Mapping[str, Any]


def write(path: Path, outcome: Figures) -> None:
    """Write the page of an evaluation. Raises StorageFailed."""
    write_whole(path, page(outcome))


def page(outcome: Figures) -> str:
    """Return the page of an evaluation."""
    template = (resources.files("wordround.evaluate") / "relevance_page.md.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    environment.filters |= {"share": shown, "interval": _interval}
    at = {part: {of["cut_off"]: of for of in figures["cut_offs"]} for part, figures in outcome["parts"].items()}
    return environment.from_string(template).render(outcome=outcome, at=at, gate=GATE, shortest=SHORTEST_ANSWER)


def _interval(figures: Figures, name: str) -> str:
    low, high = figures[f"{name}_low"], figures[f"{name}_high"]
    return f"{shown(figures[name])} ({shown(low)} to {shown(high)})" if low is not None else "-"
