"""Which posts are experiences of care: what is promised, why a post is judged so, and how a list of cues is refused."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from math import exp, log
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.labelled import labelled_file
from wordround.evaluate.evaluation import render_page
from wordround.evaluate.relevance import RelevanceEvaluation, corpus, evaluate
from wordround.settings import PROJECT
from wordround.understand.learned_relevance import RELEVANCE, LearnedRelevance
from wordround.understand.model_files import ModelUnreadable
from wordround.understand.relevance import (
    COLUMNS,
    CUES,
    PAIR,
    PRIOR,
    REASONS,
    RELEVANT,
    WORTH,
    Relevance,
    RelevanceCues,
    RelevanceCuesInvalid,
)

PAGE = PROJECT / "docs" / "models" / "relevance.md"
SHIPPED = RelevanceCues.read()
LEARNED = LearnedRelevance.read()


@pytest.fixture(scope="module")
def measured() -> RelevanceEvaluation:
    return evaluate()


class Credulous:
    version = "credulous"

    def judge_all(self, texts: Sequence[str]) -> list[Relevance]:
        return [Relevance(0.9, "about_care", ())] * len(texts)


def test_the_promised_figures_hold_on_posts_that_no_cue_was_written_for(measured: RelevanceEvaluation) -> None:
    assert measured.gates and all(measured.gates.values()), measured.gates


def test_the_gate_fails_for_a_judge_to_whom_everything_is_an_experience() -> None:
    figures = evaluate(Credulous())
    assert figures.gates == {"precision_low": False, "recall_low": True}
    (at,) = [of for of in figures.parts["held_out"].cut_offs if of.cut_off == RELEVANT]
    assert at.precision_expected == pytest.approx(PRIOR), "it knows no more than the prevalence"


def test_no_post_is_in_both_parts_and_there_are_enough_of_each_reason() -> None:
    parts = {part: [text for texts in posts.values() for text in texts] for part, posts in corpus().items()}
    together = [text.casefold() for texts in parts.values() for text in texts]
    assert len(together) == len(set(together)) > 800
    for part, posts in corpus().items():
        assert tuple(posts) == (("about_care", "other") if part == "lived_experience" else REASONS)
        assert min(map(len, posts.values())) >= 12


def test_no_post_that_is_measured_with_was_learned_from() -> None:
    learned = tomllib.loads((PROJECT / "src/wordround/train/posts.toml").read_text(encoding="utf-8"))
    measured = {
        text.casefold() for part in ("held_out", "lived_experience") for of in corpus()[part].values() for text in of
    }
    assert not measured & {text.casefold() for texts in learned.values() for text in texts}


def test_most_posts_of_lived_experience_by_another_hand_are_found(measured: RelevanceEvaluation) -> None:
    (at,) = [of for of in measured.parts["lived_experience"].cut_offs if of.cut_off == RELEVANT]
    assert at.recall is not None and at.recall > 0.7 and at.others_taken < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "My mum waited 7 hours in A&E and nobody gave her any pain relief",
        "ward 4 were amazing with my nan, thank you all so much 💙",
        "I was discharged at midnight without my tablets",
        "Our midwife was so kind, she held my hand the whole time",
        "Third time they've cancelled my appointment by text. Brilliant.",
        "<staff name> on reception was rude to my dad and we left in tears",
        "my son's been waiting 14 months for camhs and no one has rung us",
    ],
)
def test_an_experience_is_recognised_in_praise_in_blame_and_from_a_carer(text: str) -> None:
    judged = SHIPPED.judge(text)
    assert judged.probability >= RELEVANT
    assert judged.reason == "about_care"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Does anyone know the visiting hours for the stroke ward?", "about_service"),
        ("We're proud to announce that our nurses have been shortlisted for an award", "organisation_own_post"),
        ("Petition: save our local maternity unit, please sign and share", "news_or_campaign"),
        ("BREAKING: hospital waits hit a new high, minister says https://news.example/1", "news_or_campaign"),
        ("Staff nurse, band 5, closing date Friday. Apply now https://jobs.example/2", "advert_or_job"),
        ("Weather: 11C, wind 12 mph, humidity 80%", "other"),
        ("Fernvale FC equalise, what a goal", "other"),
    ],
)
def test_what_is_no_experience_is_not_counted_and_says_what_it_is(text: str, reason: str) -> None:
    judged = SHIPPED.judge(text)
    assert judged.probability < RELEVANT
    assert judged.reason == reason


def rows(*cues: tuple[str, str, float]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, (group, cue, "", str(weight)), strict=True)) for group, cue, weight in cues]


def test_the_probability_is_that_of_the_documented_formula_and_the_cues_are_said() -> None:
    judge = RelevanceCues(
        rows(("person", "my", 0.8), ("care", "ward", 1.0), ("care", "nurse", 0.4), ("event", "waited", 1.2))
    )
    evidence = 0.8 + (1.0 + 0.25 * 0.4) + 1.2 + PAIR
    judged = judge.judge("I waited on MY ward for a nurse")
    assert judged.probability == pytest.approx(1 / (1 + exp(-log(PRIOR / (1 - PRIOR)) - WORTH * evidence)))
    assert judged.cues == ("person: my", "care: nurse", "care: ward", "event: waited")


def test_a_post_has_the_same_probability_to_the_last_digit_in_every_process() -> None:
    program = (
        "from wordround.evaluate.relevance import corpus; from wordround.understand.relevance import RelevanceCues;"
        "judge = RelevanceCues.read().judge;"
        "print([judge(text).probability for part in corpus().values() for texts in part.values() for text in texts])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_nothing_is_as_probable_as_any_post() -> None:
    assert SHIPPED.judge("") == Relevance(pytest.approx(PRIOR), "other", ())


def test_praise_of_something_else_is_no_evidence_until_care_is_named() -> None:
    judge = RelevanceCues(rows(("verdict", "amazing", 1.0), ("care", "nurse", 1.0)))
    assert judge.judge("an amazing film").probability == pytest.approx(PRIOR)
    assert judge.judge("an amazing nurse").probability > PRIOR


def test_neither_the_words_of_a_link_nor_what_stands_for_an_identifier_are_cues() -> None:
    judge = RelevanceCues(rows(("care", "hospital", 1.0), ("care", "number", 1.0)))
    assert judge.judge("see https://hospital.example/hospital or <phone number>").cues == ()


def test_the_version_changes_with_a_weight_and_not_with_the_order_of_rows() -> None:
    one = rows(("care", "ward", 1.0), ("event", "waited", 1.2))
    assert RelevanceCues(one).version == RelevanceCues(one[::-1]).version
    assert RelevanceCues(one).version != RelevanceCues(rows(("care", "ward", 1.1), ("event", "waited", 1.2))).version


@pytest.mark.parametrize(
    ("cue", "says"),
    [
        (("staff", "nurse", 1.0), "row 3: column group"),
        (("care", "nurse", 0.0), "row 3: column weight"),
        (("care", "[moon]", 1.0), "row 3: column expression"),
        (("care", "a*b", 1.0), "row 3: column cue"),
        (("care", "ward", 2.0), "row 3: column cue"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(cue: tuple[str, str, float], says: str) -> None:
    with pytest.raises(RelevanceCuesInvalid, match=says):
        RelevanceCues(rows(("care", "ward", 1.0), cue))


def test_a_list_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.csv"
    path.write_text("group,cue\ncare,ward\n", encoding="utf-8")
    with pytest.raises(RelevanceCuesInvalid, match="row 1: the columns must be group, expression"):
        RelevanceCues.read(path)
    with pytest.raises(RelevanceCuesInvalid, match="nowhere"):
        RelevanceCues.read(tmp_path / "nowhere.csv")


def test_a_list_saved_by_a_spreadsheet_is_the_same_list(tmp_path: Path) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(CUES.read_text(encoding="utf-8"), encoding="utf-8-sig", newline="\r\n")
    assert RelevanceCues.read(path).version == SHIPPED.version


@given(st.text(max_size=400))
def test_any_text_has_a_probability_and_a_reason_that_agree(text: str) -> None:
    judged = SHIPPED.judge(text)
    assert 0 < judged.probability < 1
    assert (judged.probability >= RELEVANT) == (judged.reason == "about_care")
    assert judged.reason in REASONS


@given(st.lists(st.text(max_size=120), max_size=6))
def test_a_post_is_judged_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = LEARNED.judge_all(texts)
    assert LEARNED.probabilities(texts) == [judged.probability for judged in together]
    for text, judged in zip(texts, together, strict=True):
        assert LEARNED.judge(text).probability == pytest.approx(judged.probability, abs=1e-6)
        assert (judged.probability >= RELEVANT) == (judged.reason == "about_care")


@pytest.mark.parametrize(
    "text",
    [
        "The nurses on the ward were so patient with my dad",
        "being sectioned was frightening and nobody explained what would happen",
        "seen by a lovely doctor who listened to everything I said",
        "waited six hours with a broken wrist and no pain relief",
    ],
)
def test_experiences_in_ordinary_words_count(text: str) -> None:
    assert LEARNED.judge(text).probability >= RELEVANT


@pytest.mark.parametrize(
    "text",
    [
        "Off to the match with the boys later",
        "Congratulations to our nurses on winning the award tonight",
        "Staff nurse band 5, full time, apply by Friday https://jobs.example/1",
        "new phone who dis",
        "",
    ],
)
def test_other_posts_do_not_count(text: str) -> None:
    assert LEARNED.judge(text).probability < RELEVANT


def test_links_handles_and_placeholders_say_nothing() -> None:
    plain = LEARNED.judge("the nurse was kind to me").probability
    dressed = LEARNED.judge("@someone the nurse <name> was kind to me https://hospital.example/ward").probability
    assert dressed == pytest.approx(plain, abs=0.02)


def test_the_model_holds_no_text_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    with np.load(RELEVANCE, allow_pickle=False) as file:
        assert {name: file[name].dtype.kind for name in file.files} == {
            "numbers": "u", "weights": "i", "scale": "f", "bias": "f", "about": "U"
        }  # fmt: skip
    damaged = tmp_path / "relevance.npz"
    damaged.write_bytes(RELEVANCE.read_bytes()[:20_000])
    with pytest.raises(ModelUnreadable, match=r"relevance\.npz"):
        LearnedRelevance.read(damaged)


@pytest.mark.parametrize("part", ["?", "?https://a", "#a ", "they ", "said", "0", "£1", "A", "my ward ", "\n", "@a "])
def test_a_very_long_text_takes_no_longer_for_its_length(part: str) -> None:
    start = process_time()
    SHIPPED.judge(part * (200_000 // len(part)) + "x")
    assert process_time() - start < 5


def test_the_page_has_the_figures_of_the_list_in_force(measured: RelevanceEvaluation) -> None:
    written = PAGE.read_text(encoding="utf-8")
    generated = render_page(measured)
    of_survey = "## Real words"
    first_lines = written.index("Of tweets"), generated.index("Of tweets")
    assert measured.model_version in written
    assert written[first_lines[0] :].partition(of_survey)[0] == generated[first_lines[1] :].partition(of_survey)[0]


def test_neither_the_outcome_nor_the_page_holds_a_post(measured: RelevanceEvaluation) -> None:
    written = measured.model_dump_json() + render_page(measured)
    assert not [text for posts in corpus().values() for texts in posts.values() for text in texts if text in written]
    assert measured.as_table().row_count > 10


def test_half_of_real_answers_that_say_enough_are_recognised_out_of_their_context() -> None:
    answers = evaluate(labels_file=labelled_file()).answers
    assert answers is not None and answers.answers > 2_000
    recall = {at.cut_off: at.recall for at in answers.cut_offs}
    assert recall[RELEVANT] > 0.47
    assert recall[0.3] > 0.65
