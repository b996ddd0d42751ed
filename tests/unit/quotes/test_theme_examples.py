"""Examples of themes in the weekly report: one comment as most speak of a theme, one that says otherwise."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.published_comments import comment_id, example, survey
from tests.unit.quotes.test_quotes import ON, render
from wordround.quotes.choosing import SURVEY_LABEL

pytestmark = pytest.mark.usefixtures("undrawn")

UNHEARD = "Staff never listened when we asked for help."
HEARD = "Staff always listened when we asked for help."
# Most speak well of the staff of this ward, and enough do not.
ONE, OTHER = example("heron", HEARD, "positive", 1), example("heron", UNHEARD, "negative", 2)

OF_THEME = "where service_id = 'heron' and theme_code = 'staff'"


def shown(found: dict[str, Any], service: str = "heron") -> list[tuple[str, str]]:
    """Each example under a theme with how it is introduced."""
    of_themes = found["sections"][service].split("What people wrote about")[1].split("Some of what people said")[0]
    return re.findall(
        r"<blockquote>(.*?)</blockquote>\s*<figcaption>(.*?)\. " + re.escape(SURVEY_LABEL), of_themes, re.S
    )


def test_a_theme_has_an_example_of_what_most_say_and_one_of_what_others_say(tmp_path: Path) -> None:
    found = render(tmp_path, ONE + OTHER, **ON)
    assert shown(found) == [(HEARD, "As most speak of it"), (UNHEARD, "Others say otherwise")]
    assert "Staff, for example" in found["sections"]["heron"]
    assert f"Staff, as most speak of it: “{HEARD}”" in found["text"]
    assert f"Staff, otherwise: “{UNHEARD}”" in found["text"]
    assert "Below some themes stand examples from the last 12 weeks" in found["text"]
    # Whoever erases one of them finds the report by its id.
    ids = {comment_id("heron", "fft", number) for number in (5001, 5002)}
    assert ids <= set(found["json"]["quoted_comment_ids"])
    assert not any(one in found["html"] + found["text"] for one in ids)


def test_nothing_is_quoted_where_the_trust_does_not_allow_it(tmp_path: Path) -> None:
    found = render(tmp_path, ONE + OTHER)
    assert shown(found) == []
    assert HEARD not in found["html"] + found["text"]
    assert "for example" not in found["sections"]["heron"]


def test_of_the_other_side_alone_nothing_is_shown_and_without_it_the_report_says_so(tmp_path: Path) -> None:
    assert shown(render(tmp_path / "other", OTHER, **ON)) == []
    found = render(tmp_path / "one", ONE, **ON)
    assert shown(found) == [(HEARD, "As most speak of it")]
    assert "No comment that says otherwise can be quoted" in found["sections"]["heron"]


@pytest.mark.parametrize(
    "change",
    [
        # Few speak ill of the theme; few speak of it at all; its week is hidden; that mood of its week is.
        f"update marts.fct_service_theme_weeks set negative_count = 0 {OF_THEME};"
        f"update marts.fct_service_theme_weeks set negative_count = 3 {OF_THEME} and week_date = date '2026-11-09';",
        f"delete from marts.fct_service_theme_weeks {OF_THEME};",
        "update marts.fct_service_weeks set comment_count_label = '*' where service_id = 'heron'"
        " and week_date = date '2026-11-02';",
        "update marts.fct_service_weeks set positive_count_label = '*' where service_id = 'heron'"
        " and week_date = date '2026-11-02';",
    ],
)
def test_a_hidden_number_gives_no_example(change: str, tmp_path: Path) -> None:
    assert shown(render(tmp_path, ONE + OTHER + change, **ON)) == []


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("The receptionist was rude to me there.", {}),
        ("Staff on Tuesday never listened to us.", {}),
        ("Staff did not listen when I said I want to die.", {}),
        (UNHEARD, {"kind": "post"}),
        (UNHEARD, {"is_withheld": True}),
        (UNHEARD, {"labelled_by": "other_language"}),
        # Praise as a whole, and yet it blames one person for something.
        ("The receptionist was rude but the rest were lovely.", {"sentiment_label": "positive"}),
    ],
)
def test_what_could_not_be_quoted_is_no_example_either(text: str, columns: dict[str, Any], tmp_path: Path) -> None:
    found = render(tmp_path, ONE + example("heron", text, "negative", 2, **columns), **ON)
    assert shown(found) == [(HEARD, "As most speak of it")]


def test_what_blames_one_person_as_a_whole_is_no_example_of_praise(tmp_path: Path) -> None:
    text = "Staff were lovely but the receptionist was rude."
    found = render(tmp_path, example("heron", text, "positive", 1, sentiment_label="negative"), **ON)
    assert shown(found) == [] and text not in found["html"] + found["text"]


def test_what_the_report_quotes_of_its_week_is_no_example_too(tmp_path: Path) -> None:
    next_best = "Nurses always explained things to us."
    change = survey("heron", [HEARD], "positive") + ONE + OTHER + example("heron", next_best, "positive", 3)
    found = render(tmp_path, change, **ON)
    assert HEARD in found["quoted"]["heron"] and found["sections"]["heron"].count(HEARD) == 1
    assert shown(found) == [(next_best, "As most speak of it"), (UNHEARD, "Others say otherwise")]


def test_at_most_two_themes_of_a_service_have_examples(tmp_path: Path) -> None:
    themes = ("staff", "general", "communication_and_involvement")
    change = "".join(
        example("heron", f"{word} always listened when we asked for help.", "positive", number, theme)
        for number, (theme, word) in enumerate(zip(themes, ("Staff", "Nurses", "They"), strict=True), 1)
    )
    assert len(shown(render(tmp_path, change, **ON))) == 2
