"""What every evaluation is: figures, never a text, that may be stored and printed; a table; for some tasks a page.

Each task has a module with `evaluate(...)`, which returns its own Evaluation. A page is `pages/<task>.md.j2`, made
from the figures alone: nobody types a figure by hand.
"""

from abc import abstractmethod
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, StrictUndefined
from rich.table import Table

from wordround.evaluate.agreement import Figures, shown
from wordround.storage import write_whole


class Evaluation(Figures):
    """The figures of one task."""

    page: ClassVar[str] = ""
    # How the page prints shares: `.2f`, or `.3f` without the leading nought.
    share_form: ClassVar[str] = ".3f"

    @abstractmethod
    def as_table(self) -> Table:
        """The figures for people."""

    def page_values(self) -> Mapping[str, Any]:
        """What the page says besides the figures (`outcome`)."""
        return {}


def render_page(evaluation: Evaluation) -> str:
    """Return the page of an evaluation."""
    template = (resources.files("wordround.evaluate") / "pages" / evaluation.page).read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - Markdown

    def share(value: float | None) -> str:
        written = shown(value, evaluation.share_form)
        if evaluation.share_form != ".3f" or value is None:
            return written
        return written.replace("0.", ".", 1) if value < 1 else "1"

    def interval(figures: Figures, name: str = "") -> str:
        low, high = (getattr(figures, f"{name}_{bound}" if name else bound) for bound in ("low", "high"))
        if low is None:
            return "-"
        bounds = f"{share(low)} to {share(high)}"
        return f"{share(getattr(figures, name))} ({bounds})" if name else bounds

    environment.filters |= {"share": share, "interval": interval}
    return environment.from_string(template).render(outcome=evaluation, **evaluation.page_values())


def write_page(path: Path, evaluation: Evaluation) -> None:
    """Write the page of an evaluation. Raises StorageFailed."""
    write_whole(path, render_page(evaluation))
