"""How well identifiers are found, on generated comments of which every identifier's place is known.

The corpus is `corpus/evaluation.py`. A withheld comment leaks nothing and is counted apart: its identifiers count as
kept back, but not as found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Self

from rich.table import Table

from wordround.deidentify import Deidentified, deidentify
from wordround.deidentify.names.vocabulary import WORD, vocabulary
from wordround.evaluate import situations, welsh
from wordround.evaluate.agreement import Figures, Share, interval, shown, wilson
from wordround.evaluate.corpus import evaluation
from wordround.evaluate.corpus.filling import Marked, Sample
from wordround.evaluate.corpus.situations import Half
from wordround.evaluate.evaluation import Evaluation
from wordround.evaluate.situations import HalfFigures, rows
from wordround.evaluate.welsh import WelshFigures

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

# Below this recall the page names a kind among those that are least found.
WEAK = 0.9


class Recall(Figures):
    """How many identifiers were found whole, and how many are not to be read: found, or in a withheld comment."""

    all: int
    found: int
    kept_back: int
    recall: float
    low: float | None
    high: float | None
    character_recall: float

    @classmethod
    def of(cls, counts: Counter[str]) -> Self:
        low, high = wilson(counts["found"], counts["all"])
        return cls(
            all=counts["all"],
            found=counts["found"],
            kept_back=counts["kept_back"],
            recall=counts["found"] / counts["all"],
            low=low,
            high=high,
            character_recall=1 - counts["characters_missed"] / counts["characters"],
        )


class Clean(Figures):
    """What became of comments without an identifier."""

    touched: Share
    withheld: Share


class AsShipped(Figures):
    """Figures with the recognisers' lists as they are."""

    documents: dict[str, Share]
    kinds: dict[str, Recall]
    clean: dict[str, Clean]


class Measured(AsShipped):
    """Figures of one pass over the corpus. found: precision by kind; names_by: recall by dimension and value."""

    found: dict[str, Share]
    names_by: dict[str, dict[str, Recall]]


class Deidentification(Measured, Evaluation):
    """De-identification with the names of the corpus hidden from the recognisers' lists, and as shipped."""

    page: ClassVar[str] = "deidentify.md.j2"

    fillings: int
    seed: int
    as_shipped: AsShipped
    situations: dict[str, HalfFigures]
    welsh: dict[Half, WelshFigures]
    gates: dict[str, bool]

    def page_values(self) -> Mapping[str, object]:
        """Each kind in its place, and what the gates are about."""
        weakest = sorted(self.kinds.items(), key=lambda item: item[1].recall)
        return {
            "rows": list(self._rows()),
            "weakest": [kind for kind, figures in weakest if figures.recall < WEAK],
            "gated": ", ".join(GATED_NAMES),
            "situations": list(rows(self.situations)),
            "welsh": list(welsh.rows(self.welsh)),
        }

    def _rows(self) -> Iterator[tuple[str, Recall, Recall]]:
        """Yield each kind in a fixed order: structured, of people's lives, names."""
        others = sorted(set(self.kinds) - {*STRUCTURED, *NAME_KINDS})
        for kind in (*STRUCTURED, *others, *NAME_KINDS):
            if kind in self.kinds:
                yield kind, self.kinds[kind], self.as_shipped.kinds.get(kind, self.kinds[kind])

    def as_table(self) -> Table:
        """The figures by kind for people."""
        table = Table(title=f"de-identification: {self.documents['leaking'].all:,} comments")
        for column in ("kind", "identifiers", "recall", "95 %", "characters", "kept back"):
            table.add_column(column, justify="left" if column == "kind" else "right")
        rows = list(self.kinds.items())
        rows += [(f"names, {name}: {value}", of) for name, by in self.names_by.items() for value, of in by.items()]
        for kind, of in rows:
            shares = (of.recall, of.character_recall, of.kept_back / of.all)
            recall, characters, kept_back = map(shown, shares)
            table.add_row(kind, f"{of.all:,}", recall, interval(of.low, of.high), characters, kept_back)
        lines = [f"comments, {name}: {shown(of.share, '.2%')}" for name, of in self.documents.items()]
        lines += [
            f"clean comments, {group} ({of.touched.all:,}): touched {shown(of.touched.share, '.2%')}, "
            f"withheld {shown(of.withheld.share, '.2%')}"
            for group, of in self.clean.items()
        ]
        lines += [f"{'holds' if holds else 'FAILS'}: {gate}" for gate, holds in self.gates.items()]
        table.caption = "\n".join(lines)
        return table


