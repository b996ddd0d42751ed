"""Which rose first, social media or the surveys: by how many weeks, or that it cannot be said."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from wordround.spc.leading import leads

FIRST = date(2025, 1, 6)
WEEKS, RISE = 100, 60
# Comments a week.
POSTS, FORMS = 60, 300


Said = dict[str, list[dict[str, Any]]]
Starts = dict[str, tuple[int | None, int | None]]


def said(themes: Starts, posts: int = POSTS, weeks: int = WEEKS, seed: int = 1) -> Said:
    """What is said of themes that rise from these weeks on, on social media and in surveys."""
    chance = np.random.default_rng(seed)
    comments: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    counts = {"social": posts, "surveys": FORMS}
    for week in range(weeks):
        for place, (channel, usual) in enumerate(counts.items()):
            count = int(chance.poisson(usual))
            names = {"trust_code": "XFV", "channel_code": channel, "week_date": FIRST + timedelta(weeks=week)}
            if count:
                comments.append(names | {"comment_count": count})
            for theme, starts in themes.items():
                start = starts[place]
                share = 0.22 if start is not None and week >= start else 0.1
                if negative := int(chance.binomial(count, share)):
                    mentions.append(names | {"theme_code": theme, "negative_count": negative})
    rows = leads(pa.Table.from_pylist(comments), pa.Table.from_pylist(mentions), list(themes)).to_pylist()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["theme_code"], []).append(row)
    return found


@pytest.fixture(scope="module")
def found() -> Said:
    return said({
        "before": (RISE, RISE + 10), "after": (RISE + 10, RISE), "together": (RISE, RISE), "posts": (RISE, None),
        "forms": (None, RISE), "nowhere": (None, None),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("theme", "code", "weeks"),
    [("before", "social_first", 10), ("after", "surveys_first", -10), ("together", "untold", 0)],
)
def test_the_one_that_rose_first_is_found_with_its_weeks(found: Said, theme: str, code: str, weeks: int) -> None:
    (row,) = found[theme]
    assert row["outcome_code"] == code
    assert row["lead_low"] <= weeks <= row["lead_high"]
    assert abs(row["lead_week_count"] - weeks) <= 2
    apart = row["survey_week_date"] - row["social_week_date"]
    assert apart == timedelta(weeks=row["lead_week_count"])


def test_a_rise_in_one_alone_and_none_at_all_are_told_apart(found: Said) -> None:
    assert [row["outcome_code"] for row in found["posts"]] == ["social_alone"]
    assert [row["outcome_code"] for row in found["forms"]] == ["surveys_alone"]
    assert [row["outcome_code"] for row in found["nowhere"]] == ["no_rise"]


def test_where_there_are_few_weeks_or_few_posts_it_cannot_be_said() -> None:
    (young,) = said({"waiting": (10, 12)}, weeks=20)["waiting"]
    assert young["outcome_code"] == "cannot_be_said"
    assert "too few weeks (19 of 24" in young["not_said_reason"]
    (quiet,) = said({"waiting": (None, RISE)}, posts=0)["waiting"]
    assert quiet["outcome_code"] == "cannot_be_said"
    assert quiet["not_said_reason"].startswith("social media: not monitored: too few comments")
    assert quiet["lead_week_count"] is None


def test_rises_at_one_time_are_seldom_put_in_an_order() -> None:
    themes = {f"theme{number}": (RISE, RISE) for number in range(60)}
    codes = [row["outcome_code"] for rows in said(themes, seed=4).values() for row in rows[:1]]
    assert codes.count("untold") >= 52


def test_without_comments_or_themes_there_is_nothing() -> None:
    comments = pa.table({"trust_code": ["XFV"], "channel_code": ["social"], "week_date": [FIRST], "comment_count": [3]})
    mentions = comments.slice(0, 0)
    assert leads(comments, mentions, []).num_rows == 0
    assert leads(comments.slice(0, 0), mentions, ["waiting"]).num_rows == 0
