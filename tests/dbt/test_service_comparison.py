"""Services are compared within their kind: the one that differs is outside, one of another mix of sources is explained.

Eight clinics at five sites in two areas, two wards, a clinic that has hardly begun, and a service without a kind.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from small_warehouse import Answer, SmallWarehouse

from wordround.build import dbt as marts
from wordround.settings import load_settings
from wordround.spc.funnel import funnel

MONDAY = date(2026, 1, 5)
WEEKS = 17
LAST_MONTH = "2026-04"  # the weeks from 5 January to 3 May
# Negative ones of ten forms a week. Each clinic names waiting in every second of them.
CLINICS = {
    "alder": (3, "North"), "birch": (3, "North"), "cedar": (3, "South"), "elm": (3, "South"), "hazel": (3, "East"),
    "maple": (3, "East"), "rowan": (6, "West"), "willow": (3, "Centre"),
}  # fmt: skip
# Two more a week that people post elsewhere, all of them negative.
POSTED = "willow"
SPELLINGS = ("Outpatient clinic", "outpatient  clinic", " Outpatient clinic ")
AREAS = ("Hill", "Dale")
COLUMNS = "service_id,trust_code,trust_label,site_label,service_label,ods_code,aliases,kind_label,area_label"


def register() -> str:
    rows = [
        f"{name},XFV,Fernvale,{site},{name.title()} Clinic,,{name},{SPELLINGS[number % 3]},{AREAS[number // 4]}"
        for number, (name, (_, site)) in enumerate(CLINICS.items())
    ]
    others = [
        "new,XFV,Fernvale,North,New Clinic,,new,Outpatient clinic,Hill", "oak,XFV,Fernvale,North,Oak Ward,,oak,Ward,",
        "pine,XFV,Fernvale,South,Pine Ward,,pine,Ward,", "nameless,XFV,Fernvale,South,Nameless,,nameless,,",
    ]  # fmt: skip
    return "\n".join([COLUMNS + ",accounts,hashtags,valid_from,valid_to", *(f"{row},,,," for row in [*rows, *others])])


def answers() -> Iterator[Answer]:
    forms = {name: (10, negative) for name, (negative, _) in CLINICS.items()} | {
        "oak": (10, 9), "pine": (10, 1), "nameless": (10, 10),
    }  # fmt: skip
    for week in range(WEEKS):
        for place, (count, negative) in forms.items():
            for n in range(count):
                yield answer(f"{place}-{week}-{n}", week, n, n < negative, place)
        for n in range(2):
            yield answer(f"post-{week}-{n}", week, n, True, POSTED, source="care_opinion", kind="story")
    for n in range(12):
        yield answer(f"new-{n}", WEEKS - 1, n, n < 6, "new")


def answer(name: str, week: int, n: int, is_negative: bool, place: str, **more: Any) -> Answer:
    day = MONDAY + timedelta(weeks=week, days=n % 7)
    text, compound = ("A long wait" if n % 2 else "Rude", -0.5) if is_negative else ("Kind", 0.5)
    wait = (("timeliness", "wait"),) if text == "A long wait" else ()
    more = {"score": 5 if is_negative else 1} | more if "source" not in more else more
    return Answer(name, day, text, compound, wait, response_id=name, location=place, **more)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    folder: Path = tmp_path_factory.mktemp("compared")
    brought = load_settings().environment.config
    with pytest.MonkeyPatch.context() as patch:
        (folder / "wordround.toml").write_text(brought.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "services.csv").write_text(register(), encoding="utf-8")
        patch.setenv("WORDROUND_CONFIG", str(folder / "wordround.toml"))
        patch.setenv("WORDROUND_HOME", str(folder / "home"))
        warehouse = SmallWarehouse(load_settings())
        given = list(answers())
        later = MONDAY + timedelta(weeks=WEEKS, days=40)
        warehouse.load([], later, last_posted_date=later)
        with warehouse.connect() as connection:
            rows = [warehouse._comment(each, "batch1", MONDAY) for each in given]
            connection.register("given", pa.Table.from_pylist(rows))
            connection.execute("insert into raw.comments by name from given")
        warehouse.understand(given)
        marts.build(warehouse.settings)
        yield warehouse


def compared(built: SmallWarehouse, **where: Any) -> dict[str, dict[str, Any]]:
    """The rows of one measure and level, by the id of what is compared."""
    wanted = {"level_code": "service", "measure_code": "negative_share", "kind_label": "Outpatient clinic"} | where
    rows = built.table("marts.fct_service_comparison", "*")
    return {row["unit_id"]: row for row in rows if all(row[name] == value for name, value in wanted.items())}


def test_a_service_that_differs_from_those_of_its_kind_is_outside_and_no_other_is(built: SmallWarehouse) -> None:
    found = compared(built)
    assert {name for name, row in found.items() if row["is_outside"]} == {"rowan"}
    assert found["rowan"]["side_code"] == "above"
    assert {row["compared_count"] for row in found.values()} == {8, None}
    assert {(row["first_month_code"], row["last_month_code"]) for row in found.values()} == {("2026-02", LAST_MONTH)}


def test_the_limits_are_those_of_the_funnel(built: SmallWarehouse) -> None:
    found = [row for row in compared(built).values() if row["not_compared_reason"] is None]
    x, n = (np.array([row[f"{name}_count"] for row in found], float) for name in ("numerator", "denominator"))
    drawn = funnel(x, n)
    for name, level in (("near_limit", "95"), ("limit", "99.8")):
        for side in ("lower", "upper"):
            expected = drawn.limits[f"additive_{level}"][side].tolist()
            assert [row[f"{side}_{name}"] for row in found] == pytest.approx(expected)
    assert [row["centre_share"] for row in found] == pytest.approx([drawn.target] * len(found))


def test_a_kind_of_which_there_are_few_is_not_compared_and_no_kind_with_another(built: SmallWarehouse) -> None:
    wards = compared(built, kind_label="Ward")
    assert {row["not_compared_reason"] for row in wards.values()} == {"fewer than 5 of this kind have enough comments"}
    assert set(wards) == {"oak", "pine"}
    assert not any(row["is_outside"] or row["upper_limit"] for row in wards.values())
    everything = built.table("marts.fct_service_comparison", "unit_id, kind_label")
    assert not [row for row in everything if row["unit_id"] == "nameless"]
    assert {row["kind_label"] for row in everything} == {"Outpatient clinic", "Ward"}


def test_one_with_too_few_comments_is_in_no_funnel_and_moves_none(built: SmallWarehouse) -> None:
    new = compared(built)["new"]
    assert new["not_compared_reason"] == "fewer than 20 comments"
    assert (new["numerator_count"], new["denominator_count"], new["is_outside"]) == (6, 12, False)


def test_sites_and_areas_add_up_to_their_services_of_the_kind(built: SmallWarehouse) -> None:
    services = compared(built)
    for level, unit, members in (
        ("site", "XFV > North", {"alder", "birch", "new"}),
        ("area", "XFV > Dale", set(list(CLINICS)[4:])),
    ):
        found = compared(built, level_code=level)[unit]
        for part in ("numerator_count", "denominator_count"):
            assert found[part] == sum(services[each][part] for each in members)
        assert found["service_count"] == len(members)
    sites = compared(built, level_code="site")
    assert {row["compared_count"] for row in sites.values()} == {5}, "the wards at North and South are not among them"
    assert {row["not_compared_reason"] for row in compared(built, level_code="area").values()} != {None}


def test_a_theme_is_compared_by_the_comments_that_criticise_it(built: SmallWarehouse) -> None:
    (theme,) = {row["theme_code"] for row in built.table("marts.fct_service_comparison", "*") if row["theme_code"]}
    found = compared(built, measure_code="theme_criticism_share", theme_code=theme)
    months = 13  # weeks that are counted
    assert found["rowan"]["numerator_count"] == 3 * months
    assert found["alder"]["numerator_count"] == months
    assert found["alder"]["denominator_count"] == 10 * months
    assert found["new"]["numerator_count"] == 3


def test_what_the_mix_of_sources_alone_would_give_stands_beside_it(built: SmallWarehouse) -> None:
    found = compared(built)
    willow, alder = found[POSTED], found["alder"]
    forms = willow["denominator_count"] * 10 / 12
    of_forms = sum(row["numerator_count"] for row in found.values()) - (willow["denominator_count"] - forms)
    usual = of_forms / (sum(row["denominator_count"] for row in found.values()) - (willow["denominator_count"] - forms))
    assert alder["mix_expected_share"] == pytest.approx(usual, abs=1e-6)
    assert willow["mix_expected_share"] == pytest.approx((usual * 10 + 2) / 12, abs=1e-6)
    mix = built.table("marts.fct_service_comparison_sources", "*")
    shares = {row["source_code"]: row["comment_share"] for row in mix if row["unit_id"] == POSTED}
    assert shares == pytest.approx({"fft": 10 / 12, "care_opinion": 2 / 12})


def test_a_share_that_rests_on_small_numbers_has_no_label(built: SmallWarehouse) -> None:
    for row in built.table("marts.fct_service_comparison", "*"):
        parts = row["numerator_count"], row["denominator_count"], row["denominator_count"] - row["numerator_count"]
        is_small = any(0 < part < 5 for part in parts)
        assert row["is_suppressed"] == is_small
        assert (row["measured_share_label"] == "*") == is_small


def test_words_of_forms_and_their_scores_go_together_where_each_form_says_both_alike(built: SmallWarehouse) -> None:
    rows = built.table("marts.fct_triangulation", "*")
    assert rows
    for row in rows:
        assert row["survey_negative_share"] == pytest.approx(row["fft_poor_share"])
    pairs = {
        (row["words_code"], row["outcome_code"], row["kind_label"]): row
        for row in built.table("marts.fct_triangulation_pairs", "*")
    }
    (of_all, of_wards) = (pairs["survey_words", "fft_scores", kind] for kind in (None, "Ward"))
    assert of_all["rho"] == pytest.approx(1)
    assert of_all["independent_count"] < of_all["service_month_count"], "months of one service are alike"
    assert of_wards["rho"] is None
    assert "it takes 12" in of_wards["not_said_reason"]
    # All stories are negative: what does not vary goes with nothing.
    assert pairs["story_words", "fft_scores", None]["rho"] is None
    found = built.table("marts.fct_triangulation_disagreements", "*")
    assert {row["disagreement"] for row in found if row["words_code"] == "survey_words"} == {0.0}


def test_of_a_trust_without_social_media_nothing_is_said_of_what_rose_there_first(built: SmallWarehouse) -> None:
    found = built.table("marts.fct_theme_leads", "*")
    assert {row["outcome_code"] for row in found} == {"cannot_be_said"}
    assert all("social media: not monitored" in row["not_said_reason"] for row in found)


def test_no_column_puts_services_in_an_order(built: SmallWarehouse) -> None:
    columns = built.table("marts.fct_service_comparison", "*")[0]
    assert not [name for name in columns if "rank" in name or "order" in name or "position" in name]
