"""The corpus that de-identification is measured with, and the figures that are promised."""

import re
from random import Random

import pytest

from wordround.deidentify.names.vocabulary import Vocabulary, vocabulary
from wordround.deidentify.nhs_number import is_valid
from wordround.evaluate.corpus import evaluation, numbers, training
from wordround.evaluate.corpus.filling import CASINGS, Marked, Piece, Sample, UnknownSlot, fill, misspell, recase
from wordround.evaluate.deidentify import evaluate
from wordround.evaluate.evaluation import render_page
from wordround.settings import PROJECT

PAGE = PROJECT / "docs" / "models" / "deidentification.md"


@pytest.fixture(scope="module")
def measured():
    return evaluate(fillings=4)


def test_the_promised_figures_hold(measured) -> None:
    assert measured.gates and all(measured.gates.values()), measured.gates


def test_gates_fail_when_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wordround.evaluate.deidentify.deidentify", lambda text: Deaf(text))
    assert list(evaluate(fillings=1).gates.values()).count(False) == 3, "only clean comments are well"


class Deaf:
    def __init__(self, text: str) -> None:
        self.text, self.found, self.withheld = text, (), False


def test_hidden_names_are_in_no_list_of_the_recognisers_while_measuring() -> None:
    written = {
        part for lists in evaluation.given()["names"].values() for side in ("first", "last") for part in lists[side]
    }
    assert len(written) > 400
    with evaluation.names_unknown():
        known = vocabulary()
        assert not (known.first_names | known.surnames | known.doubtful) & {name.lower() for name in written}
    assert vocabulary().first_names & {name.lower() for name in written}, "and they come back"


def test_the_tagger_is_trained_on_no_name_and_no_template_of_the_corpus() -> None:
    templates = {carrier["text"] for carrier in evaluation.given()["carrier"]}
    for of_training in (training.templates(), training.development()):
        assert not templates & {carrier["text"] for carrier in of_training["carrier"]}
    hidden = evaluation.names() - vocabulary().ordinary
    for sample in training.samples(Vocabulary(), Random(1), rounds=0.04):
        for mark in sample.marked:
            if "name" in mark.kind and not sample.typos:
                assert sample.text[mark.start : mark.end].lower() not in hidden


def test_every_kind_has_identifiers_and_every_mark_stands_on_one() -> None:
    kinds: dict[str, int] = {}
    for sample in evaluation.carriers(fillings=1):
        for mark in sample.marked:
            kinds[mark.kind] = kinds.get(mark.kind, 0) + 1
            value = sample.text[mark.start : mark.end]
            assert value and value == value.strip()
            if mark.kind == "email address":
                assert "@" in value
    assert min(kinds.values()) >= 4
    assert len(kinds) == 29


def test_the_same_seed_gives_the_same_comments() -> None:
    assert list(evaluation.carriers(1)) == list(evaluation.carriers(1))
    assert list(evaluation.carriers(1)) != list(evaluation.carriers(1, seed=4))


def test_made_up_numbers_are_of_ranges_kept_for_examples() -> None:
    chance = Random(5)
    for _ in range(300):
        assert is_valid(re.sub(r"\D", "", numbers.nhs_number(chance)))
        assert not is_valid(re.sub(r"\D", "", numbers.nhs_number(chance, valid=False)))
        assert re.sub(r"\D", "", numbers.nhs_number(chance)).startswith("999")
        bare = re.sub(r"\D", "", numbers.phone(chance)).removeprefix("44").lstrip("0")
        assert bare.startswith(
            ("1632960", "1134960", "1174960", "2079460", "2896496", "2920180", "7700900", "8081570", "3069990")
        )


def test_marks_follow_their_identifiers_through_casing_and_typing_errors() -> None:
    sample = fill("thanks to {who}, brilliant nurse", {"who": lambda _: [Piece("Zephyrine", "first name")]}, Random(1))
    for casing in CASINGS:
        recased = recase(sample, casing)
        assert recased is not None
        (mark,) = recased.marked
        assert recased.text[mark.start : mark.end].lower() == "zephyrine"
    slipped = misspell(
        Sample("brilliant brilliant Zephyrine", (Marked(20, 29, "first name", ""),)), Random(2), 1.0, False
    )
    (mark,) = slipped.marked
    assert slipped.text[mark.start : mark.end] == "Zephyrine"
    assert slipped.typos and "brilliant brilliant" not in slipped.text


def test_a_slot_that_nothing_fills_is_named() -> None:
    with pytest.raises(UnknownSlot, match="colour"):
        fill("a {colour} one", {}, Random(1))


def test_the_shipped_tagger_is_what_the_corpus_trains(tmp_path) -> None:
    small = training.train(tmp_path / "once.crfsuite", rounds=0.04)
    assert training.train(tmp_path / "twice.crfsuite", rounds=0.04) == small
    assert (tmp_path / "once.crfsuite").read_bytes() == (tmp_path / "twice.crfsuite").read_bytes()
    assert training.MODEL.stat().st_size > 100_000


def test_the_page_says_what_was_measured_and_is_that_of_the_shipped_recognisers(measured) -> None:
    page = render_page(measured)
    assert set(measured.gates) == {
        line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line.endswith(" | yes |")
    }
    for kind, figures in measured.kinds.items():
        assert f"| {kind} | {figures.all:,} |" in page
    written = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([\w ]+) \| [\d,]+ \|", written, re.MULTILINE)) == set(
        re.findall(r"^\| ([\w ]+) \| [\d,]+ \|", page, re.MULTILINE)
    )
    assert "**no**" not in written
