"""What the report rests on: which sources were asked, which days they answered, and why not the others."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.records import deliveries
from wordround.records.deliveries import Delivery

SOCIAL = """
insert into marts.dim_sources by name select * replace ('chirp' as source_code, 'Chirp' as source_label,
    'Social media' as kind_label, true as is_social, {counted} as comment_count, {other} as not_about_care_count,
    {copies} as copy_count, {share} as not_discoverable_share) from marts.dim_sources where source_code = 'fft';
insert into marts.fct_query_days
    select
        'chirp', 'tag', day::date, '#FernvaleNHS or "Fernvale Hospital"', {cut}, {error},
        3, 0, 0, 2, if({whole}, 2, 0), true, {whole}, not {whole}
    from generate_series(date '2026-08-24', date '2026-11-15', interval 1 day) as days (day);
"""
# Coverage is of sources: one service is enough, and each of the others has charts that take time to draw.
ONE_SERVICE = "delete from marts.dim_services where service_id <> 'kestrel';"
WHOLE = {"counted": 120, "other": 300, "copies": 7, "cut": "null", "error": "null", "whole": "true",
         "share": "null"}  # fmt: skip


@pytest.fixture
def rendered(tmp_path):
    def render(**change):
        publish(tmp_path, ONE_SERVICE + SOCIAL.format(**(WHOLE | change)))
        folder = reports.render(settings_for(tmp_path)).folder
        return {name: Path(folder, f"report.{name}").read_text("utf-8") for name in ("html", "txt", "json")}

    return render


def section(html: str) -> str:
    return html.partition('<h2 id="coverage">')[2].partition("<h2")[0]


def test_a_source_that_answered_every_day_is_said_to_be_whole_and_has_a_chart_with_a_table(rendered):
    report = rendered()
    section_text = section(report["html"])
    assert "What this rests on" in section_text
    assert "all 84 days" in section_text
    assert "<svg" in section_text and "<table" in section_text
    assert "#FernvaleNHS or &#34;Fernvale Hospital&#34;" in section_text
    assert "answered whole for every day" in report["txt"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"whole": "(day < date '2026-11-01')", "error": "'SourceDown'"}, "the source did not answer"),
        ({"whole": "(day < date '2026-11-01')", "cut": "'wall'"}, "the source shows only so many results"),
        ({"whole": "(day < date '2026-11-01')", "cut": "'budget'"}, "the day&#39;s budget was spent"),
    ],
)
def test_days_that_are_missing_are_counted_with_the_reason_in_words(rendered, change, words):
    report = rendered(**change)
    assert f"69 of 84 days ({words})" in section(report["html"])
    assert "69 of 84 days" in report["txt"]


def test_no_number_of_comments_of_a_day_is_in_the_report(tmp_path):
    section_text = []
    for count in (3, 4):
        publish(tmp_path, ONE_SERVICE + SOCIAL.format(**WHOLE).replace("3, 0, 0,", f"{count}, 0, 0,"))
        section_text.append((reports.render(settings_for(tmp_path)).folder / "report.html").read_bytes())
    assert section_text[0] == section_text[1]


def test_a_trust_that_asks_no_source_is_not_told_about_asking(tmp_path):
    publish(tmp_path, ONE_SERVICE)
    folder = reports.render(settings_for(tmp_path)).folder
    section_text = section(Path(folder, "report.html").read_text("utf-8"))
    assert "is looked for by" not in section_text


def test_the_share_that_is_refused_for_being_not_discoverable_is_said_in_steps(rendered):
    report = rendered(share="0.4127")
    words = "About 40% of the posts that were found at Chirp are left out"
    assert words in section(report["html"])
    assert words in " ".join(report["txt"].split())


@pytest.mark.parametrize("change", [{"share": "null"}, {"share": "0.02"}, {"share": "0.41", "counted": 3}])
def test_no_share_is_said_where_there_is_none_or_little_was_found(rendered, change):
    assert "are left out, because" not in rendered(**change)["html"]


def test_a_digest_of_alerts_that_did_not_go_out_is_said_without_naming_anybody(rendered, tmp_path):
    settings = settings_for(tmp_path, alerts={"subscriptions": [{"name": "wardlead", "channel": "teams"}]})
    assert "told of trend alerts" not in rendered()["html"]
    for event, reason in (("begun", None), ("failed", "it answered 404")):
        step = Delivery(datetime.now(UTC), "wardlead", "webhook", event, "k", ("n",), reason)
        deliveries.log(settings, [step])
    folder = reports.render(settings).folder
    html = Path(folder, "report.html").read_text("utf-8")
    assert "One of those who are told of trend alerts could not be told of the latest" in section(html)
    assert "wardlead" not in html


@pytest.mark.parametrize(
    ("copies", "words"),
    [("4", ""), ("comment_count // 99", ""), ("3 * comment_count", "About 75% of the comments from Friends and")],
)
def test_comments_that_count_once_with_others_are_told_as_a_share(tmp_path, copies, words):
    publish(tmp_path, f"{ONE_SERVICE} update marts.dim_sources set copy_count = {copies};")
    text = Path(reports.render(settings_for(tmp_path)).folder, "report.txt").read_text("utf-8").replace("\n", " ")
    assert words in text and ("say nearly the same as another one" in text) == bool(words)
