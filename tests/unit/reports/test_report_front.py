"""The first page: what changed, is good, needs a look, what it rests on, and social media in its own place."""

import json
import re
from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.published.disclosure import SmallNumbers
from wordround.published.tables import ThemeCount
from wordround.published.themes import moves, themes

SMALL = SmallNumbers(4)

CHIRP = """
insert into marts.dim_sources by name select * replace ('chirp' as source_code, 'Chirp' as source_label,
    true as is_social) from marts.dim_sources where source_code = 'fft';
insert into marts.dim_themes by name
    select * replace ('parking' as theme_code, 'Parking' as theme_label, 'minor' as level)
    from marts.dim_themes limit 1;
insert into marts.dim_themes by name
    select * replace ('kindness' as theme_code, 'Kindness' as theme_label, 'minor' as level)
    from marts.dim_themes where level = 'major' limit 1;
update marts.fct_comments set theme_codes = ['kindness'];
"""
# `number` posts of a kind, of the report's week or of an earlier one.
POSTS = """
insert into marts.fct_comments by name
select comments.* replace (
    md5('{name}' || posts.number) as comment_id, 'chirp' as source_code, 'post' as kind, date '{week}' as week_date,
    {themes} as theme_codes, {is_care} as is_about_care, {is_copy} as is_copy, {is_care} and not {is_copy} as is_counted
)
from (select * from marts.fct_comments where source_code = 'fft' limit 1) as comments,
    range({number}) as posts (number);
"""


def posts(
    name: str,
    number: int,
    *,
    care: bool = True,
    copy: bool = False,
    themes: str = "['parking']",
    week: str = "2026-10-05",
) -> str:
    return POSTS.format(name=name, number=number, is_care=care, is_copy=copy, themes=themes, week=week)


def first_page(home: Path, change: str = "") -> tuple[dict[str, list[str]], str]:
    publish(home, change)
    folder = reports.render(settings_for(home)).folder
    html = (folder / "report.html").read_text(encoding="utf-8")
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))["first_page"], html


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], str]:
    return first_page(tmp_path_factory.mktemp("home"))


def test_the_page_begins_with_its_five_places_and_each_says_something(usual: tuple[dict[str, list[str]], str]) -> None:
    said, html = usual
    places = ["What changed", "What is good", "What needs a look", "What it rests on", "Social media"]
    assert list(said) == places and all(said.values())
    headings = re.findall(r"<h[23][^>]*>([^<]+)</h[23]>", html)
    assert headings[:6] == ["On one page", *places]
    assert re.fullmatch(
        r"Kestrel Ward: more negative comments than the usual 24%, since the week of 28 September 2026 "
        r"\(\d+ of \d+ when it was noticed\)\.",
        said["What changed"][0],
    )
    assert said["What it rests on"][-1] == "Expect about one false alert in two weeks on this board."
    assert said["What needs a look"][0] == "First: Kestrel Ward."
    assert any(line.startswith("Most praised in the last 12 weeks: Staff") for line in said["What is good"])
    assert re.search(r"At least [\d,]+ comments on 8 services", " ".join(said["What it rests on"]))


def test_services_stand_by_what_needs_a_look(usual: tuple[dict[str, list[str]], str]) -> None:
    _, html = usual
    names = re.findall(r'<th scope="row"><a href="#service-(\w+)">', html)
    assert names[:2] == ["kestrel", "heron"] and names[-1] == "merlin"
    sections = re.findall(r'<section class="service" aria-labelledby="service-(\w+)">', html)
    assert sections == names


def test_a_theme_that_is_criticised_more_is_named_with_its_shares_and_puts_its_service_first(tmp_path: Path) -> None:
    worse = """update marts.fct_alerts set status = 'closed';
        update marts.fct_service_theme_weeks set negative_count = 0, positive_count = comment_count;
        update marts.fct_service_theme_weeks set negative_count = comment_count, positive_count = 0
        where service_id = 'talking' and theme_code = 'access_to_care' and week_date >= '2026-08-24'"""
    said, html = first_page(tmp_path, worse)
    (line,) = (line for line in said["What needs a look"] if line.startswith("Criticised more"))
    assert re.fullmatch(
        r"Criticised more than in the weeks before: Access to care in Talking Therapies \(\d+%, before 0%\)\.", line
    )
    assert re.findall(r'<section class="service" aria-labelledby="service-(\w+)">', html)[0] == "talking"
    section = html[html.index('aria-labelledby="service-talking"') :].partition("</section>")[0]
    assert "<strong>Access to care</strong>: criticised more than in the weeks before" in section
    assert "<strong>Access to care</strong>: praised less than in the weeks before" in section


