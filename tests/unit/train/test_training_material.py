"""What a model learns from and how it is judged, on invented comments; the teacher itself needs packages of its own."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from wordround.train import corpus, linear
from wordround.train.calibration import calibrated, calibration_error, class_weights, theme_cuts
from wordround.train.cues import Cues
from wordround.train.judging import judged
from wordround.train.phrases import phrases
from wordround.train.texts import distilled
from wordround.train.vocabulary import Targets, vocabulary
from wordround.understand.learned import CLASS_OF, QUESTIONS, three_classes
from wordround.understand.ngrams import Reader, number_of

ASKED = {"What was good?": "what_good", "How could we improve?": "could_improve", "FFT Why?": "nonspecific"}


def labelled_file(path: Path, rows: list[dict[str, str]]) -> Path:
    header = ["Trust", "FFT question", "FFT answer", "Comment sentiment", *corpus._columns(corpus.minor_themes())]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(text: str, sentiment: str, question: str = "What was good?", **themes: str) -> dict[str, str]:
    return {"Trust": "T1", "FFT question": question, "FFT answer": text, "Comment sentiment": sentiment, **themes}


def test_rows_of_one_text_and_question_are_one_with_the_mean_of_their_labels(tmp_path: Path) -> None:
    deployed = {"Number & deployment of staff": "1"}
    file = labelled_file(tmp_path / "labelled.csv", [
        row("Kind  nurses", "1", **deployed), row("kind nurses!", "2"),
        row("Kind nurses", "4", "How could we improve?"),
        row("", "1"), row("Did not answer", "1"), row("No label", ""), row("Nothing", "1", "FFT Why?"),
    ])  # fmt: skip
    found = corpus.read_labelled(file)
    assert list(zip(found.keys, found.questions, strict=True)) == [
        ("kind nurses", "could_improve"), ("kind nurses", "what_good"), ("nothing", "nonspecific")
    ]  # fmt: skip
    assert found.sentiment[1].tolist() == [0.5, 0.5, 0, 0, 0]
    # A category of version 6 counts as that of version 7 which took it in.
    assert found.themes[1, corpus.minor_themes().index("Staffing levels & responsiveness")] == 0.5
    assert found.spread.tolist() == [3, 3, 1] and found.rows.tolist() == [1, 2, 1]
    assert found.fold[0] == found.fold[1] == corpus.fold_of("kind nurses")


@pytest.mark.parametrize(
    ("change", "said"), [({"Comment sentiment": "9"}, "row 3.*none of 1 to 5"), (None, "row 1.*missing")]
)
def test_what_cannot_be_a_label_is_named(tmp_path: Path, change: dict[str, str] | None, said: str) -> None:
    file = labelled_file(tmp_path / "labelled.csv", [row("Kind", "1"), row("Rude", "5") | (change or {})])
    if change is None:
        file.write_text(file.read_text().replace("Comment sentiment", "Feeling", 1))
    with pytest.raises(corpus.CorpusUnreadable, match=rf"labelled\.csv: {said}"):
        corpus.read_labelled(file)


def test_texts_to_distil_on_begin_with_the_comments_and_know_their_folds() -> None:
    texts = ["The nurse was kind but the ward was dirty", "Waited three hours", "Lovely staff"]
    rows = distilled(texts, ["what_good", "could_improve", "nonspecific"], [0, 1, 2], 60, seed=1)
    assert [each.text for each in rows[:3]] == texts and len(rows) >= 20
    assert rows == distilled(texts, ["what_good", "could_improve", "nonspecific"], [0, 1, 2], 60, seed=1)
    assert {each.question for each in rows} <= set(QUESTIONS)
    for each in rows:
        parts = {fold for fold, text in enumerate(texts) if any(word in each.text for word in text.split()[-1:])}
        assert parts <= each.folds


def test_calibration_makes_an_overconfident_model_as_sure_as_it_is_right() -> None:
    chance = np.random.default_rng(0)
    true = chance.integers(5, size=4_000)
    logits = chance.normal(size=(4_000, 5)).astype(np.float32)
    logits[np.arange(4_000), true] += 1.0
    loud, shares = 4 * logits, np.eye(5, dtype=np.float32)[true]
    fitted = calibrated(loud[:2_000], shares[:2_000])

    def error(probability: np.ndarray) -> float:
        return calibration_error(probability.max(1), probability.argmax(1) == true[2_000:])

    plain = np.exp(loud[2_000:] - loud[2_000:].max(1, keepdims=True))
    assert error(plain / plain.sum(1, keepdims=True)) > 0.2
    assert error(fitted.applied(loud[2_000:])) < 0.04


def test_a_class_is_nearly_as_sure_as_it_is_right_though_its_grades_are_tossed() -> None:
    chance = np.random.default_rng(3)
    rows, side = np.arange(6_000), 3 * chance.integers(2, size=6_000)
    # The model is right of nine sides in ten, and rather sure of a grade that nobody can tell.
    said = np.where(chance.random(6_000) < 0.9, side, 3 - side)
    logits = np.full((6_000, 5), -4, np.float32)
    logits[rows, said] = logits[rows, said + 1] = 2.2
    logits[rows, 3 - said] = logits[rows, 4 - said] = 0
    for first in (0, 3):
        logits[rows, first + chance.integers(2, size=6_000)] += 1
    shares = np.eye(5, dtype=np.float32)[side + chance.integers(2, size=6_000)]
    three = three_classes(calibrated(logits[:3_000], shares[:3_000]).applied(logits[3_000:]))
    # By the grades alone it would be 0.08.
    assert calibration_error(three.max(1), three.argmax(1) == CLASS_OF[side[3_000:]]) < 0.06


def test_the_rare_class_is_weighed_up_and_the_common_one_hardly_pays() -> None:
    chance = np.random.default_rng(1)
    said = chance.choice(3, size=3_000, p=[0.7, 0.1, 0.2])
    scores = chance.normal(size=(3_000, 3)) + np.array([1.2, -0.9, 0])
    scores[np.arange(3_000), said] += 2
    probability = (np.exp(scores) / np.exp(scores).sum(1, keepdims=True)).astype(np.float32)
    weights = class_weights(probability, said)
    assert weights[1] > 1
    plain, weighed = probability.argmax(1), (probability * weights).argmax(1)
    assert ((weighed == 1) & (said == 1)).sum() > ((plain == 1) & (said == 1)).sum()
    assert (weighed == said).mean() >= (plain == said).mean() - 0.005


def test_a_model_that_is_always_right_is_judged_so_and_widespread_texts_are_left_out(tmp_path: Path) -> None:
    rows = [row(f"Text number {number}", "1" if number % 2 else "5") for number in range(10)]
    rows += [row("Nothing", "1")] * 25
    found = corpus.read_labelled(labelled_file(tmp_path / "labelled.csv", rows))
    shown = np.where(found.sentiment.argmax(1) == 4, 2, 0)
    names = corpus.minor_themes()
    none = np.zeros(found.themes.shape, np.bool_)
    figures = judged(found, found.sentiment, shown, none, names, none)
    assert figures.texts == 10
    assert (figures.sentiment.accuracy.share, figures.sentiment.negative_recall.share) == (1, 1)
    wrong = judged(found, found.sentiment, np.zeros_like(shown), none, names, none)
    assert wrong.sentiment.negative_recall.share == 0 and wrong.sentiment.accuracy.share == 0.5


def test_the_threshold_of_themes_is_the_lowest_at_which_74_in_100_are_right_and_the_likeliest_needs_less() -> None:
    chance = np.random.default_rng(0)
    has = chance.random((4_000, 3)) < [0.3, 0.2, 0.01]
    probability = chance.beta(np.where(has, 4, 1), np.where(has, 2, 4)).astype(np.float32)
    found, likeliest = theme_cuts(probability, has)
    right, lower = (float(has[probability >= cut].mean()) for cut in (found, found - 0.025))
    assert lower < 0.74 <= right < 0.78
    assert 0 < likeliest < found
    assert theme_cuts(probability, np.zeros_like(has)).every == pytest.approx(0.8)
    # Of a model that is always right nothing is given below what all themes need.
    assert theme_cuts(has.astype(np.float32), has) == pytest.approx((0.2, 0.2))


def test_themes_are_judged_with_cues_over_texts_over_comments_and_over_those_that_have_a_theme(tmp_path: Path) -> None:
    names = corpus.minor_themes()
    staff, parking = (names.index(name) for name in ("Staff manner & personal attributes", "Parking"))
    rows = [row("Kind nurse", "1", **{names[staff]: "1"})] * 3 + [row("Rude nurse", "5", **{names[staff]: "1"})]
    rows += [row("Nowhere to leave the car", "5", **{names[parking]: "1"}), row("On a Tuesday", "3")]
    found = corpus.read_labelled(labelled_file(tmp_path / "labelled.csv", rows))
    given, by_cue = np.zeros((2, *found.themes.shape), np.bool_)
    given[[found.keys.index("kind nurse"), found.keys.index("on a tuesday")], staff] = True
    by_cue[found.keys.index("nowhere to leave the car"), parking] = True
    over = judged(found, found.sentiment, np.zeros(len(found.keys), np.int64), given, names, by_cue).themes_over
    assert [one.number for one in over.values()] == [4, 6, 5]
    # Found: one of two texts (three of four comments) on staff, and the one on parking by its cue; one too many.
    shares = {of: (one.precision, one.recall) for of, one in over.items()}
    assert shares["texts"] == pytest.approx((2 / 3, 2 / 3))
    assert shares["comments"] == pytest.approx((4 / 5, 4 / 5))
    assert shares["coded_comments"] == pytest.approx((1, 4 / 5))
    assert over["coded_comments"].micro_f1.value == pytest.approx(8 / 9)
    assert over["coded_comments"].macro_f1.value == pytest.approx((6 / 7 + 1) / 2)
    assert over["texts"].micro_f1.low < over["texts"].micro_f1.value < over["texts"].micro_f1.high


def test_the_linear_part_finds_what_the_words_of_a_theme_are_and_weighs_rare_ones_up() -> None:
    chance = np.random.default_rng(1)
    texts = [
        " ".join(chance.choice(["ward", "nurse", "staff", "clinic", "day"], 4)) + (" parking" if row % 40 == 0 else "")
        for row in range(1_200)
    ]
    numbers = Reader().numbers(texts)
    known = vocabulary(numbers, numbers, ["unknown"] * len(texts), 5, Cues.of([], ["parking"]))
    rows = [known.places(each, "unknown") for each in numbers]
    marks = np.array([[0.6 if "parking" in text else 0.02, 0.5] for text in texts], np.float32)
    targets = Targets(np.ones((len(texts), 1), np.float32), marks, np.ones(len(texts), np.float32))
    found = linear.distilled(rows, known, targets)
    logits = np.array([found.weights[row].sum(0) / np.sqrt(len(row)) for row in rows]) + found.bias
    has = np.array(["parking" in text for text in texts])
    assert logits[has, 0].min() > logits[~has, 0].max()
    # 0.6 is what was said, and 0.25 of the logarithm of its rarity more is what is learned.
    assert 0.6 < (1 / (1 + np.exp(-logits[has, 0]))).mean() < 0.9
    again = linear.distilled(rows, known, targets)
    assert np.array_equal(found.weights, again.weights) and np.array_equal(found.bias, again.bias)


def test_cues_are_the_numbers_of_their_words_and_any_ending_is_every_ordinary_word() -> None:
    cues = Cues.of(
        [
            {"heading_code": "parking", "cue": "car park", "weight": "3"},
            {"heading_code": "parking", "cue": "nowhere to park the car at all", "weight": ""},
            {"heading_code": "staff", "cue": "communicat*", "weight": ""},
            {"heading_code": "staff", "cue": "Couldn't care", "weight": ""},
        ],
        ["parking", "staff"],
    )
    numbers = set(
        Reader().numbers(["Couldn't care less about the car park. They communicate, good communication"])[0].tolist()
    )
    found = {(number in numbers, heading, weight) for number, heading, weight in zip(*cues[:3], strict=True)}
    assert {(True, 0, 3.0), (True, 1, 1.0)} <= found
    assert {number_of(["communicate"]), number_of(["communication"])} <= set(cues.numbers.tolist())
    assert cues.headings == 2
    assert (np.diff(cues.numbers.astype(np.int64)) >= 0).all()
    only = cues.among(np.array([number_of(["car", "park"])], np.uint32))
    assert only.weight.tolist() == [3.0]


def test_every_phrase_stands_once_under_a_question() -> None:
    found = phrases()
    assert len({(phrase.text, phrase.question) for phrase in found}) == len(found) > 2_000
    assert {phrase.question for phrase in found} == {"unknown", "nonspecific", "what_good", "could_improve"}


def test_a_phrase_on_a_theme_is_coded_with_headings_of_the_frame() -> None:
    coded = [phrase for phrase in phrases() if phrase.themes is not None]
    assert {theme for phrase in coded for theme in phrase.themes or ()} <= set(corpus.minor_themes())
    by_theme = Counter(theme for phrase in coded for theme in phrase.themes or ())
    for thin in ("Mental Health Act", "Pain management", "Sensory experience", "Parking", "Service location"):
        assert by_theme[thin] >= 20
    assert any(len(phrase.themes or ()) == 2 for phrase in coded)
