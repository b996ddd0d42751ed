"""How well copied text is found, on generated comments of which every copy is known.

Comes in: the grouping (understand/copies.py) and the comments of `corpus/copies.py`. Goes out: counts and shares with
95 % intervals, and tables of them; never a text. Pairs: every two comments that are copies, or were grouped. Comments:
one counts as found when it is grouped with a copy, and as right when all that it is grouped with are copies.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from rich.table import Table

from wordround.evaluate.agreement import wilson
from wordround.evaluate.corpus import copies as corpus
from wordround.understand import copies

# What the gate asks of the half that nothing was chosen on.
PRECISION, RECALL = 0.98, 0.9
TRIED = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)

Tally = dict[str, Any]


def evaluate(seed: int = corpus.SEED) -> dict[str, Any]:
    """Measure the grouping on both halves, and on the development half by threshold.

    Returns {task, model_version, seed, threshold, fewest_words, by_threshold: {threshold: {precision, recall}},
    development, held_out: {comments, texts, pairs: {precision, recall}, of_comments: {precision, recall}, kinds,
    no_copies}, gates}.
    """
    development = corpus.comments("development", seed)
    outcome: dict[str, Any] = {
        "task": "copies",
        "model_version": copies.version(),
        "seed": seed,
        "threshold": copies.RESEMBLANCE,
        "fewest_words": copies.FEWEST_WORDS,
        "by_threshold": {str(tried): _measure(development, tried)["pairs"] for tried in TRIED},
        "development": _measure(development),
        "held_out": _measure(corpus.comments("held_out", seed)),
    }
    return outcome | {"gates": gates(outcome)}


def gates(outcome: Mapping[str, Any]) -> dict[str, bool]:
    """Say which of the promised figures hold, on the half that was held out."""
    held_out = outcome["held_out"]
    return {
        f"{what}: {figure} at least {least}": held_out[key][figure]["share"] >= least
        for what, key in (("pairs", "pairs"), ("comments", "of_comments"))
        for figure, least in (("precision", PRECISION), ("recall", RECALL))
    }


def _measure(comments: Sequence[corpus.Comment], threshold: float = copies.RESEMBLANCE) -> dict[str, Any]:
    said = copies.groups({f"{place:06}": comment.text for place, comment in enumerate(comments)}, threshold)
    grouped, true = _mates(said.items()), _mates((f"{i:06}", one.original) for i, one in enumerate(comments))
    found_pairs, true_pairs = _pairs(grouped), _pairs(true)
    both = len(found_pairs & true_pairs)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, comment in enumerate(comments):
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
    return {
        "comments": len(comments),
        "texts": len({comment.original for comment in comments}),
        "pairs": {"precision": _share(both, len(found_pairs)), "recall": _share(both, len(true_pairs))},
        "of_comments": {
            "precision": _share(total["right"], total["grouped"]),
            "recall": _share(total["found"], total["has_copy"]),
        },
        "kinds": {kind: _share(of["found"], of["all"]) for kind, of in sorted(counted.items()) if of["has_copy"]},
        "no_copies": {
            kind: _share(of["grouped"], of["all"]) for kind, of in sorted(counted.items()) if not of["has_copy"]
        },
    }


def _mates(named: Any) -> dict[str, set[str]]:
    """Return with whom each name shares its group, for those that share it with anybody."""
    members: dict[str, list[str]] = {}
    for name, group in named:
        members.setdefault(group, []).append(name)
    return {name: set(names) - {name} for names in members.values() if len(names) > 1 for name in names}


def _pairs(mates: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    groups = {tuple(sorted({name, *others})) for name, others in mates.items()}
    return {pair for group in groups for pair in combinations(group, 2)}


def _share(part: int, whole: int) -> Tally:
    low, high = wilson(part, whole)
    return {"count": part, "all": whole, "share": part / whole if whole else 1.0, "low": low, "high": high}


def as_table(outcome: Mapping[str, Any]) -> Table:
    """The figures for people."""
    table = Table(title=f"copies, {outcome['model_version']}: {outcome['held_out']['comments']:,} comments held out")
    for column in ("", "count", "of", "share", "95 %"):
        table.add_column(column, justify="right" if column else "left")
    held_out = outcome["held_out"]
    lines = [
        (f"{what}: {figure}", held_out[key][figure])
        for what, key in (("pairs", "pairs"), ("comments", "of_comments"))
        for figure in ("precision", "recall")
    ]
    lines += [(f"found, {kind}", figures) for kind, figures in held_out["kinds"].items()]
    lines += [(f"grouped and no copy, {kind}", figures) for kind, figures in held_out["no_copies"].items()]
    for name, figures in lines:
        interval = f"{figures['low']:.3f}-{figures['high']:.3f}" if figures["all"] else "-"
        table.add_row(name, f"{figures['count']:,}", f"{figures['all']:,}", f"{figures['share']:.3f}", interval)
    table.caption = "\n".join(f"{'holds' if holds else 'FAILS'}: {gate}" for gate, holds in outcome["gates"].items())
    return table
