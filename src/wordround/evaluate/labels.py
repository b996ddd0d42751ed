"""How well VADER agrees with people, on a file that people labelled; the learned model has its own page (comments.py).

The file is CSV, Excel or Parquet; one in which a column that the figures need is missing is refused. Sentiment is
labelled 1 (very positive) to 5 (very negative).
"""

import csv
import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

from rich.table import Table

from wordround.connectors.fft.answers import question_type_of
from wordround.connectors.files.no_answer import is_no_answer
from wordround.connectors.files.reading import read_table
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.evaluate.agreement import (
    Agreement,
    Average,
    ShareBias,
    agreement,
    interval,
    macro_average,
    micro_average,
    share_bias,
    shown,
)
from wordround.evaluate.evaluation import Evaluation
from wordround.folders import REFERENCE

SENTIMENTS = ("negative", "neutral", "positive")
# The cut-off of VADER's authors; dbt has the same as a variable.
CUT_OFF = 0.05

Record = dict[str, str]


class Scored(Protocol):
    """What a scorer gives for a text."""

    @property
    def compound(self) -> float: ...


class Scorer(Protocol):
    """A sentiment model."""

    version: str

    def score(self, text: str) -> Scored: ...


class LabelsEvaluation(Evaluation):
    """Agreement with people: figures of each label, averages over labels, and what became of the rows."""

    model_version: str
    rows: dict[str, int]
    labels: list[Agreement]
    micro: Average
    macro: Average


class SentimentEvaluation(LabelsEvaluation):
    """The sentiment labels. confusion: {labelled: {predicted: count}}. A trend rests on the bias of the negatives."""

    task: Literal["sentiment"] = "sentiment"
    confusion: dict[str, dict[str, int]]
    negative_share: ShareBias

    def as_table(self) -> Table:
        """The figures for people, with the bias in the caption."""
        table, share = _table(self.task, self, self.confusion), self.negative_share
        bias, low, high = (shown(one, "+.3f") for one in (share.bias, share.bias_low, share.bias_high))
        table.caption = (
            f"Share negative: labelled {shown(share.labelled)}, predicted {shown(share.predicted)}, "
            f"bias {bias} ({low} to {high})"
        )
        return table


def evaluate(labels_file: Path) -> LabelsEvaluation:
    """Evaluate VADER, which was tuned on nothing."""
    from wordround.understand.sentiment import Vader

    return evaluate_sentiment(labels_file, Vader())


def evaluate_sentiment(
    labels_file: Path,
    scorer: Scorer,
    *,
    nothing_answers: Path = REFERENCE / "nothing_answers.csv",
    answer: str = "FFT answer",
    question: str = "FFT question",
    sentiment: str = "Comment sentiment",
) -> SentimentEvaluation:
    """Compare sentiment as the marts have it ("Nothing" to improve is positive) with labels 1 to 5.

    Rows without an answer or a label are left out and counted. Raises UnexpectedColumns or FileUnreadable.
    """
    header, records = _read(labels_file)
    _require(labels_file.name, header, (answer, question, sentiment))
    predict = _as_in_the_marts(scorer, {row["answer"] for row in _reference(nothing_answers)})
    rows, pairs = Counter[str](), []
    for record in records:
        rows["in"] += 1
        labelled = _sentiment_of(record[sentiment])
        if is_no_answer(record[answer]):
            rows["without_answer"] += 1
        elif labelled is None:
            rows["without_label"] += 1
        else:
            pairs.append((labelled, predict(record[answer], record[question])))
    rows["measured"] = len(pairs)
    counted = Counter(pairs)
    labels = [agreement(label, [({true}, {predicted}) for true, predicted in pairs]) for label in SENTIMENTS]
    return SentimentEvaluation(
        model_version=scorer.version,
        rows=_counts(rows),
        labels=labels,
        micro=micro_average(labels),
        macro=macro_average(labels),
        confusion={true: {predicted: counted[true, predicted] for predicted in SENTIMENTS} for true in SENTIMENTS},
        negative_share=share_bias(pairs, "negative"),
    )


def answers_of(labels_file: Path, answer: str = "FFT answer") -> list[str]:
    """Return the answers of a file that say something. Raises UnexpectedColumns or FileUnreadable."""
    header, records = _read(labels_file)
    _require(labels_file.name, header, [answer])
    return [record[answer] for record in records if not is_no_answer(record[answer])]


def _counts(rows: Counter[str]) -> dict[str, int]:
    return {name: rows[name] for name in ("in", "without_answer", "without_label", "measured")}


def _as_in_the_marts(scorer: Scorer, nothing_answers: Collection[str]) -> Callable[[str, str], str]:
    def predict(text: str, asked: str) -> str:
        bare = " ".join(re.sub("[^a-z ]", " ", text.lower()).split()) if len(text) < 60 else None
        if bare in nothing_answers and question_type_of(asked) == "could_improve":
            return "positive"
        compound = scorer.score(text).compound
        return "negative" if compound <= -CUT_OFF else "positive" if compound >= CUT_OFF else "neutral"

    return predict


def _sentiment_of(written: str) -> str | None:
    grade = written.removesuffix(".0")
    return {"1": "positive", "2": "positive", "3": "neutral", "4": "negative", "5": "negative"}.get(grade)


def _require(file_name: str, header: Sequence[str], columns: Iterable[str]) -> None:
    hints = []
    for column in columns:
        if column not in header:
            near = difflib.get_close_matches(column, header, n=1, cutoff=0.5)
            hints.append(f"'{column}'" + (f" (did you mean '{near[0]}'?)" if near else " (nothing like it is there)"))
    if hints:
        raise UnexpectedColumns(
            f"{file_name}: nothing was measured, row 1 misses {', '.join(hints)}. Rename the column in the file."
        )


def _read(path: Path) -> tuple[list[str], Iterator[Record]]:
    """The header, and each row that could be cut into cells as text by column."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{path}: cannot be read ({error.strerror}).") from error

    try:
        table = read_table(path, file)
    except BaseException:
        file.close()
        raise

    def records() -> Iterator[Record]:
        try:
            for row in table.rows:
                if row.problem is None:
                    cells = ("" if cell is None else str(cell).strip() for cell in row.cells)
                    yield dict.fromkeys(table.header, "") | dict(zip(table.header, cells, strict=False))
        finally:
            file.close()

    return table.header, records()


def _reference(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _table(task: str, evaluation: LabelsEvaluation, confusion: dict[str, dict[str, int]]) -> Table:
    """A line per label and the averages below."""
    rows = evaluation.rows
    table = Table(title=f"{task}, {evaluation.model_version}: {rows['measured']:,} of {rows['in']:,} rows")
    table.add_column("label")
    for column in ("labelled", "predicted", "precision", "95 %", "recall", "95 %", "F1"):
        table.add_column(column, justify="right")
    for predicted in confusion:
        table.add_column(f"predicted {predicted}", justify="right")
    for one in evaluation.labels:
        precision = (shown(one.precision), interval(one.precision_low, one.precision_high, ".2f"))
        recall = (shown(one.recall), interval(one.recall_low, one.recall_high, ".2f"))
        cells = (f"{count:,}" for count in confusion.get(one.label, {}).values())
        table.add_row(one.label, f"{one.support:,}", f"{one.predicted:,}", *precision, *recall, shown(one.f1), *cells)
    table.add_section()
    for name, mean in (("micro", evaluation.micro), ("macro", evaluation.macro)):
        table.add_row(f"{name} average", "", "", shown(mean.precision), "", shown(mean.recall), "", shown(mean.f1))
    return table
