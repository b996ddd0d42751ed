"""How far what people write goes with how they score: a rank correlation of each pair of measures, by kind of service.

Pure: pairs of values by service and month in, a row for each pair of measures out, with its interval or why there is
none. dbt calls it within the build (dbt/models/intermediate/int_triangulation_correlated.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from wordround.spc.rank_correlation import rank_correlation

Row = dict[str, Any]

WORDS = ("survey_words", "story_words", "review_words", "post_words")
OUTCOMES = ("fft_scores", "story_ratings", "story_criticality", "review_ratings")

SCHEMA = pa.schema(
    [
        ("words_code", pa.string()), ("outcome_code", pa.string()), ("kind_label", pa.string()),
        ("not_said_reason", pa.string()), ("service_count", pa.int32()), ("service_month_count", pa.int32()),
        ("independent_count", pa.float64()), ("rho", pa.float64()), ("rho_low", pa.float64()),
        ("rho_high", pa.float64()),
    ]
)  # fmt: skip


def correlated(pairs: pa.Table, kinds: Sequence[str], least_months: int) -> pa.Table:
    """Return what SCHEMA says of each of WORDS with each of OUTCOMES, of all services and of each of the kinds.

    pairs: words_code, outcome_code, service_id, kind_label, words_value, outcome_value; more is worse in both.
    least_months: with fewer pairs nothing is said.
    """
    by_pair: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in pairs.to_pylist():
        by_pair[row["words_code"], row["outcome_code"]].append(row)
    found = []
    for words in WORDS:
        for outcome in OUTCOMES:
            for kind in (None, *kinds):
                those = [row for row in by_pair[words, outcome] if kind in (None, row["kind_label"])]
                names = {"words_code": words, "outcome_code": outcome, "kind_label": kind}
                found.append(names | _said(those, least_months))
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _said(rows: list[Row], least_months: int) -> Row:
    services = [row["service_id"] for row in rows]
    counts: Row = {"service_count": len(set(services)), "service_month_count": len(rows)}
    if len(rows) < least_months:
        what = f"{len(rows)} months of services" if rows else "no month of a service"
        return counts | {"not_said_reason": f"{what} with enough of both, and it takes {least_months}"}
    x, y = (np.array([row[f"{side}_value"] for row in rows], dtype=float) for side in ("words", "outcome"))
    said = rank_correlation(x, y, services)
    if isinstance(said, str):
        return counts | {"not_said_reason": said}
    return counts | {
        "rho": said.rho, "rho_low": said.low, "rho_high": said.high, "independent_count": said.worth,
    }  # fmt: skip
