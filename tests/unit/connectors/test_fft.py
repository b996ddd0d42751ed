"""Friends and Family files as trusts really export them: what their answers mean."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.feeding import feed, quarantined, stored, texts
from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.labelled import labelled_file
from wordround.connectors.fft.answers import question_type_of, read_score
from wordround.connectors.files.no_answer import is_no_answer
from wordround.settings import Settings


def test_each_answer_of_a_form_is_a_comment_of_one_response(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(2, good="Warm and calm")]))
    assert outcome["rows"] == {
        "in": 4,
        "loaded": 4,
        "updated": 0,
        "unchanged": 0,
        "no_answer": 0,
        "quarantined": 0,
        "erased": 0,
        "reshared": 0,
        "refused": 0,
    }
    assert len({response for (response,) in stored(settings, "response_id")}) == 2
    kinds = stored(settings, "question_type, location_1, location_2, rating, rating_max, trust_code")
    assert kinds[0] == ("could_improve", "Fernvale Hospital", "Heron Ward", 2, 6, "XFV")


@pytest.mark.parametrize(
    "blank", ["", "  ", "Did not answer", "did not answer.", "N/A", "n/a", "No comment", "-", "\u00a0", "..."]
)
def test_no_answer_is_told_from_an_answer(settings: Settings, tmp_path: Path, blank: str) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(good=blank)]))
    assert (outcome["rows"]["no_answer"], outcome["rows"]["loaded"]) == (1, 1)
    assert len(stored(settings)) == 2, "the form's score counts although one answer is blank"


@pytest.mark.parametrize(
    "answer", ["None", "none", "Nothing", "No", "NULL points for parking", "\U0001f600", ":)", "x"]
)
def test_short_answers_are_answers(settings: Settings, tmp_path: Path, answer: str) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(good=answer)]))
    assert answer in texts(settings)


def test_a_trusts_own_phrase_for_no_answer_can_be_set(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    settings = settings_with(("no_answer = []", 'no_answer = ["Patient declined"]'))
    assert feed(settings, write_csv(tmp_path / "f.csv", [row(good="PATIENT DECLINED")]))["rows"]["no_answer"] == 1


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("1", (1, None)),
        (1, (1, None)),
        (5.0, (5, None)),
        ("2,0", (2, None)),
        (" 2 ", (2, None)),
        ("NULL", (None, None)),
        ("NaN", (None, None)),
        ("6", (6, None)),
        ("7", (None, "undocumented_code")),
        ("Very good", (1, None)),
        ("1 - Very good", (1, None)),
        ("VERY POOR", (5, None)),
        ("Don\u2019t know", (6, None)),
        ("Extremely likely", (1, "before_april_2020")),
        ("Extremely unlikely", (5, "before_april_2020")),
        ("1 - Excellent", (1, None)),
        ("2026-09-05", (None, "unknown")),
        (date(2026, 5, 1), (None, "unknown")),
        ("09:05", (None, "unknown")),
        ("1-5", (None, "unknown")),
        ("4/5", (None, "unknown")),
        ("3 nights", (None, "unknown")),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_scores_are_read_in_every_wording(cell: str | int | float | date | None, score: tuple) -> None:
    found = read_score(cell)
    assert (found.score, found.note) == score


def test_an_unknown_score_keeps_its_comment_and_is_not_repeated(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, score="banana"), row(2, score="7")]))
    assert outcome["quarantine"] == {}
    assert outcome["notes"] == {"score_undocumented_code": 1, "score_unknown": 1}
    assert set(stored(settings, "rating, rating_note")) == {(None, "undocumented_code"), (None, "unknown")}


@pytest.mark.parametrize(
    ("wording", "kind"),
    [
        ("What was good?", "what_good"),
        ("What did we do well?", "what_good"),
        ("What could we do better?", "could_improve"),
        ("How could we improve?", "could_improve"),
        ("Please tell us why you gave your answer", "nonspecific"),
        ("What was good and what could be better?", "nonspecific"),
        ("What did you like, and what should we change?", "nonspecific"),
        ("", "nonspecific"),
        (None, "nonspecific"),
    ],
)
def test_follow_up_questions_reduce_to_what_they_ask_for(wording: str | None, kind: str) -> None:
    assert question_type_of(wording) == kind


def test_wild_text_arrives_plain_and_whole(settings: Settings, tmp_path: Path) -> None:
    said = {
        "emoji": "Lovely \U0001f469\u200d\u2695\ufe0f team \U0001f600",
        "right to left": "\u05ea\u05d5\u05d3\u05d4 \u0634\u0643\u0631\u0627",
        "zero width": "ki\u200bnd\ufeff nur\u00adses",
        "nulls": "so\x00 kind\x07",
        "sql": "'; drop table raw.comments; --",
        "jinja": "{{ 7 * 7 }} {% raw %}",
        "long": "slow " * 19_000,
    }
    feed(
        settings, write_csv(tmp_path / "f.csv", [row(i, good=text, better="") for i, text in enumerate(said.values())])
    )
    kept = set(texts(settings))
    # Words in another script cannot be judged: they are withheld.
    assert said["right to left"] not in kept
    assert {said["emoji"], "kind nurses", "so kind", said["sql"], said["jinja"]} <= kept
    assert said["long"].strip() in kept


def test_quarantine_opens_inert_and_without_identifiers(settings: Settings, tmp_path: Path) -> None:
    bad = row(1, date="=1+2", good='=HYPERLINK("http://example.org")', better="ring 07700 900123")
    written = Path(feed(settings, write_csv(tmp_path / "=f.csv", [bad]))["quarantine_file"]).read_text("utf-8-sig")
    assert "07700" not in written
    assert "example.org" not in written
    cells = duckdb.sql("select 1").fetchall() and quarantined(
        {"quarantine_file": next(settings.quarantine.rglob("*.csv"))}
    )
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in cells for cell in line.values())
    assert json.loads(cells[0]["row_without_ids"])["Service"] == "Heron Ward"


def test_the_labelled_export_is_taken_as_it_is(settings: Settings) -> None:
    outcome = feed(settings, labelled_file())
    assert outcome["rows"]["in"] == 6181
    assert outcome["rows"]["loaded"] > 3000
    assert set(outcome["quarantine"]) == {"ambiguous_date"}
    again = feed(settings, labelled_file())["rows"]
    assert (again["loaded"], again["updated"], again["unchanged"]) == (0, 0, outcome["rows"]["loaded"])


def test_answers_that_only_look_like_none_are_kept() -> None:
    assert is_no_answer("N/A")
    assert not is_no_answer("None")
    assert not is_no_answer("Not applicable to me, I was only visiting")
