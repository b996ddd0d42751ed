"""The findings say what the published figures say, and change when the figures change."""

from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround.errors import NothingPublished
from wordround.published import figures, reading
from wordround.reports.findings import Finding, findings

NO_ALERTS = "delete from marts.fct_alerts;"


def found(home: Path, change: str = "") -> list[Finding]:
    publish(home, change)
    published = reading.read(settings_for(home))
    return findings(published, figures.services(published))


def texts(home: Path, change: str = "") -> list[str]:
    return [finding.text for finding in found(home, change)]


def test_the_concern_comes_first_then_the_improvement_then_what_scores_miss(tmp_path: Path) -> None:
    told = found(tmp_path)
    assert [finding.kind for finding in told] == ["concern", "improvement", "scores"]
    assert told[0].text == (
        "Kestrel Ward has more negative comments than usual: 52% in the week 2 to 8 November 2026, up from a usual "
        "24%, since the week of 28 September 2026 (chance alone does this less than once in 100 years on one chart)."
    )
    assert told[1].text.startswith(
        "Heron Ward has fewer negative comments than usual: 12% in the week 9 to 15 November"
    )
    assert told[2].text.startswith(
        "Of 624 comments with negative words across 6 services in the 12 weeks to 15 November"
    )
    assert [finding.section for finding in told] == ["service-kestrel", "service-heron", "services"]


def test_another_service_with_another_change_gives_another_sentence(tmp_path: Path) -> None:
    change = """
    update marts.fct_alerts set service_id = 'talking', since_week_date = '2026-10-19', once_in_years = 7,
        expected_share = 0.18 where direction = 'concern'
    """
    told = texts(tmp_path, change)[0]
    assert told.startswith("Talking Therapies has more negative comments than usual: 16% in the week 9 to 15 November")
    assert "since the week of 19 October 2026" in told and "about once in 7 years" in told
    assert "Kestrel" not in told


def test_a_hidden_share_is_left_out_of_its_sentence(tmp_path: Path) -> None:
    change = "update marts.fct_service_weeks set negative_share_label = '*' where service_id = 'kestrel'"
    told = texts(tmp_path, change)[0]
    assert told.startswith("Kestrel Ward has more negative comments than usual: up from a usual 24%, since the week of")


def test_an_older_share_than_the_alert_is_not_told_as_its_size(tmp_path: Path) -> None:
    change = """
    update marts.fct_service_weeks set negative_share_label = '*'
    where service_id = 'kestrel' and week_date >= '2026-09-28'
    """
    assert "in the week" not in texts(tmp_path, change)[0]


def test_several_concerns_are_one_finding_with_the_largest_first(tmp_path: Path) -> None:
    change = """
    insert into marts.fct_alerts by name select * replace ('x' || service_id as alert_id, 'talking' as service_id,
        0.15 as expected_share) from marts.fct_alerts where direction = 'concern'
    """
    told = texts(tmp_path, change)
    assert told[0].startswith("Kestrel Ward") and told[0].endswith("The same is true of Talking Therapies.")
    assert told[1].startswith("Heron Ward")


def test_nothing_is_said_plainly_when_there_is_nothing(tmp_path: Path) -> None:
    told = found(tmp_path, NO_ALERTS)
    assert [finding.kind for finding in told] == ["nothing", "scores", "coverage"]
    assert told[0].text.startswith("Nothing to report: none of the 7 services that can be monitored")
    assert told[2].text.startswith("The data reach to 18 November 2026, and less than 1% of the rows")


def test_a_closed_alert_is_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, "update marts.fct_alerts set status = 'closed'")[0].kind == "nothing"


def test_without_any_monitored_service_nobody_claims_that_nothing_changed(tmp_path: Path) -> None:
    change = NO_ALERTS + "update marts.fct_service_watch set is_monitored = false"
    assert texts(tmp_path, change)[0] == "No service has enough comments yet to say whether anything has changed."


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("update marts.dim_sources set last_posted_date = '2026-10-20'", "No comment newer than 20 October 2026"),
        (
            "update marts.fct_service_weeks set comment_count_label = '6' where week_date = '2026-11-09'",
            "Only 42 comments arrived this week (usually 296)",
        ),
        (
            "update marts.fct_source_coverage set rows_quarantined = 330, "
            "quarantine_reasons = 'ambiguous_date: 329; future_date: 1' where logical_date = '2026-11-04'",
            "8% of the rows received in the last 12 weeks could not be read safely and were set aside, "
            "mostly because of: ambiguous date",
        ),
    ],
)
def test_trouble_with_the_data_comes_before_everything_else(tmp_path: Path, change: str, says: str) -> None:
    told = found(tmp_path, change)
    assert told[0].kind == "coverage" and told[0].text.startswith(says)
    assert len(told) == 3


def test_a_service_whose_own_share_is_hidden_is_not_in_the_total_of_all(tmp_path: Path) -> None:
    before = texts(tmp_path)[2]
    change = """
    update marts.fct_service_weeks set scored_negative_count = 1, negative_under_best_scores_count = 1
    where service_id = 'merlin'
    """
    assert texts(tmp_path, change)[2] == before


def test_the_gap_follows_the_scores(tmp_path: Path) -> None:
    change = "update marts.fct_service_weeks set negative_under_best_scores_count = 0"
    assert ", 0% came with the score Very good or Good" in texts(tmp_path, change)[2]


def test_the_report_is_about_the_last_complete_week(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.dim_weeks set is_complete = false where week_date >= '2026-11-02'")
    published = reading.read(settings_for(tmp_path))
    assert published.week.week_label == "2026-W44"
    assert published.incomplete_week and published.incomplete_week.week_label == "2026-W45"


@pytest.mark.parametrize("content", [None, b"", b"not a database"])
def test_without_a_published_warehouse_the_error_says_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "published").mkdir()
        (tmp_path / "published" / "wordround.duckdb").write_bytes(content)
    with pytest.raises(NothingPublished):
        reading.read(settings_for(tmp_path))


def test_a_warehouse_without_any_week_has_nothing_to_report(tmp_path: Path) -> None:
    publish(tmp_path, "delete from marts.dim_weeks")
    with pytest.raises(NothingPublished, match="no week"):
        reading.read(settings_for(tmp_path))
