"""Retraining on what a trust's people have coded: what is learned from, what is kept apart, and which model stands.

The training itself needs packages of its own: a file that it would write is laid in its place.
"""

import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.chains import feed, history
from tests.fixtures.coded import settle, telling_apart
from tests.fixtures.models import model
from wordround.errors import NothingToReview
from wordround.evaluate.agreement import Estimate
from wordround.records.reviews import Code, ThemeCode
from wordround.registers.models import comments_model, is_held_out, own_comments_model
from wordround.settings import Settings
from wordround.train import corpus, own_codes, replacing, retraining
from wordround.train.own_codes import OwnCodes
from wordround.understand.learned import COMMENTS, SENTIMENTS, Learned

MANNER = ThemeCode("patient_experience", "Staff manner & personal attributes")


@pytest.fixture
def coded(settings: Settings) -> Settings:
    """A home whose comments are all settled as they sound."""
    feed(settings, telling_apart(history(8)))
    settle(settings, lambda text: Code("negative" if "Rude" in text else "positive", (MANNER,)))
    return settings


def laid(source: Path, seen: list[tuple[OwnCodes, int]]) -> Callable[..., object]:
    def train(labelled: Path, phase_one: Path, into: Path, own: OwnCodes, held_out: int) -> None:
        seen.append((own, held_out))
        into.write_bytes(source.read_bytes())

    return train


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A labelled file of one comment, and one of the first phase without any."""
    header = ["Trust", "FFT question", "FFT answer", "Comment sentiment", *corpus._columns(corpus.minor_themes())]
    comment = ["T1", "What was good?", "The tea", "2"]
    lines = [header, [*comment, *[""] * (len(header) - len(comment))]]
    labelled = tmp_path / "labelled.csv"
    labelled.write_text("".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines), encoding="utf-8")
    phase_one = tmp_path / "phase_one.csv"
    phase_one.write_text("text,question_type,subcategory,criticality\n", encoding="utf-8")
    return labelled, phase_one


def test_a_third_of_the_words_is_kept_apart_and_never_trained_on(coded: Settings) -> None:
    own, held_out = own_codes.read(coded)
    assert 0.2 < len(held_out.texts) / (len(own.texts) + len(held_out.texts)) < 0.5
    assert not {corpus.key_of(text) for text in own.texts} & {corpus.key_of(text) for text in held_out.texts}
    assert {SENTIMENTS[grade] for grade in own.grades} == {"negative", "positive"}
    assert own.themes.sum() == len(own.texts)
    assert own_codes.unmet(held_out, {corpus.key_of(held_out.texts[0])}).texts == held_out.texts[1:]


def test_own_comments_take_the_place_of_the_same_words_and_stand_once(files: tuple[Path, Path]) -> None:
    labelled = corpus.read_labelled(files[0])
    names = corpus.minor_themes()
    themes = np.zeros((3, len(names)), np.float32)
    own = OwnCodes(
        ["Kind nurses", "kind nurses!", "Rude"], ["what_good"] * 2 + ["could_improve"], [1, 0, 3], themes, [1.0] * 3
    )
    once = own_codes.with_own(labelled, own)
    assert (once.keys, once.trusts) == (["the tea", "kind nurses", "rude"], ["T1", "own", "own"])
    again = own_codes.with_own(once, own.part([2])._replace(grades=[4]))
    assert len(again.texts) == 3
    assert again.sentiment[again.keys.index("rude")].tolist() == [0, 0, 0, 0, 1]
    assert again.fold.tolist() == [corpus.fold_of(key) for key in again.keys]


class TestReplacing:
    def test_a_better_model_takes_the_place_and_a_worse_one_or_the_same_does_not(
        self, coded: Settings, tmp_path: Path, files: tuple[Path, Path]
    ) -> None:
        seen: list[tuple[OwnCodes, int]] = []
        worse = model(tmp_path / "worse.npz", weights=(1, 0, 0))
        outcome = retraining.retrain(coded, *files, laid(worse, seen))
        assert not outcome.is_in_force and not own_comments_model().exists()
        assert (outcome.comparison.new_macro_f1 or 1) < (outcome.comparison.in_force_macro_f1 or 0)

        # The worse one is in force, by hand; the one that ships comes as the new one.
        model(own_comments_model(), weights=(1, 0, 0))
        better = model(tmp_path / "better.npz", about={"own": {"comments": 80, "held_out": 40}})
        outcome = retraining.retrain(coded, *files, laid(better, seen))
        assert outcome.is_in_force and "better beyond doubt" in outcome.comparison.why
        assert own_comments_model().read_bytes() == better.read_bytes()
        assert stat.S_IMODE(own_comments_model().stat().st_mode) == 0o600
        assert comments_model() == own_comments_model()
        assert Learned.read(comments_model()).about["own"] == {"comments": 80, "held_out": 40}

        outcome = retraining.retrain(coded, *files, laid(better, seen))
        assert not outcome.is_in_force and "not better beyond doubt" in outcome.comparison.why
        assert {count for _, count in seen} == {outcome.comparison.comments}

    def test_few_comments_decide_nothing(self, coded: Settings, tmp_path: Path) -> None:
        worse, better = Learned.read(model(tmp_path / "worse.npz", weights=(1, 0, 0))), Learned.read(COMMENTS)
        _, held_out = own_codes.read(coded)
        enough, few = held_out.part(range(replacing.FEWEST)), held_out.part(range(replacing.FEWEST - 1))
        assert replacing.compared(worse, better, enough).is_better
        assert "fewer than 30 decide nothing" in replacing.compared(worse, better, few).why

    @pytest.mark.parametrize(
        ("macro_f1", "recall", "is_better"),
        [
            ((0.001, 0.1), (-0.05, 0.0), True),
            ((0.0, 0.1), (0.0, 0.1), False),
            ((-0.02, 0.1), (0.0, 0.1), False),
            ((0.02, 0.1), (-0.1, -0.001), False),
            ((0.02, 0.1), (None, None), True),
            ((None, None), (0.0, 0.1), False),
        ],
    )
    def test_the_rule(self, macro_f1: tuple, recall: tuple, is_better: bool) -> None:
        one, other = (Estimate(value=0.0, low=low, high=high) for low, high in (macro_f1, recall))
        assert replacing._decided(one, other)[0] is is_better

    def test_without_settled_comments_nothing_is_trained(self, settings: Settings, files: tuple[Path, Path]) -> None:
        with pytest.raises(NothingToReview, match="No comment to train on"):
            retraining.retrain(settings, *files, laid(COMMENTS, []))


def test_which_words_are_kept_apart_is_the_same_for_ever() -> None:
    assert [is_held_out(f"{number:08x}{'0' * 24}") for number in range(6)] == [True, False, False, True, False, False]