def evaluate(fillings: int = 6, seed: int = evaluation.SEED) -> Deidentification:
    """Measure de-identification on generated comments; each template is filled `fillings` times."""
    with evaluation.names_unknown():
        hidden = _measure(fillings, seed)
    shipped = AsShipped.model_validate(_measure(fillings, seed).model_dump(include=set(AsShipped.model_fields)))
    return Deidentification(
        fillings=fillings,
        seed=seed,
        as_shipped=shipped,
        situations=situations.measure(fillings),
        welsh=welsh.measure(),
        gates=_gates(hidden),
        **dict(hidden),
    )


def _measure(fillings: int, seed: int) -> Measured:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    found_kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    documents: Counter[str] = Counter()
    for sample in evaluation.carriers(fillings, seed):
        result = deidentify(sample.text)
        documents["all"] += 1
        documents["withheld"] += result.withheld
        covered = _covered(result)
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
    names_by: defaultdict[str, dict[str, Recall]] = defaultdict(dict)
    for (name, value), counts in sorted(by.items()):
        names_by[name][value] = Recall.of(counts)
    return Measured(
        documents=_documents(documents, fillings * len(evaluation.given()["clean"]["comments"])),
        kinds={kind: Recall.of(counts) for kind, counts in sorted(counted.items())},
        found={kind: Share.of(counts["right"], counts["all"]) for kind, counts in sorted(found_kinds.items())},
        names_by=dict(names_by),
        clean=_clean(evaluation.clean(seed)),
    )


def _kind(mark: Marked, text: str) -> str:
    """Return the kind under which an identifier is counted. Names with a part that is an English word are a kind."""
    if mark.kind not in GATED_NAMES:
        return mark.kind
    known = vocabulary()
    parts = WORD.findall(text[mark.start : mark.end].lower())
    return "name that is a word" if any(known.look_up(part).is_ordinary for part in parts) else mark.kind


def _gates(measured: Measured) -> dict[str, bool]:
    """Say which of the promised figures hold."""
    structured = [measured.kinds[kind] for kind in STRUCTURED if kind in measured.kinds]
    names = [measured.kinds[kind] for kind in GATED_NAMES if kind in measured.kinds]
    found = Share.of(sum(kind.found for kind in structured), sum(kind.all for kind in structured))
    kept_back = Share.of(sum(kind.kept_back for kind in names), sum(kind.all for kind in names))
    touched, leaking = measured.clean["as written"].touched.share, measured.documents["leaking"].share
    return {
        f"structured identifiers: recall at least {STRUCTURED_RECALL}": found.is_at_least(STRUCTURED_RECALL),
        f"names: lower bound of recall at least {NAME_RECALL_LOW}": (kept_back.low or 0.0) >= NAME_RECALL_LOW,
        f"clean comments touched: at most {TOUCHED:.0%}": (touched or 0.0) <= TOUCHED,
        f"comments with any leak: at most {LEAKING:.0%}": (leaking or 0.0) <= LEAKING,
    }


def _covered(result: Deidentified) -> set[int]:
    return {place for span in result.found for place in range(span.start, span.end)}


def _dimensions(sample: Sample, mark: Marked) -> Iterable[tuple[str, str]]:
    middle = (mark.start + mark.end) / 2 / max(1, len(sample.text))
    yield "casing", sample.casing
    yield "typing errors", "yes" if sample.typos else "no"
    yield "position", "first third" if middle < 1 / 3 else "last third" if middle > 2 / 3 else "middle third"
    if mark.origin:
        yield "origin", mark.origin


def _documents(counts: Counter[str], clean: int) -> dict[str, Share]:
    """Shares of the whole corpus, comments without an identifier included, and of those with one."""
    of_holding = {
        f"{name}, of those with an identifier": Share.of(counts[name], counts["all"])
        for name in ("leaking", "withheld")
    }
    return {"leaking": Share.of(counts["leaking"], counts["all"] + clean), **of_holding}


def _clean(samples: Iterable[Sample]) -> dict[str, Clean]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        result = deidentify(sample.text)
        group = "as written" if sample.casing == "as written" else "other casing and typing errors"
        counts[group] += Counter(
            {"all": 1, "touched": bool(result.found) and not result.withheld, "withheld": result.withheld}
        )
    return {
        group: Clean(touched=Share.of(of["touched"], of["all"]), withheld=Share.of(of["withheld"], of["all"]))
        for group, of in counts.items()
    }
