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
from wordround.evaluate.labels import LabelsEvaluation, evaluate, evaluate_sentiment, evaluate_themes, half_of
from wordround.settings import PROJECT
from wordround.understand.themes import Codebook

REFERENCE = PROJECT / "dbt" / "seeds" / "reference"
LABELLED = Path(
    os.environ.get("WORDROUND_LABELLED_COMMENTS", PROJECT.parent / "shared" / "data" / "nhs_fft_labelled.csv")
)
needs_labelled = pytest.mark.skipif(
    not LABELLED.is_file(), reason="the labelled comments are not here; WORDROUND_LABELLED_COMMENTS says where they are"
)
BOOK = Codebook([{"theme_code": "staff", "cue": "kind"}, {"theme_code": "environment_and_catering", "cue": "soup"}])


class Said(NamedTuple):
    compound: float


class Scorer:
    """Says what the text says: the last word of each is its compound."""

    version = "scorer-1"

    def score(self, text: str) -> Said:
        return Said(float(text.split()[-1]))


def minor_labels(version: str) -> list[str]:
    with (REFERENCE / "theme_minor_categories.csv").open(encoding="utf-8", newline="") as stream:
        return [row["minor_label"] for row in csv.DictReader(stream) if row["frame_version"] == version]


def theme_file(folder: Path, rows: Sequence[tuple[str, Sequence[str]]], version: str = "6") -> Path:
    labels = minor_labels(version)
    file = folder / "labels.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Comment ID", "FFT answer", *labels])
        for number, (text, ticked) in enumerate(rows):
            writer.writerow([f"c{number}", text, *("1" if label in ticked else "" for label in labels)])
    return file


def sentiment_file(folder: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    file = folder / "labels.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["FFT question", "FFT answer", "Comment sentiment"])
        writer.writerows(rows)
    return file


def of(evaluation: LabelsEvaluation, label: str) -> Agreement:
    return next(one for one in evaluation.labels if one.label == label)


def test_theme_figures_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    file = theme_file(
        tmp_path,
        [
            ("kind people", ["Staff manner & personal attributes"]),
            ("kind, and good soup", ["Staff responsiveness", "Food & drink provision & facilities"]),
            ("kind of slow", ["Timeliness of care"]),
            ("they know their job", ["Competence & training"]),
            ("not for me", ["Diagnosis & triage"]),
            ("nobody looked at this", []),
            ("Did not answer", ["Labelling not possible"]),
            ("", ["Labelling not possible"]),
        ],
    )
    figures = evaluate_themes(file, BOOK)
    assert figures.rows == {"in": 8, "without_answer": 2, "without_label": 1, "measured": 5}
    staff = of(figures, "staff")
    assert (staff.support, staff.predicted, staff.agreed) == (3, 3, 2)
    assert staff.precision == staff.recall == staff.f1 == pytest.approx(2 / 3)
    assert (staff.precision_low, staff.precision_high) == pytest.approx((0.2077, 0.9385), abs=1e-4)
    assert of(figures, "environment_and_catering").f1 == 1
    assert of(figures, "access_to_care").precision is None
    assert of(figures, "access_to_care").recall == 0
    assert of(figures, "activities").recall is None
    assert figures.micro.model_dump() == {"precision": 3 / 4, "recall": 3 / 5, "f1": pytest.approx(6 / 9)}
    assert figures.macro.f1 == pytest.approx((2 / 3 + 1 + 0) / 3)


def test_a_file_labelled_with_version_7_is_recognised_by_its_header(tmp_path: Path) -> None:
    file = theme_file(tmp_path, [("kind", ["Staffing levels & responsiveness"])], version="7")
    assert of(evaluate_themes(file, BOOK), "staff").agreed == 1


def test_the_halves_share_no_row_and_leave_none_out(tmp_path: Path) -> None:
    file = theme_file(tmp_path, [("kind", ["Competence & training"])] * 200)
    counts = [evaluate_themes(file, BOOK, half=half).rows["in"] for half in ("tuned", "held_out", "all")]
    assert counts[0] + counts[1] == counts[2] == 200
    assert 70 < counts[0] < 130
    assert half_of("c1") == half_of("c1")


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
    file = theme_file(tmp_path, [("kind", [])])
    file.write_text(
        file.read_text(encoding="utf-8").replace("Appointment method", "Apointment methd"), encoding="utf-8"
    )
    with pytest.raises(UnexpectedColumns, match=r"labels\.csv.*'Appointment method' \(did you mean 'Apointment methd'"):
        evaluate_themes(file, BOOK)
    sentiment = sentiment_file(tmp_path, [("q", "a 1", "1")])
    with pytest.raises(UnexpectedColumns, match=r"'Sentiment grade' \(did you mean 'Comment sentiment'"):
        evaluate_sentiment(sentiment, Scorer(), sentiment="Sentiment grade")


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    file = sentiment_file(tmp_path, [("q", "a 1", "1")])
    file.write_text(file.read_text(encoding="utf-8").replace("FFT answer", "Words"), encoding="utf-8")
    assert evaluate_sentiment(file, Scorer(), answer="Words").rows["measured"] == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"nowhere\.csv"):
        evaluate("sentiment", tmp_path / "nowhere.csv")


def test_a_file_with_a_header_only_has_no_figures_and_no_error(tmp_path: Path) -> None:
    themes = evaluate_themes(theme_file(tmp_path, []), BOOK)
    assert themes.micro == themes.macro == Average(precision=None, recall=None, f1=None)
    sentiment = evaluate_sentiment(sentiment_file(tmp_path, []), Scorer())
    assert sentiment.negative_share.bias is None
    assert shown(sentiment)


def test_the_outcome_is_json_and_neither_it_nor_the_table_holds_a_text(tmp_path: Path) -> None:
    file = theme_file(tmp_path, [("kind zanzibar soup", ["Competence & training"])])
    figures = evaluate_themes(file, BOOK)
    assert "zanzibar" not in figures.model_dump_json() + shown(figures)
    assert "staff" in shown(figures)
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
def test_the_shipped_codebook_keeps_its_quality_on_rows_it_was_not_tuned_on() -> None:
    figures = evaluate_themes(LABELLED, Codebook.read(REFERENCE / "theme_cues.csv"), half="held_out")
    assert figures.micro.f1 > 0.72
    assert figures.macro.f1 > 0.62
    for label in ("staff", "access_to_care"):
        assert of(figures, label).f1 > 0.77


@needs_labelled
def test_every_row_of_the_labelled_file_is_accounted_for_and_the_bias_is_known() -> None:
    figures = evaluate("sentiment", LABELLED)
    rows = figures.rows
    assert rows["in"] == rows["without_answer"] + rows["without_label"] + rows["measured"] == 6_181
    # VADER misses two of three negative comments; were this to change, so would every trend
    assert -0.14 < figures.negative_share.bias < -0.09


def shown(evaluation: LabelsEvaluation) -> str:
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(evaluation.as_table())
    return console.export_text()
