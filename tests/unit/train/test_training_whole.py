"""The whole of `wordround train comments --own`, small: with torch, on invented comments; skipped without torch."""

import csv
import filecmp
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.fixtures.chains import feed, history
from tests.fixtures.coded import settle, telling_apart
from wordround.cli import app
from wordround.evaluate.comments import Judged
from wordround.records.reviews import Code, ThemeCode
from wordround.registers.models import own_comments_model
from wordround.settings import Settings
from wordround.train import corpus
from wordround.train.phrases import Phrase, phrases
from wordround.understand.learned import Learned

pytest.importorskip("torch", reason="training needs the packages of requirements-train.lock")
pytest.importorskip("all_minilm_l6_v2", reason="training needs the packages of requirements-train.lock")

MANNER = "Staff manner & personal attributes"
QUESTIONS = {"unknown": "FFT Why?", "nonspecific": "FFT Why?", "what_good": "What was good?",
             "could_improve": "How could we improve?"}  # fmt: skip


def written(path: Path, header: Sequence[str], rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Phrases as if people had labelled them, and others as if of the first phase."""
    some = phrases()[::24]
    header = ["Trust", "FFT question", "FFT answer", "Comment sentiment", *corpus._columns(corpus.minor_themes())]
    labelled = [
        {
            "Trust": "T1",
            "FFT question": QUESTIONS[phrase.question],
            "FFT answer": phrase.text,
            "Comment sentiment": str(phrase.grade + 1),
            MANNER: "1" if "staff" in phrase.text or "nurse" in phrase.text else "",
        }
        for phrase in some
    ]
    first = [
        {
            "text": phrase.text,
            "question_type": phrase.question,
            "subcategory": "Staff" if phrase.grade < 2 else "Waiting",
            "criticality": str(5 - 2 * phrase.grade),
        }
        for phrase in phrases()[7::60]
    ]
    return (
        written(tmp_path / "labelled.csv", header, labelled),
        written(tmp_path / "phase_one.csv", ["text", "question_type", "subcategory", "criticality"], first),
    )


def few_phrases() -> list[Phrase]:
    return phrases()[::12]


def test_a_model_is_trained_on_own_codes_judged_and_put_in_force_where_it_is_better(
    settings: Settings, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.train import comments

    monkeypatch.setattr(comments, "_TEXTS", 700)
    monkeypatch.setattr(comments, "phrases", few_phrases)
    feed(settings, telling_apart(history(8)))
    # Against what the words say, so that only who learns from these codes can be right.
    codes = {True: "positive", False: "negative"}
    settle(settings, lambda text: Code(codes["Rude" in text], (ThemeCode("patient_experience", MANNER),)))
    labelled, phase_one = map(str, files)
    asked = ["train", "comments", "--labelled", labelled, "--phase-one", phase_one, "--folds", "2", "--own", "--json"]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0, answer.output
    outcome = json.loads(answer.stdout.splitlines()[-1])
    comparison = outcome["comparison"]
    assert outcome["own_comments"] > 20 and comparison["comments"] >= 30
    assert outcome["is_in_force"] and comparison["new_macro_f1"] > comparison["in_force_macro_f1"]
    model = Learned.read(own_comments_model())
    assert model.version == comparison["new_version"]
    assert model.about["own"] == {"comments": outcome["own_comments"], "held_out": comparison["comments"]}
    assert Judged.model_validate(model.about["judged"]).texts > 50


def test_the_same_files_give_the_same_bytes_whatever_the_order_of_sets_and_the_number_of_threads(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    training = (
        "import sys; from pathlib import Path; from wordround.train import comments\n"
        "few = comments.phrases()[::40]\n"
        "comments._TEXTS, comments.phrases = 150, lambda: few\n"
        "comments.train(*map(Path, sys.argv[1:]), folds=0)"
    )
    models = []
    for number in ("1", "2"):
        models.append(tmp_path / f"{number}.npz")
        threads = {f"{library}_NUM_THREADS": number for library in ("OMP", "OPENBLAS", "MKL")}
        subprocess.run(
            [sys.executable, "-c", training, *map(str, files), str(models[-1])],
            env=os.environ | threads | {"PYTHONHASHSEED": number},
            check=True,
        )
    assert filecmp.cmp(*models, shallow=False)
