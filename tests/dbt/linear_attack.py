"""An attack on published counts: every figure is an equation, and a solver looks for hidden cells with one solution.

Comes in: rows of published tables of one trust and month, None where a figure is hidden. Goes out: the hidden figures
that can only have one value. The attacker knows that counts are whole and not negative, all sums over services and
weeks, that a theme and a class are parts of the comments, shares as far as they are rounded, and that zeros of a month
are shown.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy.sparse import coo_array

Cell = Hashable
Row = dict[str, Any]
Grid = list[tuple[Any, Any]]
MANY = 100_000
ANY = 1.0
# How far a solver's numbers may be from those that it means.
NEARLY = 1e-5
CLASSES = ("negative", "neutral", "positive")


@dataclass
class Attack:
    """Unknown whole numbers, what is known of sums of them, and the sums that somebody wanted to hide."""

    places: dict[Cell, int] = field(default_factory=dict)
    equations: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    hidden: dict[Cell, list[Cell]] = field(default_factory=dict)

    def cell(self, cell: Cell) -> Cell:
        self.places.setdefault(cell, len(self.places))
        return cell

    def know(self, weights: dict[Cell, float], least: float, most: float) -> None:
        """The weighted sum of the cells is between the two."""
        self.equations.append(({self.places[cell]: weight for cell, weight in weights.items()}, least, most))

    def figure(self, name: Cell, cells: list[Cell], value: int | None, least: int = 0) -> None:
        """A figure that is the sum of cells: known, or hidden and then at least so much."""
        if value is None:
            self.hidden[name] = cells
        self.know(dict.fromkeys(cells, 1), least if value is None else value, MANY if value is None else value)

    def at_most(self, part: Cell, whole: Cell) -> None:
        self.know({part: 1, whole: -1}, -MANY, 0)

    def share(self, parts: list[Cell], wholes: list[Cell], share: float | None, rounding: float = 1e-9) -> None:
        """A share that is known as far as it is rounded."""
        if share is not None:
            self.know(dict.fromkeys(parts, 1) | {c: rounding - share for c in wholes if c not in parts}, 0, MANY)
            self.know(dict.fromkeys(parts, 1) | {c: -rounding - share for c in wholes if c not in parts}, -MANY, 0)

    def disclosed(self) -> dict[Cell, int]:
        """Hidden figures with a single possible value, and the value."""
        system = _System(self.equations, len(self.places))
        first = system.numbers(np.zeros(len(self.places)))
        assert first is not None, "what is published contradicts itself"
        open_still = {name: self._weights(cells) for name, cells in self.hidden.items()}
        dice = np.random.default_rng(20261124)
        # One other solution clears every figure that differs in it: most go in a few rounds, and any solution does.
        for ask in [system.corner] * 12 + [system.numbers] * 12:
            if not open_still:
                return {}
            aim = np.array(list(open_still.values())).T @ dice.choice([-1.0, 1.0], len(open_still))
            open_still = _unmoved(open_still, first, ask(aim))
        for name, weights in list(open_still.items()):
            for sign in (1, -1):
                if name in open_still and system.least(sign * weights) <= sign * float(weights @ first) - 1 + NEARLY:
                    open_still = _unmoved(open_still, first, system.numbers(sign * weights, gap=0.0))
        return {name: round(float(weights @ first)) for name, weights in open_still.items()}

    def _weights(self, cells: Iterable[Cell]) -> Any:
        weights = np.zeros(len(self.places))
        for cell in cells:
            weights[self.places[cell]] += 1
        return weights


def _unmoved(names: dict[Cell, Any], first: Any, other: Any) -> dict[Cell, Any]:
    return {n: w for n, w in names.items() if other is None or round(float(w @ first)) == round(float(w @ other))}


class _System:
    """The equations as a linear program: in whole numbers, or in any, which goes on from one aim to the next.

    In any numbers a sum reaches at least as far as in whole ones: where it does not reach the next whole number, no
    whole numbers do.
    """

    def __init__(self, equations: list[tuple[dict[int, float], float, float]], count: int) -> None:
        entries = [(row, place, weight) for row, (e, _, _) in enumerate(equations) for place, weight in e.items()]
        rows, columns, weights = zip(*entries, strict=True)
        self._matrix = coo_array((weights, (rows, columns)), shape=(len(equations), count)).tocsr()
        self._lows, self._highs = (np.array([e[side] for e in equations], dtype=float) for side in (1, 2))
        self._places = np.arange(count, dtype=np.int32)
        self._whole, self._any = self._program(is_whole=True), self._program(is_whole=False)

    def numbers(self, aim: Any, gap: float = ANY) -> Any:
        """The whole numbers for which the aim is least, or at most `gap` (a share) from it. None: there are none."""
        self._whole.setOptionValue("mip_rel_gap", gap)
        found = self._solved(self._whole, aim)
        return None if found is None else np.round(found)

    def corner(self, aim: Any) -> Any:
        """The numbers for which the aim is least, where they are whole; otherwise None."""
        found = self._solved(self._any, aim)
        return np.round(found) if found is not None and self._are_whole(found) else None

    def least(self, aim: Any) -> float:
        """How small the aim can be in any numbers."""
        found = self._solved(self._any, aim)
        return -np.inf if found is None else float(aim @ found)

    def _are_whole(self, found: Any) -> bool:
        whole = np.round(found)
        sums = self._matrix @ whole
        return bool(
            np.abs(found - whole).max() < NEARLY
            and (sums >= self._lows - NEARLY).all()
            and (sums <= self._highs + NEARLY).all()
        )

    def _program(self, is_whole: bool) -> highspy.Highs:
        count, program = len(self._places), highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", 20.0)):
            program.setOptionValue(option, value)
        given = highspy.HighsLp()
        given.num_col_, given.num_row_ = count, len(self._lows)
        given.col_cost_, given.col_lower_, given.col_upper_ = np.zeros(count), np.zeros(count), np.full(count, MANY)
        given.row_lower_, given.row_upper_ = self._lows, self._highs
        given.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        given.a_matrix_.start_, given.a_matrix_.index_ = self._matrix.indptr, self._matrix.indices
        given.a_matrix_.value_ = self._matrix.data
        if is_whole:
            given.integrality_ = [highspy.HighsVarType.kInteger] * count
        program.passModel(given)
        return program

    def _solved(self, program: highspy.Highs, aim: Any) -> Any:
        program.changeColsCost(len(self._places), self._places, np.asarray(aim, dtype=float))
        program.run()
        solution = program.getSolution()
        is_of_use = program is self._whole or program.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return np.array(solution.col_value) if solution.value_valid and is_of_use else None


def grid_of(tables: dict[str, list[Row]], trust: str, month: str) -> Grid:
    """Services and weeks of a trust's month."""
    return [
        (row["service_id"], row["week_date"])
        for row in tables["public_service_weeks"]
        if (row["trust_code"], row["month_code"]) == (trust, month)
    ]


