"""The report as files: self-contained, accessible, the same each time, and silent about small numbers."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.errors import StorageFailed
from wordround.reports import page

VOID = {"meta", "link", "br", "img", "hr", "input"}
KEEP = "delete from marts.dim_services where service_id not in ({});"
TWO_SERVICES = KEEP.format("'kestrel', 'merlin'")


class Page(HTMLParser):
    """Tags with their attributes, text by tag, and what was closed that was never opened."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def render(home: Path, change: str = "") -> dict[str, str]:
    publish(home, change)
    folder = reports.render(settings_for(home)).folder
    return {path.suffix: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return render(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def parsed(files: dict[str, str]) -> Page:
    return Page(files[".html"])


def test_rendering_says_where_the_report_lies_and_leaves_no_draft(tmp_path: Path) -> None:
    publish(tmp_path, KEEP.format("'merlin'"))
    seen: list[tuple[int, int]] = []
    outcome = reports.render(settings_for(tmp_path), progress=lambda done, total: seen.append((done, total)))
    assert outcome.period == "2026-W46" and outcome.findings == 3
    assert outcome.report == tmp_path / "reports" / "2026-W46" / "report.html"
    assert sorted(p.name for p in outcome.folder.iterdir()) == ["report.html", "report.json", "report.txt"]
    assert seen == [(1, 1)]


NOTICE = "https://www.fernvale.example/fictional-privacy-notice"


def test_the_page_refers_to_nothing_outside_itself_but_the_privacy_notice(files: dict[str, str], parsed: Page) -> None:
    html = files[".html"].replace(NOTICE, "")
    assert "http" not in html and "//" not in html.replace("</", "")
    assert "url(" not in html.replace("url(#", "") and "@import" not in html
    assert not parsed.named("script") and not parsed.named("link") and not parsed.named("img")
    for _, attributes in parsed.tags:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#") or attributes["href"] == NOTICE


def test_the_footer_says_on_what_authority_comments_are_read(files: dict[str, str], parsed: Page) -> None:
    footer = " ".join(files[".html"].partition("<footer>")[2].split())
    for said in (
        "Friends and Family Test.",
        "Data controller: fictional: Fernvale Mental Health NHS Trust.",
        "dpo@fernvale.example",
        "Impact assessment: fictional: DPIA-2026-014, reviewed on 14 September 2026.",
        "UK GDPR Article 6(1)(e) (public task) and Article 9(2)(h) (health or social care).",
        "Purpose: service evaluation, decided on 14 September 2026 by fictional: research and development office.",
        "kept for 2,557 days (about 7 years)",
    ):
        assert said in footer and said in " ".join(files[".txt"].split())
    assert [link["href"] for link in parsed.named("a") if not str(link["href"]).startswith("#")] == [NOTICE]
    assert f"Privacy notice: {NOTICE}" in files[".txt"]
    (stated,) = json.loads(files[".json"])["governance"]
    assert stated["notice"] == NOTICE


def test_a_publication_without_governance_says_so_and_links_to_nothing(tmp_path: Path) -> None:
    columns = "update marts.dim_sources set lawful_basis_article_6 = null, privacy_notice_url = 'javascript:alert(1)'"
    content = render(tmp_path, TWO_SERVICES + columns)
    for part in (content[".html"], content[".txt"]):
        assert "On what authority these comments are read was not recorded." in " ".join(part.split())
    assert "javascript" not in content[".html"]


def test_the_page_has_its_landmarks_and_headings_in_order(parsed: Page) -> None:
    assert parsed.open == []
    assert parsed.named("html") == [{"lang": "en-GB"}]
    names = [tag for tag, _ in parsed.tags]
    assert [names.count(tag) for tag in ("header", "main", "footer", "h1", "title")][:4] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [str(attributes["id"]) for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [str(attributes["href"])[1:] for attributes in parsed.named("a") if attributes["href"] != NOTICE]
    assert links[0] == "main" and set(links) <= set(ids)


def test_every_table_has_a_caption_and_every_header_a_scope(parsed: Page) -> None:
    names = [tag for tag, _ in parsed.tags]
    assert names.count("table") == names.count("caption") > 8
    assert {attributes.get("scope") for attributes in parsed.named("th")} == {"col", "row"}


def test_every_chart_has_a_title_and_a_description_and_no_data_in_labels(parsed: Page) -> None:
    charts = [attributes for attributes in parsed.named("svg") if attributes.get("role") == "img"]
    ids = {attributes.get("id") for _, attributes in parsed.tags}
    assert len(charts) == 2 * (6 + 7 + 8)  # wide and narrow
    for chart in charts:
        assert set(str(chart["aria-labelledby"]).split()) <= ids
    allowed = {"Week by week", "All themes", "None"}
    for tag, attributes in parsed.tags:
        assert str(attributes.get("aria-label")).split(":")[0] in allowed, tag
        assert "aria-roledescription" not in attributes
    others = [attributes for attributes in parsed.named("svg") if attributes.get("role") != "img"]
    assert all(attributes.get("aria-hidden") == "true" for attributes in others)


def test_a_chart_marks_a_concern_by_its_shape_and_its_colour(files: dict[str, str]) -> None:
    kestrel = re.search(r'<svg class="chart chart--wide"[^>]*control-1-wide.*?</svg>', files[".html"], re.S)
    assert kestrel is not None
    marks = re.findall(r'<path[^>]*d="([^"]*)"[^>]*fill="(#[0-9a-f]{6})"', kestrel.group())
    shapes = {colour: re.sub(r"[-\d.,\s]", "", path) for path, colour in marks}
    assert shapes["#ed8b00"] != shapes["#768692"] and sum(colour == "#ed8b00" for _, colour in marks) == 6


def test_no_count_below_five_stands_anywhere(files: dict[str, str], parsed: Page) -> None:
    things = r"(?:comments?|voices?|people|forms?|answers?|rows)"
    for content in (" ".join(text for _, text in parsed.texts), files[".txt"], files[".json"]):
        assert not re.search(rf"(?<![\d.,-])[1-4] (?:negative |neutral |positive )?{things}\b", content)
    cells = [text for tag, text in parsed.texts if tag in ("td", "dd", "text")]
    assert len(cells) > 500
    assert not [text for text in cells if re.match(r"[1-4]\b(?![%,])", text)]
    shown = json.loads(files[".json"])["services"]
    tiny = next(service for service in shown if service["service_id"] == "merlin")
    assert (tiny["comments"], tiny["usual_comments_a_week"]) == ("hidden", "few")
    assert tiny["negative_share"] == tiny["negative_under_best_scores_share"] == "*"
    counts = json.dumps(
        {name: value for name, value in json.loads(files[".json"]).items() if name != "rules"}, indent=2
    )
    assert not re.search(r'": "?[1-4]"?,?$', re.sub(r'.*"hidden_week_count".*', "", counts), re.M)


def test_what_is_hidden_does_not_change_a_byte_of_the_report(tmp_path: Path) -> None:
    """Other hidden figures under the same labels: if anything shown depended on them, a file would differ."""
    change = """
    update marts.fct_service_weeks set
        negative_count = case when negative_count = 2 then 4 else 2 end, negative_share = 0.9,
        neutral_count = 1, positive_count = 1, positive_share = 0.05, mean_compound = -0.9,
        scored_negative_count = 1, negative_under_best_scores_count = 1
    where negative_share_label = '*' and service_id in ('kestrel', 'merlin')
        and week_date < (select max(week_date) - 11 * 7 from marts.dim_weeks);
    update marts.fct_service_weeks set negative_share = 0.9, neutral_count = 1, positive_count = 1,
        scored_negative_count = 1, negative_under_best_scores_count = 1
    where negative_share_label = '*' and service_id in ('kestrel', 'merlin');
    update marts.fct_service_weeks set comment_count = 3, response_count = 3, fft_1_count = 3
    where comment_count_label = '*' and week_date < '2026-08-01';
    update marts.fct_control_chart_points set value = 0.99, moving_range = 0.5
    where week_date in (select week_date from marts.fct_service_weeks as weeks
        where weeks.service_id = fct_control_chart_points.service_id and weeks.negative_share_label = '*');
    """
    assert render(tmp_path / "one", TWO_SERVICES) == render(tmp_path / "two", TWO_SERVICES + change)


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path, files: dict[str, str]) -> None:
    keep = KEEP.format("'kestrel'")
    assert render(tmp_path / "one", keep) == render(tmp_path / "two", keep)
    other = (
        keep
        + "update marts.fct_service_weeks set negative_share = 0.6, negative_share_label = '60 %' "
        + ("where service_id = 'kestrel' and week_date = '2026-11-02'")
    )
    assert render(tmp_path / "three", other)[".html"] != files[".html"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '=HYPERLINK("x","y")', 'A & B "ward" {{ 7*7 }}'])
def test_a_name_that_looks_like_html_or_a_formula_stays_text(tmp_path: Path, name: str) -> None:
    quoted = name.replace("'", "''")
    change = (
        TWO_SERVICES + f"update marts.dim_services set service_label = '{quoted}', site_label = '{quoted}';"
        f"update marts.dim_themes set theme_label = '{quoted}' where theme_code = 'staff'"
    )
    content = render(tmp_path, change)
    read = Page(content[".html"])
    assert read.open == [] and not read.named("script")
    assert "49" not in {text for tag, text in read.texts if tag in ("h2", "text")}
    assert sum(text.startswith(name) for tag, text in read.texts if tag == "h2") == 2
    assert name in [text for tag, text in read.texts if tag == "text"]
    assert name in content[".txt"] and name in json.loads(content[".json"])["services"][0]["service_label"]


def test_every_template_escapes_what_it_is_given() -> None:
    assert page.environment().autoescape is True
    assert page.environment().from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"


def test_a_service_that_is_not_monitored_says_why_and_has_no_limits(files: dict[str, str]) -> None:
    section = re.search(r"<section[^>]*service-merlin.*?</section>", files[".html"], re.S)
    assert section is not None
    assert "no control limits: too few comments (fewer than 15 a week in the baseline)." in section.group()
    assert "A p′-chart would suit it, which allows for few comments a week." in section.group()
    assert "Not monitored</span>" in section.group() and "Watched by" not in section.group()
    assert "Not monitored: too few comments (24 of 50 for a baseline)" in section.group()
    assert "Upper limit" not in section.group() and "52 of 59 weeks are hidden" in section.group()


def test_the_report_says_what_is_missing_and_where_to_get_help(files: dict[str, str]) -> None:
    html, text = files[".html"], files[".txt"]
    assert "16 to 22 November 2026" in html and "16 to 22 November 2026" in text
    assert "ambiguous date a few; future date a few" in html
    for words in (
        "116 123",
        "85258",
        "NHS 111",
        "b7e1c0d2a9f4",  # pragma: allowlist secret
        "vader-3.3.2",
        "synthetic",
    ):
        assert words in html and words in text
    assert max(len(line) for line in text.splitlines()) <= 90


def test_a_real_trust_is_not_labelled_synthetic(tmp_path: Path) -> None:
    publish(tmp_path, KEEP.format("'merlin'") + "update marts.dim_services set trust_code = 'XAS', trust_label = 'XAS'")
    settings = settings_for(tmp_path, trust={"name": "Ashdown NHS Trust", "code": "XAS"})
    html = reports.render(settings).report.read_text(encoding="utf-8")
    assert "Ashdown NHS Trust" in html and "synthetic" not in html


def test_comments_on_other_trusts_than_the_one_in_the_settings_are_reported_under_their_names(tmp_path: Path) -> None:
    change = """update marts.dim_services set trust_code = 'XAS', trust_label = 'Ashdown';
        update marts.dim_services set trust_code = 'XBR', trust_label = 'Bracken' where service_id = 'camhs'"""
    found = render(tmp_path, KEEP.format("'merlin', 'camhs'") + change)
    assert "Ashdown and Bracken" in found[".html"] and found[".txt"].startswith("Ashdown and Bracken\n")
    assert json.loads(found[".json"])["trust"] == "Ashdown and Bracken"
    for part in found.values():
        assert "synthetic" not in part and "Fernvale Mental Health" not in part


def test_a_service_without_a_recent_comment_is_named_and_takes_no_section(tmp_path: Path) -> None:
    silent = """update marts.fct_service_weeks set comment_count = 0, comment_count_label = '0', response_count = 0,
        response_count_label = '0', negative_count = 0, negative_share = null, negative_share_label = null
        where service_id = 'merlin' and week_date >= '2026-08-24'"""
    found = render(tmp_path, KEEP.format("'merlin', 'camhs'") + silent)
    sentence = (
        "No comment in the 12 weeks to 15 November 2026 on this service: Merlin Ward (psychiatric intensive care)."
    )
    assert sentence in found[".html"] and sentence in " ".join(found[".txt"].split())
    assert 'id="service-merlin"' not in found[".html"] and 'id="service-camhs"' in found[".html"]
    assert [service["service_id"] for service in json.loads(found[".json"])["services"]] == ["camhs", "merlin"]


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_half_done(tmp_path: Path) -> None:
    publish(tmp_path, KEEP.format("'merlin'"))
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(StorageFailed, match="report"):
        reports.render(settings_for(tmp_path))


def test_a_week_that_is_not_judged_leaves_the_service_monitored(tmp_path: Path) -> None:
    change = KEEP.format("'talking'") + (
        "update marts.fct_control_chart_points set is_monitored = false, point_type = 'common_cause',"
        " not_monitored_reason = 'not judged: fewer than 5 comments in the week' where week_date = '2026-11-09'"
    )
    service = json.loads(render(tmp_path, change)[".json"])["services"][0]
    assert service["status"] == "common_cause" and service["mean_share"] == "18%"
    assert service["no_limits_reason"] is None


NO_LIMITS = (
    "update marts.fct_control_chart_points set is_monitored = false, point_type = 'common_cause', mean_value = null,"
    " not_monitored_reason = 'not monitored: too few comments (fewer than 15 a week in the baseline)',"
    " suitable_chart = 'p_prime';"
)


def test_a_service_whose_share_is_watched_is_monitored_though_its_chart_has_no_limits(tmp_path: Path) -> None:
    found = render(tmp_path, KEEP.format("'talking', 'merlin'") + NO_LIMITS)
    html, talking = found[".html"], json.loads(found[".json"])["services"][0]
    section = re.search(r"<section[^>]*service-talking.*?</section>", html, re.S)
    assert section is not None
    assert "Not monitored" not in section.group() and "not monitored" not in section.group()
    assert "Usual variation</span>" in section.group() and "Watched by its own share" in section.group()
    assert "The chart has no control limits: too few comments" in section.group()
    assert (talking["service_id"], talking["status"], talking["suitable_chart"] is not None) == (
        "talking",
        "common_cause",
        True,
    )
    assert "1 service with too few comments or weeks to be watched alone." in html


def test_a_service_that_nothing_watches_is_not_monitored_though_its_chart_has_limits(tmp_path: Path) -> None:
    unwatched = "update marts.fct_service_watch set is_monitored = false where service_id = 'camhs';"
    found = render(tmp_path, KEEP.format("'talking', 'camhs'") + unwatched)
    statuses = [(each["service_id"], each["status"]) for each in json.loads(found[".json"])["services"]]
    assert statuses == [("talking", "common_cause"), ("camhs", "not_monitored")]
    section = re.search(r"<section[^>]*service-camhs.*?</section>", found[".html"], re.S)
    assert section is not None and "Whether its share changes is not watched yet." in section.group()
