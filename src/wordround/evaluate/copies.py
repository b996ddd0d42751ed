"""How well copied text is found, on generated comments of which every copy is known.

The grouping is understand/copies.py, the comments are those of `corpus/copies.py`. Pairs: every two comments that are
copies, or were grouped. Comments: one counts as found when it is grouped with a copy, and as right when all that it is
grouped with are copies.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import ClassVar, Literal

from rich.table import Table

from wordround.evaluate.agreement import Figures, Share, interval, shown
from wordround.evaluate.corpus.copies import SEED, Comment, comments
from wordround.evaluate.evaluation import Evaluation
from wordround.understand import copies

# What the gate asks of the half that nothing was chosen on.
PRECISION, RECALL = 0.98, 0.9
TRIED = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


class Fit(Figures):
    """Precision and recall."""

    precision: Share
    recall: Share


class Half(Figures):
    """What was measured on one half of the corpus; `kinds` are copies, `no_copies` what only looks alike."""

    comments: int
    texts: int
    pairs: Fit
    of_comments: Fit
    kinds: dict[str, Share]
    no_copies: dict[str, Share]

    def promised(self) -> dict[str, tuple[Share, float]]:
        """The figures that the gate asks for, each with the least that it may be."""
        return {
            f"{what}: {figure}": (getattr(fit, figure), least)
            for what, fit in (("pairs", self.pairs), ("comments", self.of_comments))
            for figure, least in (("precision", PRECISION), ("recall", RECALL))
        }


class Copies(Evaluation):
    """The grouping measured on both halves, and on the development half by threshold."""

    page: ClassVar[str] = "copies.md.j2"

    task: Literal["copies"] = "copies"
    model_version: str
    seed: int
    threshold: float
    fewest_words: int
    by_threshold: dict[str, Fit]
    development: Half
    held_out: Half
    gates: dict[str, bool]

    def page_values(self) -> Mapping[str, object]:
        """How the grouping is set, and the chance that two texts of a resemblance share a band."""
        return {
            "bands": copies.BANDS,
            "rows": copies.ROWS,
            "words": copies.FEWEST_WORDS,
            "containment": copies.CONTAINMENT,
            "caught": _caught,
        }

    def as_table(self) -> Table:
        """The figures for people."""
        table = Table(title=f"copies, {self.model_version}: {self.held_out.comments:,} comments held out")
        for column in ("", "count", "of", "share", "95 %"):
            table.add_column(column, justify="right" if column else "left")
        lines = [(name, figures) for name, (figures, _) in self.held_out.promised().items()]
        lines += [(f"found, {kind}", figures) for kind, figures in self.held_out.kinds.items()]
        lines += [(f"grouped and no copy, {kind}", figures) for kind, figures in self.held_out.no_copies.items()]
        for name, of in lines:
            table.add_row(name, f"{of.count:,}", f"{of.all:,}", shown(of.share), interval(of.low, of.high))
        table.caption = "\n".join(f"{'holds' if holds else 'FAILS'}: {gate}" for gate, holds in self.gates.items())
        return table


def evaluate(seed: int = SEED) -> Copies:
    """Measure the grouping on the generated comments."""
    development, held_out = comments("development", seed), _measure(comments("held_out", seed))
    return Copies(
        model_version=copies.version(),
        seed=seed,
        threshold=copies.RESEMBLANCE,
        fewest_words=copies.FEWEST_WORDS,
        by_threshold={str(tried): _measure(development, tried).pairs for tried in TRIED},
        development=_measure(development),
        held_out=held_out,
        gates={f"{name} at least {least}": of.is_at_least(least) for name, (of, least) in held_out.promised().items()},
    )


def _caught(resemblance: float) -> float:
    """Return the chance that two texts of this resemblance share a band (Leskovec et al., 3.4.2)."""
    return float(1 - (1 - resemblance**copies.ROWS) ** copies.BANDS)


def _measure(given: Sequence[Comment], threshold: float = copies.RESEMBLANCE) -> Half:
    groups = copies.groups({f"{place:06}": comment.text for place, comment in enumerate(given)}, threshold)
    grouped, true = _mates(groups.items()), _mates((f"{i:06}", one.original) for i, one in enumerate(given))
    found_pairs, true_pairs = _pairs(grouped), _pairs(true)
    both = len(found_pairs & true_pairs)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, comment in enumerate(given):
        name = f"{place:06}"
        with_copies, with_others = grouped.get(name, set()) & true.get(name, set()), grouped.get(name, set())
        counted[comment.kind] += Counter(
            all=1,
            grouped=bool(with_others),
            has_copy=name in true,
            found=bool(with_copies),
            right=bool(with_others) and with_copies == with_others,
        )
    total = sum(counted.values(), Counter[str]())
    kinds = sorted(counted.items())
    return Half(
        comments=len(given),
        texts=len({comment.original for comment in given}),
        pairs=Fit(precision=Share.of(both, len(found_pairs)), recall=Share.of(both, len(true_pairs))),
        of_comments=Fit(
            precision=Share.of(total["right"], total["grouped"]), recall=Share.of(total["found"], total["has_copy"])
        ),
        kinds={kind: Share.of(of["found"], of["all"]) for kind, of in kinds if of["has_copy"]},
        no_copies={kind: Share.of(of["grouped"], of["all"]) for kind, of in kinds if not of["has_copy"]},
    )


def _mates(named: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return with whom each name shares its group, for those that share it with anybody."""
    members: dict[str, list[str]] = {}
    for name, group in named:
        members.setdefault(group, []).append(name)
    return {name: set(names) - {name} for names in members.values() if len(names) > 1 for name in names}


def _pairs(mates: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    groups = {tuple(sorted({name, *others})) for name, others in mates.items()}
    return {pair for group in groups for pair in combinations(group, 2)}