def attack_on(
    tables: dict[str, list[Row]], trust: str, month: str, grid: Grid | None = None, *, hides_noughts: bool = False
) -> Attack:
    """Everything that the public product says of a trust's month.

    grid: its services and weeks, where the tables do not have them any more. hides_noughts: a hidden month may be
    nought, as where an edition gives up detail.
    """

    def rows(name: str) -> list[Row]:
        return [row for row in tables[name] if row["trust_code"] == trust and row["month_code"] == month]

    attack = Attack()
    grid = grid or grid_of(tables, trust, month)
    themes = sorted({row["theme_code"] for row in rows("public_trust_theme_months")})
    for s, w in grid:
        comments, negative = attack.cell(("comments", s, w)), attack.cell(("negative", s, w))
        attack.at_most(negative, comments)
        for theme in themes:
            mentions, both = attack.cell((theme, s, w)), attack.cell((theme, "negative", s, w))
            attack.at_most(mentions, comments)
            # How a theme is spoken of says nothing for certain of the comment's own label.
            attack.at_most(both, mentions)

    def cells(row: Row, *what: str) -> list[Cell]:
        return [
            (*what, s, w)
            for s, w in grid
            if s == row.get("service_id", s) and w == row.get("week_date", w)
        ]  # fmt: skip

    for level in ("service_weeks", "service_months", "trust_weeks", "trust_months"):
        for row in rows(f"public_{level}"):
            key = tuple(row.get(name) for name in ("service_id", "week_date"))
            # A month without comments is shown as nought.
            least = int(level.endswith("months") and not hides_noughts)
            attack.figure(("comments", *key), cells(row, "comments"), row["comment_count"], least)
            attack.figure(("negative", *key), cells(row, "negative"), row["negative_count"], least)
            attack.share(cells(row, "negative"), cells(row, "comments"), row["negative_share"])
        for row in rows(f"public_{level.replace('_', '_theme_')}"):
            theme = row["theme_code"]
            key = (theme, *(row.get(name) for name in ("service_id", "week_date")))
            least = int(level.endswith("months") and not hides_noughts)
            attack.figure(key, cells(row, theme), row["comment_count"], least)
            attack.share(cells(row, theme), cells(row, "comments"), row["comment_share"])
            if row.get("negative_count") is not None:
                attack.figure(("both", *key), cells(row, theme, "negative"), row["negative_count"])
                attack.share(cells(row, theme, "negative"), cells(row, theme), row["negative_share"])
    return attack


def add_labels(attack: Attack, rows: Iterable[Row]) -> None:
    """What the trust's reports may show of the same service-weeks besides: rows of fct_service_weeks of one month."""

    def shown(label: str) -> int | None:
        return None if label == "*" else int(label)

    for row in rows:
        s, w = row["service_id"], row["week_date"]
        for name in CLASSES[1:]:
            attack.cell((name, s, w))
        attack.know({(name, s, w): 1 for name in CLASSES} | {("comments", s, w): -1}, 0, 0)
        for name, label in (("comments", "comment"), *((c, c) for c in CLASSES)):
            attack.figure((name, s, w, "label"), [(name, s, w)], shown(row[f"{label}_count_label"]))
            # A hidden label that the public product shows is no secret any more.
            if name in ("comments", "negative") and (name, s, w) not in attack.hidden:
                attack.hidden.pop((name, s, w, "label"), None)


def compared(before: Attack, after: Attack, gone: int) -> Attack:
    """What somebody works out who has two publications of a month and knows how many comments were erased between.

    No cell has grown. Of every cell, how much has gone is a figure that somebody wanted to hide.
    """
    both = Attack()
    for name, attack in (("before", before), ("after", after)):
        names = {place: both.cell((name, cell)) for cell, place in attack.places.items()}
        for weights, least, most in attack.equations:
            both.know({names[place]: weight for place, weight in weights.items()}, least, most)
        for figure, cells in attack.hidden.items():
            both.hidden[name, figure] = [(name, cell) for cell in cells]
    differences = []
    for cell in [cell for cell in before.places if cell in after.places]:
        difference = both.cell(("gone", cell))
        both.know({("before", cell): 1, ("after", cell): -1, difference: -1}, 0, 0)
        both.hidden["gone", cell] = [difference]
        if cell[0] == "comments":
            differences.append(difference)
    both.know(dict.fromkeys(differences, 1), gone, gone)
    return both
