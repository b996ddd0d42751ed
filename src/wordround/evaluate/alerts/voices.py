"""The rule of voices that fade, as builds apply it: the macro of the marts (dbt/macros/voice_code.sql), week by week.

`fct_service_watch` looks at the newest week; here every week is looked at as if it were that.
"""

from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import yaml
from jinja2 import Environment, StrictUndefined
from numpy.lib.stride_tricks import sliding_window_view

from wordround.evaluate.alerts.rivals import episodes_of
from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.worlds import World
from wordround.folders import DBT
from wordround.spc.log_odds import Flags, Numbers

FADING = ("silent", "fading")


def fading(world: World) -> Episodes:
    """Return the episodes in which a service's voice fades (side: improvement, for fewer); x: its comments a week."""
    codes = _codes(world.x)
    is_fading: Flags = np.isin(codes, FADING)
    return episodes_of(np.zeros_like(is_fading), is_fading, codes != "unknown")


def _codes(x: Numbers) -> np.ndarray[tuple[int, int], np.dtype[np.str_]]:
    """The code of each series and week."""
    recent, usual = _rules()["voice_weeks"], _rules()["baseline_weeks"]
    series, weeks = x.shape
    # Weeks before the first are not there: nothing is known of them.
    known = np.concatenate([np.full((series, recent + usual), np.nan), x], axis=1)
    windows = sliding_window_view(known, recent + usual, axis=1)[:, 1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        before = windows[..., :usual]
        count = (~np.isnan(before)).sum(axis=2)
        mean = np.where(count > 0, np.nansum(before, axis=2) / count, np.nan)
        variance = np.nansum((before - mean[..., None]) ** 2, axis=2) / (count - 1)
    last = np.nanmean(windows[..., usual:], axis=2)
    columns = {"recent_mean": last, "usual_mean": mean, "usual_variance": variance}
    heard = pa.table({
        "place": np.arange(series * weeks),
        **{name: pa.array(each.ravel(), from_pandas=True) for name, each in columns.items()},
        "usual_week_count": count.ravel(),
    })  # fmt: skip
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("heard", heard)
        found = connection.execute(f"select {_code()} as code from heard order by place")
        return np.array(found.to_arrow_table()["code"].to_pylist()).reshape(series, weeks)


@cache
def _code() -> str:
    environment = Environment(undefined=StrictUndefined)  # noqa: S701 - this is SQL
    environment.globals["var"] = lambda name: _rules()[name]
    macro = environment.from_string((DBT / "macros" / "voice_code.sql").read_text(encoding="utf-8")).module
    return str(macro.voice_code("recent_mean", "usual_mean", "usual_variance", "usual_week_count"))  # type: ignore[attr-defined]


@cache
def _rules() -> dict[str, int]:
    """The rules, as the project of dbt has them."""
    rules: dict[str, int] = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return rules
