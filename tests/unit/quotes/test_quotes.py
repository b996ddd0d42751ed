"""What the weekly report quotes, from a published warehouse to the files: whose words, which, and what it says."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.published import publish, settings_for
from tests.fixtures.published_comments import comment_id, survey
from wordround import reports
from wordround.quotes.choosing import SURVEY_LABEL

pytestmark = pytest.mark.usefixtures("undrawn")

ON = {"survey_comments": True}
USUAL = "Staff never told me what would happen next."
ONLY_CAMHS = "delete from marts.dim_services where service_id <> 'camhs';"


def render(home: Path, change: str = "", **quotes: Any) -> dict[str, Any]:
    """The three files and, as `quoted`, what stands as a quote in the page, by service."""
    publish(home, change)
    folder = reports.render(settings_for(home, quotes=quotes)).folder
    page = (folder / "report.html").read_text(encoding="utf-8")
    sections = re.findall(r'<section class="service" aria-labelledby="service-(\w+)">(.*?)</section>', page, re.S)
    quoted = {
        name: [html.unescape(text) for text in re.findall(r"<blockquote>(.*?)</blockquote>", section)]
        for name, section in sections
    }
    return {
        "html": page,
        "sections": {name: html.unescape(section) for name, section in sections},
        "text": " ".join((folder / "report.txt").read_text(encoding="utf-8").split()),
        "json": json.loads((folder / "report.json").read_text(encoding="utf-8")),
        "quoted": quoted,
    }


def quoted(home: Path, *texts: str, sentiment: str = "negative", **columns: Any) -> list[str]:
    """What is quoted of the young people's service where these are its only answers of this kind, praise left aside."""
    change = ONLY_CAMHS + survey("camhs", list(texts), sentiment, **columns)
    change += "delete from marts.fct_comments where service_id = 'camhs' and sentiment_label <> '" + sentiment + "';"
    found: list[str] = render(home, change, **ON)["quoted"]["camhs"]
    return found


def test_quotes_stand_in_their_services_section_and_in_the_plain_text_with_their_label(tmp_path: Path) -> None:
    found = render(tmp_path, **ON)
    assert set(found["quoted"]) == {"camhs", "heron", "merlin", "talking", "crisis", "memory", "kestrel", "perinatal"}
    for texts in found["quoted"].values():
        assert len(texts) <= 2
        for text in texts:
            assert f"“{text}” ({SURVEY_LABEL})" in found["text"]
    assert len(found["quoted"]["camhs"]) == 2
    assert found["sections"]["camhs"].count(SURVEY_LABEL) == 2
    assert "Some survey comments of this week are quoted word for word" in html.unescape(found["html"])
    assert "do not try to find out who wrote one" in found["text"]


def test_the_json_lists_the_ids_of_what_is_quoted_and_not_the_words(tmp_path: Path) -> None:
    change = ONLY_CAMHS + survey("camhs", [USUAL], "negative")
    found = render(tmp_path, change, **ON)
    assert USUAL in found["quoted"]["camhs"]
    assert comment_id("camhs", "fft", 1000) in found["json"]["quoted_comment_ids"]
    assert len(found["json"]["quoted_comment_ids"]) == 2
    assert USUAL not in json.dumps(found["json"])
    assert comment_id("camhs", "fft", 1000) not in found["html"] + found["text"]


def test_negative_and_positive_are_quoted_in_fair_proportion(tmp_path: Path) -> None:
    whose = ("Staff", "Nurses", "The team", "The doctors", "My carers", "Those in charge")
    unheard, heard = ([f"{who} {when} listened to what I wanted." for who in whose] for when in ("never", "always"))
    change = "".join(survey(name, unheard, "negative") + survey(name, heard, "positive") for name in ("heron", "camhs"))
    change = change.replace("Staff", "The staff", 2)
    found = render(tmp_path, change, **ON, per_service=6)["quoted"]
    # Of what is negative or positive, 5 of 33 comments on Heron Ward are negative and 16 of 44 on the other service.
    assert [sum("never" in text for text in found[name]) for name in ("camhs", "heron")] == [2, 1]


def test_a_theme_that_grew_is_quoted_before_one_that_is_always_frequent(tmp_path: Path) -> None:
    staff, noise = "Staff did not listen to what we wanted at all.", "The noise at night kept all of us awake."
    change = ONLY_CAMHS + survey("camhs", [staff, noise])
    change += (
        f"update marts.fct_comments set major_codes = ['environment_and_catering'] where comment_text = '{noise}';"
    )
    grew = """update marts.fct_service_theme_weeks set comment_count = 30, negative_count = 14,
        comment_count_label = '30', negative_count_label = '14' where service_id = 'camhs'
        and theme_code = 'environment_and_catering' and week_date = '2026-11-09';"""
    assert staff in render(tmp_path / "as usual", change, **ON)["quoted"]["camhs"]
    assert noise in render(tmp_path / "grew", change + grew, **ON)["quoted"]["camhs"]


def test_when_quoting_is_off_nothing_is_quoted_and_the_report_says_why(tmp_path: Path) -> None:
    found = render(tmp_path)
    assert not any(found["quoted"].values()) and "blockquote>" not in found["html"]
    assert found["json"]["quoted_comment_ids"] == []
    assert "the trust's settings do not allow it" in found["sections"]["camhs"]
    assert "This report quotes no survey comment, because the trust's settings do not allow it." in found["text"]


def test_when_nothing_may_be_quoted_the_report_says_so_and_shows_its_figures(tmp_path: Path) -> None:
    change = ONLY_CAMHS + "update marts.fct_comments set is_withheld = true, comment_text = null;"
    found = render(tmp_path, change, **ON)
    assert "No comment of this week is quoted: none is both typical and free" in found["sections"]["camhs"]
    assert "The trust allows survey comments to be quoted. No survey comment of this week is." in found["text"]
    assert found["json"]["services"][0]["comments"].isdigit()


