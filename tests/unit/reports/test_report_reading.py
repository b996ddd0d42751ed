"""What the report says of how well words are read: by published comments, or by the trust's own once they suffice."""

from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports

OWN = "insert into meta.own_reading values ('learned-00000001-1', {}, {}, 0.81, 0.77, 0.85, {}, 0.3, 0.29)"


def said(home: Path, change: str) -> str:
    """The report's page and its plain text, on one line."""
    publish(home, change)
    settings = settings_for(home)
    reports.render(settings)
    files = [path for path in settings.reports.rglob("report.*") if path.suffix in (".html", ".txt")]
    assert len(files) == 2
    return " ".join(" ".join(path.read_text(encoding="utf-8") for path in files).split())


def test_a_hundred_settled_comments_of_the_trust_are_what_the_report_states(tmp_path: Path) -> None:
    words = said(tmp_path, OWN.format(140, 5, 0.88))
    assert "People of this trust coded 140 of its own comments" in words
    assert "right on 81 of 100 (between 77 and 85, with 95 % confidence). It finds 88 of 100" in words
    assert "right on about 81 of 100 comments of this trust that its people coded" in words
    assert "On comments that it had not seen" not in words


@pytest.mark.parametrize(
    ("settled", "waiting", "recall"), [(99, 0, 0.88), (140, 30, 0.88), (140, 0, "null"), (None, None, None)]
)
def test_few_many_that_wait_or_none_leave_the_published_figures(
    tmp_path: Path, settled: int | None, waiting: int | None, recall: object
) -> None:
    words = said(tmp_path, OWN.format(settled, waiting, recall) if settled else "")
    assert "On comments that it had not seen it was right on" in words
    assert "of this trust that its people coded" not in words


@pytest.mark.parametrize(("day", "is_told"), [("2026-11-10", True), ("2026-06-01", False)])
def test_a_report_says_when_a_new_version_began_to_read_all_comments(
    tmp_path: Path, day: str, is_told: bool, undrawn: None
) -> None:
    """For as long as the reports before it are the last ones: the recent weeks."""
    switch = f"'annotations', 'a', 'b', 'model of comments', 'wordround 0.1.0', 1, 0, timestamptz '{day} 06:00:00+00'"
    columns = "task_code, former_version, model_version, cause, made_by, text_count, expired_count, switched_at"
    both = f"({switch}), ({switch.replace('annotations', 'relevance').replace('of comments', 'of relevance')})"
    words = said(tmp_path, f"insert into marts.fct_model_switches ({columns}) values {both}")
    sentence = "Since 10 November 2026 at 06:00 a new version reads all comments"
    assert (sentence in words) == is_told and ("(model of comments and model of relevance)" in words) == is_told
