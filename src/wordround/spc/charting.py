"""`wordround chart`: a file of series and options in; a row a point, and what could not be charted, out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from wordround.errors import OptionsInvalid, SeriesUnusable
from wordround.spc.attributes import RATIOS, attribute_chart
from wordround.spc.checks import COUNTS, check_counts, check_marks, check_services, check_single
from wordround.spc.decision_chart import COLUMNS, decisions
from wordround.spc.funnel_chart import funnel_figures, funnel_rows
from wordround.spc.log_odds import Numbers
from wordround.spc.options import AttributeOptions, DecisionOptions, FunnelOptions, Options, XmrOptions
from wordround.spc.series import NO_FACET, Series, columns_of, read_series
from wordround.spc.xmr import xmr_rows

Row = dict[str, Any]


@dataclass(frozen=True)
class Charted:
    """Points of charts as rows; of decisions also the episodes; of a funnel also its figures.

    refused: series on which no conclusion may be drawn, and why.
    """

    options: Options
    rows: list[Row]
    episodes: list[Row] = field(default_factory=list)
    figures: Row = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def as_json(self) -> Any:
        """Return what `--json` prints: rows; of decisions rows and episodes; of a funnel its figures."""
        match self.options:
            case FunnelOptions():
                return self.figures
            case DecisionOptions():
                return {"rows": self.rows, "episodes": self.episodes}
            case _:
                return self.rows


def chart(path: Path, options: Options) -> Charted:
    """Chart the series of a file.

    Raises FileUnreadable, UnexpectedColumns, SeriesUnusable (DateTwice) and OptionsInvalid.
    """
    facets = bool(options.facet_field)
    match options:
        case XmrOptions():
            return _xmr(path, options, facets)
        case AttributeOptions():
            return _attributes(path, options, facets)
        case FunnelOptions():
            return _funnel(path, options)
        case DecisionOptions():
            series = read_series(path, "date", COLUMNS, facets)
            check_counts(path.name, series)
            check_marks(path.name, series)
            return Charted(options, *decisions(path.name, series, options))


def _xmr(path: Path, options: XmrOptions, facets: bool) -> Charted:
    has_value = "value" in columns_of(path)
    series = read_series(path, "date", ("value",) if has_value else COUNTS, facets)
    _refuse_what_is_not_there(path.name, series, options)
    if has_value:
        values = [each.values["value"] for each in series]
    else:
        check_counts(path.name, series, may_exceed=True)
        values = [_ratio(each) for each in series]
    rows = xmr_rows(series, values, options)
    reasons = dict.fromkeys((row["facet"], row["refusal_reason"]) for row in rows if row["refusal_reason"])
    return Charted(options, rows, refused=[f"{path.name}: {facet}: {reason}" for facet, reason in reasons])


def _ratio(series: Series) -> Numbers:
    x, n = (series.values[name] for name in COUNTS)
    share: Numbers = np.divide(x, n, out=np.full(len(n), np.nan), where=n > 0)
    return share


def _refuse_what_is_not_there(name: str, series: list[Series], options: XmrOptions) -> None:
    facets = {each.facet for each in series}
    for option in ("rebase", "target"):
        given = getattr(options, option)
        if isinstance(given, dict) and (unknown := sorted(given.keys() - facets)):
            raise OptionsInvalid(
                f"{option}: {name} has no facet {unknown[0]}. It has {', '.join(sorted(facets)[:12])}."
            )
    for each in series:
        if lacking := sorted(set(options.rebase_of(each.facet)) - set(each.dates)):
            raise OptionsInvalid(
                f"rebase: {lacking[0]} is the date of no row{_of(each.facet)} in {name}. Give the date of a row; where "
                'facets differ, give each its own: {"rebase": {"facet": ["2026-03-02"]}}.'
            )


def _of(facet: str) -> str:
    return "" if facet == NO_FACET else f" of {facet}"


def _attributes(path: Path, options: AttributeOptions, facets: bool) -> Charted:
    is_ratio = options.chart in RATIOS
    columns = COUNTS if is_ratio else _single_columns(path)
    series = read_series(path, "date", columns, facets)
    if is_ratio:
        check_counts(path.name, series, may_exceed=options.chart in ("u", "up"))
    else:
        check_single(path.name, series, columns[0], options.chart)
    rows = [row for each in series for row in _attribute_rows(each, columns, options)]
    return Charted(
        options, rows, refused=[f"{path.name}: {reason}" for reason in _without_lines(series, rows, options)]
    )


def _without_lines(series: list[Series], rows: list[Row], options: AttributeOptions) -> list[str]:
    """Of each facet that has values and no centre, why: the points that its lines are made of hold none."""
    drawn = {row["facet"] for row in rows if row["cl"] is not None}
    with_values = {row["facet"] for row in rows if row["y"] is not None}
    return [
        f"{each.facet}: the first {options.freeze} points, of which `freeze` makes the limits, hold no value"
        for each in series
        if each.facet in with_values - drawn
    ]


def _attribute_rows(series: Series, columns: tuple[str, ...], options: AttributeOptions) -> list[Row]:
    first, second = series.values[columns[0]], series.values.get("denominator")
    drawn = attribute_chart(options.chart, first, second, options.freeze, options.screened_mr)
    lines = {"y": drawn.y, "cl": drawn.centre, "lcl": drawn.lower, "ucl": drawn.upper}
    return [
        {"facet": series.facet, "date": day}
        | {name: None if np.isnan(line[place]) else float(line[place]) for name, line in lines.items()}
        | {"sigma_signal": bool(drawn.is_outside[place])}
        for place, day in enumerate(series.dates)
    ]


def _single_columns(path: Path) -> tuple[str, ...]:
    present = columns_of(path)
    if "value" in present:
        return ("value",)
    return COUNTS if "denominator" in present else ("numerator",)


def _funnel(path: Path, options: FunnelOptions) -> Charted:
    services, *more = read_series(path, "label", COUNTS)
    if more:
        raise SeriesUnusable(
            f"{path.name}: row {more[0].rows[0]}, column facet: a funnel compares services of one kind. Make a file "
            "for each kind."
        )
    check_counts(path.name, [services])
    check_services(path.name, services)
    figures = funnel_figures(services, options)
    return Charted(options, funnel_rows(figures), figures=figures)
