"""What social media said first: by how many weeks the criticism of a theme rose there before or after the surveys.

Pure: tables of counts in, a row for each theme and rise out. dbt calls it within the build
(dbt/models/intermediate/int_theme_leads_found.py). A rise is an episode of the rule that decides; since when is the
week that fits best (`spc.onset`). Where one of the two has too few weeks or comments, nothing is said.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from wordround.spc.log_odds import Numbers
from wordround.spc.onset import MOST_WEEKS_APART, Onset, Rises, lead, rises

CHANNELS = ("social", "surveys")
_NAMES = ("social media", "surveys")

SCHEMA = pa.schema(
    [
        ("trust_code", pa.string()), ("theme_code", pa.string()), ("rise_number", pa.int32()),
        ("outcome_code", pa.string()), ("not_said_reason", pa.string()), ("lead_week_count", pa.int32()),
        ("lead_low", pa.int32()), ("lead_high", pa.int32()), ("social_week_date", pa.date32()),
        ("survey_week_date", pa.date32()),
    ]
)  # fmt: skip

_CODES = {"first": "social_first", "second": "surveys_first", "untold": "untold"}
Row = dict[str, object]


def leads(comments: pa.Table, mentions: pa.Table, themes: Sequence[str]) -> pa.Table:
    """Return what SCHEMA says of each theme of each trust: a row a rise, or one that says that there is none.

    comments: trust_code, channel_code, week_date, comment_count; mentions: the same by theme_code, negative_count.
    `lead_week_count`: weeks by which social media was before the surveys, negative where after, with its bounds.
    """
    if not comments.num_rows or not themes:
        return SCHEMA.empty_table()
    days = comments["week_date"].to_pylist()
    first, count = min(days), (max(days) - min(days)).days // 7 + 1
    found: list[Row] = []
    for trust in sorted(set(comments["trust_code"].to_pylist())):
        n, x = np.zeros((1, 2, count)), np.zeros((len(themes), 2, count))
        for row in _of(comments, trust):
            n[0, CHANNELS.index(row["channel_code"]), _week(row, first)] += row["comment_count"]
        for row in _of(mentions, trust):
            if row["theme_code"] in themes:
                theme, channel = themes.index(row["theme_code"]), CHANNELS.index(row["channel_code"])
                x[theme, channel, _week(row, first)] += row["negative_count"]
        found += _of_trust(trust, themes, x, np.repeat(n, len(themes), axis=0), first)
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _of(table: pa.Table, trust: str) -> Iterator[dict[str, Any]]:
    return (row for row in table.to_pylist() if row["trust_code"] == trust)


def _week(row: dict[str, Any], first: date) -> int:
    return int((row["week_date"] - first).days // 7)


def _of_trust(trust: str, themes: Sequence[str], x: Numbers, n: Numbers, first: date) -> Iterator[Row]:
    shape = (-1, n.shape[-1])
    boards = np.tile(np.arange(len(CHANNELS)), len(themes))
    every = rises(np.minimum(x, n).reshape(shape), n.reshape(shape), boards)
    for number, theme in enumerate(themes):
        for rise, row in enumerate(_of_theme(every[2 * number], every[2 * number + 1]), 1):
            weeks = {
                f"{name}_week_date": None if onset is None else first + timedelta(weeks=onset.week)
                for name, onset in (("social", row.pop("social")), ("survey", row.pop("survey")))
            }
            yield {"trust_code": trust, "theme_code": theme, "rise_number": rise} | row | weeks


def _of_theme(social: Rises, survey: Rises) -> Iterator[dict[str, Any]]:
    """The rises of both, those of one time together."""
    left = list(survey.onsets)
    pairs: list[tuple[Onset | None, Onset | None]] = []
    for one in social.onsets:
        near = [each for each in left if abs(each.since - one.since) <= MOST_WEEKS_APART]
        other = min(near, key=lambda each: abs(each.since - one.since), default=None)
        if other is not None:
            left.remove(other)
        pairs.append((one, other))
    pairs += [(None, each) for each in left]
    reasons = [
        f"{name}: {each.not_said_reason}" for name, each in zip(_NAMES, (social, survey), strict=True)
        if each.not_said_reason
    ]  # fmt: skip
    for on_social, in_survey in pairs or [(None, None)]:
        said = _said(on_social, in_survey, "; ".join(reasons) or None)
        yield {"social": on_social, "survey": in_survey} | said


def _said(social: Onset | None, survey: Onset | None, reason: str | None) -> Row:
    if social and survey:
        found = lead(social, survey)
        bounds: Row = {"lead_week_count": found.weeks, "lead_low": found.low, "lead_high": found.high}
        return bounds | {"outcome_code": _CODES[found.code]}
    if reason:
        return {"outcome_code": "cannot_be_said", "not_said_reason": reason}
    return {"outcome_code": "social_alone" if social else "surveys_alone" if survey else "no_rise"}
