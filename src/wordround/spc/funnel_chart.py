"""A funnel plot of the services of a file: its figures as lists, a service an entry, and a row a service."""

from typing import Any

import numpy as np

from wordround.spc.checks import COUNTS
from wordround.spc.funnel import LEVELS, Scale, funnel
from wordround.spc.options import FunnelOptions
from wordround.spc.series import Series

Row = dict[str, Any]


def funnel_figures(services: Series, options: FunnelOptions) -> Row:
    """Return what funnel() finds, in the order of the services."""
    x, n = (services.values[name] for name in COUNTS)
    drawn = funnel(x, n, options.winsorise, options.target)
    figures = {
        "label": list(services.labels), "numerator": x, "denominator": n, "share": drawn.share,
        "winsorise": options.winsorise, "target": drawn.target, **_scale(drawn.scale),
        "z": drawn.scale.z, "z_winsorised": drawn.scale.z_winsorised,
        "z_additive": drawn.z_additive, "z_multiplicative": drawn.z_multiplicative, "limits": drawn.limits,
        "untransformed": {**_scale(drawn.untransformed), "limits": drawn.untransformed_limits},
        "exact_binomial": drawn.exact_limits,
    }  # fmt: skip
    return {name: _as_lists(value) for name, value in figures.items()}


def funnel_rows(figures: Row) -> list[Row]:
    """Return a row a service, with the limits that allow for overdispersion."""
    names = ("label", *COUNTS, "share", "z_additive")
    rows = [dict(zip(names, values, strict=True)) for values in zip(*(figures[name] for name in names), strict=True)]
    for level in LEVELS:
        for side, limits in figures["limits"][f"additive_{level}"].items():
            for row, limit in zip(rows, limits, strict=True):
                row[f"{side}_{level}"] = limit
    return rows


def _scale(scale: Scale) -> Row:
    return {"phi": scale.phi, "tau2": scale.tau2}


def _as_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_lists(each) for name, each in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value
