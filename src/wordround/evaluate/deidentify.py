"""How well identifiers are found, on generated comments of which every identifier's place is known.

Comes in: the de-identifier and the corpus of `corpus/evaluation.py`. Goes out: counts and shares with 95 %
intervals, and
tables of them; never a text. A withheld comment leaks nothing and is counted apart: its identifiers count as kept back,
but not as found.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.table import Table

from wordround.deidentify import Deidentified, deidentify
from wordround.deidentify.names.vocabulary import WORD, vocabulary
from wordround.evaluate.agreement import wilson
from wordround.evaluate.corpus import evaluation
from wordround.evaluate.corpus.filling import Marked, Sample

# Names that are ordinary words ("river") are found by lists; with the lists hidden they are counted, and not in the
# gate.
GATED_NAMES = ("first name", "surname", "full name", "nickname")
NAME_KINDS = ("first name", "surname", "full name", "nickname", "name that is a word", "initials")
# What the gates ask. Names: the lower bound of the interval over all kinds of names.
STRUCTURED_RECALL, NAME_RECALL_LOW, TOUCHED, LEAKING = 0.99, 0.95, 0.01, 0.03
STRUCTURED = (
    "email address", "phone number", "NHS number", "hospital number", "National Insurance number", "passport number",
    "driving licence number", "vehicle registration", "bank card number", "bank account number", "postcode", "handle",
    "profile link", "web address", "IP address",
)  # fmt: skip

Tally = dict[str, Any]


def evaluate(fillings: int = 6, seed: int = evaluation.SEED) -> dict[str, Any]:
    """Measure de-identification, with the names of the corpus hidden from the recognisers' lists, and as shipped.

    fillings: how often each template is filled. Returns {fillings, seed, documents, kinds, found, names_by, clean,
    gates, as_shipped: {documents, kinds}}.
    """
    with evaluation.names_unknown():
        outcome = _measure(fillings, seed)
    shipped = _measure(fillings, seed)
    outcome["as_shipped"] = {name: shipped[name] for name in ("documents", "kinds", "clean")}
    return outcome | {"gates": gates(outcome)}


def _measure(fillings: int, seed: int) -> dict[str, Any]:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    found_kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    documents: Counter[str] = Counter()
    for sample in evaluation.carriers(fillings, seed):
        result = deidentify(sample.text)
        documents["all"] += 1
        documents["withheld"] += result.withheld
        covered = _covered(sample.text, result)
        leaks = False
        for mark in sample.marked:
            missed = [
                place for place in range(mark.start, mark.end) if sample.text[place].isalnum() and place not in covered
            ]
            outcome = Counter(
                all=1,
                found=not missed,
                kept_back=not missed or result.withheld,
                characters=mark.end - mark.start,
                characters_missed=0 if result.withheld else len(missed),
            )
            leaks |= bool(missed) and not result.withheld
            kind = _kind(mark, sample.text)
            counted[kind] += outcome
            if kind in GATED_NAMES:
                for dimension in _dimensions(sample, mark):
                    by[dimension] += outcome
        documents["leaking"] += leaks
        for span in result.found:
            overlaps = any(span.start < mark.end and mark.start < span.end for mark in sample.marked)
            found_kinds[span.kind] += Counter({"all": 1, "right": overlaps})
    return {
        "fillings": fillings,
        "seed": seed,
        "documents": _documents(documents, fillings * len(evaluation.given()["clean"]["comments"])),
        "kinds": {kind: _recall(counts) for kind, counts in sorted(counted.items())},
        "found": {kind: _share(counts["right"], counts["all"]) for kind, counts in sorted(found_kinds.items())},
        "names_by": _nested({dimension: _recall(counts) for dimension, counts in sorted(by.items())}),
        "clean": _clean(evaluation.clean(seed), deidentify),
    }


def _kind(mark: Marked, text: str) -> str:
    """Return the kind under which an identifier is counted: a name of which a part is an English word is one of
    those.
    """
    if mark.kind not in GATED_NAMES:
        return mark.kind
    known = vocabulary()
    parts = WORD.findall(text[mark.start : mark.end].lower())
    return "name that is a word" if any(known.look_up(part).is_ordinary for part in parts) else mark.kind


def gates(outcome: Mapping[str, Any]) -> dict[str, bool]:
    """Say which of the promised figures hold."""
    structured = [outcome["kinds"][kind] for kind in STRUCTURED if kind in outcome["kinds"]]
    names = _names(outcome)
    return {
        f"structured identifiers: recall at least {STRUCTURED_RECALL}": sum(k["found"] for k in structured)
        >= STRUCTURED_RECALL * sum(k["all"] for k in structured),
        f"names: lower bound of recall at least {NAME_RECALL_LOW}": names["low"] >= NAME_RECALL_LOW,
        f"clean comments touched: at most {TOUCHED:.0%}": outcome["clean"]["as written"]["touched"]["share"] <= TOUCHED,
        f"comments with any leak: at most {LEAKING:.0%}": outcome["documents"]["leaking"]["share"] <= LEAKING,
    }


def _names(outcome: Mapping[str, Any]) -> Tally:
    kinds = [outcome["kinds"][kind] for kind in GATED_NAMES if kind in outcome["kinds"]]
    return _share(sum(kind["kept_back"] for kind in kinds), sum(kind["all"] for kind in kinds))


def _covered(text: str, result: Deidentified) -> set[int]:
    return {place for span in result.found for place in range(span.start, span.end)}


def _dimensions(sample: Sample, mark: Marked) -> Iterable[tuple[str, str]]:
    middle = (mark.start + mark.end) / 2 / max(1, len(sample.text))
    yield "casing", sample.casing
    yield "typing errors", "yes" if sample.typos else "no"
    yield "position", "first third" if middle < 1 / 3 else "last third" if middle > 2 / 3 else "middle third"
    if mark.origin:
        yield "origin", mark.origin


def _share(part: int, whole: int) -> Tally:
    low, high = wilson(part, whole)
    return {"count": part, "all": whole, "share": part / whole if whole else None, "low": low, "high": high}


def _recall(counts: Counter[str]) -> Tally:
    low, high = wilson(counts["found"], counts["all"])
    return {
        "all": counts["all"],
        "found": counts["found"],
        "kept_back": counts["kept_back"],
        "recall": counts["found"] / counts["all"],
        "low": low,
        "high": high,
        "character_recall": 1 - counts["characters_missed"] / counts["characters"],
    }


def _documents(counts: Counter[str], clean: int) -> Tally:
    """Shares of the whole corpus, comments without an identifier included, and of those with one."""
    whole = counts["all"] + clean
    of_holding = {
        f"{name}, of those with an identifier": _share(counts[name], counts["all"]) for name in ("leaking", "withheld")
    }
    return {"leaking": _share(counts["leaking"], whole), **of_holding}


def _clean(samples: Iterable[Sample], look: Callable[[str], Deidentified]) -> dict[str, Any]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        result = look(sample.text)
        group = "as written" if sample.casing == "as written" else "other casing and typing errors"
        counts[group] += Counter(
            {"all": 1, "touched": bool(result.found) and not result.withheld, "withheld": result.withheld}
        )
    return {
        group: {name: _share(of[name], of["all"]) for name in ("touched", "withheld")} for group, of in counts.items()
    }


def _nested(flat: Mapping[tuple[str, str], Tally]) -> dict[str, dict[str, Tally]]:
    nested: defaultdict[str, dict[str, Tally]] = defaultdict(dict)
    for (dimension, value), tally in flat.items():
        nested[dimension][value] = tally
    return dict(nested)


def as_table(outcome: Mapping[str, Any]) -> Table:
    """The figures by kind for people."""
    table = Table(title=f"de-identification: {outcome['documents']['leaking']['all']:,} comments")
    for column in ("kind", "identifiers", "recall", "95 %", "characters", "kept back"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    rows = [(kind, figures) for kind, figures in outcome["kinds"].items()]
    rows += [
        (f"names, {name}: {value}", figures)
        for name, of in outcome["names_by"].items()
        for value, figures in of.items()
    ]
    for kind, figures in rows:
        table.add_row(
            kind,
            f"{figures['all']:,}",
            f"{figures['recall']:.3f}",
            f"{figures['low']:.3f}-{figures['high']:.3f}",
            f"{figures['character_recall']:.3f}",
            f"{figures['kept_back'] / figures['all']:.3f}",
        )
    documents = outcome["documents"]
    lines = [f"comments, {name}: {figures['share']:.2%}" for name, figures in documents.items()]
    for group, of in outcome["clean"].items():
        lines.append(
            f"clean comments, {group} ({of['touched']['all']:,}): touched {of['touched']['share']:.2%}, "
            f"withheld {of['withheld']['share']:.2%}"
        )
    lines += [f"{'holds' if holds else 'FAILS'}: {gate}" for gate, holds in outcome["gates"].items()]
    table.caption = "\n".join(lines)
    return table
