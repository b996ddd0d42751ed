"""The rule on a whole board: what it finds, what it lets pass, and that no later week changes what was found."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
import yaml

from wordround.alerts import deciding
from wordround.alerts.deciding import Counts
from wordround.settings import PROJECT
from wordround.spc.baseline import Rule

MONDAY = date(2025, 1, 6)
WEEKS = 70
SERVICES = ("crisis", "heron", "kestrel", "memory", "talking")
THEMES = ("food", "waiting")
BUDGET = 26.0

Shares = dict[tuple[str, str], np.ndarray]


def usual(share: float = 0.25) -> Shares:
    """The share of every service and source in every week: one source, nothing changes."""
    return {(service, "fft"): np.full(WEEKS, share) for service in SERVICES}


def counts(shares: Shares, n: int = 40, weeks: int = WEEKS, waiting: Shares | None = None) -> Counts:
    """Comments as often negative as `shares` says, to the nearest comment; of n a week, source and service."""
    comments, themes = [], []
    for (service, source), share in shares.items():
        total = 0.0
        for week in range(weeks):
            if np.isnan(share[week]):
                continue
            before, total = round(total), total + n * share[week]
            cell = {"service_id": service, "week_date": day(week), "source_code": source}
            comments.append(cell | {"trust_code": "XFV", "comment_count": n, "negative_count": round(total) - before})
            # A negative comment in four is about waiting, until it is said otherwise.
            of_theme = (waiting or {}).get((service, source))
            part = n * of_theme[week] if of_theme is not None else (2.0 if week % 4 else 4.0)
            themes.append(cell | {"theme_code": "waiting", "negative_count": int(min(part, round(total) - before))})
    spanned = [
        {"service_id": service, "trust_code": "XFV", "week_date": day(week)}
        for service in {service for service, _ in shares}
        for week in range(weeks)
    ]
    return Counts(table(comments), table(themes), table(spanned), THEMES, rebases())


def rebases(*rows: tuple[str, date]) -> pa.Table:
    schema = pa.schema([("service_id", pa.string()), ("rebase_date", pa.date32())])
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def table(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


def decided(given: Counts, budget: float = BUDGET) -> list[dict]:
    return deciding.decisions(given, budget).to_pylist()


def openings(rows: list[dict], series: str = "service", side: str = "concern") -> dict[str, date]:
    """The weeks in which episodes open, by service (or theme)."""
    found = [row for row in rows if row["series_code"] == series and row[f"{side}_since_week_date"]]
    return {row["service_id"] or row["theme_code"] or row["trust_code"]: row["week_date"] for row in found}


def worse(share: float = 0.5, since: int = 50, service: str = "crisis") -> Shares:
    shares = usual()
    shares[service, "fft"][since:] = share
    return shares


def test_a_service_that_worsens_is_found_in_a_few_weeks_and_nobody_else() -> None:
    rows = decided(counts(worse()))
    opened = openings(rows)
    assert list(opened) == ["crisis"] and day(50) <= opened["crisis"] <= day(53)
    (row,) = (each for each in rows if each["concern_since_week_date"] and each["series_code"] == "service")
    assert row["concern_since_week_date"] == day(50)
    weeks = (row["week_date"] - day(50)).days // 7 + 1
    assert (row["concern_opening_negative_count"], row["concern_opening_comment_count"]) == (20 * weeks, 40 * weeks)
    assert openings(rows, side="improvement") == {}


def test_one_that_gets_better_is_an_improvement() -> None:
    rows = decided(counts(worse(0.08)))
    assert list(openings(rows, side="improvement")) == ["crisis"] and openings(rows) == {}


def test_what_happens_to_every_service_is_the_trusts_and_not_each_ones() -> None:
    shares = usual()
    for share in shares.values():
        share[50:] = 0.36
    rows = decided(counts(shares))
    assert openings(rows, "trust") and openings(rows) == {}


def test_a_service_that_moves_alone_makes_no_other_look_better() -> None:
    shares = worse(0.9)
    assert openings(decided(counts(shares, n=120)), side="improvement") == {}


def test_another_source_is_no_change_of_a_service() -> None:
    """From week 30 on posts are read too, which are half of all comments and more critical."""
    shares = usual()
    shares["heron", "bluesky"] = np.where(np.arange(WEEKS) >= 30, 0.6, np.nan)
    rows = decided(counts(shares))
    assert openings(rows) == {}
    weeks = {row["week_date"]: row for row in rows if row["service_id"] == "heron" and row["series_code"] == "service"}
    # The new source counts after 24 weeks of its own.
    assert [weeks[day(week)]["comment_count"] for week in (29, 53, 54)] == [40, 40, 80]
    assert weeks[day(60)]["expected_share"] == pytest.approx(0.43, abs=0.03)


def test_a_theme_of_a_service_is_found_where_the_service_as_a_whole_shows_nothing() -> None:
    waiting = {("kestrel", "fft"): np.where(np.arange(WEEKS) >= 50, 0.2, 0.05)}
    rows = decided(counts(usual(), waiting=waiting))
    assert openings(rows) == {}
    found = [row for row in rows if row["series_code"] == "service_theme" and row["concern_since_week_date"]]
    assert [(row["service_id"], row["theme_code"]) for row in found] == [("kestrel", "waiting")]


def test_nothing_of_a_later_week_changes_an_earlier_one() -> None:
    """A build from the start gives the same episodes as the builds of every week did."""
    shares = worse()
    whole = {(row["series_id"], row["week_date"]): row for row in decided(counts(shares))}
    for weeks in (40, 52, 60):
        for row in decided(counts(shares, weeks=weeks)):
            assert row == whole[row["series_id"], row["week_date"]]


def test_weeks_that_have_not_arrived_change_nothing() -> None:
    shares = worse(since=54)
    shares["crisis", "fft"][50:54] = np.nan
    rows = [row for row in decided(counts(shares)) if row["service_id"] == "crisis" and row["series_code"] == "service"]
    (before, *missing) = (row["concern_evidence"] for row in rows if day(49) <= row["week_date"] <= day(53))
    assert missing == [before] * 4
    assert openings(rows)["crisis"] >= day(54)


def test_a_rebase_starts_anew_and_ends_what_is_open() -> None:
    given = replace(
        counts(worse(since=40)), rebases=rebases(("crisis", day(50)), ("gone", day(50)), ("crisis", date(2025, 1, 7)))
    )
    rows = {
        row["week_date"]: row
        for row in decided(given)
        if row["service_id"] == "crisis" and row["series_code"] == "service"
    }
    assert rows[day(49)]["concern_is_open"] and not rows[day(50)]["concern_is_open"]
    assert rows[day(50)]["not_monitored_reason"] == "not monitored: too few weeks (0 of 24 for a baseline)"


def test_an_alert_asks_for_more_where_more_is_watched_and_fewer_false_ones_are_accepted() -> None:
    def threshold(services: int, budget: float) -> float:
        shares = {(f"service {n}", "fft"): np.full(WEEKS, 0.25) for n in range(services)}
        return max(row["concern_alert_threshold"] for row in decided(counts(shares), budget))

    assert threshold(5, 26) < threshold(40, 26) < threshold(40, 4)
    (row, *_) = decided(counts(usual()))
    assert (row["monitored_series_count"], row["concern_alert_threshold"]) == (0, row["concern_threshold"])


def test_every_series_is_there_in_every_week_of_it() -> None:
    rows = decided(counts(usual()))
    kinds = {
        code: sum(row["series_code"] == code for row in rows) / WEEKS
        for code in ("service", "service_theme", "trust", "trust_theme")
    }
    assert kinds == {"service": 5, "service_theme": 10, "trust": 1, "trust_theme": 2}
    assert len({(row["series_id"], row["week_date"]) for row in rows}) == len(rows)


def test_without_any_week_there_is_nothing_to_decide() -> None:
    empty = counts(usual(), weeks=1)
    nothing = replace(empty, comments=empty.comments[:0], themes=empty.themes[:0], weeks=empty.weeks[:0])
    assert deciding.decisions(nothing, BUDGET).num_rows == 0
    quiet = replace(empty, comments=empty.comments[:0], themes=empty.themes[:0])
    assert {row["comment_count"] for row in decided(quiet)} == {0}


def test_how_alike_comments_are_is_known_from_before_any_source_counts_for_itself() -> None:
    """Weeks that differ more than chance explains do so from the first one on: the first judged week asks for more."""
    chance = np.random.default_rng(3)
    uneven = {(service, "fft"): np.clip(0.25 + 0.12 * chance.standard_normal(WEEKS), 0.02, 0.9) for service in SERVICES}
    rows = decided(counts(uneven))
    assert len([row for row in rows if row["series_code"] == "service" and row["concern_since_week_date"]]) <= 1


def test_the_words_of_the_rules_are_those_of_the_rule() -> None:
    """The variables of the marts say in words what `Rule` decides by."""
    variables = yaml.safe_load((PROJECT / "dbt" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    rule = Rule()
    assert variables["baseline_weeks"] == rule.baseline_weeks
    assert variables["propose_rebase_weeks"] == rule.propose_rebase_after_weeks


def test_a_theme_that_nobody_watches_is_refused_and_not_counted_for_another() -> None:
    given = counts(usual())
    unknown = given.themes.set_column(
        given.themes.schema.get_field_index("theme_code"), "theme_code", pa.array(["x"] * given.themes.num_rows)
    )
    with pytest.raises(ValueError, match="not on the board"):
        decided(replace(given, themes=unknown))


def test_a_service_is_the_same_series_under_another_trust() -> None:
    def ids(trust: str) -> set[str]:
        given = counts(usual())
        named = given.weeks.set_column(1, "trust_code", pa.array([trust] * given.weeks.num_rows))
        rows = decided(replace(given, weeks=named))
        return {row["series_id"] for row in rows if row["service_id"]}

    assert ids("XFV") == ids("XNEW")


def test_another_trust_in_the_same_warehouse_changes_no_decision() -> None:
    """Its weeks differ more than chance explains: that is no reason to ask for more evidence elsewhere."""
    chance = np.random.default_rng(5)
    own = counts(worse())
    uneven = {(f"other {n}", "fft"): np.clip(0.25 + 0.15 * chance.standard_normal(WEEKS), 0.02, 0.9) for n in range(5)}
    other = counts(uneven)
    elsewhere = other.weeks.set_column(
        other.weeks.schema.get_field_index("trust_code"), "trust_code", pa.array(["XQQ"] * other.weeks.num_rows)
    )
    both = replace(
        own,
        comments=pa.concat_tables([own.comments, other.comments]),
        themes=pa.concat_tables([own.themes, other.themes]),
        weeks=pa.concat_tables([own.weeks, elsewhere]),
    )
    names = ("series_id", "week_date", "expected_share", "concern_evidence", "concern_is_open")
    alone, beside = (
        {tuple(row[name] for name in names) for row in decided(each) if row["service_id"]} for each in (own, both)
    )
    assert alone <= beside
