"""Comments of many sources: which service they are about, which of them count, and how far their queries reach."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from small_warehouse import Answer, Run, SmallWarehouse
from test_marts import everything

from wordround.build import dbt as marts
from wordround.folders import REFERENCE
from wordround.publish import publication as publishing
from wordround.settings import Settings

MONDAY = date(2026, 1, 5)
TRUST = "xfv_trust_level"
CARE = (0.9, "about_care")


@pytest.fixture
def warehouse(settings: Settings) -> SmallWarehouse:
    return SmallWarehouse(settings)


def post(comment_id: str, text: str | None = None, day: int = 0, **given: Any) -> Answer:
    words = text or f"They were kind to me, {comment_id}"
    usual = {"kind": "post", "source": "bluesky", "location": None, "relevance": CARE}
    return Answer(comment_id, MONDAY + timedelta(day), words, 0.4, **(usual | given))


def repost(comment_id: str, original: str) -> Answer:
    return replace(post(comment_id), text=None, reshare_of=original, source="mastodon")


def of(warehouse: SmallWarehouse, columns: str, table: str = "fct_comments", key: str = "comment_id") -> dict[str, Any]:
    rows = warehouse.table(f"marts.{table}", f"{key}, {columns}")
    return {row.pop(key): tuple(row.values()) for row in rows}


def test_a_post_is_about_the_one_service_that_it_names_and_about_the_trust_where_it_names_several(
    warehouse: SmallWarehouse,
) -> None:
    crisis, camhs = "bluesky:crisis.fernvale.example", "bluesky:camhs.fernvale.example"
    warehouse.load([
        post("account", accounts=(crisis,), hashtags=("fernvalecamhs",), named=("fernvale_perinatal",)),
        post("accounts", accounts=(crisis, camhs), hashtags=("fernvalecamhs",)),
        post("hashtag", hashtags=("FernvaleCAMHS", "nhs"), site_code="XFV01"),
        post("site", site_code="XFV02", named=("fernvale_perinatal",)),
        post("words", named=("fernvale_perinatal",)),
        post("too_early", named=("fernvale_perinatal",), day=-3000),
        post("nothing"),
        replace(post("review", site_code="XFV02"), kind="review", source="nhs_reviews"),
        replace(post("story"), kind="story", source="care_opinion", location="Kestrel Ward", accounts=(crisis,)),
        Answer("form", MONDAY, "Kind staff", 0.5, location="Bay 9", hashtags=("fernvalecamhs",)),
    ])  # fmt: skip
    marts.build(warehouse.settings)
    found = of(warehouse, "service_id, attributed_by, is_ambiguous")
    bay = found.pop("form")
    assert found == {
        "account": ("fernvale_crisis_team", "account", False),
        "accounts": (TRUST, "trust_level", True),
        "hashtag": ("fernvale_camhs", "hashtag", False),
        "site": ("fernvale_perinatal", "text", False),
        "words": ("fernvale_perinatal", "text", False),
        "too_early": (TRUST, "trust_level", False),
        "nothing": (TRUST, "trust_level", False),
        "review": (TRUST, "trust_level", False),
        "story": ("fernvale_kestrel_ward", "place", False),
    }
    assert bay[1:] == ("place", False) and bay[0] != TRUST
    services = of(warehouse, "service_label, trust_label, is_trust_level, is_registered", "dim_services", "service_id")
    assert services[TRUST] == (
        "Whole trust, no single service", "Fernvale Mental Health NHS Trust (fictional)", True, False,
    )  # fmt: skip
    assert [service for service, row in services.items() if row[2]] == [TRUST]
    public = warehouse.table("public.public_services", "service_id, service_label")
    assert {"service_id": bay[0], "service_label": "Bay 9"} not in public


def test_a_copy_a_repost_and_a_post_that_is_not_about_care_are_counted_and_in_no_trend(
    warehouse: SmallWarehouse,
) -> None:
    words, theme = "I waited nine hours and nobody came to say why", (("timeliness", "waited"),)
    warehouse.load([
        post("first", words, group="wait", themes=theme, named=("fernvale_camhs",)),
        post("second", words + "!", 1, group="wait", themes=theme, source="mastodon"),
        Answer("form", MONDAY + timedelta(2), words + ".", -0.4, score=4, group="wait"),
        post("again", "Thank you", hashtags=("fernvalecamhs",)),
        post("thanks", "Thank you", hashtags=("fernvalecamhs",)),
        post("news", "Board meets", relevance=(0.1, "news_or_campaign"), named=("fernvale_camhs",), themes=theme),
        post("own", "We are open", author_role="organisation", named=("fernvale_camhs",)),
        post("unread", "Not yet looked at", relevance=None, named=("fernvale_camhs",)),
        repost("r1", "first"), repost("r2", "first"), repost("r3", "news"), repost("r4", "never_seen"),
    ], loaded=8, reshared=4)  # fmt: skip
    marts.build(warehouse.settings)
    assert of(warehouse, "is_counted, is_about_care, is_copy, copy_group_id, copy_count, reshare_count") == {
        "first": (True, True, False, "first", 2, 2),
        "second": (False, True, True, "first", 0, 0),
        "form": (False, True, True, "first", 0, 0),
        "again": (True, True, False, None, 0, 0),
        "thanks": (True, True, False, None, 0, 0),
        "news": (False, False, False, None, 0, 1),
        "own": (False, False, False, None, 0, 0),
        "unread": (False, None, False, None, 0, 0),
    }
    weeks = of(
        warehouse, "comment_count, copy_count, not_about_care_count, reshare_count, response_count, fft_4_count",
        "fct_service_weeks", "service_id",
    )  # fmt: skip
    assert weeks == {
        "fernvale_camhs": (3, 0, 2, 2, 0, 0),
        TRUST: (0, 1, 0, 0, 0, 0),
        # The words of the form repeat others, and its score counts.
        "fernvale_kestrel_ward": (0, 1, 0, 0, 1, 1),
    }
    assert of(warehouse, "comment_count, copy_count, not_about_care_count", "dim_sources", "source_code") == {
        "bluesky": (3, 0, 2),
        "fft": (0, 1, 0),
        "mastodon": (0, 1, 0),
    }
    assert of(warehouse, "comment_count", "dim_services", "service_id")["fernvale_camhs"] == (3,)
    mentions = of(warehouse, "is_counted", "fct_comment_themes")
    assert mentions == {"first": (True,), "second": (False,), "news": (False,)}
    [theme_week] = warehouse.table(
        "marts.fct_service_theme_weeks where theme_code = 'timeliness'", "service_id, comment_count"
    )
    assert theme_week == {"service_id": "fernvale_camhs", "comment_count": 1}


@pytest.mark.slow
def published(warehouse: SmallWarehouse) -> list[dict[str, Any]]:
    publishing.publish(warehouse.settings)
    with duckdb.connect(str(warehouse.settings.published / "wordround.duckdb"), read_only=True) as connection:
        found = connection.execute("from marts.fct_comments order by all")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_what_becomes_of_others_changes_a_comment_that_was_built_before(warehouse: SmallWarehouse) -> None:
    settings = warehouse.settings
    words = "I waited nine hours and nobody came to say why"
    theme = (("timeliness", "waited"),)
    second = post("second", words, 1, group="wait", themes=theme)
    warehouse.load([second, post("alone", "Nobody else says this at all", 1, group="alone"), post("moved")])
    warehouse.build()
    columns = "is_counted, is_copy, copy_count, reshare_count, service_id"
    assert of(warehouse, columns)["second"] == (True, False, 0, 0, TRUST)
    assert published(warehouse) == everything(warehouse)["fct_comments"]

    # An earlier one arrives late, with reposts of the later one; the register of names finds a service in old words.
    warehouse.load(
        [post("first", words + "!", 0, group="wait", themes=theme), repost("r1", "second")], reshared=1, loaded=1
    )
    with warehouse.connect() as connection:
        connection.execute(
            "insert into understanding.service_mentions"
            " select text_id, 's1', ['fernvale_camhs'], timestamptz '2026-01-01'"
            " from raw.comments where comment_id = 'moved'"
        )
    warehouse.build()
    assert of(warehouse, columns) == {
        "first": (True, False, 1, 0, TRUST),
        "second": (False, True, 0, 1, TRUST),
        "alone": (True, False, 0, 0, TRUST),
        "moved": (True, False, 0, 0, "fernvale_camhs"),
    }
    assert of(warehouse, "is_counted", "fct_comment_themes") == {"first": (True,), "second": (False,)}
    incremental = everything(warehouse)
    assert published(warehouse) == incremental["fct_comments"]
    warehouse.build(full_refresh=True)
    assert everything(warehouse) == incremental

    # The first is erased, a post is found to be none about care, and two groups are found to be one.
    with warehouse.connect() as connection:
        connection.execute("delete from raw.comments where comment_id = 'first'")
        connection.execute(
            "update understanding.copies set group_id = (select min(group_id) from understanding.copies)"
        )
    warehouse.understand([replace(post("moved"), relevance=(0.2, "other"), named=("fernvale_camhs",))])
    warehouse.build()
    assert of(warehouse, columns) == {
        "alone": (True, False, 1, 0, TRUST),
        "second": (False, True, 0, 1, TRUST),
        "moved": (False, False, 0, 0, "fernvale_camhs"),
    }
    incremental = everything(warehouse)
    marts.build(settings, full_refresh=True)
    assert everything(warehouse) == incremental


def test_a_build_with_nothing_new_makes_no_comment_again(warehouse: SmallWarehouse) -> None:
    words = "I waited nine hours and nobody came to say why"
    warehouse.load([
        post("first", words, group="w"), post("second", words, 1, group="w"), post("tag", hashtags=("fernvalecamhs",)),
        post("news", words + "?", 2, group="w", relevance=(0.1, "other")), repost("r1", "first"),
        post("two", named=("fernvale_camhs", "fernvale_perinatal")),
        replace(post("story", site_code="XFV01"), kind="story", location="Kestrel Ward", hashtags=("fernvalecamhs",)),
    ], reshared=1, loaded=6)  # fmt: skip
    warehouse.build()
    with warehouse.connect() as connection:
        # A row that is made again gets its own number of placeholders back.
        connection.execute("update marts.fct_comments set identifiers_removed_count = 77")
    warehouse.build()
    assert {row["identifiers_removed_count"] for row in warehouse.table("marts.fct_comments")} == {77}


def test_figures_of_a_post_whose_text_has_expired_stay(warehouse: SmallWarehouse) -> None:
    words = "I waited nine hours and nobody came to say why"
    warehouse.load([
        post("first", words, group="w", named=("fernvale_camhs",)), post("second", words + "!", 1, group="w"),
        post("news", "Board meets", relevance=(0.1, "other")),
    ])  # fmt: skip
    warehouse.build()
    columns = "service_id, is_counted, is_copy, relevance_reason"
    before = of(warehouse, columns)
    with warehouse.connect() as connection:
        for table in ("sentiments", "annotations", "relevance", "service_mentions", "copies"):
            connection.execute(
                f"insert into understanding.{table} by name select f.* replace ('kept ' || c.comment_id as text_id)"
                f" from understanding.{table} as f inner join raw.comments as c using (text_id)"
            )
        connection.execute(
            "update raw.comments set text = null, is_text_expired = true, text_id = 'kept ' || comment_id"
        )
        connection.execute(
            "insert into understanding.models select task, 'later', timestamptz '2026-06-01' from understanding.models"
        )
    marts.build(warehouse.settings)
    assert of(warehouse, columns) == before


def with_organisations(project: Path, *rows: str) -> Path:
    """A copy of the dbt project in which these organisations were succeeded."""
    import shutil

    shutil.copytree(marts.DBT_PROJECT, project)
    seed = project / "seeds" / "reference" / "organisations.csv"
    seed.write_text("\n".join([seed.read_text(encoding="utf-8").splitlines()[0], *rows]) + "\n", encoding="utf-8")
    return project


def test_a_service_is_one_series_across_the_mergers_of_its_trust(
    warehouse: SmallWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XA became XB, XB became XFV; XS was split between XFV and another, and stays what it was."""
    project = with_organisations(
        tmp_path / "dbt",
        "XA,Old Trust A,false,,2024-03-31,XB,2024-04-01,",
        "XB,Old Trust B,false,,2025-12-31,XFV,2026-01-01,",
        "XS,Split Trust,false,,2025-12-31,XFV,2026-01-01,",
        "XS,Split Trust,false,,2025-12-31,XZZ,2026-01-01,",
    )
    monkeypatch.setattr(marts, "DBT_PROJECT", project)
    early, week = MONDAY - timedelta(14), MONDAY
    warehouse.load([
        Answer("a1", early, "Kind", 0.5, trust_code="XA"),
        Answer("a2", early + timedelta(7), "Kind", 0.5, trust_code="XB"),
        Answer("a3", week, "Kind", 0.5, trust_code="XFV"),
        Answer("b1", early, "Kind", 0.5, trust_code="XA", location="Bay 9"),
        Answer("b2", week, "Kind", 0.5, location="Bay 9"),
        Answer("s1", week, "Kind", 0.5, trust_code="XS"),
        post("p1", trust_code="XB"), post("p2"),
    ])  # fmt: skip
    warehouse.build()
    found = of(warehouse, "service_id, trust_code")
    assert {found[c] for c in ("a1", "a2", "a3")} == {("fernvale_kestrel_ward", "XFV")}
    assert found["b1"] == found["b2"]
    assert found["s1"][1] == "XS" and found["s1"][0] != "fernvale_kestrel_ward"
    assert {found[c] for c in ("p1", "p2")} == {(TRUST, "XFV")}
    weeks = [row for row in warehouse.table("marts.fct_service_weeks") if row["service_id"] == "fernvale_kestrel_ward"]
    assert [row["comment_count"] for row in weeks] == [1, 1, 1]
    charts = warehouse.table("marts.fct_control_chart_points", "chart_id, service_id")
    assert len({row["chart_id"] for row in charts if row["service_id"] == "fernvale_kestrel_ward"}) == 1
    trusts = of(warehouse, "trust_label", "dim_services", "service_id")
    assert trusts[found["b1"][0]] == ("Fernvale Mental Health NHS Trust (fictional)",)
    assert trusts[found["s1"][0]] == ("Split Trust",)

    # The merger is put right: nothing is loaded, and every comment finds back to its trust.
    (project / "seeds" / "reference" / "organisations.csv").write_text(
        (REFERENCE / "organisations.csv").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    marts.build(warehouse.settings)
    assert of(warehouse, "trust_code")["a1"] == ("XA",)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def test_days_of_a_query_tell_what_was_asked_what_came_back_and_what_is_missing(warehouse: SmallWarehouse) -> None:
    day = date(2026, 1, 1)
    days = [day + timedelta(i) for i in range(8)]
    warehouse.load([post("p1")])
    warehouse.load_run(
        Run(days[1], at(1), at(2, 5), at(1), ((days[0], 20), (days[1], 3)), (("bot", 2), ("opted_out", 1)))
    )
    # The next run asks again from three hours back on: the fuller answer counts.
    warehouse.load_run(Run(days[2], at(2, 2), at(3, 5), at(2, 2), ((days[1], 18), (days[2], 4))))
    warehouse.load_run(Run(days[3], at(3, 2), at(4, 5), at(3, 12), ((days[2], 9),), cut_reason="wall"))
    warehouse.load_run(Run(days[4], at(4, 2), at(5, 5), None, error_code="SourceRefused"))
    # Nobody asks for the rest of day 5 nor for day 6; the same run is done twice for day 7.
    for refused in (4, 4):
        warehouse.load_run(Run(days[7], at(7), at(8, 5), at(7), ((days[6], 11),), (("bot", refused),)))
    marts.build(warehouse.settings)
    found = of(
        warehouse,
        "was_asked, was_answered, is_gap, comment_count, refused_count, cut_reason, error_code",
        "fct_query_days",
        "posted_date",
    )
    assert found == {
        days[0]: (True, True, False, 20, 0, None, None),
        days[1]: (True, True, False, 18, 3, None, None),
        days[2]: (True, False, True, 9, 0, "wall", None),
        days[3]: (True, False, True, 0, 0, None, "SourceRefused"),
        days[4]: (True, False, True, 0, 0, None, "SourceRefused"),
        days[5]: (False, False, True, 0, 0, None, None),
        days[6]: (True, True, False, 11, 0, None, None),
        days[7]: (True, True, False, 0, 4, None, None),
    }


def test_weeks_of_posts_that_do_not_count_are_no_baseline_of_a_chart(warehouse: SmallWarehouse) -> None:
    news = [post(f"n{i}", day=7 * i, relevance=(0.1, "news_or_campaign")) for i in range(3)]
    warehouse.load([*news, post("care", day=28)])
    marts.build(warehouse.settings)
    weeks = warehouse.table("marts.fct_service_weeks", "week_date, comment_count, not_about_care_count")
    assert [tuple(row.values())[1:] for row in weeks] == [(0, 1), (0, 1), (0, 1), (0, 0), (1, 0)]
    points = warehouse.table("marts.fct_control_chart_points", "week_date")
    assert [row["week_date"] for row in points] == [MONDAY + timedelta(28)]
