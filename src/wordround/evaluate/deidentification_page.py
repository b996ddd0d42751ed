"""docs/models/deidentification.md: the figures of an evaluation, with what they mean, as a page.

Comes in: what `evaluating_deidentify.evaluate` returned. Goes out: the page, whole. Figures are never typed by hand.
"""

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from wordround.deidentify import recognisers
from wordround.evaluate.deidentify import GATED_NAMES, NAME_KINDS, STRUCTURED
from wordround.storage import write_whole

Figures = Mapping[str, Any]


def write(path: Path, outcome: Figures) -> None:
    """Write the page of an evaluation. Raises StorageFailed."""
    write_whole(path, page(outcome))


def page(outcome: Figures) -> str:
    """Return the page of an evaluation."""
    template = (resources.files("wordround.evaluate") / "deidentification_page.md.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown
    environment.filters |= {"share": _share, "interval": _interval}
    weakest = sorted(outcome["kinds"].items(), key=lambda item: item[1]["recall"])
    return environment.from_string(template).render(
        outcome=outcome,
        rows=list(_rows(outcome)),
        weakest=[kind for kind, figures in weakest if figures["recall"] < _WEAK],
        recogniser_count=sum(map(len, recognisers.GROUPS.values())),
        gated=", ".join(GATED_NAMES),
    )


_WEAK = 0.9


def _rows(outcome: Figures) -> Iterator[tuple[str, Figures, Figures]]:
    """Yield each kind in a fixed order: structured, of people's lives, names."""
    shipped = outcome["as_shipped"]["kinds"]
    others = sorted(set(outcome["kinds"]) - {*STRUCTURED, *NAME_KINDS})
    for kind in (*STRUCTURED, *others, *NAME_KINDS):
        if kind in outcome["kinds"]:
            yield kind, outcome["kinds"][kind], shipped.get(kind, outcome["kinds"][kind])


def _share(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else "1"


def _interval(figures: Figures) -> str:
    return f"{_share(figures['low'])} to {_share(figures['high'])}"
