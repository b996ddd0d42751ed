"""Search as people use it, and as somebody would who wants to know of comments that are none of their business."""

import csv
import io
import re
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.fixtures.published import publish
from tests.fixtures.published_comments import posts, survey
from tests.fixtures.web import Site, Visitor, site, words
from wordround.records import comment_readings, saved_searches
from wordround.web.pages import search

STORED = '<script>alert(1)</script> & <b>parking</b> "quoted"'


def total(visitor: Visitor, **asked: str) -> int:
    """How many comments a search finds."""
    found = re.search(r"<h2>([\d,]+) comments?</h2>", visitor.get(f"/search?{urlencode(asked)}").text)
    assert found, asked
    return int(found[1].replace(",", ""))


def file(visitor: Visitor, **asked: str) -> list[dict[str, str]]:
    """The lines of the file of a search."""
    answer = visitor.get(f"/search.csv?{urlencode(asked)}")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def counts(visitor: Visitor, **asked: str) -> str:
    """What a page says of how many there are, and of what."""
    said = visitor.get(f"/search?{urlencode(asked)}").text
    return words(type("Page", (), {"text": said.split("How many, by")[-1].split('class="comment"')[0]})())


def test_an_analyst_finds_marked_words_and_goes_to_the_service_and_the_week(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    found = analyst.get("/search?q=NURSES")
    assert found.text.count('class="comment"') == 20 and "the <mark>nurses</mark>" in found.text
    assert 'href="/services/kestrel"' in found.text
    week = re.search(r'href="(/search\?service=kestrel&amp;from=2026-11-09&amp;to=2026-11-15)"', found.text)
    assert week and total(analyst, service="kestrel", **{"from": "2026-11-09", "to": "2026-11-15"}) > 0
    assert total(analyst, service="kestrel", **{"from": "2026-11-16"}) == 0


def test_pages_and_file_have_every_comment_once_in_the_order_that_the_page_names(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    count = total(analyst, q="nurses OR food", order="critical")
    said = [analyst.get(f"/search?q=nurses+OR+food&order=critical&page={number}") for number in (1, 2, 9999)]
    assert "most critical first" in words(said[0]).lower() and "how sure the model is" in words(said[0])
    assert said[2].status_code == 200 and f"Page {-(-count // 20) - 1}" in words(said[2])
    rows = file(analyst, q="nurses OR food", order="critical")
    assert len(rows) == len({row["comment_id"] for row in rows}) == count > 100
    moods = [row["sentiment"] for row in rows]
    assert moods == sorted(moods, key=lambda mood: mood != "negative"), "negative ones come first"
    shown = re.findall(r"<blockquote>(.*?)</blockquote>", said[0].text, re.DOTALL)
    assert [words(type("One", (), {"text": each})()) for each in shown[:3]] != []
    newest = [row["posted_date"] for row in file(analyst, q="nurses")]
    assert newest == sorted(newest, reverse=True)


def test_among_the_negative_those_about_care_and_safety_come_first_then_those_the_model_is_surest_of(
    tmp_path: Path,
) -> None:
    change = survey("kestrel", ["plain one", "plain two", "about safety"])
    change += (
        "update marts.fct_comments set sentiment_probability = 0.5 where comment_text in ('plain one', 'about safety');"
        "update marts.fct_comments set theme_codes = ['feeling_safe'] where comment_text = 'about safety';"
        "insert into marts.dim_themes values "
        "('feeling_safe', 'Feeling safe', 'patient_experience', 'general', 'minor', 99)"
    )
    publish(tmp_path, change)
    with site(tmp_path) as made:
        analyst = made.visitor("a", "analysts")
        rows = file(analyst, service="kestrel", sentiment="negative", order="critical")
        assert [row["comment"] for row in rows] == ["about safety", "plain two", "plain one"]
        assert "Feeling safe" in analyst.words("/search?service=kestrel&order=critical")
        assert total(analyst, theme="feeling_safe") == 1


def test_choices_narrow_what_is_found_and_the_counts_are_of_the_whole_result(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    everything = total(analyst, q="nurses")
    by_mood = [total(analyst, q="nurses", sentiment=mood) for mood in ("negative", "neutral", "positive")]
    assert sum(by_mood) == everything > max(by_mood)
    by_score = [total(analyst, q="nurses", score=str(score)) for score in range(1, 7)]
    assert sum(by_score) == everything
    assert total(analyst, q="nurses", theme="staff", source="fft") == everything
    assert total(analyst, q="nurses", theme="activities") == 0
    said = counts(analyst, q="nurses")
    assert f"negative {by_mood[0]}" in said and f"Staff {everything}" in said


def test_themes_of_which_the_same_comments_speak_are_counted_together(tmp_path: Path) -> None:
    change = survey("kestrel", ["one", "two", "three"])
    change += "update marts.fct_comments set major_codes = ['activities', 'staff'] where comment_text in ('one', 'two')"
    publish(tmp_path, change)
    with site(tmp_path) as made:
        said = counts(made.visitor("a", "analysts"), q="one OR two OR three")
        assert "Staff Activities 2" in said


@pytest.mark.parametrize("group", ["readers", "coders", "approvers", "governance"])
def test_nobody_else_searches(page: Site, group: str) -> None:
    other = page.visitor("x", group)
    for path in ("/search?q=nurses", "/search.csv?q=nurses", "/search"):
        assert other.get(path).status_code == 403
    assert 'href="/search"' not in other.get("/").text
    assert comment_readings.latest(page.settings) == []


# What a lead could ask to learn of other services: without a service, theirs by name, by words that only others use.
ASKED_BY_LEADS: tuple[dict[str, str], ...] = (
    {}, {"q": "nurses"}, {"q": "NOT nurses"}, {"q": "nurses OR NOT nurses"}, {"q": "food", "order": "critical"},
    {"theme": "staff"}, {"sentiment": "negative"}, {"from": "2026-11-09"}, {"score": "5"}, {"q": "*"},
    {"source": "fft"},
)  # fmt: skip


def test_nothing_that_a_lead_sees_depends_on_comments_of_other_services(tmp_path: Path) -> None:
    """Of two publications that differ in others' comments alone, every page and file of a lead is the same."""
    seen = []
    for place, change in (
        ("as it is", ""),
        ("others differ", "delete from marts.fct_comments where service_id <> 'kestrel' and hash(comment_id) % 2 = 0;"
         "update marts.fct_comments set comment_text = 'nurses zebra', sentiment_label = 'negative', "
         "major_codes = ['activities', 'staff'], theme_codes = ['activities'] where service_id <> 'kestrel'"),
    ):  # fmt: skip
        publish(tmp_path / place, change)
        with site(tmp_path / place) as made:
            lead = made.visitor("j.okafor", "kestrel-leads")
            answers = [
                lead.get(f"{path}?{urlencode(asked)}")
                for asked in ASKED_BY_LEADS
                for path in ("/search", "/search.csv")
            ]
            seen.append([_without_tokens(answer.text) for answer in answers])
            assert total(lead, q="zebra") == 0
            assert total(lead, q="nurses OR NOT nurses") == total(lead, service="kestrel")
            for answer in answers:
                assert not re.search("Heron|heron|Talking|Merlin", answer.text)
    assert seen[0] == seen[1]


def test_another_service_is_refused_to_a_lead_whether_there_is_one_of_this_name_or_not(page: Site) -> None:
    lead = page.visitor("j.okafor", "kestrel-leads")
    said = {}
    for service in ("heron", "no-such-service", "kestrel' or '1'='1"):
        for path in ("/search", "/search.csv"):
            refused = lead.get(f"{path}?q=nurses&service={quote(service)}")
            assert refused.status_code == 403
            said[service] = _without_tokens(refused.text)
    assert len(set(said.values())) == 1
    assert comment_readings.latest(page.settings) == []


def test_posts_on_social_media_are_found_by_analysts_alone_and_change_no_figure_of_a_lead(tmp_path: Path) -> None:
    publish(
        tmp_path / "without",
        "delete from marts.fct_comments where service_id = 'kestrel' and sentiment_label = 'negative'",
    )
    publish(tmp_path / "with", posts("kestrel", ["the zebra ward is dreadful", "again the zebra"]).replace(
        "limit 2", "limit 999"))  # fmt: skip
    seen = []
    for place in ("without", "with"):
        with site(tmp_path / place) as made:
            lead, analyst = made.visitor("l", "kestrel-leads"), made.visitor("a", "analysts")
            asked: tuple[dict[str, str], ...] = ({"q": "zebra"}, {"q": "NOT zebra"}, {"sentiment": "negative"})
            seen.append([(total(lead, **each), counts(lead, **each), file(lead, **each)) for each in asked])
            assert total(analyst, q="zebra") == (2 if place == "with" else 0)
            assert "Chirp" not in lead.get("/search").text
            assert lead.get("/search?source=chirp").status_code == 422
    assert seen[0] == seen[1]


def test_withheld_and_expired_comments_and_those_that_do_not_count_are_never_found(tmp_path: Path) -> None:
    change = survey("kestrel", ["zebra one", "zebra two", "zebra three", "zebra four"])
    for text, made in (("one", "is_withheld = true"), ("two", "comment_text = null"), ("three", "is_counted = false")):
        change += f"update marts.fct_comments set {made} where comment_text = 'zebra {text}';"
    publish(tmp_path, change)
    with site(tmp_path) as made_site:
        analyst = made_site.visitor("a", "analysts")
        assert total(analyst, q="zebra") == 1 and [row["comment"] for row in file(analyst, q="zebra")] == ["zebra four"]


INJECTIONS = (
    "'; drop table found; --",
    "nurses' or '1'='1",
    "$service_id",
    'x") or true --',
    "regexp_matches",
    "read_text('/etc/passwd')",
    "%27%20or%201=1",
)


@pytest.mark.parametrize(
    "name", ["q", "service", "theme", "sentiment", "source", "from", "to", "score", "order", "page"]
)
@pytest.mark.parametrize("typed", INJECTIONS)
def test_sql_that_is_typed_anywhere_is_a_word_or_is_refused(page: Site, name: str, typed: str) -> None:
    analyst = page.visitor("a", "analysts")
    before = total(analyst, q="nurses")
    for path in ("/search", "/search.csv"):
        answer = analyst.get(f"{path}?{urlencode({'service': 'kestrel', name: typed})}")
        assert answer.status_code in (200, 422)
        assert "Error:" not in answer.text or "nhsuk-error-message" in answer.text
    assert total(analyst, q="nurses") == before
    if name == "q":
        assert total(analyst, q='"nurses or"', service="kestrel") == 0


def test_a_search_that_cannot_be_read_is_shown_again_with_what_was_typed(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    refused = analyst.get("/search?q=%22nurses&sentiment=negative&from=2026-11-01")
    assert refused.status_code == 422 and "A quotation mark is not closed." in words(refused)
    assert 'value="&#34;nurses"' in refused.text and '<option value="negative" selected>' in refused.text
    assert 'value="2026-11-01"' in refused.text
    for wrong, says in (
        ("from=soon", "A day is written like"),
        ("from=2026-11-09&to=2026-11-01", "after the last one"),
        ("score=9", "The score is none of"),
        ("sentiment=angry", "The sentiment is none of"),
        ("theme=none", "No published theme"),
        ("service=none", "No published service"),
    ):
        refused = analyst.get(f"/search?{wrong}")
        assert refused.status_code == 422 and says in words(refused)


def test_nothing_found_says_what_to_try(page: Site) -> None:
    said = page.visitor("a", "analysts").words("/search?q=zebra&theme=staff")
    assert "Nothing was found" in said and "fewer words" in said and "without choices" in said


def test_markup_in_a_comment_stays_text_also_where_words_are_marked(tmp_path: Path) -> None:
    publish(tmp_path, survey("kestrel", [STORED]))
    with site(tmp_path) as made:
        for asked in ("parking", "script", "alert 1", "b", "quoted", "amp OR lt"):
            found = made.visitor("a", "analysts").get(f"/search?{urlencode({'q': asked, 'service': 'kestrel'})}")
            assert "<script>alert" not in found.text and "<b>" not in found.text
        found = made.visitor("a", "analysts").get("/search?q=quoted+%26")
        assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>&amp;</mark> &lt;b&gt;" in found.text


def test_no_cell_of_the_file_is_a_formula(tmp_path: Path) -> None:
    texts = ["=HYPERLINK(1)", "+44 is a code", "-1 out of ten", "@everyone said so", 'fine, "really"\nfine']
    publish(tmp_path, survey("kestrel", texts))
    with site(tmp_path) as made:
        rows = file(made.visitor("a", "analysts"), service="kestrel", sentiment="negative")
        assert {row["comment"] for row in rows} == {f"'{text}" for text in texts[:4]} | {texts[4]}


def test_what_is_read_is_logged_with_what_was_asked_and_without_names_that_were_typed(page: Site) -> None:
    analyst = page.visitor("a.nalyst", "analysts")
    analyst.get("/search?q=nurses&service=kestrel&from=2026-11-01")
    analyst.get("/search?q=Ottoline+Brackenbury")
    analyst.get("/search.csv?q=nurses&service=kestrel")
    last, named, first = comment_readings.latest(page.settings)
    assert (first.by, first.page, first.query) == (
        "a.nalyst", "search", "service: kestrel; from: 2026-11-01; words: nurses",
    )  # fmt: skip
    assert first.comment_count > 0
    assert named.comment_count == 0 and "Brackenbury" not in named.query
    assert (last.page, last.comment_count) == ("search file", total(analyst, q="nurses", service="kestrel"))
    assert len(comment_readings.latest(page.settings)) == 4
    analyst.get("/search")
    analyst.get("/search?q=(nurses")
    assert len(comment_readings.latest(page.settings)) == 4, "where no comment is shown nothing is logged"


def test_a_search_is_kept_for_whoever_saved_it_and_deleted_by_them_alone(page: Site) -> None:
    analyst, other = page.visitor("a", "analysts"), page.visitor("b", "analysts")
    asked = "/search?q=nurses&sentiment=negative&from=2026-11-01"
    saved = analyst.send(asked, "/search/saved", name="Nurses, negative")
    assert "The search is saved." in words(saved) and "Nurses, negative" in words(saved)
    address = "/search?q=nurses&amp;sentiment=negative&amp;from=2026-11-01"
    assert f'href="{address}"' in saved.text
    assert "Nurses, negative" not in other.words("/search")
    (kept,) = saved_searches.of(page.settings, "a")
    token = (
        other.send("/search?q=nurses", "/search/saved", name="Mine").text.split('form_token" value="')[1].split('"')[0]
    )
    assert other.client.post(f"/search/saved/{kept.id}/delete", data={"form_token": token}).status_code == 404
    for none in (0, 2**63, 10**30):
        assert other.client.post(f"/search/saved/{none}/delete", data={"form_token": token}).status_code == 422
    assert saved_searches.of(page.settings, "a") == [kept]
    gone = analyst.send("/search", f"/search/saved/{kept.id}/delete")
    assert "deleted" in words(gone) and saved_searches.of(page.settings, "a") == []


def test_what_nobody_sees_of_a_name_is_not_kept(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    analyst.send(
        "/search?q=nurses", "/search/saved", name="the\x00 \u202enight\u202c \x1b[31mshift<b></b>", q="n\x00urses"
    )
    (kept,) = saved_searches.of(page.settings, "a")
    assert kept.name == "the night [31mshift" and kept.query["q"] == "n urses"


def test_a_search_that_may_name_somebody_or_holds_what_is_in_no_list_is_not_kept(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    for asked, typed in (
        ("q=nurses", {"name": "About Ottoline Brackenbury"}),
        ("q=Ottoline+Brackenbury", {"name": "One of the ward"}),
        ("q=nurses", {"name": " "}),
        ("q=nurses", {"name": "\u200b\ufeff"}),
        ("q=nurses", {"name": "x" * 81}),
        ("q=nurses", {"name": "fine", "theme": "Ottoline Brackenbury"}),
        ("q=nurses", {"name": "fine", "q": "(nurses"}),
    ):
        refused = analyst.send(f"/search?{asked}", "/search/saved", **typed)
        assert refused.status_code == 422
    assert saved_searches.of(page.settings, "a") == []
    lead = page.visitor("l", "kestrel-leads")
    assert lead.send("/search?q=nurses", "/search/saved", name="fine", service="heron").status_code == 403
    assert saved_searches.of(page.settings, "l") == []


def test_while_many_search_others_are_told_to_try_again_and_pages_go_on(
    page: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst = page.visitor("a", "analysts")
    monkeypatch.setattr(search, "_LONGEST_WAIT", 0.01)
    with search._turn(), search._turn():
        for path in ("/search?q=nurses", "/search.csv?q=nurses"):
            busy = analyst.get(path)
            assert busy.status_code == 503 and "Many are searching" in words(busy)
        assert analyst.get("/search").status_code == analyst.get("/").status_code == 200
    assert total(analyst, q="nurses") > 0


def test_a_form_of_another_session_saves_nothing(page: Site) -> None:
    analyst = page.visitor("a", "analysts")
    assert analyst.client.post("/search/saved", data={"name": "x", "q": "nurses"}).status_code == 403
    assert saved_searches.of(page.settings, "a") == []


def _without_tokens(text: str) -> str:
    """A page without what differs from one answer to the next in any case."""
    text = re.sub(r'nonce="[^"]*"|name="form_token" value="[^"]*"', "", text)
    return re.sub(rf"{date.today():%Y}-\d\d-\d\d \d\d:\d\d", "", text)
