"""Services side by side, by kind: the funnel of each measure, over all that are large enough.

Pure: a table of counts in, a row with centre, limits and verdict for each of them out. dbt calls it within the build
(dbt/models/intermediate/int_comparison_limits.py). The funnel is `spc.funnel`, with limits that allow for what services
of one kind usually differ by. Nothing is put in an order: a funnel tells the unusual from the usual, not bad from good.
"""

from collections import defaultdict
from collections.abc import Hashable

import numpy as np
import pyarrow as pa

from wordround.spc.funnel import LEVELS, funnel

# What names a funnel, and what names a row of it.
FUNNEL = ("level_code", "kind_label", "measure_code", "theme_code")
KEY = (*FUNNEL, "unit_id")

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in KEY),
        ("not_compared_reason", pa.string()), ("side_code", pa.string()), ("compared_count", pa.int32()),
        *(
            (name, pa.float64())
            for name in (
                "centre_share", "between_variance", "deviate", "lower_near_limit", "upper_near_limit", "lower_limit",
                "upper_limit",
            )
        ),
        ("is_beyond_near_limit", pa.bool_()), ("is_outside", pa.bool_()),
    ]
)  # fmt: skip

_LIMITS = dict(zip(("near_limit", "limit"), LEVELS, strict=True))


def compared(counts: pa.Table, least_units: int, least_comments: int) -> pa.Table:
    """Return what SCHEMA says of each row of counts: KEY, numerator_count, denominator_count (x of n, n above 0).

    least_units: a funnel of fewer finds next to nothing and gets no limits. least_comments: a unit with fewer is in no
    funnel. Limits are 95 % (near) and 99.8 %; `deviate` is in standard errors, with what services usually differ by;
    `between_variance` is on the scale of asin(sqrt(share)). The side is `above` or `below` where a limit is passed.
    """
    funnels: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    rows = counts.to_pylist()
    for place, row in enumerate(rows):
        funnels[tuple(row[name] for name in FUNNEL)].append(place)
    found = [{name: row[name] for name in KEY} for row in rows]
    for places in funnels.values():
        large = [place for place in places if rows[place]["denominator_count"] >= least_comments]
        for place in set(places) - set(large):
            found[place]["not_compared_reason"] = f"fewer than {least_comments} comments"
        if len(large) >= least_units:
            _judge(rows, found, large)
        else:
            for place in large:
                found[place]["not_compared_reason"] = f"fewer than {least_units} of this kind have enough comments"
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _judge(rows: list[dict[str, int]], found: list[dict[str, object]], places: list[int]) -> None:
    x, n = (
        np.array([rows[place][f"{name}_count"] for place in places], dtype=float)
        for name in ("numerator", "denominator")
    )
    drawn = funnel(x, n)
    for number, place in enumerate(places):
        deviate = float(drawn.z_additive[number])
        limits = {
            f"{side}_{name}": float(drawn.limits[f"additive_{level}"][side][number])
            for name, level in _LIMITS.items()
            for side in ("lower", "upper")
        }
        beyond = {name: abs(deviate) > LEVELS[level] for name, level in _LIMITS.items()}
        found[place] |= limits | {
            "compared_count": len(places), "centre_share": drawn.target, "between_variance": drawn.scale.tau2,
            "deviate": deviate, "is_beyond_near_limit": beyond["near_limit"], "is_outside": beyond["limit"],
            "side_code": ("above" if deviate > 0 else "below") if beyond["near_limit"] else None,
        }  # fmt: skip