def test_nothing_of_note_is_said_as_such(tmp_path: Path) -> None:
    calm = """update marts.fct_alerts set status = 'closed';
        update marts.fct_service_theme_weeks set negative_count = 0, positive_count = 0"""
    said, html = first_page(tmp_path, calm)
    assert said["What changed"][0].startswith("Nothing to report")
    assert said["What needs a look"][0] == "No service stands out."
    assert "No theme moved by more than chance does" in html


EPISODE = """insert into marts.fct_alerts by name
    select * replace ('{id}' as alert_id, '{series}' as series_code, '{service}' as service_id, {theme} as theme_code,
        '{tier}' as tier_code, {part_of} as part_of_alert_id, '{negative}' as negative_count_label)
    from marts.fct_alerts where service_id = 'kestrel' limit 1;"""


def episode(**change: str) -> str:
    usual = {"id": "e1", "series": "service_theme", "service": "heron", "theme": "'access_to_care'", "tier": "alert"}
    return EPISODE.format(**usual | {"part_of": "null", "negative": "17"} | change)


def test_an_alert_on_a_theme_is_told_and_one_that_only_shows_anothers_change_is_not(tmp_path: Path) -> None:
    said, html = first_page(tmp_path, episode() + episode(id="e2", theme="'staff'", part_of="'e1'"))
    themes = [line for line in said["What changed"] if line.startswith("Access to care in Heron Ward: more comments")]
    assert len(themes) == 1 and not any(line.startswith("Staff in") for line in said["What changed"])
    section = html[html.index('aria-labelledby="service-heron"') :].partition("</section>")[0]
    assert "Themes that changed" in section and themes[0] in section


def test_what_is_only_watched_stands_under_what_needs_a_look(tmp_path: Path) -> None:
    said, html = first_page(tmp_path, "update marts.fct_alerts set tier_code = 'watch' where service_id = 'kestrel'")
    assert not any(line.startswith("Kestrel") for line in said["What changed"])
    assert said["What needs a look"][0] == "Not yet an alert: Kestrel Ward."
    assert re.findall(r'<section class="service" aria-labelledby="service-(\w+)">', html)[0] == "kestrel"


def test_a_voice_that_fades_is_named_before_any_trend_is_read(tmp_path: Path) -> None:
    fading = "update marts.fct_service_watch set is_fading = true, voice_code = 'fading' where service_id = 'memory'"
    said, html = first_page(tmp_path, fading)
    assert "Fewer people are heard than before: Memory Assessment Service." in said["What needs a look"]
    assert re.findall(r'<section class="service" aria-labelledby="service-(\w+)">', html)[:2] == ["kestrel", "memory"]
    assert "First look at how they are asked" in html


def test_a_small_number_of_an_episode_is_told_nowhere(tmp_path: Path) -> None:
    said, _ = first_page(tmp_path, "update marts.fct_alerts set negative_count_label = '*'")
    assert "when it was noticed" not in " ".join(said["What changed"])


