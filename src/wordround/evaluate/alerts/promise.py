"""What is promised of alerts, measured: on worlds of which the truth is known, and on a trust's own weeks replayed.

Nothing of the rule was chosen on these figures, and nothing may be: a promise that is not kept stands on the page.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from rich.table import Table

from wordround.evaluate import comments
from wordround.evaluate.agreement import Figures, interval, shown
from wordround.evaluate.alerts import boards, builds, cells, rebuilding, worlds
from wordround.evaluate.alerts.bench import CLASSIFIER, KINDS, USUAL, Bench, Cell
from wordround.evaluate.alerts.cells import RULE, BoardCell
from wordround.evaluate.alerts.history import Replayed, read_history, replayed
from wordround.evaluate.alerts.rivals import RIVALS
from wordround.evaluate.evaluation import Evaluation
from wordround.progress import progress
from wordround.understand.learned import COMMENTS

SEED = 31
SERIES = 2400
MOST_FALSE = 0.3
# Of a large change: comments a week, the median weeks, and the share found within eight.
FOUND = ((40, 3.0, 0.99), (15, 5.0, 0.85))

Part = Callable[[Bench], Iterator[Cell]]
PARTS: tuple[Part, ...] = (
    cells.levels, cells.kinds, cells.rivals, cells.rare, cells.rare_between, cells.rise, cells.measures, cells.voices,
    builds.estimates, builds.arrivals,
)  # fmt: skip


class Aim(Figures):
    """One promise: what was asked and measured, with the interval where there is one, and by how much it is missed."""

    name: str
    asked: float
    measured: float | None
    low: float | None
    high: float | None
    verdict: Literal["kept", "missed, within chance", "missed"]
    missed_by: float

    @classmethod
    def of(
        cls,
        name: str,
        asked: float,
        measured: float | None,
        bounds: tuple[float | None, float | None] = (None, None),
        at_most: bool = True,
    ) -> Self:
        low, high = bounds
        # A median that there is none of lies beyond any week.
        short = float("inf") if measured is None else (measured - asked) * (1 if at_most else -1)
        allowed = low is not None and high is not None and low <= asked <= high
        verdict = "kept" if short <= 0 else "missed, within chance" if allowed else "missed"
        return cls(
            name=name, asked=asked, measured=measured, low=low, high=high, verdict=verdict, missed_by=max(0.0, short)
        )  # fmt: skip


class AlertsEvaluation(Evaluation):
    """The rule and its rivals, cell by cell, and what is promised."""

    page: ClassVar[str] = "alerts.md.j2"
    share_form: ClassVar[str] = ".2f"

    task: Literal["alerts"] = "alerts"
    seed: int
    series: int
    model_version: str
    recall: float
    false_alarms: float
    aims: list[Aim]
    cells: list[Cell]
    boards: list[BoardCell]
    history: Replayed | None

    def page_values(self) -> Mapping[str, Any]:
        """The cells by what they are of, and how the worlds are made."""
        return {
            "cell": self.cell, "worlds": worlds, "kinds": [*KINDS, CLASSIFIER], "usual": USUAL, "ways": cells.ways(),
            "rivals": list(RIVALS), "volumes": cells.VOLUMES, "changes": list(cells.CHANGES), "board_room": boards,
            "budget": cells.BUDGET, "missed": list(self.missed()), "of_part": self.of_part, "rebuilding": rebuilding,
        }  # fmt: skip

    def cell(self, part: str, world: str, n: int, way: str = RULE, change: str = "") -> Cell:
        """Return the one cell of this description."""
        # The usual world is measured by threshold.
        wanted = ("levels" if (part, world) == ("kinds", USUAL) else part, world, n, way, change)
        return next(of for of in self.cells if (of.part, of.world, of.n, of.way, of.change) == wanted)

    def of_part(self, part: str) -> list[Cell]:
        """Return the cells of a part, in the order in which they were measured."""
        return [of for of in self.cells if of.part == part]

    def missed(self) -> Iterator[tuple[Cell, str]]:
        """Yield the cells of other worlds in which a promise is not kept, beyond chance, and what was asked."""
        shares = {n: share for n, _, share in FOUND}
        for of in self.of_part("kinds"):
            if of.false and (of.false.low or 0) > MOST_FALSE:
                yield of, f"at most {MOST_FALSE:g} false a year"
            if of.found and (of.found.within.high or 1) < shares[of.n]:
                yield of, f"{of.change}: {shares[of.n]:g} within {of.found.weeks}"

    def as_table(self) -> Table:
        """The promises for people."""
        table = Table(title=f"alerts: {self.series:,} series a world in which nothing changes, seed {self.seed}")
        for column in ("", "asked", "measured", "95 %", ""):
            table.add_column(column, justify="right" if column in ("asked", "measured") else "left")
        for aim in self.aims:
            bounds = interval(aim.low, aim.high, self.share_form)
            table.add_row(aim.name, f"{aim.asked:g}", shown(aim.measured, self.share_form), bounds, aim.verdict)
        return table


def evaluate(series: int = SERIES, seed: int = SEED, history: Path | None = None) -> AlertsEvaluation:
    """Measure the rule. series: in each world where nothing changes. history: a home, or a file of weeks.

    Raises what `read_history` does.
    """
    own = None if history is None else read_history(history)
    model = comments.evaluate(COMMENTS)
    negative = next(one for one in model.judged.classes if one.label == "negative")
    recall = negative.agreed / negative.support
    false_alarms = (negative.predicted - negative.agreed) / (model.judged.sentiment.texts - negative.support)
    bench = Bench(series, seed, KINDS | {CLASSIFIER: worlds.Kind(recall=recall, false_alarms=false_alarms)})
    measured: list[Cell] = []
    with progress("worlds", None) as advance:
        for part in PARTS:
            for cell in part(bench):
                measured.append(cell)
                advance(1)
        of_boards = list(cells.board_cells(bench))
    return AlertsEvaluation(
        seed=seed, series=series, model_version=model.model_version, recall=recall, false_alarms=false_alarms,
        aims=list(_aims(measured, of_boards)), cells=measured, boards=of_boards,
        history=None if own is None else replayed(bench, own),
    )  # fmt: skip


def _aims(measured: list[Cell], of_boards: list[BoardCell]) -> Iterator[Aim]:
    levels = {(of.n, of.change): of for of in measured if of.part == "levels" and of.way == RULE}
    for n in cells.VOLUMES:
        if false := levels[n, ""].false:
            name = f"false episodes a service-year, both sides, {n} comments a week"
            yield Aim.of(name, MOST_FALSE, false.rate, (false.low, false.high))
    for n, weeks, share in FOUND:
        if found := levels[n, cells.LARGE_CHANGE].found:
            name = f"{cells.LARGE_CHANGE}, {n} comments a week"
            yield Aim.of(f"{name}: median weeks", weeks, found.median_weeks)
            within = found.within
            yield Aim.of(f"{name}: share within {found.weeks}", share, within.share, (within.low, within.high), False)
    for of in of_boards:
        if of.tier == "told":
            name = f"false alerts a year that are told of a board of {of.services} × {of.themes}"
            yield Aim.of(name, cells.BUDGET, of.a_year.rate, (of.a_year.low, of.a_year.high))
