"""Agreement with people, checked by hand on small files; the real labelled file only where it is at hand."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.evaluate.agreement import Agreement, Average, share_bias, wilson
from wordround.evaluate.labels import LabelsEvaluation, evaluate, evaluate_sentiment
from wordround.settings import PROJECT

LABELLED = Path(
    os.environ.get("WORDROUND_LABELLED_COMMENTS", PROJECT.parent / "shared" / "data" / "nhs_fft_labelled.csv")
)
needs_labelled = pytest.mark.skipif(
    not LABELLED.is_file(), reason="the labelled comments are not here; WORDROUND_LABELLED_COMMENTS says where they are"
)


class Said(NamedTuple):
    compound: float


class Scorer:
    """Says what the text says: the last word of each is its compound."""

    version = "scorer-1"

    def score(self, text: str) -> Said:
        return Said(float(text.split()[-1]))


def sentiment_file(folder: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    file = folder / "labels.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["FFT question", "FFT answer", "Comment sentiment"])
        writer.writerows(rows)
    return file


def of(evaluation: LabelsEvaluation, label: str) -> Agreement:
    return next(one for one in evaluation.labels if one.label == label)


def test_sentiment_figures_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    good, better = "What was good?", "What could we do better?"
    file = sentiment_file(
        tmp_path,
        [
            (good, "a 0.6", "1"),
            (good, "b 0.05", "2"),
            (good, "c -0.05", "2"),
            (good, "d 0.04", "3.0"),
            (better, "e -0.9", "4"),
            (better, "f 0.0", "4"),
            (better, "g 0.7", "5"),
            (better, "h 0.7", ""),
            (better, "Did not answer", "3"),
        ],
    )
    figures = evaluate_sentiment(file, Scorer())
    assert figures.rows == {"in": 9, "without_answer": 1, "without_label": 1, "measured": 7}
    assert figures.confusion == {
        "negative": {"negative": 1, "neutral": 1, "positive": 1},
        "neutral": {"negative": 0, "neutral": 1, "positive": 0},
        "positive": {"negative": 1, "neutral": 0, "positive": 2},
    }
    share = figures.negative_share
    assert (share.labelled, share.predicted) == pytest.approx((3 / 7, 2 / 7))
    assert share.bias == pytest.approx(-1 / 7)
    assert share.bias_low < share.bias < share.bias_high
    assert of(figures, "negative").recall == pytest.approx(1 / 3)


def test_nothing_to_improve_counts_as_praise_as_it_does_in_the_marts(tmp_path: Path) -> None:
    class Gloomy:
        version = "gloomy"

        def score(self, text: str) -> Said:
            return Said(-1.0)

    rows = [("What could we do better?", "Nothing!", "2"), ("What was good?", "Nothing!", "4")]
    figures = evaluate_sentiment(sentiment_file(tmp_path, rows), Gloomy())
    assert figures.confusion["positive"]["positive"] == 1
    assert figures.confusion["negative"]["negative"] == 1


def test_a_misspelt_column_is_named_with_its_nearest_match(tmp_path: Path) -> None:
    sentiment = sentiment_file(tmp_path, [("q", "a 1", "1")])
    with pytest.raises(UnexpectedColumns, match=r"labels\.csv.*'Sentiment grade' \(did you mean 'Comment sentiment'"):
        evaluate_sentiment(sentiment, Scorer(), sentiment="Sentiment grade")


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    file = sentiment_file(tmp_path, [("q", "a 1", "1")])
    file.write_text(file.read_text(encoding="utf-8").replace("FFT answer", "Words"), encoding="utf-8")
    assert evaluate_sentiment(file, Scorer(), answer="Words").rows["measured"] == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"nowhere\.csv"):
        evaluate(tmp_path / "nowhere.csv")


def test_a_file_with_a_header_only_has_no_figures_and_no_error(tmp_path: Path) -> None:
    sentiment = evaluate_sentiment(sentiment_file(tmp_path, []), Scorer())
    assert sentiment.micro == sentiment.macro == Average(precision=None, recall=None, f1=None)
    assert sentiment.negative_share.bias is None
    assert shown(sentiment)


def test_the_outcome_is_json_and_neither_it_nor_the_table_holds_a_text(tmp_path: Path) -> None:
    rows = [("What was good?", "zanzibar 1", "1")]
    sentiment = evaluate_sentiment(sentiment_file(tmp_path, rows), Scorer())
    assert "zanzibar" not in sentiment.model_dump_json() + shown(sentiment)
    assert "bias +0.000" in shown(sentiment)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_intervals_are_those_of_published_tables(successes: int, total: int, low: float, high: float) -> None:
    # the last: R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    assert wilson(successes, total) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) == (None, None)


def test_a_bias_of_errors_that_cancel_out_is_nought_with_an_interval() -> None:
    bias = share_bias([("negative", "positive"), ("positive", "negative")] * 50, "negative")
    assert bias.bias == 0
    assert bias.bias_high == pytest.approx(0.196, abs=1e-3)


@needs_labelled
def test_every_row_of_the_labelled_file_is_accounted_for_and_the_bias_is_known() -> None:
    figures = evaluate(LABELLED)
    rows = figures.rows
    assert rows["in"] == rows["without_answer"] + rows["without_label"] + rows["measured"] == 6_181
    # VADER misses two of three negative comments; were this to change, so would every trend
    assert -0.14 < figures.negative_share.bias < -0.09


def shown(evaluation: LabelsEvaluation) -> str:
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(evaluation.as_table())
    return console.export_text()