def test_a_side_that_cannot_be_quoted_is_said_and_not_filled_up_with_the_other(tmp_path: Path) -> None:
    change = ONLY_CAMHS + "delete from marts.fct_comments where sentiment_label = 'negative'"
    found = render(tmp_path, change, **ON)
    assert len(found["quoted"]["camhs"]) == 1
    assert "No negative comment of this week can be quoted." in found["sections"]["camhs"]


def test_placeholders_are_words_in_square_brackets(tmp_path: Path) -> None:
    text = "<staff name> always told me what <name 2> had said."
    assert quoted(tmp_path, text, sentiment="positive") == ["[staff name] always told me what [name 2] had said."]


@pytest.mark.parametrize(
    "text",
    [
        "Staff were rude",
        "Never " + "again and " * 20 + "again",
        "They told <name> and <name 2> that <name 3> would not come.",
        "I work for <employer> and they would not see me.",
        "They told my family in <place> but never at <employer>.",
        "I am a lighthouse keeper and they would not see me.",
        "Staff ignored me on Saturday and I was very upset.",
        "I waited at the desk for 47 minutes and nobody came.",
        "They said that forty seven people came before me.",
        "They told Rosalind that nobody would ever come.",
        "Nobody would mend my hurdy gurdy when I was here.",
        "They would not answer me at someone@mail.example or at all.",
        "I rang 07700 900461 and nobody would answer me.",
        "See what they did to me #NeverAgain it was so bad.",
        "I want to die and nobody here would listen to me.",
    ],
)
def test_a_comment_that_could_point_to_somebody_is_not_quoted(tmp_path: Path, text: str) -> None:
    assert quoted(tmp_path, text, USUAL) == [USUAL]


@pytest.mark.parametrize("who", ["My psychologist", "The night nurse", "<staff name>", "The lady on the desk", "She"])
def test_a_quote_may_thank_one_person_and_never_blame_one(tmp_path: Path, who: str) -> None:
    text = f"{who} never let me wait for anything."
    assert len(quoted(tmp_path / "thanks", text, sentiment="positive")) == 1
    assert quoted(tmp_path / "blame", text, USUAL) == [USUAL]


def test_the_names_of_the_trusts_own_services_do_not_keep_a_comment_back(tmp_path: Path) -> None:
    text = "Nobody in the Young People's Service ever told me what would happen."
    assert quoted(tmp_path, text) == [text]


@pytest.mark.parametrize(
    "columns",
    [
        {"is_withheld": True},
        {"comment_text": None},
        {"comment_text": "  "},
        {"is_nothing_to_improve": True},
        {"kind": "post"},
        {"kind": "story"},
        {"source_code": "nobody_knows"},
        {"week_date": "2026-11-02"},
    ],
    ids=str,
)
def test_a_comment_that_is_not_there_for_quoting_is_not_quoted(tmp_path: Path, columns: dict[str, Any]) -> None:
    assert quoted(tmp_path / "without", USUAL) == [USUAL]
    assert quoted(tmp_path / "with", USUAL, **columns) == []


@pytest.mark.parametrize("hidden", ["comment_count_label", "negative_count_label"])
def test_where_the_weeks_figures_are_hidden_nothing_is_quoted(tmp_path: Path, hidden: str) -> None:
    change = ONLY_CAMHS + survey("camhs", [USUAL])
    change += (
        f"update marts.fct_service_weeks set {hidden} = '*' where week_date = '2026-11-09' and service_id = 'camhs';"
    )
    found = render(tmp_path, change, **ON)["quoted"]["camhs"]
    assert USUAL not in found and len(found) == (0 if hidden == "comment_count_label" else 1)


def test_a_service_with_few_comments_is_never_quoted(tmp_path: Path) -> None:
    found = render(tmp_path, **ON)
    assert found["quoted"]["merlin"] == []
    assert "a quote could point to its writer" in found["sections"]["merlin"]


def test_one_of_few_comments_with_a_theme_is_not_quoted(tmp_path: Path) -> None:
    change = ONLY_CAMHS + survey("camhs", [USUAL], major_codes=["staff", "activities"])
    few = """delete from marts.fct_service_theme_weeks where theme_code = 'activities' and service_id = 'camhs';
        insert into marts.fct_service_theme_weeks by name select * replace ('activities' as theme_code,
            1 as comment_count, 1 as negative_count, '*' as comment_count_label, '*' as negative_count_label)
        from marts.fct_service_theme_weeks
        where theme_code = 'staff' and service_id = 'camhs' and week_date = '2026-11-09';"""
    assert USUAL in render(tmp_path / "many", change, **ON)["quoted"]["camhs"]
    assert USUAL not in render(tmp_path / "few", change + few, **ON)["quoted"]["camhs"]


def test_what_several_people_wrote_alike_is_quoted_once_in_a_report(tmp_path: Path) -> None:
    alike = [USUAL, USUAL.upper(), USUAL.rstrip(".") + "!!"]
    change = survey("camhs", alike) + survey("talking", alike)
    found = render(tmp_path, change, **ON)["quoted"]
    same = [text for texts in found.values() for text in texts if "told me what would happen" in text.lower()]
    assert len(same) == 1


def test_the_same_publication_gives_the_same_quotes_and_markup_stays_text(tmp_path: Path) -> None:
    change = ONLY_CAMHS + survey("camhs", ["They said </script> & never came back to me."])
    one, two = (render(tmp_path / name, change, **ON) for name in ("one", "two"))
    assert one == two
    assert "They said </script> & never came back to me." in one["quoted"]["camhs"]
    assert "</script>" not in one["html"]
