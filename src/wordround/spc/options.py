"""The options of a chart, as `wordround chart` reads them from a JSON file. A wrong one is refused by name."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError

from wordround.errors import OptionsInvalid
from wordround.spc.baseline import Rule
from wordround.spc.deciding import SIDES, Side


def _no_flag(value: Any) -> Any:
    """Refuse true and false, which would be read as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("give a number")
    return value


Number = Annotated[float, BeforeValidator(_no_flag)]
# Counts and weeks: no series is longer, and what is reckoned with them stays within 64 bits.
Whole = Annotated[int, BeforeValidator(_no_flag), Field(le=1_000_000_000)]
Share = Annotated[Number, Field(ge=0, le=1)]
Flag = Annotated[bool, Strict()]
Points = Annotated[Whole, Field(ge=2)]
Threshold = Annotated[Number, Field(gt=0, le=1e6)]
_RULE = Rule()


class _Options(BaseModel):
    """What every chart may be given."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    title: str = Field("", max_length=200)
    facet_field: Flag | None = None  # true: the file has to have a column `facet`
    notes: dict[date, Annotated[str, Field(max_length=200)]] = {}  # drawn at their dates


class XmrOptions(_Options):
    """An XmR chart by the rules of "Making Data Count". Rebase dates and targets: for all facets, or by facet."""

    chart: Literal["xmr"] = "xmr"
    improvement_direction: Literal["increase", "decrease", "neutral"] = "increase"
    screen_outliers: Flag = True
    fix_after_n_points: Annotated[Whole, Field(ge=12)] | None = None
    rebase: list[date] | dict[str, list[date]] | None = None
    target: Number | dict[str, Number] | None = None
    rule_profile: Literal["nhs_r", "mdc_2023"] = "nhs_r"
    run_length: Literal[6, 7] = 7

    def rebase_of(self, facet: str) -> list[date]:
        """Return the days on which a new group starts in this facet."""
        return list((self.rebase.get(facet) if isinstance(self.rebase, dict) else self.rebase) or [])

    def target_of(self, facet: str) -> float | None:
        """Return the target of this facet."""
        return self.target.get(facet) if isinstance(self.target, dict) else self.target


class AttributeOptions(_Options):
    """A chart of counts or shares. `freeze`: limits from the first so many points."""

    chart: Literal["p", "pp", "u", "up", "c", "g", "t", "i"]
    freeze: Points | None = None
    screened_mr: Flag = False


class FunnelOptions(_Options):
    """Services side by side. `target`: the share compared with; without it that of all together."""

    chart: Literal["funnel"]
    winsorise: Annotated[Number, Field(ge=0, lt=0.5)] = 0.1
    target: Annotated[Number, Field(gt=0, lt=1)] | None = None


class DecisionOptions(_Options):
    """The rule that decides (docs/trends.md). Without a number, rho and phi are estimated over the file's facets."""

    chart: Literal["decision"]
    rho: Share | None = None
    phi: Annotated[Number, Field(ge=0, le=0.95)] | None = None
    h_concern: Threshold = 4.5
    h_improvement: Threshold = 4.5
    odds_ratio: Annotated[Number, Field(gt=1, le=100)] = 2.0
    sides: Annotated[tuple[Side, ...], Field(min_length=1)] = SIDES
    baseline_weeks: Points = _RULE.baseline_weeks
    gap_weeks: Annotated[Whole, Field(ge=0)] = _RULE.gap_weeks
    keep_weeks: Points = _RULE.keep_weeks
    close_evidence: Threshold = _RULE.close_evidence
    close_after_weeks: Annotated[Whole, Field(ge=0)] = _RULE.close_after_weeks
    minimum_baseline_comments: Annotated[Whole, Field(ge=0)] = _RULE.minimum_baseline_comments


Options = XmrOptions | AttributeOptions | FunnelOptions | DecisionOptions
MODELS: tuple[type[Options], ...] = (XmrOptions, AttributeOptions, FunnelOptions, DecisionOptions)
CHARTS = ("xmr", "p", "pp", "u", "up", "c", "g", "t", "i", "funnel", "decision")


def read_options(path: Path | None) -> Options:
    """Return the options of a JSON file; without one an XmR chart's. Raises OptionsInvalid."""
    if path is None:
        return XmrOptions()
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_each_once)
        json.dumps(given, ensure_ascii=False).encode()
    except OSError as error:
        raise OptionsInvalid(f"{path.name}: cannot be read ({error.strerror}).") from error
    except _Twice as error:
        raise OptionsInvalid(f"{path.name}: {_shown(str(error))} stands twice. Keep one of them.") from error
    except UnicodeEncodeError as error:
        raise OptionsInvalid(f"{path.name}: holds half a character (a surrogate alone). Write it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise OptionsInvalid(f'{path.name}: is no JSON. Write an object such as {{"chart": "xmr"}}.') from error
    return as_options(given, path.name)


class _Twice(Exception):
    """A name stands twice in one object."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def as_options(given: Any, name: str = "options") -> Options:
    """Return options from what a JSON file says. Raises OptionsInvalid naming the option and what it may be."""
    if not isinstance(given, dict):
        raise OptionsInvalid(f'{name}: is no object. Write one such as {{"chart": "xmr"}}.')
    chart = given.get("chart", "xmr")
    if chart not in CHARTS:
        raise OptionsInvalid(f"{name}: chart: {_shown(chart)} is no chart. It may be {', '.join(CHARTS)}.")
    model = next(model for model in MODELS if chart in get_args(model.model_fields["chart"].annotation))
    try:
        return model.model_validate({**given, "chart": chart})
    except ValidationError as error:
        known = sorted(model.model_fields)
        # Of what may be a value or one by facet, the kind that it comes closest to is explained.
        closest: dict[str, dict[str, Any]] = {}
        for each in error.errors():
            known_so_far = closest.setdefault(str(each["loc"][0]), dict(each))
            if len(each["loc"]) > len(known_so_far["loc"]):
                closest[str(each["loc"][0])] = dict(each)
        problems = [_problem(chart, each, known) for each in closest.values()]
        raise OptionsInvalid("\n".join(f"{name}: {problem}" for problem in problems)) from error


# Parts of a place that pydantic adds to those of the file.
_NOT_OF_THE_FILE = frozenset(("[key]", "float", "constrained-float", "function-before[_no_flag(), float]"))


def _problem(chart: str, error: dict[str, Any], known: list[str]) -> str:
    name, *within = (str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{_shown(name)} is no option of chart {chart}. Take it out; its options are {', '.join(known)}."
    within = [part for part in within if part not in _NOT_OF_THE_FILE and not part.startswith(("list[", "dict["))]
    says = error["msg"].removeprefix("Value error, ").replace("valid tuple", "list").replace("valid list", "list")
    place = f"{name} ({within[-1]})" if within else name
    return f"{place}: {_shown(error['input'])} cannot be used: {says[:1].lower()}{says[1:]}."


def _shown(value: object) -> str:
    written = json.dumps(value, default=str, ensure_ascii=False)
    return written if len(written) <= 60 else f"{written[:57]}..."