def test_where_a_change_comes_from_stands_beside_its_chart_and_small_parts_do_not(tmp_path: Path) -> None:
    change = """insert into marts.fct_alert_changes by name select alert_id, dimension_code, part_code, within_change,
        mix_change, within_change + mix_change as whole_change, is_small
        from (select alert_id from marts.fct_alerts where service_id = 'kestrel'), (values
            ('theme', 'access_to_care', 0.18, 0.02, false), ('theme', 'staff', 0.03, 0.0, true),
            ('source', 'fft', 0.2, -0.014, false), ('question', 'could_improve', 0.004, 0.0, false),
            ('score', '5', 0.05, 0.0, false)
        ) as parts (dimension_code, part_code, within_change, mix_change, is_small);
        insert into marts.fct_alert_words by name
        select alert_id, 'waiting' as word, 1 as word_rank from marts.fct_alerts where service_id = 'kestrel'"""
    _, html = first_page(tmp_path, change)
    section = html[html.index('aria-labelledby="service-kestrel"') :].partition("</section>")[0]
    table = section.partition("Where the change comes from</h4>")[2].partition("</table>")[0]
    rows = [re.findall(r">([^<>]+)</t[dh]>", row) for row in table.partition("<tbody>")[2].split("</tr>")[:-1]]
    assert rows == [
        ["Theme", "Access to care", "+18", "+2", "+20"],
        ["Source", "Friends and Family Test", "+20", "\u22121", "+19"],
        ["Score", "Very poor", "+5", "0", "+5"],
    ]
    assert "Words that were used more in negative comments: waiting." in section


def test_social_media_says_what_came_in_what_was_about_care_and_what_surveys_did_not_say(tmp_path: Path) -> None:
    change = (
        CHIRP
        + posts("a", 40)
        + posts("b", 20, themes="['kindness']", week="2026-11-09")
        + posts("c", 90, care=False)
        + posts("d", 7, copy=True)
    )
    said, html = first_page(tmp_path, change)
    lead, *only = said["Social media"]
    assert lead == (
        "In the last 12 weeks, 157 posts were found in public. 60 of them tell of care, each counted once. "
        "20 of these are of this week."
    )
    assert only == ["More in posts than in surveys: Parking: in 70% of posts, in hardly any of survey answers."]
    row = re.search(r'<tr><th scope="row">Chirp</th>(.*?)</tr>', html, re.DOTALL)
    assert row and re.findall(r">(\d+|hidden)<", row[1]) == ["60", "90", "7"]
    share = re.search(r"Where these comments come from</h3>\s*<p>([^<]+)</p>", html)
    assert share and "Friends and Family Test" in share[1] and "Chirp" in html.partition("Where these")[2]


def test_small_numbers_of_posts_are_hidden_and_cannot_be_worked_out(tmp_path: Path) -> None:
    said, html = first_page(tmp_path, CHIRP + posts("a", 40) + posts("c", 90, care=False) + posts("d", 2, copy=True))
    row = re.search(r'<tr><th scope="row">Chirp</th>(.*?)</tr>', html, re.DOTALL)
    assert row and re.findall(r">(\d+|hidden)<", row[1]) == ["hidden", "90", "hidden"]
    assert "None of these is of this week." in said["Social media"][0]
    few, _ = first_page(tmp_path, CHIRP + posts("a", 37) + posts("b", 3, week="2026-11-09"))
    assert "of this week" not in few["Social media"][0]


def test_without_social_media_its_place_says_so(usual: tuple[dict[str, list[str]], str], tmp_path: Path) -> None:
    assert usual[0]["Social media"] == ["No social media is read: nobody has switched on such a source."]
    silent, _ = first_page(tmp_path, CHIRP)
    assert silent["Social media"] == ["Nothing was found in public in the last 12 weeks."]


def theme(comments: int, negative: int, positive: int) -> ThemeCount:
    return ThemeCount("s", "staff", "Staff", comments, negative, positive)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (theme(100, 80, 20), theme(100, 20, 80), ["criticised more", "praised less"]),
        (theme(100, 25, 75), theme(100, 20, 80), []),
        (theme(100, 20, 80), theme(20, 20, 0), ["praised more"]),
    ],
)
def test_a_theme_moves_only_beyond_chance(now: ThemeCount, before: ThemeCount, said: list[str]) -> None:
    found = moves(300, [now], 300, [before], SMALL)
    assert [move.words.partition(" than")[0] for move in found] == said
    assert moves(300, [now], 12, [before], SMALL) == []


def test_a_share_that_is_small_or_leaves_a_small_rest_is_told_of_no_theme() -> None:
    (shown,) = themes(300, [theme(100, 3, 97)], SMALL)
    assert (shown.share, shown.negative_share, shown.positive_share) == ("34%", None, None)
    assert moves(300, [theme(100, 3, 97)], 300, [theme(100, 97, 3)], SMALL) == []
